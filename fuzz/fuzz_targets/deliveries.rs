//! Any bytes as a vendor's delivery, a form, a mapping file, a post: nothing panics, nothing grows past the limits, and what is
//! made of it holds no control character.

#![no_main]

use chrono_tz::Asia::Shanghai;
use leadyard::intake::http::rows::{self, Reading};
use leadyard::intake::http::{auth, form, json};
use leadyard::intake::vendor::map_file::MapFile;
use leadyard::intake::vendor::secrets::{NAMES, Secrets};
use leadyard::intake::vendor::{ADAPTERS, Found, Headers, Payload, Signed};
use leadyard::model::contact::CountryCode;

#[derive(Debug)]
struct Same<'t>(&'t str);

impl Headers for Same<'_> {
    fn header(&self, _: &str) -> Option<&str> {
        Some(self.0)
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let _ = (auth::unhex(&text), json::item_lines(bytes), form::first(Some(&text), "token"));
    let mut secrets = Secrets::default();
    NAMES.into_iter().for_each(|name| assert!(secrets.put(name, "s")));
    let map = MapFile::parse("own", &text);
    let payloads = [json::parse(bytes).ok().map(Payload::Json), form::parse(bytes).ok().map(Payload::Form)];
    for payload in payloads.into_iter().flatten() {
        for adapter in ADAPTERS {
            for found in (adapter.read)(&payload).unwrap_or_default() {
                take(found);
            }
            let headers = Same(&text);
            let signed = Signed { method: "POST", url: "https://x/", headers: &headers, body: bytes, payload: &payload };
            let _ = adapter.verify.map(|verify| verify(&secrets, &signed));
            if let (Some(shake), Payload::Form(query)) = (adapter.handshake, &payload) {
                let _ = shake(&secrets, query);
            }
        }
        if let Ok(map) = &map {
            let _ = map.read(&payload);
        }
    }
});

fn take(found: Found) {
    let maps: &[String] = &[];
    let reading = Reading { zone: Shanghai, country: CountryCode::CN, maps };
    let drafts = match found {
        Found::Lead(cells) => vec![rows::known(&cells.cells, Shanghai, CountryCode::CN)],
        Found::Guess(pairs) => rows::drafts(&[pairs], &reading),
        Found::Awaited { .. } | Found::Ignored { .. } => return,
    };
    for draft in drafts.into_iter().flatten() {
        let texts = [&draft.source, &draft.region, &draft.product, &draft.company];
        assert!(texts.into_iter().all(|text| !text.chars().any(char::is_control)));
    }
}
