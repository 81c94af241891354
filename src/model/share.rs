//! One lead's turn as the spread counts it: who was eligible when it was given, and who got it.
//!
//! What is measured is turn-taking, so only the engine's placements count. A rule's lead is due to everybody who was free
//! for it, by weight, also when `sticky` made it the owner's: it uses a turn, and the ledger evens it out. A duplicate
//! given to its owner was due to that owner alone. A person's placement counts on neither side: nobody asked who else
//! could have had it. A lead that was recalled and given again is two turns, as on the ledger.

use serde::{Deserialize, Serialize};

use super::event::{Assigned, Placer};
use super::id::RepId;
use super::time::DayNo;
use super::why::{RuleTrace, Verdict};

/// One lead in the unit of shares: millionths, so that a two-hundredth of a lead is not rounded away.
pub const LEAD_MICRO: i64 = 1_000_000;

/// Spread 均衡度 of what each received ÷ what was due to each: (max − min) ÷ mean, in thousandths. `None` for fewer than two.
#[must_use]
pub fn spread_milli(ratios: &[i64]) -> Option<i64> {
    let (min, max) = (ratios.iter().min()?, ratios.iter().max()?);
    let total: i128 = ratios.iter().map(|r| i128::from(*r)).sum();
    if ratios.len() < 2 || total <= 0 {
        return None;
    }
    let count = i128::try_from(ratios.len()).ok()?;
    i64::try_from(i128::from(max - min) * 1000 * count / total).ok()
}

/// Received ÷ due in millionths. `None` below one lead due: a lead cannot be halved, so having none yet says nothing.
#[must_use]
pub fn ratio_micro(received: i64, due: i64) -> Option<i64> {
    let ratio = || i128::from(received) * i128::from(LEAD_MICRO) / i128::from(due);
    (due >= LEAD_MICRO).then(ratio).and_then(|ratio| i64::try_from(ratio).ok())
}

/// A counted turn, whole: what an undo needs to take it back from the very bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub day: DayNo,
    /// Who got the lead.
    pub rep: RepId,
    /// Who was due a part of it, in id order.
    pub free: Vec<RepId>,
    /// Weights of `free` in thousandths; empty when all are alike.
    pub weights: Vec<u32>,
    /// 1, or −1 when the turn is taken back.
    pub leads: i8,
}

impl Share {
    /// The same turn with the opposite sign.
    #[must_use]
    pub fn negated(&self) -> Share {
        Share { leads: -self.leads, ..self.clone() }
    }
}

/// Who could have had a lead that the engine gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eligible<'a> {
    /// Those free under the deciding rule.
    Pool(&'a RuleTrace),
    /// Only the one who got it.
    Alone,
}

impl Assigned {
    /// Who could have had it; `None` for a placement that is no turn of the engine.
    #[must_use]
    pub fn eligible(&self) -> Option<Eligible<'_>> {
        let Placer::Engine { .. } = self.by else { return None };
        let why = self.why.as_deref()?;
        match why.verdict {
            Verdict::Chosen { .. } => why.rules.last().map(Eligible::Pool),
            Verdict::GivenToOwner { .. } => Some(Eligible::Alone),
            _ => None,
        }
    }

    /// The turn it counted as.
    #[must_use]
    pub fn share(&self) -> Option<Share> {
        let (free, weights) = match self.eligible()? {
            Eligible::Pool(trace) => {
                (trace.free.iter().map(|(rep, _)| *rep).collect(), trace.weights.clone())
            }
            Eligible::Alone => (vec![self.rep], Vec::new()),
        };
        Some(Share { day: self.charge.day, rep: self.rep, free, weights, leads: 1 })
    }
}
