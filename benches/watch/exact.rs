//! Exact detectors on the real engine: from the moment a limit is passed, known beforehand, to the look that raises the alert.
//! The leader looks every ten seconds; the moment falls anywhere between two looks.

use leadyard::engine::{Intent, NewLead};
use leadyard::model::actor::Role;
use leadyard::model::alert::AlertKind;
use leadyard::model::event::Body;
use leadyard::model::id::LeadId;
use leadyard::model::key::{ContactKind, KeyHash};
use leadyard::model::mode::Mode;
use leadyard::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};
use leadyard::watch::{Outbox, Site};

use super::arrivals::Dice;
use super::floor::Floor;
use super::rig::START;

/// Time between two looks.
const TICK_MS: i64 = 10 * SECOND_MS;

/// A fault: the alert, the book's lines, and what happens. It gives the moment at which the alert is due.
type Case = (&'static str, AlertKind, &'static str, fn(&mut Floor, &mut Dice, &str) -> Millis);

const CASES: &[Case] = &[
    ("stalled engine", AlertKind::EngineStalled, "", stalled),
    ("leads wait", AlertKind::Delayed, "", delayed),
    ("a long queue", AlertKind::Queue, "watch delayed when queue > 5 for 1m warn\n", queue),
    ("leads put aside are missed", AlertKind::Missed, "", missed),
    ("one person, two owners", AlertKind::Duplicate, "", doubled),
    ("a rep at the cap", AlertKind::AtCap, "", at_cap),
    ("half of the reps at the cap", AlertKind::Full, "watch at-cap when full >= 50% for 1m warn\n", full),
    ("one full beside one empty", AlertKind::LoadUneven, "", lopsided),
    ("a slow rep: nobody contacted", AlertKind::Untouched, "replies from web\n", slow),
    ("a slow rep: leads pile up", AlertKind::Hoarded, "replies from web\n", hoards),
    ("a slow rep: past the response limit", AlertKind::Overdue, "", overdue),
    ("the lead changes hands", AlertKind::LeaseFlapping, "", flapping),
    ("the disk is nearly full", AlertKind::DiskLow, "", disk),
    ("a notice does not get out", AlertKind::OutboxStuck, "", outbox),
];

/// What came of a case.
pub struct Seen {
    pub name: &'static str,
    pub seeds: u64,
    /// Seeds in which it was raised within a tick, and before its time.
    pub in_time: u64,
    pub early: u64,
    pub slowest_ms: i64,
}

pub fn all(seeds: u64) -> Vec<Seen> {
    CASES.iter().map(|case| one(case, seeds)).collect()
}

fn one((name, kind, line, happens): &Case, seeds: u64) -> Seen {
    let mut seen = Seen { name, seeds, in_time: 0, early: 0, slowest_ms: 0 };
    for seed in 0..seeds {
        let mut dice = Dice::new(seed + 31);
        let mut floor = Floor::new(START.plus(10 * HOUR_MS));
        let respond = if *kind == AlertKind::Overdue { " respond within 10m, else escalate\n" } else { "" };
        let needs =
            if *kind == AlertKind::Hoarded { "rule H\n when region = h\n give to rep r1\n" } else { "" };
        let book = format!("{needs}rule A\n give to team E\n{respond}otherwise wait\n{line}");
        let due = happens(&mut floor, &mut dice, &book);
        // The looks of a leader that began at any moment; a quarter of an hour before is early enough for every `for`.
        let begin = floor.now.max(due.plus(-15 * MINUTE_MS));
        floor.now = begin.plus(i64::try_from(dice.below(TICK_MS.unsigned_abs())).unwrap_or(0));
        let mut found = None;
        while found.is_none() && floor.now.since(due) <= 5 * MINUTE_MS {
            if *kind == AlertKind::Overdue {
                floor.give(Role::Engine, Intent::Timers);
            }
            found = floor.look(*kind != AlertKind::EngineStalled).contains(kind).then_some(floor.now);
            floor.now = floor.now.plus(TICK_MS);
        }
        let Some(found) = found else { continue };
        seen.early += u64::from(found < due);
        let late = found.since(due);
        seen.slowest_ms = seen.slowest_ms.max(late);
        seen.in_time += u64::from(late <= TICK_MS && found >= due);
    }
    seen
}

/// A random time of up to two minutes passes.
fn pass(floor: &mut Floor, dice: &mut Dice) {
    floor.now = floor.now.plus(i64::try_from(dice.below(2 * MINUTE_MS.unsigned_abs())).unwrap_or(0));
}

/// Leads arrive and nobody serves them: their arrivals without what followed.
fn stalled(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, None);
    floor.publish(book);
    floor.give(Role::Admin, Intent::SetMode(Mode::Paused));
    for _ in 0..4 {
        pass(floor, dice);
        floor.receive(|_| {});
    }
    let mut event = floor.host.events[floor.host.events.len() - 1].clone();
    event.seq.0 += 1;
    event.body = Body::ModeSet { before: Mode::Paused, after: Mode::Auto };
    floor.world.apply(&event);
    floor.now.plus(6 * MINUTE_MS)
}

fn delayed(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, Some(0));
    floor.publish(book);
    pass(floor, dice);
    floor.receive(|_| {});
    floor.now.plus(5 * MINUTE_MS)
}

fn queue(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, Some(0));
    floor.publish(book);
    for _ in 0..6 {
        pass(floor, dice);
        floor.receive(|_| {});
    }
    floor.now.plus(MINUTE_MS)
}

fn missed(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, None);
    floor.publish(book);
    floor.receive(|_| {});
    pass(floor, dice);
    let leads: Vec<LeadId> = floor.world.leads().map(|l| l.id).collect();
    floor.give(Role::Coordinator, Intent::Park { leads, reason: "".into() });
    floor.now.plus(2 * HOUR_MS)
}

fn doubled(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, None);
    floor.hire(2, None);
    floor.publish(book);
    let known = |lead: &mut NewLead| lead.keys.push(KeyHash { kind: ContactKind::Phone, hash: 5 });
    floor.receive(known);
    pass(floor, dice);
    floor.receive(known);
    floor.now
}

fn at_cap(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, Some(3));
    floor.publish(book);
    for _ in 0..3 {
        pass(floor, dice);
        floor.receive(|_| {});
    }
    floor.now
}

fn full(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, Some(1));
    floor.hire(2, Some(9));
    floor.publish(book);
    for _ in 0..2 {
        pass(floor, dice);
        floor.receive(|_| {});
    }
    floor.now.plus(MINUTE_MS)
}

fn lopsided(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, Some(10));
    floor.publish(book);
    for _ in 0..9 {
        floor.receive(|_| {});
    }
    pass(floor, dice);
    floor.hire(2, Some(10));
    floor.now.plus(10 * MINUTE_MS)
}

fn slow(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, None);
    floor.publish(book);
    pass(floor, dice);
    floor.receive(|_| {});
    floor.now.plus(24 * HOUR_MS)
}

fn hoards(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    for n in 1..4 {
        floor.hire(n, None);
    }
    floor.publish(book);
    pass(floor, dice);
    for _ in 0..9 {
        floor.receive(|lead| lead.attrs.region = "h".into());
    }
    floor.now.plus(48 * HOUR_MS + MINUTE_MS)
}

fn overdue(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, None);
    floor.publish(book);
    pass(floor, dice);
    floor.receive(|_| {});
    floor.now.plus(10 * MINUTE_MS)
}

fn flapping(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, None);
    floor.publish(book);
    pass(floor, dice);
    floor.site = Site { leaders_an_hour: Some(6), ..Site::NONE };
    floor.now
}

fn outbox(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, None);
    floor.publish(book);
    pass(floor, dice);
    floor.site = Site { outbox: Some(Outbox { oldest: Some(floor.now), given_up: 0 }), ..Site::NONE };
    floor.now.plus(15 * MINUTE_MS)
}

fn disk(floor: &mut Floor, dice: &mut Dice, book: &str) -> Millis {
    floor.hire(1, None);
    floor.publish(book);
    pass(floor, dice);
    floor.site = Site { free_bytes: Some(100 << 20), ..Site::NONE };
    floor.now.plus(MINUTE_MS)
}
