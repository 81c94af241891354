//! Any bytes at the HTTP door: JSON and forms are read or refused with a place within the text, and no vendor's adapter panics on
//! what was read.

#![no_main]

use leadyard::intake::http::{form, json, rows};
use leadyard::intake::vendor::map_file::MapFile;
use leadyard::intake::vendor::{ADAPTERS, Payload};
use leadyard::model::contact::CountryCode;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut payloads = Vec::new();
    match json::parse(bytes) {
        Ok(value) => payloads.push(Payload::Json(value)),
        Err(fault) => assert!(fault.line >= 1 && fault.column >= 1),
    }
    let _ = json::item_lines(bytes);
    payloads.extend(form::parse(bytes).ok().map(Payload::Form));
    let map = MapFile::parse("fuzz", &String::from_utf8_lossy(bytes));
    let reading = rows::Reading { zone: chrono_tz::Tz::UTC, country: CountryCode::CN, maps: &[] };
    for payload in &payloads {
        for adapter in ADAPTERS {
            let _ = (adapter.read)(payload);
        }
        let _ = map.as_ref().map(|map| map.read(payload));
        if let Payload::Json(value) = payload {
            let all: Vec<_> = value.items().iter().map(rows::pairs).collect();
            assert_eq!(rows::drafts(&all, &reading).len(), all.len());
        }
    }
});
