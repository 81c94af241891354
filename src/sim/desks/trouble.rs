//! What goes wrong in a simulation, as a table: how often, how long, and on which desk.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use super::super::chance::Chance;
use crate::desk::interlock::CRASH_POINTS;
use crate::store::Trouble;

/// Statements within which a planted crash strikes.
const FUSE_MAX: i64 = 40;
/// Of the crashes, those that wait for one point of a transaction, however rarely it is come by.
const AIMED_PERMILLE: u32 = 300;
/// Points few decisions come by: texts of books, closed leads, similar companies.
const RARE: [&str; 3] = ["book text", "closed lead", "company hits"];
/// Units of work within which a statement fails.
const WORK_MAX: i64 = 400;

/// One kind of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A crash before or after a statement, or after COMMIT: the desk dies of it, or survives and must answer.
    Crash,
    /// One statement fails inside SQLite.
    FailOnce,
    /// From one statement on everything fails inside SQLite, reads too.
    FailForEver,
    /// The file cannot grow.
    Full,
    /// Nobody does the leader's work for a while.
    LeaderGap,
    /// The desk that leads stands still while time goes on, then goes on believing that it leads.
    Frozen,
}

impl Kind {
    /// Every kind with how often it comes.
    pub const ALL: [(Kind, u64); 6] = [
        (Kind::Crash, 60),
        (Kind::FailOnce, 14),
        (Kind::FailForEver, 8),
        (Kind::Full, 8),
        (Kind::LeaderGap, 4),
        (Kind::Frozen, 6),
    ];

    /// Its name in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Crash => "crash",
            Kind::FailOnce => "failed statement",
            Kind::FailForEver => "failing file",
            Kind::Full => "full disk",
            Kind::LeaderGap => "leader gap",
            Kind::Frozen => "frozen leader",
        }
    }

    /// For how many steps it lasts.
    fn steps(self, chance: &mut Chance) -> i64 {
        match self {
            Kind::Crash | Kind::FailOnce => 1,
            Kind::FailForEver | Kind::Full => chance.between(1, 6),
            Kind::LeaderGap => chance.between(5, 15),
            Kind::Frozen => chance.between(3, 10),
        }
    }

    /// What it asks of SQLite.
    pub(super) fn of_store(self, chance: &mut Chance) -> Option<Trouble> {
        let mut after = || u32::try_from(chance.between(0, WORK_MAX)).unwrap_or(0);
        match self {
            Kind::FailOnce => Some(Trouble::Fail { after: after(), forever: false }),
            Kind::FailForEver => Some(Trouble::Fail { after: after(), forever: true }),
            Kind::Full => Some(Trouble::Full { pages: u32::try_from(chance.between(0, 3)).unwrap_or(0) }),
            Kind::Crash | Kind::LeaderGap | Kind::Frozen => None,
        }
    }
}

/// A trouble that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub kind: Kind,
    /// The desk it is about.
    pub desk: usize,
    pub steps_left: i64,
}

/// Draws what goes wrong next on `desk`; `spared` kinds never come.
pub(super) fn draw(chance: &mut Chance, desk: usize, spared: &[Kind]) -> Option<Standing> {
    let kind = Kind::ALL.get(chance.weighted(&Kind::ALL.map(|(_, weight)| weight))).map(|(kind, _)| *kind)?;
    let steps_left = kind.steps(chance);
    (!spared.contains(&kind)).then_some(Standing { kind, desk, steps_left })
}

/// A planted crash: counts statements down, strikes once.
#[derive(Debug, Default)]
pub(super) struct Fuse {
    is_lit: AtomicBool,
    left: AtomicI64,
    /// The only point at which it strikes, if it is aimed.
    aim: Mutex<Option<&'static str>>,
    struck: AtomicU64,
    /// How often it struck at which point of a transaction.
    points: Mutex<BTreeMap<&'static str, u64>>,
}

impl Fuse {
    pub fn burns(&self, at: &'static str) -> bool {
        if !self.is_lit.load(Ordering::Relaxed) {
            return false;
        }
        let aim = self.aim.lock().ok().and_then(|aim| *aim);
        if aim.is_some_and(|point| point != at) || self.left.fetch_sub(1, Ordering::Relaxed) > 0 {
            return false;
        }
        self.put_out();
        self.struck.fetch_add(1, Ordering::Relaxed);
        if let Ok(mut points) = self.points.lock() {
            *points.entry(at).or_default() += 1;
        }
        true
    }

    /// Most orders are a handful of statements: short fuses are what strikes. Some wait for one point instead. Returns for how
    /// many steps it burns.
    pub fn light(&self, chance: &mut Chance) -> i64 {
        let aimed = chance.permille(AIMED_PERMILLE);
        let points: &[&'static str] = if chance.permille(700) { &RARE } else { &CRASH_POINTS };
        let aim = chance.pick(points).copied().filter(|_| aimed);
        if let Ok(mut slot) = self.aim.lock() {
            *slot = aim;
        }
        let most = match aim {
            Some(_) => 1,
            None if chance.permille(700) => 10,
            None => FUSE_MAX,
        };
        self.left.store(chance.between(0, most), Ordering::Relaxed);
        self.is_lit.store(true, Ordering::Relaxed);
        if aim.is_some() { chance.between(6, 20) } else { 1 }
    }

    pub fn put_out(&self) {
        self.is_lit.store(false, Ordering::Relaxed);
    }

    pub fn struck(&self) -> u64 {
        self.struck.load(Ordering::Relaxed)
    }

    pub fn points(&self) -> BTreeMap<&'static str, u64> {
        self.points.lock().map(|points| points.clone()).unwrap_or_default()
    }
}
