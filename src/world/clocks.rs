//! Response clocks: how much working time each owner has had, and when the next timer is due. Due moments follow from the
//! world alone, so an index by moment makes a look cost what is due, not what is open.
//!
//! A clock is kept as (used, since): whatever changes how time counts (duty, leave, hours, a pause, a gap without leader)
//! first settles what was used by the old count. What a due timer does is the engine's affair.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{RepState, World};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{Lead, LeadState};
use crate::model::mode::{Mode, ModeScope, ScopedMode};
use crate::model::respond::{ClockStart, TimerNote};
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis};
use crate::rulebook::Respond;

/// Share of the limit after which the owner is reminded, in thousandths.
pub const REMIND_AT_MILLI: i64 = 500;
/// Shorter limits remind nobody, in milliseconds: there would be no time to heed it.
pub const REMIND_LIMIT_MIN_MS: i64 = 4 * MINUTE_MS;
/// An owner who is away (off duty or on leave) keeps their leads at least this long, in milliseconds of their working
/// time; shorter absences stop the clock. The same measure as for the ledger.
pub const AWAY_KEEPS_MS: i64 = 4 * HOUR_MS;
/// Timer moves are counted over this time, in milliseconds.
pub const MOVES_WINDOW_MS: i64 = HOUR_MS;

/// The alert during which nobody knows what time it is: timers stand still.
pub const CLOCK_SUSPECT: AlertKey = AlertKey { kind: AlertKind::ClockSuspect, subject: AlertSubject::Desk };
/// A clock that starts when the time is known again.
const NOT_YET: Millis = Millis(i64::MAX);

/// One running clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub rule: SmolStr,
    /// Steps done under the rule.
    pub done: u8,
    /// Working milliseconds of the owner before `since`.
    pub used_ms: i64,
    pub since: Millis,
    pub reminded: bool,
    /// Somebody was told that the limit passed.
    pub escalated: bool,
    /// Nothing more will come of it.
    pub over: bool,
    /// Where it stands in the index; derived.
    #[serde(skip)]
    pub due: Option<Millis>,
}

impl World {
    /// The clock of a lead, if one runs.
    #[must_use]
    pub fn clock(&self, lead: LeadId) -> Option<&Clock> {
        self.clocks.get(&lead)
    }

    /// The response limit of a rule by name.
    #[must_use]
    pub fn respond(&self, rule: &str) -> Option<&Respond> {
        if let Some(index) = self.pools.responds.get(rule) {
            return self.book().rules.get(*index)?.respond_within.as_ref();
        }
        // A rule that only a draft on trial has; one of the same name keeps the limit of the book in force.
        let is_known = self.book().rules.iter().any(|r| r.name == rule);
        let tried = self.tried_book().filter(|_| !is_known)?;
        tried.rules.iter().find(|r| r.name == rule)?.respond_within.as_ref()
    }

    /// Whether replies to leads of `source` are recorded, so that silence means silence.
    #[must_use]
    pub fn has_replies(&self, source: &str) -> bool {
        self.book().replies_from.iter().any(|s| s.eq_ignore_ascii_case(source))
    }

    /// Leads whose timer is due at `now`, the longest due first, `most` of them. What came due just before its owner went
    /// home waits for the morning: at night there is nobody to give it to.
    #[must_use]
    pub fn timers_due(&self, now: Millis, most: usize) -> Vec<LeadId> {
        let owner = |lead: &LeadId| self.leads.get(lead).and_then(|l| l.owner).and_then(|id| self.rep(id));
        let due = self.timers.iter().take_while(|(at, _)| *at <= now).map(|(_, lead)| *lead);
        due.filter(|lead| owner(lead).is_none_or(|rep| rep.is_at_work(now))).take(most).collect()
    }

    /// The moment of the next timer; `None` when none runs.
    #[must_use]
    pub fn next_timer(&self) -> Option<Millis> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// Timers due after `after`, the soonest first.
    pub fn timers_after(&self, after: Millis) -> impl Iterator<Item = (Millis, LeadId)> + '_ {
        self.timers.range((Millis(after.0.saturating_add(1)), LeadId(0))..).copied()
    }

    /// Whether any clock runs.
    #[must_use]
    pub fn has_clocks(&self) -> bool {
        !self.clocks.is_empty()
    }

    /// Leads past their limit that somebody was told of and that are still unanswered, by id.
    pub fn overdue(&self) -> impl Iterator<Item = LeadId> {
        let mut leads: Vec<LeadId> =
            self.clocks.iter().filter(|(_, c)| c.escalated).map(|(lead, _)| *lead).collect();
        leads.sort_unstable();
        leads.into_iter()
    }

    /// How many leads timers moved in the hour before `now`.
    #[must_use]
    pub fn timer_moves(&self, now: Millis) -> usize {
        self.moved.iter().filter(|at| now.since(**at) < MOVES_WINDOW_MS).count()
    }

    /// Working milliseconds the owner of `lead` has had at `now`.
    #[must_use]
    pub fn answer_time(&self, lead: LeadId, now: Millis) -> i64 {
        let row = self.leads.get(&lead);
        let rep = row.and_then(|l| l.owner).and_then(|id| self.rep(id));
        match (self.clocks.get(&lead), rep) {
            (Some(clock), Some(rep)) => self.used(clock, rep, now),
            _ => 0,
        }
    }

    fn used(&self, clock: &Clock, rep: &RepState, now: Millis) -> i64 {
        let since = self.counts_from(clock);
        if self.mode == Mode::Paused || !rep.duty || now <= since {
            return clock.used_ms;
        }
        let time = rep.shift.time();
        let away: i64 =
            rep.leaves.iter().map(|l| time.working_ms_between(l.from.max(since), l.to.min(now))).sum();
        clock.used_ms + (time.working_ms_between(since, now) - away).max(0)
    }

    /// From when on time counts for `clock`: a pause of the desk that ends by itself counts for nobody.
    fn counts_from(&self, clock: &Clock) -> Millis {
        match self.modes.get(&ModeScope::Desk).filter(|set| set.mode == Mode::Paused) {
            Some(set) => clock.since.max(set.until.unwrap_or(NOT_YET)),
            None => clock.since,
        }
    }

    /// The next moment at which something is to be done about `row`; a function of the world alone.
    fn timer_at(&self, row: &Lead, clock: &Clock) -> Option<Millis> {
        if clock.over || self.counts_from(clock) == NOT_YET || row.state != LeadState::Assigned {
            return None;
        }
        let within = self.respond(&clock.rule)?.within_ms;
        let rep = row.owner.and_then(|id| self.rep(id)).filter(|r| r.active)?;
        let left = (within - clock.used_ms).max(0);
        let due = self
            .reminder(row, clock, rep, within)
            .unwrap_or_else(|| owner_had(rep, self.counts_from(clock), left));
        // Nobody is bothered outside their hours, and a lead that somebody holds is in their hands.
        let due = rep.shift.time().next_open(due)?;
        let due = row.hold.as_ref().map_or(due, |hold| due.max(hold.until));
        (due.0 < i64::MAX).then_some(due)
    }

    fn reminder(&self, row: &Lead, clock: &Clock, rep: &RepState, within: i64) -> Option<Millis> {
        let half = within * REMIND_AT_MILLI / 1000 - clock.used_ms;
        let reminds = !clock.reminded && !row.pinned && rep.duty && half > 0 && within >= REMIND_LIMIT_MIN_MS;
        let reminds = reminds && self.has_replies(&row.attrs.source);
        reminds.then(|| owner_had(rep, self.counts_from(clock), half))
    }

    pub(super) fn start_clock(&mut self, lead: LeadId, start: &ClockStart, at: Millis) {
        self.drop_clock(lead);
        let clock = Clock {
            rule: start.rule.clone(),
            done: start.done,
            used_ms: start.used_ms,
            since: if self.alerts.contains_key(&CLOCK_SUSPECT) { NOT_YET } else { at },
            reminded: false,
            escalated: false,
            over: false,
            due: None,
        };
        self.clocks.insert(lead, clock);
        self.set_timer(lead);
    }

    pub(super) fn drop_clock(&mut self, lead: LeadId) {
        if let Some(due) = self.clocks.remove(&lead).and_then(|c| c.due) {
            self.timers.remove(&(due, lead));
        }
    }

    /// Puts the lead's timer where it belongs by now.
    pub(super) fn set_timer(&mut self, lead: LeadId) {
        let due = match (self.leads.get(&lead), self.clocks.get(&lead)) {
            (Some(row), Some(clock)) => self.timer_at(row, clock),
            _ => None,
        };
        let Some(clock) = self.clocks.get_mut(&lead) else { return };
        if clock.due == due {
            return;
        }
        if let Some(before) = std::mem::replace(&mut clock.due, due) {
            self.timers.remove(&(before, lead));
        }
        if let Some(due) = due {
            self.timers.insert((due, lead));
        }
    }

    /// Settles what every clock (of `rep`'s leads, or all) has used by `at`, before the count changes. An absence goes on
    /// from where it began unless it is the rep's own presence that changes.
    pub(super) fn settle_clocks(&mut self, rep: Option<RepId>, at: Millis) {
        self.each_clock(rep, |world, clock, owner| {
            let since = if owner.duty || rep.is_some() { clock.since.max(at) } else { clock.since };
            (world.used(clock, owner, at), since)
        });
    }

    /// Time from `from` to `at` counts for nobody: no leader ran, or the clock could not be trusted.
    pub(super) fn skip_time(&mut self, from: Millis, at: Millis) {
        self.each_clock(None, |world, clock, owner| (world.used(clock, owner, from), started(clock, at)));
        self.set_timers(None);
    }

    /// The wall clock can be trusted again: clocks that had to wait for that start.
    pub(super) fn trust_clock(&mut self, at: Millis) {
        self.each_clock(None, |_, clock, _| {
            (clock.used_ms, if clock.since == NOT_YET { at } else { clock.since })
        });
        self.set_timers(None);
    }

    /// Sets the mode. Nobody is asked to answer while the engine is paused, and no limit passes behind its back.
    pub(super) fn set_mode(&mut self, after: Mode, at: Millis) {
        if self.mode == Mode::Paused {
            self.each_clock(None, |_, clock, _| (clock.used_ms, clock.since.max(at)));
        } else {
            self.settle_clocks(None, at);
        }
        self.mode = after;
        self.set_timers(None);
    }

    /// Sets the mode of a part, or of the desk with an end, or takes it away. Of these only the desk's stops clocks.
    pub(super) fn set_scope_mode(&mut self, scope: &ModeScope, after: Option<&ScopedMode>, at: Millis) {
        let is_desk = *scope == ModeScope::Desk;
        if is_desk {
            self.settle_clocks(None, at);
        }
        match after {
            Some(set) => self.modes.insert(scope.clone(), set.clone()),
            None => self.modes.remove(scope),
        };
        if is_desk {
            self.set_timers(None);
        }
    }

    fn each_clock(&mut self, rep: Option<RepId>, set: impl Fn(&World, &Clock, &RepState) -> (i64, Millis)) {
        let mut all: Vec<(LeadId, i64, Millis)> = Vec::new();
        for (lead, clock) in &self.clocks {
            let owner = self.leads.get(lead).and_then(|l| l.owner);
            if rep.is_some() && owner != rep {
                continue;
            }
            if let Some(owner) = owner.and_then(|id| self.rep(id)) {
                let (used, since) = set(self, clock, owner);
                all.push((*lead, used, since));
            }
        }
        for (lead, used_ms, since) in all {
            if let Some(clock) = self.clocks.get_mut(&lead) {
                (clock.used_ms, clock.since) = (used_ms, since);
            }
        }
    }

    /// Puts the timers of `rep`'s leads, or all, where they belong by now.
    pub(super) fn set_timers(&mut self, rep: Option<RepId>) {
        if self.clocks.is_empty() {
            return;
        }
        let of = |lead: &LeadId| rep.is_none() || self.leads.get(lead).is_some_and(|l| l.owner == rep);
        let leads: Vec<LeadId> = self.clocks.keys().copied().filter(of).collect();
        for lead in leads {
            self.set_timer(lead);
        }
    }

    pub(super) fn reminded(&mut self, note: &TimerNote) {
        if let Some(clock) = self.clocks.get_mut(&note.lead) {
            clock.reminded = true;
        }
        self.set_timer(note.lead);
    }

    pub(super) fn escalated(&mut self, note: &TimerNote, at: Millis) {
        if let Some(clock) = self.clocks.get_mut(&note.lead) {
            clock.escalated = true;
            clock.reminded = true;
            clock.over = !note.more;
            clock.done = note.done;
            (clock.used_ms, clock.since) = (0, at);
        }
        self.set_timer(note.lead);
    }

    pub(super) fn timer_moved(&mut self, at: Millis) {
        self.moved.retain(|moved| at.since(*moved) < MOVES_WINDOW_MS);
        self.moved.push(at);
    }

    /// Whether index and clocks agree with what the rows say.
    pub(super) fn clocks_are_sound(&self) -> bool {
        let indexed = self.clocks.values().filter(|c| c.due.is_some()).count();
        indexed == self.timers.len()
            && self.clocks.iter().all(|(lead, clock)| {
                let row = self.leads.get(lead).filter(|l| l.state == LeadState::Assigned);
                row.is_some_and(|row| self.timer_at(row, clock) == clock.due)
                    && clock.due.is_none_or(|due| self.timers.contains(&(due, *lead)))
            })
    }
}

fn started(clock: &Clock, at: Millis) -> Millis {
    if clock.since == NOT_YET { at } else { clock.since.max(at) }
}

/// When `rep` has had `ms` of working time since `since`, absences left out unless they last too long.
fn owner_had(rep: &RepState, since: Millis, ms: i64) -> Millis {
    let time = rep.shift.time();
    if !rep.duty {
        return time.add_working_ms(since, ms.max(AWAY_KEEPS_MS));
    }
    let mut leaves: Vec<_> = rep.leaves.iter().filter(|l| l.to > since).collect();
    leaves.sort_unstable_by_key(|l| l.from);
    let mut away = 0;
    for leave in leaves {
        if leave.from >= time.add_working_ms(since, ms + away) {
            break;
        }
        let from = leave.from.max(since);
        let long = time.working_ms_between(from, leave.to);
        if long > AWAY_KEEPS_MS {
            let left = ms + away - time.working_ms_between(since, from);
            return time.add_working_ms(from, left.max(AWAY_KEEPS_MS));
        }
        away += long;
    }
    time.add_working_ms(since, ms + away)
}
