//! The life of an alert against a reference model: the table of states written down a second time, as plainly as it can be.
//! Random sightings, random hands, time that jumps and goes back, restarts at any step. The model knows nothing of silences,
//! so that it agrees shows that suppression changes no condition.

use std::collections::{BTreeMap, BTreeSet};

use leadyard::engine::{AlertStep, AlertWish, Intent, Refusal};
use leadyard::model::actor::Role;
use leadyard::model::alert::{
    AlertKey, AlertKind, AlertSubject, Detail, Ending, Finding, Handling, Notice, NoticeWhy, Severity,
    Sighting,
};
use leadyard::model::event::Body;
use leadyard::model::id::{LeadId, RepId, Seq};
use leadyard::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};
use leadyard::watch::lifecycle::{AFTER_HAND_MS, GAP_MS, STEPS_MAX, notices, steps};
use leadyard::watch::terms::terms;
use leadyard::world::World;
use proptest::prelude::*;

use crate::desk::Desk;

fn key(kind: AlertKind, rep: u32) -> AlertKey {
    AlertKey { kind, subject: AlertSubject::Rep(RepId(rep)) }
}

fn sighting(key: AlertKey, breach: bool) -> Sighting {
    let finding = Finding { key, count: 1, leads: Vec::new(), figure: 2, limit: 1 };
    Sighting { finding, detail: Detail::default(), breach }
}

/// One look with these sightings; what was told.
fn look(desk: &mut Desk, seen: &[Sighting], gap: bool) -> Vec<Notice> {
    look_at(desk, seen, &|_| true, gap)
}

fn look_at(desk: &mut Desk, seen: &[Sighting], judged: &dyn Fn(AlertKind) -> bool, gap: bool) -> Vec<Notice> {
    let moment = desk.moment();
    let mut all = notices(&desk.world, &moment);
    all.extend(steps(&desk.world, &moment, seen, judged, gap).steps);
    if !all.is_empty() {
        desk.engine(Intent::Watch { steps: all.clone() }).unwrap();
    }
    let told = |step| if let AlertStep::Notice(notice) = step { Some(*notice) } else { None };
    all.into_iter().filter_map(told).collect()
}

fn two_reps(book: &str) -> Desk {
    Desk::new(&format!("rule E\n give to team E\n{book}otherwise wait\n"))
        .rep("li", |r| r.team("E"))
        .rep("ou", |r| r.team("E"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    Inactive,
    Pending(Millis),
    Firing,
    Recovering(Option<Millis>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Breach,
    InBand,
    Clear,
    NoData,
}

/// The table of states.
fn next(model: Model, reading: Reading, now: Millis, (last, keep): (i64, i64), gap: bool) -> Model {
    use Model::{Firing, Inactive, Pending, Recovering};
    match (model, reading) {
        (any, Reading::NoData) => any,
        (Inactive, Reading::Breach) => {
            if last == 0 {
                Firing
            } else {
                Pending(now)
            }
        }
        (Pending(_), Reading::Breach) if gap && last > 0 => Pending(now),
        (Pending(since), Reading::Breach) => {
            if now.since(since) >= last {
                Firing
            } else {
                model
            }
        }
        (Inactive | Pending(_), _) => Inactive,
        (Firing | Recovering(_), Reading::Breach) => Firing,
        (Firing, Reading::InBand) => Firing,
        (Recovering(_), Reading::InBand) => Recovering(None),
        (Firing | Recovering(_), Reading::Clear) if keep == 0 => Inactive,
        (Firing | Recovering(None), Reading::Clear) => Recovering(Some(now)),
        (Recovering(Some(since)), Reading::Clear) => {
            if now.since(since) >= keep {
                Inactive
            } else {
                model
            }
        }
    }
}

fn condition(world: &World, key: AlertKey) -> Model {
    match (world.alerts().get(&key), world.pending_alerts().get(&key)) {
        (Some(alert), None) => alert.recovery.map_or(Model::Firing, |r| Model::Recovering(r.clear_since)),
        (None, Some(pending)) => Model::Pending(pending.since),
        (None, None) => Model::Inactive,
        (Some(_), Some(_)) => panic!("{key:?} is open and pending"),
    }
}

const KINDS: [AlertKind; 3] = [AlertKind::AtCap, AlertKind::LoadUneven, AlertKind::Surge];

#[derive(Debug, Clone)]
enum Act {
    /// Seconds pass (or go back), then every key reads something.
    Look(i64, [u8; 6]),
    Handle(u8, u8),
    Silence(u8, u8),
    EndSilence,
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => (prop_oneof![Just(10i64), Just(60), Just(400), Just(700), Just(-30), Just(900)],
            prop::array::uniform6(0..8u8)).prop_map(|(s, r)| Act::Look(s, r)),
        3 => (0..6u8, 0..5u8).prop_map(|(k, w)| Act::Handle(k, w)),
        1 => (0..6u8, 0..3u8).prop_map(|(k, h)| Act::Silence(k, h)),
        1 => Just(Act::EndSilence),
        2 => Just(Act::Restart),
    ]
}

fn keys() -> Vec<AlertKey> {
    KINDS.into_iter().flat_map(|kind| [1, 2].map(|rep| key(kind, rep))).collect()
}

/// What was told so far, for the invariants about notices.
#[derive(Default)]
struct Told {
    fired: BTreeSet<Seq>,
    last_fired: BTreeMap<Seq, Millis>,
}

impl Told {
    fn check(&mut self, desk: &Desk, before: &World, notices: &[Notice]) {
        for notice in notices {
            for (key, episode) in &notice.keys {
                let open = before.alert_of(*episode);
                match notice.why {
                    NoticeWhy::Fired => {
                        let alert = open.unwrap_or_else(|| panic!("{key:?} was told before it fired"));
                        assert!(alert.noticed_at.is_none(), "told twice without a change");
                        assert!(alert.handling.is_open(desk.now), "told although somebody looks after it");
                        assert_eq!(before.suppressed(*key, desk.now), None, "told although suppressed");
                        self.fired.insert(*episode);
                    }
                    NoticeWhy::Resolved => {
                        assert!(open.is_none() && self.fired.contains(episode), "an end without a beginning");
                    }
                    NoticeWhy::Repeat | NoticeWhy::Lapsed => {
                        let last = self.last_fired.get(episode).copied().unwrap_or(Millis(0));
                        assert!(self.fired.contains(episode) && desk.now >= last);
                    }
                    NoticeWhy::Flapping | NoticeWhy::Escalated | NoticeWhy::Digest => {}
                }
                self.last_fired.insert(*episode, desk.now);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn alerts_live_by_the_table(acts in prop::collection::vec(act(), 1..60)) {
        let mut desk = two_reps("watch surge when arrivals > 2x for 5m page\n");
        desk.lead(|l| l);
        let mut model: BTreeMap<AlertKey, (Model, bool)> =
            keys().into_iter().map(|key| (key, (Model::Inactive, false))).collect();
        let mut told = Told::default();
        for act in acts {
            match act {
                Act::Look(seconds, readings) => {
                    desk.now = Millis(desk.now.0 + seconds * SECOND_MS);
                    let gap = seconds * SECOND_MS > GAP_MS;
                    let mut seen = Vec::new();
                    let blind = readings[0] == 7;
                    for (key, reading) in keys().into_iter().zip(readings) {
                        let reading = match reading {
                            _ if blind && key.kind == AlertKind::Surge => Reading::NoData,
                            0..=3 => Reading::Breach,
                            4 => Reading::InBand,
                            _ => Reading::Clear,
                        };
                        match reading {
                            Reading::Breach => seen.push(sighting(key, true)),
                            Reading::InBand => seen.push(sighting(key, false)),
                            Reading::Clear | Reading::NoData => {}
                        }
                        let t = terms(&desk.world, key.kind, desk.now);
                        let (state, by_hand) = model[&key];
                        let last = if by_hand { t.for_ms.max(AFTER_HAND_MS) } else { t.for_ms };
                        let after = next(state, reading, desk.now, (last, t.keep_ms), gap);
                        let over = after == Model::Inactive && !matches!(state, Model::Inactive | Model::Pending(_));
                        model.insert(key, (after, by_hand && !over));
                    }
                    let before = desk.world.clone();
                    let judged = |kind| !(blind && kind == AlertKind::Surge);
                    let notices = look_at(&mut desk, &seen, &judged, gap);
                    told.check(&desk, &before, &notices);
                }
                Act::Handle(which, wish) => {
                    let key = keys()[usize::from(which)];
                    let Some(episode) = desk.world.alerts().get(&key).map(|a| a.fired_seq) else { continue };
                    let wish = match wish {
                        0 => AlertWish::Acknowledge { until: None },
                        1 => AlertWish::Snooze { until: desk.now.plus(HOUR_MS) },
                        2 => AlertWish::Reopen,
                        3 => AlertWish::Comment,
                        _ => AlertWish::Close(Ending::FalseAlarm),
                    };
                    let closes = matches!(wish, AlertWish::Close(_));
                    let done = desk.run(Intent::HandleAlert { key, episode, wish, note: "x".into() });
                    prop_assert!(matches!(done, Ok(_) | Err(Refusal::NothingToDo)));
                    if closes {
                        model.insert(key, (Model::Inactive, true));
                    }
                }
                Act::Silence(which, hours) => {
                    let key = keys()[usize::from(which)];
                    let until = desk.now.plus(i64::from(hours + 1) * HOUR_MS);
                    let (kind, subject) = (Some(key.kind), Some(key.subject));
                    desk.run(Intent::SetSilence { kind, subject, until, reason: "".into() }).unwrap();
                }
                Act::EndSilence => {
                    let live = desk.world.silences().iter().find(|(_, s)| s.is_live(desk.now)).map(|(id, _)| *id);
                    if let Some(silence) = live {
                        desk.run(Intent::EndSilence { silence }).unwrap();
                    }
                }
                Act::Restart => {
                    let again = World::decode(&desk.world.encode().unwrap()).unwrap();
                    let moment = desk.moment();
                    prop_assert_eq!(notices(&again, &moment), notices(&desk.world, &moment));
                    desk.world = again;
                }
            }
            for (key, (state, _)) in &model {
                prop_assert_eq!(condition(&desk.world, *key), *state, "{:?}", key);
            }
        }
    }
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
    let mut desk = two_reps("watch at-cap when full >= 80% warn, page after 15m\n");
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
