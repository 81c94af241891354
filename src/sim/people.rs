//! What reps do all day: answer after a while, some late, some never; win, lose, give back; take breaks and leave.
//!
//! A pure stepper: it reads a world and a moment and says who wants what. It never checks that a wish is granted; what a
//! rep meant to do with a lead that moved on in between is dropped.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::chance::Chance;
use crate::engine::{Intent, Progress};
use crate::model::actor::{Actor, Role};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{Lead, LeadState};
use crate::model::rep::Leave;
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};
use crate::world::World;

/// Reasons for giving a lead back.
const RETURNS: [&str; 5] = [
    "不在我的区域",
    "客户要求英文对接",
    "wrong product line, not my field",
    "手上客户太多，跟不过来",
    "customer asked for somebody else",
];

/// How people behave. Shares are in thousandths.
#[derive(Debug, Clone)]
pub struct PlayOptions {
    /// Mean time to the first answer.
    pub answer_ms: i64,
    /// Of the leads: answered five times later than others.
    pub late_permille: u32,
    pub never_permille: u32,
    pub returned_permille: u32,
    /// Mean time from the first answer to the outcome.
    pub outcome_ms: i64,
    /// Mean time between two breaks of a rep; `None` = nobody ever leaves the desk.
    pub break_every_ms: Option<i64>,
    pub break_ms: (i64, i64),
    /// Of the breaks: the rest of the day off instead.
    pub leave_permille: u32,
    /// Who keeps the duty list, and who grants leave.
    pub coordinator: SmolStr,
    pub supervisor: SmolStr,
    /// The console these people's wishes come from.
    pub console: u32,
}

impl Default for PlayOptions {
    fn default() -> Self {
        PlayOptions {
            answer_ms: 4 * MINUTE_MS,
            late_permille: 80,
            never_permille: 30,
            returned_permille: 50,
            outcome_ms: 25 * MINUTE_MS,
            break_every_ms: Some(3 * HOUR_MS),
            break_ms: (12 * MINUTE_MS, 50 * MINUTE_MS),
            leave_permille: 60,
            coordinator: SmolStr::new_static("wang.fang"),
            supervisor: SmolStr::new_static("zhao.lei"),
            console: 9_001,
        }
    }
}

/// What somebody means to do.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Plan {
    Answer { lead: LeadId, rep: RepId },
    GiveBack { lead: LeadId, rep: RepId },
    Finish { lead: LeadId, rep: RepId },
    Away(RepId),
    Back(RepId),
}

/// The people of a desk.
#[derive(Debug, Clone)]
pub struct Play {
    options: PlayOptions,
    chance: Chance,
    start: Millis,
    plans: BTreeMap<(Millis, u64), Plan>,
    made: u64,
    /// Placements already planned for: lead → owner and since when.
    noticed: BTreeMap<LeadId, (RepId, Millis)>,
    known_reps: usize,
}

impl Play {
    /// People whose day begins at `start`.
    #[must_use]
    pub fn new(seed: u64, options: PlayOptions, start: Millis) -> Play {
        Play {
            options,
            chance: Chance::apart(seed, 3),
            start,
            plans: BTreeMap::new(),
            made: 0,
            noticed: BTreeMap::new(),
            known_reps: 0,
        }
    }

    /// When somebody next means to do something, as far as is known: a lead placed since the last `due` is not yet seen.
    #[must_use]
    pub fn next_at(&self) -> Millis {
        self.plans.first_key_value().map_or(Millis(i64::MAX), |((at, _), _)| *at)
    }

    /// Everything people want up to `now`, in order of time.
    pub fn due(&mut self, world: &World, now: Millis) -> Vec<(Actor, Intent)> {
        self.notice_reps(world);
        self.notice_leads(world);
        let mut wishes = Vec::new();
        while let Some(((at, _), _)) = self.plans.first_key_value() {
            if *at > now {
                break;
            }
            let Some(((at, _), plan)) = self.plans.pop_first() else { break };
            wishes.extend(self.act(world, plan, at));
        }
        wishes
    }

    fn plan(&mut self, at: Millis, plan: Plan) {
        self.made += 1;
        self.plans.insert((at, self.made), plan);
    }

    fn notice_reps(&mut self, world: &World) {
        let Some(every) = self.options.break_every_ms else { return };
        while self.known_reps < world.reps().len() {
            self.known_reps += 1;
            let rep = RepId(u32::try_from(self.known_reps).unwrap_or(u32::MAX));
            let at = self.start.plus(self.chance.wait(every));
            self.plan(at, Plan::Away(rep));
        }
    }

    /// Plans an answer for each placement not seen before.
    fn notice_leads(&mut self, world: &World) {
        self.noticed.retain(|id, _| world.lead(*id).is_some());
        let mut fresh: Vec<&Lead> = world
            .leads()
            .filter(|l| l.state == LeadState::Assigned)
            .filter(|l| placement(l).is_some_and(|p| self.noticed.get(&l.id) != Some(&p)))
            .collect();
        fresh.sort_unstable_by_key(|l| l.id);
        for lead in fresh {
            let Some((rep, since)) = placement(lead) else { continue };
            let id = lead.id;
            self.noticed.insert(id, (rep, since));
            if self.chance.permille(self.options.never_permille) {
                continue;
            }
            let slow = if self.chance.permille(self.options.late_permille) { 5 } else { 1 };
            let wait = self.chance.wait(self.options.answer_ms).saturating_mul(slow);
            let at = since.plus(wait.saturating_add(5 * SECOND_MS));
            let back = self.chance.permille(self.options.returned_permille);
            self.plan(
                at,
                if back { Plan::GiveBack { lead: id, rep } } else { Plan::Answer { lead: id, rep } },
            );
        }
    }

    fn act(&mut self, world: &World, plan: Plan, at: Millis) -> Option<(Actor, Intent)> {
        match plan {
            Plan::Answer { lead, rep } => {
                owned(world, lead, rep, LeadState::Assigned)?;
                if !world.rep(rep)?.is_present(at) {
                    // Back from the break it is still there.
                    self.plan(at.plus(5 * MINUTE_MS), Plan::Answer { lead, rep });
                    return None;
                }
                let later = at.plus(self.chance.wait(self.options.outcome_ms));
                self.plan(later, Plan::Finish { lead, rep });
                self.progress(world, lead, rep, LeadState::Contacted, at)
            }
            Plan::GiveBack { lead, rep } => {
                owned(world, lead, rep, LeadState::Assigned)?;
                let reason = SmolStr::new_static(self.chance.pick(&RETURNS).copied().unwrap_or_default());
                Some((self.rep_actor(world, rep)?, Intent::Return { leads: vec![lead], reason }))
            }
            Plan::Finish { lead, rep } => {
                owned(world, lead, rep, LeadState::Contacted)?;
                let states = [LeadState::Qualified, LeadState::Won, LeadState::Lost, LeadState::Invalid];
                let to = states.get(self.chance.weighted(&[42, 12, 30, 16])).copied()?;
                self.progress(world, lead, rep, to, at)
            }
            Plan::Away(rep) => self.go_away(world, rep, at),
            Plan::Back(rep) => self.come_back(world, rep, at),
        }
    }

    fn progress(
        &self,
        world: &World,
        lead: LeadId,
        rep: RepId,
        to: LeadState,
        at: Millis,
    ) -> Option<(Actor, Intent)> {
        let items = vec![Progress { lead, to, happened_at: Some(at) }];
        Some((self.rep_actor(world, rep)?, Intent::Progress { items, note: SmolStr::default() }))
    }

    fn go_away(&mut self, world: &World, rep: RepId, at: Millis) -> Option<(Actor, Intent)> {
        let state = world.rep(rep)?;
        let (least, most) = self.options.break_ms;
        let back = at.plus(self.chance.between(least, most));
        self.plan(back, Plan::Back(rep));
        if !state.is_present(at) {
            return None;
        }
        if self.chance.permille(self.options.leave_permille) {
            let mut leaves = state.leaves.clone();
            let reason = SmolStr::new_static("半天假");
            leaves.push(Leave { from: at, to: at.plus(4 * HOUR_MS), reason });
            let who = person(&self.options.supervisor, Role::Supervisor, self.options.console);
            return Some((who, Intent::SetLeaves { rep, leaves }));
        }
        let who = person(&self.options.coordinator, Role::Coordinator, self.options.console);
        Some((who, Intent::Duty { rep, on: false }))
    }

    fn come_back(&mut self, world: &World, rep: RepId, at: Millis) -> Option<(Actor, Intent)> {
        let every = self.options.break_every_ms.unwrap_or(HOUR_MS);
        let next = at.plus(self.chance.wait(every));
        self.plan(next, Plan::Away(rep));
        let state = world.rep(rep)?;
        if state.duty || !state.active {
            return None;
        }
        let who = person(&self.options.coordinator, Role::Coordinator, self.options.console);
        Some((who, Intent::Duty { rep, on: true }))
    }

    fn rep_actor(&self, world: &World, rep: RepId) -> Option<Actor> {
        Some(person(&world.rep(rep)?.card.login, Role::Rep, self.options.console))
    }
}

fn placement(lead: &Lead) -> Option<(RepId, Millis)> {
    Some((lead.owner?, lead.assigned_at?))
}

fn owned(world: &World, lead: LeadId, rep: RepId, state: LeadState) -> Option<()> {
    world.lead(lead).filter(|l| l.owner == Some(rep) && l.state == state).map(|_| ())
}

/// An actor of the play.
#[must_use]
pub fn person(name: &str, role: Role, console: u32) -> Actor {
    Actor { name: name.into(), role, console }
}
