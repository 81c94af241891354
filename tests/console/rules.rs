//! The rule book's draft: typing, problems, publishing.

use crate::support::{BOOK, TestConsole};
use leadyard::console::msg::News;
use leadyard::engine::Intent;
use leadyard::model::actor::Role;
use leadyard::model::id::BookVersion;
use leadyard::model::lang::Lang;

fn open() -> TestConsole {
    let mut console = TestConsole::new(120, 40, Lang::En);
    console.press("rules.open");
    console
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
    console.keys("right left").send(leadyard::console::msg::Msg::Paste(" ".into()));
    console.shows("did you mean").shows("ctrl-f writes Promo");
    console.keys("ctrl-s").shows("fix the problems first");
    console.press("rules.next-problem");
    let line = BOOK.lines().position(|line| line.contains("team Promo")).unwrap();
    assert_eq!(console.model.draft.editor.cursor().0, line);
    console.news(News::Checked { text: "stale".into(), problems: Vec::new() });
    assert_eq!(console.model.draft.problems.len(), 1);
    console.press("rules.fix").shows("problems: 0");
    assert!(console.model.draft.editor.text().contains("team Promo"));
}

#[test]
fn publishing_asks_for_a_note_and_is_undone() {
    let mut console = open();
    console.type_("# mine").keys("enter").press("rules.publish").type_("why not").press("prompt.accept");
    assert_eq!(console.rig.world.published().version, BookVersion(2));
    assert_eq!(console.rig.world.published().note, "why not");
    console.shows("rules v2 in force").shows("v2 in force");
    console.type_("# x").keys("enter").press("rules.format").press("rules.close");
    assert!(console.model.is_home());
    console.press("desk.undo");
    assert_eq!(console.rig.world.published().version, BookVersion(3));
}

#[test]
fn a_book_published_meanwhile_is_not_overwritten() {
    let mut console = open();
    console.type_("# mine").keys("enter");
    let text = format!("{BOOK}# theirs\n").as_str().into();
    let events = console.rig.give(
        "王芳",
        Role::Admin,
        9,
        Intent::Publish { text, note: "".into(), base: BookVersion(1) },
    );
    console.news(News::Events(std::sync::Arc::new(events)));
    assert!(console.model.draft.editor.text().starts_with("# mine"), "a draft in progress stays");
    console.press("rules.publish").press("prompt.accept").shows("the book moved from v1 to v2");
}
