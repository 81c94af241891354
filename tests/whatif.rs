//! Promise 5: what-if and engine are the same function. The unchanged book replays history decision for decision, and a
//! draft's preview is what happens when that draft is in force on the same inputs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may")]

#[path = "whatif/cli.rs"]
mod cli;
#[path = "whatif/history.rs"]
mod history;
#[path = "whatif/scenes.rs"]
mod scenes;
#[path = "whatif/twin.rs"]
mod twin;

use std::ops::Range;
use std::sync::Arc;

use leadyard::engine::whatif::{Recorder, Replay, Rules, Side, Tape, Tell};
use leadyard::model::event::{Body, Event, LedgerReason, Placer};
use leadyard::model::lead::{ParkReason, PoolWhy};
use leadyard::model::time::Millis;
use leadyard::world::World;

/// The seeds of a property; `LEADYARD_SEEDS=104..105` looks at others, and then how much they show is not asked.
fn seeds(usual: Range<u64>) -> (Range<u64>, bool) {
    let asked = std::env::var("LEADYARD_SEEDS").ok();
    let read = |text: &str| {
        let (from, to) = text.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    };
    let other: Option<Range<u64>> = asked.as_deref().and_then(read);
    (other.clone().unwrap_or(usual), other.is_none())
}

/// A log folded from zero.
fn fold(log: &[Event]) -> World {
    let mut world = World::new();
    for event in log {
        world.apply(event);
    }
    world
}

/// The tape of `log`, which follows `start`.
fn tape(start: &World, log: &[Event]) -> Arc<Tape> {
    let mut recorder = Recorder::new(start);
    log.iter().for_each(|event| recorder.push(event.clone()));
    Arc::new(recorder.finish())
}

/// A whole replay with its desk at the end.
fn replay(tape: &Arc<Tape>, start: &World, rules: &Rules, tell: Tell) -> (Side, World) {
    let mut replay = Replay::new(tape, start, rules, tell);
    assert!(replay.play(usize::MAX, &mut |_| true));
    let world = replay.world().clone();
    (replay.finish(), world)
}

/// What the engine decided, with its moments: placements, waiting, parking, timers, the pool's clock, credits.
fn decisions(log: &[Event]) -> Vec<(Millis, Body)> {
    let is_engines = |event: &&Event| match &event.body {
        Body::LeadAssigned(a) => matches!(a.by, Placer::Engine { .. } | Placer::Divert { .. }),
        Body::LeadWaits { .. } | Body::LeadParked { .. } => event.actor == "engine",
        Body::LeadRecalled { timer: Some(_), .. } | Body::LeadReminded(_) | Body::LeadEscalated(_) => true,
        Body::LeadPooled { why: PoolWhy::Quiet { .. } | PoolWhy::Late { .. }, .. } => true,
        Body::LedgerEntered { reason: LedgerReason::ReEntry { .. }, .. } => event.actor == "engine",
        _ => false,
    };
    log.iter().filter(is_engines).map(|event| (event.at, event.body.clone())).collect()
}

/// Fails with the first difference, and with what each of `logs` says of the leads it is about.
fn assert_same(what: &str, want: &[(Millis, Body)], got: &[(Millis, Body)], logs: &[&[Event]]) {
    let end = want.len().max(got.len());
    let Some(at) = (0..end).find(|at| want.get(*at) != got.get(*at)) else { return };
    let (want, got) = (want.get(at), got.get(at));
    let mut story = String::new();
    let last = [want, got].into_iter().flatten().map(|(at, _)| *at).max().unwrap_or_default();
    let named = |body: &Body| match body {
        Body::LeadParked { reason: ParkReason::Duplicate { of, .. }, .. } => Some(*of),
        _ => None,
    };
    let bodies = || [want, got].into_iter().flatten().map(|(_, body)| body);
    for lead in bodies().filter_map(Body::lead).chain(bodies().filter_map(named)) {
        for (log, events) in logs.iter().enumerate() {
            for event in events.iter().filter(|e| e.body.lead() == Some(lead) && e.at <= last) {
                let body: String = format!("{:?}", event.body).chars().take(330).collect();
                story += &format!("log {log} {lead} {} {} {body}\n", event.at.0, event.actor);
            }
        }
    }
    panic!("{what}: decision {at}\nwant {want:?}\ngot  {got:?}\n{story}");
}
