//! What conditions mean, by table, and the laws that hold of all of them.

use proptest::prelude::*;

use super::*;
use crate::rulebook::parse_condition;

#[derive(Debug, Clone, Default)]
struct Lead {
    source: String,
    company: String,
    score: i64,
    waiting: Option<i64>,
    phone: bool,
    weekday: i64,
    budget: String,
}

impl Subject for Lead {
    fn value(&self, field: &Field) -> Value<'_> {
        match field {
            Field::Source => Value::Text(&self.source),
            Field::Company => Value::Text(&self.company),
            Field::Score => Value::Number(self.score * 1000),
            Field::Weekday => Value::Number(self.weekday * 1000),
            Field::Waiting => self.waiting.map_or(Value::Empty, Value::Number),
            Field::Phone if self.phone => Value::Present,
            Field::State => Value::Text("waiting"),
            Field::Custom(name) if name == "budget" => Value::Text(&self.budget),
            _ => Value::Empty,
        }
    }
}

fn lead() -> Lead {
    Lead {
        source: "抖音".into(),
        company: "O'Brien Ltd".into(),
        score: 87,
        waiting: Some(312_000),
        phone: true,
        weekday: 6,
        budget: "5000".into(),
    }
}

fn cond(text: &str) -> Cond {
    let (cond, diagnostics) = parse_condition(text, None);
    assert_eq!(diagnostics, vec![], "{text}");
    cond
}

#[test]
fn conditions_mean_what_they_say() {
    for (text, holds) in [
        ("", true),
        ("source = 抖音", true),
        ("source != 抖音", false),
        ("source in (官网, 抖音)", true),
        ("source not in (官网, 抖音)", false),
        ("company = \"o'brien LTD\"", true),
        ("company contains BRIEN", true),
        ("company contains 公司", false),
        ("company starts with o'b", true),
        ("company starts with \"o'brien ltd and more\"", false),
        ("score >= 87", true),
        ("score > 87", false),
        ("score >= 87.001", false),
        ("score in (1, 87)", true),
        ("score = 8.7", false),
        ("waiting > 5m", true),
        ("waiting <= 5m", false),
        ("phone is not empty and email is empty", true),
        ("phone is empty", false),
        ("weekday = Sat", true),
        ("weekday in (周六, 周日)", true),
        ("weekday < 6", false),
        ("state = 待分配", true),
        ("x.budget >= 5000", true),
        ("x.Budget = 5000.0", true),
        ("x.budget = \"5000.0\"", false),
        ("x.budget > 600", true),
        ("x.budget > \"600\"", false),
        ("x.budget in (5k, 6k)", true),
        ("x.budget < 1万", true),
        ("region = 上海", false),
        ("region != 上海", true),
        ("region not in (上海)", true),
        ("region < 上海 or region is empty", true),
        ("not (score < 50 or phone is empty)", true),
        ("source=抖音，score>=80", false),
    ] {
        let (cond, diagnostics) = parse_condition(text, None);
        if diagnostics.is_empty() {
            assert_eq!(cond.holds(&lead()), holds, "{text}");
        } else {
            assert_eq!(cond, Cond::Any(Vec::new()), "{text}: what has errors never holds");
        }
    }
}

#[test]
fn full_width_text_and_punctuation_mean_the_same() {
    assert_eq!(cond("（score ＞＝ ８０）").holds(&lead()), cond("(score >= 80)").holds(&lead()));
    assert_eq!(
        cond("company = “Ｏ＇Brien Ltd”").holds(&lead()),
        cond("company = \"O'Brien Ltd\"").holds(&lead())
    );
}

#[test]
fn unknown_equals_nothing() {
    let empty = Lead::default();
    for text in
        ["source = a", "score > 5", "waiting > 1s", "x.budget < 5", "source in (a)", "company contains a"]
    {
        assert!(!cond(text).holds(&empty), "{text}");
        assert!(cond(&format!("not ({text})")).holds(&empty), "{text}");
    }
    assert!(cond("source is empty and source != a").holds(&empty));
}

#[test]
fn an_explanation_tells_each_clause_with_its_value() {
    let told: Vec<String> =
        cond("source in (抖音) and (score < 50 or not phone is empty) and waiting > 5m and region is empty")
            .explain(&lead())
            .into_iter()
            .map(|c| format!("{} | {:?} | {}", c.text, c.value, c.holds))
            .collect();
    assert_eq!(
        told,
        [
            "source in (抖音) | Text(\"抖音\") | true",
            "score < 50 | Text(\"87\") | false",
            "not phone is empty | Known | true",
            "waiting > 5m | Text(\"5m 12s\") | true",
            "region is empty | Nothing | true",
        ]
    );
}

#[test]
fn fields_come_once_each() {
    assert_eq!(cond("score > 1 and score < 5 or source = a").fields(), [Field::Score, Field::Source]);
}

fn any_cond() -> impl Strategy<Value = Cond> {
    let leaf = prop::sample::select(vec![
        "source = 抖音",
        "source != 官网",
        "score >= 50",
        "score in (1, 2)",
        "phone is empty",
        "waiting > 5m",
        "x.budget >= 100",
        "x.budget not in (5, a)",
        "company contains b",
        "weekday = 3",
    ])
    .prop_map(cond);
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Cond::All),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Cond::Any),
            inner.prop_map(|c| Cond::Not(Box::new(c))),
        ]
    })
}

fn any_lead() -> impl Strategy<Value = Lead> {
    (
        "(抖音|官网|)",
        "[a-cB]{0,3}",
        0..100i64,
        prop::option::of(0..900_000i64),
        any::<bool>(),
        1..8i64,
        "(|5|a|500)",
    )
        .prop_map(|(source, company, score, waiting, phone, weekday, budget)| Lead {
            source,
            company,
            score,
            waiting,
            phone,
            weekday,
            budget,
        })
}

fn not(cond: &Cond) -> Cond {
    Cond::Not(Box::new(cond.clone()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn de_morgan_holds(a in any_cond(), b in any_cond(), lead in any_lead()) {
        let both = Cond::All(vec![a.clone(), b.clone()]);
        let either = Cond::Any(vec![a.clone(), b.clone()]);
        prop_assert_eq!(not(&both).holds(&lead), Cond::Any(vec![not(&a), not(&b)]).holds(&lead));
        prop_assert_eq!(not(&either).holds(&lead), Cond::All(vec![not(&a), not(&b)]).holds(&lead));
        prop_assert_eq!(not(&not(&a)).holds(&lead), a.holds(&lead));
    }

    #[test]
    fn not_in_is_the_contrary_of_in(lead in any_lead(), set in prop::collection::vec("[a-c官抖]{1,2}", 1..12)) {
        let set = set.join(", ");
        for field in ["source", "company", "x.budget"] {
            let (yes, no) = (cond(&format!("{field} in ({set})")), cond(&format!("{field} not in ({set})")));
            prop_assert_ne!(yes.holds(&lead), no.holds(&lead));
        }
    }

    #[test]
    fn a_sorted_set_finds_what_one_by_one_finds(value in "[a-cA-C官抖]{1,3}", set in prop::collection::vec("[a-cA-C官抖]{1,3}", 1..20)) {
        let lead = Lead { company: value.clone(), ..Lead::default() };
        let found = set.iter().any(|s| s.eq_ignore_ascii_case(&value));
        prop_assert_eq!(cond(&format!("company in ({})", set.join(", "))).holds(&lead), found);
    }
}
