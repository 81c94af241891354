//! The document against the router: what is written is served, and nothing else is.

use std::collections::BTreeSet;

use leadyard::intake::http::route::{OPENAPI, ROUTES};
use leadyard::intake::vendor::ADAPTERS;
use serde_json::Value;

use crate::rig::Rig;

/// Without HEAD, which is answered where GET is, and without a body.
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

fn document() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

fn written() -> BTreeSet<(String, String)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys().map(|m| m.to_ascii_uppercase());
            methods.filter(|m| METHODS.contains(&m.as_str())).map(|m| (path.clone(), m)).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_path_and_method_is_written_and_no_other() {
    let served: BTreeSet<(String, String)> =
        ROUTES.iter().flat_map(|r| r.methods.iter().map(|m| (r.path.to_owned(), (*m).to_owned()))).collect();
    assert_eq!(written(), served);
}

#[test]
fn every_path_is_answered_as_written() {
    let rig = Rig::new();
    let document = document();
    let written = written();
    for route in ROUTES {
        let path = route.path.replace("{adapter}", "meta").replace(['{', '}'], "");
        for method in METHODS {
            let answer = rig.send(method, &path, &[], b"{}");
            let is_written = written.contains(&(route.path.to_owned(), method.to_owned()));
            if !is_written {
                assert_eq!(answer.status, 405, "{method} {path}");
                continue;
            }
            let responses = &document["paths"][route.path][method.to_ascii_lowercase()]["responses"];
            let told = &responses[answer.status.to_string()];
            assert!(told.is_object(), "{method} {path} answers {}, which is not written", answer.status);
            let kind = answer.header("content-type").unwrap().split(';').next().unwrap();
            assert!(told["content"][kind].is_object(), "{method} {path}: {kind}");
        }
    }
    rig.get("/nothing/here").is(404);
    assert_eq!(rig.get("/openapi.json").is(200).json(), document);
}

#[test]
fn references_lead_somewhere_and_every_adapter_is_named() {
    fn walk(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|v| walk(v, found));
            }
            Value::Array(items) => items.iter().for_each(|v| walk(v, found)),
            _ => {}
        }
    }
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut references = Vec::new();
    walk(&document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    let told = document["paths"]["/v1/in/{adapter}"]["parameters"][0]["description"].as_str().unwrap();
    for adapter in ADAPTERS {
        assert!(told.contains(adapter.name), "{}", adapter.name);
    }
    let manual = include_str!("../../docs/http.md");
    for adapter in ADAPTERS {
        assert!(manual.contains(&format!("`{}`", adapter.name)), "docs/http.md: {}", adapter.name);
    }
    for (path, _) in written() {
        assert!(manual.contains(&path), "docs/http.md: {path}");
    }
}
