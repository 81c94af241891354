//! The one clock of the pool: when a lead that nobody was reached for goes back to it. A pure function of the row, the book,
//! the owner's hours and the time nobody led, so no bulk move, transfer or sweep can bypass it; the index in the world only
//! sorts its answers.
//!
//! It counts working time like the response clocks do. Absences do not stop it: a short one is little beside a day, and a
//! long one is a reason to let somebody else try.

use super::{RepState, World};
use crate::model::event::{Body, Event, Placer};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{ArrivalKind, Lead, LeadState};
use crate::model::time::Millis;
use crate::rulebook::{Book, WorkTime};

/// Most stretches without leader kept; leads that waited longer than these reach back are long overdue.
const GAPS_MAX: usize = 256;

/// Who had a lead before and since when they owed it a contact: one clock a rep, however often it goes to and fro.
pub(super) type Had = Vec<(RepId, Millis)>;

/// What the clock looks at besides the row.
#[derive(Clone, Copy)]
pub(super) struct Quiet<'a> {
    pub book: &'a Book,
    pub reps: &'a [RepState],
    /// Stretches that count for nobody, ascending, apart from each other.
    pub gaps: &'a [(Millis, Millis)],
}

/// When the owner of `lead` must have been in contact, or it goes to the pool; `None` = never. Only live leads from sources
/// whose replies are recorded have such a moment: a reply nobody can see must cost nobody a lead.
#[must_use]
pub fn quiet_deadline(world: &World, lead: &Lead) -> Option<Millis> {
    let quiet = Quiet { book: world.book(), reps: &world.reps, gaps: &world.gaps };
    quiet.deadline(lead, world.had_of(lead.id))
}

impl Quiet<'_> {
    /// The moment at which the pool takes `lead` by itself: its deadline, unless a person placed or claimed it.
    pub fn goes_to_pool_at(&self, lead: &Lead, had: &[(RepId, Millis)]) -> Option<Millis> {
        if lead.pinned { None } else { self.deadline(lead, had) }
    }

    fn deadline(&self, lead: &Lead, had: &[(RepId, Millis)]) -> Option<Millis> {
        let days = self.book.pool.as_ref()?.return_days?;
        if lead.state != LeadState::Assigned || lead.kind != ArrivalKind::Live || lead.contacted_at.is_some()
        {
            return None;
        }
        let source = &lead.attrs.source;
        if !self.book.replies_from.iter().any(|s| s.eq_ignore_ascii_case(source)) {
            return None;
        }
        let owner = lead.owner?.0.checked_sub(1)?;
        let time = self.reps.get(owner as usize)?.shift.time();
        self.after(time, owing_since(lead, had)?, days)
    }

    /// When `days` working days have passed since `from`, gaps left out, or the next working moment after that: nobody loses a
    /// lead outside their hours. `None` when there never are as many.
    fn after(&self, time: &WorkTime, from: Millis, days: u32) -> Option<Millis> {
        let mut ms = time.day_ms()?.saturating_mul(i64::from(days));
        let mut at = time.add_working_ms(from, ms);
        let first = self.gaps.partition_point(|(_, to)| *to <= from);
        for (start, end) in self.gaps.iter().skip(first) {
            if *start >= at {
                break;
            }
            ms += time.working_ms_between((*start).max(from), *end);
            at = time.add_working_ms(from, ms);
        }
        time.next_open(at).filter(|at| at.0 < i64::MAX)
    }
}

/// Since when its owner owes `lead` a contact: since they got it first, or since the last contact.
pub(super) fn owing_since(lead: &Lead, had: &[(RepId, Millis)]) -> Option<Millis> {
    let before = had.iter().find(|(rep, _)| Some(*rep) == lead.owner);
    let got = before.map(|(_, since)| *since).or(lead.assigned_at)?;
    Some(lead.contacted_at.map_or(got, |contact| contact.max(got)))
}

impl World {
    pub(super) fn had_of(&self, lead: LeadId) -> &[(RepId, Millis)] {
        self.had.get(&lead).map_or(&[], Vec::as_slice)
    }

    /// Keeps in mind whose clock ran on a lead that has just left its owner (`owed`). Only a claim starts it anew for
    /// somebody who had the lead.
    pub(super) fn remember_owner(&mut self, id: LeadId, owed: Option<(RepId, Millis)>, event: &Event) {
        let owner = self.leads.get(&id).and_then(|lead| lead.owner);
        if let Some((rep, since)) = owed.filter(|(rep, _)| Some(*rep) != owner) {
            let had = self.had.entry(id).or_default();
            match had.iter_mut().find(|(before, _)| *before == rep) {
                Some(slot) => slot.1 = since,
                None => had.push((rep, since)),
            }
        }
        let claimed = matches!(&event.body, Body::LeadAssigned(a) if a.by == Placer::Claimed);
        if claimed && let Some(had) = self.had.get_mut(&id) {
            had.retain(|(rep, _)| Some(*rep) != owner);
            if had.is_empty() {
                self.had.remove(&id);
            }
        }
    }

    /// From `from` to `at` no leader ran, or the clock could not be trusted: that counts for nobody.
    pub(super) fn leave_out(&mut self, from: Millis, at: Millis) {
        if from >= at {
            return;
        }
        let (mut from, mut to) = (from, at);
        self.gaps.retain(|gap| {
            let apart = gap.1 < from || gap.0 > to;
            if !apart {
                (from, to) = (from.min(gap.0), to.max(gap.1));
            }
            apart
        });
        let place = self.gaps.partition_point(|gap| gap.0 < from);
        self.gaps.insert(place, (from, to));
        let extra = self.gaps.len().saturating_sub(GAPS_MAX);
        self.gaps.drain(..extra);
        self.refresh_quiet();
    }

    /// Sorts the pool's clock anew: another book, roster or gap may count otherwise.
    pub(super) fn refresh_quiet(&mut self) {
        self.quiet.clear();
        if self.book().pool.as_ref().is_some_and(|terms| terms.return_days.is_some()) {
            self.quiet = self.quiet_of_rows();
        }
    }

    /// The index as the rows have it.
    pub(super) fn quiet_of_rows(&self) -> std::collections::BTreeSet<(Millis, LeadId)> {
        let quiet = Quiet { book: &self.published.book, reps: &self.reps, gaps: &self.gaps };
        let at = |lead: &Lead| Some((quiet.goes_to_pool_at(lead, self.had_of(lead.id))?, lead.id));
        self.leads().filter_map(at).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        Millis(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
    }

    fn after(text: &str, gaps: &[(Millis, Millis)], from: &str, days: u32) -> Option<Millis> {
        let book = crate::rulebook::compile(text);
        let time = WorkTime::of_desk(&book);
        Quiet { book: &book, reps: &[], gaps }.after(&time, at(from), days)
    }

    const OFFICE: &str = "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00 except 12:00..13:00\n \
                          holiday 2026-10-01..2026-10-07\n workday 2026-10-10";

    #[test]
    fn working_days_skip_weekends_and_holidays_and_count_make_up_days() {
        let days = |from: &str, n| after(OFFICE, &[], from, n).unwrap();
        // Monday 10:00, five working days: the next Monday 10:00.
        assert_eq!(days("2026-11-09T10:00:00+08:00", 5), at("2026-11-16T10:00:00+08:00"));
        // Over the holiday week: Wed 30 Sep → Thu 8, Fri 9, Sat 10 (make-up), Mon 12.
        assert_eq!(days("2026-09-30T10:00:00+08:00", 3), at("2026-10-10T10:00:00+08:00"));
        assert_eq!(days("2026-09-30T10:00:00+08:00", 4), at("2026-10-12T10:00:00+08:00"));
        // Saturday night: the whole Monday is theirs, and nobody loses a lead at night.
        assert_eq!(days("2026-11-07T23:30:00+08:00", 1), at("2026-11-10T09:00:00+08:00"));
    }

    #[test]
    fn a_working_day_is_the_mean_of_the_week_and_a_whole_week_is_a_week() {
        let uneven =
            "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00\n workdays Sat 09:00..12:00";
        let whole = after(uneven, &[], "2026-11-09T10:00:00+08:00", 6).unwrap();
        assert_eq!(whole, at("2026-11-16T10:00:00+08:00"));
        let night = "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 22:00..06:00";
        let two = after(night, &[], "2026-11-09T23:00:00+08:00", 2).unwrap();
        assert_eq!(two, at("2026-11-11T23:00:00+08:00"));
    }

    #[test]
    fn what_nobody_led_counts_for_nobody() {
        let gap = |from: &str, to: &str| (at(from), at(to));
        let gaps = [
            gap("2026-11-09T08:00:00+08:00", "2026-11-09T11:00:00+08:00"),
            gap("2026-11-10T09:30:00+08:00", "2026-11-10T10:30:00+08:00"),
            gap("2026-11-20T09:30:00+08:00", "2026-11-20T10:30:00+08:00"),
        ];
        // An hour of Monday (10 to 11) and one of Tuesday are added; the last gap lies behind.
        let end = after(OFFICE, &gaps, "2026-11-09T10:00:00+08:00", 1).unwrap();
        assert_eq!(end, at("2026-11-10T13:00:00+08:00"));
    }

    #[test]
    fn without_working_days_there_is_no_moment() {
        let never = "calendar\n timezone UTC\n workdays Mon 09:00..18:00 except 09:00..18:00";
        assert_eq!(after(never, &[], "2026-11-09T10:00:00Z", 5), None);
    }
}
