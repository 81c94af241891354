//! The judge: holds every event against the world before it, by counting anew and not by asking the engine again.
//!
//! It keeps a fold and a log of its own. What it finds is a sentence; an empty list of sentences is a clean desk.

mod accounts;
mod again;
mod complaint;
mod promotion;
mod relief;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use self::promotion::{own_caps, rule_is_on};
use crate::model::event::{Assigned, Body, Event, Placer};
use crate::model::id::{LeadId, RepId, Seq};
use crate::model::lead::{ArrivalKind, Lead, LeadState, PoolWhy};
use crate::model::mode::Mode;
use crate::model::rep::RepCard;
use crate::model::respond::{TimerNote, TimerStep};
use crate::model::time::Millis;
use crate::model::trial::{Share, TrialEnd, TrialKind, parse_terms};
use crate::rulebook::{Book, Rule, Target, WorkTime};
use crate::world::{Moment, RepState, TrialState, World};

/// Judges a log as it grows.
#[derive(Debug, Clone, Default)]
pub struct Judge {
    world: World,
    log: Vec<Event>,
    /// Leads by what their sender calls them, withdrawn ones left out.
    taken: BTreeMap<(SmolStr, SmolStr), LeadId>,
    names: BTreeMap<LeadId, (SmolStr, SmolStr)>,
    past: again::Past,
    accounts: accounts::Accounts,
    /// The world's digest at the places of the log where one was asked for.
    digests: BTreeMap<Seq, u128>,
    /// How often each verb came.
    verbs: BTreeMap<&'static str, u64>,
    /// Leads the engine placed.
    placed: u64,
}

impl Judge {
    /// A judge before the first event.
    #[must_use]
    pub fn new() -> Judge {
        Judge::default()
    }

    /// The judge's own fold.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Every event seen.
    #[must_use]
    pub fn log(&self) -> &[Event] {
        &self.log
    }

    /// How many leads the engine placed.
    #[must_use]
    pub fn placed(&self) -> u64 {
        self.placed
    }

    /// How often each verb came.
    #[must_use]
    pub fn verbs(&self) -> &BTreeMap<&'static str, u64> {
        &self.verbs
    }

    /// Judges `event` against the world before it, then folds it in.
    ///
    /// # Errors
    /// What is wrong with it. It is not folded in then.
    pub fn see(&mut self, event: &Event) -> Result<(), String> {
        let wrong = |why: String| format!("event {} ({}): {why}", event.seq, event.body.verb().word());
        if event.seq.0 != self.world.seq().0 + 1 {
            return Err(wrong(format!("comes after {}", self.world.seq())));
        }
        self.judge(event).map_err(wrong)?;
        self.accounts.judge(&self.world, event).map_err(wrong)?;
        self.past.decide_again_if_engine(&self.world, event).map_err(wrong)?;
        self.count(event);
        self.accounts.book(&self.world, &self.past, event);
        self.past.note(event);
        self.world.apply(event);
        self.log.push(event.clone());
        if self.world.faults() > 0 {
            return Err(wrong("names a lead or rep that is not there".into()));
        }
        Ok(())
    }

    fn judge(&self, event: &Event) -> Result<(), String> {
        match &event.body {
            Body::LeadReceived(r) => {
                let name = (r.system.clone(), r.external_id.clone());
                if let Some(before) = self.taken.get(&name) {
                    return Err(format!("{} {} was taken before as {before}", r.system, r.external_id));
                }
                if r.lead != self.world.next_lead() {
                    return Err(format!("{} is out of turn", r.lead));
                }
                self.past.arrival(&self.world, event)
            }
            Body::LeadAssigned(a) => self.assigned(a, event),
            Body::LeadWaits { lead, .. } | Body::LeadParked { lead, .. }
                if event.actor == crate::model::actor::ENGINE =>
            {
                let row = self.world.lead(*lead).ok_or("the lead is not open")?;
                engine_may_touch(row, event)
            }
            Body::LeadRecalled { lead, from, .. } | Body::LeadReturned { lead, from, .. } => {
                let row = self.world.lead(*lead).ok_or("the lead is not open")?;
                if let Body::LeadRecalled { timer: Some(note), .. } = &event.body {
                    self.timer_moved(note, row, event)?;
                }
                if row.owner != Some(*from) {
                    return Err(format!("{lead} is not {from}'s but {:?}'s", row.owner));
                }
                if event.actor == crate::model::actor::ENGINE && row.pinned {
                    return Err(format!("the engine takes {lead} away, which is pinned"));
                }
                // Whoever leaves, leaves all: a hold keeps a lead from others' hands, not with one who is gone.
                let left = self.world.rep(*from).is_some_and(|r| !r.active);
                if left { Ok(()) } else { held_by_another(row, event) }
            }
            Body::LeadPooled { lead, why, .. } if event.actor == crate::model::actor::ENGINE => match why {
                PoolWhy::Quiet { days } => self.pooled(*lead, *days, event),
                PoolWhy::Late { rule, within_ms } => self.pooled_late(*lead, rule, *within_ms, event),
                PoolWhy::Person { .. } => Err(format!("the engine pools {lead} in a person's name")),
            },
            Body::LeadRestored(r) => self.restored(&r.row, r.withdrawn),
            Body::AlertRemedied(done) => self.relieved(done, event),
            Body::ComplaintRaised { complaint, lead, before, after } => {
                self.complained((*complaint, *lead), before.as_deref(), after.as_deref(), event)
            }
            Body::ComplaintRuled { complaint, before, after, .. } => {
                self.ruled(*complaint, before.as_deref(), after.as_deref(), event)
            }
            Body::BookPublished { text, .. } if event.actor == crate::model::actor::ENGINE => {
                self.published(text)
            }
            _ => Ok(()),
        }
    }

    /// A timer takes only what the engine gave, nobody answered, nobody holds, and whose silence is known to be one.
    fn timer_moved(&self, note: &TimerNote, row: &Lead, event: &Event) -> Result<(), String> {
        let id = row.id;
        if row.state != LeadState::Assigned || row.pinned || row.contacted_at.is_some() {
            return Err(format!("a timer takes {id}, which is {}", row.state.word()));
        }
        if row.kind != ArrivalKind::Live || row.hold.as_ref().is_some_and(|h| h.until > event.at) {
            return Err(format!("a timer takes {id}, which has no clock or is held"));
        }
        if self.world.mode_at(event.at) == Mode::Paused
            || !self.world.book().replies_from.contains(&row.attrs.source)
        {
            return Err(format!("a timer takes {id}, though paused or without recorded replies"));
        }
        let owner = self.world.rep(note.owner).ok_or("a timer names nobody")?;
        let away = !owner.duty || !owner.leaves.is_empty();
        if note.worked_ms < note.within_ms && !away {
            return Err(format!("a timer takes {id} after {} of {} ms", note.worked_ms, note.within_ms));
        }
        Ok(())
    }

    fn restored(&self, row: &Lead, withdrawn: bool) -> Result<(), String> {
        let name = self.names.get(&row.id).ok_or("puts back a lead that never came")?;
        match self.taken.get(name) {
            Some(other) if *other != row.id && !withdrawn => {
                Err(format!("puts back {} although {other} was taken in its place", row.id))
            }
            _ => Ok(()),
        }
    }

    fn assigned(&self, a: &Assigned, event: &Event) -> Result<(), String> {
        let row = self.world.lead(a.lead).or(a.readmit.as_deref()).ok_or("the lead is not open")?;
        if a.from != row.owner {
            return Err(format!("takes {} from {:?}, but its owner is {:?}", a.lead, a.from, row.owner));
        }
        if row.do_not_contact {
            return Err(format!("{} must not be contacted", a.lead));
        }
        if a.charge.rep != a.rep {
            return Err(format!("{} is charged for the lead of {}", a.charge.rep, a.rep));
        }
        let rep = self.world.rep(a.rep).ok_or_else(|| format!("there is no {}", a.rep))?;
        if matches!(a.by, Placer::Engine { .. } | Placer::Divert { .. } | Placer::Remedy { .. })
            != (event.actor == crate::model::actor::ENGINE)
        {
            return Err(format!("{} places as {:?}", event.actor, a.by));
        }
        match &a.by {
            Placer::Person { .. } => held_by_another(row, event),
            Placer::Claimed => self.claimed(a, row, rep, event),
            Placer::Remedy { episode, line } => self.remedied((a, *episode, line), row, rep, event),
            Placer::Engine { rule } => self.engine_assigned(a, row, rep, rule.as_ref(), event),
            // Checked like the engine's, but in the name of the person who accepted.
            Placer::Accepted { rule, .. } => self.engine_assigned(a, row, rep, rule.as_ref(), event),
            Placer::Divert { divert } => {
                if !self.world.diverts_at(event.at).any(|d| d.divert.id == *divert) {
                    return Err(format!("{divert} is not in force"));
                }
                self.engine_assigned(a, row, rep, None, event)
            }
        }
    }

    /// The book a placement was decided by: the one in force, or that of a draft on trial, whose share the lead must be of.
    fn book_of(&self, a: &Assigned, event: &Event) -> Result<&Book, String> {
        let state = self.world.trial_on();
        let share = state.and_then(|state| state.trial().share_at(event.at));
        let drawn = share.is_some_and(|share| share.draws(a.lead));
        let tried = a.why.as_ref().and_then(|why| why.verdict.tried());
        match (tried, state) {
            (Some(id), Some(state)) if state.trial().id == id && (drawn || is_of_team(share)) => {
                Ok(state.play().0)
            }
            (Some(id), _) => Err(format!("{id} decides {}, which is not of its share", a.lead)),
            (None, _) if drawn => Err(format!("{} is of the canary's share", a.lead)),
            (None, _) => Ok(self.world.book()),
        }
    }

    /// The engine publishes what a canary's condition allows, and nothing else.
    fn published(&self, text: &str) -> Result<(), String> {
        let Some(Body::TrialChanged { before: Some(trial), end: Some(TrialEnd::Promoted), .. }) =
            self.log.last().map(|event| &event.body)
        else {
            return Err("the engine publishes a book by itself".into());
        };
        let TrialKind::Canary { promote_when, until, .. } = &trial.kind else {
            return Err("a shadow is published by itself".into());
        };
        let at = self.log.last().map_or(Millis(0), |event| event.at);
        let tally = self.world.trial().map(TrialState::tally).ok_or("nothing was tried")?;
        let terms = parse_terms(promote_when, crate::rulebook::duration_ms)?;
        let holds = !terms.is_empty() && terms.iter().all(|term| term.holds(tally));
        if !holds
            || at < *until
            || trial.text.as_str() != text
            || self.world.published().version != trial.base
        {
            return Err(format!("{} is published, whose condition is {promote_when}: {tally:?}", trial.id));
        }
        Ok(())
    }

    fn engine_assigned(
        &self,
        a: &Assigned,
        row: &Lead,
        rep: &RepState,
        rule: Option<&SmolStr>,
        event: &Event,
    ) -> Result<(), String> {
        engine_may_touch(row, event)?;
        let who = &rep.card.login;
        if self.world.mode_at(event.at) == Mode::Paused {
            return Err("the engine is paused".into());
        }
        if a.book != self.world.published().version {
            return Err(format!("by book {}, but {} is in force", a.book, self.world.published().version));
        }
        let on_leave = rep.leaves.iter().any(|l| l.from <= event.at && event.at < l.to);
        if !rep.active || !rep.duty || on_leave {
            return Err(format!("{who} is not there to take it"));
        }
        if !rep.is_at_work(event.at) {
            return Err(format!("{who} is not at work"));
        }
        if row.not_to.contains(&rep.id) {
            return Err(format!("{who} had {} before", a.lead));
        }
        let moment = Moment::at(self.world.book().zone, event.at);
        let mut caps = vec![own_caps(&self.world, rep, event.at)];
        if let Some(name) = rule {
            let rules = &self.book_of(a, event)?.rules;
            let rule = rules.iter().find(|r| r.name == *name && !r.disabled);
            let rule = rule.ok_or_else(|| format!("there is no rule {name}"))?;
            caps.push((rule.cap_open, rule.cap_day));
            fits_rule(rule, row, &rep.card, a.rep)?;
            if !rule_is_on(&self.world, rule, event.at) {
                return Err(format!("the promotion of {name} is not on"));
            }
            if !rule.when.holds_for(&self.world.view(row, a.score, &moment)) {
                return Err(format!("the condition of {name} does not hold for {}", a.lead));
            }
        }
        let load = self.world.leads().filter(|l| l.owner == Some(rep.id) && l.state.is_load()).count();
        let today = self.accounts.placements(rep.id, moment.day);
        for (open, day) in caps {
            if open.is_some_and(|cap| load >= cap as usize) {
                return Err(format!("{who} already has {load} leads, cap {open:?}"));
            }
            if day.is_some_and(|cap| today >= i64::from(cap)) {
                return Err(format!("{who} already had {today} leads today, cap {day:?}"));
            }
        }
        Ok(())
    }

    /// A claim: of a pooled lead, by its claimer, within the book's limits.
    fn claimed(&self, a: &Assigned, row: &Lead, rep: &RepState, event: &Event) -> Result<(), String> {
        held_by_another(row, event)?;
        let who = &rep.card.login;
        let terms = self.world.book().pool.as_ref().ok_or("the book has no pool")?;
        if row.pooled_since().is_none() || event.actor != *who || !rep.active {
            return Err(format!("{} claims {} for {who}", event.actor, a.lead));
        }
        let moment = Moment::at(self.world.book().zone, event.at);
        let today = self.accounts.claims(rep.id, moment.day);
        if terms.claim_day.is_some_and(|max| today >= i64::from(max)) {
            return Err(format!("{who} already claimed {today} leads today"));
        }
        let load = self.world.leads().filter(|l| l.owner == Some(rep.id) && l.state.is_load()).count();
        if [terms.claim_hand, own_caps(&self.world, rep, event.at).0]
            .into_iter()
            .flatten()
            .any(|max| load >= max as usize)
        {
            return Err(format!("{who} claims with {load} leads in hand"));
        }
        Ok(())
    }

    /// The pool's clock takes only what is assigned, nobody pinned or holds, and whose replies are seen.
    fn pooled(&self, lead: LeadId, days: u32, event: &Event) -> Result<(), String> {
        let row = self.world.lead(lead).ok_or("the lead is not open")?;
        let book = self.world.book();
        let seen = book.replies_from.iter().any(|s| s.eq_ignore_ascii_case(&row.attrs.source));
        let moved = row.state == LeadState::Assigned && !row.pinned && row.contacted_at.is_none();
        let held = row.hold.as_ref().is_some_and(|h| h.until > event.at);
        if !moved || held || !seen {
            return Err(format!("the engine puts {lead} into the pool, which is {}", row.state.word()));
        }
        let time = row.owner.and_then(|id| self.world.rep(id)).map(|rep| rep.shift.time());
        let had = time.map_or(0, |time| time.working_ms_between(row.arrived_at, event.at));
        let due = time.and_then(WorkTime::day_ms).map(|day| day * i64::from(days));
        if due.is_none_or(|due| had < due) || book.pool.as_ref().and_then(|p| p.return_days) != Some(days) {
            return Err(format!("the engine puts {lead} into the pool after {had} of {due:?} ms"));
        }
        Ok(())
    }

    /// A timer pools only what it has just taken from its owner, in the same batch and for the same reason.
    fn pooled_late(&self, lead: LeadId, rule: &str, within_ms: i64, event: &Event) -> Result<(), String> {
        let note = match self.log.last() {
            Some(Event { batch, body: Body::LeadRecalled { timer: Some(note), .. }, .. })
                if *batch == event.batch =>
            {
                note
            }
            _ => return Err(format!("{lead} is put into the pool by no timer")),
        };
        let same = note.lead == lead && note.rule == rule && note.within_ms == within_ms;
        if !same || note.step != TimerStep::RecallToPool || self.world.book().pool.is_none() {
            return Err(format!("{lead} is put into the pool after {note:?}"));
        }
        Ok(())
    }

    /// Counts for itself what the event says.
    fn count(&mut self, event: &Event) {
        *self.verbs.entry(event.body.verb().word()).or_default() += 1;
        match &event.body {
            Body::LeadReceived(r) => {
                let name = (r.system.clone(), r.external_id.clone());
                self.taken.insert(name.clone(), r.lead);
                self.names.insert(r.lead, name);
            }
            Body::LeadAssigned(a) => {
                self.placed += u64::from(!matches!(a.by, Placer::Person { .. }));
            }
            Body::LeadRestored(r) => {
                if let Some(name) = self.names.get(&r.row.id).cloned() {
                    if r.withdrawn {
                        self.taken.remove(&name);
                    } else {
                        self.taken.insert(name, r.row.id);
                    }
                }
            }
            _ => {}
        }
    }

    /// The standing checks: sums agree with rows, and the log folded from zero gives this world.
    ///
    /// # Errors
    /// A sentence a finding.
    pub fn check(&self) -> Result<(), Vec<String>> {
        let mut wrong = sound(&self.world);
        wrong.extend(self.accounts.compare(&self.world));
        if fold(&self.log).digest() != self.world.digest() {
            wrong.push(format!("folded from zero the world at {} is another", self.world.seq()));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// Remembers the world's digest at this place of the log, for those who stand here and do not move on.
    pub fn mark(&mut self) {
        self.digests.insert(self.world.seq(), self.world.digest());
    }

    /// Whether `live` is the world of the log at the place where it stands: the present one, or one that was marked.
    ///
    /// # Errors
    /// When it differs, is ahead of what was committed, or stands where nobody can.
    pub fn agrees(&self, live: &World) -> Result<(), String> {
        let seq = live.seq();
        if seq > self.world.seq() {
            return Err(format!("a world stands at {seq}, the log ends at {}", self.world.seq()));
        }
        let want = match self.digests.get(&seq) {
            Some(digest) => *digest,
            None if seq == self.world.seq() => self.world.digest(),
            None => {
                return Err(format!("a world stands at {seq}, in the midst of what was committed at once"));
            }
        };
        if live.digest() == want { Ok(()) } else { Err(format!("worlds differ at {seq}")) }
    }
}

/// What is wrong with a world taken by itself.
#[must_use]
pub fn sound(world: &World) -> Vec<String> {
    let mut wrong = world.inconsistencies();
    if world.faults() > 0 {
        wrong.push(format!("{} events named what is not there", world.faults()));
    }
    wrong
}

/// A log folded from zero.
#[must_use]
pub fn fold(log: &[Event]) -> World {
    let mut world = World::new();
    for event in log {
        world.apply(event);
    }
    world
}

fn is_of_team(share: Option<&Share>) -> bool {
    matches!(share, Some(Share::Team(_)))
}

/// The engine touches only what waits and nobody holds.
fn engine_may_touch(row: &Lead, event: &Event) -> Result<(), String> {
    if row.state != LeadState::Waiting || row.owner.is_some() || row.pinned {
        let pin = if row.pinned { ", pinned" } else { "" };
        return Err(format!("the engine moves {}, which is {}{pin}", row.id, row.state.word()));
    }
    match row.hold.as_ref().filter(|h| h.until > event.at) {
        Some(hold) => Err(format!("the engine moves {}, which {} holds", row.id, hold.actor)),
        None => Ok(()),
    }
}

fn held_by_another(row: &Lead, event: &Event) -> Result<(), String> {
    match row.hold.as_ref().filter(|h| h.until > event.at && h.actor != event.actor) {
        Some(hold) => Err(format!("{} is held by {}", row.id, hold.actor)),
        None => Ok(()),
    }
}

/// Whether the rule names this rep and they have what it needs.
fn fits_rule(rule: &Rule, row: &Lead, card: &RepCard, rep: RepId) -> Result<(), String> {
    let named = rule.give.iter().any(|target| match target {
        Target::Team(team) => card.teams.contains(team),
        Target::Rep(name) => card.login == *name || card.name == *name,
        Target::Owner => row.known_owner == Some(rep),
    });
    if !named {
        return Err(format!("{} does not name {}", rule.name, card.login));
    }
    match rule.needs_skills.iter().find(|s| !card.skills.contains(s)) {
        Some(skill) => Err(format!("{} lacks {skill}", card.login)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
