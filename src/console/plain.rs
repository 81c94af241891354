//! The panes as plain lines for screen readers, pipes and paper: one record a line, every figure with its word, no boxes, no
//! colour, no columns. The same fold and the same words as the screen.

use crate::console::desk::lines::{alert_word, state_word};
use crate::console::desk::{AlertLine, Desk, LeadLine, Presence, RepLine};
use crate::console::text::{Say, T};
use crate::console::widget::fit::clean;
use crate::engine::words::span;
use crate::model::contact::mask_phone;
use crate::model::lang::Lang;
use crate::rulebook::{parse, print};

/// Joins what was said of one record.
fn record(parts: Vec<String>, lang: Lang) -> String {
    let (comma, stop) = match lang {
        Lang::En => (", ", "."),
        Lang::Zh => ("，", "。"),
    };
    let parts: Vec<String> =
        parts.iter().map(|part| clean(part.trim()).into_owned()).filter(|part| !part.is_empty()).collect();
    format!("{}{stop}", parts.join(comma))
}

/// What a figure is, and the figure.
fn told(word: T, value: &str, lang: Lang) -> String {
    if value.trim().is_empty() { String::new() } else { format!("{} {}", word.get(lang), value.trim()) }
}

/// The counts, then the leads of the queue as shown, at most `limit`.
#[must_use]
pub fn queue(desk: &Desk, lang: Lang, limit: usize) -> Vec<String> {
    let summary = desk.summary();
    let counts = Say::PlainQueue(summary.waiting, summary.parked, summary.held, summary.open);
    let mut lines = vec![counts.get(lang).to_owned()];
    let leads = desk.queue();
    lines.extend(leads.iter().take(limit).filter_map(|id| desk.lead(*id)).map(|l| lead(desk, &l, lang)));
    if leads.is_empty() {
        lines.push(T::PlainNothing.get(lang).to_owned());
    }
    if leads.len() > limit {
        lines.push(Say::PlainMore(leads.len() - limit).get(lang).to_owned());
    }
    lines
}

fn lead(desk: &Desk, lead: &LeadLine, lang: Lang) -> String {
    let now = desk.moment().now;
    let name = desk.called(lead.id);
    let mut parts = vec![lead.id.to_string()];
    if name != lead.id.to_string() {
        parts.push(name);
    }
    parts.push(state_word(lead.state).get(lang).to_owned());
    if let Some(owner) = lead.owner {
        parts.push(told(T::Owner, &desk.rep_name(owner), lang));
    }
    parts.push(told(T::Age, &span(now.since(lead.arrived_at)), lang));
    if let Some(due) = lead.due_at {
        let left = due.0.saturating_sub(now.0);
        let said = if left < 0 { Say::PlainOverdue(&span(-left)) } else { Say::PlainDueIn(&span(left)) };
        parts.push(said.get(lang).to_owned());
    }
    parts.push(told(T::Source, &lead.source, lang));
    parts.push(told(T::Region, &lead.region, lang));
    parts.push(told(T::Product, &lead.product, lang));
    parts.push(told(T::Score, &lead.score.to_string(), lang));
    if let Some(phone) = &lead.phone {
        parts.push(told(T::Phone, &mask_phone(phone), lang));
    }
    if lead.is_pinned {
        parts.push(T::Pinned.get(lang).to_owned());
    }
    if let Some(hold) = &lead.hold {
        let by = Say::By(hold.by.as_str());
        let left = span(hold.until.since(now));
        parts.push(format!("{} {} {left}", T::Held.get(lang), by.get(lang)));
    }
    if let Some(rep) = lead.proposed {
        parts.push(Say::PlainProposed(&desk.rep_name(rep)).get(lang).to_owned());
    }
    record(parts, lang)
}

/// Each team with who is next, then its reps.
#[must_use]
pub fn loads(desk: &Desk, lang: Lang) -> Vec<String> {
    let reps = desk.reps();
    let on = reps.iter().filter(|rep| rep.presence == Presence::OnDuty).count();
    let mut head = vec![Say::LoadCounts(on, reps.len()).get(lang).to_owned()];
    if let Some(pct) = desk.summary().spread_pct {
        head.push(Say::SpreadIs(pct).get(lang).to_owned());
    }
    let mut lines = vec![record(head, lang)];
    for (at, line) in reps.iter().enumerate() {
        if let Some(team) = desk.teams().iter().find(|team| team.first == at) {
            let name = if team.name.is_empty() { T::NoTeam.get(lang) } else { team.name.as_str() };
            let next = match &team.next {
                Some(next) => told(T::NextUp, next, lang),
                None => T::NextNobody.get(lang).to_owned(),
            };
            lines.push(record(vec![told(T::Team, name, lang), next], lang));
        }
        lines.push(rep(line, lang));
    }
    if reps.is_empty() {
        lines.push(T::LoadsEmpty.get(lang).to_owned());
    }
    lines
}

fn rep(rep: &RepLine, lang: Lang) -> String {
    let of = |figure: u32, cap: Option<u32>| match cap {
        Some(cap) => Say::PlainOf(figure, cap).get(lang).to_owned(),
        None => figure.to_string(),
    };
    let presence = match &rep.presence {
        Presence::OnDuty => T::OnDuty.get(lang).to_owned(),
        Presence::OffDuty => T::OffDuty.get(lang).to_owned(),
        Presence::OutOfHours => T::OutOfHours.get(lang).to_owned(),
        Presence::OnLeave(until) => Say::OnLeaveUntil(until).get(lang).to_owned(),
    };
    let mut parts = vec![
        rep.name.to_string(),
        presence,
        told(T::LoadWord, &of(rep.load, rep.cap), lang),
        told(T::Today, &of(rep.today, rep.day_cap), lang),
    ];
    if rep.is_full() {
        parts.push(T::Full.get(lang).to_owned());
    }
    if let Some(min) = rep.full_in_min {
        parts.push(Say::PlainFullIn(min).get(lang).to_owned());
    }
    record(parts, lang)
}

/// The alerts, each with what would help.
#[must_use]
pub fn alerts(desk: &Desk, lang: Lang) -> Vec<String> {
    if desk.alerts().is_empty() {
        return vec![T::AlertsEmpty.get(lang).to_owned()];
    }
    let mut lines = vec![record(vec![Say::AlertCounts(desk.alerts().len()).get(lang).to_owned()], lang)];
    lines.extend(desk.alerts().iter().map(|line| alert(desk, line, lang)));
    lines
}

fn alert(desk: &Desk, alert: &AlertLine, lang: Lang) -> String {
    let age = Say::PlainSince(&span(desk.moment().now.since(alert.since)));
    let mut parts = vec![
        alert_word(alert.id.kind).get(lang).to_owned(),
        alert.sentence.get(lang).to_owned(),
        age.get(lang).to_owned(),
    ];
    if let Some(lead) = alert.lead {
        parts.push(told(T::Lead, &lead.to_string(), lang));
    }
    let help: Vec<&str> = alert.remedies.iter().map(|(say, _)| say.get(lang)).collect();
    let or = if lang == Lang::Zh { "，或" } else { ", or " };
    parts.push(told(T::PlainHelps, &help.join(or), lang));
    record(parts, lang)
}

/// The book in force, a section a line.
#[must_use]
pub fn rules(desk: &Desk, lang: Lang) -> Vec<String> {
    let published = desk.world().published();
    let text = print(&parse(&published.text).tree);
    let mut lines = vec![record(vec![Say::RulesVersion(published.version.0).get(lang).to_owned()], lang)];
    let mut section: Vec<&str> = Vec::new();
    // The canonical form sets sections apart by an empty line; the last one ends with the text.
    for line in text.lines().map(str::trim).chain([""]) {
        if !line.is_empty() {
            section.push(line);
        } else if !section.is_empty() {
            lines.push(clean(&section.join("; ")).into_owned());
            section.clear();
        }
    }
    if lines.len() == 1 {
        lines.push(T::RulesEmpty.get(lang).to_owned());
    }
    lines
}
