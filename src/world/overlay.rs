//! Overlays as the world carries them: what was set, and what follows from it for the book and the roster in force.
//! Whether one is in force is asked with a moment; an end is never an event.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{Pool, RepState, World};
use crate::model::field::Field;
use crate::model::id::{DivertId, Seq};
use crate::model::lead::Charge;
use crate::model::mode::{Mode, ModeScope, ScopedMode};
use crate::model::overlay::{Divert, DivertBy, DivertTo, OVERLAY_MAX_MS};
use crate::model::time::Millis;
use crate::model::trial::{Share, TrialKind};
use crate::rulebook::{Book, Cond, Strategy, parse_condition_in};

/// A divert with its scope read and its people looked up.
#[derive(Debug, Clone)]
pub struct DivertState {
    pub divert: Divert,
    pub when: Cond,
    pub pool: Pool,
    pub strategy: Strategy,
    /// What explanations and turn pointers call it, `divert D3`.
    pub name: SmolStr,
}

impl DivertState {
    pub(super) fn new(divert: Divert) -> DivertState {
        let lists = Book { defines: divert.defines.iter().cloned().collect(), ..Book::default() };
        let (when, _) = parse_condition_in(&divert.scope, None, &lists);
        let strategy = match divert.by {
            DivertBy::Fair => Strategy::Fair,
            DivertBy::RoundRobin => Strategy::RoundRobin,
            DivertBy::LeastLoaded => Strategy::LeastLoaded,
            DivertBy::Weighted => Strategy::Weighted,
        };
        let name = smol_str::format_smolstr!("divert {}", divert.id);
        DivertState { divert, when, pool: Pool::default(), strategy, name }
    }
}

impl World {
    /// Diverts by id, the newest last; ended ones stay for a while.
    #[must_use]
    pub fn diverts(&self) -> &[DivertState] {
        &self.diverts
    }

    /// The diverts in force at `now`, the newest first: the order in which they are asked.
    pub fn diverts_at(&self, now: Millis) -> impl Iterator<Item = &DivertState> {
        self.diverts.iter().rev().filter(move |d| d.divert.is_live(now))
    }

    /// A divert by id.
    #[must_use]
    pub fn divert(&self, id: DivertId) -> Option<&Divert> {
        let at = self.diverts.binary_search_by_key(&id, |d| d.divert.id).ok()?;
        self.diverts.get(at).map(|d| &d.divert)
    }

    /// The id the next divert will get.
    #[must_use]
    pub fn next_divert(&self) -> DivertId {
        DivertId(self.last_divert.saturating_add(1))
    }

    /// Sets, changes or takes away a divert; long ended ones are forgotten when another is set.
    pub(super) fn put_divert(&mut self, id: DivertId, after: Option<&Divert>, at: Millis) {
        self.last_divert = self.last_divert.max(id.0);
        self.diverts.retain(|d| d.divert.id != id && at.since(d.divert.until) < OVERLAY_MAX_MS);
        if let Some(divert) = after {
            let place = self.diverts.partition_point(|d| d.divert.id < id);
            self.diverts.insert(place, DivertState::new(divert.clone()));
        }
        self.refresh_pools();
    }

    /// Looks up the people of every divert; part of refreshing the pools.
    pub(super) fn refresh_diverts(&mut self) {
        let mut diverts = std::mem::take(&mut self.diverts);
        for state in &mut diverts {
            state.pool = self.divert_pool(&state.divert.to);
        }
        self.diverts = diverts;
    }

    fn divert_pool(&self, to: &[DivertTo]) -> Pool {
        let mut reps: Vec<u32> = Vec::new();
        let mut team = None;
        for target in to {
            match target {
                DivertTo::Team(name) => {
                    team = Some(name.clone());
                    let members = self.teams.get(name).map_or(&[][..], Vec::as_slice);
                    reps.extend(members.iter().map(|id| id.0 - 1));
                }
                DivertTo::Rep(id) => reps.extend(self.rep(*id).filter(|r| r.active).map(|r| r.id.0 - 1)),
            }
        }
        reps.sort_unstable();
        reps.dedup();
        Pool { reps, team: team.filter(|_| to.len() == 1) }
    }

    /// Fields that scopes of diverts ask for.
    pub(super) fn divert_fields(&self) -> impl Iterator<Item = Field> {
        self.diverts.iter().flat_map(|d| d.when.fields())
    }

    /// The mode of the whole desk at `now`.
    #[must_use]
    pub fn mode_at(&self, now: Millis) -> Mode {
        self.mode.max(self.scoped_mode(&ModeScope::Desk, now))
    }

    /// When the mode of the whole desk at `now` ends by itself; `None` when it does not.
    #[must_use]
    pub fn mode_until(&self, now: Millis) -> Option<Millis> {
        let set = self.modes.get(&ModeScope::Desk).filter(|set| set.is_live(now) && set.mode > self.mode)?;
        set.until
    }

    /// The mode set for `scope` itself at `now`; auto when none is.
    #[must_use]
    pub fn scoped_mode(&self, scope: &ModeScope, now: Millis) -> Mode {
        if self.modes.is_empty() {
            return Mode::Auto;
        }
        self.modes.get(scope).filter(|m| m.is_live(now)).map_or(Mode::Auto, |m| m.mode)
    }

    /// Modes of parts of the desk and those with an end, ended ones included until they are changed.
    #[must_use]
    pub fn modes(&self) -> &BTreeMap<ModeScope, ScopedMode> {
        &self.modes
    }

    /// The modes of parts in force at `now`, and that of the whole desk if it has an end.
    pub fn live_modes(&self, now: Millis) -> impl Iterator<Item = (&ModeScope, &ScopedMode)> {
        self.modes.iter().filter(move |(_, set)| set.is_live(now))
    }

    /// The mode of the source `name` at `now`; case does not matter, as in [`World::mode_for`].
    #[must_use]
    pub fn source_mode(&self, name: &str, now: Millis) -> Mode {
        let of_it = |scope: &ModeScope| matches!(scope, ModeScope::Source(s) if s.eq_ignore_ascii_case(name));
        let modes = self.live_modes(now).filter(|(scope, _)| of_it(scope)).map(|(_, set)| set.mode);
        modes.max().unwrap_or(Mode::Auto)
    }

    /// The most restrictive mode for giving a lead of `source` to `rep` by `rule`, and the scope it comes from. With
    /// equals the wider scope is named.
    #[must_use]
    pub fn mode_for(
        &self,
        source: &str,
        rule: Option<&str>,
        rep: &RepState,
        now: Millis,
    ) -> (Mode, ModeScope) {
        let mut strictest = (self.mode_at(now), ModeScope::Desk);
        for (scope, set) in self.live_modes(now) {
            let applies = match scope {
                ModeScope::Desk => false,
                ModeScope::Team(team) => rep.in_team(team),
                ModeScope::Rule(name) => rule == Some(name.as_str()),
                ModeScope::Source(name) => name.eq_ignore_ascii_case(source),
            };
            if applies && set.mode > strictest.0 {
                strictest = (set.mode, scope.clone());
            }
        }
        strictest
    }

    /// Whether a team or a rule has a mode of its own, or a draft is tried on a team's leads, ended ones included: then any placement, and any entry on a ledger, may
    /// make somebody elsewhere the next in turn for a lead that is held back.
    #[must_use]
    pub fn has_modes_of_parts(&self) -> bool {
        let of_team = |kind: &TrialKind| matches!(kind, TrialKind::Canary { share: Share::Team(_), .. });
        self.modes.keys().any(|scope| matches!(scope, ModeScope::Team(_) | ModeScope::Rule(_)))
            || self.trial_on().is_some_and(|state| of_team(&state.trial().kind))
    }

    /// Whether something at `now` keeps the engine from placing some leads by itself.
    #[must_use]
    pub fn is_assisted(&self, now: Millis) -> bool {
        self.mode_at(now) == Mode::Assist || self.live_modes(now).any(|(_, set)| set.mode == Mode::Assist)
    }

    /// The next end of an overlay after `now`.
    pub(super) fn next_overlay_end(&self, now: Millis) -> Millis {
        let modes = self.modes.values().filter_map(|m| m.until);
        let trial = self.trial_on().and_then(|state| state.trial().until());
        let ends = self.diverts.iter().map(|d| d.divert.until).chain(modes).chain(trial);
        ends.filter(|until| *until > now).min().unwrap_or(Millis(i64::MAX))
    }
}

impl World {
    /// The desk without its leads: people, sums, book and overlays, for playing what would be.
    #[must_use]
    pub fn without_leads(&self) -> World {
        World {
            seq: self.seq,
            last_at: self.last_at,
            next_lead: self.next_lead,
            reps: self.reps.clone(),
            published: self.published.clone(),
            mode: self.mode,
            modes: self.modes.clone(),
            turns: self.turns.clone(),
            diverts: self.diverts.clone(),
            last_divert: self.last_divert,
            switches: self.switches.clone(),
            trial: self.trial.clone(),
            promos: self.promos.clone(),
            logins: self.logins.clone(),
            teams: self.teams.clone(),
            pools: self.pools.clone(),
            ..World::new()
        }
    }

    /// Books a placement that is only thought of, on a copy made for that. `turn` is the round-robin rule whose pointer
    /// moves; `after` takes the place of the event.
    pub fn pretend(&mut self, charge: &Charge, turn: Option<&SmolStr>, after: Seq) {
        if let Some(rep) = self.rep_mut(charge.rep) {
            rep.load += 1;
            rep.last_turn = after;
            rep.ledger.book(charge.day, charge.milli, 0, charge.placements);
            if let Some(team) = &charge.team {
                rep.team_ledger_mut(team).book(charge.day, charge.milli, 0, charge.placements);
            }
        }
        if let Some(rule) = turn {
            self.turns.insert(rule.clone(), charge.rep);
        }
    }
}
