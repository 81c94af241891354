//! Lint beside brute force on small books, and each finding by hand.

use proptest::prelude::*;

use super::reach::{Fate, fates};
use super::*;
use crate::model::field::{Subject, Value};
use crate::model::lang::Lang;
use crate::model::values::ValuesOf;
use crate::rulebook::{ElseDo, RepName, Target, compile, parse};
use std::sync::Arc;

fn told_in(lang: Lang, text: &str, facts: &LintFacts) -> Vec<String> {
    lint(&parse(text).tree, facts).iter().map(|d| d.message(lang)).collect()
}

fn told(text: &str, facts: &LintFacts) -> Vec<String> {
    told_in(Lang::En, text, facts)
}

fn only(part: &str, text: &str, facts: &LintFacts) -> Vec<String> {
    told(text, facts).into_iter().filter(|message| message.contains(part)).collect()
}

/// Ann and bo by day, cai by night; dan has left.
fn desk() -> LintFacts {
    let rep = |login: &str, active| RepName {
        login: login.into(),
        name: login.to_uppercase().into(),
        active,
        skills: vec!["english".into()],
    };
    let teams = [("Day", vec!["ann", "bo"]), ("Night", vec!["cai"])];
    let names = Names {
        teams: teams.map(|(t, all)| (t.into(), all.into_iter().map(Into::into).collect())).into(),
        reps: vec![rep("ann", true), rep("bo", true), rep("cai", true), rep("dan", false)],
        ..Names::default()
    };
    LintFacts { names, ..LintFacts::default() }
}

const HOURS: &str = "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00\n team Night works Mon..Sun 18:00..24:00\n";

#[test]
fn a_contradiction_never_matches() {
    for when in [
        "score >= 80 and score < 20",
        "score > 80 and score < 81",
        "source = a and source = b",
        "source in (a, b) and (source = c or phone is empty) and phone is not empty",
        "region is empty and region = 上海",
        "hour > 22 and hour < 23",
        "state not in (waiting, parked, assigned, contacted, qualified, won, lost, invalid, merged)",
        "not (phone is empty or phone is not empty)",
        "waiting < 0s",
        "company contains x and score > 5 and score < 5",
    ] {
        let text = format!("rule A\n when {when}\n give to owner");
        assert_eq!(only("ever meet", &text, &desk()).len(), 1, "{when}");
    }
    for when in [
        "score > 80 and score < 82",
        "company contains x and company contains y",
        "company starts with x and company != x",
        "x.budget > 5 and x.budget < 5",
        "value > 1 and value < 1.001",
        "region != 上海 and region not in (江苏)",
    ] {
        let never = when == "value > 1 and value < 1.001";
        let text = format!("rule A\n when {when}\n give to owner");
        assert_eq!(only("ever meet", &text, &desk()).len(), usize::from(never), "{when}");
    }
}

#[test]
fn the_rule_that_takes_all_is_named() {
    let text = |above: &str, below: &str| {
        format!(
            "rule Other\n when city = x\n give to owner\n else wait\nrule Above\n {above}\nrule Below\n {below}\notherwise wait"
        )
    };
    for (above, below, is_taken) in [
        (
            "when region in (上海, 江苏)\n give to team Day\n else wait",
            "when region = 上海\n give to team Night",
            true,
        ),
        ("when region in (上海, 江苏)\n give to team Day", "when region = 上海\n give to team Night", false),
        (
            "when region in (上海, 江苏)\n give to team Day, team Night",
            "when region = 上海\n give to team Night",
            true,
        ),
        (
            "when region = 上海\n give to team Day\n cap 5 open",
            "when region = 上海\n give to team Day",
            false,
        ),
        (
            "when region = 上海\n give to team Day\n cap 5 open",
            "when region = 上海\n give to team Day\n cap 5 open",
            true,
        ),
        (
            "when region = 上海\n needs skill english\n give to team Day",
            "when region = 上海\n give to team Day",
            false,
        ),
        (
            "when score >= 50\n give to team Day\n else park \"x\"",
            "when score > 80\n give to team Night",
            true,
        ),
        (
            "when company contains x\n give to team Day\n else wait",
            "when company contains x and score > 3\n give to owner",
            false,
        ),
        (
            "when score > 3\n give to team Day\n else wait",
            "when company contains x and score > 3\n give to owner",
            true,
        ),
    ] {
        let text = text(above, below);
        let found = only("\"Below\" can never win a lead: rule \"Above\" takes all of it", &text, &desk());
        assert_eq!(found.len(), usize::from(is_taken), "{text}\n{:?}", told(&text, &desk()));
    }
}

#[test]
fn several_rules_may_take_all_together() {
    let text = "rule A\nwhen region = 上海\ngive to team Day\nelse wait\nrule B\nwhen region = 江苏\ngive to team Day\nelse wait\n\
                rule C\nwhen region in (上海, 江苏)\ngive to team Night\notherwise wait";
    assert_eq!(
        only("together", text, &desk()),
        ["rule \"C\" can never win a lead: rules \"A\", \"B\" together take all of it"]
    );
    let zh = told_in(Lang::Zh, text, &desk());
    assert!(zh.contains(&"规则“C”永远分不到线索：规则“A”、“B”合起来已全部接收".to_owned()), "{zh:?}");
}

#[test]
fn windows_do_not_shadow_what_holds_without_them() {
    let during = "calendar\n timezone UTC\n window w 2026-01-01 .. 2026-02-01\n";
    let text = |below: &str| {
        format!(
            "{during}rule A\n during w\n give to team Day\n else wait\nrule B\n {below}give to team Night\notherwise wait"
        )
    };
    assert_eq!(only("never win", &text(""), &desk()), [""; 0]);
    assert_eq!(only("never win", &text("during w\n "), &desk()).len(), 1);
}

#[test]
fn pools_with_nobody_at_work_are_told_with_the_hour() {
    let text = format!(
        "{HOURS}rule Day\n give to team Day\n else wait\nrule Night\n when score > 3\n give to team Night\notherwise wait"
    );
    let said = told(&text, &desk());
    let has = |sentence: &str| assert!(said.iter().any(|s| s == sentence), "{said:#?}");
    has("nobody whom rule \"Day\" reaches works at Mon 18:00, while others do; 42 hours a week");
    has("nobody whom rule \"Night\" reaches works at Mon 09:00, while others do; 45 hours a week");
    has("nobody at all works at Mon 00:00; 81 hours a week are nobody's working hours");
}

#[test]
fn caps_are_seen_beside_the_present_load() {
    let mut facts = desk();
    let hand = |load, cap_open| InHand { load, cap_open };
    facts.loads =
        [("ann".into(), hand(10, None)), ("bo".into(), hand(30, Some(30))), ("cai".into(), hand(0, None))]
            .into();
    let rule = |cap: &str| format!("rule R\n give to team Day\n {cap}\notherwise wait");
    assert_eq!(only("at their cap", &rule(""), &facts), [""; 0]);
    assert_eq!(
        only("at their cap", &rule("cap 10 open"), &facts),
        ["all 2 reps whom rule \"R\" reaches are at their cap now: it would give to nobody"]
    );
    assert_eq!(
        only("at their cap", &rule("cap 11 open"), &facts),
        ["1 of the 2 reps whom rule \"R\" reaches are at their cap now"]
    );
}

#[test]
fn windows_that_are_over_or_overlap() {
    let mut facts = desk();
    // 2026-11-28 in Shanghai.
    facts.now = Some(Millis(1_795_824_000_000));
    let text = "calendar\n timezone Asia/Shanghai\n window a 2026-11-01 .. 2026-11-12\n window b 2026-12-01 .. 2026-12-12\n \
                window c 2026-12-12 .. 2026-12-20\nrule R\n during a\n give to team Day\notherwise wait";
    let said = lint(&parse(text).tree, &facts);
    let over = said.iter().find(|d| matches!(d.code, DiagCode::WindowPast { .. })).unwrap();
    assert_eq!(
        (over.severity, over.line, over.message(Lang::Zh).as_str()),
        (Severity::Warning, 3, "时段“a”已经结束")
    );
    assert_eq!(only("overlap", text, &facts), ["the windows \"c\" and \"b\" overlap"]);
}

#[test]
fn values_no_lead_ever_had() {
    let mut facts = desk();
    let whole = |counts: &[(&str, u64)]| ValuesOf {
        counts: counts.iter().map(|(value, n)| ((*value).into(), *n)).collect(),
        is_whole: true,
    };
    let all = [("抖音", 3_114), ("官网", 20)];
    Arc::make_mut(&mut facts.values).fields =
        [(Field::Source, whole(&all)), (Field::Region, whole(&[("上海", 7)]))].into();
    Arc::make_mut(&mut facts.values).leads = 3_134;
    let text = "define 东 = (上海, 江苏)\nrule R\n when source = \"抖 音\" and region in 东 and source in (官网, OTHER)\n give to team Day\notherwise wait";
    let said = lint(&parse(text).tree, &facts);
    let unseen: Vec<_> = said.iter().filter(|d| matches!(d.code, DiagCode::NeverSeen { .. })).collect();
    let words: Vec<String> = unseen.iter().map(|d| d.message(Lang::En)).collect();
    assert_eq!(
        words,
        [
            "no lead ever had region 江苏",
            "no lead ever had source 抖 音; 抖音 has 3,114",
            "no lead ever had source other",
        ]
        .map(|s| s.replace("other", "OTHER"))
    );
    let fix = unseen[1].suggestion.as_ref().unwrap();
    assert_eq!((&text[fix.span.start..fix.span.end], fix.replacement.as_str()), ("\"抖 音\"", "抖音"));
    assert_eq!(unseen[1].message(Lang::Zh), "从没有过 source = 抖 音 的线索；抖音 有 3,114 条");

    // Of a young desk only the slip is told.
    Arc::make_mut(&mut facts.values).leads = 6;
    let said = lint(&parse(text).tree, &facts);
    assert_eq!(said.iter().filter(|d| matches!(d.code, DiagCode::NeverSeen { .. })).count(), 1);
}

#[test]
fn replies_nobody_records() {
    let mut facts = desk();
    facts.replies = [("crm".into(), Replied { leads: 900, contacted: 0 })].into();
    let text = "rule R\n when source in (抖音, 官网)\n give to team Day\n respond within 10m, else recall\nreplies from crm\notherwise wait";
    assert_eq!(only("not recorded", text, &facts).len(), 1);
    assert_eq!(only("ever recorded", text, &facts), ["no reply was ever recorded for crm, of 900 leads"]);
}

#[test]
fn fixes_are_proposed_in_the_text_s_own_language() {
    for (text, lang, said, fix) in [
        (
            "定义 东 = (a)\n规则 甲\n当 区域 = 东\n分配给 负责人",
            Lang::En,
            "this compares with the word \"东\" itself, not with the values it defines",
            "属于 东",
        ),
        (
            "define 东 = (a)\nrule A\nwhen region = 东\ngive to owner",
            Lang::Zh,
            "这里比较的是“东”这个词本身，而不是它定义的各个值",
            "in 东",
        ),
        (
            "规则 甲\n分配给 负责人\n上限 5 在手\n否则 等侍",
            Lang::Zh,
            "此处应为 等待 / 转待人工 / 放行，却是 等侍",
            "等待",
        ),
        ("rule A\ngive to owner\nelse wiat", Lang::Zh, "此处应为 wait / park / pass，却是 wiat", "wait"),
        (
            "查重\n公司 近似 0.9 近 30天 -> 分配给 负责人",
            Lang::En,
            "a similar company name may only park a lead, never give it",
            "转待人工 \"疑似重复\"",
        ),
    ] {
        let found = lint(&parse(text).tree, &LintFacts::default());
        let found = found.iter().find(|d| d.message(lang) == said);
        let found =
            found.unwrap_or_else(|| panic!("{text}: {:?}", told_in(lang, text, &LintFacts::default())));
        assert_eq!(found.suggestion.as_ref().map(|f| f.replacement.as_str()), Some(fix), "{text}");
    }
}

/// A lead of the small domain.
struct Small {
    region: &'static str,
    score: i64,
    has_phone: bool,
}

impl Subject for Small {
    fn value(&self, field: &Field) -> Value<'_> {
        match field {
            Field::Region if self.region.is_empty() => Value::Empty,
            Field::Region => Value::Text(self.region),
            Field::Score => Value::Number(self.score * 1000),
            Field::Phone if self.has_phone => Value::Present,
            _ => Value::Empty,
        }
    }
}

fn small_domain() -> Vec<Small> {
    let mut all = Vec::new();
    for region in ["", "a", "b", "elsewhere"] {
        for score in 8..=23 {
            all.extend([true, false].map(|has_phone| Small { region, score, has_phone }));
        }
    }
    all
}

/// Whether the rule wins some lead while some of the teams have somebody free.
fn wins(book: &Book, index: usize) -> bool {
    let teams = ["A", "B", "C"];
    let winner = |lead: &Small, free: &[&str]| {
        for (i, rule) in book.rules.iter().enumerate() {
            if rule.disabled || !rule.when.holds_for(lead) {
                continue;
            }
            let has = |t: &Target| matches!(t, Target::Team(name) if free.contains(&name.as_str()));
            if rule.give.iter().any(has) {
                return Some(i);
            }
            if rule.otherwise != ElseDo::PassOn {
                return None;
            }
        }
        None
    };
    let domain = small_domain();
    (0..8u8).any(|mask| {
        let free: Vec<&str> =
            teams.into_iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, t)| t).collect();
        domain.iter().any(|lead| winner(lead, &free) == Some(index))
    })
}

fn small_condition() -> impl Strategy<Value = String> {
    let test = prop::sample::select(vec![
        "region = a",
        "region != a",
        "region in (a, b)",
        "region not in (a, b)",
        "region = b",
        "region is empty",
        "region is not empty",
        "score >= 10",
        "score < 10",
        "score > 20",
        "score <= 20",
        "score = 15",
        "score != 15",
        "phone is empty",
        "phone is not empty",
    ]);
    test.prop_map(str::to_owned).prop_recursive(3, 12, 3, |inner| {
        let many = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            many.clone().prop_map(|all| format!("({})", all.join(" and "))),
            many.prop_map(|all| format!("({})", all.join(" or "))),
            inner.prop_map(|one| format!("not ({one})")),
        ]
    })
}

fn small_rule() -> impl Strategy<Value = String> {
    let give = prop::sample::subsequence(vec!["team A", "team B", "team C"], 1..=3);
    let tail = prop::sample::select(vec!["", "", "else wait", "else park \"x\""]);
    let off = prop::sample::select(vec!["", "", "", "disabled"]);
    (prop::option::weighted(0.9, small_condition()), give, tail, off).prop_map(|(when, give, tail, off)| {
        let when = when.map_or_else(String::new, |w| format!("when {w}\n"));
        format!("{off}\n{when}give to {}\n{tail}\n", give.join(", "))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// What is told of as dead never wins, and what never wins is told of.
    #[test]
    fn dead_rules_are_those_that_never_win(rules in prop::collection::vec(small_rule(), 1..7)) {
        let text: String = rules.iter().enumerate().map(|(i, r)| format!("rule R{i} {r}")).collect();
        let book = compile(&text);
        prop_assert_eq!(book.rules.len(), rules.len(), "{}", text);
        for (index, fate) in fates(&book).into_iter().enumerate() {
            if book.rules[index].disabled {
                prop_assert_eq!(fate, Fate::Open);
                continue;
            }
            let never = !small_domain().iter().any(|lead| book.rules[index].when.holds_for(lead));
            prop_assert_eq!(fate == Fate::Never, never, "rule {} of\n{}", index, text);
            prop_assert_eq!(fate != Fate::Open, !wins(&book, index), "rule {} of\n{}\n{:?}", index, text, fate);
            if let Fate::Taken(by) = fate {
                // The rules named do it by themselves.
                let mut few = book.clone();
                few.rules.iter_mut().enumerate().for_each(|(i, r)| r.disabled |= i != index && !by.contains(&i));
                prop_assert!(!wins(&few, index), "rule {} of\n{}", index, text);
            }
        }
    }
}

/// Bounded work, not clocks: a search without bounds would make this test hang.
#[test]
fn a_book_made_to_hurt_is_linted_in_bounded_work() {
    let facts = desk();
    let many = |rule: &dyn Fn(usize) -> String| (0..10_000).map(rule).collect::<String>();
    let texts = [
        many(&|i| format!("rule r{i}\nwhen region = v{i}\ngive to team Day\nelse wait\n")),
        many(&|i| format!("rule r{i}\nwhen score > {i} and score < {}\ngive to team Day\n", i + 2)),
        many(&|i| {
            format!(
                "rule r{i}\nwhen x.f{} = a{i} or x.f{} = b\ngive to team Day\nelse wait\n",
                i % 50,
                i % 49
            )
        }),
        many(&|i| {
            let any: Vec<String> = (0..6).map(|k| format!("x.f{} = a{}", (i + k) % 40, i % 3)).collect();
            format!("rule r{i}\nwhen ({}) and city != c{i}\ngive to team Day\nelse wait\n", any.join(" or "))
        }),
    ];
    let fields: Vec<String> = (0..60_000).map(|i| format!("x.f{i} = a")).collect();
    let wide = format!("rule r\nwhen {}\ngive to team Day\n", fields.join(" or "));
    for text in texts.into_iter().chain([wide]) {
        assert!(!lint(&parse(&text).tree, &facts).is_empty());
    }
}
