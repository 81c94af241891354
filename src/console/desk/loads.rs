//! Reps by team, who is next in each, and whom a lead could be given to. Pure over the world; asks the engine's own
//! strategies, so that the screen cannot say something else than the engine does.

use super::lines::{Presence, RepLine, TeamLine};
use super::rates::Rates;
use crate::console::seeing::{GaugeSort, Gauges};
use crate::console::text::{Say, T};
use crate::engine::eligible::{Limits, left_out};
use crate::engine::pick::{Ground, choose, protected};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::Lead;
use crate::model::why::LeftOut;
use crate::rulebook::{FairScope, Rule, Strategy, Target};
use crate::world::{Moment, RepState, World};
use smol_str::SmolStr;

/// The reps by their first team, and the headings. Deactivated ones are not listed.
#[must_use]
pub fn lines(
    world: &World,
    moment: &Moment,
    rates: &Rates,
    gauges: &Gauges,
) -> (Vec<RepLine>, Vec<TeamLine>) {
    let active: Vec<&RepState> = world.reps().iter().filter(|rep| rep.active).collect();
    let sums: Vec<i64> = active.iter().map(|rep| rep.ledger_sum(None, moment.day)).collect();
    let mean = sums.iter().sum::<i64>() / i64::try_from(sums.len().max(1)).unwrap_or(1);
    let mut lines: Vec<RepLine> = active
        .iter()
        .zip(&sums)
        .map(|(rep, sum)| RepLine {
            fair_tenths: (sum - mean) / 100,
            ramp_percent: crate::world::ramp::ramp_week(world.book(), rep, moment.day)
                .map(|(_, share_milli)| share_milli / 10),
            ..rep_line(rep, rep.card.teams.first().cloned().unwrap_or_default(), moment, rates)
        })
        .collect();
    // Those without a team come last, however their team would sort.
    lines.sort_by(|a, b| {
        let team = |rep: &RepLine| rep.team.is_empty();
        (team(a), &a.team, rank(a, gauges.sort), a.id).cmp(&(team(b), &b.team, rank(b, gauges.sort), b.id))
    });
    let mut teams: Vec<TeamLine> = Vec::new();
    for (first, rep) in lines.iter_mut().enumerate() {
        if teams.last().is_none_or(|team| team.name != rep.team) {
            let (name, next) = (rep.team.clone(), next_of(world, &rep.team, moment));
            teams.push(TeamLine { name, next, first, count: 0, on_duty: 0, load: 0 });
        }
        if let Some(team) = teams.last_mut() {
            team.count += 1;
            team.on_duty += usize::from(rep.presence == Presence::OnDuty);
            team.load += rep.load;
            rep.is_next = team.next.as_ref() == Some(&rep.name) && rep.presence == Presence::OnDuty;
        }
    }
    (lines, teams)
}

/// What stands first among the reps of a team.
fn rank(rep: &RepLine, sort: GaugeSort) -> i64 {
    match sort {
        GaugeSort::Roster => 0,
        // Without a cap nobody is full, however much they have.
        GaugeSort::Load => match rep.cap {
            Some(cap) => -(i64::from(rep.load) * 1000 / i64::from(cap.max(1))),
            None => 0,
        },
        GaugeSort::Today => -i64::from(rep.today),
        GaugeSort::Ledger => rep.fair_tenths,
    }
}

/// All of a rep but what needs the others.
fn rep_line(rep: &RepState, team: SmolStr, moment: &Moment, rates: &Rates) -> RepLine {
    let presence = match rep.leave_at(moment.now) {
        _ if !rep.duty => Presence::OffDuty,
        Some(leave) => Presence::OnLeave(super::day_and_hour(leave.to, moment)),
        None if !rep.is_at_work(moment.now) => Presence::OutOfHours,
        None => Presence::OnDuty,
    };
    let today = rep.ledger.placements_on(moment.day);
    let (cap, day_cap) = (rep.cap_open_at(moment.now), rep.cap_day_at(moment.now));
    let room = cap.map(|cap| cap.saturating_sub(rep.load));
    let day_room = day_cap.map(|cap| cap.saturating_sub(today));
    let room = match (room, day_room) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    };
    RepLine {
        id: rep.id,
        name: rep.card.name.clone(),
        team,
        load: rep.load,
        cap,
        today,
        day_cap,
        presence,
        full_in_min: room.filter(|room| *room > 0).and_then(|r| rates.full_in_min(rep.id, r, moment.now)),
        fair_tenths: 0,
        ramp_percent: None,
        is_next: false,
    }
}

/// Who gets the next lead of `team`: by the first rule that gives to the team alone, else by fair share.
fn next_of(world: &World, team: &SmolStr, moment: &Moment) -> Option<SmolStr> {
    let rule = world.book().rules.iter().find(|rule| !rule.disabled && gives_to(rule, team));
    let limits = rule.map_or_else(Limits::default, |rule| Limits {
        cap_open: rule.cap_open,
        cap_day: rule.cap_day,
        skills: &rule.needs_skills,
    });
    let strategy = rule.map_or(&Strategy::Fair, |rule| &rule.strategy);
    let within = rule.is_some_and(|rule| rule.scope == FairScope::WithinTeam);
    let free: Vec<u32> = world
        .reps()
        .iter()
        .zip(0u32..)
        .filter(|(rep, _)| if team.is_empty() { rep.card.teams.is_empty() } else { rep.in_team(team) })
        .filter(|(rep, _)| crate::engine::eligible::barred(rep, &limits, moment).is_none())
        .map(|(_, index)| index)
        .collect();
    let ground = Ground {
        reps: world.reps(),
        moment,
        limits: &limits,
        team: within.then_some(team.as_str()),
        lead: world.next_lead(),
        salt: world.book().salt,
        known_owner: None,
        last_turn: rule.and_then(|rule| world.last_turn(&rule.name)),
        ramps: &world.book().ramps,
    };
    let pick = protected(strategy, &free, &free, &ground).or_else(|| choose(strategy, &free, &ground))?;
    world.reps().get(pick.rep as usize).map(|rep| rep.card.name.clone())
}

fn gives_to(rule: &Rule, team: &SmolStr) -> bool {
    matches!(rule.give.as_slice(), [Target::Team(name)] if name == team)
}

/// Where a person may place leads from the picker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Rep(RepId),
    /// Index into the teams the picker was opened with.
    Team(usize),
    /// Back to the engine.
    Engine,
}

/// One rep in the picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub rep: RepId,
    pub name: SmolStr,
    pub team: SmolStr,
    pub load: u32,
    pub cap: Option<u32>,
    /// How many of the leads fit.
    pub takes: u32,
    /// Ledger against the mean, in tenths of a turn: negative = has had less than the others.
    pub fair_tenths: i64,
    /// Why not, by the rules of manual work.
    pub refusal: Option<Say>,
}

/// Everybody who is active: those who can take `leads` first, the least served first.
#[must_use]
pub fn candidates(world: &World, leads: &[LeadId], moment: &Moment) -> Vec<Candidate> {
    let rows: Vec<&Lead> = leads.iter().filter_map(|id| world.lead(*id)).collect();
    let active: Vec<&RepState> = world.reps().iter().filter(|rep| rep.active).collect();
    let sums: Vec<i64> = active.iter().map(|rep| rep.ledger_sum(None, moment.day)).collect();
    let mean = sums.iter().sum::<i64>() / i64::try_from(sums.len().max(1)).unwrap_or(1);
    let count = u32::try_from(leads.len()).unwrap_or(u32::MAX);
    let mut all: Vec<Candidate> = active
        .iter()
        .zip(&sums)
        .map(|(rep, sum)| {
            let why = rows.iter().find_map(|lead| left_out(rep, lead, &Limits::default(), moment));
            let today = rep.ledger.placements_on(moment.day);
            let cap = rep.cap_open_at(moment.now);
            let room = cap.map_or(u32::MAX, |cap| cap.saturating_sub(rep.load));
            let day_room = rep.cap_day_at(moment.now).map_or(u32::MAX, |cap| cap.saturating_sub(today));
            Candidate {
                rep: rep.id,
                name: rep.card.name.clone(),
                team: rep.card.teams.first().cloned().unwrap_or_default(),
                load: rep.load,
                cap,
                takes: count.min(room).min(day_room),
                fair_tenths: (sum - mean) / 100,
                refusal: why.map(|why| refusal(rep, &why, moment)),
            }
        })
        .collect();
    all.sort_by_key(|c| (c.refusal.is_some(), c.fair_tenths, c.rep));
    all
}

/// The reason in a few words.
fn refusal(rep: &RepState, why: &LeftOut, moment: &Moment) -> Say {
    match why {
        LeftOut::Inactive => T::Inactive.into(),
        LeftOut::OffDuty => T::OffDuty.into(),
        LeftOut::OnLeave => match rep.leave_at(moment.now) {
            Some(leave) => Say::OnLeaveUntil(&super::day_and_hour(leave.to, moment)),
            None => T::OnLeave.into(),
        },
        LeftOut::OutOfHours => T::OutOfHours.into(),
        LeftOut::HadIt => T::HadIt.into(),
        LeftOut::LacksSkill(skill) => Say::LacksSkill(skill.as_str()),
        LeftOut::OpenCap { cap } | LeftOut::PromotionOpenCap { cap, .. } => Say::FullOf(rep.load, *cap),
        LeftOut::DayCap { cap } | LeftOut::PromotionDayCap { cap, .. } => {
            Say::DayFullOf(rep.ledger.placements_on(moment.day), *cap)
        }
    }
}
