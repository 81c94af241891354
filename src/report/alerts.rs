//! What became of alerts: episodes of a stretch of the log, and per detector how often it fired, was acted on and how fast, was
//! wrong, or passed by itself. For the weekly review. From the log alone; nothing is detected again.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::model::alert::{AlertKey, AlertKind, Cleared, Ending, Handling, NoticeWhy, Severity};
use crate::model::event::{Body, Event, Verb};
use crate::model::id::Seq;
use crate::model::time::{DAY_MS, HOUR_MS, Millis};
use crate::store::{EVENTS_MAX, Store, StoreError};

/// The verbs that speak of alerts.
pub const VERBS: &[Verb] = &[
    Verb::AlertFired,
    Verb::AlertDropped,
    Verb::AlertCondition,
    Verb::AlertHandled,
    Verb::AlertNoted,
    Verb::AlertNoticed,
    Verb::AlertRemedied,
    Verb::AlertCleared,
];
/// A stretch reviewed at once, in milliseconds.
pub const WEEK_MS: i64 = 7 * DAY_MS;
/// How far times in the log may step back, in milliseconds.
const SET_BACK_MS: i64 = HOUR_MS;
/// Pages of the log read for one review.
const PAGES_MAX: usize = 50;
/// Events of one alert told at most; the newest are left out.
const STORY_MAX: usize = 500;

/// One run from firing to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    pub key: AlertKey,
    pub episode: Seq,
    /// The name of a source or rule it was about.
    pub about: SmolStr,
    pub severity: Severity,
    pub fired_at: Millis,
    /// When a person first did something about it, and who.
    pub acted: Option<(Millis, SmolStr)>,
    /// Remedies a person chose, and those the book asked for.
    pub remedies: u32,
    pub automatic: u32,
    pub escalated: u32,
    pub ended: Option<(Millis, SmolStr, Cleared)>,
}

/// One detector's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub kind: AlertKind,
    pub fired: usize,
    /// Of those, acted on by a person; the median time to that.
    pub acted: usize,
    pub to_act_ms: Option<i64>,
    pub automatic: usize,
    pub escalated: usize,
    pub ended: usize,
    pub false_alarms: usize,
    /// Conditions that passed before they had lasted long enough.
    pub averted: usize,
}

impl Row {
    /// The part of those that ended that nobody called a false alarm, in thousandths; none before the first end.
    #[must_use]
    pub fn precision_milli(&self) -> Option<usize> {
        (self.ended.checked_sub(self.false_alarms)? * 1000).checked_div(self.ended)
    }
}

/// What became of the alerts that fired within a stretch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Review {
    pub from: Millis,
    /// Exclusive.
    pub until: Millis,
    /// Detectors with something to tell, in the order screens list them.
    pub rows: Vec<Row>,
    /// Newest first.
    pub episodes: Vec<Episode>,
}

impl Review {
    /// The review of what fired in `from..until`, from events given in order; those after it tell how it went on.
    pub fn of<'a>(from: Millis, until: Millis, events: impl Iterator<Item = &'a Event>) -> Review {
        let mut episodes: Vec<Episode> = Vec::new();
        let mut open: BTreeMap<AlertKey, usize> = BTreeMap::new();
        let mut averted: BTreeMap<AlertKind, usize> = BTreeMap::new();
        for event in events {
            let is_within = from <= event.at && event.at < until;
            match &event.body {
                Body::AlertFired { finding, detail } => {
                    open.remove(&finding.key);
                    if is_within {
                        open.insert(finding.key, episodes.len());
                        episodes.push(Episode {
                            key: finding.key,
                            episode: event.seq,
                            about: detail.about.clone(),
                            severity: detail.severity,
                            fired_at: event.at,
                            acted: None,
                            remedies: 0,
                            automatic: 0,
                            escalated: 0,
                            ended: None,
                        });
                    }
                }
                Body::AlertDropped { key } if is_within => *averted.entry(key.kind).or_default() += 1,
                Body::AlertNoticed(notice) if notice.why == NoticeWhy::Escalated => {
                    for (key, _) in &notice.keys {
                        if let Some(of) = open.get(key).and_then(|at| episodes.get_mut(*at)) {
                            of.escalated += 1;
                        }
                    }
                }
                body => {
                    let Some(key) = key_of(body) else { continue };
                    if let Some(of) = open.get(&key).and_then(|at| episodes.get_mut(*at)) {
                        of.see(event);
                    }
                    if matches!(body, Body::AlertCleared { .. }) {
                        open.remove(&key);
                    }
                }
            }
        }
        let rows = AlertKind::ALL
            .into_iter()
            .filter_map(|kind| row(kind, &episodes, averted.get(&kind).copied().unwrap_or(0)));
        let rows = rows.collect();
        episodes.reverse();
        Review { from, until, rows, episodes }
    }

    /// The same from the file.
    ///
    /// # Errors
    /// The file's.
    pub fn read(store: &Store, from: Millis, until: Millis) -> Result<Review, StoreError> {
        let mut at = store.seq_at(from.plus(-SET_BACK_MS))?;
        let mut events: Vec<Event> = Vec::new();
        for _ in 0..PAGES_MAX {
            let page = store.events_of(VERBS, Seq(at.0 + 1), EVENTS_MAX)?;
            let Some(last) = page.last() else { break };
            at = last.seq;
            let is_whole = page.len() == EVENTS_MAX;
            events.extend(page);
            if !is_whole {
                break;
            }
        }
        Ok(Review::of(from, until, events.iter()))
    }

    /// Without what only supervisors are told.
    #[must_use]
    pub fn without_private(mut self) -> Review {
        self.rows.retain(|row| !row.kind.is_private());
        self.episodes.retain(|of| !of.key.kind.is_private());
        self
    }

    /// The figures of one detector.
    #[must_use]
    pub fn row(&self, kind: AlertKind) -> Option<&Row> {
        self.rows.iter().find(|row| row.kind == kind)
    }
}

impl Episode {
    fn see(&mut self, event: &Event) {
        let acts = match &event.body {
            Body::AlertHandled { after, .. } => *after != Handling::Open,
            Body::AlertRemedied(done) => {
                let is_book = done.line.is_some();
                self.automatic += u32::from(is_book);
                self.remedies += u32::from(!is_book);
                !is_book
            }
            Body::AlertCleared { cleared, .. } => {
                self.ended = Some((event.at, event.actor.clone(), cleared.clone()));
                cleared.why.is_by_hand()
            }
            Body::AlertCondition { severity: Some(severity), .. } => {
                self.severity = *severity;
                false
            }
            _ => false,
        };
        if acts && self.acted.is_none() {
            self.acted = Some((event.at, event.actor.clone()));
        }
    }
}

fn row(kind: AlertKind, episodes: &[Episode], averted: usize) -> Option<Row> {
    let of: Vec<&Episode> = episodes.iter().filter(|e| e.key.kind == kind).collect();
    if of.is_empty() && averted == 0 {
        return None;
    }
    let mut times: Vec<i64> =
        of.iter().filter_map(|e| e.acted.as_ref().map(|(at, _)| at.since(e.fired_at))).collect();
    times.sort_unstable();
    let ended = of.iter().filter_map(|e| e.ended.as_ref());
    let (mut all, mut wrong) = (0, 0);
    for (_, _, cleared) in ended {
        all += 1;
        wrong += usize::from(cleared.why == Ending::FalseAlarm);
    }
    Some(Row {
        kind,
        fired: of.len(),
        acted: times.len(),
        to_act_ms: median(&times),
        automatic: of.iter().filter(|e| e.automatic > 0).count(),
        escalated: of.iter().filter(|e| e.escalated > 0).count(),
        ended: all,
        false_alarms: wrong,
        averted,
    })
}

/// The middle of what is in order; of an even number the mean of the two.
fn median(sorted: &[i64]) -> Option<i64> {
    let high = sorted.get(sorted.len() / 2)?;
    let low = sorted.get((sorted.len() - 1) / 2)?;
    Some(low + (high - low) / 2)
}

fn key_of(body: &Body) -> Option<AlertKey> {
    Some(match body {
        Body::AlertFired { finding, .. } => finding.key,
        Body::AlertCondition { key, .. }
        | Body::AlertHandled { key, .. }
        | Body::AlertNoted { key, .. }
        | Body::AlertCleared { key, .. } => *key,
        Body::AlertRemedied(done) => done.key,
        _ => return None,
    })
}

/// Whether an event, which is not before `episode`, tells of that run of `key`.
#[must_use]
pub fn tells_of(event: &Event, key: AlertKey, episode: Seq) -> bool {
    match &event.body {
        Body::AlertFired { .. } => event.seq == episode,
        Body::AlertCondition { key: of, episode: run, .. }
        | Body::AlertHandled { key: of, episode: run, .. }
        | Body::AlertNoted { key: of, episode: run, .. } => (*of, *run) == (key, episode),
        Body::AlertRemedied(done) => (done.key, done.episode) == (key, episode),
        Body::AlertCleared { key: of, .. } => *of == key,
        Body::AlertNoticed(notice) => notice.keys.contains(&(key, episode)),
        _ => false,
    }
}

/// What happened to one alert, oldest first, from events given in order from its firing on.
pub fn story<'a>(key: AlertKey, episode: Seq, events: impl Iterator<Item = &'a Event>) -> Vec<Event> {
    let mut told: Vec<Event> = Vec::new();
    for event in events.filter(|e| e.seq >= episode && tells_of(e, key, episode)).take(STORY_MAX) {
        told.push(event.clone());
        if matches!(event.body, Body::AlertCleared { .. }) {
            break;
        }
    }
    told
}

/// The same from the file.
///
/// # Errors
/// The file's.
pub fn read_story(store: &Store, key: AlertKey, episode: Seq) -> Result<Vec<Event>, StoreError> {
    let mut told = Vec::new();
    let mut at = episode;
    for _ in 0..PAGES_MAX {
        let page = store.events_of(VERBS, at, EVENTS_MAX)?;
        told.extend(story(key, episode, page.iter()));
        let is_over = told.iter().any(|event| matches!(event.body, Body::AlertCleared { .. }));
        match page.last() {
            Some(last) if page.len() == EVENTS_MAX && !is_over => at = Seq(last.seq.0 + 1),
            _ => break,
        }
    }
    told.truncate(STORY_MAX);
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::actor::Role;
    use crate::model::alert::{AlertSubject, Detail, Finding};
    use crate::model::event::IntentId;
    use crate::model::id::{BatchId, RepId};
    use crate::model::relief::{Deed, Remedied};

    const KEY: AlertKey = AlertKey { kind: AlertKind::AtCap, subject: AlertSubject::Rep(RepId(1)) };

    fn log(steps: Vec<(i64, &str, Body)>) -> Vec<Event> {
        let event = |(at, (minute, actor, body)): (usize, (i64, &str, Body))| Event {
            seq: Seq(at as u64 + 1),
            at: Millis(minute * 60_000),
            actor: actor.into(),
            role: Role::Supervisor,
            console: 1,
            intent: IntentId(0),
            batch: BatchId(1),
            undoes: None,
            body,
        };
        steps.into_iter().enumerate().map(event).collect()
    }

    fn fired() -> Body {
        let finding = Finding { key: KEY, count: 1, leads: Vec::new(), figure: 2, limit: 2 };
        Body::AlertFired { finding, detail: Detail::default() }
    }

    fn cleared(why: Ending) -> Body {
        Body::AlertCleared { key: KEY, cleared: Cleared { why, ..Cleared::default() } }
    }

    fn taken(episode: u64) -> Body {
        let after = Handling::Acknowledged { by: "li".into(), at: Millis(0), until: None };
        Body::AlertHandled { key: KEY, episode: Seq(episode), before: Handling::Open, after, note: "".into() }
    }

    #[test]
    fn a_week_is_told_detector_by_detector() {
        let done = Remedied {
            key: KEY,
            episode: Seq(7),
            deed: Deed::Recall,
            leads: Vec::new(),
            to: Vec::new(),
            line: Some("watch at-cap -> recall".into()),
        };
        let events = log(vec![
            (0, "engine", fired()),
            (10, "li", taken(1)),
            (11, "ou", taken(1)),
            (20, "engine", cleared(Ending::Recovered)),
            (30, "engine", Body::AlertDropped { key: KEY }),
            (31, "engine", Body::AlertDropped { key: KEY }),
            (40, "engine", fired()),
            (41, "engine", Body::AlertRemedied(Box::new(done))),
            (70, "ou", cleared(Ending::FalseAlarm)),
            (90, "engine", fired()),
        ]);
        let review = Review::of(Millis(0), Millis(60 * 60_000), events.iter());
        let row = review.row(AlertKind::AtCap).unwrap();
        assert_eq!((row.fired, row.acted, row.automatic, row.averted), (2, 2, 1, 2));
        assert_eq!(row.to_act_ms, Some(20 * 60_000), "the mean of ten and thirty minutes");
        assert_eq!((row.ended, row.false_alarms, row.precision_milli()), (2, 1, Some(500)));
        let who: Vec<_> = review.episodes.iter().map(|e| e.acted.clone().unwrap().1).collect();
        assert_eq!(who, ["ou", "li"], "the newest first, each by whoever was first");
        let later = Review::of(Millis(60 * 60_000), Millis(120 * 60_000), events.iter());
        let row = later.row(AlertKind::AtCap).unwrap();
        assert_eq!((row.fired, row.acted, row.precision_milli()), (1, 0, None));
    }

    #[test]
    fn a_story_ends_with_its_episode() {
        let events = log(vec![
            (0, "engine", fired()),
            (10, "li", taken(1)),
            (20, "engine", cleared(Ending::Recovered)),
            (40, "engine", fired()),
            (41, "li", taken(4)),
        ]);
        assert_eq!(story(KEY, Seq(1), events.iter()).len(), 3);
        let second = story(KEY, Seq(4), events.iter());
        assert_eq!(second.iter().map(|e| e.seq.0).collect::<Vec<_>>(), [4, 5]);
    }
}
