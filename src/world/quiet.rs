//! The one clock of the pool: when a lead that nobody was reached for goes back to it. A pure function of the book and the
//! row, so no bulk move, transfer or sweep can bypass it; the index in the world only sorts its answers.

use chrono::{Datelike, Days, NaiveDate};

use super::World;
use super::moment::instant_of;
use crate::model::event::{Body, Event, Placer};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{ArrivalKind, Lead, LeadState};
use crate::model::time::Millis;
use crate::rulebook::{Book, Calendar};

/// No count of working days looks further than this many days ahead, plus the days asked for.
const LOOK_AHEAD_DAYS: u32 = 366;

/// When the owner of `lead` must have been in contact, or it goes to the pool; `None` = never. Only live leads from sources
/// whose replies are recorded have such a moment: a reply nobody can see must cost nobody a lead.
#[must_use]
pub fn quiet_deadline(world: &World, lead: &Lead) -> Option<Millis> {
    deadline(world.book(), lead, world.had.get(&lead.id).copied())
}

fn deadline(book: &Book, lead: &Lead, had: Option<(RepId, Millis)>) -> Option<Millis> {
    let days = book.pool.as_ref()?.return_days?;
    if lead.state != LeadState::Assigned || lead.kind != ArrivalKind::Live || lead.contacted_at.is_some() {
        return None;
    }
    let source = &lead.attrs.source;
    if !book.replies_from.iter().any(|s| s.eq_ignore_ascii_case(source)) {
        return None;
    }
    working_days_after(book, owing_since(lead, had)?, days)
}

/// Since when its owner owes `lead` a contact: since they got it first, or since the last contact.
pub(super) fn owing_since(lead: &Lead, had: Option<(RepId, Millis)>) -> Option<Millis> {
    let got = had.filter(|(rep, _)| Some(*rep) == lead.owner).map(|(_, since)| since).or(lead.assigned_at)?;
    Some(lead.contacted_at.map_or(got, |contact| contact.max(got)))
}

/// The moment at which the pool takes `lead` by itself: its deadline, unless a person placed or claimed it.
pub(super) fn goes_to_pool_at(book: &Book, lead: &Lead, had: Option<(RepId, Millis)>) -> Option<Millis> {
    if lead.pinned { None } else { deadline(book, lead, had) }
}

impl World {
    /// Keeps in mind whose clock ran on a lead that has just lost its owner (`owed`), until another rep has it or it is
    /// claimed anew.
    pub(super) fn remember_owner(&mut self, id: LeadId, owed: Option<(RepId, Millis)>, event: &Event) {
        let owner = self.leads.get(&id).and_then(|lead| lead.owner);
        match (owed, owner) {
            (Some((rep, since)), None) => {
                self.had.insert(id, (rep, since));
            }
            (_, Some(owner)) if !self.had.is_empty() => {
                let claimed = matches!(&event.body, Body::LeadAssigned(a) if a.by == Placer::Claimed);
                if claimed || self.had.get(&id).is_some_and(|(rep, _)| *rep != owner) {
                    self.had.remove(&id);
                }
            }
            _ => {}
        }
    }

    /// Sorts the pool's clock anew: another book may count otherwise.
    pub(super) fn refresh_quiet(&mut self) {
        let (book, had) = (&self.published.book, &self.had);
        let at = |lead: &Lead| goes_to_pool_at(book, lead, had.get(&lead.id).copied());
        self.quiet =
            self.leads.values().filter_map(|lead| at(lead).map(|moment| (moment, lead.id))).collect();
    }
}

/// The same time of day on the `days`-th working day after `from` in the book's zone; `None` when the calendar has no such
/// day within reach.
fn working_days_after(book: &Book, from: Millis, days: u32) -> Option<Millis> {
    let start = chrono::DateTime::from_timestamp_millis(from.0)?.with_timezone(&book.zone).naive_local();
    let mut left = days;
    for ahead in 1..=LOOK_AHEAD_DAYS.saturating_add(days) {
        let day = start.date().checked_add_days(Days::new(u64::from(ahead)))?;
        if is_working_day(&book.calendar, day) {
            left -= 1;
        }
        if left == 0 {
            return instant_of(book.zone, day.and_time(start.time()));
        }
    }
    None
}

/// A make-up workday, or a weekday with hours that is no holiday. Without any hours every day is one.
fn is_working_day(calendar: &Calendar, day: NaiveDate) -> bool {
    let within = |days: &[crate::rulebook::Days]| days.iter().any(|d| d.from <= day && day <= d.to);
    if within(&calendar.workdays) {
        return true;
    }
    let weekday = u8::try_from(day.weekday().number_from_monday()).unwrap_or(1);
    let has_hours = calendar.hours.is_empty() || calendar.hours.iter().any(|h| h.days.contains(&weekday));
    has_hours && !within(&calendar.holidays)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        Millis(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
    }

    #[test]
    fn working_days_skip_weekends_and_holidays_and_count_make_up_days() {
        let book = crate::rulebook::compile(
            "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00\n \
             holiday 2026-10-01..2026-10-07\n workday 2026-10-10",
        );
        let days = |from: &str, n| working_days_after(&book, at(from), n).unwrap();
        // Monday 10:00, five working days: the next Monday 10:00.
        assert_eq!(days("2026-11-09T10:00:00+08:00", 5), at("2026-11-16T10:00:00+08:00"));
        // Over the holiday week: Wed 30 Sep → Thu 8, Fri 9, Sat 10 (make-up), Mon 12.
        assert_eq!(days("2026-09-30T10:00:00+08:00", 3), at("2026-10-10T10:00:00+08:00"));
        assert_eq!(days("2026-09-30T10:00:00+08:00", 4), at("2026-10-12T10:00:00+08:00"));
        // Saturday: the first day counted is Monday.
        assert_eq!(days("2026-11-07T23:30:00+08:00", 1), at("2026-11-09T23:30:00+08:00"));
    }

    #[test]
    fn without_working_days_there_is_no_moment() {
        let book = crate::rulebook::compile(
            "calendar\n timezone UTC\n workdays Mon 09:00..18:00\n holiday 2026-01-01..2026-12-31\n \
             holiday 2027-01-01..2027-12-31\n holiday 2028-01-01..2028-12-31\n holiday 2029-01-01..2029-12-31",
        );
        assert_eq!(working_days_after(&book, at("2026-11-09T10:00:00Z"), 5), None);
    }
}
