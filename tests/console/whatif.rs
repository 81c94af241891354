//! What-if beside the editor: it follows the typing, says how it stands, lists who changes hands and why.

use crate::support::{BOOK, TestConsole};
use leadyard::console::msg::Msg;
use leadyard::model::lang::Lang;

/// The night shift is off duty: under this book its leads go to somebody.
fn draft() -> String {
    let night = "  give to team Night\n  else wait\n\notherwise";
    assert!(BOOK.contains(night));
    BOOK.replace(night, "  give to team \"East Senior\"\n  else wait\n\notherwise")
}

fn open(cols: u16, rows: u16, lang: Lang) -> TestConsole {
    let mut console = TestConsole::new(cols, rows, lang);
    console.press("rules.open");
    console
}

fn write(console: &mut TestConsole, text: &str) {
    console.model.draft.editor.replace(text);
    console.send(Msg::Tick);
}

#[test]
fn the_condition_of_the_queue_is_a_range_of_its_own() {
    let mut console = TestConsole::new(140, 40, Lang::En);
    console.model.desk.set_filter("source = 抖音");
    console.press("rules.open").shows("9 leads");
    // Three times days, then the whole log.
    for _ in 0..4 {
        console.hides("where").press("whatif.range");
    }
    console.shows("whole log where source = 抖音").hides("9 leads");
    write(&mut console, &draft());
    let answer = &console.model.what_if.shown.as_ref().unwrap().answer;
    assert!((1..9).contains(&answer.leads), "{answer:?}");
    console.press("whatif.range").hides("where").shows("9 leads");
}

#[test]
fn it_stands_below_the_editor_where_there_is_no_room_beside_it() {
    for (lang, hands, nobody) in
        [(Lang::En, "change hands: f12", "with nobody"), (Lang::Zh, "f12", "无人负责")]
    {
        let mut console = open(80, 24, lang);
        write(&mut console, &draft());
        console.shows(hands).hides(nobody);
        console.press("whatif.tables").shows(hands).shows(nobody);
        console.press("whatif.tables").hides(nobody);
    }
    // On the least screen the text has all rows.
    open(60, 12, Lang::En).hides("change hands");
}

#[test]
fn the_preview_follows_the_draft_beside_the_published_book() {
    let mut console = open(140, 40, Lang::En);
    console
        .shows("What if · last 30 days · 9 leads · 7 ms")
        .shows("no lead changes hands")
        .shows("unmatched");
    write(&mut console, &draft());
    console.shows("3 everyone else").shows("leads change hands: f12 lists them");
    let answer = &console.model.what_if.shown.as_ref().unwrap().answer;
    assert_eq!(answer.changed, 2, "{answer:?}");
    let everyone = answer.rules.iter().find(|rule| rule.name == "everyone else").unwrap();
    assert_eq!((everyone.published, everyone.draft), (0, 2), "{answer:?}");
    assert_eq!(answer.leads, 9);
    write(&mut console, BOOK);
    console.shows("no lead changes hands");
}

#[test]
fn while_a_problem_stands_the_last_valid_answer_stays_and_says_so() {
    let mut console = open(140, 40, Lang::En);
    write(&mut console, &draft());
    console.shows("change hands");
    let kept = console.model.what_if.shown.clone().unwrap();
    write(&mut console, &draft().replace("team Promo", "team Prmo"));
    console.shows("the draft has problems; last valid answer").shows("change hands");
    assert_eq!(console.model.what_if.shown.as_ref().unwrap().answer, kept.answer);
    write(&mut console, &draft());
    assert!(!console.screen().contains("last valid answer"), "{}", console.screen());
}

#[test]
fn the_range_goes_round_and_is_kept_on_leaving_but_what_was_read_is_not() {
    let mut console = open(140, 40, Lang::En);
    console.press("whatif.range").shows("What if · last 90 days");
    console.press("whatif.range").shows("last 7 days").press("whatif.range").shows("whole log · 9 leads");
    console.press("whatif.range").shows("last 30 days").press("whatif.range");
    console.press("rules.close");
    assert!(console.model.what_if.shown.is_none() && console.model.what_if.asked.is_none());
    console.press("rules.open").shows("What if · last 90 days");
}

#[test]
fn leads_that_change_hands_are_listed_and_told_why_in_both_worlds() {
    for (cols, rows) in [(140, 40), (80, 24)] {
        let mut console = open(cols, rows, Lang::En);
        write(&mut console, &draft());
        console.press("whatif.hands").shows("leads change hands").shows("nobody → ");
        console.shows("Enter says why under both books").shows("their recorded");
        console.press("whatif.why").shows("· published").shows("· draft").shows("everyone else");
        console.press("list.down").keys("esc");
        assert!(console.model.overlays.is_empty());
    }
}

#[test]
fn an_answer_to_an_older_draft_is_dropped() {
    let mut console = open(140, 40, Lang::En);
    write(&mut console, &draft());
    let shown = console.model.what_if.shown.clone().unwrap();
    let generation = console.model.what_if.generation;
    write(&mut console, BOOK);
    let what = leadyard::console::whatif::What::Answer(shown);
    let told = leadyard::console::whatif::Told { generation, what };
    console.news(leadyard::console::msg::News::WhatIf(Box::new(told)));
    console.shows("no lead changes hands");
}

#[test]
fn it_speaks_chinese_and_fits_the_least_wide_screen() {
    let mut console = open(100, 30, Lang::Zh);
    write(&mut console, &draft());
    console.shows("试算 · 最近 30 天 · 9 条线索").shows("条线索换人").shows("均衡度");
    console.press("whatif.hands").shows("无人 → ").press("whatif.why").shows("草稿");
}
