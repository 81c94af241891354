//! The rule book's draft: typing, problems, publishing.

use crate::support::TestConsole;
use leadyard::console::msg::{News, Order, Problem};
use leadyard::console::text::Say;
use leadyard::model::lang::Lang;

fn open() -> TestConsole {
    let mut console = TestConsole::new(120, 32, Lang::En);
    console.news(News::Book { text: "rule \"a\"\n  give to team 华东\n".into() });
    console.press("rules.open");
    console
}

#[test]
fn typing_changes_the_draft_and_asks_for_a_check() {
    let mut console = open();
    console.keys("down end").type_("q?");
    assert_eq!(console.model.draft.text, "rule \"a\"\n  give to team 华东q?\n");
    assert_eq!(console.orders().len(), 2);
    console.keys("backspace backspace left backspace delete");
    assert_eq!(console.model.draft.text, "rule \"a\"\n  give to team \n");
    assert!(console.painted.cursor.is_some());
}

#[test]
fn problems_are_shown_and_visited_and_stop_publishing() {
    let mut console = open();
    console.type_("x");
    let text = console.model.draft.text.clone();
    let problem = Problem { line: 1, column: 2, sentence: Say::verbatim("no such team") };
    console.news(News::Checked { text: "stale".into(), problems: vec![problem.clone(), problem.clone()] });
    assert!(console.model.draft.problems.is_empty());
    console.news(News::Checked { text, problems: vec![problem] });
    console.press("rules.next-problem");
    assert_eq!((console.model.draft.line, console.model.draft.column), (1, 2));
    console.keys("ctrl-s");
    assert!(console.screen().contains("fix the problems first"), "{}", console.screen());
}

#[test]
fn publishing_asks_first() {
    let mut console = open();
    console.type_("#").orders();
    let text = console.model.draft.text.clone();
    console.press("rules.publish");
    assert_eq!(console.orders(), []);
    console.press("confirm.yes");
    assert_eq!(console.orders(), [Order::Publish { text: text.clone() }]);
    console.press("rules.format");
    assert_eq!(console.orders(), [Order::Format { text }]);
    console.press("rules.close");
    assert!(console.model.is_home());
}
