//! The matcher beside its oracle: whatever conditions and leads, alive or stored, both say the same.

use proptest::prelude::*;

use super::*;
use crate::model::field::Value;
use crate::rulebook::parse_condition;

#[derive(Debug, Clone, Default)]
struct Lead {
    source: String,
    region: String,
    company: String,
    score: i64,
    value: Option<i64>,
    phone: bool,
    budget: String,
    colour: String,
}

impl Subject for Lead {
    fn value(&self, field: &Field) -> Value<'_> {
        match field {
            Field::Source => Value::Text(&self.source),
            Field::Region => Value::Text(&self.region),
            Field::Company => Value::Text(&self.company),
            Field::Score => Value::Number(self.score * 1000),
            Field::Value => self.value.map_or(Value::Empty, Value::Number),
            Field::Phone if self.phone => Value::Present,
            Field::Custom(name) if name == "budget" => Value::Text(&self.budget),
            Field::Custom(name) if name == "colour" => Value::Text(&self.colour),
            _ => Value::Empty,
        }
    }
}

const STORED: [Field; 6] =
    [Field::Source, Field::Region, Field::Company, Field::Score, Field::Value, Field::Phone];

fn cond(text: &str) -> Cond {
    let (cond, diagnostics) = parse_condition(text, None);
    assert_eq!(diagnostics, vec![], "{text}");
    cond
}

fn clause() -> impl Strategy<Value = String> {
    let word = || prop::sample::select(vec!["官网", "抖音", "a", "B", "ab", "c"]);
    let text = || prop::sample::select(vec!["source", "region", "company", "x.colour"]);
    let number = || prop::sample::select(vec!["score", "value", "x.budget", "x.colour"]);
    let order = || prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]);
    prop_oneof![
        (text(), prop::sample::select(vec!["=", "!=", "contains", "starts with"]), word())
            .prop_map(|(field, op, word)| format!("{field} {op} {word}")),
        (text(), any::<bool>(), prop::collection::vec(word(), 1..4)).prop_map(|(field, not, words)| {
            format!("{field} {}in ({})", if not { "not " } else { "" }, words.join(", "))
        }),
        (number(), order(), 0..6_i64).prop_map(|(field, op, n)| format!("{field} {op} {n}")),
        (number(), 0..6_i64, 0..6_i64).prop_map(|(field, a, b)| format!("{field} in ({a}, {b})")),
        prop::sample::select(vec![
            "phone is empty",
            "email is empty",
            "value is not empty",
            "company is empty"
        ])
        .prop_map(str::to_owned),
    ]
}

fn any_cond() -> impl Strategy<Value = Cond> {
    clause().prop_map(|text| cond(&text)).prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 0..4).prop_map(Cond::All),
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Cond::Any),
            1 => inner.prop_map(|c| Cond::Not(Box::new(c))),
        ]
    })
}

fn any_lead() -> impl Strategy<Value = Lead> {
    let text = || prop::sample::select(vec!["", "官网", "抖音", "A", "b", "AB", "xab", "zz"]);
    (
        (text(), text(), "[abcABC官抖音网]{0,4}"),
        -1..7_i64,
        prop::option::of(-1..6000_i64),
        any::<bool>(),
        "(|5|a|5\\.0|3)",
        text(),
    )
        .prop_map(|((source, region, company), score, value, phone, budget, colour)| Lead {
            source: source.into(),
            region: region.into(),
            company,
            score,
            value,
            phone,
            budget,
            colour: colour.into(),
        })
}

fn oracle(conds: &[Cond], lead: &Lead) -> Vec<usize> {
    conds.iter().enumerate().filter(|(_, c)| c.holds_for(lead)).map(|(at, _)| at).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn it_finds_what_asking_one_by_one_finds(
        conds in prop::collection::vec(any_cond(), 0..150),
        leads in prop::collection::vec(any_lead(), 1..12),
    ) {
        let matcher = Matcher::compile(&conds);
        let custom = ["budget", "colour"].map(|name| Field::Custom(name.into()));
        let mut columns = Columns::new(STORED.into_iter().chain(custom));
        leads.iter().for_each(|lead| columns.push(lead));
        let over = matcher.over(&columns);
        for (at, lead) in leads.iter().enumerate() {
            let hold = oracle(&conds, lead);
            prop_assert_eq!(&matcher.matches(lead).collect::<Vec<_>>(), &hold);
            prop_assert_eq!(over.first(at), hold.first().copied());
            let mut all = Vec::new();
            over.find(at, |rule| {
                all.push(rule);
                false
            });
            prop_assert_eq!(&all, &hold);
        }
    }
}

#[test]
fn a_field_without_a_column_is_empty() {
    let conds = ["source = a", "source is empty", "region is empty and phone is empty"].map(cond);
    let matcher = Matcher::compile(&conds);
    let mut columns = Columns::new([Field::Region]);
    columns.push(&Lead { source: "a".into(), ..Lead::default() });
    assert_eq!(matcher.over(&columns).first(0), Some(1));
    assert_eq!(matcher.matches(&Lead::default()).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn more_custom_fields_than_rows_are_still_asked() {
    let names: Vec<String> = (0..2 * columns::ROWS_MAX).map(|i| format!("f{i}")).collect();
    let conds: Vec<Cond> = names.iter().map(|name| cond(&format!("x.{name} is not empty"))).collect();
    struct Last(Field);
    impl Subject for Last {
        fn value(&self, field: &Field) -> Value<'_> {
            if *field == self.0 { Value::Text("5") } else { Value::Empty }
        }
    }
    let matcher = Matcher::compile(&conds);
    let mut columns = Columns::new(names.iter().map(|name| Field::Custom(name.as_str().into())));
    columns.push(&Last(Field::Custom(names[names.len() - 1].as_str().into())));
    assert_eq!(matcher.over(&columns).first(0), Some(names.len() - 1));
}

#[test]
fn no_condition_matches_nothing() {
    let matcher = Matcher::compile(&[]);
    assert!(matcher.is_empty());
    assert_eq!(matcher.matches(&Lead::default()).next(), None);
    let mut columns = Columns::new(STORED);
    columns.push(&Lead::default());
    assert_eq!(matcher.over(&columns).first(0), None);
}
