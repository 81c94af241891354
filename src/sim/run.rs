//! One run of a seed: a desk set up, worked at by the crew, judged after each step. In memory, or on three desks of one file.
//! What failed is made smaller: fewer steps, less trouble.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::chance::Chance;
use super::crew::{self, Crew};
use super::desks::{Desks, Kind};
use super::people::person;
use super::yard::Yard;
use crate::engine::Intent;
use crate::model::actor::{ENGINE, Role};
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};

/// When simulated days begin: 2026-11-10 10:00 in Shanghai, in the middle of the demo book's promotion.
pub const START: Millis = Millis(1_794_276_000_000);
/// The log is folded from zero after this many steps.
const FOLD_EVERY: u32 = 16;

/// What to run.
#[derive(Debug, Clone)]
pub struct Options {
    pub steps: u32,
    /// An existing directory for the file; `None` = one desk in memory.
    pub folder: Option<PathBuf>,
    /// Desks on the file.
    pub desks: usize,
    /// Steps in which trouble begins.
    pub trouble_permille: u32,
    /// Kinds of trouble that never come.
    pub spared: Vec<Kind>,
    /// Whether somebody sets the wall clock now and then.
    pub sets_clock: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            steps: 60,
            folder: None,
            desks: 3,
            trouble_permille: 300,
            spared: Vec::new(),
            sets_clock: true,
        }
    }
}

/// What came of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub seed: u64,
    pub steps: u32,
    pub events: u64,
    /// Leads reported as taken.
    pub taken: u64,
    /// Leads the engine placed.
    pub placed: u64,
    pub refused: u64,
    /// Planted crashes that struck, and how many at which point of a transaction.
    pub crashes: u64,
    pub crash_points: BTreeMap<&'static str, u64>,
    /// Desks that died and came back.
    pub deaths: u64,
    /// Answers that could not say whether the change was kept.
    pub uncertain: u64,
    /// Terms of leadership begun, and leaders who found themselves replaced.
    pub terms: u64,
    pub overtaken: u64,
    /// Troubles begun, by kind, and how often one was met as an error of the file.
    pub troubles: BTreeMap<&'static str, u64>,
    pub met: BTreeMap<&'static str, u64>,
    /// Leads that timers took from their owners; on desks only.
    pub timer_moves: u64,
    /// What people wanted, by act: granted and denied.
    pub acts: BTreeMap<&'static str, (u64, u64)>,
    /// Events by verb.
    pub verbs: BTreeMap<&'static str, u64>,
    /// Digest of the world at the end: equal for equal seeds.
    pub digest: u128,
}

/// Runs `seed`.
///
/// # Errors
/// What the judge found, with the seed and step in front: the same options and seed show it again.
pub fn run(seed: u64, options: &Options) -> Result<Report, String> {
    let mut step = 0;
    let done = match &options.folder {
        None => in_memory(seed, options, &mut step),
        Some(folder) => Desks::run(seed, options, folder, &mut step),
    };
    done.map_err(|why| format!("SEED={seed} step {step} of {}: {why}", options.steps))
}

/// A seed that fails, with less: as few steps as a search by halves finds, and none of the trouble that it does not need.
/// Returns what still fails and how; `None` when `seed` does not fail.
#[must_use]
pub fn shrink(seed: u64, options: &Options) -> Option<(Options, String)> {
    let mut least = options.clone();
    let mut why = run(seed, &least).err()?;
    for (kind, _) in Kind::ALL {
        let mut spared = least.spared.clone();
        spared.push(kind);
        let fewer = Options { spared, ..least.clone() };
        if let Err(still) = run(seed, &fewer) {
            (least, why) = (fewer, still);
        }
    }
    let calm = Options { sets_clock: false, ..least.clone() };
    if let Err(still) = run(seed, &calm) {
        (least, why) = (calm, still);
    }
    let mut passes = 0;
    while least.steps - passes > 1 {
        let fewer = Options { steps: passes + (least.steps - passes) / 2, ..least.clone() };
        match run(seed, &fewer) {
            Err(still) => (least, why) = (fewer, still),
            Ok(_) => passes = fewer.steps,
        }
    }
    Some((least, why))
}

/// The hands of a run's clocks. The wall clock may be set; the boot clock only goes on.
#[derive(Debug, Clone)]
pub struct Hands {
    pub wall: Millis,
    pub boot_ms: i64,
}

impl Hands {
    /// At [`START`], some time after boot.
    #[must_use]
    pub fn new() -> Hands {
        Hands { wall: START, boot_ms: HOUR_MS }
    }

    /// Lets `ms` pass.
    pub fn go(&mut self, ms: i64) {
        self.boot_ms += ms;
        self.wall = self.wall.plus(ms);
    }

    /// Lets some time pass: mostly seconds, now and then hours; with `sets` somebody may set the wall clock, by a jitter, by
    /// hours, rarely by days.
    pub fn pass(&mut self, chance: &mut Chance, sets: bool) {
        let ms = match chance.weighted(&[60, 30, 8, 2]) {
            0 => chance.between(1, 20 * SECOND_MS),
            1 => chance.between(MINUTE_MS, 12 * MINUTE_MS),
            2 => chance.between(HOUR_MS, 5 * HOUR_MS),
            _ => chance.between(12 * HOUR_MS, 30 * HOUR_MS),
        };
        self.go(ms);
        if chance.permille(60) {
            let most = [SECOND_MS, 3 * HOUR_MS, 40 * HOUR_MS];
            let most = most.get(chance.weighted(&[40, 45, 15])).copied().unwrap_or(SECOND_MS);
            let step = chance.between(-most, most);
            self.wall = self.wall.plus(if sets { step } else { 0 });
        }
    }
}

impl Default for Hands {
    fn default() -> Self {
        Hands::new()
    }
}

fn in_memory(seed: u64, options: &Options, step: &mut u32) -> Result<Report, String> {
    let mut yard = Yard::new();
    let mut chance = Chance::apart(seed, 6);
    let mut hands = Hands::new();
    let mut crew = Crew::new(seed, hands.wall);
    let mut report = Report { seed, steps: options.steps, ..Report::default() };
    for (actor, wish) in crew::opening(true) {
        yard.ask(actor, wish, hands.wall)?.map_err(|r| format!("the opening was refused: {}", r.code()))?;
    }
    while *step < options.steps {
        *step += 1;
        hands.pass(&mut chance, options.sets_clock);
        let (act, mut wishes) = crew.wishes(yard.world(), hands.wall);
        if chance.permille(150) {
            wishes.push((person(ENGINE, Role::Engine, 1), Intent::Sweep));
        }
        if chance.permille(300) {
            wishes.push((person(ENGINE, Role::Engine, 1), Intent::Timers));
        }
        if crate::engine::trial::is_due(yard.world(), hands.wall) {
            wishes.push((person(ENGINE, Role::Engine, 1), Intent::SettleTrial));
        }
        for (actor, wish) in wishes {
            match yard.ask(actor.clone(), wish.clone(), hands.wall)? {
                Ok(outcome) => {
                    if act.is_refused && actor.role != Role::Engine && outcome.events > 0 {
                        return Err(format!("{} was allowed: {wish:?}", act.name));
                    }
                    report.taken += outcome.taken.len() as u64;
                    crew.did(&actor, outcome.batch);
                }
                Err(_) => report.refused += 1,
            }
        }
        if step.is_multiple_of(FOLD_EVERY) {
            yard.judge().check().map_err(|wrong| wrong.join("; "))?;
        }
    }
    yard.judge().check().map_err(|wrong| wrong.join("; "))?;
    report.events = yard.world().seq().0;
    report.placed = yard.judge().placed();
    report.verbs = yard.judge().verbs().clone();
    report.digest = yard.world().digest();
    Ok(report)
}
