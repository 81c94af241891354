//! What comes into the form comes out of it, for rules people write and for rules nobody would.

use proptest::prelude::*;

use super::super::book::TimeSpan;
use super::super::print::tests::rule as any_rule;
use super::super::testing::{SKETCH, mutated_book};
use super::super::tree::{Item, OtherwiseNode, Tree};
use super::super::{check, parse, print};
use super::*;

fn add(text: &str, additions: &[Addition]) -> Written {
    add_to(&parse(text).tree, additions)
}

fn rules(tree: &Tree) -> Vec<(usize, RuleNode)> {
    let rule = |(i, item): (usize, &Noted<Item>)| match &item.node {
        Item::Rule(rule) => Some((i, rule.clone())),
        _ => None,
    };
    tree.items.iter().enumerate().filter_map(rule).collect()
}

/// Reads back the only rule of a text.
fn read(text: &str) -> RuleNode {
    rules(&parse(text).tree).remove(0).1
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_rule_goes_through_the_form_unchanged(item in any_rule()) {
        let Item::Rule(rule) = &item else { unreachable!() };
        let form = RuleForm::of(rule);
        prop_assert_eq!(&form.rule(), rule);
        let text = rule_text(&form.rule(), crate::model::lang::Lang::En);
        prop_assert_eq!(RuleForm::of(&read(&text)), form, "{}", text);
    }

    #[test]
    fn any_form_goes_through_text_unchanged(one in any_rule(), other in any_rule(), mix in any::<[bool; 8]>()) {
        let (Item::Rule(one), Item::Rule(other)) = (&one, &other) else { unreachable!() };
        // Answers of one rule in the form of another: some said anew, some taken back.
        let (mut form, other) = (RuleForm::of(one), RuleForm::of(other).asked);
        let asked = &mut form.asked;
        if mix[0] { asked.during = other.during }
        if mix[1] { asked.rows = other.rows }
        if mix[2] { (asked.to, asked.by, asked.is_within_team) = (other.to, other.by, other.is_within_team) }
        if mix[3] { asked.skills = other.skills }
        if mix[4] { (asked.open_cap, asked.day_cap) = (other.open_cap, other.day_cap) }
        if mix[5] { asked.respond = other.respond }
        if mix[6] { asked.nobody = other.nobody }
        if mix[7] { form.remove_row(0) }
        let text = rule_text(&form.rule(), crate::model::lang::Lang::En);
        let again = RuleForm::of(&read(&text));
        prop_assert_eq!(&again, &form, "{}", text);
        prop_assert_eq!(again.rule(), form.rule());
    }

    #[test]
    fn a_rule_that_did_not_change_is_written_back_byte_for_byte(text in mutated_book()) {
        let tree = parse(&text).tree;
        for (index, rule) in rules(&tree) {
            let form = RuleForm::of(&rule);
            prop_assert_eq!(&form.rule(), &rule);
            prop_assert_eq!(&replace(&tree, index, &form.rule()).text, &text);
        }
    }

    #[test]
    fn changing_one_rule_changes_no_other(text in mutated_book(), which in any::<prop::sample::Index>(), to in any_rule()) {
        let tree = parse(&text).tree;
        let all = rules(&tree);
        let Item::Rule(to) = to else { unreachable!() };
        prop_assume!(!all.is_empty());
        let (index, old) = &all[which.index(all.len())];
        let mut form = RuleForm::of(old);
        form.asked.to = RuleForm::of(&to).asked.to;
        form.asked.rows = RuleForm::of(&to).asked.rows;
        let written = replace(&tree, *index, &form.rule());
        let again = parse(&written.text).tree;
        for (item, (now, was)) in again.items.iter().zip(&tree.items).enumerate() {
            if item == *index {
                prop_assert_eq!(&now.node, &Item::Rule(form.rule()), "{}\n----\n{}", text, written.text);
            } else {
                prop_assert_eq!(now, was, "{}\n----\n{}", text, written.text);
            }
        }
        prop_assert_eq!(again.items.len(), tree.items.len());
    }
}

#[test]
fn a_line_that_two_clauses_share_goes_with_the_one_that_is_replaced() {
    for text in [
        "rule \"A\"\n  during \"W\"  when\n  give to team B\n",
        "rule \"A\"  when\n  during \"W\"\n  give to team B\n",
    ] {
        let tree = parse(text).tree;
        let (index, old) = rules(&tree).remove(0);
        let mut form = RuleForm::of(&old);
        form.asked.rows =
            RuleForm::of(&read("rule \"C\"\n  when source = 抖音\n  give to team B\n")).asked.rows;
        let written = replace(&tree, index, &form.rule());
        assert_eq!(read(&written.text), form.rule(), "{}", written.text);
    }
}

const NOTED: &str = "# why\nrule   \"A\"   # a\n  # only these\n  when  source=抖音   # tiktok\n    and (region = 上海 or\n      score>3)\n\n  give to   team B  # b\n  cap 3 open # c\n  else   wait\n# after\notherwise wait\n";

#[test]
fn only_the_lines_that_changed_are_written_anew() {
    let tree = parse(NOTED).tree;
    let index = rule_at(&tree, 3).unwrap();
    let mut form = RuleForm::of(&rules(&tree)[0].1);
    assert_eq!(form.asked.rows.len(), 2);
    assert_eq!(form.asked.rows[1].text(crate::model::lang::Lang::En), "region = 上海 or score > 3");
    form.asked.open_cap = Some(5);
    form.asked.nobody = None;
    let written = replace(&tree, index, &form.rule());
    let want = NOTED.replace("  cap 3 open # c\n  else   wait\n", "  cap 5 open  # c\n");
    assert_eq!(written.text, want);
    assert_eq!((written.first_line, written.last_line), (1, 8));
    form.asked.name = "B".into();
    assert!(
        replace(&tree, index, &form.rule())
            .text
            .starts_with("# why\nrule \"B\"  # a\n  # only these\n  when  source=抖音")
    );
}

#[test]
fn a_rule_is_found_by_any_of_its_lines() {
    let tree = parse(NOTED).tree;
    for line in 0..12 {
        assert_eq!(rule_at(&tree, line).is_some(), line < 10, "{line}");
    }
    assert_eq!(rule_at(&parse("").tree, 0), None);
}

#[test]
fn rows_that_are_left_alone_are_asked_one_by_one() {
    let mut form = RuleForm::of(&read("rule A\nwhen (a = b and x.c = d) and score > 3\ngive to owner"));
    assert_eq!(form.asked.rows.len(), 2);
    form.remove_row(1);
    assert_eq!(form.asked.rows.len(), 2);
    assert!(form.asked.rows.iter().all(|row| matches!(row, Row::Test(_))));
}

#[test]
fn second_clauses_and_broken_lines_are_kept() {
    let text = "rule \"A\"\n  gvie to team B\n  give to team B\n  give to team C\n  cap 3 open\n";
    let mut form = RuleForm::of(&read(text));
    assert_eq!(form.kept(crate::model::lang::Lang::En), ["gvie to team B", "give to team C"]);
    form.asked.to = vec![TargetNode::Owner];
    form.asked.day_cap = Some(2);
    let want = "rule \"A\"\n  gvie to team B\n  give to owner\n  give to team C\n  cap 3 open, 2 per day\n";
    assert_eq!(rule_text(&form.rule(), crate::model::lang::Lang::En), want);
}

fn part(value: &str, team: &str) -> Part {
    let to = vec![TargetNode::Team(name(&team.into()))];
    Part { values: vec![super::value(&Field::Source, value, &[])], to }
}

fn split() -> Split {
    Split {
        field: field_node(&Field::Source).unwrap(),
        parts: vec![part("抖音", "Promo"), part("360", "East Senior"), part("官网", "Promo")],
        by: Some(StrategyNode::LeastLoaded),
        zone: Some("Asia/Shanghai".into()),
        hours: Some(hours(&[1, 2, 3, 4, 5], TimeSpan { from: 540, to: 1080 }, None)),
        rest: Some(OtherwiseNode::Wait),
    }
}

/// What a text says once it is put into a book, without errors.
#[track_caller]
fn sound(text: &str) -> String {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, vec![], "{text}");
    let mut names = super::super::Names::default();
    for team in ["Promo", "East Senior"] {
        names.teams.insert(team.into(), vec!["a".into()]);
    }
    let reps = super::super::RepName { login: "a".into(), active: true, ..Default::default() };
    names.reps.push(reps);
    assert!(!check(&parsed.tree, &names).has_errors(), "{text}");
    print(&parsed.tree)
}

#[test]
fn a_book_from_nothing() {
    let written = add("", &Plan::Split(split()).additions(&[]));
    let want = "\
calendar
  timezone Asia/Shanghai
  workdays Mon..Fri 09:00..18:00

rule \"抖音, 官网 → Promo\"
  when source in (抖音, 官网)
  give to team Promo by least-loaded

rule \"360 → East Senior\"
  when source = \"360\"
  give to team \"East Senior\" by least-loaded

otherwise wait
";
    assert_eq!(written.text, want);
    assert_eq!(sound(&written.text), want, "canonical as written");
    // The same once more: nothing twice but the rules, under names of their own.
    let taken = rule_names(&parse(want).tree);
    let again = add(want, &Plan::Split(split()).additions(&taken)).text;
    assert_eq!(sound(&again), again);
    assert!(again.contains("rule \"抖音, 官网 → Promo 2\""), "{again}");
    assert_eq!(again.matches("otherwise").count() + again.matches("calendar").count(), 2);
}

#[test]
fn templates_stand_where_they_belong() {
    let book = "# ours\ncalendar\n  timezone Asia/Shanghai\n\n# first\nrule \"A\"\n  give to team Promo\n# last\notherwise wait\nwatch silent off\n";
    let night = Night {
        name: "Night".into(),
        teams: vec!["East Senior".into()],
        days: vec![1, 2, 3],
        hours: TimeSpan { from: 18 * 60, to: 2 * 60 },
        by: None,
    };
    let text = add(book, &Plan::Night(night).additions(&[])).text;
    let want = "# ours\ncalendar\n  timezone Asia/Shanghai\n  team \"East Senior\" works Mon..Wed 18:00..02:00\n\n# first\nrule \"A\"\n  give to team Promo\n\nrule \"Night\"\n  give to team \"East Senior\"\n\n# last\notherwise wait\nwatch silent off\n";
    assert_eq!(text, want);
    sound(&text);
    let promo = Promo {
        name: "双11".into(),
        from: moment("2026-11-01").unwrap(),
        to: moment("2026-11-12 00:00").unwrap(),
        rows: vec![Row::Test(one_of(
            field_node(&Field::Source).unwrap(),
            vec![value(&Field::Source, "抖音", &[])],
            false,
        ))],
        targets: vec![TargetNode::Team(name(&"Promo".into()))],
        by: Some(StrategyNode::Weighted),
        open_cap: Some(60),
        day_cap: None,
    };
    let text = add(&text, &Plan::Promotion(promo).additions(&[])).text;
    sound(&text);
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in\n{text}"));
    assert!(place("window \"双11\" 2026-11-01 .. 2026-11-12 00:00") < place("promotion \"双11\""));
    assert!(place("cap 60 open for team Promo") < place("rule \"双11\""));
    assert!(place("during promotion \"双11\"") < place("# first"));
    let hires = NewHires { team: None, weeks_milli: vec![250, 500, 500], at_least: Some(1) };
    let text = add(&text, &Plan::NewHires(hires).additions(&[])).text;
    sound(&text);
    assert!(text.contains("ramp 25% in week 1, 50% in weeks 2..3, at least 1 per day\n"), "{text}");
}

#[test]
fn the_sketch_takes_a_rule_at_every_spot() {
    let tree = parse(SKETCH).tree;
    let asked = Asked { name: "New".into(), to: vec![TargetNode::Owner], ..Asked::default() };
    let rule = RuleForm { asked, lines: Vec::new() }.rule();
    for (spot, place) in [(Spot::Top, 0), (Spot::After(rules(&tree)[0].0), 1), (Spot::Bottom, 2)] {
        let written = add(SKETCH, &[Addition::Rules(vec![rule.clone()], spot)]);
        assert_eq!(rule_names(&parse(&written.text).tree)[place], "New", "{}", written.text);
        let lines: Vec<&str> = written.text.lines().collect();
        assert_eq!(&lines[written.first_line..=written.last_line], ["rule \"New\"", "  give to owner"]);
        assert_eq!(written.text.len(), SKETCH.len() + "rule \"New\"\n  give to owner\n\n".len());
    }
}
