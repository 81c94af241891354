//! The fold of the log: [`World`] and [`World::apply`], the one way state changes. No decisions, no detectors, no clock.
//!
//! What depends on time (a hold's end, a leave, the day cap) is asked with a [`Moment`]; it is never a stored change.

pub mod alerts;
mod apply;
pub mod clocks;
mod complaint;
mod excerpt;
pub mod hours;
pub mod image;
pub mod ledger;
pub mod moment;
mod overlay;
mod picture;
pub mod promotion;
pub mod quiet;
pub mod ramp;
pub mod relief;
pub mod roster;
mod score;
pub mod share;
mod step;
pub mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::model::actor::{Actor, Role};
use crate::model::alert::{Alert, AlertKey};
use crate::model::complaint::Complaint;
use crate::model::id::{BatchId, BookVersion, ComplaintId, LeadId, RepId, Seq};
use crate::model::lead::{Lead, LeadState, LeadView};
use crate::model::mode::{Mode, ModeScope, ScopedMode};
use crate::model::overlay::PromotionSwitch;
use crate::model::time::Millis;
use crate::rulebook::Book;
use crate::rulebook::matcher::Matcher;

pub use apply::Touched;
pub use image::FOLD_VERSION;
pub use moment::Moment;
pub use overlay::DivertState;
pub use picture::Picture;
pub use roster::RepState;
pub use score::asked_fields;
pub use share::Shares;
pub use step::fold_lead;
pub use trial::TrialState;

/// Order in which waiting leads are served: score descending, received ascending, id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueueKey {
    pub rank: std::cmp::Reverse<i32>,
    pub received_at: Millis,
    pub lead: LeadId,
}

impl QueueKey {
    /// The place of `lead` in the queue.
    #[must_use]
    pub fn of(lead: &Lead) -> QueueKey {
        QueueKey { rank: std::cmp::Reverse(lead.score), received_at: lead.received_at, lead: lead.id }
    }
}

/// The rule book in force.
#[derive(Debug, Clone)]
pub struct Published {
    pub version: BookVersion,
    pub text: SmolStr,
    pub note: SmolStr,
    pub by: SmolStr,
    pub at: Millis,
    /// The batch that published it: what an undo names. 0 = no book yet.
    pub batch: BatchId,
    pub book: Arc<Book>,
    /// Finds the rules of `book` whose conditions hold.
    pub matcher: Arc<Matcher>,
}

/// A book and its matcher, from its text.
fn compiled(text: &str) -> (Arc<Book>, Arc<Matcher>) {
    let book = crate::rulebook::compile(text);
    let matcher = Matcher::compile(book.rules.iter().map(|rule| &rule.when));
    (Arc::new(book), Arc::new(matcher))
}

/// An import that began and has not ended: the next run of the same file goes on under its batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenImport {
    pub batch: BatchId,
    pub name: SmolStr,
    pub began_at: Millis,
}

/// The desk at one seq.
#[derive(Debug, Clone)]
pub struct World {
    pub(crate) seq: Seq,
    pub(crate) last_at: Millis,
    pub(crate) next_lead: u64,
    /// Rows are shared between copies of the world until one of them changes a row.
    pub(crate) leads: FxHashMap<LeadId, Arc<Lead>>,
    /// Index = id − 1: reps are never removed.
    pub(crate) reps: Vec<RepState>,
    pub(crate) published: Published,
    pub(crate) mode: Mode,
    /// Modes of parts of the desk, and one with an end of the whole.
    pub(crate) modes: BTreeMap<ModeScope, ScopedMode>,
    pub(crate) roles: BTreeMap<SmolStr, Role>,
    pub(crate) alerts: BTreeMap<AlertKey, Alert>,
    /// Everything about alerts besides the open ones.
    pub(crate) watched: alerts::Watched,
    /// Complaints by number, and the last number given.
    complaints: BTreeMap<ComplaintId, Complaint>,
    last_complaint: u32,
    /// Round-robin: the rep who had the last turn, per rule name.
    pub(crate) turns: BTreeMap<SmolStr, RepId>,
    pub(crate) imports: BTreeMap<u64, OpenImport>,
    /// What each rep received and was due.
    pub(crate) shares: Shares,
    /// By id; scope and people are derived.
    pub(crate) diverts: Vec<DivertState>,
    pub(crate) last_divert: u32,
    /// How promotions were switched by hand, by name. One the book has no longer has no effect, but may come back.
    pub(crate) switches: BTreeMap<SmolStr, PromotionSwitch>,
    /// The draft on trial, or the last one that was.
    pub(crate) trial: Option<Box<TrialState>>,
    /// Leads by state, closed ones included, in the order of `LeadState::ALL`.
    pub(crate) counts: [u64; 9],
    pub(crate) last_assigned_at: Millis,
    /// Of leads that left an owner: who had them and since when they owed them a contact. Giving one back to the same rep does
    /// not turn the pool's clock back.
    pub(crate) had: FxHashMap<LeadId, quiet::Had>,
    /// Stretches without leader or with a suspect clock, by their start: they count for nobody.
    pub(crate) gaps: Vec<(Millis, Millis)>,
    /// Events that named a lead or rep the world does not hold; 0 unless the log is damaged.
    pub(crate) faults: u64,
    /// Response clocks of assigned leads.
    pub(crate) clocks: FxHashMap<LeadId, clocks::Clock>,
    /// When timers moved leads, within the last hour before the latest.
    pub(crate) moved: Vec<Millis>,
    // Derived from the above, rebuilt on load, never in the image:
    /// Clocks by the moment something is to be done.
    pub(crate) timers: BTreeSet<(Millis, LeadId)>,
    pub(crate) waiting: BTreeSet<QueueKey>,
    pub(crate) parked: BTreeSet<LeadId>,
    pub(crate) twins: BTreeSet<LeadId>,
    /// Held leads by the end of their hold.
    pub(crate) held: BTreeSet<(Millis, LeadId)>,
    /// Leads the pool takes back when nobody is reached, by the moment it does.
    pub(crate) quiet: BTreeSet<(Millis, LeadId)>,
    pub(crate) logins: FxHashMap<SmolStr, RepId>,
    pub(crate) teams: BTreeMap<SmolStr, Vec<RepId>>,
    pub(crate) pools: Pools,
    pub(crate) hours: hours::Hours,
    pub(crate) promos: promotion::Promos,
    /// Everybody in the queue was looked at, and from the first moment to the second nothing but an event can free anyone.
    /// The first matters too: the wall clock may be set back.
    pub(crate) settled: Option<(Millis, Millis)>,
    /// A sweep that was cut short looked at everybody up to here; valid from the first moment to the second.
    pub(crate) swept_to: Option<(QueueKey, Millis, Millis)>,
}

/// Who each rule may give to: indexes into `reps`, ascending, active reps only.
#[derive(Debug, Clone, Default)]
pub struct Pools {
    pub rules: Vec<Pool>,
    pub otherwise: Pool,
    /// Whether some condition asks for the hour or weekday of arrival.
    pub asks_clock: bool,
    /// Starts and ends of the windows that rules name, ascending.
    pub edges: Vec<Millis>,
    /// Waiting times that rules or score lines compare with, in milliseconds.
    pub waits: Vec<i64>,
    /// Rules with a response limit, by name, as indexes into the book's.
    pub responds: BTreeMap<SmolStr, usize>,
    /// Whether a score line asks how long a lead has waited.
    pub scores_wait: bool,
}

impl Pools {
    /// Whether time alone can make another rule match.
    #[must_use]
    pub fn asks_time(&self) -> bool {
        !self.edges.is_empty() || !self.waits.is_empty()
    }
}

/// One pool and, where the rule names exactly one team, that team.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    pub reps: Vec<u32>,
    pub team: Option<SmolStr>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// The world before the first event.
    #[must_use]
    pub fn new() -> World {
        World {
            seq: Seq(0),
            last_at: Millis(0),
            next_lead: 1,
            leads: FxHashMap::default(),
            reps: Vec::new(),
            published: Published {
                version: BookVersion(0),
                text: SmolStr::default(),
                note: SmolStr::default(),
                by: SmolStr::default(),
                at: Millis(0),
                batch: BatchId(0),
                book: Arc::default(),
                matcher: Arc::default(),
            },
            mode: Mode::Auto,
            modes: BTreeMap::new(),
            roles: BTreeMap::new(),
            alerts: BTreeMap::new(),
            watched: alerts::Watched::default(),
            complaints: BTreeMap::new(),
            last_complaint: 0,
            turns: BTreeMap::new(),
            imports: BTreeMap::new(),
            shares: Shares::default(),
            diverts: Vec::new(),
            last_divert: 0,
            switches: BTreeMap::new(),
            trial: None,
            counts: [0; 9],
            last_assigned_at: Millis(0),
            had: FxHashMap::default(),
            gaps: Vec::new(),
            faults: 0,
            clocks: FxHashMap::default(),
            moved: Vec::new(),
            timers: BTreeSet::new(),
            waiting: BTreeSet::new(),
            parked: BTreeSet::new(),
            twins: BTreeSet::new(),
            held: BTreeSet::new(),
            quiet: BTreeSet::new(),
            logins: FxHashMap::default(),
            teams: BTreeMap::new(),
            pools: Pools::default(),
            hours: hours::Hours::default(),
            promos: promotion::Promos::default(),
            settled: None,
            swept_to: None,
        }
    }

    /// The last event folded in.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// Time of the last event folded in.
    #[must_use]
    pub fn last_at(&self) -> Millis {
        self.last_at
    }

    /// The id the next lead will get.
    #[must_use]
    pub fn next_lead(&self) -> LeadId {
        LeadId(self.next_lead)
    }

    /// The id the next rep will get.
    #[must_use]
    pub fn next_rep(&self) -> RepId {
        RepId(u32::try_from(self.reps.len()).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// An open lead.
    #[must_use]
    pub fn lead(&self, id: LeadId) -> Option<&Lead> {
        self.leads.get(&id).map(Arc::as_ref)
    }

    /// The row of an open lead, to be changed; a copy of the world that shares it keeps what it had.
    fn lead_mut(&mut self, id: LeadId) -> Option<&mut Lead> {
        self.leads.get_mut(&id).map(Arc::make_mut)
    }

    /// Every open lead, in no particular order.
    pub fn leads(&self) -> impl Iterator<Item = &Lead> {
        self.leads.values().map(Arc::as_ref)
    }

    /// How many leads are open.
    #[must_use]
    pub fn open_count(&self) -> usize {
        self.leads.len()
    }

    /// Waiting leads in serving order.
    #[must_use]
    pub fn waiting(&self) -> &BTreeSet<QueueKey> {
        &self.waiting
    }

    /// Waiting leads in no particular order: where most leads wait, all are read as they lie, which is several times quicker
    /// than going through the queue.
    pub fn waiting_rows(&self) -> impl Iterator<Item = &Lead> {
        let is_most = self.waiting.len() > self.leads.len() / 4;
        let by_queue = (!is_most).then(|| self.waiting.iter().filter_map(|key| self.lead(key.lead)));
        let as_they_lie = is_most.then(|| self.leads().filter(|lead| lead.state == LeadState::Waiting));
        by_queue.into_iter().flatten().chain(as_they_lie.into_iter().flatten())
    }

    /// Parked leads by id.
    #[must_use]
    pub fn parked(&self) -> &BTreeSet<LeadId> {
        &self.parked
    }

    /// Open leads whose person was already here when they came.
    #[must_use]
    pub fn twins(&self) -> &BTreeSet<LeadId> {
        &self.twins
    }

    /// Held leads by the end of their hold.
    #[must_use]
    pub fn held(&self) -> &BTreeSet<(Millis, LeadId)> {
        &self.held
    }

    /// Leads that go back to the pool if nobody is reached, by the moment they do (see [`quiet`]). Held ones are among them.
    #[must_use]
    pub fn quiet(&self) -> &BTreeSet<(Millis, LeadId)> {
        &self.quiet
    }

    /// Leads in the pool, by id.
    pub fn pooled(&self) -> impl Iterator<Item = &Lead> {
        self.parked.iter().filter_map(|id| self.lead(*id)).filter(|lead| lead.pooled_since().is_some())
    }

    /// The rep whose login an actor's name is.
    #[must_use]
    pub fn rep_of_login(&self, name: &str) -> Option<&RepState> {
        self.logins.get(name).and_then(|id| self.rep(*id))
    }

    /// A rep by id.
    #[must_use]
    pub fn rep(&self, id: RepId) -> Option<&RepState> {
        self.reps.get(id.0.checked_sub(1)? as usize)
    }

    pub(crate) fn rep_mut(&mut self, id: RepId) -> Option<&mut RepState> {
        self.reps.get_mut(id.0.checked_sub(1)? as usize)
    }

    /// Every rep ever added, by id.
    #[must_use]
    pub fn reps(&self) -> &[RepState] {
        &self.reps
    }

    /// A rep by login, or by name when exactly one has it.
    #[must_use]
    pub fn rep_named(&self, text: &str) -> Option<&RepState> {
        if let Some(rep) = self.logins.get(text).and_then(|id| self.rep(*id)) {
            return Some(rep);
        }
        let mut same =
            self.reps.iter().filter(|r| r.card.name == text || r.card.login.eq_ignore_ascii_case(text));
        match (same.next(), same.next()) {
            (Some(rep), None) => Some(rep),
            _ => None,
        }
    }

    /// Team names with their active members, by id.
    #[must_use]
    pub fn teams(&self) -> &BTreeMap<SmolStr, Vec<RepId>> {
        &self.teams
    }

    /// What each rep received and was due, a day.
    #[must_use]
    pub fn shares(&self) -> &Shares {
        &self.shares
    }

    /// The rule book in force.
    #[must_use]
    pub fn published(&self) -> &Published {
        &self.published
    }

    /// The compiled rule book in force.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.published.book
    }

    /// Who each rule may give to.
    #[must_use]
    pub fn pools(&self) -> &Pools {
        &self.pools
    }

    /// The mode of the whole desk without those that have an end; see [`World::mode_at`].
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Open alerts: firing or recovering.
    #[must_use]
    pub fn alerts(&self) -> &BTreeMap<AlertKey, Alert> {
        &self.alerts
    }

    /// Who had the last turn under a round-robin rule.
    #[must_use]
    pub fn last_turn(&self, rule: &str) -> Option<RepId> {
        self.turns.get(rule).copied()
    }

    /// An import of the file with this fingerprint that began and has not ended.
    #[must_use]
    pub fn open_import(&self, fingerprint: u64) -> Option<&OpenImport> {
        self.imports.get(&fingerprint)
    }

    /// Leads in `state`, closed ones included.
    #[must_use]
    pub fn count(&self, state: LeadState) -> u64 {
        self.counts.get(state as usize).copied().unwrap_or(0)
    }

    /// When a lead was last given to anyone.
    #[must_use]
    pub fn last_assigned_at(&self) -> Millis {
        self.last_assigned_at
    }

    /// Events that named a lead or rep the world does not hold.
    #[must_use]
    pub fn faults(&self) -> u64 {
        self.faults
    }

    /// Granted roles by actor.
    #[must_use]
    pub fn roles(&self) -> &BTreeMap<SmolStr, Role> {
        &self.roles
    }

    /// The role in which `actor` may act: what was granted, or less if less was asked for.
    /// On a file without grants whoever comes first is admin; later strangers are viewers.
    #[must_use]
    pub fn role_of(&self, actor: &Actor) -> Role {
        if actor.role == Role::Engine {
            return Role::Engine;
        }
        let granted = match self.roles.get(&actor.name) {
            Some(role) => *role,
            None if self.roles.is_empty() => Role::Admin,
            None => Role::Viewer,
        };
        granted.min(actor.role)
    }

    /// `lead` as conditions see it, with `score` as its score.
    #[must_use]
    pub fn view<'a>(&'a self, lead: &'a Lead, score: i32, moment: &Moment) -> LeadView<'a> {
        let owner = lead.owner.and_then(|id| self.rep(id));
        let (hour, weekday) = if self.pools.asks_clock {
            moment.clock_of(lead.arrived_at)
        } else {
            (moment.hour, moment.weekday)
        };
        LeadView {
            lead,
            score,
            owner_login: owner.map(|r| r.card.login.as_str()),
            owner_team: owner.and_then(|r| r.card.teams.first()).map(SmolStr::as_str),
            hour,
            weekday,
            now: moment.now,
        }
    }

    /// Whether no waiting lead could be placed at `now`: a sweep looked at all of them and nothing freed anyone since.
    #[must_use]
    pub fn is_settled(&self, now: Millis) -> bool {
        self.settled.is_some_and(|(from, until)| from <= now && now < until)
    }

    /// Until when nothing but an event can free anybody for whoever waits; `None` = the queue is to be looked at.
    #[must_use]
    pub fn settled_until(&self) -> Option<Millis> {
        self.settled.map(|(_, until)| until)
    }

    /// Notes that a sweep looked at everybody; valid from `now` until `until` or the next event that frees somebody.
    pub fn settle(&mut self, now: Millis, until: Millis) {
        self.settled = Some((now, until));
        self.swept_to = None;
    }

    /// Notes that a sweep was cut short after `key`, so that the next goes on behind it.
    pub fn swept_to(&mut self, key: QueueKey, now: Millis, until: Millis) {
        self.swept_to = Some((key, now, until));
    }

    /// The last place of the queue that a sweep cut short had looked at, if nothing freed anyone since.
    #[must_use]
    pub fn sweep_cursor(&self, now: Millis) -> Option<QueueKey> {
        self.swept_to.filter(|(_, from, until)| *from <= now && now < *until).map(|(key, _, _)| key)
    }

    /// The next moment after `now` at which time alone could free somebody or make another rule match: a hold's or
    /// leave's end, a new day, a shift's edge, a window's edge, an overlay's end, a waiting time that rules ask about.
    #[must_use]
    pub fn next_change(&self, moment: &Moment) -> Millis {
        let mut next = moment.day_ends;
        if let Some((until, _)) = self.held.range((Millis(moment.now.0 + 1), LeadId(0))..).next() {
            next = next.min(*until);
        }
        for leave in self.reps.iter().flat_map(|r| &r.leaves) {
            for edge in [leave.from, leave.to] {
                if edge > moment.now {
                    next = next.min(edge);
                }
            }
        }
        if let Some(edge) = self.pools.edges.iter().find(|edge| **edge > moment.now) {
            next = next.min(*edge);
        }
        next.min(self.next_overlay_end(moment.now))
            .min(self.next_promotion_edge(moment.now))
            .min(self.next_shift(moment.now))
            .min(self.next_wait(moment.now))
    }

    /// The next moment a waiting lead passes a waiting time that rules ask about. `>` turns a millisecond after `>=`.
    fn next_wait(&self, now: Millis) -> Millis {
        let mut next = Millis(i64::MAX);
        if self.pools.waits.is_empty() {
            return next;
        }
        for lead in self.waiting.iter().filter_map(|key| self.lead(key.lead)) {
            for edge in self.pools.waits.iter().flat_map(|w| [*w, w.saturating_add(1)]) {
                let at = lead.waiting_since.plus(edge);
                if at > now {
                    next = next.min(at);
                }
            }
        }
        next
    }
}
