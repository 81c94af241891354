//! Alerts looked at: one in full, all of them, the weekly review.

use super::super::Canvas;
use super::popup;
use super::sheet::{high, list};
use crate::console::desk::lines::alert_word;
use crate::console::desk::short_moment;
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::watching::{alert, complaints, rows};
use crate::console::view::frame::more_below;
use crate::console::watching::sheet::{Line, Tone, lines, severity_word};
use crate::console::watching::{One, Reviewing, Row, Watching, cells, review};
use crate::console::widget::fit::{Align, fit_with, wrap};
use crate::console::widget::list::ListState;
use crate::engine::words::complaint::complaint as complaint_words;
use crate::engine::words::{alert as kind_word, rep_name};
use crate::model::alert::{Alert, AlertSubject, Silence};
use crate::model::id::ComplaintId;
use crate::watch::words;
use ratatui::layout::Rect;

/// Lines of the list of all that tell of the selected row.
const BELOW: u16 = 5;

pub(super) fn draw(canvas: &mut Canvas, body: Rect, watching: &Watching) {
    match watching {
        Watching::One(one) => full(canvas, body, one),
        Watching::All(state) => all(canvas, body, state),
        Watching::Review(of) => weekly(canvas, body, of),
        Watching::Complaints(state) => complained(canvas, body, state),
    }
}

fn full(canvas: &mut Canvas, body: Rect, one: &One) {
    let model = canvas.model;
    let (finding, detail) = (&one.alert.finding, &one.alert.detail);
    let about = words::about(model.desk.world(), finding, detail, model.lang);
    let title = Say::AlertViewTitle(alert_word(finding.key.kind), &about);
    let lines = lines(model, one, cells(model.size.cols));
    let inner = popup(canvas, body, title.get(model.lang), high(body, lines.len(), 6));
    canvas.painted.pages.overlay = usize::from(inner.height).max(1);
    for (row, line) in (0..inner.height).zip(lines.iter().skip(one.offset)) {
        full_line(canvas, inner, row, one, line);
    }
    let hidden = lines.len().saturating_sub(one.offset + usize::from(inner.height));
    more_below(canvas, inner, hidden);
}

fn full_line(canvas: &mut Canvas, inner: Rect, row: u16, one: &One, line: &Line) {
    let is_selected = line.lead.is_some() && line.lead == one.leads.selected();
    let role = match line.tone {
        _ if is_selected => Role::Selected,
        Tone::Text => Role::Text,
        Tone::Muted => Role::Muted,
        Tone::Title => Role::Title,
        Tone::Accent => Role::Accent,
        Tone::Warn => Role::Warn,
        Tone::Plot => Role::Gauge,
    };
    let style = canvas.role(role);
    let marker = match (line.lead, is_selected) {
        (Some(_), true) => format!(" {} ", canvas.glyphs.marker),
        (Some(_), false) => "   ".to_owned(),
        (None, _) => " ".to_owned(),
    };
    canvas.line(inner, row, &format!("{marker}{}", line.text), style);
    if let Some(at) = line.lead.and_then(|lead| one.alert.finding.leads.iter().position(|l| *l == lead)) {
        canvas.hit(Rect::new(inner.x, inner.y + row, inner.width, 1), Target::Item(at));
    }
}

fn all(canvas: &mut Canvas, body: Rect, state: &ListState<Row>) {
    let rows = rows(canvas.model);
    let inner =
        popup(canvas, body, canvas.t(T::AlertsAllTitle), high(body, rows.len() + usize::from(BELOW), 8));
    let above = Rect::new(inner.x, inner.y, inner.width, inner.height.saturating_sub(BELOW));
    list(canvas, above, (state, &rows), T::AlertsAllEmpty, |canvas, row, _| one_row(canvas, row));
    more_below(
        canvas,
        above,
        rows.len().saturating_sub(state.visible(rows.len(), usize::from(above.height)).end),
    );
    let below = Rect::new(inner.x, above.bottom(), inner.width, inner.height - above.height);
    if let Some(alert) = alert(canvas.model) {
        told(canvas, below, alert);
    }
}

/// `warn  missed  firing 14:32  9 without an owner past 2h`.
fn one_row(canvas: &Canvas, row: Row) -> String {
    let (model, g) = (canvas.model, canvas.glyphs);
    let world = model.desk.world();
    match row {
        Row::Alert(id) => {
            let Some(alert) = world.alerts().get(&id) else { return String::new() };
            let finding = model.desk.finding(id).unwrap_or(&alert.finding);
            let loud = fit_with(canvas.t(severity_word(alert.detail.severity)), 4, Align::Left, g);
            let kind = fit_with(canvas.t(alert_word(id.kind)), 13, Align::Left, g);
            let muted = world.suppressed(id, model.now).map(|why| words::suppressed(why, model.lang));
            let state = muted.unwrap_or_else(|| words::state(alert, model.now, model.lang).to_owned());
            let state = fit_with(&state, 12, Align::Left, g);
            let since = fit_with(&short_moment(alert.fired_at, model.desk.moment()), 11, Align::Left, g);
            let cause = words::cause(world, finding, &alert.detail, model.lang);
            format!("{loud} {kind} {state} {since} {cause}")
        }
        Row::Pending(key) => {
            let Some(pending) = world.pending_alerts().get(&key) else { return String::new() };
            let kind = fit_with(canvas.t(alert_word(key.kind)), 13, Align::Left, g);
            let state = fit_with(canvas.t(T::PendingWord), 12, Align::Left, g);
            let since = fit_with(&short_moment(pending.since, model.desk.moment()), 11, Align::Left, g);
            let cause = words::cause(world, &pending.finding, &pending.detail, model.lang);
            format!("     {kind} {state} {since} {cause}")
        }
        Row::Silence(id) => {
            let Some(silence) = world.silences().get(&id) else { return String::new() };
            format!("{id}  {} {}", canvas.t(T::SilencedWord), silence_words(canvas, silence))
        }
    }
}

fn silence_words(canvas: &Canvas, silence: &Silence) -> String {
    let model = canvas.model;
    let kind = silence.kind.map(|kind| kind_word(kind, model.lang));
    let about = silence.subject.and_then(|subject| match subject {
        AlertSubject::Desk => None,
        AlertSubject::Rep(rep) => Some(rep_name(model.desk.world(), rep)),
        AlertSubject::Lead(lead) => Some(lead.to_string()),
        AlertSubject::Source(_) | AlertSubject::Rule(_) => {
            model.desk.world().alert_name(subject).map(ToString::to_string)
        }
    });
    let what: Vec<String> = [kind, about].into_iter().flatten().collect();
    let what = if what.is_empty() { canvas.t(T::EveryAlert).to_owned() } else { what.join(" ") };
    let until = short_moment(silence.until, model.desk.moment());
    let words = Say::SilenceRow(&what, &until, &silence.by);
    format!("{} {}", canvas.say(&words), silence.reason)
}

/// What the selected alert means, and what would help.
fn told(canvas: &mut Canvas, area: Rect, alert: &Alert) {
    let (model, muted, accent) = (canvas.model, canvas.role(Role::Muted), canvas.role(Role::Accent));
    let meaning = words::meaning(alert.finding.key.kind, model.lang);
    canvas.line(area, 1, &format!(" {meaning}"), muted);
    let Some(offered) = model.desk.offered(alert.finding.key, alert.fired_seq) else {
        let text = canvas.t(T::WorkingOut);
        canvas.line(area, 2, &format!("   {text}"), muted);
        return;
    };
    for ((remedy, row), number) in offered.iter().zip(2..area.height).zip(1..) {
        let text = words::remedy(model.desk.world(), remedy, model.lang);
        canvas.line(area, row, &format!("   {number} {text}"), accent);
    }
}

/// Open complaints, the selected one in full below.
fn complained(canvas: &mut Canvas, body: Rect, state: &ListState<ComplaintId>) {
    let ids = complaints(canvas.model);
    let inner = popup(canvas, body, canvas.t(T::ComplaintsTitle), high(body, ids.len() + 4, 6));
    let above = Rect::new(inner.x, inner.y, inner.width, inner.height.saturating_sub(4));
    list(canvas, above, (state, &ids), T::NoComplaints, |canvas, id, _| {
        let (model, g) = (canvas.model, canvas.glyphs);
        let Some(complaint) = model.desk.world().complaint(id) else { return id.to_string() };
        let at = fit_with(&short_moment(complaint.at, model.desk.moment()), 11, Align::Left, g);
        let by = fit_with(&complaint.by, 12, Align::Left, g);
        let lead = format!("{} {}", complaint.lead, model.desk.called(complaint.lead));
        let lead = fit_with(&lead, 18, Align::Left, g);
        format!("{id}  {at}  {by}  {lead}  {}", complaint.why)
    });
    let model = canvas.model;
    let Some(complaint) = state.selected().and_then(|id| model.desk.world().complaint(id)) else { return };
    let (warn, cells) = (canvas.role(Role::Warn), usize::from(inner.width).saturating_sub(2));
    let told = complaint_words(model.desk.world(), complaint, model.lang);
    let told: Vec<String> = told.iter().take(1).flat_map(|line| wrap(line, cells)).collect();
    for (line, row) in told.iter().zip(above.height + 1..inner.height) {
        canvas.line(inner, row, &format!(" {line}"), warn);
    }
}

fn weekly(canvas: &mut Canvas, body: Rect, of: &Reviewing) {
    let title = review::title(canvas.model, of);
    let (kinds, episodes) = (review::kinds(of), review::episodes(of));
    let count = if of.kind.is_some() { episodes.len() } else { kinds.len() + 1 };
    let inner = popup(canvas, body, &title, high(body, count, 4));
    let empty = if of.weeks.is_some() { T::ReviewEmpty } else { T::WhyAsking };
    if of.kind.is_some() {
        list(canvas, inner, (&of.episodes, &episodes), empty, |canvas, seq, _| {
            review::episode(canvas.model, of, seq)
        });
        let shown = of.episodes.visible(episodes.len(), usize::from(inner.height)).end;
        return more_below(canvas, inner, episodes.len().saturating_sub(shown));
    }
    let (head, muted) = (review::head(canvas.model), canvas.role(Role::Muted));
    canvas.line(inner, 0, &format!("   {head}"), muted);
    let below = Rect::new(inner.x, inner.y + 1, inner.width, inner.height.saturating_sub(1));
    list(canvas, below, (&of.kinds, &kinds), empty, |canvas, kind, _| review::row(canvas.model, of, kind));
    let shown = of.kinds.visible(kinds.len(), usize::from(below.height)).end;
    more_below(canvas, below, kinds.len().saturating_sub(shown));
}
