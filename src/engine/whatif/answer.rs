//! Two replays of the same leads side by side: figures by rule and rep, and the leads that change hands.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::tape::{Tape, rep_of};
use super::{Fate, Mark, Side};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{ArrivalKind, Lead, LeadState, Touch};
use crate::rulebook::{Book, Cond};
use crate::world::{Moment, World};

/// Most leads that change hands an answer lists, the latest first.
pub const CHANGED_MAX: usize = 2_000;

/// One rule, or what else gave leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLine {
    /// The rule's name; empty for the others.
    pub name: SmolStr,
    /// Its index in the draft, else in the published book; or one of [`Mark`]'s.
    pub mark: u16,
    /// Whether each book has it.
    pub in_published: bool,
    pub in_draft: bool,
    /// Leads that are with somebody, or were when they were closed, by this.
    pub published: u64,
    pub draft: u64,
}

/// One rep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepLine {
    pub rep: RepId,
    pub published: u64,
    pub draft: u64,
    /// Received and due by the engine's turns, in millionths of a lead.
    pub published_part: (i64, i64),
    pub draft_part: (i64, i64),
}

/// One side's totals, in leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// Nobody has them at the end.
    pub unplaced: u64,
    pub unmatched: u64,
    pub capped: u64,
    pub overdue: u64,
    /// See [`Side`].
    pub other_owner: u32,
    pub no_object: u32,
    pub moved_replies: u32,
    pub lost_replies: u32,
    pub unsure: u32,
}

/// A lead that changes hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    pub lead: LeadId,
    /// Who has it under each book; `None` = nobody.
    pub published: Option<RepId>,
    pub draft: Option<RepId>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Leads counted.
    pub leads: u64,
    /// In the order of the draft, then rules only the published book has, then what is no rule.
    pub rules: Vec<RuleLine>,
    /// Reps who have leads on either side, by id.
    pub reps: Vec<RepLine>,
    pub published: Total,
    pub draft: Total,
    /// Leads that change hands, and the latest of them, the last first.
    pub changed: u64,
    pub latest: Vec<Changed>,
}

/// Which arrivals count: those whose conditions hold as they came, records of the past left out.
#[must_use]
pub fn counted(tape: &Tape, world: &World, when: Option<&Cond>) -> Vec<bool> {
    let live = |row: usize| {
        tape.rows.get(row).is_some_and(|r| r.kind != ArrivalKind::History && !r.do_not_contact())
    };
    let Some(cond) = when else { return (0..tape.leads()).map(live).collect() };
    let zone = world.book().zone;
    let arrivals = tape.steps.iter().filter(|s| s.kind == super::tape::Kind::Arrival);
    let holds = |step: &super::tape::Step| {
        let row = step.key as usize;
        let Some(kept) = tape.rows.get(row).filter(|_| live(row)) else { return false };
        let mut lead = Lead {
            id: tape.lead_at(row),
            attrs: tape.attrs(kept),
            received_at: kept.received_at,
            arrived_at: step.at,
            kind: kept.kind,
            state: LeadState::Waiting,
            owner: None,
            score: 0,
            pinned: false,
            hold: None,
            park: None,
            not_to: Vec::new(),
            known_owner: None,
            twin: None,
            waiting_since: step.at,
            assigned_at: None,
            contacted_at: None,
            do_not_contact: false,
            touched: Touch::default(),
        };
        lead.score = world.score_of(&lead, step.at);
        let moment = Moment::at(zone, step.at);
        let mut view = world.view(&lead, lead.score, &moment);
        (view.hour, view.weekday) = (moment.hour, moment.weekday);
        cond.holds_for(&view)
    };
    arrivals.map(holds).collect()
}

/// Holds `published` beside `draft`, two replays of `tape`, from the arrival `from_row` on; `before` is what both had in common till then, `counts`
/// says which arrivals count.
#[must_use]
pub fn answer(
    tape: &Tape,
    (published, draft): (&Side, &Side),
    (book, new): (&Book, &Book),
    before: Option<&Side>,
    from_row: usize,
    counts: &[bool],
) -> Answer {
    let mut out =
        Answer { published: skipped(published, before), draft: skipped(draft, before), ..Answer::default() };
    let mut changed: Vec<(usize, u16, u16)> = Vec::new();
    let mut by_mark: [BTreeMap<u16, u64>; 2] = [BTreeMap::new(), BTreeMap::new()];
    let mut by_rep: BTreeMap<RepId, [u64; 2]> = BTreeMap::new();
    let pairs = published.fates.iter().zip(draft.fates.iter()).enumerate().skip(from_row);
    for (row, (was, is)) in pairs.filter(|(row, _)| counts.get(*row) == Some(&true)) {
        out.leads += 1;
        for (side, (fate, total)) in [(was, &mut out.published), (is, &mut out.draft)].into_iter().enumerate()
        {
            add(total, fate);
            if let Some(marks) = by_mark.get_mut(side) {
                *marks.entry(fate.rule).or_default() += 1;
            }
            if let Some(slot) = rep_of(fate.rep).and_then(|rep| by_rep.entry(rep).or_default().get_mut(side))
            {
                *slot += 1;
            }
        }
        if was.rep != is.rep {
            out.changed += 1;
            changed.push((row, was.rep, is.rep));
        }
    }
    let latest = changed.iter().rev().take(CHANGED_MAX);
    let of = |&(row, was, is): &(usize, u16, u16)| Changed {
        lead: tape.lead_at(row),
        published: rep_of(was),
        draft: rep_of(is),
    };
    out.latest = latest.map(of).collect();
    out.rules = rules(&by_mark, book, new);
    let sum =
        |side: &Side, rep: RepId| side.parts.get((rep.0 as usize).wrapping_sub(1)).copied().unwrap_or((0, 0));
    let part = |side: &Side, rep: RepId| {
        let ((got, due), (had, was_due)) = (sum(side, rep), before.map_or((0, 0), |side| sum(side, rep)));
        (got - had, due - was_due)
    };
    let line = |(rep, [was, is]): (RepId, [u64; 2])| RepLine {
        rep,
        published: was,
        draft: is,
        published_part: part(published, rep),
        draft_part: part(draft, rep),
    };
    out.reps = by_rep.into_iter().map(line).collect();
    out
}

fn skipped(side: &Side, before: Option<&Side>) -> Total {
    let since = |of: fn(&Side) -> u32| of(side).saturating_sub(before.map_or(0, of));
    Total {
        other_owner: since(|s| s.other_owner),
        no_object: since(|s| s.no_object),
        moved_replies: since(|s| s.moved_replies),
        lost_replies: since(|s| s.lost_replies),
        unsure: since(|s| s.unsure),
        ..Total::default()
    }
}

fn add(total: &mut Total, fate: &Fate) {
    total.unplaced += u64::from(fate.rep == 0);
    total.unmatched += u64::from(fate.unmatched);
    total.capped += u64::from(fate.capped);
    total.overdue += u64::from(fate.overdue);
}

fn rules(by_mark: &[BTreeMap<u16, u64>; 2], book: &Book, new: &Book) -> Vec<RuleLine> {
    let [was, is] = by_mark;
    let count = |marks: &BTreeMap<u16, u64>, mark: Option<u16>| {
        mark.and_then(|mark| marks.get(&mark)).copied().unwrap_or(0)
    };
    let place = |book: &Book, name: &SmolStr| {
        book.rules.iter().position(|r| r.name == *name).and_then(|at| u16::try_from(at).ok())
    };
    let mut out: Vec<RuleLine> = Vec::new();
    for (at, rule) in new.rules.iter().enumerate() {
        let (before, now) = (place(book, &rule.name), u16::try_from(at).ok());
        out.push(RuleLine {
            name: rule.name.clone(),
            mark: now.unwrap_or(Mark::NOBODY),
            in_published: before.is_some(),
            in_draft: true,
            published: count(was, before),
            draft: count(is, now),
        });
    }
    for rule in book.rules.iter().filter(|rule| place(new, &rule.name).is_none()) {
        let before = place(book, &rule.name);
        out.push(RuleLine {
            name: rule.name.clone(),
            mark: before.unwrap_or(Mark::NOBODY),
            in_published: true,
            in_draft: false,
            published: count(was, before),
            draft: 0,
        });
    }
    for mark in [Mark::OTHERWISE, Mark::OWNER, Mark::DIVERT, Mark::HAND, Mark::CLAIMED] {
        let (published, draft) = (count(was, Some(mark)), count(is, Some(mark)));
        if published + draft > 0 {
            let name = SmolStr::default();
            out.push(RuleLine { name, mark, in_published: true, in_draft: true, published, draft });
        }
    }
    out
}
