//! A draft of the rule book on trial: beside the book without effect (shadow 影子试运行), or for a part of the leads (canary
//! 灰度试运行). Nouns and their arithmetic; who may start one, and what it decides, is the engine's.
//!
//! A draft tries its rules and its `otherwise`. Score and `duplicates` lines, calendar, ramps, pool, promotions and the rest
//! are those of the book in force until the draft is published.

use std::hash::Hasher;

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use smol_str::SmolStr;

use super::id::{BookVersion, LeadId, RepId};
use super::time::Millis;

/// The number of a trial, from 1; written `T3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TrialId(pub u32);

impl std::fmt::Display for TrialId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "T{}", self.0)
    }
}

/// Which leads a canary decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Share {
    /// So many thousandths of all, drawn by a hash of the lead's id and the salt.
    Leads { permille: u16, salt: u64 },
    /// Those the book in force would give to this team.
    Team(SmolStr),
}

impl Share {
    /// A share of all leads from what a person wrote, `10%` or `2.5 %`, for a canary that lasts `until`; the sign may lack.
    /// `None` when it is no such number or not between 0.1 and 99.9 percent.
    #[must_use]
    pub fn of_percent(text: &str, until: Millis) -> Option<Share> {
        let number = text.trim().trim_end_matches(['%', '％']).trim_end();
        let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
        let tenth = tenth.parse::<u16>().ok().filter(|tenth| *tenth < 10)?;
        let permille = whole.parse::<u16>().ok()?.checked_mul(10)?.checked_add(tenth)?;
        // Two canaries must not draw the same leads: their ends differ.
        let salt = until.0.unsigned_abs();
        (1..=999).contains(&permille).then_some(Share::Leads { permille, salt })
    }

    /// Whether the draw takes `lead`; `false` for a team, which no draw decides.
    #[must_use]
    pub fn draws(&self, lead: LeadId) -> bool {
        match self {
            Share::Leads { permille, salt } => {
                let mut hasher = SipHasher13::new_with_keys(*salt, 1);
                hasher.write_u64(lead.0);
                hasher.finish() % 1000 < u64::from(*permille)
            }
            Share::Team(_) => false,
        }
    }
}

/// How a draft is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrialKind {
    Shadow,
    /// Until a moment (exclusive); then it is published if `promote_when` holds (see [`parse_terms`]), else withdrawn. An empty
    /// condition never holds.
    Canary {
        share: Share,
        until: Millis,
        promote_when: SmolStr,
    },
}

/// A draft on trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    pub id: TrialId,
    pub kind: TrialKind,
    /// The whole draft.
    pub text: SmolStr,
    /// The version in force when it was started: published over another, it would undo what came in between.
    pub base: BookVersion,
    pub reason: SmolStr,
    pub set_by: SmolStr,
    pub set_at: Millis,
}

impl Trial {
    /// The canary's share while it decides; `None` for a shadow and past its end.
    #[must_use]
    pub fn share_at(&self, now: Millis) -> Option<&Share> {
        match &self.kind {
            TrialKind::Canary { share, until, .. } if now < *until => Some(share),
            TrialKind::Canary { .. } | TrialKind::Shadow => None,
        }
    }

    /// When a canary ends.
    #[must_use]
    pub fn until(&self) -> Option<Millis> {
        match &self.kind {
            TrialKind::Canary { until, .. } => Some(*until),
            TrialKind::Shadow => None,
        }
    }
}

/// How a trial ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrialEnd {
    /// A person stopped it.
    Stopped,
    /// Published as the next version.
    Promoted,
    /// Its time was over and this part of its condition did not hold; empty when it had none.
    Unmet(SmolStr),
    /// Its time was over, but another version was published meanwhile.
    BookMoved,
    /// Its time was over, but the desk has changed so that the draft has errors: the first of them.
    Broken(SmolStr),
}

/// Where a decision sends a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Landing {
    /// To a rep, by a rule; without one by `otherwise`.
    Rep {
        rep: RepId,
        rule: Option<SmolStr>,
    },
    Waits,
    Parked,
}

/// What one side of a trial came to, in leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Side {
    /// Placed by the engine.
    pub placed: u64,
    /// Found nobody free when they were decided.
    pub waited: u64,
    pub parked: u64,
    /// Placed by a person, whoever had them.
    pub overridden: u64,
    /// Given back by their rep, or taken by a timer.
    pub returned: u64,
    pub answered: u64,
    /// Working time from placement to the first answer, summed over `answered`, in milliseconds.
    pub response_ms: i64,
}

/// Both sides of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Leads a canary's draft decided; of a shadow, which decides nothing, always empty.
    pub draft: Side,
    pub rest: Side,
    /// Decisions a shadow would have made otherwise.
    pub differed: u64,
}

/// A figure of a side that a condition may ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Leads.
    Placed,
    /// Thousandths of what was decided.
    Waited,
    Parked,
    /// Thousandths of what was placed.
    Overridden,
    Returned,
    Answered,
    /// Mean, in milliseconds of working time.
    Response,
}

impl Figure {
    /// Every figure with its word.
    pub const ALL: [(Figure, &'static str); 7] = [
        (Figure::Placed, "placed"),
        (Figure::Waited, "waited"),
        (Figure::Parked, "parked"),
        (Figure::Overridden, "overridden"),
        (Figure::Returned, "returned"),
        (Figure::Answered, "answered"),
        (Figure::Response, "response"),
    ];

    /// Its Chinese name; a condition is written with the word.
    #[must_use]
    pub fn word_zh(self) -> &'static str {
        match self {
            Figure::Placed => "引擎分配",
            Figure::Waited => "等待",
            Figure::Parked => "待人工",
            Figure::Overridden => "人工改派",
            Figure::Returned => "退回或回收",
            Figure::Answered => "已响应",
            Figure::Response => "首次响应时间",
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(figure, _)| *figure == self).map_or("", |(_, word)| *word)
    }
}

impl Side {
    /// Leads decided by the engine.
    #[must_use]
    pub fn decided(&self) -> u64 {
        self.placed + self.waited + self.parked
    }

    /// A figure; `None` while there is nothing to take it from.
    #[must_use]
    pub fn figure(&self, figure: Figure) -> Option<i64> {
        let part = |of: u64, all: u64| {
            let (of, all) = (i64::try_from(of).ok()?, i64::try_from(all).ok()?);
            of.checked_mul(1000)?.checked_div(all)
        };
        match figure {
            Figure::Placed => i64::try_from(self.placed).ok(),
            Figure::Waited => part(self.waited, self.decided()),
            Figure::Parked => part(self.parked, self.decided()),
            Figure::Overridden => part(self.overridden, self.placed),
            Figure::Returned => part(self.returned, self.placed),
            Figure::Answered => part(self.answered, self.placed),
            Figure::Response => self.response_ms.checked_div(i64::try_from(self.answered).ok()?),
        }
    }
}

/// One comparison of a canary's condition: `overridden <= rest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    pub figure: Figure,
    pub at_least: bool,
    /// In the figure's unit; `None` = the same figure of the rest.
    pub limit: Option<i64>,
}

impl Term {
    /// Whether it holds. What nothing is known of does not.
    #[must_use]
    pub fn holds(&self, tally: &Tally) -> bool {
        let limit = self.limit.or_else(|| tally.rest.figure(self.figure));
        match (tally.draft.figure(self.figure), limit) {
            (Some(value), Some(limit)) if self.at_least => value >= limit,
            (Some(value), Some(limit)) => value <= limit,
            _ => false,
        }
    }
}

/// Reads `FIGURE >= VALUE and FIGURE <= VALUE …`; a value is a number of leads for `placed`, a percentage, for `response` a
/// length such as `30m`, or `rest`. `length` reads lengths.
///
/// # Errors
/// The part that cannot be read.
pub fn parse_terms(text: &str, length: impl Fn(&str) -> Option<i64>) -> Result<Vec<Term>, SmolStr> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let one = |part: &str| {
        let at_least = part.contains(">=");
        let (word, value) = part.split_once(if at_least { ">=" } else { "<=" })?;
        let figure =
            Figure::ALL.iter().find(|(_, w)| w.eq_ignore_ascii_case(word.trim())).map(|(f, _)| *f)?;
        let value = value.trim();
        let limit = match figure {
            _ if value.eq_ignore_ascii_case("rest") => None,
            Figure::Placed => Some(value.parse::<u32>().ok().map(i64::from)?),
            Figure::Response => Some(length(value)?),
            _ => Some(value.strip_suffix('%')?.trim().parse::<u32>().ok().map(|p| i64::from(p) * 10)?),
        };
        Some(Term { figure, at_least, limit })
    };
    text.split(" and ").map(|part| one(part).ok_or_else(|| part.trim().into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(text: &str) -> Option<i64> {
        text.strip_suffix('m')?.parse::<i64>().ok().map(|m| m * 60_000)
    }

    #[test]
    fn a_draw_takes_about_its_share_and_always_the_same_leads() {
        let share = |permille, salt| Share::Leads { permille, salt };
        for (permille, low, high) in
            [(100, 900, 1_100), (500, 4_800, 5_200), (0, 0, 0), (1000, 10_000, 10_000)]
        {
            let taken = (1..=10_000).filter(|id| share(permille, 7).draws(LeadId(*id))).count();
            assert!((low..=high).contains(&taken), "{permille}: {taken}");
        }
        let of = |text| match Share::of_percent(text, Millis(9)) {
            Some(Share::Leads { permille, salt: 9 }) => Some(permille),
            _ => None,
        };
        assert_eq!(["10%", "2.5 ％", "0.1", "99.9%"].map(of), [Some(100), Some(25), Some(1), Some(999)]);
        assert_eq!(["0%", "100%", "6553.9%", "2.55%", "1.%", "x", ""].map(of), [None; 7]);
        let leads = |salt| (1..=50).filter(|id| share(300, salt).draws(LeadId(*id))).collect::<Vec<_>>();
        assert_eq!(leads(1), leads(1));
        assert_ne!(leads(1), leads(2), "another salt draws others");
        // A larger share keeps whom the smaller had.
        assert!((1..=500).all(|id| !share(100, 3).draws(LeadId(id)) || share(200, 3).draws(LeadId(id))));
    }

    #[test]
    fn a_condition_is_read_and_holds_or_not() {
        let side = |placed, overridden, answered, response_ms| Side {
            placed,
            overridden,
            answered,
            response_ms,
            ..Side::default()
        };
        let tally = Tally { draft: side(20, 1, 10, 6_000_000), rest: side(100, 5, 0, 0), differed: 0 };
        let holds =
            |text: &str| parse_terms(text, minutes).map(|terms| terms.iter().all(|t| t.holds(&tally)));
        assert_eq!(holds("placed >= 20 and overridden <= rest"), Ok(true));
        assert_eq!(holds("overridden <= 4%"), Ok(false));
        assert_eq!(holds("response <= 10m and answered >= 50%"), Ok(true));
        assert_eq!(holds("response <= rest"), Ok(false), "nobody answered there");
        assert_eq!(holds("waited <= 0%"), Ok(true));
        for wrong in
            ["placed", "placed >= many", "overridden <= 5", "speed >= 3", "placed > 3", "response <= 5%"]
        {
            assert_eq!(holds(wrong), Err(wrong.into()));
        }
    }
}
