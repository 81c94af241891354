//! The ledger's page: what stands for and against a rep in each scope, beside those they share it with. Pure sums; any rep
//! can be shown it to settle a complaint.

use smol_str::SmolStr;

use crate::engine::eligible::{Limits, barred};
use crate::model::id::RepId;
use crate::model::time::DayNo;
use crate::world::ledger::{Bucket, LEDGER_DAYS, Ledger};
use crate::world::roster::LedgerNote;
use crate::world::{Moment, RepState, World};

/// One rep's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPage {
    pub rep: RepId,
    /// Weight today in thousandths, less than the rep's own while they are being brought in.
    pub weight_milli: u32,
    /// Week of the ramp and its share in thousandths.
    pub ramp: Option<(u32, u32)>,
    /// Org-wide first, then each team.
    pub scopes: Vec<LedgerScope>,
}

/// One scope of the page. All sums in thousandths of a turn, over the 28 days that end today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerScope {
    pub team: Option<SmolStr>,
    pub sum_milli: i64,
    /// Mean of the others, and how many they are; `None` when there is nobody else.
    pub mean_milli: Option<i64>,
    pub others: usize,
    /// Whose turn is next by `fair` among this rep and the others, as far as they can take a lead now.
    pub next: Option<RepId>,
    /// Days with something on them, oldest first.
    pub days: Vec<Bucket>,
    /// Entries without a lead, oldest first.
    pub notes: Vec<LedgerNote>,
}

/// The page of `rep` at `moment`.
#[must_use]
pub fn ledger_page(world: &World, rep: &RepState, moment: &Moment) -> LedgerPage {
    let scopes = std::iter::once(None).chain(rep.card.teams.iter().cloned().map(Some));
    LedgerPage {
        rep: rep.id,
        weight_milli: crate::world::ramp::weight_milli(&world.book().ramps, rep, moment),
        ramp: crate::world::ramp::ramp_week(world.book(), rep, moment.day),
        scopes: scopes.map(|team| scope(world, rep, team, moment)).collect(),
    }
}

fn scope(world: &World, rep: &RepState, team: Option<SmolStr>, moment: &Moment) -> LedgerScope {
    let day = moment.day;
    let shares = |r: &&RepState| match &team {
        Some(team) => r.in_team(team),
        None => r.shares_team(rep),
    };
    let all: Vec<&RepState> =
        world.reps().iter().filter(|r| r.active && (r.id == rep.id || shares(r))).collect();
    let others: Vec<i64> =
        all.iter().filter(|r| r.id != rep.id).map(|r| r.ledger_sum(team.as_deref(), day)).collect();
    let count = i64::try_from(others.len()).unwrap_or(i64::MAX);
    let next = all
        .iter()
        .filter(|r| barred(r, &Limits::default(), moment).is_none())
        .min_by_key(|r| (r.ledger_sum(team.as_deref(), day), r.last_turn, r.id));
    let oldest = DayNo(day.0.saturating_sub(LEDGER_DAYS - 1));
    let ledger = match &team {
        None => Some(&rep.ledger),
        Some(team) => rep.team_ledger(team),
    };
    let something = |b: &&Bucket| {
        b.day >= oldest && b.day <= day && (b.turns_milli, b.entries_milli, b.placements) != (0, 0, 0)
    };
    LedgerScope {
        sum_milli: rep.ledger_sum(team.as_deref(), day),
        mean_milli: (count > 0).then(|| others.iter().sum::<i64>() / count),
        others: others.len(),
        next: next.map(|r| r.id),
        days: ledger.map_or(&[][..], Ledger::buckets).iter().filter(something).copied().collect(),
        notes: rep.notes.iter().filter(|n| n.team == team && n.to >= oldest).cloned().collect(),
        team,
    }
}
