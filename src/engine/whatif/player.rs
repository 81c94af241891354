//! Replays a tape under a book: order by order, with the engine's own steps. What a person did is laid into the replayed
//! desk; what the engine did is decided anew.

mod given;
mod ticks;

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::scribe::{PARKED, Scribe, WAITS, known_owner};
use super::tape::{Kind, NONE, Step, Tape, rep_of};
use super::{Rules, Side, Tell};
use crate::engine::intent::{Intent, Order};
use crate::engine::route::LeadFacts;
use crate::engine::run::{Detail, Run, Step as Done, Stop};
use crate::engine::{pool, timers};
use crate::model::actor::{Actor, ENGINE, Role};
use crate::model::event::{Body, Event, IntentId, Received};
use crate::model::id::{BatchId, BookVersion, LeadId, Seq};
use crate::model::lead::{ArrivalKind, LeadState};
use crate::model::time::{MINUTE_MS, Millis};
use crate::rulebook::Book;
use crate::world::{Moment, World};

/// Orders between two looks at whether to go on.
const PULSE_EVERY: usize = 256;
/// Within a quarter of an hour no zone changes its hour: days, hours and weekdays are looked up once each.
const QUARTER_MS: i64 = 15 * MINUTE_MS;

/// What a replay keeps of each lead, in bytes: its fate, who has it in history, its next reply.
pub(super) const BYTES_A_LEAD: usize =
    size_of::<super::Fate>() + size_of::<super::course::Held>() + size_of::<u32>();

/// What must be the same for a clock to run as in history.
fn same_terms(a: &Book, b: &Book) -> bool {
    let limits = |book: &Book| -> BTreeMap<SmolStr, crate::rulebook::Respond> {
        book.rules.iter().filter_map(|r| Some((r.name.clone(), r.respond_within.clone()?))).collect()
    };
    a.zone == b.zone
        && a.calendar == b.calendar
        && a.replies_from == b.replies_from
        && a.promotions == b.promotions
        && a.pool == b.pool
        && limits(a) == limits(b)
}

/// A replay in progress. A clone of one that paused goes on from there, also under another book.
#[derive(Clone)]
pub struct Replay {
    tape: Arc<Tape>,
    world: World,
    scribe: Scribe,
    follows: bool,
    /// The book of history, as far as the replay has come.
    history: Arc<Book>,
    same_terms: bool,
    /// Some decision differed, or some limit does.
    diverged: bool,
    at: usize,
    ticks: ticks::Ticks,
    moment: Option<(i64, Moment)>,
    plain: Order,
    sweep: Order,
    arrival: Event,
    detail: Detail,
    now: Millis,
    /// Room for the events of an order.
    room: Vec<Event>,
}

fn order_of(intent: Intent) -> Order {
    // What follows from a person's act is theirs; the engine signs what it decides whoever asks.
    let actor = Actor { name: SmolStr::new_static("what-if"), role: Role::Coordinator, console: 0 };
    Order { id: IntentId(0), actor, intent, seen: Vec::new() }
}

fn never<T>(step: Done<Scribe, T>) -> Option<T> {
    match step {
        Ok(value) => Some(value),
        // The engine's own steps refuse nothing; what is given is checked before.
        Err(Stop::Refused(_)) => None,
        Err(Stop::Host(never)) => match never {},
    }
}

impl Replay {
    /// A replay of `tape` from `start`, the world before it.
    #[must_use]
    pub fn new(tape: &Arc<Tape>, start: &World, rules: &Rules, tell: Tell) -> Replay {
        let world = start.clone();
        let history = Arc::clone(&world.published().book);
        let mut scribe = Scribe::new(tape, start);
        let detail = match tell {
            Tell::Nothing => Detail::Counted(None),
            Tell::Lead(lead) => {
                scribe.told = Some(lead);
                Detail::Counted(Some(lead))
            }
            Tell::All => {
                scribe.keeps_all = true;
                Detail::Whole
            }
        };
        let now = world.last_at();
        let mut replay = Replay {
            tape: Arc::clone(tape),
            world,
            scribe,
            follows: *rules == Rules::AsPublished,
            history,
            same_terms: true,
            diverged: false,
            at: 0,
            ticks: ticks::Ticks::new(now),
            moment: None,
            plain: order_of(Intent::Receive { leads: Vec::new(), import: None }),
            sweep: order_of(Intent::Sweep),
            arrival: blank_arrival(),
            detail,
            now,
            room: Vec::new(),
        };
        if let Rules::Text(text) = rules {
            replay.publish(text);
        }
        replay
    }

    /// From here on `text` decides, as if it had been published now; whoever waits is served by it.
    pub fn publish(&mut self, text: &SmolStr) {
        self.follows = false;
        if *text == self.world.published().text {
            return;
        }
        let publish = Event {
            seq: Seq(self.world.seq().0 + 1),
            at: self.now,
            actor: SmolStr::new_static(ENGINE),
            role: Role::Engine,
            console: 0,
            intent: IntentId(0),
            batch: BatchId(0),
            undoes: None,
            body: Body::BookPublished {
                version: BookVersion(self.world.published().version.0 + 1),
                text: text.clone(),
                note: SmolStr::default(),
            },
        };
        self.world.apply(&publish);
        self.compare_books();
        if self.history.as_ref() != self.world.book() {
            self.scribe.placed.clear();
            self.scribe.decided.clear();
            self.carry_out(self.now, (false, true), |_| ());
            self.note_differences(&[]);
            self.follow_replies();
        }
    }

    /// What of the book in force here is as it was in history.
    fn compare_books(&mut self) {
        self.same_terms = same_terms(&self.history, self.world.book());
        self.scribe.same_duplicates = self.history.duplicates == self.world.book().duplicates;
        self.diverged = !self.same_terms || self.scribe.side.differing > 0;
    }

    /// How much of the tape has been replayed: events done and in all.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.at, self.tape.steps.len())
    }

    /// The replayed desk.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Replays up to `until` events of the tape, at the end of an order, asking `goes_on` now and then. False when it was
    /// told to stop.
    pub fn play(&mut self, until: usize, goes_on: &mut dyn FnMut(usize) -> bool) -> bool {
        let until = until.min(self.tape.steps.len());
        let mut orders = 0_usize;
        while self.at < until {
            let to = self.order_end(self.at);
            self.order_of_log(self.at, to);
            orders += 1;
            if orders.is_multiple_of(PULSE_EVERY) && !goes_on(self.at) {
                return false;
            }
        }
        true
    }

    /// Sums so far, without what became of each lead.
    #[must_use]
    pub(super) fn side(&self) -> Side {
        let side = &self.scribe.side;
        Side { fates: super::Rows::default(), parts: side.parts.clone(), told: Vec::new(), ..*side }
    }

    /// Bytes it takes besides the tape, the `published` side and what it shares with a replay from earlier on, about.
    pub(super) fn bytes(&self, published: &Side, earlier: Option<&Replay>) -> usize {
        let course = &self.scribe.course;
        self.scribe.side.fates.bytes_beside(&published.fates)
            + earlier.map_or(course.bytes(), |earlier| course.bytes_beside(&earlier.scribe.course))
            + self.world.open_count() * size_of::<crate::model::lead::Lead>() * 2
    }

    /// What came of it.
    #[must_use]
    pub fn finish(mut self) -> Side {
        let left = self.scribe.course.left_behind(&self.world, self.at);
        self.scribe.side.lost_replies += u32::try_from(left).unwrap_or(u32::MAX);
        self.scribe.side
    }

    fn order_end(&self, from: usize) -> usize {
        let rest = self.tape.steps.get(from + 1..).unwrap_or_default();
        rest.iter().position(|step| step.first).map_or(self.tape.steps.len(), |more| from + 1 + more)
    }

    /// `now` seen from the book's zone.
    fn moment(&mut self, now: Millis) -> Moment {
        let quarter = now.0.div_euclid(QUARTER_MS);
        match self.moment {
            Some((at, moment)) if at == quarter && moment.zone == self.world.book().zone => {
                Moment { now, ..moment }
            }
            _ => {
                let moment = Moment::at(self.world.book().zone, now);
                self.moment = Some((quarter, moment));
                moment
            }
        }
    }

    /// One order at `now`: `act`, then what follows every order. Unless it is `always` one, it is none when `act` does nothing;
    /// with `sweeps` the queue is served in any case.
    fn carry_out(
        &mut self,
        now: Millis,
        (sweeps, always): (bool, bool),
        act: impl FnOnce(&mut Run<'_, Scribe>),
    ) {
        self.now = now;
        self.world.look_at_clock(now);
        let moment = self.moment(now);
        let order = if sweeps { &self.sweep } else { &self.plain };
        let mut run =
            Run::new(&mut self.world, &mut self.scribe, order, moment, Role::Coordinator, self.detail);
        run.events = std::mem::take(&mut self.room);
        act(&mut run);
        // Where nothing of it has an object here, it was no order.
        let is_order = always || !run.events.is_empty();
        if is_order {
            never(run.aftermath());
            self.ticks.more = run.outcome.more;
        }
        self.room = std::mem::take(&mut run.events);
        self.room.clear();
        if is_order {
            self.look_again();
        }
    }

    /// Replays the events `from..to`, which one order left.
    fn order_of_log(&mut self, from: usize, to: usize) {
        let tape = Arc::clone(&self.tape);
        let steps = tape.steps.get(from..to).unwrap_or_default();
        let Some(first) = steps.first() else { return };
        let now = first.at;
        let serves = steps.iter().any(|s| matches!(s.kind, Kind::TimerTook | Kind::TimerTold));
        self.catch_up(now, serves);
        self.scribe.order_step = u32::try_from(from).unwrap_or(NONE);
        self.scribe.placed.clear();
        self.scribe.decided.clear();
        let takes_quiet = steps.iter().any(|s| s.kind == Kind::QuietTook);
        let fresh = self.arrivals(steps, now);
        let gives = steps.iter().any(|s| matches!(s.kind, Kind::Given | Kind::Reply));
        let sweeps = fresh.is_none() && !gives && !serves && !takes_quiet;
        // A desk that goes its own way serves its queue and its timers at its own moments.
        let always = !self.diverged || fresh.is_some() || sweeps;
        let credits = steps.iter().any(|s| s.kind == Kind::Credit);
        if self.diverged && sweeps && !credits {
            self.after_order(steps, to);
            return;
        }
        let follows = self.follows;
        self.carry_out(now, (sweeps, always), |run| {
            if gives {
                given::lay(run, &tape, steps, follows);
            }
            if let Some(fresh) = fresh {
                never(run.serve(fresh));
            }
            if serves {
                never(timers::serve(run));
            }
            if takes_quiet {
                never(pool::take_quiet(run));
            }
        });
        if gives {
            self.published(steps);
        }
        if serves {
            self.timers_served(now);
        }
        self.after_order(steps, to);
    }

    /// History goes on by `steps`, which end before `to`.
    fn after_order(&mut self, steps: &[Step], to: usize) {
        for step in steps {
            self.scribe.course.remember(step);
        }
        self.at = to;
        self.follow_replies();
        self.note_differences(steps);
    }

    /// Folds the arrivals of an order and gathers their facts; `None` when it brings none.
    fn arrivals(&mut self, steps: &[Step], now: Millis) -> Option<BTreeMap<LeadId, LeadFacts>> {
        let mut fresh = None;
        for step in steps.iter().filter(|s| s.kind == Kind::Arrival) {
            let Some(row) = self.tape.rows.get(step.key as usize).copied() else { continue };
            let lead = self.tape.lead_at(step.key as usize);
            self.world.look_at_clock(now);
            let twin = LeadId(u64::from(row.twin));
            let twin_in_step = row.twin == NONE || self.scribe.course.in_step(&self.world, twin);
            let known = known_owner(&self.world, row.twin, rep_of(row.known_owner), twin_in_step);
            self.arrival.seq = Seq(self.world.seq().0 + 1);
            self.arrival.at = now;
            if let Body::LeadReceived(r) = &mut self.arrival.body {
                r.lead = lead;
                r.attrs = self.tape.attrs(&row);
                r.received_at = row.received_at;
                (r.kind, r.state, r.do_not_contact) = (row.kind, row.state, row.do_not_contact());
                r.owner = rep_of(row.owner);
                r.known_owner = known;
                r.twin = (row.twin != NONE).then(|| LeadId(u64::from(row.twin)));
            }
            let touched = self.world.apply(&self.arrival);
            let _ = crate::engine::host::Host::record(&mut self.scribe, &self.world, &self.arrival, &touched);
            self.scribe.course.arrived(row.owner, now);
            let fresh = fresh.get_or_insert_with(BTreeMap::new);
            if let Some(row) = self.world.lead(lead).filter(|row| row.state == LeadState::Waiting) {
                let facts = self.scribe.facts(&self.world, lead, Some(row));
                fresh.insert(lead, facts);
            }
        }
        fresh
    }

    /// Whether the engine decided as recorded; from the first time it did not, the desk has moments of its own.
    fn note_differences(&mut self, steps: &[Step]) {
        let recorded = steps.iter().filter_map(|step| match step.kind {
            Kind::Gave => Some((self.tape.placed.get(step.key as usize).map_or(NONE, |p| p.lead), step.aux)),
            Kind::Waits => Some((step.key, WAITS)),
            Kind::Parked => Some((step.key, PARKED)),
            _ => None,
        });
        if !recorded.eq(self.scribe.decided.iter().copied()) {
            self.diverged = true;
            self.scribe.side.differing = self.scribe.side.differing.saturating_add(1);
        }
    }

    /// A book published in history: followed, or only remembered for comparing.
    fn published(&mut self, steps: &[Step]) {
        let mut texts = steps.iter().filter(|s| s.kind == Kind::Given).filter_map(|s| {
            match &self.tape.given.get(s.key as usize)?.body {
                Body::BookPublished { text, .. } => Some(text),
                _ => None,
            }
        });
        let Some(text) = texts.next_back() else { return };
        self.history = if self.follows {
            Arc::clone(&self.world.published().book)
        } else {
            Arc::new(crate::rulebook::compile(text))
        };
        self.compare_books();
    }

    /// Replies of leads given at another moment than in history come that much earlier or later.
    fn follow_replies(&mut self) {
        let placed = std::mem::take(&mut self.scribe.placed);
        let replied = std::mem::take(&mut self.scribe.replied);
        for lead in placed.iter().chain(&replied) {
            self.scribe.course.follow(&self.world, *lead, self.at);
        }
        (self.scribe.placed, self.scribe.replied) = (placed, replied);
        self.scribe.replied.clear();
    }
}

/// An arrival to be filled in.
fn blank_arrival() -> Event {
    let received = Received {
        lead: LeadId(0),
        attrs: crate::model::lead::Attrs::default(),
        received_at: Millis(0),
        kind: ArrivalKind::Live,
        system: SmolStr::default(),
        external_id: SmolStr::default(),
        key_hashes: Vec::new(),
        state: LeadState::Waiting,
        owner: None,
        known_owner: None,
        twin: None,
        do_not_contact: false,
    };
    Event {
        seq: Seq(0),
        at: Millis(0),
        actor: SmolStr::default(),
        role: Role::Coordinator,
        console: 0,
        intent: IntentId(0),
        batch: BatchId(0),
        undoes: None,
        body: Body::LeadReceived(Box::new(received)),
    }
}
