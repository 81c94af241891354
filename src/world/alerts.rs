//! Alerts as the log tells them: what is pending, open and over, what is silenced, what was spoken of. The fold only; what
//! is to be raised, cleared or said is `watch::lifecycle`'s.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::World;
use super::relief::Relieved;
use crate::model::alert::{
    Alert, AlertKey, AlertKind, AlertSubject, Cleared, Comment, Detail, Ended, Ending, Finding, Handling,
    Notice, NoticeWhy, Pending, Recovery, Severity, Silence, Suppressed, Tally,
};
use crate::model::event::{Body, Event};
use crate::model::id::{Seq, SilenceId};
use crate::model::time::{DAY_MS, HOUR_MS, Millis};

/// Comments kept with an alert.
pub const COMMENTS_MAX: usize = 20;
/// How long an episode that is over is remembered, in milliseconds.
pub const ENDED_KEPT_MS: i64 = DAY_MS;
/// Episodes that are over remembered at most.
pub const ENDED_MAX: usize = 20_000;
/// Episodes of one key within [`FLAP_MS`] that make it flapping, and below which it is quiet again.
pub const FLAPS: usize = 4;
const FLAPS_OVER: usize = 2;
/// The span flapping is counted over, in milliseconds.
pub const FLAP_MS: i64 = HOUR_MS;
/// Names remembered for keys that hold them as numbers.
const NAMES_MAX: usize = 2_000;

/// When a kind of alert was last spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Group {
    pub last_at: Option<Millis>,
}

/// Everything about alerts besides the open ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Watched {
    pub(super) pending: BTreeMap<AlertKey, Pending>,
    /// Oldest first.
    pub(super) ended: VecDeque<Ended>,
    pub(super) silences: BTreeMap<SilenceId, Silence>,
    pub(super) last_silence: u32,
    pub(super) groups: BTreeMap<AlertKind, Group>,
    pub(super) flapping: BTreeMap<AlertKey, Millis>,
    pub(super) tallies: BTreeMap<AlertKind, Tally>,
    pub(super) names: BTreeMap<u64, SmolStr>,
    /// When the last digest went out.
    pub(super) digest_at: Option<Millis>,
    /// What was done about alerts lately, oldest first.
    pub(super) relieved: VecDeque<Relieved>,
}

impl World {
    /// Conditions seen that have not lasted long enough yet.
    #[must_use]
    pub fn pending_alerts(&self) -> &BTreeMap<AlertKey, Pending> {
        &self.watched.pending
    }

    /// Episodes that ended within the last day, oldest first.
    #[must_use]
    pub fn ended_alerts(&self) -> &VecDeque<Ended> {
        &self.watched.ended
    }

    /// Silences, those that are over for less than a day included.
    #[must_use]
    pub fn silences(&self) -> &BTreeMap<SilenceId, Silence> {
        &self.watched.silences
    }

    /// The id the next silence will get.
    #[must_use]
    pub fn next_silence(&self) -> SilenceId {
        SilenceId(self.watched.last_silence + 1)
    }

    /// When a kind was last spoken of.
    #[must_use]
    pub fn alert_group(&self, kind: AlertKind) -> Group {
        self.watched.groups.get(&kind).copied().unwrap_or_default()
    }

    /// When the last digest went out.
    #[must_use]
    pub fn digest_at(&self) -> Option<Millis> {
        self.watched.digest_at
    }

    /// Figures of a kind since the log began.
    #[must_use]
    pub fn alert_tally(&self, kind: AlertKind) -> Tally {
        self.watched.tallies.get(&kind).copied().unwrap_or_default()
    }

    /// The open episode that an event began.
    #[must_use]
    pub fn alert_of(&self, episode: Seq) -> Option<&Alert> {
        self.alerts.values().find(|alert| alert.fired_seq == episode)
    }

    /// The name of a source or rule that an alert is about.
    #[must_use]
    pub fn alert_name(&self, subject: AlertSubject) -> Option<&SmolStr> {
        match subject {
            AlertSubject::Source(key) | AlertSubject::Rule(key) => self.watched.names.get(&key),
            AlertSubject::Desk | AlertSubject::Rep(_) | AlertSubject::Lead(_) => None,
        }
    }

    /// Why an alert is not spoken of at `now`, if it is not.
    #[must_use]
    pub fn suppressed(&self, key: AlertKey, now: Millis) -> Option<Suppressed> {
        let mut silences = self.watched.silences.iter();
        if let Some((id, _)) = silences.find(|(_, s)| s.is_live(now) && s.matches(key)) {
            return Some(Suppressed::Silenced(*id));
        }
        if let Some(kind) = inhibitors(key.kind).iter().find(|kind| self.fires(**kind)) {
            return Some(Suppressed::Inhibited(*kind));
        }
        let crowd = matches!(key.kind, AlertKind::Surge | AlertKind::Duplicate | AlertKind::DirtyFields);
        if crowd && !self.imports.is_empty() {
            return Some(Suppressed::Importing);
        }
        self.is_flapping(key, now).then_some(Suppressed::Flapping)
    }

    fn fires(&self, kind: AlertKind) -> bool {
        let of_kind = AlertKey { kind, subject: AlertSubject::Desk };
        self.alerts.contains_key(&of_kind)
    }

    /// Whether `key` was called flapping and has not been quiet for an hour since.
    #[must_use]
    pub fn is_flapping(&self, key: AlertKey, now: Millis) -> bool {
        self.watched.flapping.contains_key(&key) && self.episodes_within(key, now, FLAP_MS) >= FLAPS_OVER
    }

    /// How many episodes of `key` began within the last `ms`.
    #[must_use]
    pub fn episodes_within(&self, key: AlertKey, now: Millis, ms: i64) -> usize {
        let ended = self.watched.ended.iter().rev().take_while(|e| now.since(e.ended_at) < ms);
        let over = ended.filter(|e| e.key == key && now.since(e.fired_at) < ms).count();
        over + usize::from(self.alerts.get(&key).is_some_and(|a| now.since(a.fired_at) < ms))
    }

    /// How many episodes of the last day a silence over `kind` and `subject` would have hidden.
    #[must_use]
    pub fn would_have_hidden(
        &self,
        kind: Option<AlertKind>,
        subject: Option<AlertSubject>,
        now: Millis,
    ) -> usize {
        let wish = Silence {
            kind,
            subject,
            from: now,
            until: now,
            by: SmolStr::default(),
            reason: SmolStr::default(),
        };
        let recent = |at: Millis| now.since(at) < DAY_MS;
        let ended = self.watched.ended.iter().filter(|e| recent(e.fired_at) && wish.matches(e.key));
        let open = self.alerts.iter().filter(|(key, a)| recent(a.fired_at) && wish.matches(**key));
        ended.count() + open.count()
    }

    /// Folds what happens to alerts, besides their end.
    pub(super) fn alert_event(&mut self, event: &Event) {
        match &event.body {
            Body::AlertPending { finding, detail } => self.alert_pending(finding, detail, event.at),
            Body::AlertDropped { key } => self.alert_dropped(*key),
            Body::AlertFired { finding, detail } => self.alert_fired(finding, detail, event),
            Body::AlertCondition { key, episode, after, severity } => {
                self.alert_condition(*key, *episode, *after, *severity);
            }
            Body::AlertHandled { key, episode, after, .. } => {
                self.alert_handled(*key, *episode, after, event);
            }
            Body::AlertNoted { key, episode, text } => self.alert_noted(*key, *episode, text, event),
            Body::SilenceSet { silence, after, .. } => self.put_silence(*silence, after.as_ref(), event.at),
            Body::AlertNoticed(notice) => self.alert_noticed(notice, event.at),
            Body::AlertRemedied(done) => self.alert_remedied(done, event),
            _ => {}
        }
    }

    fn alert_pending(&mut self, finding: &Finding, detail: &Detail, at: Millis) {
        self.note_name(finding.key, &detail.about);
        let pending = Pending { finding: finding.clone(), detail: detail.clone(), since: at };
        self.watched.pending.insert(finding.key, pending);
    }

    fn alert_dropped(&mut self, key: AlertKey) {
        if self.watched.pending.remove(&key).is_some() {
            self.watched.tallies.entry(key.kind).or_default().averted += 1;
        }
    }

    fn alert_fired(&mut self, finding: &Finding, detail: &Detail, event: &Event) {
        let key = finding.key;
        self.note_name(key, &detail.about);
        self.watched.pending.remove(&key);
        self.watched.tallies.entry(key.kind).or_default().fired += 1;
        let previous = self.watched.ended.iter().rev().find(|e| e.key == key).map(|e| e.episode);
        let alert = Alert {
            finding: finding.clone(),
            detail: detail.clone(),
            fired_at: event.at,
            fired_seq: event.seq,
            recovery: None,
            flaps: 0,
            handling: Handling::Open,
            comments: Vec::new(),
            previous,
            noticed_at: None,
            level: 0,
            level_at: None,
            acted_at: None,
        };
        self.alerts.insert(key, alert);
    }

    fn alert_condition(
        &mut self,
        key: AlertKey,
        episode: Seq,
        after: Option<Recovery>,
        severity: Option<Severity>,
    ) {
        if let Some(alert) = self.alerts.get_mut(&key).filter(|a| a.fired_seq == episode) {
            if let Some(severity) = severity {
                // It is news, also for whoever took on the milder one.
                alert.detail.severity = severity;
                (alert.handling, alert.noticed_at) = (Handling::Open, None);
            }
            if after.is_none() && alert.recovery.is_some() {
                alert.flaps += 1;
            }
            alert.recovery = after;
        }
    }

    pub(super) fn alert_cleared(&mut self, key: AlertKey, cleared: &Cleared, at: Millis) {
        self.watched.pending.remove(&key);
        let Some(alert) = self.alerts.remove(&key) else { return };
        let tally = self.watched.tallies.entry(key.kind).or_default();
        tally.ended += 1;
        tally.false_alarms += u64::from(cleared.why == Ending::FalseAlarm);
        if cleared.why.is_by_hand() && alert.acted_at.is_none() {
            tally.acted += 1;
            tally.to_act_ms += at.since(alert.fired_at);
        }
        let ended = Ended {
            key,
            episode: alert.fired_seq,
            severity: alert.detail.severity,
            fired_at: alert.fired_at,
            ended_at: at,
            why: cleared.why,
            noticed: alert.noticed_at.is_some(),
            told: false,
        };
        let kept = &mut self.watched.ended;
        kept.push_back(ended);
        while kept.len() > ENDED_MAX || kept.front().is_some_and(|e| at.since(e.ended_at) > ENDED_KEPT_MS) {
            kept.pop_front();
        }
    }

    fn alert_handled(&mut self, key: AlertKey, episode: Seq, after: &Handling, event: &Event) {
        let Some(alert) = self.alerts.get_mut(&key).filter(|a| a.fired_seq == episode) else { return };
        let tally = self.watched.tallies.entry(key.kind).or_default();
        if alert.acted_at.is_none() && *after != Handling::Open {
            tally.acted += 1;
            tally.to_act_ms += event.at.since(alert.fired_at);
            alert.acted_at = Some(event.at);
        }
        tally.acknowledged += u64::from(matches!(after, Handling::Acknowledged { .. }));
        alert.handling = after.clone();
    }

    fn alert_noted(&mut self, key: AlertKey, episode: Seq, text: &SmolStr, event: &Event) {
        let Some(alert) = self.alerts.get_mut(&key).filter(|a| a.fired_seq == episode) else { return };
        alert.comments.push(Comment { by: event.actor.clone(), at: event.at, text: text.clone() });
        if alert.comments.len() > COMMENTS_MAX {
            alert.comments.remove(0);
        }
    }

    fn put_silence(&mut self, id: SilenceId, after: Option<&Silence>, at: Millis) {
        let w = &mut self.watched;
        w.last_silence = w.last_silence.max(id.0);
        w.silences.retain(|_, silence| at.since(silence.until) < DAY_MS);
        match after {
            Some(silence) => w.silences.insert(id, silence.clone()),
            None => w.silences.remove(&id),
        };
    }

    /// Something was told: what of its group could be spoken of then was.
    fn alert_noticed(&mut self, notice: &Notice, at: Millis) {
        let of_group = |kind: AlertKind| notice.group.is_none_or(|group| group == kind);
        if notice.why == NoticeWhy::Flapping {
            for (key, _) in &notice.keys {
                self.watched.flapping.insert(*key, at);
            }
            let over: Vec<AlertKey> =
                self.watched.flapping.keys().filter(|key| !self.is_flapping(**key, at)).copied().collect();
            for key in over {
                self.watched.flapping.remove(&key);
            }
            return;
        }
        if notice.why == NoticeWhy::Escalated {
            for (key, episode) in &notice.keys {
                if let Some(alert) = self.alerts.get_mut(key).filter(|a| a.fired_seq == *episode) {
                    alert.level += 1;
                    alert.level_at = Some(at);
                }
            }
            return;
        }
        let spoken: Vec<AlertKey> =
            self.alerts.keys().filter(|key| of_group(key.kind) && self.speaks(**key, at)).copied().collect();
        for key in spoken {
            if let Some(alert) = self.alerts.get_mut(&key) {
                alert.noticed_at = Some(at);
            }
        }
        for ended in self.watched.ended.iter_mut().filter(|e| of_group(e.key.kind)) {
            ended.told = true;
        }
        match notice.group {
            Some(kind) => {
                self.watched.groups.entry(kind).or_default().last_at = Some(at);
            }
            None => {
                self.watched.digest_at = Some(at);
                for kind in AlertKind::ALL {
                    self.watched.groups.entry(kind).or_default().last_at = Some(at);
                }
            }
        }
    }

    /// Whether an open alert is to be spoken of at `now`: nobody looks after it and nothing suppresses it.
    #[must_use]
    pub fn speaks(&self, key: AlertKey, now: Millis) -> bool {
        self.alerts.get(&key).is_some_and(|alert| alert.handling.is_open(now))
            && self.suppressed(key, now).is_none()
    }

    fn note_name(&mut self, key: AlertKey, about: &SmolStr) {
        if let AlertSubject::Source(no) | AlertSubject::Rule(no) = key.subject
            && (self.watched.names.len() < NAMES_MAX || self.watched.names.contains_key(&no))
        {
            self.watched.names.insert(no, about.clone());
        }
    }
}

/// Kinds whose firing says already what one of `kind` would only repeat.
fn inhibitors(kind: AlertKind) -> &'static [AlertKind] {
    use AlertKind::{
        ClockSuspect, Delayed, EngineStalled, LoadUneven, Missed, Queue, Spread, Starved, Uneven,
    };
    match kind {
        ClockSuspect => &[],
        Delayed | Queue | Missed | LoadUneven | Uneven | Spread | Starved => &[EngineStalled, ClockSuspect],
        kind if kind.tells_time() => &[ClockSuspect],
        _ => &[],
    }
}
