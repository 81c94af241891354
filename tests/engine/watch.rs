//! The exact detectors, at their limits and at those of the book.

use leadyard::engine::AlertStep;
use leadyard::engine::Intent;
use leadyard::model::alert::{AlertKind, AlertSubject};
use leadyard::model::lead::ArrivalKind;
use leadyard::model::mode::{Mode, ModeScope};
use leadyard::model::time::{HOUR_MS, MINUTE_MS};
use leadyard::watch::findings;

use crate::desk::Desk;

fn kinds(desk: &Desk) -> Vec<AlertKind> {
    findings(&desk.world, &desk.moment()).into_iter().map(|f| f.key.kind).collect()
}

fn full(book: &str) -> Desk {
    Desk::new(&format!("rule E\n give to team E\n{book}")).rep("li", |r| r.team("E").cap(0))
}

#[test]
fn delayed_missed_and_at_cap_fire_past_their_limits_and_clear() {
    let mut desk = full("watch at-cap off\n");
    let a = desk.lead(|l| l);
    desk.lead(|l| l.kind(ArrivalKind::Backlog));
    desk.wait(5 * MINUTE_MS);
    assert_eq!(kinds(&desk), []);
    desk.wait(1);
    assert_eq!(kinds(&desk), [AlertKind::Delayed]);
    assert_eq!(findings(&desk.world, &desk.moment())[0].leads, [a]);
    assert!(matches!(desk.look()[..], [AlertStep::Fire(_)]));
    assert_eq!(desk.look(), []);
    desk.run(Intent::Park { leads: vec![a], reason: "".into() }).unwrap();
    let steps = desk.look();
    let [AlertStep::Clear { cleared, .. }] = &steps[..] else {
        panic!("a parked lead is not delayed: {steps:?}")
    };
    assert_eq!(cleared.by.as_ref().unwrap().1, "王芳", "it says by what");
    desk.wait(2 * HOUR_MS);
    assert_eq!(kinds(&desk), [AlertKind::Missed], "but missed in the end, as is the backlog");
    assert_eq!(findings(&desk.world, &desk.moment())[0].count, 2);
}

#[test]
fn the_book_sets_the_limits() {
    let mut desk = full(
        "watch delayed when waiting > 1m for 1m warn\nwatch missed when unowned > 10m warn\nwatch at-cap off\n",
    );
    desk.lead(|l| l);
    desk.wait(2 * MINUTE_MS);
    assert_eq!(kinds(&desk), []);
    desk.wait(1);
    assert_eq!(kinds(&desk), [AlertKind::Delayed]);
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    assert_eq!(kinds(&desk), [], "a pause explains itself");
    desk.wait(8 * MINUTE_MS);
    assert_eq!(kinds(&desk), [AlertKind::Missed]);
}

#[test]
fn a_rep_near_the_cap_is_news_when_the_book_asks() {
    let mut desk = Desk::new("rule E\n give to team E\nwatch at-cap when load >= 50% warn\n")
        .rep("li", |r| r.team("E").cap(4));
    desk.lead(|l| l);
    assert_eq!(kinds(&desk), []);
    desk.lead(|l| l);
    assert_eq!(kinds(&desk), [AlertKind::AtCap]);
    desk.duty("li", false);
    assert_eq!(kinds(&desk), []);
}

#[test]
fn one_person_with_two_owners_is_named_by_the_later_lead() {
    let mut desk =
        Desk::new("rule E\n give to team E\n").rep("li", |r| r.team("E")).rep("ou", |r| r.team("E"));
    let a = desk.lead(|l| l.phone(5));
    let b = desk.lead(|l| l.phone(5));
    let found = findings(&desk.world, &desk.moment());
    assert_eq!(found[0].key.subject, AlertSubject::Lead(b));
    assert_eq!(found[0].leads, [a, b]);
    desk.place(b, "li").unwrap();
    assert_eq!(kinds(&desk), []);
}

#[test]
fn a_stalled_engine_is_noticed_from_outside() {
    let mut desk = Desk::new("rule E\n give to team E\n").rep("li", |r| r.team("E"));
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    for _ in 0..4 {
        desk.lead(|l| l);
    }
    desk.wait(7 * MINUTE_MS);
    assert_eq!(kinds(&desk), []);
    // As if the sweep had died: the mode is back, nobody serves.
    let mut world = desk.world.clone();
    let mut event = desk.host.events.last().unwrap().clone();
    event.seq.0 += 1;
    event.body = leadyard::model::event::Body::ModeSet { before: Mode::Paused, after: Mode::Auto };
    world.apply(&event);
    let found: Vec<_> = findings(&world, &desk.moment()).into_iter().map(|f| f.key.kind).collect();
    assert_eq!(found, [AlertKind::Delayed, AlertKind::EngineStalled]);
}

fn set(desk: &mut Desk, scope: ModeScope, mode: Mode) {
    desk.run(Intent::SetScopeMode { scope, mode, until: None }).unwrap();
}

/// Two rules for two teams, nobody at cap, and a lead for each a minute before anything is late.
fn two_parts() -> Desk {
    let book = "rule E\n when source = web\n give to team E\nrule W\n when source = mail\n give to team W\n";
    Desk::new(book).rep("li", |r| r.team("E")).rep("ou", |r| r.team("W"))
}

#[test]
fn a_paused_part_explains_its_own_leads_and_no_others() {
    let (team, rule) = (ModeScope::Team("E".into()), ModeScope::Rule("E".into()));
    for scope in [team, rule, ModeScope::Source("WEB".into())] {
        let mut desk = two_parts();
        set(&mut desk, scope.clone(), Mode::Paused);
        let withheld = desk.lead(|l| l.source("web"));
        desk.duty("ou", false);
        let late = desk.lead(|l| l.source("mail"));
        desk.wait(6 * MINUTE_MS);
        let found = findings(&desk.world, &desk.moment());
        assert_eq!(found.len(), 1, "{scope:?}: {found:?}");
        assert_eq!((found[0].key.kind, &found[0].leads), (AlertKind::Delayed, &vec![late]), "{scope:?}");
        // Missed holds for any reason.
        desk.wait(2 * HOUR_MS);
        let found = findings(&desk.world, &desk.moment());
        let missed = found.iter().find(|f| f.key.kind == AlertKind::Missed).unwrap();
        assert_eq!(missed.leads, [withheld, late], "{scope:?}");
    }
}

#[test]
fn a_pause_explains_nothing_where_nobody_is_free_anyway() {
    let mut desk = two_parts();
    desk.duty("li", false);
    set(&mut desk, ModeScope::Rule("E".into()), Mode::Paused);
    let lead = desk.lead(|l| l.source("web"));
    desk.wait(6 * MINUTE_MS);
    let found = findings(&desk.world, &desk.moment());
    assert_eq!((found.len(), &found[0].leads), (1, &vec![lead]), "also with auto it would wait");
}

#[test]
fn a_proposal_that_nobody_accepts_is_delay_and_is_told_apart() {
    let scopes = [ModeScope::Desk, ModeScope::Team("E".into()), ModeScope::Rule("E".into())];
    for scope in scopes.into_iter().chain([ModeScope::Source("web".into())]) {
        let mut desk = two_parts();
        set(&mut desk, scope.clone(), Mode::Assist);
        desk.duty("ou", false);
        let proposed = desk.lead(|l| l.source("web"));
        let other = desk.lead(|l| l.source("mail"));
        desk.wait(6 * MINUTE_MS);
        let found = findings(&desk.world, &desk.moment());
        assert_eq!((found.len(), &found[0].leads), (1, &vec![proposed, other]), "{scope:?}");
        let awaits = |id| {
            let lead = desk.world.lead(id).unwrap();
            leadyard::watch::delayed::awaits_acceptance(&desk.world, lead, &desk.moment())
        };
        assert!(awaits(proposed) && !awaits(other), "{scope:?}");
    }
}

#[test]
fn withheld_leads_are_no_stalled_engine_and_hide_none() {
    for mode in [Mode::Paused, Mode::Assist] {
        let mut desk = two_parts();
        set(&mut desk, ModeScope::Rule("E".into()), mode);
        for _ in 0..210 {
            desk.lead(|l| l.source("web").score(90));
        }
        desk.wait(7 * MINUTE_MS);
        let stalled = |world: &leadyard::world::World, desk: &Desk| {
            findings(world, &desk.moment()).into_iter().find(|f| f.key.kind == AlertKind::EngineStalled)
        };
        assert_eq!(stalled(&desk.world, &desk), None, "{mode:?}");
        // Behind them four that somebody could take, and nobody serves: their arrivals without what followed.
        let mut world = desk.world.clone();
        for _ in 0..4 {
            desk.lead(|l| l.source("mail"));
            let mut event =
                desk.last.iter().find(|e| e.body.verb().word() == "lead.received").unwrap().clone();
            event.seq.0 = world.seq().0 + 1;
            world.apply(&event);
        }
        desk.wait(7 * MINUTE_MS);
        let found = stalled(&world, &desk).unwrap();
        assert_eq!(found.count, 4, "{mode:?}");
    }
}
