//! `/metrics` as Prometheus reads it: every line is one its text format knows, whatever channels are called.

use std::collections::BTreeSet;

use leadyard::engine::Intent;
use leadyard::model::id::BookVersion;

use crate::rig::{BOOK, Rig};

/// A name with quotes, an accent and a family of joined signs, which Rust would write as escapes Prometheus does not know.
const CHANNEL: &str = "Réseau 'Süd' 👩\u{200d}👩";

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || "_:".contains(c))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_:".contains(c))
}

/// The labels of a sample and what stands behind them.
fn labels(text: &str) -> (Vec<(String, String)>, &str) {
    let mut labels = Vec::new();
    let Some(mut rest) = text.strip_prefix('{') else { return (labels, text) };
    while !rest.starts_with('}') {
        let (name, value) = rest.split_once("=\"").unwrap();
        assert!(is_name(name), "{name} in {text}");
        let (mut plain, mut chars) = (String::new(), value.char_indices());
        let end = loop {
            match chars.next().unwrap() {
                (at, '"') => break at,
                (_, '\\') => plain.push(match chars.next().unwrap().1 {
                    'n' => '\n',
                    c @ ('"' | '\\') => c,
                    other => panic!("\\{other} is no escape: {text}"),
                }),
                (_, c) => plain.push(c),
            }
        };
        labels.push((name.to_owned(), plain));
        rest = &value[end + 1..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
    (labels, &rest[1..])
}

/// A sample: its series' name, labels and value.
type Sample = (String, Vec<(String, String)>, f64);

/// Reads the text as strictly as its description says.
fn read(text: &str) -> Vec<Sample> {
    let (mut samples, mut seen, mut families) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let mut kind = (String::new(), String::new());
    assert!(text.ends_with('\n'), "the last line must end");
    for line in text.lines() {
        if let Some(told) = line.strip_prefix("# ") {
            let (what, rest) = told.split_once(' ').unwrap();
            let (name, rest) = rest.split_once(' ').unwrap();
            assert!(is_name(name) && matches!(what, "HELP" | "TYPE"), "{line}");
            if what == "TYPE" {
                assert!(families.insert(name.to_owned()), "{name} is told of twice");
                assert!(matches!(rest, "counter" | "gauge" | "histogram"), "{line}");
                assert_eq!(rest == "counter", name.ends_with("_total"), "{line}");
                kind = (name.to_owned(), rest.to_owned());
            }
            continue;
        }
        let end = line.find(['{', ' ']).unwrap();
        let (name, rest) = line.split_at(end);
        let (labels, value) = labels(rest);
        let family = if kind.1 == "histogram" {
            ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap()
        } else {
            name
        };
        assert_eq!(family, kind.0, "{line} stands away from its family");
        assert!(seen.insert((name.to_owned(), labels.clone())), "{line} stands twice");
        samples.push((name.to_owned(), labels, value.strip_prefix(' ').unwrap().parse().unwrap()));
    }
    samples
}

#[test]
fn every_line_is_one_prometheus_reads() {
    let rig = Rig::new();
    let text = format!("{BOOK}\nnotify webhook \"{CHANNEL}\" on assigned\n");
    rig.order(Intent::Publish { text: text.into(), note: "told".into(), base: BookVersion(1) });
    for id in 0..5 {
        rig.post("/v1/leads", &format!("{{\"id\":\"{id}\",\"region\":\"上海\"}}")).is(201);
    }
    rig.post("/v1/leads", "{").is(400);
    rig.get("/v1/queue").is(200);
    let samples = read(&rig.get("/metrics").is(200).body);
    let of = |name: &str| samples.iter().filter(|(n, ..)| n == name).collect::<Vec<_>>();
    assert_eq!(of("leadyard_leads_taken_total")[0].2, 5.0);
    let waiting = of("leadyard_outbox_waiting");
    let channel = waiting[0].1.iter().find(|(name, _)| name == "channel").unwrap();
    assert_eq!((channel.1.as_str(), waiting[0].2 > 0.0), (CHANNEL, true));
    // A histogram only ever grows towards its end, and ends with everything.
    let buckets: Vec<f64> = of("leadyard_decision_seconds_bucket").iter().map(|(.., count)| *count).collect();
    assert!(buckets.len() > 5 && buckets.is_sorted(), "{buckets:?}");
    assert_eq!(buckets.last(), Some(&of("leadyard_decision_seconds_count")[0].2));
    let ends = of("leadyard_decision_seconds_bucket");
    assert_eq!(ends.last().unwrap().1[0].1, "+Inf");
}
