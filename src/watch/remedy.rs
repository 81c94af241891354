//! What would help about an alert: at most three orders, each with what it would come to, worked out by the engine on a small
//! copy of the desk. Nothing is promised that the engine would refuse: an order that moves nothing is not offered.
//!
//! Evening out is the smallest set of moves that ends the alert. It takes leads nobody has contacted or pinned, gives each
//! only to somebody its own rule would give it to now, and fills nobody past the limit the alert itself is about.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::load_uneven::{beside, limits_milli, share_milli};
use super::untouched::untouched;
use crate::engine::{Intent, Order, Papers, rehearse, suits};
use crate::model::actor::{Actor, Role};
use crate::model::alert::{Alert, AlertKey, AlertKind, AlertSubject};
use crate::model::event::IntentId;
use crate::model::id::{BatchId, BookVersion, LeadId, RepId};
use crate::model::lead::{Lead, LeadState};
use crate::model::mode::Mode;
pub use crate::model::relief::MOVES_MAX;
use crate::model::time::{HOUR_MS, Millis};
use crate::world::{Moment, RepState, World};

/// Remedies offered for one alert.
pub const REMEDIES_MAX: usize = 3;
/// Leads of a rep looked at for moves, the newest first.
const LOOK_MAX: usize = 300;
/// Length of the silence that is offered, in milliseconds.
pub const SILENCE_MS: i64 = 4 * HOUR_MS;
/// Thousandths by which a cap is raised.
const RAISE_MILLI: u32 = 250;

/// What a remedy does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Leads of one rep go to others: how many to each.
    Move {
        from: RepId,
        to: Vec<(RepId, u32)>,
    },
    RaiseCap {
        rep: RepId,
        from: u32,
        to: u32,
    },
    /// Back into the queue, to be handed out again.
    Recall {
        leads: u32,
    },
    /// What was put aside goes back to the engine.
    Free {
        leads: u32,
    },
    Merge {
        into: LeadId,
        lead: LeadId,
    },
    Resume,
    RollBack {
        version: BookVersion,
    },
    /// Only the talk of it ends.
    Silence {
        until: Millis,
    },
}

/// The alert's own figure before and after, as rehearsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    pub before: i64,
    pub after: i64,
    /// Thousandths; else leads.
    pub is_milli: bool,
}

/// One order that would help.
#[derive(Debug, Clone)]
pub struct Remedy {
    pub what: What,
    pub intent: Intent,
    /// None where the figure does not say what it is good for.
    pub effect: Option<Effect>,
}

/// What would help about an open alert, the best first.
#[must_use]
pub fn remedies(world: &World, alert: &Alert, moment: &Moment) -> Vec<Remedy> {
    let key = alert.finding.key;
    let mut all: Vec<Remedy> = Vec::new();
    match (key.kind, key.subject) {
        (AlertKind::LoadUneven, AlertSubject::Rep(rep)) => {
            all.extend(even_loads(world, rep, moment));
            all.extend(raise_cap(world, rep, moment));
        }
        (AlertKind::Uneven, AlertSubject::Rep(rep)) => all.extend(even_shares(world, alert, rep, moment)),
        (AlertKind::AtCap, AlertSubject::Rep(rep)) => {
            all.extend(raise_cap(world, rep, moment));
            all.extend(even_loads(world, rep, moment));
        }
        (AlertKind::Untouched | AlertKind::Hoarded, AlertSubject::Rep(rep)) => {
            all.extend(recall(world, alert, rep, moment));
        }
        (AlertKind::Missed, _) => all.extend(free_missed(world, moment)),
        (AlertKind::Duplicate, _) => all.extend(merge(world, alert)),
        (AlertKind::Delayed | AlertKind::Queue | AlertKind::EngineStalled, _) => {
            all.extend(resume(world, moment))
        }
        (AlertKind::RuleSilent | AlertKind::RateShift, _) => all.extend(roll_back(world, alert)),
        _ => {}
    }
    all.truncate(REMEDIES_MAX - 1);
    all.push(silence(key, moment));
    all
}

/// Thinks an order through; how many leads it would move.
fn rehearsed(world: &World, intent: &Intent, moment: &Moment) -> usize {
    let actor = Actor { name: SmolStr::new_static("watch"), role: Role::Engine, console: 0 };
    let order = Order { id: IntentId(0), actor, intent: intent.clone(), seen: Vec::new() };
    rehearse(world, &order, &mut Papers::default(), moment.now).map_or(0, |done| done.outcome.done.len())
}

/// Leads of `rep` that may be given to somebody else without taking anything from a person: nobody contacted, pinned or holds
/// them. Newest first: the least has been done about them.
fn movable(world: &World, rep: RepId, since: Millis, now: Millis) -> Vec<&Lead> {
    let free = |lead: &&Lead| {
        lead.owner == Some(rep)
            && lead.state == LeadState::Assigned
            && !lead.pinned
            && !lead.do_not_contact
            && lead.hold_at(now).is_none()
            && lead.assigned_at.is_some_and(|at| at >= since)
    };
    let mut leads: Vec<&Lead> = world.leads().filter(free).collect();
    leads.sort_by_key(|lead| std::cmp::Reverse((lead.assigned_at, lead.id)));
    leads.truncate(LOOK_MAX);
    leads
}

/// Chooses `count` moves from `leads`: each to whoever `may` take it and has the least `weight`, which grows by `one` a lead.
fn choose(
    world: &World,
    leads: &[&Lead],
    count: usize,
    moment: &Moment,
    room: &mut BTreeMap<RepId, Room>,
) -> Vec<(LeadId, RepId)> {
    let mut moves = Vec::new();
    for lead in leads {
        if moves.len() >= count.min(MOVES_MAX) {
            break;
        }
        let suited: BTreeSet<RepId> = suits(world, lead, moment).into_iter().collect();
        let open = room.iter().filter(|(rep, room)| room.left > 0 && suited.contains(rep));
        let Some(rep) = open.min_by_key(|(rep, room)| (room.filled, **rep)).map(|(rep, _)| *rep) else {
            continue;
        };
        if let Some(room) = room.get_mut(&rep) {
            room.left -= 1;
            room.filled += room.step;
        }
        moves.push((lead.id, rep));
    }
    moves
}

/// How much a rep may still be given, how full they are, and by how much a lead fills them.
struct Room {
    left: u32,
    filled: i64,
    step: i64,
}

/// What moves come to, by rep.
fn by_rep(moves: &[(LeadId, RepId)]) -> Vec<(RepId, u32)> {
    let mut to: BTreeMap<RepId, u32> = BTreeMap::new();
    for (_, rep) in moves {
        *to.entry(*rep).or_default() += 1;
    }
    to.into_iter().collect()
}

fn moving(from: RepId, moves: Vec<(LeadId, RepId)>) -> (What, Intent) {
    let what = What::Move { from, to: by_rep(&moves) };
    (what, Intent::Rebalance { moves, reason: SmolStr::new_static("even out") })
}

/// The fewest leads that take `rep` below the limit at which the alert is over.
pub(super) fn even_loads(world: &World, rep: RepId, moment: &Moment) -> Option<Remedy> {
    let state = world.rep(rep)?;
    let cap = i64::from(state.cap_open_at(moment.now).filter(|cap| *cap > 0)?);
    let (high, low) = limits_milli(world, moment);
    // Below the band of the detector, and not so far that somebody else takes the alert over.
    let calm = (high - 101).max(low);
    let (load, before) = (i64::from(state.load), share_milli(state, moment)?);
    let count = usize::try_from(load - calm * cap / 1000).ok().filter(|n| *n > 0)?;
    let mut room: BTreeMap<RepId, Room> = BTreeMap::new();
    for other in beside(world, state, low + 100, moment).into_iter().filter_map(|id| world.rep(id)) {
        if let Some(cap) = other.cap_open_at(moment.now).map(i64::from) {
            let left = u32::try_from((calm * cap / 1000 - i64::from(other.load)).max(0)).unwrap_or(0);
            let (filled, step) = (share_milli(other, moment).unwrap_or(0), 1000 / cap.max(1));
            room.insert(other.id, Room { left, filled, step });
        }
    }
    let moves = choose(world, &movable(world, rep, Millis(0), moment.now), count, moment, &mut room);
    let (what, intent) = moving(rep, moves);
    let moved = i64::try_from(rehearsed(world, &intent, moment)).unwrap_or(0);
    let effect = Effect { before, after: (load - moved) * 1000 / cap, is_milli: true };
    (moved > 0).then_some(Remedy { what, intent, effect: Some(effect) })
}

/// The fewest leads that take what `rep` received near to what could be expected.
pub(super) fn even_shares(world: &World, alert: &Alert, rep: RepId, moment: &Moment) -> Option<Remedy> {
    let evidence = alert.detail.evidence.as_deref()?;
    let (received, expected) = (evidence.observed, evidence.expected);
    let half = 1000 + (evidence.effect_needed_milli - 1000) / 2;
    let one = crate::watch::fixed::ONE;
    let is_count = evidence.aspect == crate::model::alert::Aspect::Count;
    // The smallest number after which what is left is less than half the size beyond what was expected.
    let many = (received - expected * half / 1000) / one + 1;
    let count = usize::try_from(many).ok().filter(|n| *n > 0 && is_count)?;
    let mut room: BTreeMap<RepId, Room> = BTreeMap::new();
    let others = world.reps().iter().filter(|r| r.id != rep && r.is_present(moment.now));
    for other in others {
        let left = other.cap_open_at(moment.now).map_or(u32::MAX, |cap| cap.saturating_sub(other.load));
        let filled = other.ledger_sum(None, moment.day);
        room.insert(
            other.id,
            Room { left, filled, step: 1_000_000 / i64::from(other.card.weight_milli.max(1)) },
        );
    }
    let moves = choose(world, &movable(world, rep, evidence.from, moment.now), count, moment, &mut room);
    let (what, intent) = moving(rep, moves);
    let moved = i64::try_from(rehearsed(world, &intent, moment)).unwrap_or(0);
    let milli = |received| crate::watch::evidence::times_milli(received, expected);
    let effect = Effect { before: milli(received), after: milli(received - moved * one), is_milli: true };
    (moved > 0).then_some(Remedy { what, intent, effect: Some(effect) })
}

fn raise_cap(world: &World, rep: RepId, moment: &Moment) -> Option<Remedy> {
    let state: &RepState = world.rep(rep)?;
    // A promotion's cap stands over the card's: raising the card would change nothing.
    let from = state.card.cap_open.filter(|cap| state.cap_open_at(moment.now) == Some(*cap))?;
    let to = from + (from * RAISE_MILLI / 1000).max(1);
    let mut card = state.card.clone();
    card.cap_open = Some(to);
    let effect = Effect {
        before: i64::from(state.load) * 1000 / i64::from(from.max(1)),
        after: i64::from(state.load) * 1000 / i64::from(to),
        is_milli: true,
    };
    let intent = Intent::EditRep { rep, card };
    Some(Remedy { what: What::RaiseCap { rep, from, to }, intent, effect: Some(effect) })
}

/// Untouched leads go back into the queue, not to the same rep again.
pub(super) fn recall(world: &World, alert: &Alert, rep: RepId, moment: &Moment) -> Option<Remedy> {
    let lying = untouched(world).remove(&rep)?;
    let limit = if alert.finding.key.kind == AlertKind::Untouched { alert.finding.limit } else { 0 };
    let late = |since: Millis| world.worked_ms(rep, since, moment.now) > limit;
    let may =
        |id: &LeadId| world.lead(*id).is_some_and(|lead| !lead.pinned && lead.hold_at(moment.now).is_none());
    let over = if alert.finding.key.kind == AlertKind::Hoarded {
        usize::try_from(alert.finding.figure - alert.finding.limit).unwrap_or(0)
    } else {
        MOVES_MAX
    };
    let late = lying.iter().take_while(|(since, _)| late(*since)).map(|(_, id)| *id).filter(may);
    let leads: Vec<LeadId> = late.take(over.min(MOVES_MAX)).collect();
    let intent = Intent::Recall { leads, reason: SmolStr::new_static("untouched") };
    let moved = rehearsed(world, &intent, moment);
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let effect = Effect { before: count(lying.len()), after: count(lying.len() - moved), is_milli: false };
    let what = What::Recall { leads: u32::try_from(moved).unwrap_or(u32::MAX) };
    (moved > 0).then_some(Remedy { what, intent, effect: Some(effect) })
}

/// Parked leads that are missed go back to the engine. Those in the pool are there to be claimed.
fn free_missed(world: &World, moment: &Moment) -> Option<Remedy> {
    let put_aside = world.parked().iter().filter_map(|id| world.lead(*id));
    let leads: Vec<LeadId> = put_aside
        .filter(|lead| lead.pooled_since().is_none() && !lead.do_not_contact)
        .filter(|lead| lead.hold_at(moment.now).is_none())
        .map(|lead| lead.id)
        .take(MOVES_MAX)
        .collect();
    let intent = Intent::Free { leads };
    let moved = rehearsed(world, &intent, moment);
    let what = What::Free { leads: u32::try_from(moved).unwrap_or(u32::MAX) };
    (moved > 0).then_some(Remedy { what, intent, effect: None })
}

fn merge(world: &World, alert: &Alert) -> Option<Remedy> {
    let [into, lead, ..] = alert.finding.leads[..] else { return None };
    world.lead(into).and(world.lead(lead))?;
    let intent = Intent::Merge { into, leads: vec![lead] };
    let effect = Effect { before: 2, after: 1, is_milli: false };
    Some(Remedy { what: What::Merge { into, lead }, intent, effect: Some(effect) })
}

fn resume(world: &World, moment: &Moment) -> Option<Remedy> {
    let is_auto = world.mode_at(moment.now) == Mode::Auto;
    (!is_auto).then_some(Remedy { what: What::Resume, intent: Intent::SetMode(Mode::Auto), effect: None })
}

/// The publish after which it began is undone, if its book is still the one in force.
fn roll_back(world: &World, alert: &Alert) -> Option<Remedy> {
    let version = alert.detail.evidence.as_ref()?.book?;
    let published = world.published();
    let stands = published.version == version && published.batch != BatchId(0);
    let intent = Intent::Undo { batch: published.batch };
    stands.then_some(Remedy { what: What::RollBack { version }, intent, effect: None })
}

fn silence(key: AlertKey, moment: &Moment) -> Remedy {
    let until = moment.now.plus(SILENCE_MS);
    let intent = Intent::SetSilence {
        kind: Some(key.kind),
        subject: Some(key.subject),
        until,
        reason: SmolStr::default(),
    };
    Remedy { what: What::Silence { until }, intent, effect: None }
}
