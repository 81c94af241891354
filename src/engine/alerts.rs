//! What people and the leader do about alerts. Each names the episode it saw, so that two consoles that act at once do not
//! undo each other's work; the same wish twice is told so. None of it changes what is so: that is the detectors' to see.

use smol_str::SmolStr;

use super::host::Host;
use super::refusal::Refusal;
use super::run::{Run, Step};
use crate::model::alert::{
    Alert, AlertKey, AlertKind, AlertSubject, Cleared, Ending, Handling, Notice, Recovery, Severity,
    Sighting, Silence,
};
use crate::model::event::Body;
use crate::model::id::{Seq, SilenceId};
use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};

/// Longest a snooze may last, in milliseconds (72 hours).
pub const SNOOZE_MAX_MS: i64 = 72 * HOUR_MS;
/// How long an acknowledgement holds by itself, in milliseconds.
pub const ACK_MS: i64 = 4 * HOUR_MS;
/// Longest a silence may last, in milliseconds (31 days).
pub const SILENCE_MAX_MS: i64 = 31 * DAY_MS;
/// Silences at most at once.
pub const SILENCES_MAX: usize = 100;

/// A change a look brings about; the leader's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertStep {
    /// Seen, and to last a while first; said again when nobody saw whether it went on.
    Pending(Box<Sighting>),
    Drop(AlertKey),
    Fire(Box<Sighting>),
    /// Recovering, or firing again.
    Condition {
        key: AlertKey,
        episode: Seq,
        after: Option<Recovery>,
    },
    /// It became worse: whoever took it on is to look again.
    Raise {
        key: AlertKey,
        episode: Seq,
        severity: Severity,
    },
    Clear {
        key: AlertKey,
        episode: Seq,
        cleared: Cleared,
    },
    Notice(Box<Notice>),
}

/// What a person does with an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertWish {
    /// I look after it; none = for [`ACK_MS`].
    Acknowledge {
        until: Option<Millis>,
    },
    Snooze {
        until: Millis,
    },
    /// Nobody looks after it any more.
    Reopen,
    Comment,
    /// It is over, whatever detectors see.
    Close(Ending),
}

/// Carries out what a look brings about; what is so already, or no longer is, is passed by.
///
/// # Errors
/// The host's.
pub fn take<H: Host>(run: &mut Run<'_, H>, steps: &[AlertStep]) -> Step<H> {
    for step in steps {
        if let Some(body) = body_of(run, step) {
            run.emit(body)?;
        }
    }
    Ok(())
}

fn body_of<H: Host>(run: &Run<'_, H>, step: &AlertStep) -> Option<Body> {
    let open =
        |key: &AlertKey, episode: Seq| run.world.alerts().get(key).filter(|alert| alert.fired_seq == episode);
    Some(match step {
        AlertStep::Pending(seen) if !run.world.alerts().contains_key(&seen.finding.key) => {
            Body::AlertPending { finding: seen.finding.clone(), detail: seen.detail.clone() }
        }
        AlertStep::Drop(key) if run.world.pending_alerts().contains_key(key) => {
            Body::AlertDropped { key: *key }
        }
        AlertStep::Fire(seen) if !run.world.alerts().contains_key(&seen.finding.key) => {
            Body::AlertFired { finding: seen.finding.clone(), detail: seen.detail.clone() }
        }
        AlertStep::Condition { key, episode, after } => {
            open(key, *episode).filter(|alert| alert.recovery != *after)?;
            Body::AlertCondition { key: *key, episode: *episode, after: *after, severity: None }
        }
        AlertStep::Raise { key, episode, severity } => {
            open(key, *episode).filter(|alert| alert.detail.severity < *severity)?;
            Body::AlertCondition { key: *key, episode: *episode, after: None, severity: Some(*severity) }
        }
        AlertStep::Clear { key, episode, cleared } => {
            open(key, *episode)?;
            Body::AlertCleared { key: *key, cleared: cleared.clone() }
        }
        AlertStep::Notice(notice) => Body::AlertNoticed(notice.clone()),
        AlertStep::Pending(_) | AlertStep::Drop(_) | AlertStep::Fire(_) => return None,
    })
}

/// What a person wishes about an open alert.
///
/// # Errors
/// Refused when the episode is over, the wish changes nothing, the end lies outside the limit, or a comment says nothing.
pub fn handle<H: Host>(
    run: &mut Run<'_, H>,
    key: AlertKey,
    episode: Seq,
    wish: &AlertWish,
    note: &SmolStr,
) -> Step<H> {
    let now = run.moment.now;
    let alert: &Alert = run
        .world
        .alerts()
        .get(&key)
        .filter(|alert| alert.fired_seq == episode)
        .ok_or(Refusal::NoSuchAlert { episode })?;
    if key.kind.is_private() && run.role < crate::model::actor::Role::Supervisor {
        return Err(Refusal::NoSuchAlert { episode }.into());
    }
    let (before, by) = (alert.handling.clone(), run.order.actor.name.clone());
    let after = match wish {
        AlertWish::Acknowledge { until } => {
            let until = until.unwrap_or_else(|| now.plus(ACK_MS));
            check_end(now, until, SNOOZE_MAX_MS)?;
            Handling::Acknowledged { by, at: now, until: Some(until) }
        }
        AlertWish::Snooze { until } => {
            check_end(now, *until, SNOOZE_MAX_MS)?;
            Handling::Snoozed { by, at: now, until: *until }
        }
        AlertWish::Reopen => Handling::Open,
        AlertWish::Comment if note.trim().is_empty() => return Err(Refusal::NeedsReason.into()),
        AlertWish::Comment => return run.emit(Body::AlertNoted { key, episode, text: note.clone() }),
        AlertWish::Close(why) if !why.is_by_hand() => return Err(Refusal::NothingToDo.into()),
        AlertWish::Close(why) => {
            let cleared = Cleared { why: *why, by: None, note: note.clone() };
            return run.emit(Body::AlertCleared { key, cleared });
        }
    };
    if is_same(&before, &after) {
        return Err(Refusal::NothingToDo.into());
    }
    run.emit(Body::AlertHandled { key, episode, before, after, note: note.clone() })
}

/// Taking on anew that lasts longer by no more than this, in milliseconds, is the same key pressed twice.
const SAME_WITHIN_MS: i64 = MINUTE_MS;

/// Whether the same person asks for the same again: taking on anew does nothing unless it lasts longer.
fn is_same(before: &Handling, after: &Handling) -> bool {
    match (before, after) {
        (Handling::Open, Handling::Open) => true,
        (Handling::Acknowledged { by: a, until: x, .. }, Handling::Acknowledged { by: b, until: y, .. }) => {
            let twice = |x: Millis, y: Millis| y.0 - x.0 <= SAME_WITHIN_MS;
            a == b && x.zip(*y).map_or(x.is_none() || x >= y, |(x, y)| twice(x, y))
        }
        (Handling::Snoozed { by: a, until: x, .. }, Handling::Snoozed { by: b, until: y, .. }) => {
            a == b && x == y
        }
        _ => false,
    }
}

fn check_end(now: Millis, until: Millis, most: i64) -> Result<(), Refusal> {
    if until > now && until <= now.plus(most) { Ok(()) } else { Err(Refusal::BadEnd) }
}

/// Alerts of `kind` about `subject` are not spoken of until then.
///
/// # Errors
/// Refused when it would silence everything, the end lies outside the limit, or there are too many.
pub fn silence<H: Host>(
    run: &mut Run<'_, H>,
    kind: Option<AlertKind>,
    subject: Option<AlertSubject>,
    until: Millis,
    reason: &SmolStr,
) -> Step<H> {
    let now = run.moment.now;
    if kind.is_none() && subject.is_none() {
        return Err(Refusal::NothingToDo.into());
    }
    check_end(now, until, SILENCE_MAX_MS)?;
    if run.world.silences().values().filter(|s| s.is_live(now)).count() >= SILENCES_MAX {
        return Err(Refusal::TooManySilences { max: SILENCES_MAX }.into());
    }
    let by = run.order.actor.name.clone();
    let after = Silence { kind, subject, from: now, until, by, reason: reason.clone() };
    let silence = run.world.next_silence();
    run.emit(Body::SilenceSet { silence, before: None, after: Some(after) })
}

/// Ends a silence now.
///
/// # Errors
/// Refused when there is none or it is over.
pub fn end_silence<H: Host>(run: &mut Run<'_, H>, silence: SilenceId) -> Step<H> {
    let now = run.moment.now;
    let before = run.world.silences().get(&silence).filter(|s| s.is_live(now)).cloned();
    let before = before.ok_or(Refusal::NoSuchSilence { silence })?;
    let after = Silence { until: now, ..before.clone() };
    run.emit(Body::SilenceSet { silence, before: Some(before), after: Some(after) })
}

/// The event that takes one of these back, when what it set still stands. A closed alert is not opened again: if it is still
/// so, the watch sees it.
#[must_use]
pub fn back<H: Host>(run: &Run<'_, H>, body: &Body) -> Option<Body> {
    match body {
        Body::AlertHandled { key, episode, before, after, .. } => {
            let alert = run.world.alerts().get(key).filter(|alert| alert.fired_seq == *episode)?;
            (alert.handling == *after).then(|| Body::AlertHandled {
                key: *key,
                episode: *episode,
                before: after.clone(),
                after: before.clone(),
                note: SmolStr::default(),
            })
        }
        Body::SilenceSet { silence, before, after } => (run.world.silences().get(silence) == after.as_ref())
            .then(|| Body::SilenceSet { silence: *silence, before: after.clone(), after: before.clone() }),
        _ => None,
    }
}
