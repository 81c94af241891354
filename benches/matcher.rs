//! How many stored leads a second the compiled matcher routes, beside asking each rule of each lead. Prints figures and
//! limits; fails when a stated limit is missed. `cargo bench --bench matcher`.
//!
//! The mix: three clauses a rule, 60 % equality, 25 % sets of three to six, 15 % ranges, over ten fields with values as
//! frequent as first names are: few often, many seldom.
#![expect(clippy::disallowed_methods, reason = "a benchmark times things")]
#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first surprise")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use leadyard::model::field::{Field, Subject, Value};
use leadyard::rulebook::matcher::{Columns, Matcher};
use leadyard::rulebook::{Cond, parse_condition};

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

/// Draws without a clock: splitmix64.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }

    /// Few values often, many seldom.
    fn skewed(&mut self, end: usize) -> usize {
        let (a, b) = (self.below(end), self.below(end));
        a * b / end
    }
}

const TEXTS: [(Field, &str, usize); 8] = [
    (Field::Source, "source", 40),
    (Field::Campaign, "campaign", 200),
    (Field::Region, "region", 34),
    (Field::City, "city", 300),
    (Field::Product, "product", 25),
    (Field::Industry, "industry", 30),
    (Field::Language, "language", 6),
    (Field::Company, "company", 300_000),
];

struct Lead {
    texts: [String; TEXTS.len()],
    score: i64,
    value: i64,
    budget: String,
}

impl Subject for Lead {
    fn value(&self, field: &Field) -> Value<'_> {
        match field {
            Field::Score => Value::Number(self.score),
            Field::Value => Value::Number(self.value),
            Field::Custom(_) => Value::Text(&self.budget),
            other => {
                let at = TEXTS.iter().position(|(field, _, _)| field == other);
                at.map_or(Value::Empty, |at| Value::Text(&self.texts[at]))
            }
        }
    }
}

fn lead(draw: &mut Draw) -> Lead {
    Lead {
        texts: TEXTS.map(|(_, name, many)| format!("{name}-{}", draw.skewed(many))),
        score: draw.below(120) as i64 * 1000,
        value: draw.below(100_000) as i64 * 10_000,
        budget: format!("{}", draw.below(2_000) * 500),
    }
}

fn clause(draw: &mut Draw) -> String {
    let (_, name, many) = &TEXTS[draw.below(TEXTS.len())];
    match draw.below(100) {
        0..60 => format!("{name} = {name}-{}", draw.skewed(*many)),
        60..85 => {
            let values: Vec<String> =
                (0..3 + draw.below(4)).map(|_| format!("{name}-{}", draw.skewed(*many))).collect();
            format!("{name} in ({})", values.join(", "))
        }
        _ if draw.below(2) == 0 => {
            let from = draw.below(100);
            format!("score >= {from} and score < {}", from + 20)
        }
        _ => {
            let from = draw.below(800_000);
            format!("value >= {from} and value < {}", from + 200_000)
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
            let mut clauses: Vec<String> = (0..3).map(|_| clause(&mut draw)).collect();
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
    let fields = TEXTS.map(|(field, _, _)| field).into_iter();
    let more = [Field::Score, Field::Value, Field::Custom("budget".into())];
    let mut columns = Columns::new(fields.chain(more));
    let mut sample = Vec::new();
    for at in 0..LEADS {
        let lead = lead(&mut draw);
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
