//! A stretch of the log as what-if replays it: columns of numbers for what comes by the hundred thousand (arrivals, the
//! engine's own decisions, replies), whole events for the rest. Texts stand once. Nothing is decided here.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::rows::Rows;
use super::words::{About, Spelling, Words};
use crate::model::actor::ENGINE;
use crate::model::event::{Assigned, Body, Event, IntentId, LedgerReason, Placer, Received};
use crate::model::id::{LeadId, RepId};
use crate::model::key::ContactKind;
use crate::model::lead::{ArrivalKind, Attrs, Lead, LeadState, ParkReason, PoolWhy};
use crate::model::time::Millis;
use crate::model::why::{Explanation, Verdict};
use crate::rulebook::{ContactKey, DupBy, DupRule};
use crate::world::World;

/// Most leads that arrive in one stretch: what is kept of one is below 200 bytes.
pub const LEADS_MAX: usize = 1_200_000;
/// A rep whose number does not fit a column; nobody's, so that no lead counts as being in step.
pub(super) const REP_UNKNOWN: u16 = u16::MAX;
/// A reply that hung on no owner comes when it came.
pub(super) const AS_RECORDED: u32 = u32::MAX;
/// By no rule.
pub(super) const RULE_NONE: u16 = u16::MAX;
/// No reply, no row, no text.
pub(super) const NONE: u32 = u32::MAX;

/// What one step of the log was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `key` = row of the arrival.
    Arrival,
    /// `key` = a placement by the engine.
    Gave,
    /// The engine left lead `key` waiting, or parked it.
    Waits,
    Parked,
    /// A timer took lead `key` back.
    TimerTook,
    /// A timer only told somebody.
    TimerTold,
    /// The pool's clock took lead `key`.
    QuietTook,
    /// The engine put lead `key` into the pool after a timer.
    Pooled,
    /// A credit the engine booked by itself.
    Credit,
    /// `key` = a reply.
    Reply,
    /// `key` = an event kept whole.
    Given,
}

/// One event of the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub at: Millis,
    pub key: u32,
    pub aux: u16,
    pub kind: Kind,
    /// It opens the events of another order than the one before.
    pub first: bool,
}

/// A lead's arrival.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub received_at: Millis,
    about: About,
    pub twin: u32,
    pub known_owner: u16,
    pub owner: u16,
    pub state: LeadState,
    pub kind: ArrivalKind,
    /// Bits of [`PHONE`], [`EMAIL`] and [`DO_NOT`]: a byte more would cost each lead eight.
    reach: u8,
}

/// It came with a telephone number.
const PHONE: u8 = 1;
/// It came with an address.
const EMAIL: u8 = 2;
/// The person must not be contacted.
const DO_NOT: u8 = 4;

impl Row {
    /// Whether the person must not be contacted.
    pub fn do_not_contact(&self) -> bool {
        self.reach & DO_NOT != 0
    }
}

/// A placement by the engine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub lead: u32,
    pub rep: u16,
    /// The rule by which a response clock may run, as an index; [`RULE_NONE`] = none.
    pub rule: u16,
}

/// What became of a lead by somebody's word: contacted, won, lost …
#[derive(Debug, Clone, Copy)]
pub(super) struct Reply {
    pub lead: u32,
    /// Milliseconds since the owner got it; [`AS_RECORDED`] when nobody had it.
    pub delay: u32,
    /// The lead's next reply.
    pub next: u32,
    /// Its place among the steps.
    pub step: u32,
}

/// What a stored decision says of an earlier lead of the same person or a similar company.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    pub of: LeadId,
    pub owner: Option<RepId>,
    /// Bits of [`ContactKind`]; 0 = a similar company.
    pub kinds: u8,
    pub similarity_milli: u32,
    /// The `duplicates` line that said so, and how far back it looks, in milliseconds.
    pub within_ms: i64,
}

/// The bit of a kind of contact key.
pub(super) fn bit(kind: ContactKind) -> u8 {
    match kind {
        ContactKind::Phone => 1,
        ContactKind::Email => 2,
        ContactKind::Wechat => 4,
    }
}

/// A stretch of the log, ready to be replayed any number of times.
#[derive(Debug, Default)]
pub struct Tape {
    /// Id of its first arrival.
    pub(super) base: LeadId,
    pub(super) steps: Vec<Step>,
    pub(super) rows: Vec<Row>,
    words: Words,
    pub(super) placed: Vec<Placed>,
    /// Names of rules that gave leads.
    pub(super) rules: Vec<SmolStr>,
    pub(super) replies: Vec<Reply>,
    /// The first reply of each arrival, by row.
    pub(super) first_reply: Rows<u32>,
    /// The first reply of leads that were there before.
    pub(super) older_reply: FxHashMap<LeadId, u32>,
    pub(super) given: Vec<Event>,
    /// What decisions said of earlier leads, by lead and the step their order began with; `None` = no more.
    pub(super) facts: FxHashMap<LeadId, Vec<(u32, Option<Fact>)>>,
    /// Stretches without a leader.
    pub(super) gaps: Vec<(Millis, Millis)>,
}

impl Tape {
    /// How many leads arrive.
    #[must_use]
    pub fn leads(&self) -> usize {
        self.rows.len()
    }

    /// How many events it stands for.
    #[must_use]
    pub fn events(&self) -> usize {
        self.steps.len()
    }

    /// The id of the arrival in `row`.
    #[must_use]
    pub fn lead_at(&self, row: usize) -> LeadId {
        LeadId(self.base.0 + row as u64)
    }

    /// The number of a rule's name.
    fn rule(&mut self, name: &SmolStr) -> u16 {
        // A handful of rules gives most leads, and there are at most a few hundred.
        let at = self.rules.iter().position(|known| known == name).unwrap_or_else(|| {
            self.rules.push(name.clone());
            self.rules.len() - 1
        });
        u16::try_from(at).unwrap_or(RULE_NONE)
    }

    /// The number of a rule's name, if it gave a lead or stood in the book at the beginning.
    pub(super) fn rule_known(&self, name: &str) -> u16 {
        let at = self.rules.iter().position(|known| known == name);
        at.and_then(|at| u16::try_from(at).ok()).unwrap_or(RULE_NONE)
    }

    /// Where the order begins that brings the arrival in `row`.
    pub(super) fn step_of_arrival(&self, row: usize) -> usize {
        let is_it = |s: &Step| s.kind == Kind::Arrival && s.key as usize == row;
        let at = self.steps.iter().position(is_it).unwrap_or(0);
        let before = self.steps.get(..=at).unwrap_or_default();
        before.iter().rposition(|s| s.first).unwrap_or(0)
    }

    /// The row of an arrival; `None` for a lead that was there before.
    #[must_use]
    pub fn row_of(&self, lead: LeadId) -> Option<usize> {
        let row = usize::try_from(lead.0.checked_sub(self.base.0)?).ok()?;
        (row < self.rows.len()).then_some(row)
    }

    /// What the arrival in `row` is about.
    pub(super) fn attrs(&self, row: &Row) -> Attrs {
        let (has_phone, has_email) = (row.reach & PHONE != 0, row.reach & EMAIL != 0);
        Attrs { has_phone, has_email, ..self.words.attrs(&row.about) }
    }

    /// When the arrival in `row` came; for lists.
    #[must_use]
    pub fn received_at(&self, row: usize) -> Millis {
        self.rows.get(row).map_or(Millis(0), |r| r.received_at)
    }

    /// What the arrival in `row` came with; for lists.
    #[must_use]
    pub fn about(&self, row: usize) -> Attrs {
        self.rows.get(row).map(|row| self.attrs(row)).unwrap_or_default()
    }

    /// Bytes it takes, without what allocators add.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let of = |count: usize, each: usize| count * each;
        of(self.steps.capacity(), size_of::<Step>())
            + of(self.rows.capacity(), size_of::<Row>())
            + self.words.bytes()
            + of(self.placed.capacity(), size_of::<Placed>())
            + of(self.replies.capacity(), size_of::<Reply>())
            + self.first_reply.bytes()
            + of(self.given.capacity(), size_of::<Event>())
    }
}

/// Writes a [`Tape`] event by event.
#[derive(Debug)]
pub struct Recorder {
    tape: Tape,
    last: Option<(IntentId, Millis)>,
    order_step: u32,
    spelling: Spelling,
    /// When the present owner of each lead got it, as recorded.
    since: Vec<Millis>,
    older_since: FxHashMap<LeadId, Millis>,
    last_reply: FxHashMap<LeadId, u32>,
    duplicates: Vec<DupRule>,
}

/// What columns need of a placement by the engine: the rest of its payload need not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gave {
    pub lead: LeadId,
    pub rep: RepId,
    /// The rule; `None` for a divert.
    pub rule: Option<SmolStr>,
}

const NOBODY: Millis = Millis(i64::MIN);

impl Recorder {
    /// A recorder for what follows `start`.
    #[must_use]
    pub fn new(start: &World) -> Recorder {
        let older = start.leads().filter_map(|l| Some((l.id, l.assigned_at.filter(|_| l.owner.is_some())?)));
        let mut tape = Tape { base: start.next_lead(), ..Tape::default() };
        for rule in &start.book().rules {
            tape.rule(&rule.name);
        }
        Recorder {
            tape,
            last: None,
            order_step: 0,
            spelling: Spelling::default(),
            since: Vec::new(),
            older_since: older.collect(),
            last_reply: FxHashMap::default(),
            duplicates: start.book().duplicates.clone(),
        }
    }

    /// Arrivals so far.
    #[must_use]
    pub fn leads(&self) -> usize {
        self.tape.rows.len()
    }

    /// The finished tape.
    #[must_use]
    pub fn finish(mut self) -> Tape {
        self.tape.words.shrink_to_fit();
        self.tape.placed.shrink_to_fit();
        self.tape.steps.shrink_to_fit();
        self.tape.rows.shrink_to_fit();
        self.tape.replies.shrink_to_fit();
        self.tape
    }

    /// Writes down the next event of the log.
    pub fn push(&mut self, event: Event) {
        self.open(event.intent, event.at);
        let engine = event.actor == ENGINE;
        let step = match &event.body {
            Body::LeadReceived(r) => self.arrival(r, event.at),
            Body::LeadAssigned(a) => {
                self.got(a.lead, event.at, a.from == Some(a.rep));
                self.learn_given(a);
                let rule = match &a.by {
                    Placer::Engine { rule } => Some(rule.clone()),
                    Placer::Divert { .. } => Some(None),
                    Placer::Person { .. }
                    | Placer::Claimed
                    | Placer::Accepted { .. }
                    | Placer::Remedy { .. } => None,
                };
                rule.filter(|_| engine).map(|rule| self.placed(a.lead, a.rep, rule.as_ref()))
            }
            Body::LeadWaits { lead, why, .. } if engine => {
                self.learn(*lead, why.as_deref(), None);
                Some((Kind::Waits, key_of(*lead), 0))
            }
            Body::LeadParked { lead, reason, why, .. } if engine => {
                self.lost(*lead);
                self.learn(*lead, why.as_deref(), Some(reason));
                Some((Kind::Parked, key_of(*lead), 0))
            }
            Body::LeadRecalled { lead, timer: Some(_), .. } => {
                self.lost(*lead);
                Some((Kind::TimerTook, key_of(*lead), 0))
            }
            Body::LeadReminded(note) | Body::LeadEscalated(note) => {
                Some((Kind::TimerTold, key_of(note.lead), 0))
            }
            Body::LeadPooled { lead, why: PoolWhy::Quiet { .. }, .. } => {
                self.lost(*lead);
                Some((Kind::QuietTook, key_of(*lead), 0))
            }
            Body::LeadPooled { lead, why: PoolWhy::Late { .. }, .. } => {
                Some((Kind::Pooled, key_of(*lead), 0))
            }
            Body::LedgerEntered { reason: LedgerReason::ReEntry { .. }, .. } if engine => {
                Some((Kind::Credit, 0, 0))
            }
            Body::LeadProgressed { lead, to, readmit, .. } if readmit.is_none() || !to.is_open() => {
                self.reply(*lead, *to, event.at)
            }
            _ => None,
        };
        match step {
            Some((kind, key, aux)) => self.put(event.at, kind, key, aux),
            None => self.given(event),
        }
    }

    /// Writes down a placement by a rule of which only the head was read: it says nothing of earlier leads.
    pub fn push_gave(&mut self, intent: IntentId, at: Millis, gave: Gave) {
        self.open(intent, at);
        self.got(gave.lead, at, false);
        self.forget(gave.lead);
        let (kind, key, aux) = self.placed(gave.lead, gave.rep, gave.rule.as_ref());
        self.put(at, kind, key, aux);
    }

    fn placed(&mut self, lead: LeadId, rep: RepId, rule: Option<&SmolStr>) -> (Kind, u32, u16) {
        let rule = rule.map_or(RULE_NONE, |rule| self.tape.rule(rule));
        let key = u32::try_from(self.tape.placed.len()).unwrap_or(NONE);
        let rep = rep_column(Some(rep));
        self.tape.placed.push(Placed { lead: key_of(lead), rep, rule });
        (Kind::Gave, key, rep)
    }

    /// Events of one order stand together.
    fn open(&mut self, intent: IntentId, at: Millis) {
        let here = u32::try_from(self.tape.steps.len()).unwrap_or(NONE);
        if self.last != Some((intent, at)) {
            self.order_step = here;
        }
        self.last = Some((intent, at));
    }

    fn put(&mut self, at: Millis, kind: Kind, key: u32, aux: u16) {
        let first = self.tape.steps.len() == self.order_step as usize;
        self.tape.steps.push(Step { at, key, aux, kind, first });
    }

    fn given(&mut self, event: Event) {
        match &event.body {
            Body::LeadRecalled { lead, .. } | Body::LeadReturned { lead, .. } => self.lost(*lead),
            Body::LeadParked { lead, .. } | Body::LeadPooled { lead, .. } => self.lost(*lead),
            Body::LeadRestored(r) => self.set_since(r.row.id, owned_since(&r.row)),
            Body::LeadProgressed { lead, readmit: Some(row), .. } => {
                self.set_since(*lead, owned_since(row));
            }
            Body::TimersResumed { from } => self.tape.gaps.push((*from, event.at)),
            Body::BookPublished { text, .. } => {
                self.duplicates = crate::rulebook::compile(text).duplicates;
            }
            _ => {}
        }
        let key = u32::try_from(self.tape.given.len()).unwrap_or(NONE);
        let at = event.at;
        self.tape.given.push(event);
        self.put(at, Kind::Given, key, 0);
    }

    fn arrival(&mut self, r: &Received, at: Millis) -> Option<(Kind, u32, u16)> {
        // A damaged log could name them out of turn; then the event is kept whole and counted as it stands.
        if r.lead.0 != self.tape.base.0 + self.tape.rows.len() as u64 {
            return None;
        }
        let key = u32::try_from(self.tape.rows.len()).unwrap_or(NONE);
        let row = Row {
            received_at: r.received_at,
            about: self.spelling.about(&mut self.tape.words, &r.attrs),
            twin: r.twin.map_or(NONE, key_of),
            known_owner: rep_column(r.known_owner),
            owner: rep_column(r.owner),
            state: r.state,
            kind: r.kind,
            reach: [(r.attrs.has_phone, PHONE), (r.attrs.has_email, EMAIL), (r.do_not_contact, DO_NOT)]
                .into_iter()
                .fold(0, |bits, (is_so, bit)| if is_so { bits | bit } else { bits }),
        };
        self.tape.rows.push(row);
        self.tape.first_reply.push(NONE);
        self.since.push(if r.owner.is_some() { at } else { NOBODY });
        Some((Kind::Arrival, key, 0))
    }

    fn reply(&mut self, lead: LeadId, to: LeadState, at: Millis) -> Option<(Kind, u32, u16)> {
        let key = u32::try_from(self.tape.replies.len()).ok()?;
        let delay = match self.since_of(lead) {
            Some(since) => u32::try_from(at.since(since)).unwrap_or(AS_RECORDED - 1).min(AS_RECORDED - 1),
            None => AS_RECORDED,
        };
        let step = u32::try_from(self.tape.steps.len()).ok()?;
        self.tape.replies.push(Reply { lead: key_of(lead), delay, next: NONE, step });
        let before = self.last_reply.insert(lead, key);
        match before.and_then(|before| self.tape.replies.get_mut(before as usize)) {
            Some(before) => before.next = key,
            None => match self.tape.row_of(lead).and_then(|row| self.tape.first_reply.get_mut(row)) {
                Some(first) => *first = key,
                None => {
                    self.tape.older_reply.insert(lead, key);
                }
            },
        }
        Some((Kind::Reply, key, to as u16))
    }

    fn since_of(&self, lead: LeadId) -> Option<Millis> {
        match self.tape.row_of(lead) {
            Some(row) => self.since.get(row).copied().filter(|at| *at != NOBODY),
            None => self.older_since.get(&lead).copied(),
        }
    }

    fn set_since(&mut self, lead: LeadId, since: Option<Millis>) {
        match self.tape.row_of(lead) {
            Some(row) => {
                if let Some(slot) = self.since.get_mut(row) {
                    *slot = since.unwrap_or(NOBODY);
                }
            }
            None => match since {
                Some(since) => drop(self.older_since.insert(lead, since)),
                None => drop(self.older_since.remove(&lead)),
            },
        }
    }

    fn got(&mut self, lead: LeadId, at: Millis, has_it: bool) {
        if !has_it {
            self.set_since(lead, Some(at));
        }
    }

    fn lost(&mut self, lead: LeadId) {
        self.set_since(lead, None);
    }

    fn learn_given(&mut self, a: &Assigned) {
        if matches!(a.by, Placer::Engine { .. } | Placer::Divert { .. } | Placer::Accepted { .. }) {
            self.learn(a.lead, a.why.as_deref(), None);
        }
    }

    /// Notes what a decision says of earlier leads.
    fn learn(&mut self, lead: LeadId, why: Option<&Explanation>, reason: Option<&ParkReason>) {
        let Some(why) = why else { return };
        let verdict = match &why.verdict {
            Verdict::Proposed { would, .. } | Verdict::Withheld { would, .. } => would,
            other => other,
        };
        let fact = match verdict {
            Verdict::GivenToOwner { rep, of, line } | Verdict::OwnerOutOfHours { rep, of, line } => {
                self.fact(*of, *line, Some(*rep), 1000)
            }
            Verdict::Duplicate { of, line, similarity_milli } => {
                let owner = match reason {
                    Some(ParkReason::Duplicate { owner, .. }) => *owner,
                    _ => None,
                };
                self.fact(*of, *line, owner, *similarity_milli)
            }
            _ => return self.forget(lead),
        };
        self.tape.facts.entry(lead).or_default().push((self.order_step, Some(fact)));
    }

    fn forget(&mut self, lead: LeadId) {
        // Only of leads with an earlier one it matters that a decision named none.
        let row = self.tape.row_of(lead).and_then(|row| self.tape.rows.get(row));
        if row.is_none_or(|row| row.twin != NONE || row.known_owner != 0)
            || self.tape.facts.contains_key(&lead)
        {
            self.tape.facts.entry(lead).or_default().push((self.order_step, None));
        }
    }

    fn fact(&self, of: LeadId, line: u16, owner: Option<RepId>, similarity_milli: u32) -> Fact {
        let kinds = match self.duplicates.get(usize::from(line)).map(|d| &d.by) {
            Some(DupBy::Same(kinds)) => kinds.iter().fold(0, |bits, kind| {
                bits | bit(match kind {
                    ContactKey::Phone => ContactKind::Phone,
                    ContactKey::Email => ContactKind::Email,
                    ContactKey::Wechat => ContactKind::Wechat,
                })
            }),
            Some(DupBy::CompanyLike(_)) | None => 0,
        };
        let within_ms = self.duplicates.get(usize::from(line)).map_or(0, |d| d.within_ms);
        Fact { of, owner, kinds, similarity_milli, within_ms }
    }
}

/// Since when the owner of `row` has it.
fn owned_since(row: &Lead) -> Option<Millis> {
    row.assigned_at.filter(|_| row.owner.is_some())
}

/// A lead in a column. Ids count up from 1 and stay far below four thousand million.
pub(super) fn key_of(lead: LeadId) -> u32 {
    u32::try_from(lead.0).unwrap_or(NONE)
}

/// A rep in a column; 0 = nobody.
pub(super) fn rep_column(rep: Option<RepId>) -> u16 {
    rep.map_or(0, |rep| u16::try_from(rep.0).unwrap_or(REP_UNKNOWN))
}

/// The rep of a column.
pub(super) fn rep_of(column: u16) -> Option<RepId> {
    (column != 0).then(|| RepId(u32::from(column)))
}
