//! The explanation stored with each engine decision: enough to answer "why him?" and "why not her?" from facts alone.
//!
//! Compact by construction: reps are numbers, a reason stands once with the set of reps it holds for (DESIGN promise 3:
//! at most 512 bytes typically, 4 KB at 200 reps). Wording it is the reader's affair.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::id::{BookVersion, DivertId, LeadId, RepId};
use super::mode::ModeScope;
use super::time::Millis;
use super::trial::{Share, TrialId};

/// Why a rep of a matching rule's pool was left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LeftOut {
    Inactive,
    OffDuty,
    OnLeave,
    /// They had this lead and gave it back, or it was taken from them.
    HadIt,
    LacksSkill(SmolStr),
    /// Load has reached the open cap (the lower of rep's and rule's).
    OpenCap {
        cap: u32,
    },
    /// Placements today have reached the day cap.
    DayCap {
        cap: u32,
    },
    /// It is not within their working hours.
    OutOfHours,
    /// Load has reached the open cap that a promotion gives.
    PromotionOpenCap {
        cap: u32,
        promotion: SmolStr,
    },
    /// Placements today have reached the day cap that a promotion gives.
    PromotionDayCap {
        cap: u32,
        promotion: SmolStr,
    },
}

impl LeftOut {
    /// Whether a cap was the reason.
    #[must_use]
    pub fn is_cap(&self) -> bool {
        match self {
            LeftOut::OpenCap { .. }
            | LeftOut::DayCap { .. }
            | LeftOut::PromotionOpenCap { .. }
            | LeftOut::PromotionDayCap { .. } => true,
            LeftOut::Inactive
            | LeftOut::OffDuty
            | LeftOut::OnLeave
            | LeftOut::HadIt
            | LeftOut::LacksSkill(_)
            | LeftOut::OutOfHours => false,
        }
    }
}

/// What the winning figure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Ledger sum over 28 days, in thousandths of a turn; least wins.
    Ledger,
    /// Load ÷ cap in thousandths (plain load where there is no cap); least wins.
    LoadRatio,
    /// Place in the turn order after the last one; least wins.
    TurnOrder,
    /// Weight in thousandths; a draw by hash of the lead decides.
    Draw,
    /// 0 for the person's known owner.
    KnownOwner,
}

/// How the winner was told from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TieBreak {
    /// Nobody else was free.
    OnlyOne,
    /// The figure alone decided.
    ByMeasure,
    /// Equal figures; the one served longest ago.
    LeastRecent,
    /// Equal in both; the lower id.
    LowestId,
    /// A draw.
    Draw,
    /// A new hire short of the protected minimum of the day came first.
    Protected,
}

/// What lay over the rule book and gave, or would have given, the lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overlay {
    Divert {
        divert: DivertId,
        set_by: SmolStr,
        until: Millis,
    },
    /// Promotions had to do with it; `over` is what else lay over the book.
    Promotions {
        promotions: Vec<Promoted>,
        over: Option<Box<Overlay>>,
    },
}

/// What a promotion had to do with a decision: the rule held during it, or it gave the chosen rep these figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promoted {
    pub name: SmolStr,
    pub until: Millis,
    /// The rule holds only while it is on.
    pub rule: bool,
    pub cap_open: Option<u32>,
    pub cap_day: Option<u32>,
    pub weight_milli: Option<u32>,
}

/// One rule whose condition held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTrace {
    /// Index in the book, from 0; `None` for `otherwise`.
    pub rule: Option<u16>,
    pub name: SmolStr,
    /// The values its condition looked at, as text.
    pub values: Vec<(SmolStr, SmolStr)>,
    /// Reasons with the reps they hold for, in id order. A reason that does not depend on the rule stands only with the
    /// first rule that met the rep.
    pub left_out: Vec<(LeftOut, Vec<RepId>)>,
    /// Those who could take it, with the figure they were compared by.
    pub free: Vec<(RepId, i64)>,
    /// Weights of `free` in thousandths when this was decided; empty when all are alike.
    pub weights: Vec<u32>,
    pub measure: Option<Measure>,
    /// What lay over the book: a divert instead of a rule, promotions beside it.
    pub overlay: Option<Overlay>,
}

/// What decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    Chosen {
        rep: RepId,
        tie: TieBreak,
    },
    /// The same person's owner, by the book's `duplicates` line (index from 0).
    GivenToOwner {
        rep: RepId,
        of: LeadId,
        line: u16,
    },
    /// Parked by the `duplicates` line.
    Duplicate {
        of: LeadId,
        line: u16,
        similarity_milli: u32,
    },
    /// A rule matched but nobody was free, and the book says wait.
    NobodyFree,
    /// Parked by a rule or `otherwise`.
    Parked,
    /// The engine is paused.
    Paused,
    /// A record of the past is kept, not decided.
    NotDecided,
    /// The same person's owner comes to work later: it waits for them.
    OwnerOutOfHours {
        rep: RepId,
        of: LeadId,
        line: u16,
    },
    /// Chosen so, but only proposed: a person decides.
    Proposed {
        would: Box<Verdict>,
        scope: ModeScope,
    },
    /// It would have gone so, but this part of the desk is paused.
    Withheld {
        would: Box<Verdict>,
        scope: ModeScope,
    },
    /// A draft on trial decided, because the lead is of its share.
    Tried {
        would: Box<Verdict>,
        trial: TrialId,
        share: Share,
    },
}

impl Verdict {
    /// The draft that decided, if one did.
    #[must_use]
    pub fn tried(&self) -> Option<TrialId> {
        match self {
            Verdict::Tried { trial, .. } => Some(*trial),
            Verdict::Proposed { would, .. } | Verdict::Withheld { would, .. } => would.tried(),
            _ => None,
        }
    }

    /// The rep it names: who got the lead, or would have.
    #[must_use]
    pub fn rep(&self) -> Option<RepId> {
        match self {
            Verdict::Chosen { rep, .. } | Verdict::GivenToOwner { rep, .. } => Some(*rep),
            Verdict::Proposed { would, .. }
            | Verdict::Withheld { would, .. }
            | Verdict::Tried { would, .. } => would.rep(),
            Verdict::Duplicate { .. }
            | Verdict::OwnerOutOfHours { .. }
            | Verdict::NobodyFree
            | Verdict::Parked
            | Verdict::Paused
            | Verdict::NotDecided => None,
        }
    }
}

/// The stored answer to "why".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub book: BookVersion,
    pub score: i32,
    /// Rules that matched, in order; the last one decided. Earlier ones passed the lead on.
    pub rules: Vec<RuleTrace>,
    pub verdict: Verdict,
}
