//! What an import came to, counted while it runs and told at its end.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::context::Context;
use super::lookup::Spans;
use crate::intake::row::{Warning, WarningKind};
use crate::model::id::BatchId;
use crate::model::lang::Lang;
use crate::model::lead::LeadState;

/// Names of unknown owners that are listed.
const NAMES_MAX: usize = 10;

/// Oddities by kind.
#[derive(Debug, Clone, Default)]
pub struct Warnings(BTreeMap<WarningKind, u64>);

impl Warnings {
    /// Counts a row's.
    pub fn note(&mut self, warnings: &[Warning]) {
        for warning in warnings {
            *self.0.entry(warning.kind).or_default() += 1;
        }
    }

    /// A line a kind.
    #[must_use]
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        self.0.iter().map(|(kind, count)| format!("  {count:>8}  {}", kind.text(lang))).collect()
    }

    /// Counts by stable words.
    #[must_use]
    pub fn json(&self) -> Value {
        let words = self.0.iter().map(|(kind, count)| (word(*kind).to_owned(), json!(count)));
        Value::Object(words.collect())
    }
}

fn word(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::DamagedPhone => "damaged-phone",
        WarningKind::InvalidPhone => "invalid-phone",
        WarningKind::SeveralPhones => "several-phones",
        WarningKind::InvalidEmail => "invalid-email",
        WarningKind::InvalidWechat => "invalid-wechat",
        WarningKind::UnknownState => "unknown-state",
        WarningKind::BadNumber => "bad-number",
        WarningKind::ShortRow => "short-row",
        WarningKind::Shortened => "shortened",
        WarningKind::NotADate => "not-a-date",
        WarningKind::AssumedDate => "assumed-date",
    }
}

/// Names a file used that nobody on the roster has.
#[derive(Debug, Clone, Default)]
pub struct Unknown {
    pub count: u64,
    names: BTreeMap<String, u64>,
}

impl Unknown {
    /// Counts one; only so many names are remembered.
    pub fn note(&mut self, name: &str) {
        self.count += 1;
        if self.names.len() < NAMES_MAX || self.names.contains_key(name) {
            *self.names.entry(name.to_owned()).or_default() += 1;
        }
    }

    /// The remembered names.
    #[must_use]
    pub fn names(&self) -> String {
        let mut text = self.names.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        if self.names.values().sum::<u64>() < self.count {
            text.push_str(", …");
        }
        text
    }

    /// Count and names.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({"count": self.count, "names": self.names.keys().collect::<Vec<_>>()})
    }
}

/// Counts of a running import.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub added: u64,
    pub known: u64,
    pub warnings: Warnings,
    pub unknown_owners: Unknown,
    pub batch: Option<BatchId>,
    /// The leads that were added.
    pub spans: Spans,
}

/// Counts by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    pub assigned: u64,
    pub waiting: u64,
    pub parked: u64,
    pub closed: u64,
}

impl Standing {
    /// Sums states; `by_state` is in the order of `LeadState::ALL`.
    #[must_use]
    pub fn of(by_state: &[u64; 9]) -> Standing {
        let mut standing = Standing::default();
        for (state, count) in LeadState::ALL.into_iter().zip(by_state) {
            let slot = match state {
                LeadState::Waiting => &mut standing.waiting,
                LeadState::Parked => &mut standing.parked,
                LeadState::Assigned | LeadState::Contacted => &mut standing.assigned,
                _ => &mut standing.closed,
            };
            *slot += count;
        }
        standing
    }

    /// In one line.
    #[must_use]
    pub fn line(&self, lang: Lang) -> String {
        let Standing { assigned, waiting, parked, closed } = self;
        match lang {
            Lang::En => {
                format!("assigned {assigned} · waiting {waiting} · parked {parked} · closed {closed}")
            }
            Lang::Zh => format!("已分配 {assigned} · 待分配 {waiting} · 待人工 {parked} · 已关闭 {closed}"),
        }
    }

    /// By word.
    #[must_use]
    pub fn json(&self) -> Value {
        let Standing { assigned, waiting, parked, closed } = self;
        json!({"assigned": assigned, "waiting": waiting, "parked": parked, "closed": closed})
    }
}

/// `12,345 ms` as seconds with one digit.
#[must_use]
pub fn seconds(ms: i64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

/// Tells what an import of leads came to.
pub fn tell(ctx: &Context, tally: &Tally, standing: Standing, rejected: u64, ms: i64) {
    let (added, known) = (tally.added, tally.known);
    if added == 0 && rejected == 0 {
        match ctx.lang {
            Lang::En => println!("all {known} already known; nothing was changed"),
            Lang::Zh => println!("全部 {known} 条均已存在，未作改动"),
        }
    } else {
        let batch = tally.batch.map_or_else(String::new, |b| format!(" · {b}"));
        let time = seconds(ms);
        match ctx.lang {
            Lang::En => println!("added {added} · known {known} · rejected {rejected} · {time}{batch}"),
            Lang::Zh => println!("新增 {added} · 已存在 {known} · 拒收 {rejected} · {time}{batch}"),
        }
        if added > 0 {
            println!("{}", standing.line(ctx.lang));
        }
    }
    for line in warning_lines(ctx, &tally.warnings, &tally.unknown_owners) {
        println!("{line}");
    }
}

fn warning_lines(ctx: &Context, warnings: &Warnings, unknown: &Unknown) -> Vec<String> {
    let mut lines = warnings.lines(ctx.lang);
    if unknown.count > 0 {
        let said = ctx.say("owner not on the roster; the engine decides", "负责人不在名册中，由引擎分配");
        lines.push(format!("  {:>8}  {said}: {}", unknown.count, unknown.names()));
    }
    if !lines.is_empty() {
        lines.insert(0, ctx.say("warnings:", "警告：").to_owned());
    }
    lines
}
