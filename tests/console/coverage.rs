//! Every command of the table is pressed by some test here.

use leadyard::console::command::table;
use std::path::Path;

#[test]
fn every_command_is_exercised_by_id() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/console");
    let mut sources = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("coverage.rs") {
            sources.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    let missing: Vec<_> =
        table::all().map(|c| c.id).filter(|id| !sources.contains(&format!("\"{id}\""))).collect();
    assert!(missing.is_empty(), "no test presses {missing:?}");
}

#[test]
fn no_test_file_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/console");
    let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|e| e == "rs") && stem != "main" {
            assert!(main.contains(&format!("mod {stem};")), "{stem} is in no test");
        }
    }
}
