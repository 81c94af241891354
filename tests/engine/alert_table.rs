//! The life of an alert against a reference model: the table of states written down a second time, as plainly as it can be.
//! Random sightings, random hands, nights, time that jumps and goes back, restarts at any step. What must hold whatever comes:
//!
//! - I1 a key has one open episode at most, and is not pending beside it; I2 nothing is told before it fires;
//! - I3 an episode is told once, then repeated no sooner than its time; its end only to whoever was told its beginning;
//! - I4 what goes on untouched is told 1 + ⌊(T − wait) ÷ R⌋ times;
//! - I5 the model knows nothing of silences, inhibition and nights, so that it agrees shows that they change no condition;
//! - I6 a desk that is restarted at any step, from its image or from the log, tells exactly what one that is not does;
//! - I7 no hand on an episode reaches the next; I8 time that goes back brings about nothing by itself;
//! - I9 the state is the fold of the log (`Desk` checks it on drop); I10 a storm is one notice a group.

use std::collections::{BTreeMap, BTreeSet};

use leadyard::engine::{AlertStep, AlertWish, Intent, Refusal};
use leadyard::model::alert::{
    AlertKey, AlertKind, AlertSubject, Ending, Handling, Notice, NoticeWhy, Severity, Sighting,
};
use leadyard::model::id::Seq;
use leadyard::model::time::{HOUR_MS, Millis, SECOND_MS};
use leadyard::watch::lifecycle::{
    AFTER_HAND_MS, GAP_MS, GROUP_WAIT_MS, LEVELS_MAX, REPEAT_MS, REPEAT_PAGE_MS, notices, steps,
};
use leadyard::watch::terms::terms;
use leadyard::world::World;
use leadyard::world::alerts::ENDED_KEPT_MS;
use proptest::prelude::*;

use crate::alerts::{key, look, look_at, sighting, two_reps};
use crate::desk::Desk;

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
/// Its alert speaks for those on loads: they are inhibited while it fires.
const ENGINE: AlertKey = AlertKey { kind: AlertKind::EngineStalled, subject: AlertSubject::Desk };
const NIGHTS: &str = "calendar\n timezone Asia/Shanghai\n workdays Mon..Sun 09:00..18:00\n";

#[derive(Debug, Clone)]
enum Act {
    /// Seconds pass (or go back), then every key reads something.
    Look(i64, [u8; 7]),
    Handle(u8, u8),
    Silence(u8, u8),
    EndSilence,
    /// From the image, or from the log.
    Restart(bool),
}

fn act() -> impl Strategy<Value = Act> {
    let seconds = prop_oneof![4 => Just(10i64), 4 => Just(60), 2 => Just(400), 2 => Just(700), 2 => Just(-30), 2 => Just(900),
            1 => Just(-7200), 1 => Just(5 * 3600)];
    prop_oneof![
        12 => (seconds, prop::array::uniform7(0..8u8)).prop_map(|(s, r)| Act::Look(s, r)),
        3 => (0..7u8, 0..5u8).prop_map(|(k, w)| Act::Handle(k, w)),
        1 => (0..7u8, 0..3u8).prop_map(|(k, h)| Act::Silence(k, h)),
        1 => Just(Act::EndSilence),
        2 => any::<bool>().prop_map(Act::Restart),
    ]
}

fn keys() -> Vec<AlertKey> {
    KINDS.into_iter().flat_map(|kind| [1, 2].map(|rep| key(kind, rep))).chain([ENGINE]).collect()
}

/// What was told so far, for the invariants about notices.
#[derive(Default)]
struct Told {
    all: Vec<(Millis, Notice)>,
    fired: BTreeSet<Seq>,
    last: BTreeMap<AlertKind, Millis>,
}

impl Told {
    fn check(&mut self, desk: &Desk, before: &World, notices: &[Notice]) {
        for notice in notices {
            for (key, episode) in &notice.keys {
                self.check_one(desk, before, notice, *key, *episode);
            }
            match notice.group {
                Some(group) => drop(self.last.insert(group, desk.now)),
                None if notice.why == NoticeWhy::Digest => {
                    self.last.extend(AlertKind::ALL.map(|kind| (kind, desk.now)));
                }
                None => {}
            }
            self.all.push((desk.now, notice.clone()));
        }
    }

    fn check_one(&mut self, desk: &Desk, before: &World, notice: &Notice, key: AlertKey, episode: Seq) {
        let open = before.alert_of(episode);
        match notice.why {
            NoticeWhy::Fired | NoticeWhy::Digest => {
                let alert = open.unwrap_or_else(|| panic!("{key:?} was told before it fired"));
                assert!(alert.noticed_at.is_none(), "told twice without a change");
                assert!(alert.handling.is_open(desk.now), "told although somebody looks after it");
                assert_eq!(before.suppressed(key, desk.now), None, "told although suppressed");
                self.fired.insert(episode);
            }
            NoticeWhy::Resolved => {
                assert!(open.is_none() && self.fired.contains(&episode), "an end without a beginning");
            }
            NoticeWhy::Repeat => {
                assert!(self.fired.contains(&episode), "repeated although never told");
                let last = self.last[&key.kind];
                let every = if notice.severity == Severity::Page { REPEAT_PAGE_MS } else { REPEAT_MS };
                assert!(desk.now.since(last) >= every, "repeated after {} ms", desk.now.since(last));
            }
            NoticeWhy::Lapsed => assert!(self.fired.contains(&episode)),
            NoticeWhy::Flapping => assert!(open.is_some()),
            NoticeWhy::Escalated => {
                let alert = open.expect("only what is open escalates");
                assert!(
                    alert.level < LEVELS_MAX && alert.handling.is_open(desk.now) && alert.recovery.is_none()
                );
            }
        }
    }
}

/// A desk, the model of it, and what it told.
struct Script {
    desk: Desk,
    /// Each with when a person closed it, as long as that is remembered.
    model: BTreeMap<AlertKey, (Model, Option<Millis>)>,
    told: Told,
    /// Restarts are obeyed.
    shaken: bool,
}

impl Script {
    fn new(nights: bool, shaken: bool) -> Script {
        let calendar = if nights { NIGHTS } else { "" };
        let watch = "watch surge when arrivals > 2x for 5m page\nwatch at-cap warn, page after 15m\n";
        let mut desk = two_reps(&format!("{calendar}{watch}"));
        desk.lead(|l| l);
        let model = keys().into_iter().map(|key| (key, (Model::Inactive, None))).collect();
        Script { desk, model, told: Told::default(), shaken }
    }

    fn play(&mut self, act: &Act) {
        match act {
            Act::Look(seconds, readings) => self.look(*seconds, *readings),
            Act::Handle(which, wish) => self.handle(keys()[usize::from(*which)], *wish),
            Act::Silence(which, hours) => {
                let key = keys()[usize::from(*which)];
                let until = self.desk.now.plus(i64::from(hours + 1) * HOUR_MS);
                let (kind, subject) = (Some(key.kind), Some(key.subject));
                self.desk.run(Intent::SetSilence { kind, subject, until, reason: "".into() }).unwrap();
            }
            Act::EndSilence => {
                let mut all = self.desk.world.silences().iter();
                let live = all.find(|(_, s)| s.is_live(self.desk.now)).map(|(id, _)| *id);
                if let Some(silence) = live {
                    self.desk.run(Intent::EndSilence { silence }).unwrap();
                }
            }
            Act::Restart(from_log) if self.shaken => {
                self.desk.world = if *from_log {
                    self.desk.replayed()
                } else {
                    World::decode(&self.desk.world.encode().unwrap()).unwrap()
                };
            }
            Act::Restart(_) => {}
        }
        for (key, (state, _)) in &self.model {
            assert_eq!(condition(&self.desk.world, *key), *state, "{key:?}");
        }
    }

    fn look(&mut self, seconds: i64, readings: [u8; 7]) {
        let desk = &mut self.desk;
        let (was, ms) = (desk.now, seconds * SECOND_MS);
        desk.now = Millis(was.0 + ms);
        let gap = ms > GAP_MS;
        let mut seen = Vec::new();
        let blind = readings[0] == 7;
        let mut begun = Vec::new();
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
            if let Some(seen) = seen.last_mut().filter(|seen| seen.finding.key == key) {
                seen.detail.severity = t.severity;
            }
            let (state, by_hand) = self.model[&key];
            let by_hand = by_hand.filter(|at| desk.now.since(*at) <= ENDED_KEPT_MS);
            let last = if by_hand.is_some() { t.for_ms.max(AFTER_HAND_MS) } else { t.for_ms };
            let after = next(state, reading, desk.now, (last, t.keep_ms), gap);
            let is_shut = matches!(state, Model::Inactive | Model::Pending(_));
            if is_shut && after == Model::Firing {
                begun.push(key);
            }
            self.model.insert(key, (after, by_hand.filter(|_| after != Model::Inactive || is_shut)));
        }
        let judged = |kind| !(blind && kind == AlertKind::Surge);
        if ms < 0 {
            nothing_new(desk, &seen, &judged, was);
        }
        let before = desk.world.clone();
        let notices = look_at(desk, &seen, &judged, gap);
        self.told.check(desk, &before, &notices);
        for key in begun {
            let alert = &desk.world.alerts()[&key];
            assert_eq!((&alert.handling, alert.level), (&Handling::Open, 0), "a hand outlived its episode");
        }
    }

    fn handle(&mut self, key: AlertKey, wish: u8) {
        let Some(episode) = self.desk.world.alerts().get(&key).map(|a| a.fired_seq) else { return };
        let wish = match wish {
            0 => AlertWish::Acknowledge { until: None },
            1 => AlertWish::Snooze { until: self.desk.now.plus(HOUR_MS) },
            2 => AlertWish::Reopen,
            3 => AlertWish::Comment,
            _ => AlertWish::Close(Ending::FalseAlarm),
        };
        let closes = matches!(wish, AlertWish::Close(_));
        let done = self.desk.run(Intent::HandleAlert { key, episode, wish, note: "x".into() });
        assert!(matches!(done, Ok(_) | Err(Refusal::NothingToDo)), "{done:?}");
        if closes {
            self.model.insert(key, (Model::Inactive, Some(self.desk.now)));
        }
    }
}

/// The clock went back from `was`: nothing is over, told or late because of that which would not be so without it.
fn nothing_new(desk: &Desk, seen: &[Sighting], judged: &dyn Fn(AlertKind) -> bool, was: Millis) {
    let then = leadyard::world::Moment::at(desk.world.book().zone, was);
    let of = |moment: &leadyard::world::Moment| steps(&desk.world, moment, seen, judged, false).steps;
    let (here, there) = (of(&desk.moment()), of(&then));
    for step in here.iter().filter(|step| matches!(step, AlertStep::Clear { .. } | AlertStep::Fire(_))) {
        assert!(there.contains(step), "{step:?} only because the clock went back");
    }
    // Whether the desk is closed is the clock's to say, so only what the hour does not decide is compared.
    if desk.world.desk_time().is_always() {
        let told = |moment| notices(&desk.world, moment).into_iter();
        let whys = |moment| -> Vec<_> {
            told(moment)
                .filter_map(|s| if let AlertStep::Notice(n) = s { Some((n.group, n.why)) } else { None })
                .collect()
        };
        let (here, there) = (whys(&desk.moment()), whys(&then));
        let new = here.iter().find(|n| n.1 != NoticeWhy::Flapping && !there.contains(n));
        assert_eq!(new, None, "told only because the clock went back");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn alerts_live_by_the_table(nights in any::<bool>(), acts in prop::collection::vec(act(), 1..60)) {
        let (mut calm, mut shaken) = (Script::new(nights, false), Script::new(nights, true));
        for act in &acts {
            calm.play(act);
            shaken.play(act);
        }
        prop_assert_eq!(&calm.told.all, &shaken.told.all);
        prop_assert_eq!(&calm.desk.host.events, &shaken.desk.host.events);
    }

    #[test]
    fn what_nobody_touches_is_repeated_as_often_as_its_time_says(hours in 1..40i64, page in any::<bool>(), every in 1..6i64) {
        let line = if page { "watch at-cap page\n" } else { "" };
        let mut desk = two_reps(line);
        desk.lead(|l| l);
        let mut seen = sighting(key(AlertKind::AtCap, 1), true);
        if page {
            seen.detail.severity = Severity::Page;
        }
        let (step, end) = (every * 10 * SECOND_MS, desk.now.plus(hours * HOUR_MS));
        let mut told = Vec::new();
        let fired_at = desk.now;
        while desk.now <= end {
            told.extend(look(&mut desk, std::slice::from_ref(&seen), false).into_iter().map(|n| (desk.now, n)));
            desk.wait(step);
        }
        // Each is told at the first look at which it is due; looks are `step` apart, the first one fires.
        let up = |ms: i64| (ms + step - 1) / step * step;
        let (wait, repeat) = if page { (step, REPEAT_PAGE_MS) } else { (up(GROUP_WAIT_MS.max(1)), REPEAT_MS) };
        let want = 1 + (end.since(fired_at) - wait) / up(repeat);
        prop_assert_eq!(i64::try_from(told.len()).unwrap(), want, "{:?}", told.iter().map(|(at, n)| (at.since(fired_at), n.why)).collect::<Vec<_>>());
    }
}
