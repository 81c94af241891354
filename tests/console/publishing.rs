//! Publishing rules: what changes is shown, who comes second does not overwrite, drafts outlive the console, versions.

use crate::rules::open;
use crate::support::{BOOK, TestConsole};
use leadyard::console::draft::keep::{Editing, Kept};
use leadyard::console::msg::News;
use leadyard::engine::Intent;
use leadyard::model::actor::Role;
use leadyard::model::id::BookVersion;
use leadyard::model::lang::Lang;
use std::sync::Arc;

/// Somebody else publishes a text.
fn theirs(console: &mut TestConsole, text: &str) {
    let base = console.rig.world.published().version;
    let mut events = Vec::new();
    if console.rig.world.roles().get("赵敏") != Some(&Role::Supervisor) {
        let role = Some(Role::Supervisor);
        events.extend(console.rig.admin(Intent::Grant { actor: "赵敏".into(), role }));
    }
    let intent = Intent::Publish { text: text.into(), note: "theirs".into(), base };
    events.extend(console.rig.give("赵敏", Role::Supervisor, 9, intent));
    console.news(News::Events(Arc::new(events)));
}

fn version(console: &TestConsole) -> u32 {
    console.rig.world.published().version.0
}

#[test]
fn publishing_shows_the_difference_asks_why_and_is_undone() {
    let mut console = open();
    console.type_("# mine").keys("enter").press("rules.publish");
    console
        .shows("Publish: v1 → v2")
        .shows("changed  calendar  +1 -0")
        .shows("+ # mine")
        .shows("cannot be checked");
    console.shows("empty: changed calendar").press("publish.close").press("rules.publish");
    console.type_("why not").press("publish.page-down").press("publish.page-up").press("publish.now");
    assert_eq!(console.rig.world.published().version, BookVersion(2));
    assert_eq!(console.rig.world.published().note, "why not");
    console.shows("rules v2 in force").shows("v2 in force");
    console.type_("# x").keys("enter").press("rules.format").press("rules.close");
    assert!(console.model.is_home());
    console.press("desk.undo");
    assert_eq!(console.rig.world.published().version, BookVersion(3));
}

#[test]
fn a_note_nobody_wrote_says_what_changed() {
    let mut console = open();
    let text = BOOK.replace("score >= 80", "score >= 75");
    console.model.draft.editor.replace(&text);
    console.keys("right left").type_(" ").keys("backspace").press("rules.publish");
    console
        .shows("changed  rule \"East China, hot\"  +1 -1")
        .shows("-   when region in 华东 and score >= 80");
    console.press("publish.now");
    assert_eq!(console.rig.world.published().note, "changed East China, hot");
}

#[test]
fn warnings_ask_and_errors_block() {
    let mut console = open();
    let line = console.model.draft.editor.lines().len();
    console.model.draft.editor.go_to(line, 0);
    console
        .type_("rule \"late\"")
        .keys("enter")
        .type_("  give to team Night")
        .shows("problems: 1")
        .keys("ctrl-s")
        .shows("1 warnings");
    console.press("publish.now").shows("Enter again publishes");
    assert_eq!(version(&console), 1);
    console.press("publish.now");
    assert_eq!(version(&console), 2);
    console.type_("junk").keys("ctrl-s").shows("fix the problems first");
}

#[test]
fn what_both_changed_is_chosen_and_nothing_is_overwritten() {
    let mut console = open();
    let mine = BOOK.replace("score >= 80", "score >= 70").replace("team Promo", "team Night");
    console.model.draft.editor.replace(&mine);
    console.type_(" ").keys("backspace");
    theirs(&mut console, &BOOK.replace("score >= 80", "score >= 90").replace("+30", "+40"));
    console.shows("v2 was published meanwhile by 赵敏").press("rules.publish");
    console
        .shows("Your draft on v1 beside v2")
        .shows("1 to choose")
        .shows("base v1")
        .shows("theirs v2 (赵敏)");
    console.keys("enter").shows("choose mine or theirs");
    assert_eq!(version(&console), 2, "nothing was published");
    console.press("merge.theirs").shows("nothing to choose").keys("home");
    console.keys("pageup").press("merge.join").shows("joined on v2");
    let text = console.model.draft.editor.text().to_owned();
    assert!(
        text.contains("+40") && text.contains("score >= 90") && text.contains("rule \"friends\""),
        "{text}"
    );
    assert!(!text.contains("team Promo"), "mine stays where only I changed: {text}");
    console.press("rules.publish").type_("both").press("publish.now");
    assert_eq!(version(&console), 3);
    assert_eq!(console.rig.world.published().text.trim(), text.trim());
}

#[test]
fn a_publication_that_crosses_ours_leads_to_the_three_way_view() {
    let mut console = open();
    console.type_("# mine").keys("enter").press("rules.publish");
    theirs(&mut console, &format!("{BOOK}\n# theirs\n"));
    console.press("publish.now").shows("the book moved from v1 to v2").shows("Your draft on v1 beside v2");
    console.press("merge.mine").press("merge.join").press("rules.publish").press("publish.now");
    let text = &console.rig.world.published().text;
    assert!(text.contains("# mine") && text.contains("# theirs"), "{text}");
}

#[test]
fn a_draft_is_kept_and_offered_again() {
    let mut console = open();
    assert_eq!(console.rig.kept, None);
    console.type_("# mine").keys("enter");
    let kept = console.rig.kept.clone().unwrap();
    assert!(kept.text.starts_with("# mine\n") && kept.base == 1 && kept.base_text == BOOK);
    console.keys("backspace backspace backspace backspace backspace backspace backspace");
    assert_eq!(console.rig.kept, None, "what equals the book is no draft");

    let mut next = crate::support::busy();
    next.kept = Some(kept.clone());
    let mut console = TestConsole::with(120, 40, Lang::En, next);
    console.press("rules.open").shows("A draft was left").shows("on v1, was not published");
    console.press("left-draft.later");
    assert!(console.model.is_home() && console.rig.kept.is_some());
    console.press("rules.open").press("left-draft.take-up").shows("the draft is back");
    assert!(console.model.draft.editor.text().starts_with("# mine\n"));
    console.press("rules.publish").press("publish.now");
    assert_eq!(
        (version(&console), console.rig.kept.clone()),
        (2, None),
        "published: nothing is left to keep"
    );

    let mut next = crate::support::busy();
    next.kept = Some(Kept { base: 0, base_text: String::new(), ..kept });
    let mut console = TestConsole::with(120, 40, Lang::En, next);
    console.press("rules.open").shows("Since then v1 was published").press("left-draft.throw-away");
    assert_eq!(console.rig.kept, None);
    console.shows("v1 in force");
}

#[test]
fn editors_see_each_other() {
    let mut console = open();
    console.rig.others = vec![Editing { actor: "赵敏".into(), console: 9, base: 1 }];
    console.type_("#").shows("also editing: 赵敏");
    console.rig.others.clear();
    console.wait(60_000).hides("also editing");
}

#[test]
fn versions_are_listed_compared_and_rolled_back() {
    let mut console = open();
    theirs(&mut console, &BOOK.replace("score >= 80", "score >= 90"));
    theirs(&mut console, &BOOK.replace("score >= 80", "score >= 70"));
    console
        .press("rules.history")
        .shows("v3")
        .shows("in force")
        .shows("赵敏")
        .shows("no lead was placed by it");
    console.press("version.compare").shows("v2 → v3").shows("score >= 70").press("overlay.close");
    console
        .shows("Versions")
        .keys("down down")
        .shows("by hand")
        .press("version.mark")
        .shows("marked")
        .keys("up up");
    console.press("version.compare").shows("v1 → v3").keys("esc down down");
    console.press("version.roll-back").shows("Back to v1, as v4").shows("empty: back to v1");
    console.press("publish.now").shows("rules v4 in force");
    assert_eq!(console.rig.world.published().text, BOOK);
    assert_eq!(console.rig.world.published().note, "back to v1");
    assert!(console.model.overlays.is_empty());
    console.press("rules.close").press("desk.undo");
    assert!(
        console.rig.world.published().text.contains("score >= 70"),
        "a roll-back is undone like any publication"
    );
}

#[test]
fn a_coordinator_may_write_but_not_publish() {
    let mut console = TestConsole::of("赵敏", Role::Coordinator, 120, 40, Lang::En, crate::support::busy());
    console.press("rules.open").type_("# x").keys("ctrl-s").shows("this needs a supervisor");
    console.press("rules.history").keys("down R").shows("this needs a supervisor");
}

/// A draft with a problem, an offer, a moved rule; then each sheet.
fn pictures(console: &mut TestConsole, mut shoot: impl FnMut(&str, &TestConsole)) {
    console.press("rules.open");
    let line = console.model.draft.editor.lines().iter().position(|l| l.contains("team Promo")).unwrap();
    console.model.draft.editor.go_to(line, 0);
    console.keys("end backspace enter").type_("respond within ");
    shoot("editor", console);
    console.keys("ctrl-u ctrl-u ctrl-u ctrl-u ctrl-u f8").press("rules.outline");
    shoot("outline", console);
    console.keys("esc").press("rules.publish");
    shoot("publish", console);
    theirs(console, &BOOK.replace("score >= 80", "score >= 90").replace("source = 转介绍", "source = 官网"));
    console.keys("esc");
    let line = console.model.draft.editor.lines().iter().position(|l| l.contains("when source =")).unwrap();
    console.model.draft.editor.go_to(line, 0);
    console.keys("end").type_(" and score > 5").press("rules.publish");
    shoot("merge", console);
    console.keys("esc").press("rules.history");
    shoot("versions", console);
    console.press("version.compare");
    shoot("compare", console);
}

#[test]
fn the_editor_and_its_sheets_at_the_sizes_people_use() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        for (cols, rows) in [(80, 24), (120, 32), (200, 60)] {
            let mut console = TestConsole::new(cols, rows, lang);
            pictures(&mut console, |name, console| {
                // The largest screen shows nothing new of the sheets.
                if name == "editor" || cols < 200 {
                    insta::assert_snapshot!(format!("{name}_{cols}x{rows}_{tag}"), console.screen());
                }
                for line in console.screen().lines() {
                    assert!(leadyard::console::widget::fit::width(line) <= usize::from(cols), "{line}");
                }
            });
        }
    }
}
