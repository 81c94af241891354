//! One alert in full, line by line: cause, meaning, state, remedies, the figure against its band, what a test rests on, leads,
//! timeline. Text only; the view puts it into cells.

use super::{One, plot};
use crate::console::desk::short_moment;
use crate::console::model::Model;
use crate::console::text::{Say, T};
use crate::console::widget::fit::wrap;
use crate::engine::words::alerts::step;
use crate::model::alert::Handling;
use crate::model::id::LeadId;
use crate::watch::{band, words};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Text,
    Muted,
    Title,
    /// What a key does.
    Accent,
    Warn,
    Plot,
}

/// A line of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub tone: Tone,
    /// The lead it shows.
    pub lead: Option<LeadId>,
}

fn plain(text: impl Into<String>, tone: Tone) -> Line {
    Line { text: text.into(), tone, lead: None }
}

/// The sheet in lines of at most `cells`.
#[must_use]
pub fn lines(model: &Model, one: &One, cells: usize) -> Vec<Line> {
    let lang = model.lang;
    let (world, alert) = (model.desk.world(), &one.alert);
    let live = model.desk.finding(one.key()).filter(|_| !one.is_over);
    let finding = live.unwrap_or(&alert.finding);
    let mut out: Vec<Line> = Vec::new();
    let mut say = |text: String, tone| out.extend(wrap(&text, cells).into_iter().map(|l| plain(l, tone)));
    say(words::cause(world, finding, &alert.detail, lang), Tone::Text);
    say(words::meaning(one.key().kind, lang).to_owned(), Tone::Muted);
    say(state(model, one), Tone::Warn);
    out.extend(remedies(model, one, cells));
    out.extend(figures(model, one, cells));
    out.extend(leads(model, one, finding.count));
    out.extend(timeline(model, one, cells));
    out
}

/// `page · firing since 14:32 · acknowledged by 王芳 until 18:32 · silenced S1`.
fn state(model: &Model, one: &One) -> String {
    let (lang, alert, moment) = (model.lang, &one.alert, model.desk.moment());
    let sep = format!(" {} ", model.look.glyphs().separator);
    let severity = alert.detail.severity;
    let mut parts = vec![Say::AlertLoud(severity_word(severity)).get(lang).to_owned()];
    if one.is_over {
        parts.push(T::AlertIsOver.get(lang).to_owned());
        return parts.join(&sep);
    }
    let since = short_moment(alert.fired_at, moment);
    parts.push(Say::AlertSince(words::state(alert, model.now, lang), &since).get(lang).to_owned());
    if let (false, Handling::Acknowledged { by, .. } | Handling::Snoozed { by, .. }) =
        (alert.handling.is_open(model.now), &alert.handling)
    {
        let until = alert.handling.until().map(|until| short_moment(until, moment)).unwrap_or_default();
        parts.push(Say::AlertHandledBy(by, &until).get(lang).to_owned());
    }
    if let Some(why) = model.desk.world().suppressed(one.key(), model.now) {
        parts.push(words::suppressed(why, lang));
    }
    if alert.flaps > 0 {
        parts.push(Say::AlertFlaps(alert.flaps).get(lang).to_owned());
    }
    parts.join(&sep)
}

/// How loudly it speaks, in a word.
#[must_use]
pub const fn severity_word(severity: crate::model::alert::Severity) -> T {
    use crate::model::alert::Severity;
    match severity {
        Severity::Info => T::LoudInfo,
        Severity::Warn => T::LoudWarn,
        Severity::Page => T::LoudPage,
    }
}

/// The engine's remedies, each by its key.
fn remedies(model: &Model, one: &One, cells: usize) -> Vec<Line> {
    if one.is_over {
        return Vec::new();
    }
    let mut out = vec![plain(T::RemediesTitle.get(model.lang), Tone::Title)];
    let Some(offered) = model.desk.offered(one.key(), one.episode()) else {
        out.push(plain(format!("  {}", T::WorkingOut.get(model.lang)), Tone::Muted));
        return out;
    };
    for (number, remedy) in (1..).zip(offered.iter()) {
        let text = words::remedy(model.desk.world(), remedy, model.lang);
        for (at, line) in wrap(&text, cells.saturating_sub(4)).into_iter().enumerate() {
            let key = if at == 0 { format!("  {number} ") } else { "    ".to_owned() };
            out.push(plain(format!("{key}{line}"), Tone::Accent));
        }
    }
    out
}

/// The figure against its band, and what a test rests on.
fn figures(model: &Model, one: &One, cells: usize) -> Vec<Line> {
    let (lang, alert) = (model.lang, &one.alert);
    let live = model.desk.finding(one.key()).filter(|_| !one.is_over);
    let band = band::band(&alert.finding, &alert.detail, live);
    let mut out = Vec::new();
    if band.is_some() || alert.detail.evidence.is_some() {
        out.push(plain(T::EvidenceTitle.get(lang), Tone::Title));
    }
    if let Some(band) = &band {
        let g = model.look.glyphs();
        out.push(plain(format!("  {}", plot::line(band, cells.saturating_sub(4), g)), Tone::Plot));
        let legend = Say::BandMarks(g.held, g.dot, g.gauge_rest);
        let text = format!("{} {} {}", band::words(band, lang), g.separator, legend.get(lang));
        out.extend(
            wrap(&text, cells.saturating_sub(2)).into_iter().map(|l| plain(format!("  {l}"), Tone::Muted)),
        );
    }
    if let Some(evidence) = &alert.detail.evidence {
        let text = words::evidence(evidence, lang);
        out.extend(
            wrap(&text, cells.saturating_sub(2)).into_iter().map(|l| plain(format!("  {l}"), Tone::Muted)),
        );
    }
    out
}

/// The leads it names; there may be more than it names.
fn leads(model: &Model, one: &One, count: u32) -> Vec<Line> {
    let named = &one.alert.finding.leads;
    if named.is_empty() {
        return Vec::new();
    }
    let more = usize::try_from(count).unwrap_or(0).saturating_sub(named.len());
    let title = if more == 0 { T::AlertLeads.into() } else { Say::AlertLeadsMore(more) };
    let mut out = vec![plain(title.get(model.lang), Tone::Title)];
    let closed = T::AlertLeadClosed.get(model.lang);
    for lead in named {
        let about = match model.desk.lead(*lead) {
            Some(line) => {
                let state = crate::console::desk::lines::state_word(line.state).get(model.lang);
                let owner = line.owner.map(|rep| model.desk.rep_name(rep)).unwrap_or_default();
                format!("{}  {}  {state} {owner}", line.source, line.region)
            }
            None => closed.to_owned(),
        };
        let text = format!("{lead} {}  {about}", model.desk.called(*lead));
        out.push(Line { text, tone: Tone::Text, lead: Some(*lead) });
    }
    out
}

/// What happened to it, oldest first.
fn timeline(model: &Model, one: &One, cells: usize) -> Vec<Line> {
    let lang = model.lang;
    let mut out = vec![plain(T::AlertTimeline.get(lang), Tone::Title)];
    if !one.has_come {
        out.push(plain(format!("  {}", T::WhyAsking.get(lang)), Tone::Muted));
    }
    for event in &one.events {
        let at = short_moment(event.at, model.desk.moment());
        let what = step(model.desk.world(), event, lang);
        let text = format!("{at}  {}  {what}", event.actor);
        let rows = wrap(&text, cells.saturating_sub(4)).into_iter().enumerate();
        out.extend(
            rows.map(|(at, l)| plain(format!("{}{l}", if at == 0 { "  " } else { "    " }), Tone::Text)),
        );
    }
    out
}
