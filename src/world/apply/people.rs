//! Events about people, and what follows from their cards: logins, teams, pools. A pool knows who may be asked, not who is free.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Touched;
use crate::model::event::{Body, Event, LedgerReason};
use crate::model::field::Field;
use crate::model::id::RepId;
use crate::rulebook::{Book, Fallback, Promotion, Target};
use crate::world::roster::{Away, LedgerNote, RepState};
use crate::world::score::{asked_fields, edges, scores_wait, waits};
use crate::world::{Pool, Pools, World};

impl World {
    pub(super) fn roster_event(&mut self, event: &Event, touched: &mut Touched) {
        touched.frees = true;
        let clocks_of = clocks_changed(&event.body).filter(|_| !self.clocks.is_empty());
        if let Some(rep) = clocks_of {
            self.settle_clocks(rep, event.at);
        }
        self.roster_change(event, touched);
        if let Some(rep) = clocks_of {
            self.set_timers(rep);
        }
    }

    fn roster_change(&mut self, event: &Event, touched: &mut Touched) {
        match &event.body {
            Body::RepAdded { rep, card } => {
                if *rep != self.next_rep() {
                    self.faults += 1;
                    return;
                }
                self.reps.push(RepState::new(*rep, card.clone(), event.at));
                self.refresh_roster();
                touched.rep(*rep);
            }
            Body::RepEdited { rep, after, .. } => {
                self.with_rep(*rep, touched, |r| r.card = after.clone());
                self.refresh_roster();
            }
            Body::RepDuty { rep, on } => {
                let on = *on;
                let mark = if on { None } else { Some(self.away_mark(*rep, event)) };
                let undo = event.undoes.is_some();
                self.with_rep(*rep, touched, |r| {
                    r.duty = on;
                    if on {
                        r.last_away = r.away.take();
                    } else {
                        // Taking back "on duty" goes on with the absence that was; its credit was taken back too.
                        r.away = r.last_away.take().filter(|_| undo).or(mark);
                    }
                });
            }
            Body::RepLeave { rep, after, .. } => self.with_rep(*rep, touched, |r| r.leaves = after.clone()),
            Body::RepActive { rep, active } => {
                self.with_rep(*rep, touched, |r| r.active = *active);
                self.refresh_roster();
            }
            Body::LedgerEntered { rep, team, day, milli, reason } => {
                self.with_rep(*rep, touched, |r| {
                    match team {
                        Some(team) => r.team_ledger_mut(team).book(*day, 0, *milli, 0),
                        None => r.ledger.book(*day, 0, *milli, 0),
                    }
                    if *milli != 0 {
                        r.note(LedgerNote {
                            seq: event.seq,
                            batch: event.batch,
                            at: event.at,
                            by: event.actor.clone(),
                            team: team.clone(),
                            from: *day,
                            to: *day,
                            milli: *milli,
                            reason: reason.clone(),
                        });
                    }
                    if matches!(reason, LedgerReason::ReEntry { .. }) {
                        r.leaves.retain(|l| l.to > event.at);
                    }
                });
                touched.frees = false;
            }
            _ => {}
        }
    }

    fn with_rep(&mut self, id: RepId, touched: &mut Touched, change: impl FnOnce(&mut RepState)) {
        touched.rep(id);
        match self.rep_mut(id) {
            Some(rep) => change(rep),
            None => self.faults += 1,
        }
    }

    fn away_mark(&self, id: RepId, event: &Event) -> Away {
        let marks = self.rep(id).map_or_else(Vec::new, |me| {
            self.reps
                .iter()
                .filter(|r| r.id != id && r.active && r.shares_team(me))
                .map(|r| (r.id, r.lifetime_milli))
                .collect()
        });
        Away { since: event.at, marks }
    }

    /// Rebuilds everything derived from cards: logins, teams, pools.
    pub(in crate::world) fn refresh_roster(&mut self) {
        self.logins = self.reps.iter().map(|r| (r.card.login.clone(), r.id)).collect();
        self.teams.clear();
        for rep in &self.reps {
            for team in &rep.card.teams {
                let members = self.teams.entry(team.clone()).or_default();
                if rep.active {
                    members.push(rep.id);
                }
            }
        }
        self.refresh_pools();
        let book = self.book();
        if !book.calendar.own.is_empty() || book.promotions.iter().any(Promotion::has_hours) {
            // Another team may keep other hours.
            self.refresh_quiet();
        }
    }

    pub(in crate::world) fn refresh_pools(&mut self) {
        let book: Arc<Book> = Arc::clone(&self.published.book);
        let rules = book.rules.iter().map(|r| self.pool_of(&r.give)).collect();
        let otherwise = match &book.otherwise {
            Fallback::Give { to, .. } => self.pool_of(to),
            Fallback::Park(_) | Fallback::Wait => Pool::default(),
        };
        self.refresh_diverts();
        self.refresh_trial();
        let tried = self.tried_book();
        let is_clock = |f: &Field| matches!(f, Field::Hour | Field::Weekday);
        let asks_clock = asked_fields(&book).iter().any(is_clock)
            || self.divert_fields().any(|f| is_clock(&f))
            || tried.is_some_and(|tried| asked_fields(tried).iter().any(is_clock));
        let also = tried.into_iter().flat_map(|tried| tried.rules.iter().map(|rule| &rule.when));
        let waits = waits(&book, self.diverts.iter().map(|d| &d.when).chain(also));
        let mut edges = edges(&book);
        edges.extend(tried.into_iter().flat_map(crate::world::score::edges));
        edges.sort_unstable();
        edges.dedup();
        let scores_wait = scores_wait(&book);
        let limited = book.rules.iter().enumerate().filter(|(_, r)| r.respond_within.is_some());
        let responds = limited.map(|(i, r)| (r.name.clone(), i)).collect();
        self.pools = Pools { rules, otherwise, asks_clock, edges, waits, scores_wait, responds };
        self.refresh_promotions();
        self.refresh_hours();
    }

    pub(in crate::world) fn pool_of(&self, give: &[Target]) -> Pool {
        let mut reps: Vec<u32> = Vec::new();
        let mut team: Option<SmolStr> = None;
        for target in give {
            match target {
                Target::Team(name) => {
                    team = Some(name.clone());
                    let members = self.teams.get(name).map_or(&[][..], Vec::as_slice);
                    reps.extend(members.iter().map(|id| id.0 - 1));
                }
                Target::Rep(name) => {
                    reps.extend(self.rep_named(name).filter(|r| r.active).map(|r| r.id.0 - 1));
                }
                Target::Owner => {}
            }
        }
        reps.sort_unstable();
        reps.dedup();
        Pool { reps, team: team.filter(|_| give.len() == 1) }
    }
}

/// Whose response clocks count otherwise after a roster event: one rep's, or with `Some(None)` anybody's, since a card can
/// change whom a line of the calendar names.
fn clocks_changed(body: &Body) -> Option<Option<RepId>> {
    match body {
        Body::RepAdded { .. } | Body::RepEdited { .. } => Some(None),
        Body::RepDuty { rep, .. } | Body::RepLeave { rep, .. } | Body::RepActive { rep, .. } => {
            Some(Some(*rep))
        }
        Body::LedgerEntered { rep, reason: LedgerReason::ReEntry { .. }, .. } => Some(Some(*rep)),
        _ => None,
    }
}
