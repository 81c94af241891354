//! Overlays as the world carries them: what was set, and what follows from it for the book and the roster in force.
//! Whether one is in force is asked with a moment; an end is never an event.

use smol_str::SmolStr;

use super::{Pool, World};
use crate::model::field::Field;
use crate::model::id::DivertId;
use crate::model::overlay::{Divert, DivertBy, DivertTo, OVERLAY_MAX_MS};
use crate::model::time::Millis;
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

    /// The next end of an overlay after `now`.
    pub(super) fn next_overlay_end(&self, now: Millis) -> Millis {
        let ends = self.diverts.iter().map(|d| d.divert.until);
        ends.filter(|until| *until > now).min().unwrap_or(Millis(i64::MAX))
    }
}
