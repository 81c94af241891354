//! A rep as the roster keeps them. What they carry (load, ledger) is the world's sum, not part of this noun.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::time::{DayNo, Millis};

/// Weight of an ordinary rep, in thousandths.
pub const WEIGHT_ONE_MILLI: u32 = 1000;
/// Largest weight a rep may have, in thousandths (100 shares).
pub const WEIGHT_MAX_MILLI: u32 = 100_000;

/// What a supervisor sets about a rep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepCard {
    /// Unique, stable, what logs and rules may name.
    pub login: SmolStr,
    pub name: SmolStr,
    /// Sorted, without doubles.
    pub teams: Vec<SmolStr>,
    /// Share of the leads in thousandths: 2000 gets twice an ordinary share. 1..=100_000.
    pub weight_milli: u32,
    /// Most leads in hand; `None` = no limit.
    pub cap_open: Option<u32>,
    /// Most placements a day in the book's zone; `None` = no limit.
    pub cap_day: Option<u32>,
    /// Sorted, without doubles.
    pub skills: Vec<SmolStr>,
    /// Day of hire in the book's zone: the ramp counts its weeks from it. `None` = long here.
    pub started: Option<DayNo>,
}

impl RepCard {
    /// A card with an ordinary weight and no limits.
    #[must_use]
    pub fn new(login: &str, name: &str) -> RepCard {
        RepCard {
            login: login.into(),
            name: name.into(),
            teams: Vec::new(),
            weight_milli: WEIGHT_ONE_MILLI,
            cap_open: None,
            cap_day: None,
            skills: Vec::new(),
            started: None,
        }
    }

    /// Sorts and clears doubles from teams and skills and bounds the weight, so equal cards are equal.
    #[must_use]
    pub fn tidy(mut self) -> RepCard {
        for list in [&mut self.teams, &mut self.skills] {
            list.retain(|item| !item.trim().is_empty());
            list.sort();
            list.dedup();
        }
        self.weight_milli = self.weight_milli.clamp(1, WEIGHT_MAX_MILLI);
        self
    }
}

/// Leave from a moment to a moment; the end is exclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    pub from: Millis,
    pub to: Millis,
    pub reason: SmolStr,
}
