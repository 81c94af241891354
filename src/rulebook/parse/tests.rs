//! The parser takes anything: no panic, no deep recursion, no quadratic time, and places that lie within the text.

use proptest::prelude::*;

use super::*;
use crate::rulebook::NESTING_MAX;
use crate::rulebook::testing::{SKETCH, mutated_book};
use crate::rulebook::tree::Item;
use crate::rulebook::{Names, check, compile, parse_condition};

fn places_are_sound(text: &str) {
    let parsed = parse(text);
    let checked = check(&parsed.tree, &Names::default());
    assert!(checked.diagnostics.len() >= parsed.diagnostics.len());
    for finding in parsed.diagnostics.iter().chain(&checked.diagnostics) {
        let Span { start, end } = finding.span;
        assert!(start <= end && text.get(start..end).is_some(), "{finding:?}");
        let before = &text[..start];
        assert_eq!(finding.line as usize, before.matches('\n').count() + 1, "{finding:?}");
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        assert_eq!(finding.column as usize, column, "{finding:?}");
        if let Some(fix) = &finding.suggestion {
            assert!(text.get(fix.span.start..fix.span.end).is_some(), "{finding:?}");
        }
    }
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in [("(", ")"), ("not ", ""), ("not (", ")")] {
        let nested = |n: usize| format!("{}phone is empty{}", open.repeat(n), close.repeat(n));
        assert_eq!(parse_condition(&nested(NESTING_MAX / 2), None).1, vec![]);
        let (_, said) = parse_condition(&nested(100_000), None);
        assert_eq!(said[0].code, DiagCode::TooMuch { limit: Limit::Nesting, max: NESTING_MAX });
    }
}

#[test]
fn a_fault_is_told_once_and_the_rest_is_read() {
    let parsed = parse("rule A\n when (source = a or\n  score > 5\n give to owner\nrule B\n give to owner");
    assert_eq!(parsed.diagnostics.len(), 1, "{:?}", parsed.diagnostics);
    let items: Vec<_> = parsed.tree.items.iter().map(|i| matches!(i.node, Item::Rule(_))).collect();
    assert_eq!(items, [true, true]);
}

#[test]
fn large_and_broken_texts_are_read_in_linear_time() {
    // Sizes, not clocks: quadratic behaviour anywhere would make this test hang.
    let rule = "rule \"R\"\n  when (region in (a, b, c) and score >= 80) or not phone is empty\n  give to team T by fair\n\n";
    let book = rule.repeat(10_000);
    let unclosed = "rule R\n when ((a = \"b or (\n give to (\n".repeat(10_000);
    let texts = [
        book,
        unclosed,
        "(".repeat(900_000),
        "define A = (\n".repeat(60_000),
        "\n".repeat(900_000),
        format!("rule R\nwhen {}a = b", "a = b or\n".repeat(90_000)),
        format!("rule R\nwhen {}a = b", "a = b\n# note\nand ".repeat(50_000)),
        "score\n+1 when (a = b or\n".repeat(40_000),
        "#\n".repeat(400_000),
        "rule R\nrespond within 5m,\n\n\n".repeat(40_000),
        format!("define A = ({})", "x,".repeat(300_000)),
        "x".repeat(1_000_000),
        "\"".repeat(300_001),
        format!("rule R\ngive to team a{}", (0..100_000).map(|i| format!(", t{i}")).collect::<String>()),
        format!("replies from a{}", (0..100_000).map(|i| format!(", s{i}")).collect::<String>()),
        (0..20_000).map(|i| format!("define d{i} = (a)\nrule r{i}\nwhen city in e{i}\n")).collect(),
        (0..4_000i32).map(|i| format!("define d{i} = (a{i}, d{}, d{})\n", i - 1, i / 2)).collect(),
        (0..70_000).map(|i| format!("promotion p{i}\n")).collect(),
        (0..25_000).map(|i| format!("calendar\nwindow w{i} 2026-01-01..2026-02-01\n")).collect(),
        (0..25_000).map(|i| format!("ramp for team t{i} 25% in week 1\n")).collect(),
        (0..25_000).map(|i| format!("calendar\nteam t{i} works Mon 09:00..10:00\n")).collect(),
        (0..25_000).map(|i| format!("promotion p\nteam t{i} works Mon 09:00..10:00\n")).collect(),
        "calendar\ntimezone Mars/Olympus_Mons\n".repeat(30_000),
        "规则 甲\n当 (区域 属于 (a, b) 且 评分 >= 80) 或 非 电话 为空\n分配给 团队 T 按 公平\n".repeat(9_000),
        format!("规则 甲\n当 {}来源 = b", "来源 = b 或\n".repeat(60_000)),
        "规则 甲\n分配给 团队 a，\n\n\n".repeat(20_000),
        "回池 满 5个工作日 未联系\n".repeat(25_000),
        // A line of a hundred thousand characters, and characters that nobody can see.
        format!("rule R\nwhen company contains \"{}\"\ngive to owner\n", "界".repeat(100_000)),
        format!("rule R\nwhen {}\ngive to owner\n", "x.a = 1 or ".repeat(10_000)),
        "\u{0}\u{1b}[31m\u{202e}\u{200b}\r\u{7}".repeat(40_000),
        format!("rule R\nwhen company contains {}\ngive to owner\n", "a*".repeat(50_000)),
    ];
    for text in &texts {
        let parsed = parse(text);
        let said = crate::rulebook::lint(&parsed.tree, &crate::rulebook::LintFacts::default());
        assert!(parsed.diagnostics.len() <= DIAGNOSTICS_MAX + 1 && said.len() <= 3 * (DIAGNOSTICS_MAX + 1));
        for lang in [Lang::En, Lang::Zh] {
            let _ = crate::rulebook::print_in(&parsed.tree, lang);
        }
    }
    assert_eq!(compile(&texts[0]).rules.len(), 10_000);
}

#[test]
fn limits_are_told() {
    let long = " ".repeat(BOOK_BYTES_MAX + 1);
    assert!(matches!(parse(&long).diagnostics[0].code, DiagCode::TooMuch { limit: Limit::BookBytes, .. }));
    let many = "rule R\ngive to owner\n".repeat(10_001);
    let checked = check(&parse(&many).tree, &Names::default());
    assert!(checked.has_errors());
}

#[test]
fn the_sketch_has_sound_places() {
    places_are_sound(SKETCH);
    places_are_sound("rule “甲”\n when 地区 = 上海\n when (\n\tgive to 团队 “");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_taken(text in "\\PC{0,80}|(.|\n){0,80}") {
        places_are_sound(&text);
        let _ = parse_condition(&text, None);
    }

    #[test]
    fn any_sequence_of_words_is_taken(
        words in prop::collection::vec(prop::sample::select(vec![
            "rule", "when", "give", "to", "team", "owner", "by", "sticky", "then", "(", ")", ",", "=", "in", "not",
            "and", "or", "\n", "\n", "score", "+5", "calendar", "window", "2026-01-01", "..", "09:00", "watch",
            "delayed", "waiting", ">", "5m", "warn", "define", "A", "\"q\"", "\"", "# c\n", "company", "like", "0.9",
            "within", "->", "park", "respond", "else", "reassign", "cap", "40", "open", "otherwise", "x.", "is", "empty",
            "规则", "当", "分配给", "团队", "负责人", "按", "老客户优先", "然后", "，", "属于", "不属于", "且", "评分", "渠道",
            "大促期间", "大促", "限时响应", "否则", "转派", "2次", "上限", "在手", "每日", "为空", "线索池", "领取", "5个工作日",
        ]), 0..60)
    ) {
        let text = words.join(" ");
        places_are_sound(&text);
        let once = parse(&text).tree;
        let printed = crate::rulebook::print(&once);
        prop_assert_eq!(&parse(&printed).tree, &once, "{}\n----\n{}", text, printed);
        let chinese = crate::rulebook::print_in(&once, Lang::Zh);
        prop_assert_eq!(&parse(&chinese).tree, &once, "{}\n----\n{}", text, chinese);
    }

    #[test]
    fn any_bytes_are_taken_by_all_who_read_texts(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        cut in any::<prop::sample::Index>(),
        book in mutated_book(),
    ) {
        // Bytes within a book, as a file damaged on its way would have them.
        let mut whole = book.into_bytes();
        let at = cut.index(whole.len().max(1)).min(whole.len());
        whole.splice(at..at, bytes);
        let text = String::from_utf8_lossy(&whole);
        places_are_sound(&text);
        let tree = parse(&text).tree;
        for lang in [Lang::En, Lang::Zh] {
            let printed = crate::rulebook::print_in(&tree, lang);
            prop_assert_eq!(&parse(&printed).tree, &tree, "{}\n----\n{}", text, printed);
            let _ = crate::rulebook::explain(&tree, &Names::default(), None, lang);
        }
        for cursor in [at, text.len()] {
            let _ = crate::rulebook::complete(&text, cursor, &crate::rulebook::Vocabulary::default());
        }
    }

    #[test]
    fn a_mutated_book_is_taken(text in mutated_book()) {
        places_are_sound(&text);
    }
}
