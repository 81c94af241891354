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

/// What a value says that its schema does not, or the other way round; empty when they agree. Knows the words the document uses.
fn differs(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return differs(document, document.pointer(&reference[1..]).unwrap(), value);
    }
    if let Some(kinds) = schema["oneOf"].as_array() {
        let fits = kinds.iter().filter(|kind| differs(document, kind, value).is_empty()).count();
        return if fits == 1 { vec![] } else { vec![format!("{fits} of oneOf fit {value}")] };
    }
    let mut found = Vec::new();
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_kind = match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(several) => several.iter().any(|one| one == kind),
        _ => true,
    };
    let is_listed = schema["enum"].as_array().is_none_or(|listed| listed.contains(value));
    let is_const = schema.get("const").is_none_or(|only| only == value);
    if !is_kind || !is_listed || !is_const {
        found.push(format!("{value} is not {schema}"));
    }
    for item in value.as_array().into_iter().flatten() {
        found.extend(differs(document, &schema["items"], item));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            found.push(format!("{name} is missing in {value}"));
        }
    }
    if let (Some(known), Some(there)) = (schema["properties"].as_object(), value.as_object()) {
        for (name, inner) in there {
            match known.get(name) {
                Some(schema) => found.extend(differs(document, schema, inner)),
                None if schema["additionalProperties"] == true => {}
                None => found.push(format!("{name} is not written of")),
            }
        }
    }
    found
}

#[test]
fn what_is_answered_is_what_its_schema_says() {
    let rig = Rig::with(|options| options.limits.body_bytes = 4_000);
    let document = document();
    let long = "x".repeat(5_000);
    let good = r#"{"id":"1","name":"A","region":"上海","phone":"1.38E+10"}"#;
    let mut statuses = BTreeSet::new();
    for (method, path, route, body) in [
        ("POST", "/v1/leads", "/v1/leads", good),
        ("POST", "/v1/leads", "/v1/leads", r#"[{"id":"1","name":"A"},{"id":"2","name":"B"},7]"#),
        ("POST", "/v1/leads", "/v1/leads", r#"[{"id":"1","name":"A"}]"#),
        ("POST", "/v1/leads", "/v1/leads", r#"{"id":"1","name":"Z"}"#),
        ("POST", "/v1/leads", "/v1/leads", "{\n\"a\":"),
        ("POST", "/v1/leads", "/v1/leads", r#"[{}, {"id":"1E+20"}]"#),
        ("POST", "/v1/leads", "/v1/leads", &long),
        ("GET", "/v1/leads/1", "/v1/leads/{id}", ""),
        ("GET", "/v1/leads/9", "/v1/leads/{id}", ""),
        ("GET", "/v1/leads/%ff", "/v1/leads/{id}", ""),
        ("GET", "/v1/leads/1/explanation", "/v1/leads/{id}/explanation", ""),
        ("GET", "/v1/leads/%ff/explanation", "/v1/leads/{id}/explanation", ""),
        ("GET", "/v1/leads/by/%ff/1", "/v1/leads/by/{source}/{external_id}", ""),
        ("PATCH", "/v1/leads/1", "/v1/leads/{id}", r#"{"state":"contacted"}"#),
        ("PATCH", "/v1/leads/1", "/v1/leads/{id}", r#"{"state":"contacted"}"#),
        ("PATCH", "/v1/leads/2", "/v1/leads/{id}", r#"{"state":"contacted"}"#),
        ("PATCH", "/v1/leads/2", "/v1/leads/{id}", r#"{"state":"nonsense"}"#),
        ("PATCH", "/v1/leads/2", "/v1/leads/{id}", "[]"),
        (
            "POST",
            "/v1/in/meta",
            "/v1/in/{adapter}",
            r#"{"entry":[{"changes":[{"field":"leadgen","value":{"leadgen_id":"7"}}]}]}"#,
        ),
        (
            "POST",
            "/v1/in/feiyu",
            "/v1/in/{adapter}",
            r#"[{"clue_id":"1","name":"A"},{"clue_id":"2","clue_source":4},{}]"#,
        ),
        ("POST", "/v1/in/baidu", "/v1/in/{adapter}", r#"{"clueId":"1"}"#),
        ("POST", "/v1/in/weiban", "/v1/in/{adapter}", r#"{"event":{"clue_id":"1","history":{}}}"#),
        ("POST", "/v1/in/feiyu", "/v1/in/{adapter}", "{}"),
        ("POST", "/v1/in/nobody", "/v1/in/{adapter}", "{}"),
        ("GET", "/v1/in/%ff", "/v1/in/{adapter}", ""),
        ("GET", "/v1/queue", "/v1/queue", ""),
        ("GET", "/v1/queue?limit=x", "/v1/queue", ""),
        ("GET", "/v1/loads", "/v1/loads", ""),
        ("GET", "/v1/alerts", "/v1/alerts", ""),
        ("GET", "/v1/awaited", "/v1/awaited", ""),
        ("GET", "/healthz", "/healthz", ""),
    ] {
        let answer = rig.send(method, path, &[], body.as_bytes());
        let status = answer.status;
        let told = &document["paths"][route][method.to_ascii_lowercase()]["responses"][status.to_string()];
        let kind = answer.header("content-type").unwrap().split(';').next().unwrap();
        let schema = &told["content"][kind]["schema"];
        assert!(schema.is_object(), "{method} {path} answers {status} as {kind}, which is not written");
        let found = differs(&document, schema, &answer.json());
        assert_eq!(found, Vec::<String>::new(), "{method} {path}: {status}");
        statuses.insert(status);
    }
    assert_eq!(statuses, BTreeSet::from([200, 201, 400, 404, 409, 413, 422]));
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
