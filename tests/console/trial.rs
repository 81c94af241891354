//! A draft on trial from the editor: as a shadow, for a share of the leads, for a team; what hinders it, and its sheet.

use crate::rules::open;
use crate::support::{BOOK, TestConsole, arrival, busy};
use insta::assert_snapshot;
use leadyard::console::model::Screen;
use leadyard::console::msg::News;
use leadyard::console::text::Say;
use leadyard::engine::Intent;
use leadyard::model::lang::Lang;
use leadyard::model::trial::{Share, TrialKind};

/// A console whose draft says otherwise than the book.
fn drafted(mut console: TestConsole) -> TestConsole {
    if console.model.screen != Screen::Rules {
        console.press("rules.open");
    }
    console.model.draft.editor.replace(&BOOK.replace("give to team Promo", "give to team \"East Senior\""));
    console.keys("right left").type_(" ").keys("backspace");
    console
}

fn kind(console: &TestConsole) -> Option<TrialKind> {
    console.rig.world.trial_on().map(|state| state.trial().kind.clone())
}

#[test]
fn a_share_of_the_leads_goes_by_the_draft_until_a_time() {
    let mut console = drafted(open());
    console
        .press("rules.trial")
        .shows("no draft is on trial")
        .press("trial.start")
        .shows("nobody: it decides along");
    console.type_("200%").press("form.accept").shows("a share is written 10% or 2.5%");
    console.keys("ctrl-u").type_("Nowhere").press("form.accept").shows("\"Nowhere\" is no team");
    console.keys("ctrl-u").type_("2.5%").press("form.next").keys("ctrl-u").type_("soon");
    console.press("form.accept").shows("until when?");
    console.keys("ctrl-u").type_("90m").press("form.next").type_("response < 5m").press("form.accept");
    console.shows("response < 5m");
    assert_eq!(kind(&console), None);
    console.keys("ctrl-u").type_("response <= 5m and overridden <= 3%").press("form.accept");
    let Some(TrialKind::Canary { share: Share::Leads { permille, .. }, until, promote_when }) =
        kind(&console)
    else {
        panic!("no canary: {:?}", kind(&console));
    };
    assert_eq!((permille, promote_when.as_str()), (25, "response <= 5m and overridden <= 3%"));
    assert_eq!(until, console.model.now.plus(90 * 60_000));
    console.shows("the draft is on trial").press("rules.trial").shows("overridden").keys("n");
    console.shows("a trial is on already").press("trial.stop");
    assert_eq!(kind(&console), None);
    console.shows("the trial is over");
}

#[test]
fn a_shadow_tells_where_it_differs() {
    let mut console = drafted(open());
    console.press("rules.trial").press("trial.start").press("form.accept");
    assert_eq!(kind(&console), Some(TrialKind::Shadow));
    console.press("rules.close");
    let leads = vec![arrival("陈晨", "17200000777", "转介绍", "北京", 77)];
    console.other(Intent::Receive { leads, import: None });
    console.press("trial.show").shows("1 decided, 1 otherwise by the draft");
    let trial = console.rig.world.trial_on().unwrap().trial().id;
    let lines = vec![(console.model.now, Say::verbatim("L9 → 李娜".to_owned()))];
    console.news(News::Differed { trial, lines }).shows("L9 → 李娜");
}

#[test]
fn a_team_has_the_draft_and_an_unchanged_or_broken_one_is_not_tried() {
    let mut console = open();
    console.press("rules.trial").keys("n").shows("change something first").keys("esc");
    console.type_("junk ").press("rules.trial").keys("n").shows("the draft has errors").keys("esc");
    let mut console = drafted(console);
    console.press("rules.trial").press("trial.start").type_("promo").press("form.accept");
    assert!(
        matches!(kind(&console), Some(TrialKind::Canary { share: Share::Team(team), .. }) if team == "Promo")
    );
}

#[test]
fn the_sheet_in_both_languages_at_every_size() {
    for (cols, rows) in [(80, 24), (120, 32), (200, 60)] {
        for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
            let mut console = drafted(TestConsole::with(cols, rows, lang, busy()));
            console.press("rules.trial").press("trial.start").type_("10%");
            assert_snapshot!(format!("trial_form_{cols}x{rows}_{tag}"), console.screen());
            console.press("form.accept").press("rules.trial");
            assert_snapshot!(format!("trial_{cols}x{rows}_{tag}"), console.screen());
        }
    }
}
