//! What is to be told about alerts, and when: grouped by kind, each piece of news once, repeats while nobody looks after it.
//!
//! Kept in the log like everything else, so a restart neither repeats nor forgets. Who is told, and how, is the outbox's
//! affair: each notice is one message to whoever listens. While the desk is closed only `page` speaks; the rest waits for
//! one digest when it opens.

use crate::engine::AlertStep;
use crate::model::alert::{Alert, AlertKey, AlertKind, Ended, Handling, Notice, NoticeWhy, Severity};
use crate::model::id::Seq;
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};
use crate::watch::terms::terms;
use crate::world::alerts::{FLAP_MS, FLAPS};
use crate::world::{Moment, World};

/// Time the first news of a group waits for more, in milliseconds; `page` does not wait.
pub const GROUP_WAIT_MS: i64 = 30 * SECOND_MS;
/// Least time between two notices of a group, in milliseconds.
pub const GROUP_EVERY_MS: i64 = 5 * MINUTE_MS;
/// Time after which what still fires is told again, in milliseconds.
pub const REPEAT_MS: i64 = 4 * HOUR_MS;
/// The same for `page`.
pub const REPEAT_PAGE_MS: i64 = HOUR_MS;
/// Steps of escalation at most.
pub const LEVELS_MAX: u8 = 3;
/// Alerts a notice names; the rest is a number.
pub const NAMED_MAX: usize = 20;

/// The notices due at `moment`, one a group at most, escalation and flapping apart.
#[must_use]
pub fn notices(world: &World, moment: &Moment) -> Vec<AlertStep> {
    let now = moment.now;
    let desk = world.desk_time();
    let is_quiet = !desk.is_always() && !desk.is_never() && !desk.is_working(now);
    let mut out = Vec::new();
    out.extend(flapping(world, now));
    out.extend(escalated(world, now));
    if !is_quiet && let Some(digest) = digest(world, now) {
        out.push(digest);
    } else {
        let groups = AlertKind::ALL.into_iter().filter_map(|kind| Group::of(world, kind, now, is_quiet));
        out.extend(groups.filter_map(|group| group.due(world, now)));
    }
    out.into_iter().map(|notice| AlertStep::Notice(Box::new(notice))).collect()
}

/// The open alerts of one kind that may be spoken of, and the ends nobody was told.
struct Group<'a> {
    kind: AlertKind,
    speaking: Vec<(&'a AlertKey, &'a Alert)>,
    ended: Vec<&'a Ended>,
    severity: Severity,
}

impl<'a> Group<'a> {
    /// `None` when there is nothing to say. While it is `quiet` only what pages speaks.
    fn of(world: &'a World, kind: AlertKind, now: Millis, quiet: bool) -> Option<Group<'a>> {
        let loud = |severity: Severity| !quiet || severity == Severity::Page;
        let open = world.alerts().range(first_of(kind)..).take_while(|(key, _)| key.kind == kind);
        let speaking: Vec<_> =
            open.filter(|(key, a)| loud(a.detail.severity) && world.speaks(**key, now)).collect();
        let ended = world.ended_alerts().iter();
        let ended: Vec<_> = ended
            .filter(|e| e.key.kind == kind && e.noticed && !e.told && loud(e.severity))
            .filter(|e| world.suppressed(e.key, now).is_none())
            .collect();
        let severity = speaking.iter().map(|(_, a)| a.detail.severity).max();
        let severity = severity.or_else(|| ended.iter().map(|e| e.severity).max())?;
        Some(Group { kind, speaking, ended, severity })
    }

    /// The decision, in order: never told, something new, everything over, something over, time to repeat.
    fn due(&self, world: &World, now: Millis) -> Option<Notice> {
        let last = world.alert_group(self.kind).last_at;
        let rested = last.is_none_or(|last| now.since(last) >= GROUP_EVERY_MS);
        let fresh: Vec<_> = self.speaking.iter().filter(|(_, a)| a.noticed_at.is_none()).collect();
        let told = self.speaking.len() - fresh.len();
        if let Some(first) = fresh.iter().map(|(_, a)| a.fired_at).min() {
            let page = fresh.iter().any(|(_, a)| a.detail.severity == Severity::Page);
            let waited = page || now.since(first) >= GROUP_WAIT_MS;
            let due = if told == 0 && self.ended.is_empty() { waited } else { page || (waited && rested) };
            return due.then(|| self.notice(NoticeWhy::Fired, fresh.iter().map(|(k, a)| (**k, a.fired_seq))));
        }
        let lapsed: Vec<_> = self.speaking.iter().filter(|(_, a)| has_lapsed(a, now)).collect();
        if !lapsed.is_empty() {
            let keys = lapsed.iter().map(|(k, a)| (**k, a.fired_seq));
            return Some(self.notice(NoticeWhy::Lapsed, keys));
        }
        if !self.ended.is_empty() && rested {
            let keys = self.ended.iter().map(|e| (e.key, e.episode));
            return Some(self.notice(NoticeWhy::Resolved, keys));
        }
        let every = if self.severity == Severity::Page { REPEAT_PAGE_MS } else { REPEAT_MS };
        let again = told > 0 && last.is_some_and(|last| now.since(last) >= every);
        again.then(|| self.notice(NoticeWhy::Repeat, self.speaking.iter().map(|(k, a)| (**k, a.fired_seq))))
    }

    fn notice(&self, why: NoticeWhy, keys: impl Iterator<Item = (AlertKey, Seq)>) -> Notice {
        Notice {
            group: Some(self.kind),
            why,
            severity: self.severity,
            firing: count(self.speaking.len()),
            resolved: count(self.ended.len()),
            keys: keys.take(NAMED_MAX).collect(),
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn first_of(kind: AlertKind) -> AlertKey {
    AlertKey { kind, subject: crate::model::alert::AlertSubject::Desk }
}

/// Somebody took it on, their time ran out since it was last spoken of, and it still fires.
fn has_lapsed(alert: &Alert, now: Millis) -> bool {
    let until = alert.handling.until().filter(|until| *until <= now);
    let handled = !matches!(alert.handling, Handling::Open);
    handled && until.is_some_and(|until| alert.noticed_at.is_some_and(|at| at < until))
}

/// Keys that came and went too often: said once, then not until they are quiet.
fn flapping(world: &World, now: Millis) -> Option<Notice> {
    let recent = |a: &Alert| now.since(a.fired_at) < FLAP_MS && a.previous.is_some();
    let keys: Vec<(AlertKey, Seq)> = world
        .alerts()
        .iter()
        .filter(|(key, a)| recent(a) && !world.is_flapping(**key, now))
        .filter(|(key, _)| world.episodes_within(**key, now, FLAP_MS) >= FLAPS)
        .filter(|(key, _)| world.suppressed(**key, now).is_none())
        .map(|(key, a)| (*key, a.fired_seq))
        .collect();
    let first = keys.first()?;
    Some(Notice {
        group: Some(first.0.kind),
        why: NoticeWhy::Flapping,
        severity: Severity::Warn,
        firing: count(keys.len()),
        resolved: 0,
        keys,
    })
}

/// Alerts still open after the book's `page after`, and again after the same time: counted from when the step before went
/// out.
fn escalated(world: &World, now: Millis) -> Option<Notice> {
    let due = |key: &AlertKey, alert: &Alert| {
        let after = terms(world, key.kind, now).page_after_ms?;
        let since = alert.level_at.unwrap_or(alert.fired_at);
        let waits = alert.level < LEVELS_MAX && alert.recovery.is_none() && now.since(since) >= after;
        (waits && world.speaks(*key, now)).then_some((*key, alert.fired_seq))
    };
    let asks = world.book().watch.iter().any(|line| line.page_after_ms.is_some())
        || world.book().promotions.iter().any(|p| p.watch.iter().any(|l| l.page_after_ms.is_some()));
    let alerts = world.alerts().iter().filter(|_| asks);
    let keys: Vec<(AlertKey, Seq)> =
        alerts.filter_map(|(key, alert)| due(key, alert)).take(NAMED_MAX).collect();
    (!keys.is_empty()).then(|| Notice {
        group: None,
        why: NoticeWhy::Escalated,
        severity: Severity::Page,
        firing: count(keys.len()),
        resolved: 0,
        keys,
    })
}

/// What fired while the desk was closed: what still fires in full, what came and went as a number.
fn digest(world: &World, now: Millis) -> Option<Notice> {
    let desk = world.desk_time();
    if desk.is_always() || desk.is_never() {
        return None;
    }
    // The desk opened when it was last closed to this moment's spell of work; before that the night.
    let opened = opened_at(world, now)?;
    if world.digest_at().is_some_and(|at| at >= opened) {
        return None;
    }
    let waits: Vec<_> =
        world.alerts().iter().filter(|(key, a)| a.noticed_at.is_none() && world.speaks(**key, now)).collect();
    let night = |e: &&Ended| !e.told && e.fired_at < opened && e.severity != Severity::Page;
    let resolved = world.ended_alerts().iter().filter(night).count();
    if resolved == 0 && !waits.iter().any(|(_, a)| a.fired_at < opened) {
        return None;
    }
    // What fired since is told with it: nothing is told twice.
    let firing = waits.iter().map(|(key, a)| (**key, a.fired_seq));
    Some(Notice {
        group: None,
        why: NoticeWhy::Digest,
        severity: Severity::Warn,
        firing: count(waits.len()),
        resolved: count(resolved),
        keys: firing.take(NAMED_MAX).collect(),
    })
}

/// When the present spell of work began, if it began within the last day and a night lay before it.
fn opened_at(world: &World, now: Millis) -> Option<Millis> {
    let desk = world.desk_time();
    // Half an hour steps back to a closed moment, then forward to the edge: a lunch is no night, and is too short to matter.
    let back = (1..48).map(|half| now.plus(-half * 30 * MINUTE_MS)).find(|at| !desk.is_working(*at))?;
    let opened = desk.next_open(back)?;
    let closed_for = now.since(back) - desk.working_ms_between(back, now);
    (opened <= now && closed_for >= 0).then_some(opened)
}
