//! The life of an alert, case by case: what is told, how often, and what hands, silences and nights do to it. The table of
//! states as a whole is `alert_table`'s.

use leadyard::engine::{AlertStep, AlertWish, Intent, Refusal};
use leadyard::model::actor::Role;
use leadyard::model::alert::{
    AlertKey, AlertKind, AlertSubject, Detail, Ending, Finding, Handling, Notice, NoticeWhy, Severity,
    Sighting,
};
use leadyard::model::event::Body;
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use leadyard::watch::lifecycle::{STEPS_MAX, notices, steps};

use crate::desk::Desk;

pub fn key(kind: AlertKind, rep: u32) -> AlertKey {
    AlertKey { kind, subject: AlertSubject::Rep(RepId(rep)) }
}

pub fn sighting(key: AlertKey, breach: bool) -> Sighting {
    let finding = Finding { key, count: 1, leads: Vec::new(), figure: 2, limit: 1 };
    Sighting { finding, detail: Detail::default(), breach }
}

/// One look with these sightings; what was told.
pub fn look(desk: &mut Desk, seen: &[Sighting], gap: bool) -> Vec<Notice> {
    look_at(desk, seen, &|_| true, gap)
}

pub fn look_at(
    desk: &mut Desk,
    seen: &[Sighting],
    judged: &dyn Fn(AlertKind) -> bool,
    gap: bool,
) -> Vec<Notice> {
    let moment = desk.moment();
    let mut all = notices(&desk.world, &moment);
    all.extend(steps(&desk.world, &moment, seen, judged, gap).steps);
    if !all.is_empty() {
        desk.engine(Intent::Watch { steps: all.clone() }).unwrap();
    }
    let told = |step| if let AlertStep::Notice(notice) = step { Some(*notice) } else { None };
    all.into_iter().filter_map(told).collect()
}

pub fn two_reps(book: &str) -> Desk {
    Desk::new(&format!("rule E\n give to team E\n{book}otherwise wait\n"))
        .rep("li", |r| r.team("E"))
        .rep("ou", |r| r.team("E"))
}

#[test]
fn what_goes_on_is_told_once_and_then_every_four_hours() {
    let mut desk = two_reps("");
    desk.lead(|l| l);
    let seen = [sighting(key(AlertKind::AtCap, 1), true)];
    let mut told = Vec::new();
    for _ in 0..2 * 60 * 24 {
        told.extend(look(&mut desk, &seen, false));
        desk.wait(30 * SECOND_MS);
    }
    let whys: Vec<NoticeWhy> = told.iter().map(|n| n.why).collect();
    // 1 + floor((24 h − 30 s) ÷ 4 h).
    assert_eq!(whys, [&[NoticeWhy::Fired][..], &[NoticeWhy::Repeat; 5]].concat());
    let told = look(&mut desk, &[], false);
    assert!(matches!(&told[..], [] | [Notice { why: NoticeWhy::Resolved, .. }]), "{told:?}");
}

#[test]
fn a_storm_is_one_notice_and_comes_in_over_several_looks() {
    let mut desk = two_reps("");
    desk.lead(|l| l);
    let of = |lead| AlertKey { kind: AlertKind::Duplicate, subject: AlertSubject::Lead(LeadId(lead)) };
    let seen: Vec<Sighting> = (1..=3 * STEPS_MAX as u64).map(|lead| sighting(of(lead), true)).collect();
    let mut told = Vec::new();
    for _ in 0..10 {
        let moment = desk.moment();
        let look = steps(&desk.world, &moment, &seen, &|_| true, false);
        assert!(look.steps.len() <= STEPS_MAX);
        told.extend(self::look(&mut desk, &seen, false));
        desk.wait(10 * SECOND_MS);
    }
    assert_eq!(desk.world.alerts().len(), seen.len());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].keys.len() <= 20 && told[0].firing as usize > STEPS_MAX);
}

#[test]
fn taking_on_rests_the_talk_and_running_out_says_so() {
    let mut desk = two_reps("");
    desk.lead(|l| l);
    let at_cap = key(AlertKind::AtCap, 1);
    let seen = [sighting(at_cap, true)];
    look(&mut desk, &seen, false);
    desk.wait(MINUTE_MS);
    assert_eq!(look(&mut desk, &seen, false)[0].why, NoticeWhy::Fired);
    let episode = desk.world.alerts()[&at_cap].fired_seq;
    let ack = |until| Intent::HandleAlert {
        key: at_cap,
        episode,
        wish: AlertWish::Acknowledge { until },
        note: "".into(),
    };
    desk.run(ack(None)).unwrap();
    assert_eq!(desk.run(ack(None)).err(), Some(Refusal::NothingToDo), "twice is once");
    desk.wait(3 * HOUR_MS);
    assert_eq!(look(&mut desk, &seen, false), []);
    desk.wait(HOUR_MS + MINUTE_MS);
    assert_eq!(look(&mut desk, &seen, false)[0].why, NoticeWhy::Lapsed);
    assert_eq!(look(&mut desk, &seen, false), [], "said once");
    look(&mut desk, &[], false);
    look(&mut desk, &seen, false);
    assert_eq!(
        desk.run(ack(None)).err(),
        Some(Refusal::NoSuchAlert { episode }),
        "an ack is for its episode"
    );
    assert_eq!(desk.world.alerts()[&at_cap].previous, Some(episode));
}

#[test]
fn silence_and_hands_can_be_undone() {
    let mut desk = two_reps("");
    desk.lead(|l| l);
    let at_cap = key(AlertKind::AtCap, 1);
    let seen = [sighting(at_cap, true)];
    look(&mut desk, &seen, false);
    let now = desk.now;
    assert_eq!(desk.world.would_have_hidden(Some(AlertKind::AtCap), None, now), 1);
    let until = now.plus(2 * HOUR_MS);
    let (kind, subject) = (Some(at_cap.kind), Some(at_cap.subject));
    desk.run(Intent::SetSilence { kind, subject, until, reason: "known".into() }).unwrap();
    let batch = desk.last_batch();
    desk.wait(MINUTE_MS);
    assert_eq!(look(&mut desk, &seen, false), [], "silenced");
    assert!(desk.world.alerts().contains_key(&at_cap), "but it fires");
    desk.undo(batch).unwrap();
    assert_eq!(look(&mut desk, &seen, false)[0].why, NoticeWhy::Fired);
    let episode = desk.world.alerts()[&at_cap].fired_seq;
    let wish = AlertWish::Snooze { until: desk.now.plus(HOUR_MS) };
    desk.run(Intent::HandleAlert { key: at_cap, episode, wish, note: "".into() }).unwrap();
    let batch = desk.last_batch();
    desk.undo(batch).unwrap();
    assert_eq!(desk.world.alerts()[&at_cap].handling, Handling::Open);
    desk.speak("rep", Role::Rep);
    let wish = AlertWish::Comment;
    let refused = desk.run(Intent::HandleAlert { key: at_cap, episode, wish, note: "hm".into() });
    assert!(matches!(refused, Err(Refusal::NotAllowed { needs: Role::Coordinator, .. })));
}

#[test]
fn what_comes_and_goes_is_called_flapping_and_then_left_alone() {
    let mut desk = two_reps("");
    desk.lead(|l| l);
    let seen = [sighting(key(AlertKind::AtCap, 1), true)];
    let mut told = Vec::new();
    for turn in 0..24 {
        told.extend(look(&mut desk, if turn % 2 == 0 { &seen[..] } else { &[] }, false));
        desk.wait(2 * MINUTE_MS);
    }
    let flaps = told.iter().filter(|n| n.why == NoticeWhy::Flapping).count();
    assert_eq!(flaps, 1, "{told:?}");
    assert!(told.len() <= 4, "{told:?}");
    desk.wait(2 * HOUR_MS);
    look(&mut desk, &[], false);
    look(&mut desk, &seen, false);
    desk.wait(MINUTE_MS);
    assert_eq!(look(&mut desk, &seen, false)[0].why, NoticeWhy::Fired, "quiet for an hour, it speaks again");
}

#[test]
fn a_night_is_told_in_one_digest_and_what_pages_at_once() {
    let mut desk = two_reps(
        "calendar\n timezone Asia/Shanghai\n workdays Mon..Sun 09:00..18:00\nwatch surge when arrivals > 2x page\n",
    );
    desk.lead(|l| l);
    desk.wait(12 * HOUR_MS);
    let (quiet, page) = (key(AlertKind::AtCap, 1), key(AlertKind::Surge, 1));
    let mut loud = sighting(page, true);
    loud.detail.severity = Severity::Page;
    let seen = [sighting(quiet, true), loud];
    let mut told = Vec::new();
    for _ in 0..10 {
        told.extend(look(&mut desk, &seen, false));
        desk.wait(MINUTE_MS);
    }
    assert!(told.iter().all(|n| n.group == Some(AlertKind::Surge)) && told.len() == 1, "{told:?}");
    desk.wait(12 * HOUR_MS);
    let told = look(&mut desk, &seen, true);
    assert_eq!(told.iter().map(|n| (n.why, n.firing)).collect::<Vec<_>>(), [(NoticeWhy::Digest, 1)]);
    desk.wait(MINUTE_MS);
    assert_eq!(look(&mut desk, &seen, false), []);
}

#[test]
fn nobody_takes_it_on_and_it_escalates_three_times() {
    let mut desk = two_reps("watch at-cap warn, page after 15m\n");
    desk.lead(|l| l);
    let seen = [sighting(key(AlertKind::AtCap, 1), true)];
    let mut levels = Vec::new();
    for minute in 0..120 {
        let told = look(&mut desk, &seen, false);
        levels.extend(told.iter().filter(|n| n.why == NoticeWhy::Escalated).map(|_| minute));
        desk.wait(MINUTE_MS);
    }
    assert_eq!(levels, [15, 30, 45]);
}

#[test]
fn a_stalled_engine_speaks_for_what_follows_from_it() {
    let mut desk = two_reps("");
    desk.lead(|l| l);
    let stalled = AlertKey { kind: AlertKind::EngineStalled, subject: AlertSubject::Desk };
    let mut page = sighting(stalled, true);
    page.detail.severity = Severity::Page;
    let seen = [page, sighting(key(AlertKind::Starved, 1), true)];
    let mut told = Vec::new();
    for _ in 0..20 {
        told.extend(look(&mut desk, &seen, false));
        desk.wait(30 * SECOND_MS);
    }
    assert_eq!(told.iter().map(|n| n.group).collect::<Vec<_>>(), [Some(AlertKind::EngineStalled)]);
    assert_eq!(desk.world.alerts().len(), 2, "inhibited is not gone");
}

#[test]
fn what_is_no_longer_watched_does_not_say_it_recovered() {
    let mut desk = two_reps("");
    desk.lead(|l| l);
    look(&mut desk, &[sighting(key(AlertKind::AtCap, 1), true)], false);
    desk.publish("rule E\n give to team E\notherwise wait\nwatch at-cap off\n");
    look(&mut desk, &[], false);
    let last = desk.host.events.iter().rev().find_map(|e| match &e.body {
        Body::AlertCleared { cleared, .. } => Some(cleared.why),
        _ => None,
    });
    assert_eq!(last, Some(Ending::Unwatched));
}
