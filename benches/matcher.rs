//! How many stored leads a second the compiled matcher routes, beside asking each rule of each lead. Prints figures and
//! limits; fails when a stated limit is missed. `cargo bench --bench matcher`.
//!
//! What the mix is says `matcher/mix.rs`; what other engines make of it measures the package `benches/peers`.
#![expect(clippy::disallowed_methods, reason = "a benchmark times things")]
#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first surprise")]

#[path = "matcher/mix.rs"]
mod mix;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use leadyard::model::field::{Field, Subject, Value};
use leadyard::rulebook::matcher::{Columns, Matcher};
use leadyard::rulebook::{Cond, parse_condition};
use mix::{Clause, Draw, Lead, TEXTS};

const LEADS: usize = 1_000_000;
/// Leads on which matcher and oracle are compared, and the oracle is timed.
const SAMPLE: usize = 2_000;
const ROUNDS: usize = 3;
/// Leads a second with a thousand rules of the mix.
const PLAIN_MIN: u64 = 10_000_000;
/// The same when a tenth of the rules also look inside texts or ask custom fields.
const ODD_MIN: u64 = 1_000_000;
/// A thousand rules beside ten, at most.
const GROWTH_MAX: f64 = 4.0;

const FIELDS: [Field; TEXTS.len()] = [
    Field::Source,
    Field::Campaign,
    Field::Region,
    Field::City,
    Field::Product,
    Field::Industry,
    Field::Language,
    Field::Company,
];

impl Subject for Lead {
    fn value(&self, field: &Field) -> Value<'_> {
        match field {
            Field::Score => Value::Number(self.score * 1000),
            Field::Value => Value::Number(self.value * 1000),
            Field::Custom(_) => Value::Text(&self.budget),
            other => {
                let at = FIELDS.iter().position(|field| field == other);
                at.map_or(Value::Empty, |at| Value::Text(&self.texts[at]))
            }
        }
    }
}

fn odd_clause(draw: &mut Draw) -> String {
    match draw.below(3) {
        0 => format!("company contains \"-{}\"", 1000 + draw.below(9000)),
        1 => format!("campaign starts with \"campaign-{}\"", draw.below(20)),
        _ => format!("x.budget >= {}", draw.below(1_000_000)),
    }
}

fn rules(count: usize, odd: bool) -> Vec<Cond> {
    let mut draw = Draw(7);
    (0..count)
        .map(|at| {
            let mut clauses: Vec<String> = (0..3).map(|_| Clause::draw(&mut draw).text()).collect();
            if odd && at.is_multiple_of(10) {
                clauses[2] = odd_clause(&mut draw);
            }
            let (cond, problems) = parse_condition(&clauses.join(" and "), None);
            assert!(problems.is_empty(), "{problems:?}");
            cond
        })
        .collect()
}

fn best(mut run: impl FnMut() -> Duration) -> Duration {
    (0..ROUNDS).map(|_| run()).min().unwrap_or_default()
}

fn a_second(leads: usize, took: Duration) -> u64 {
    (leads as f64 / took.as_secs_f64()) as u64
}

/// Leads a second over all of `columns`, after the oracle agreed on the sample.
fn measure(name: &str, conds: &[Cond], columns: &Columns, sample: &[Lead]) -> u64 {
    let began = Instant::now();
    let matcher = Matcher::compile(conds);
    let compiled = began.elapsed();
    let over = matcher.over(columns);
    let laid = began.elapsed() - compiled;
    let mut matched = 0;
    let began = Instant::now();
    for (at, lead) in sample.iter().enumerate() {
        let first = conds.iter().position(|cond| cond.holds_for(lead));
        assert_eq!(over.first(at), first, "the matcher and asking one by one differ");
        assert_eq!(matcher.matches(lead).next(), first, "the matcher and asking one by one differ");
        matched += usize::from(first.is_some());
    }
    let naive = began.elapsed();
    let stored = a_second(
        LEADS,
        best(|| {
            let began = Instant::now();
            for at in 0..LEADS {
                black_box(over.first(at));
            }
            began.elapsed()
        }),
    );
    let alive = best(|| {
        let began = Instant::now();
        for lead in sample {
            black_box(matcher.matches(lead).next());
        }
        began.elapsed()
    });
    println!(
        "{name:<28} {:>6.2} M stored/s  {:>6.2} M alive/s  {:>6.3} M/s one by one  {} % matched  compiled in {compiled:.1?}, laid over in {laid:.1?}",
        stored as f64 / 1e6,
        a_second(SAMPLE, alive) as f64 / 1e6,
        a_second(SAMPLE, naive) as f64 / 1e6,
        matched * 100 / SAMPLE,
    );
    stored
}

fn main() -> ExitCode {
    let mut draw = Draw(1);
    let fields = FIELDS.into_iter();
    let more = [Field::Score, Field::Value, Field::Custom("budget".into())];
    let mut columns = Columns::new(fields.chain(more));
    let mut sample = Vec::new();
    for at in 0..LEADS {
        let lead = Lead::draw(&mut draw);
        columns.push(&lead);
        if at < SAMPLE {
            sample.push(lead);
        }
    }
    let few = measure("10 rules", &rules(10, false), &columns, &sample);
    let many = measure("1,000 rules", &rules(1000, false), &columns, &sample);
    let odd = measure("1,000 rules, a tenth odd", &rules(1000, true), &columns, &sample);
    let growth = few as f64 / many as f64;
    println!("1,000 rules cost {growth:.2} of 10 rules (limit {GROWTH_MAX})");
    println!(
        "of {PLAIN_MIN} a second {:.2}, odd of {ODD_MIN} {:.2}",
        many as f64 / PLAIN_MIN as f64,
        odd as f64 / ODD_MIN as f64
    );
    if many < PLAIN_MIN || odd < ODD_MIN || growth > GROWTH_MAX {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
