//! What the panes read of the desk: the console's own fold of the log, with indexes kept as events come in.
//!
//! Rows are asked for by id and made when asked, so a frame costs its window. Contacts come from outside (`contacts`); what
//! depends on the time of day is refreshed with the clock, never stored. No IO and no clock in here.

pub mod alerts;
pub mod clock;
pub mod contacts;
pub mod first;
pub mod forecast;
mod hand;
pub mod lines;
pub mod loads;
mod look;
mod offers;
mod overlays;
pub mod promotions;
pub mod rates;
pub mod rows;
pub mod seeing;
mod showing;
pub mod sieve;
mod sorting;
pub mod vocabulary;

use crate::console::finding::Sort;
use crate::console::seeing::Gauges;
use crate::console::text::Say;
use crate::model::actor::{Actor, Role};
use crate::model::alert::Finding;
use crate::model::contact_card::ContactCard;
use crate::model::event::{Body, Event, Placer};
use crate::model::id::{BatchId, LeadId, RepId, Seq};
use crate::model::lead::{ArrivalKind, Lead, LeadState};
use crate::model::mode::Mode;
use crate::model::time::{MINUTE_MS, Millis, SECOND_MS};
use crate::rulebook::{Metric, WatchKind};
use crate::world::{Moment, World};
use contacts::Contacts;
use rates::Rates;
use rows::Rows;
use rustc_hash::FxHashMap;
use sieve::{Filter, Show};
use smol_str::SmolStr;
use std::sync::Arc;

pub use clock::{day_and_hour, hour_and_minute, short_moment};
pub use lines::{AlertId, AlertLine, Help, Hold, LeadLine, Leadership, Presence, RepLine, Summary, TeamLine};
pub use loads::{Candidate, Choice};
pub use look::DeskLook;
pub use overlays::{ProposalLine, mode_word};

/// How long a lead counts as new.
const NEW_MS: i64 = MINUTE_MS;
/// The least time between two looks for alerts, which read every waiting lead.
const ALERTS_GAP_MS: i64 = SECOND_MS;
/// How old alerts may grow without any event.
const ALERTS_AGE_MS: i64 = 10 * SECOND_MS;
/// Waiting time before `watch delayed` fires where the book does not say.
const DELAYED_MS: i64 = crate::watch::delayed::LIMIT_MS;
/// Time without an owner before `watch missed` fires where the book does not say.
const MISSED_MS: i64 = crate::watch::missed::LIMIT_MS;
/// Own batches remembered for undo.
const OWN_MAX: usize = 200;

/// What a fold came to.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// Events are missing: the world must be taken anew.
    pub has_gap: bool,
    /// What last happened to the watched lead.
    pub moved: Option<Say>,
    /// The rule book was replaced.
    pub has_book: bool,
}

/// Everything the panes read.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Shared with whoever looks for alerts meanwhile; folding copies it only while somebody still looks.
    world: Arc<World>,
    contacts: Contacts,
    show: Show,
    filter: Filter,
    sort: Sort,
    /// What each lead's name is sorted by; kept only while the rows are.
    names: FxHashMap<LeadId, SmolStr>,
    /// Leads whose names are wanted for that.
    nameless: Vec<LeadId>,
    frozen: Option<seeing::Frozen>,
    gauges: Gauges,
    rows: Rows,
    moment: Moment,
    summary: Summary,
    reps: Vec<RepLine>,
    teams: Vec<TeamLine>,
    alerts: Vec<AlertLine>,
    /// What was found when alerts were last looked for: their live numbers.
    findings: Vec<Finding>,
    /// What would help about those that were looked at.
    offers: offers::Offers,
    /// When a look for alerts was last asked for, and whether its answer is still to come.
    alerts_at: Millis,
    is_looking: bool,
    has_news: bool,
    rates: Rates,
    /// What the engine proposes, by lead, and in the order of the queue.
    proposals: FxHashMap<LeadId, RepId>,
    proposed: Vec<ProposalLine>,
    diverted: promotions::Diverted,
    /// Who sits here, in the name of the log.
    me: SmolStr,
    /// Batches this console may take back, newest last, with what each did.
    own: Vec<(BatchId, Say)>,
    /// The one taken back last, for the answer that comes after its events.
    undone: Option<(BatchId, Say)>,
    is_loaded: bool,
    opening: first::Opening,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            world: Arc::new(World::new()),
            contacts: Contacts::default(),
            show: Show::default(),
            filter: Filter::default(),
            sort: Sort::default(),
            names: FxHashMap::default(),
            nameless: Vec::new(),
            frozen: None,
            gauges: Gauges::default(),
            rows: Rows::default(),
            moment: Moment::at(chrono_tz::UTC, Millis(0)),
            summary: Summary::default(),
            reps: Vec::new(),
            teams: Vec::new(),
            alerts: Vec::new(),
            findings: Vec::new(),
            offers: offers::Offers::default(),
            alerts_at: Millis(0),
            is_looking: false,
            has_news: true,
            rates: Rates::default(),
            proposals: FxHashMap::default(),
            proposed: Vec::new(),
            diverted: promotions::Diverted::default(),
            me: SmolStr::default(),
            own: Vec::new(),
            undone: None,
            is_loaded: false,
            opening: first::Opening::default(),
        }
    }
}

impl Desk {
    /// An empty desk for `me` on `file`, until the world comes.
    #[must_use]
    pub fn new(me: SmolStr, file: String) -> Self {
        Self { me, summary: Summary { file, ..Summary::default() }, ..Self::default() }
    }

    /// Takes a world anew: the first load, or after events were lost.
    pub fn take(&mut self, world: World, now: Millis) {
        let is_other_file = self.is_loaded && world.seq() < self.world.seq();
        self.world = Arc::new(world);
        self.is_loaded = true;
        if is_other_file {
            self.contacts.clear();
            self.own.clear();
        }
        self.diverted.restart(self.world.seq());
        self.rates = Rates::default();
        // Closed leads have left the world, so the rate starts a little low and is right after a quarter of an hour.
        for lead in self.world.leads().filter(|lead| lead.kind == ArrivalKind::Live) {
            self.rates.arrivals.add(lead.arrived_at);
        }
        self.has_news = true;
        self.refresh(now);
        self.refresh_alerts();
        self.refill();
    }

    /// Folds committed events in; `watched` is the lead whose way the person follows.
    pub fn fold(&mut self, events: &[Event], watched: Option<LeadId>, now: Millis) -> Folded {
        let mut folded = Folded::default();
        let mut changed: Vec<LeadId> = Vec::new();
        for event in events {
            if event.seq <= self.world.seq() {
                continue;
            }
            if event.seq.0 != self.world.seq().0 + 1 {
                folded.has_gap = true;
                break;
            }
            if watched.is_some() && event.body.lead() == watched {
                folded.moved = self.sentence(event).or(folded.moved);
            }
            Arc::make_mut(&mut self.world).apply(event);
            self.note(event);
            folded.has_book |= matches!(event.body, Body::BookPublished { .. });
            changed.extend(event.body.lead());
        }
        self.has_news = true;
        self.refresh(now);
        if events.iter().any(|e| matches!(e.body, Body::AlertFired { .. } | Body::AlertCleared { .. })) {
            self.refresh_alerts();
        }
        if folded.has_book && self.filter.is_condition() {
            self.filter = Filter::after(&self.filter, self.filter.text(), &self.world);
        }
        if events.iter().any(|event| sorting::reorders(self.sort.by, &event.body)) {
            self.fill_rows();
        } else {
            self.put_rows(&changed);
            self.note_nameless(&changed);
        }
        folded
    }

    fn note(&mut self, event: &Event) {
        self.note_frozen(event);
        match &event.body {
            Body::LeadReceived(r) if r.kind == ArrivalKind::Live => self.rates.arrivals.add(event.at),
            Body::LeadAssigned(a) => {
                self.rates.placed(a.rep, event.at);
                if let Placer::Divert { divert } | Placer::Accepted { divert: Some(divert), .. } = &a.by {
                    self.diverted.count(*divert);
                }
            }
            Body::LeadEdited(e) if e.contact => {
                self.contacts.forget(e.lead);
                self.names.remove(&e.lead);
            }
            Body::BatchUndone { batch, .. } => {
                if let Some(at) = self.own.iter().position(|(own, _)| own == batch) {
                    self.undone = Some(self.own.remove(at));
                }
            }
            _ => {}
        }
    }

    /// Brings what depends on the clock up to `now`.
    pub fn refresh(&mut self, now: Millis) {
        self.moment = Moment::at(self.world.book().zone, now);
        (self.reps, self.teams) = loads::lines(&self.world, &self.moment, &self.rates, &self.gauges);
        if !self.is_loaded {
            // Whose turn it is follows from ledgers that are not there yet.
            self.teams.iter_mut().for_each(|team| team.next = None);
            self.reps.iter_mut().for_each(|rep| rep.is_next = false);
        }
        self.refresh_proposals();
        self.refresh_summary();
    }

    fn refresh_summary(&mut self) {
        let now = self.moment.now;
        let held = self.world.held().range((Millis(now.0 + 1), LeadId(0))..).count();
        let offset = chrono::DateTime::from_timestamp_millis(now.0).map_or(0, |t| {
            use chrono::Offset;
            t.with_timezone(&self.moment.zone).offset().fix().local_minus_utc() / 60
        });
        if !self.is_loaded {
            let opening = self.opening;
            self.summary = Summary {
                file: std::mem::take(&mut self.summary.file),
                book: self.world.published().version.0,
                waiting: opening.waiting,
                parked: opening.parked,
                open: opening.waiting + opening.parked,
                utc_offset_min: offset,
                ..Summary::default()
            };
            return;
        }
        let rate = self.rates.arrivals.rate_milli(now);
        let (modes, set) = (self.mode_banners(), self.banners());
        let window = self.window_banner();
        self.summary = Summary {
            file: std::mem::take(&mut self.summary.file),
            leadership: self.summary.leadership,
            mode: self.world.mode_at(now),
            book: self.world.published().version.0,
            mode_until: self.world.mode_until(now).map(|until| short_moment(until, &self.moment)),
            modes: modes.len(),
            lasting: modes.len() + set.len(),
            on: modes.into_iter().chain(set).chain(window).collect(),
            rate_per_min: format!("{}.{}", rate / 1000, rate % 1000 / 100),
            rate_history: self.rates.arrivals.at(now),
            waiting: self.world.waiting().len(),
            parked: self.world.parked().len(),
            held,
            open: self.world.open_count(),
            spread_pct: crate::report::spread::spread_milli(&self.world, &self.moment)
                .map(|milli| milli / 10),
            utc_offset_min: offset,
        };
    }

    /// The fold itself, for what is asked in words.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    #[must_use]
    pub fn moment(&self) -> &Moment {
        &self.moment
    }

    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Notes who leads.
    pub fn set_leadership(&mut self, leadership: Leadership) {
        self.summary.leadership = leadership;
    }

    /// The role in which the person here may act.
    #[must_use]
    pub fn role(&self, asked: Role) -> Role {
        self.world.role_of(&Actor { name: self.me.clone(), role: asked, console: 0 })
    }

    /// The queue as shown, in order.
    #[must_use]
    pub fn queue(&self) -> &[LeadId] {
        self.frozen.as_ref().map_or(self.rows.ids(), |frozen| &frozen.ids)
    }

    /// An open lead as a row shows it.
    #[must_use]
    pub fn lead(&self, id: LeadId) -> Option<LeadLine> {
        let lead = self.world.lead(id)?;
        let card = self.contacts.get(id);
        let hold = lead.hold_at(self.moment.now);
        Some(LeadLine {
            id,
            rev: lead.touched.seq,
            name: card.map_or_else(String::new, |card| card.name.clone()),
            phone: card.map(|card| card.phone.clone()).filter(|phone| !phone.is_empty()),
            source: lead.attrs.source.clone(),
            region: lead.attrs.region.clone(),
            product: lead.attrs.product.clone(),
            company: lead.attrs.company.clone(),
            score: lead.score,
            arrived_at: lead.arrived_at,
            due_at: self.due_at(lead),
            state: lead.state,
            owner: lead.owner,
            hold: hold.map(|hold| Hold {
                by: hold.actor.clone(),
                is_mine: hold.actor == self.me,
                until: hold.until,
            }),
            proposed: self.proposals.get(&id).copied(),
            pooled_since: lead.pooled_since(),
            is_pinned: lead.pinned,
            is_new: self.moment.now.since(lead.arrived_at) < NEW_MS,
            answer: self.answer_left_ms(lead),
        })
    }

    /// When `watch delayed` or `watch missed` will speak of it. A pause explains itself and is no delay.
    fn due_at(&self, lead: &Lead) -> Option<Millis> {
        // Whether the desk is paused or has other limits just now is not known before it is there.
        if !self.is_loaded {
            return None;
        }
        let limit = |kind, metric, default| {
            let line = self.world.watch_line(kind, Some(metric), self.moment.now);
            line.and_then(|line| line.duration_ms(metric)).unwrap_or(default)
        };
        let is_delayed = lead.state == LeadState::Waiting
            && lead.kind == ArrivalKind::Live
            && self.world.mode_at(self.moment.now) != Mode::Paused;
        let ms = match lead.state {
            _ if is_delayed => limit(WatchKind::Delayed, Metric::Waiting, DELAYED_MS),
            // Whoever wants it takes it: nobody is late.
            LeadState::Parked if lead.pooled_since().is_some() => return None,
            LeadState::Waiting | LeadState::Parked => limit(WatchKind::Missed, Metric::Unowned, MISSED_MS),
            _ => return None,
        };
        let due = self.world.desk_time().add_working_ms(lead.waiting_since, ms);
        (due.0 < i64::MAX).then_some(due)
    }

    /// The event that changed an open lead last.
    #[must_use]
    pub fn rev(&self, lead: LeadId) -> Option<Seq> {
        self.world.lead(lead).map(|lead| lead.touched.seq)
    }

    /// The name a lead goes by, never empty.
    #[must_use]
    pub fn called(&self, id: LeadId) -> String {
        let name = self.contacts.get(id).map(|card| card.name.trim()).filter(|name| !name.is_empty());
        let company = || self.world.lead(id).map(|lead| lead.attrs.company.trim()).filter(|c| !c.is_empty());
        name.or_else(company).map_or_else(|| id.to_string(), str::to_owned)
    }

    /// Takes contacts in; alerts that speak of them say their names at once.
    pub fn put_contacts(&mut self, asked: &[LeadId], found: Vec<(LeadId, ContactCard)>) {
        self.contacts.put(asked, found);
        if self.alerts.iter().any(|alert| alert.lead.is_some_and(|lead| asked.contains(&lead))) {
            self.refresh_alerts();
        }
    }

    /// The contacts that are kept, for asking and answering.
    pub fn contacts_mut(&mut self) -> &mut Contacts {
        &mut self.contacts
    }

    /// Reps by team.
    #[must_use]
    pub fn reps(&self) -> &[RepLine] {
        &self.reps
    }

    #[must_use]
    pub fn rep(&self, id: RepId) -> Option<&RepLine> {
        self.reps.iter().find(|rep| rep.id == id)
    }

    #[must_use]
    pub fn teams(&self) -> &[TeamLine] {
        &self.teams
    }

    /// The name of any rep ever added.
    #[must_use]
    pub fn rep_name(&self, id: RepId) -> String {
        self.world.rep(id).map_or_else(|| id.to_string(), |rep| rep.card.name.to_string())
    }

    #[must_use]
    pub fn alerts(&self) -> &[AlertLine] {
        &self.alerts
    }

    #[must_use]
    pub fn alert(&self, id: AlertId) -> Option<&AlertLine> {
        self.alerts.iter().find(|alert| alert.id == id)
    }

    /// Whether there is nothing to work on yet, so that the first screen offers a start.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.world.next_lead() == LeadId(1) && self.world.reps().is_empty()
    }

    /// Whether the world has come.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.is_loaded
    }

    /// What `undo` would take back.
    #[must_use]
    pub fn last_own(&self) -> Option<&(BatchId, Say)> {
        self.own.last()
    }

    /// What an own batch did, also one just taken back.
    #[must_use]
    pub fn own_words(&self, batch: BatchId) -> Option<&Say> {
        self.own.iter().chain(&self.undone).find(|(own, _)| *own == batch).map(|(_, what)| what)
    }

    /// Notes a batch of this console.
    pub fn did(&mut self, batch: BatchId, what: Say) {
        self.own.retain(|(own, _)| *own != batch);
        if self.own.len() >= OWN_MAX {
            self.own.remove(0);
        }
        self.own.push((batch, what));
    }

    /// Notes the last batch from before this console, under everything done since.
    pub fn did_before(&mut self, batch: BatchId, what: Say) {
        if self.own.iter().all(|(own, _)| *own != batch) {
            self.own.insert(0, (batch, what));
        }
    }
}
