//! What a promotion 大促 did: a stretch of the desk's log in figures, and the stretch before it beside. Nothing is drawn here.
//!
//! A lead belongs to the stretch it arrived in, and only answers within that stretch count: the earlier stretch must not
//! look better for having been watched longer. What an undo took back later is still counted as done.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::spread::spread_of_parts;
use crate::engine::words;
use crate::model::event::{Assigned, Body, Event, Placer};
use crate::model::id::{LeadId, RepId, Seq};
use crate::model::lang::Lang;
use crate::model::lead::{ArrivalKind, LeadState};
use crate::model::share::Eligible;
use crate::model::time::{DayNo, MINUTE_MS, Millis};
use crate::store::{Store, StoreError};
use crate::world::promotion::Run;
use crate::world::{Shares, World};

/// All turns of a stretch are counted as of one day: the figure is of the stretch, however many days it has.
const ONE_DAY: DayNo = DayNo(0);
/// Events read at once.
const PAGE: usize = 2_000;
/// Rules and reps listed, the busiest first.
const TOP_MAX: usize = 10;

/// A run and the stretch of the same length right before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    pub run: Run,
    pub is_over: bool,
    /// The first event of the log, where it lies within the earlier stretch: that stretch then has less in it than it seems.
    pub log_begins: Option<Millis>,
    pub before: Figures,
    pub during: Figures,
}

impl Beside {
    /// The report on `run` as of `now`, from events given in order.
    pub fn of<'a>(world: &World, run: Run, now: Millis, events: impl Iterator<Item = &'a Event>) -> Beside {
        let (earlier, during) = before(run, now);
        let (mut then, mut here) = (Tally::new(earlier), Tally::new(during));
        let mut first = None;
        for event in events {
            first = first.or(Some(event.at));
            then.see(event, world);
            here.see(event, world);
        }
        Beside {
            run,
            is_over: run.until <= now,
            log_begins: first.filter(|at| *at > earlier.from),
            before: then.figures(world),
            during: here.figures(world),
        }
    }

    /// The same from a desk's file, a page of its log at a time.
    ///
    /// # Errors
    /// The file's.
    pub fn read(store: &Store, world: &World, run: Run, now: Millis) -> Result<Beside, StoreError> {
        let (earlier, during) = before(run, now);
        let first = store.events(Seq(1), Seq(1), 1)?.first().map(|event| event.at);
        Ok(Beside {
            run,
            is_over: run.until <= now,
            log_begins: first.filter(|at| *at > earlier.from),
            before: tally(store, world, earlier)?,
            during: tally(store, world, during)?,
        })
    }
}

/// Two stretches line by line: what is counted, the earlier, the later. The busiest rules and reps come last.
#[must_use]
pub fn lines(world: &World, [before, during]: [&Figures; 2], lang: Lang) -> Vec<(String, String, String)> {
    let say = |en: &'static str, zh: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut lines = Vec::new();
    let mut line = |title: &str, value: &dyn Fn(&Figures) -> String| {
        lines.push((title.to_owned(), value(before), value(during)));
    };
    line(say("arrivals", "到达"), &|f| f.arrivals.to_string());
    line(say("placed by the engine", "引擎分配"), &|f| f.by_engine.to_string());
    line(say("overridden by a person", "人工改派"), &|f| f.overridden.to_string());
    line(say("claimed", "领取"), &|f| f.claimed.to_string());
    let answered = say("answered, where replies are recorded", "已响应（有回复记录的渠道）");
    line(answered, &|f| f.answered.to_string());
    let time = |ms: Option<i64>| ms.map_or_else(|| "–".into(), words::span);
    line(say("first response, median", "首次响应时间，中位"), &|f| time(f.response_median_ms));
    line(say("first response, 90 %", "首次响应时间，90%"), &|f| time(f.response_p90_ms));
    let spread = |f: &Figures| {
        f.spread_milli.map_or_else(|| "–".into(), |milli| format!("{} %", words::milli(milli * 100)))
    };
    line(say("spread", "均衡度"), &spread);
    for rule in top(before.rules.iter().chain(&during.rules)) {
        let title = format!("{} {rule}", say("rule", "规则"));
        line(&title, &|f| f.rules.get(&rule).copied().unwrap_or(0).to_string());
    }
    for rep in top(before.reps.iter().chain(&during.reps)) {
        line(&words::rep_name(world, rep), &|f| f.reps.get(&rep).copied().unwrap_or(0).to_string());
    }
    lines
}

/// Adds up a stretch of the log, a page at a time.
///
/// # Errors
/// The file's.
pub fn tally(store: &Store, world: &World, span: Run) -> Result<Figures, StoreError> {
    let mut tally = Tally::new(span);
    // Times in the log may step back a little: whatever lies outside is left out by the tally itself.
    let mut from = Seq(store.seq_at(span.from.plus(-MINUTE_MS))?.0 + 1);
    let to = store.seq_at(span.until.plus(MINUTE_MS))?;
    while from <= to {
        let page = store.events(from, to, PAGE)?;
        let Some(last) = page.last() else { break };
        from = Seq(last.seq.0 + 1);
        page.iter().for_each(|event| tally.see(event, world));
    }
    Ok(tally.figures(world))
}

/// The keys with the most, both stretches together.
fn top<'a, K: Ord + Clone + 'a>(all: impl Iterator<Item = (&'a K, &'a u64)>) -> Vec<K> {
    let mut sums: BTreeMap<K, u64> = BTreeMap::new();
    for (key, count) in all {
        *sums.entry(key.clone()).or_default() += count;
    }
    let mut keys: Vec<(u64, K)> = sums.into_iter().map(|(key, count)| (count, key)).collect();
    keys.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    keys.into_iter().take(TOP_MAX).map(|(_, key)| key).collect()
}

/// A stretch of the log being added up.
#[derive(Debug, Clone)]
pub struct Tally {
    span: Run,
    figures: Figures,
    /// Live leads whose replies are recorded and have not come yet, by arrival.
    unanswered: FxHashMap<LeadId, Millis>,
    /// Working milliseconds from arrival to the first answer.
    answers: Vec<i64>,
    shares: Shares,
}

/// What a stretch comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Live leads that arrived.
    pub arrivals: u64,
    /// Placements by the engine, accepted proposals included.
    pub by_engine: u64,
    /// Placements by a person: overrides 人工改派.
    pub overridden: u64,
    pub claimed: u64,
    /// Leads whose first answer is on record, and how long that took in working milliseconds.
    pub answered: u64,
    pub response_median_ms: Option<i64>,
    pub response_p90_ms: Option<i64>,
    /// In thousandths; `None` while fewer than two reps were due a lead.
    pub spread_milli: Option<i64>,
    /// Placements by rule; a divert goes by its number.
    pub rules: BTreeMap<SmolStr, u64>,
    pub reps: BTreeMap<RepId, u64>,
}

impl Tally {
    /// An empty tally of the events from `span.from` until `span.until`.
    #[must_use]
    pub fn new(span: Run) -> Tally {
        Tally {
            span,
            figures: Figures::default(),
            unanswered: FxHashMap::default(),
            answers: Vec::new(),
            shares: Shares::default(),
        }
    }

    /// Counts an event if it lies within the stretch. `world` says whose replies are recorded and when the desk works.
    pub fn see(&mut self, event: &Event, world: &World) {
        if event.at < self.span.from || event.at >= self.span.until {
            return;
        }
        match &event.body {
            Body::LeadReceived(r) if r.kind == ArrivalKind::Live => {
                self.figures.arrivals += 1;
                let replies = &world.book().replies_from;
                if replies.iter().any(|source| source.eq_ignore_ascii_case(&r.attrs.source)) {
                    self.unanswered.insert(r.lead, event.at);
                }
            }
            Body::LeadAssigned(a) => self.placed(a, world),
            Body::LeadProgressed { lead, to, happened_at, .. } => {
                let spoke = matches!(to, LeadState::Contacted | LeadState::Qualified | LeadState::Won);
                if spoke && let Some(arrived) = self.unanswered.remove(lead) {
                    self.answers.push(world.desk_time().working_ms_between(arrived, *happened_at));
                }
            }
            _ => {}
        }
    }

    fn placed(&mut self, a: &Assigned, world: &World) {
        let rule = match &a.by {
            Placer::Person { .. } => {
                self.figures.overridden += 1;
                None
            }
            Placer::Claimed => {
                self.figures.claimed += 1;
                None
            }
            Placer::Divert { divert } | Placer::Accepted { divert: Some(divert), .. } => {
                self.figures.by_engine += 1;
                Some(smol_str::format_smolstr!("{divert}"))
            }
            Placer::Remedy { .. } => {
                self.figures.by_engine += 1;
                None
            }
            Placer::Engine { rule } | Placer::Accepted { rule, divert: None } => {
                self.figures.by_engine += 1;
                Some(rule.clone().unwrap_or_else(|| SmolStr::new_static("otherwise")))
            }
        };
        if let Some(rule) = rule {
            *self.figures.rules.entry(rule).or_default() += 1;
        }
        *self.figures.reps.entry(a.rep).or_default() += 1;
        let how = (1, world.reps().len());
        match a.eligible() {
            Some(Eligible::Pool(trace)) => {
                let free = trace.free.iter().map(|(rep, _)| *rep);
                self.shares.count(ONE_DAY, a.rep, free, &trace.weights, how);
            }
            Some(Eligible::Alone) => {
                self.shares.count(ONE_DAY, a.rep, std::iter::once(a.rep), &[], how);
            }
            None => {}
        }
    }

    /// The figures of what was seen.
    #[must_use]
    pub fn figures(mut self, world: &World) -> Figures {
        self.answers.sort_unstable();
        let at = |permille: usize| {
            let last = self.answers.len().checked_sub(1)?;
            self.answers.get(last * permille / 1000).copied()
        };
        Figures {
            answered: self.answers.len() as u64,
            response_median_ms: at(500),
            response_p90_ms: at(900),
            spread_milli: spread_of_parts(world, &self.shares, ONE_DAY),
            ..self.figures
        }
    }
}

/// The stretch of the same length right before a run, as far as the run went by `now`.
#[must_use]
pub fn before(run: Run, now: Millis) -> (Run, Run) {
    let during = Run { from: run.from, until: run.until.min(now).max(run.from) };
    let long = during.until.since(during.from);
    (Run { from: during.from.plus(-long), until: during.from }, during)
}

/// The promotion that ended last within `within_ms` before `now`: what a screen tells of for a while.
#[must_use]
pub fn just_ended(world: &World, now: Millis, within_ms: i64) -> Option<(&SmolStr, Run)> {
    let ended = world.book().promotions.iter().filter_map(|promotion| {
        let run = world.last_run(&promotion.name, now)?;
        let is_new = run.until <= now && now.since(run.until) < within_ms;
        is_new.then_some((&promotion.name, run))
    });
    ended.max_by_key(|(_, run)| run.until)
}
