//! The rule book's draft: typing, completing, problems and their fixes, whole rules, finding.

use crate::support::{BOOK, TestConsole};
use leadyard::console::model::Overlay;
use leadyard::console::msg::{Msg, News, Target};
use leadyard::model::lang::Lang;

pub fn open() -> TestConsole {
    let mut console = TestConsole::new(120, 40, Lang::En);
    console.press("rules.open");
    console
}

fn line_of(console: &TestConsole, text: &str) -> usize {
    let lines = console.model.draft.editor.lines();
    lines.iter().position(|line| line.contains(text)).unwrap_or_else(|| panic!("no line says {text}"))
}

fn go_to(console: &mut TestConsole, text: &str) {
    let line = line_of(console, text);
    console.model.draft.editor.go_to(line, 0);
    console.keys("end");
}

#[test]
fn typing_changes_the_draft_and_is_checked_at_once() {
    let mut console = open();
    assert_eq!(console.model.draft.editor.text(), BOOK);
    console.shows("v1 in force").keys("down end").type_("X");
    assert!(console.model.draft.editor.text().contains("Asia/ShanghaiX"));
    console.shows("draft on v1").shows("problems: 1");
    assert!(console.painted.cursor.is_some());
    console.keys("backspace").shows("problems: 0").shows("v1 in force");
}

#[test]
fn problems_stand_under_their_line_are_visited_and_stop_publishing() {
    let mut console = open();
    let text = BOOK.replace("team Promo", "team Prmo");
    console.model.draft.editor.replace(&text);
    console.keys("right left").send(Msg::Paste(" ".into()));
    console.shows("unknown team \"Prmo\"").shows("f3 writes Promo");
    console.keys("ctrl-s").shows("fix the problems first");
    console.press("rules.next-problem");
    assert_eq!(console.model.draft.editor.cursor().0, line_of(&console, "team Prmo"));
    console.news(News::Checked { text: "stale".into(), problems: Vec::new(), named: Default::default() });
    assert_eq!(console.model.draft.problems.len(), 1);
    console.press("rules.fix").shows("problems: 0");
    assert!(console.model.draft.editor.text().contains("team Promo"));
    console.press("rules.undo").shows("problems: 1");
    console.press("rules.redo").shows("problems: 0");
    console.press("rules.undo").keys("f3").shows("problems: 0");
}

#[test]
fn a_word_begun_is_completed_by_names_of_the_desk() {
    let mut console = open();
    go_to(&mut console, "give to team Promo");
    console.keys("ctrl-w").type_("N").shows("Night").shows("name");
    console.press("rules.complete");
    assert!(
        console.model.draft.editor.text().contains("give to team Night\n\nrule \"East"),
        "one offer is taken"
    );
    console.keys("enter").type_("gi").press("rules.complete");
    assert_eq!(console.model.draft.editor.before_cursor(), "  give");
    // Several: one is chosen by arrow, the text goes on where the word ends.
    console.type_(" to ").shows("team").shows("owner").press("rules.complete");
    console.press("offers.next").press("offers.previous").keys("down down").press("offers.take");
    assert_eq!(console.model.draft.editor.before_cursor(), "  give to owner");
    console.keys("backspace").press("rules.complete");
    assert_eq!(console.model.draft.editor.before_cursor(), "  give to owner");
    console.keys("ctrl-w").press("rules.complete").press("offers.close").hides("▸ team");
    console.type_("team ").keys("tab down tab");
    assert_eq!(console.model.draft.editor.before_cursor(), "  give to team Night");
    // A chosen offer is no trap: every other key goes to the text.
    console.type_(" by ").press("rules.complete").shows("▸ fair").keys("home").hides("▸ fair");
    assert_eq!(console.model.draft.editor.before_cursor(), "");
    console.keys("end enter").type_("when source = ").shows("抖音").shows("value");
}

#[test]
fn a_rule_is_moved_commented_out_and_found_in_the_outline() {
    let mut console = open();
    let rules = |console: &TestConsole| {
        let lines = console.model.draft.editor.lines().iter().filter(|line| line.contains("rule \""));
        lines.map(|line| line.replace("rule ", "")).collect::<Vec<_>>().join(" ")
    };
    go_to(&mut console, "else wait");
    console.press("rule.up");
    assert_eq!(rules(&console), "\"East China, hot\" \"friends\" \"everyone else\"");
    assert!(console.model.draft.editor.before_cursor().ends_with("else wait"), "the cursor goes along");
    console.press("rule.up").shows("no rule stands there");
    console.press("rule.down").shows("v1 in force");
    go_to(&mut console, "rule \"friends\"");
    console.press("rule.comment");
    assert_eq!(rules(&console), "# \"friends\" \"East China, hot\" \"everyone else\"");
    console.shows("draft on v1").keys("f9").shows("v1 in force");
    console.press("rules.outline").shows("Outline").shows("▸    11  rule \"friends\"");
    console.type_("every").shows("> every").keys("f7").shows("rule \"everyone else\"");
    assert_eq!(rules(&console), "\"friends\" \"everyone else\" \"East China, hot\"");
    console.keys("f9");
    assert!(rules(&console).contains("# \"everyone else\""), "{}", rules(&console));
    console.keys("f9 enter");
    assert_eq!(console.model.draft.editor.cursor(), (line_of(&console, "rule \"everyone else\""), 0));
    assert!(console.model.overlays.is_empty());
}

#[test]
fn a_text_is_found_while_it_is_typed_and_replaced_in_one_step() {
    let mut console = open();
    console.press("rules.find").type_("NIGHT").shows("1 of 2");
    console.press("find.next").shows("2 of 2").press("find.next").shows("1 of 2");
    console.press("find.previous").shows("2 of 2");
    console.press("find.field").type_("Promo").keys("enter").shows("1 of 1");
    assert_eq!(console.model.draft.editor.text().matches("Night").count(), 1);
    console.press("find.all").shows("replaced: 1").press("find.close").shows("problems: 0");
    assert!(!console.model.draft.editor.text().contains("Night"));
    console.press("rules.undo").press("rules.undo").shows("v1 in force");
    console.press("rules.replace").type_("x").keys("tab").type_("nothing at all").shows("not found");
    console.keys("esc");
    assert!(console.model.overlays.is_empty());
}

#[test]
fn paste_click_and_chinese_input_land_where_they_should() {
    let mut console = open();
    go_to(&mut console, "define 华东");
    let here = console.painted.cursor.unwrap();
    console.send(Msg::Paste("\u{1b}[31m # 备注\r\n".into()));
    assert!(console.model.draft.editor.text().contains("浙江)[31m # 备注\n"));
    console.press("rules.undo");
    console.draw_again();
    assert_eq!(console.painted.cursor, Some(here));
    console.type_("东");
    assert_eq!(console.painted.cursor, Some((here.0 + 2, here.1)), "a wide character takes two cells");
    console.keys("backspace");
    // Onto the second half of a wide character: before or behind it, never within.
    let line = line_of(&console, "define 华东");
    let target = console.painted.at(here.0 - 12, here.1);
    assert!(matches!(target, Some(Target::Text { line: at, .. }) if at == line), "{target:?}");
    console.send(Msg::Click(Target::Text { line, cell: 8 }));
    assert_eq!(console.model.draft.editor.before_cursor(), "define ");
    console.send(Msg::Click(Target::Text { line, cell: 9 }));
    assert_eq!(console.model.draft.editor.before_cursor(), "define 华");
}

#[test]
fn a_long_line_scrolls_and_colours_stay_with_their_words() {
    let mut console = open();
    go_to(&mut console, "define 华东");
    console.type_(&"，上海很远的地方".repeat(30));
    let screen = console.screen();
    assert!(screen.lines().all(|line| leadyard::console::widget::fit::width(line) <= 120), "{screen}");
    assert!(console.painted.cursor.is_some_and(|(x, _)| x < 119));
    console.keys("home").shows("define 华东");
}

#[test]
fn hostile_texts_are_no_harm() {
    for text in ["(".repeat(5_000), "\"".repeat(999), "a".repeat(100_000), "\u{202e}\u{7}规则".repeat(500)]
    {
        let mut console = open();
        console.send(Msg::Paste(text)).keys("down up end tab");
        console.press("rules.outline").keys("esc").press("rules.find").type_("a").keys("esc");
        assert!(!console.screen().contains('\u{202e}'));
    }
}

#[test]
fn sheets_of_the_editor_are_left_as_they_came() {
    let mut console = open();
    for id in ["rules.outline", "rules.find", "rules.replace", "rules.history"] {
        console.press(id);
        assert!(matches!(console.model.overlays.last(), Some(Overlay::Rules(_))), "{id}");
        console.keys("esc");
        assert!(console.model.overlays.is_empty(), "{id}");
    }
    console.press("rules.format").press("rules.close");
    assert!(console.model.is_home());
}

#[test]
fn the_rules_in_force_are_read_as_sentences_in_either_language() {
    let mut console = open();
    console
        .type_("# not in force")
        .press("rules.read")
        .shows("The rules in force, v1")
        .shows("East China, hot");
    console.keys("end home").hides("not in force, v1").press("overlay.close");
    console.model.lang = Lang::Zh;
    console.press("rules.read").shows("现行规则 v1").shows("转介绍");
}
