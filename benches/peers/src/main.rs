//! The mix of `benches/matcher` by other engines that route by rules: CEL programs asked one after the other, and a decision
//! table of the ZEN engine with the first match winning. Both must answer as the matcher does. Prints leads a second; the
//! only limit is that answers agree.
//!
//! Once measured on two busy cores, a lead at a time as it comes: leadyard 4.1 M a second with 10 rules and 1.6 M with 1,000,
//! cel 0.025 and 0.0055 M, zen-engine 0.030 and 0.0044 M.

#[path = "../../matcher/mix.rs"]
mod mix;

use std::hint::black_box;
use std::time::{Duration, Instant};

use leadyard::model::field::{Field, Subject, Value};
use leadyard::rulebook::matcher::Matcher;
use leadyard::rulebook::parse_condition;
use mix::{Clause, Draw, Lead, TEXTS};
use serde_json::json;

/// Leads each engine routes.
const SAMPLE: usize = 200;
const CLAUSES: usize = 3;

struct Ours<'a>(&'a Lead);

impl Subject for Ours<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        let text = |at: usize| Value::Text(&self.0.texts[at]);
        match field {
            Field::Score => Value::Number(self.0.score * 1000),
            Field::Value => Value::Number(self.0.value * 1000),
            Field::Source => text(0),
            Field::Campaign => text(1),
            Field::Region => text(2),
            Field::City => text(3),
            Field::Product => text(4),
            Field::Industry => text(5),
            Field::Language => text(6),
            Field::Company => text(7),
            _ => Value::Empty,
        }
    }
}

fn told(name: &str, rules: usize, took: Duration) {
    let a_second = SAMPLE as f64 / took.as_secs_f64() / 1e6;
    println!("{name:<14} {rules:>5} rules  {a_second:>9.4} M leads/s  {:>10.2?} a lead", took / SAMPLE as u32);
}

fn ours(rules: &[[Clause; CLAUSES]], leads: &[Lead]) -> Vec<Option<usize>> {
    let conds: Vec<_> = rules
        .iter()
        .map(|rule| parse_condition(&rule.each_ref().map(Clause::text).join(" and "), None).0)
        .collect();
    let matcher = Matcher::compile(&conds);
    let began = Instant::now();
    let answers: Vec<_> = leads.iter().map(|lead| matcher.matches(&Ours(lead)).next()).collect();
    told("leadyard", rules.len(), began.elapsed());
    answers
}

fn cel_text(clause: &Clause) -> String {
    match clause {
        Clause::Equals(name, value) => format!("{name} == {value:?}"),
        Clause::In(name, values) => format!("{name} in {values:?}"),
        Clause::Between(name, from, to) => format!("{name} >= {from} && {name} < {to}"),
    }
}

fn cel(rules: &[[Clause; CLAUSES]], leads: &[Lead]) -> Vec<Option<usize>> {
    let programs: Vec<_> = rules
        .iter()
        .map(|rule| cel::Program::compile(&rule.each_ref().map(cel_text).join(" && ")).unwrap())
        .collect();
    let began = Instant::now();
    let answers = leads
        .iter()
        .map(|lead| {
            let mut context = cel::Context::default();
            for ((name, _), text) in TEXTS.iter().zip(&lead.texts) {
                context.add_variable(*name, text.clone()).unwrap();
            }
            context.add_variable("score", lead.score).unwrap();
            context.add_variable("value", lead.value).unwrap();
            programs.iter().position(|p| p.execute(&context).unwrap() == cel::Value::Bool(true))
        })
        .collect();
    told("cel", rules.len(), began.elapsed());
    answers
}

/// The cell of a rule under the column of a field; `-` = anything.
fn cell(rule: &[Clause; CLAUSES], field: &str) -> Option<String> {
    let cells: Vec<String> = rule
        .iter()
        .filter_map(|clause| match clause {
            Clause::Equals(name, value) if *name == field => Some(format!("$ == {value:?}")),
            Clause::In(name, values) if *name == field => Some(format!("$ in {values:?}")),
            Clause::Between(name, from, to) if *name == field => Some(format!("$ >= {from} and $ < {to}")),
            _ => None,
        })
        .collect();
    (!cells.is_empty()).then(|| cells.join(" and "))
}

fn zen(rules: &[[Clause; CLAUSES]], leads: &[Lead]) -> Vec<Option<usize>> {
    let fields: Vec<&str> = TEXTS.iter().map(|(name, _)| *name).chain(["score", "value"]).collect();
    let inputs: Vec<_> = fields.iter().map(|f| json!({"id": f, "field": f, "name": f})).collect();
    let rows: Vec<_> = rules
        .iter()
        .enumerate()
        .map(|(at, rule)| {
            let mut row = serde_json::Map::new();
            row.insert("_id".into(), json!(at.to_string()));
            row.insert("rule".into(), json!(at.to_string()));
            for field in &fields {
                row.insert((*field).into(), json!(cell(rule, field).unwrap_or_default()));
            }
            row
        })
        .collect();
    let table = json!({
        "hitPolicy": "first", "rules": rows, "inputs": inputs,
        "outputs": [{"id": "rule", "field": "rule", "name": "rule"}],
    });
    let graph = json!({
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    });
    let content: zen_engine::model::DecisionContent = serde_json::from_value(graph).unwrap();
    let engine = zen_engine::DecisionEngine::default();
    let mut decision = engine.create_decision(content.into()).unwrap();
    decision.compile();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let began = Instant::now();
    let answers = leads
        .iter()
        .map(|lead| {
            let mut asked = serde_json::Map::new();
            for ((name, _), text) in TEXTS.iter().zip(&lead.texts) {
                asked.insert((*name).into(), json!(text));
            }
            asked.insert("score".into(), json!(lead.score));
            asked.insert("value".into(), json!(lead.value));
            let asked = serde_json::Value::Object(asked);
            let answer = runtime.block_on(decision.evaluate(asked.into())).unwrap();
            let answer = serde_json::to_value(&answer.result).unwrap();
            answer.get("rule").and_then(|rule| rule.as_u64()).map(|rule| rule as usize)
        })
        .collect();
    told("zen-engine", rules.len(), began.elapsed());
    answers
}

fn main() {
    let mut draw = Draw(1);
    let leads: Vec<Lead> = (0..SAMPLE).map(|_| Lead::draw(&mut draw)).collect();
    black_box(&leads[0].budget);
    for count in [10, 1000] {
        let mut draw = Draw(7);
        let rules: Vec<[Clause; CLAUSES]> =
            (0..count).map(|_| std::array::from_fn(|_| Clause::draw(&mut draw))).collect();
        let expected = ours(&rules, &leads);
        assert_eq!(cel(&rules, &leads), expected, "cel answers otherwise");
        assert_eq!(zen(&rules, &leads), expected, "zen answers otherwise");
    }
}
