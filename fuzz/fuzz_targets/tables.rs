//! Any bytes as a table of leads (CSV, JSON lines, XLSX, XLS) and any text as contact data: nothing panics, and reading ends.

#![no_main]

use std::io::Write;

use leadyard::intake::file::{LeadFile, Options};
use leadyard::model::contact::{CountryCode, company_core, company_similarity_milli, email, phone, wechat};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let _ = (phone(&text, CountryCode::CN), email(&text), wechat(&text));
    let core = company_core(&text);
    assert!((0..=1000).contains(&company_similarity_milli(&core, "澄川仪器")));
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let options = Options {
        encoding: None,
        delimiter: None,
        sheet: None,
        maps: Vec::new(),
        states: Vec::new(),
        dates: None,
        zone: chrono_tz::Asia::Shanghai,
        country: CountryCode::CN,
    };
    if let Ok(table) = LeadFile::open(file.path(), &options)
        && let Ok(rows) = table.rows()
    {
        let _ = rows.count();
    }
});
