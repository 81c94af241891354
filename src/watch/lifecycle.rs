//! The life of an alert: from what detectors see at a look to what the log is to say. Pure: the log holds the state, so a
//! leader that takes over goes on where the last one stopped.
//!
//! Condition: pending → firing → recovering → over. A breach fires once it has lasted `for`; what lies between the limits
//! neither fires nor clears; a clear alert must stay clear for a while. Where nothing could be seen nothing changes. What is
//! told to people is decided apart from that, in [`notices`].

mod notices;

use std::collections::{BTreeMap, BTreeSet};

use super::terms::{Terms, is_watched, terms};
use crate::engine::AlertStep;
use crate::model::alert::{
    Alert, AlertKey, AlertKind, AlertSubject, Cleared, Ended, Ending, Recovery, Sighting,
};
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis};
use crate::world::alerts::ENDED_KEPT_MS;
use crate::world::{Moment, World};

pub use notices::{GROUP_WAIT_MS, LEVELS_MAX, REPEAT_MS, REPEAT_PAGE_MS, notices};

/// Most changes one look brings about: a storm is taken in over several looks, so that nobody's key waits behind it.
pub const STEPS_MAX: usize = 500;
/// Time between two looks, in milliseconds, past which nobody knows whether a pending condition held on.
pub const GAP_MS: i64 = 5 * MINUTE_MS;
/// How long a condition must last, in milliseconds, to be raised again after a person closed it although it went on.
pub const AFTER_HAND_MS: i64 = HOUR_MS;

/// What a look comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    pub steps: Vec<AlertStep>,
    /// There was more than one look may bring about.
    pub more: bool,
}

/// What is to be changed so that alerts follow what was seen at `moment`. `judged` says which kinds could be looked for at
/// all, `gap` that nobody looked for a while.
#[must_use]
pub fn steps(
    world: &World,
    moment: &Moment,
    seen: &[Sighting],
    judged: &dyn Fn(AlertKind) -> bool,
    gap: bool,
) -> Look {
    let mut kinds: BTreeMap<AlertKind, Terms> = BTreeMap::new();
    let mut of_kind = |kind| *kinds.entry(kind).or_insert_with(|| terms(world, kind, moment.now));
    let closed = closed_by_hand(world, moment.now);
    let mut look = Look::default();
    let mut met: BTreeSet<AlertKey> = BTreeSet::new();
    for sighting in seen.iter().filter(|s| judged(s.finding.key.kind)) {
        let key = sighting.finding.key;
        met.insert(key);
        let terms = of_kind(key.kind);
        if let Some(step) = on_sight(world, moment, sighting, terms, gap, &closed) {
            look.push(step);
        }
    }
    let unseen = |key: &AlertKey| judged(key.kind) && !met.contains(key);
    for key in world.pending_alerts().keys().filter(|key| unseen(key)) {
        look.push(AlertStep::Drop(*key));
    }
    for (key, alert) in world.alerts().iter().filter(|(key, _)| unseen(key)) {
        let terms = of_kind(key.kind);
        if let Some(step) = out_of_sight(world, moment, *key, alert, terms) {
            look.push(step);
        }
    }
    look
}

impl Look {
    fn push(&mut self, step: AlertStep) {
        if self.steps.len() < STEPS_MAX {
            self.steps.push(step);
        } else {
            self.more = true;
        }
    }
}

/// The newest episode of each key that a person closed while it went on.
fn closed_by_hand(world: &World, now: Millis) -> BTreeMap<AlertKey, &Ended> {
    let mut last: BTreeMap<AlertKey, &Ended> = BTreeMap::new();
    for ended in world.ended_alerts() {
        last.insert(ended.key, ended);
    }
    last.retain(|_, ended| ended.why.is_by_hand() && now.since(ended.ended_at) <= ENDED_KEPT_MS);
    last
}

fn on_sight(
    world: &World,
    moment: &Moment,
    sighting: &Sighting,
    terms: Terms,
    gap: bool,
    closed: &BTreeMap<AlertKey, &Ended>,
) -> Option<AlertStep> {
    let key = sighting.finding.key;
    let fire = || AlertStep::Fire(Box::new(sighting.clone()));
    let wait = || AlertStep::Pending(Box::new(sighting.clone()));
    if let Some(alert) = world.alerts().get(&key) {
        let episode = alert.fired_seq;
        let back = AlertStep::Condition { key, episode, after: None };
        let between = Recovery { clear_since: None };
        return match (alert.recovery, sighting.breach) {
            (Some(_), true) => Some(back),
            (Some(Recovery { clear_since: Some(_) }), false) => {
                Some(AlertStep::Condition { key, episode, after: Some(between) })
            }
            (Some(Recovery { clear_since: None }), false) => None,
            (None, true) if sighting.detail.severity > alert.detail.severity => {
                Some(AlertStep::Raise { key, episode, severity: sighting.detail.severity })
            }
            (None, _) => None,
        };
    }
    let pending = world.pending_alerts().get(&key);
    if !sighting.breach {
        return pending.map(|_| AlertStep::Drop(key));
    }
    let last = terms.for_ms.max(if closed.contains_key(&key) { AFTER_HAND_MS } else { 0 });
    match pending {
        None if last == 0 => Some(fire()),
        None => Some(wait()),
        // Nobody saw whether it held on meanwhile.
        Some(_) if gap && last > 0 => Some(wait()),
        Some(pending) => (moment.now.since(pending.since) >= last).then(fire),
    }
}

/// An open alert whose condition is not there.
fn out_of_sight(
    world: &World,
    moment: &Moment,
    key: AlertKey,
    alert: &Alert,
    terms: Terms,
) -> Option<AlertStep> {
    let episode = alert.fired_seq;
    if !is_watched(world, key, moment.now) {
        let cleared = Cleared { why: Ending::Unwatched, ..Cleared::default() };
        return Some(AlertStep::Clear { key, episode, cleared });
    }
    let over = || AlertStep::Clear { key, episode, cleared: recovered(world, alert) };
    match alert.recovery.and_then(|r| r.clear_since) {
        _ if terms.keep_ms == 0 => Some(over()),
        Some(since) => (moment.now.since(since) >= terms.keep_ms).then(over),
        None => {
            let after = Some(Recovery { clear_since: Some(moment.now) });
            Some(AlertStep::Condition { key, episode, after })
        }
    }
}

/// What was done last to a lead the alert names, since it fired.
fn recovered(world: &World, alert: &Alert) -> Cleared {
    let named = alert.finding.leads.iter().filter_map(|id| world.lead(*id)).map(|lead| &lead.touched);
    let last = named.filter(|touch| touch.seq > alert.fired_seq).max_by_key(|touch| touch.seq);
    Cleared { by: last.map(|touch| (touch.seq, touch.actor.clone())), ..Cleared::default() }
}

/// Whether a rep, lead or rule an alert is about is still there.
pub(super) fn is_there(world: &World, subject: AlertSubject) -> bool {
    match subject {
        AlertSubject::Rep(rep) => world.rep(rep).is_some_and(|r| r.active),
        AlertSubject::Rule(_) => world
            .alert_name(subject)
            .is_none_or(|name| world.book().rules.iter().any(|rule| rule.name == *name)),
        AlertSubject::Desk | AlertSubject::Lead(_) | AlertSubject::Source(_) => true,
    }
}
