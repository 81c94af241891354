//! One desk through its weeks: arrivals, who gets them, what goes wrong from a moment on, and what the watch says of it. A
//! player can be copied at any moment, so that every fault of a seed grows out of the same quiet weeks.

use leadyard::model::alert::{AlertKey, AlertKind, AlertSubject};
use leadyard::model::id::RepId;
use leadyard::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};

use super::arrivals::{Arrivals, Dice};
use super::rig::Rig;
use super::stream::Stream;

/// Time between two looks of a quiet desk; the leader's ten seconds would see no more, as only arrivals change anything.
const LOOK_MS: i64 = 15 * MINUTE_MS;
/// The same where a moment counts.
const CLOSE_LOOK_MS: i64 = MINUTE_MS;

/// What goes wrong, from a moment on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    None,
    /// The first rep's weight is doubled behind the book's back.
    Share,
    /// The largest source is cut.
    Cut,
    /// A publish breaks the first rule.
    Broken,
    /// The last rep is free and passed over.
    Starved,
    /// A promotion nobody told the book of: the largest source sends many times as much for half a day.
    Promotion,
    /// The largest source stops sending a phone number with two of three leads.
    Dirty,
}

impl Fault {
    pub const ALL: [Fault; 6] =
        [Fault::Starved, Fault::Share, Fault::Broken, Fault::Dirty, Fault::Cut, Fault::Promotion];

    pub fn kind(self) -> Option<AlertKind> {
        Some(match self {
            Fault::None => return None,
            Fault::Share => AlertKind::Uneven,
            Fault::Cut => AlertKind::Drought,
            Fault::Broken => AlertKind::RuleSilent,
            Fault::Starved => AlertKind::Starved,
            Fault::Promotion => AlertKind::Surge,
            Fault::Dirty => AlertKind::DirtyFields,
        })
    }

    /// When it begins, on a synthetic desk: a weekday's morning, after as much history as its detector needs.
    pub fn at(self, start: Millis) -> Millis {
        let (day, hour) = match self {
            Fault::Starved => (8, 10),
            Fault::Share => (14, 10),
            Fault::Broken | Fault::Dirty => (22, 10),
            Fault::Cut => (29, 11),
            Fault::Promotion => (37, 10),
            Fault::None => (1_000, 0),
        };
        start.plus(day * DAY_MS + hour * HOUR_MS)
    }

    /// Whether what it does shows in the leads of the largest source alone.
    pub fn is_of_source(self) -> bool {
        matches!(self, Fault::Cut | Fault::Promotion | Fault::Dirty)
    }

    fn look_ms(self) -> i64 {
        match self {
            Fault::None | Fault::Share | Fault::Starved => LOOK_MS,
            _ => CLOSE_LOOK_MS,
        }
    }
}

/// Sources of a synthetic desk, and how many of a hundred leads of each come without a phone number.
pub const SOURCES: usize = 4;
pub const EMPTY: [u64; SOURCES] = [8, 5, 25, 45];
/// Rules of the book. Of a hundred leads the first takes twenty, two more five and two, the last the rest.
pub const RULES: usize = 4;
const NAMES: [&str; RULES] = ["A", "C", "D", "B"];

/// How many times as much a promotion brings. A small desk sees only what stands out of its clumps.
pub fn times(reps: u32) -> u32 {
    if reps < 10 { 16 } else { 8 }
}

/// A lead as it fell.
#[derive(Clone, Copy)]
pub struct Turn {
    pub at: Millis,
    pub rep: u32,
    pub source: u16,
    /// Which rule matched.
    pub rule: u8,
    /// Without a phone number.
    pub empty: bool,
}

/// What came of a stream.
#[derive(Clone, Default)]
pub struct Run {
    /// Alerts fired on a desk with nothing wrong, or about something else.
    pub wrong: Vec<(Millis, AlertKey)>,
    /// Leads (those of the faulty source where the fault is in one) and time from the fault to the alert.
    pub found: Option<(u64, i64)>,
    pub turns: Vec<Turn>,
    /// Turns before the fault, when it began, and the end.
    pub before: usize,
    pub at: Millis,
    pub end: Millis,
    pub weeks: f64,
}

#[derive(Clone)]
pub struct Player<'a> {
    reps: u32,
    arrivals: &'a Arrivals,
    rig: Rig,
    stream: Stream,
    dice: Dice,
    place: usize,
    next_look: Millis,
    fault: Fault,
    of_fault: u64,
    pub run: Run,
}

impl<'a> Player<'a> {
    pub fn new(reps: u32, arrivals: &'a Arrivals, seed: u64) -> Player<'a> {
        let mut stream = Stream::new(arrivals.start);
        stream.publish();
        Player {
            reps,
            arrivals,
            rig: Rig::new(reps),
            stream,
            dice: Dice::new(seed ^ 0xA5A5),
            place: 0,
            next_look: arrivals.start.plus(LOOK_MS),
            fault: Fault::None,
            of_fault: 0,
            run: Run { at: arrivals.end(), end: arrivals.end(), ..Run::default() },
        }
    }

    /// Goes on until `until`, with nothing wrong.
    pub fn quiet(&mut self, until: Millis) {
        while self.stream.now < until {
            self.step(until);
        }
        self.run.weeks = until.since(self.arrivals.start) as f64 / (7 * DAY_MS) as f64;
    }

    /// The rest of the weeks with `fault` from now on; looks until it is found, then only notes what comes.
    pub fn with(mut self, fault: Fault) -> Run {
        self.fault = fault;
        (self.run.before, self.run.at) = (self.run.turns.len(), self.stream.now);
        self.run.wrong.clear();
        self.of_fault = 0;
        if fault == Fault::Broken {
            self.stream.publish();
        }
        self.next_look = self.stream.now.plus(fault.look_ms());
        let end = self.arrivals.end();
        while self.stream.now < end {
            self.step(end);
        }
        self.run
    }

    fn step(&mut self, until: Millis) {
        let next = self.arrivals.leads.get(self.place).filter(|(when, ..)| *when < self.next_look.min(until));
        if let Some((when, source, clump)) = next {
            self.place += 1;
            self.stream.now = *when;
            self.arrive(*source, *clump);
            return;
        }
        self.stream.now = self.next_look.min(until);
        if self.next_look > until {
            return;
        }
        let came = self.run.turns.last().is_some_and(|t| self.stream.now.since(t.at) <= LOOK_MS);
        let idle = if self.fault == Fault::None { HOUR_MS } else { 5 * MINUTE_MS };
        self.next_look = self.next_look.plus(if came { self.fault.look_ms() } else { idle });
        if self.run.found.is_none() {
            self.look();
        }
    }

    /// A lead, or as many as a promotion makes of it.
    fn arrive(&mut self, source: u16, clump: Option<u64>) {
        let (largest, since) = (source == 0, self.stream.now.since(self.run.at));
        if self.fault == Fault::Cut && largest {
            self.of_fault += 1;
            return;
        }
        let surges = self.fault == Fault::Promotion && largest && since < 12 * HOUR_MS;
        for _ in 0..if surges { times(self.reps) } else { 1 } {
            self.lead(source, clump);
        }
    }

    fn lead(&mut self, source: u16, clump: Option<u64>) {
        let (fault, reps) = (self.fault, u64::from(self.reps));
        let usual = EMPTY[usize::from(source) % SOURCES];
        let empty =
            self.dice.below(100) < usual || (fault == Fault::Dirty && source == 0 && self.dice.below(3) < 2);
        let favoured = fault == Fault::Share && self.dice.below(reps + 1) == 0;
        let passed = reps - u64::from(fault == Fault::Starved);
        // A clump sticks to one rep, as a company's people do to their owner.
        let rep = match clump {
            _ if favoured => 1,
            Some(rep) => (rep % passed) + 1,
            None => self.dice.below(passed) + 1,
        };
        let rep = u32::try_from(rep).unwrap_or(1);
        let rule = match self.dice.below(100) {
            0..20 if fault != Fault::Broken => 0,
            20..25 => 1,
            25..27 => 2,
            _ => 3,
        };
        self.run.turns.push(Turn { at: self.stream.now, rep, source, rule, empty });
        self.of_fault += u64::from(!fault.is_of_source() || source == 0);
        if self.run.found.is_some() {
            return;
        }
        let everybody: Vec<RepId> = (1..=self.reps).map(RepId).collect();
        let lead = self.stream.lead(&format!("source {source}"), |a| a.has_phone = !empty);
        self.stream.assign(lead, RepId(rep), &everybody, &[], &[NAMES[usize::from(rule)]]);
    }

    fn look(&mut self) {
        let now = self.stream.now;
        for key in self.rig.look(&self.stream) {
            if self.fault.kind() == Some(key.kind) && about(self.fault, self.reps, key) {
                self.run.found = self.run.found.or(Some((self.of_fault, now.since(self.run.at))));
            } else if !follows(self.fault, key.kind) {
                self.run.wrong.push((now, key));
            }
        }
    }
}

/// Whether an alert is about what the fault did.
fn about(fault: Fault, reps: u32, key: AlertKey) -> bool {
    match (fault, key.subject) {
        (Fault::Share, AlertSubject::Rep(rep)) => rep == RepId(1),
        (Fault::Starved, AlertSubject::Rep(rep)) => rep == RepId(reps),
        (Fault::Share | Fault::Starved, _) => false,
        _ => true,
    }
}

/// Kinds that a fault brings about beside its own, rightly.
fn follows(fault: Fault, kind: AlertKind) -> bool {
    matches!(
        (fault, kind),
        (Fault::Broken, AlertKind::RateShift)
            | (Fault::Starved, AlertKind::Uneven)
            | (Fault::Promotion, AlertKind::Uneven)
    )
}
