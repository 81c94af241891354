//! What-if to the right of the editor: the draft beside the published book by rule and rep, and the leads that change hands.

use super::Canvas;
use super::frame::frame;
use crate::console::model::Model;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::whatif::{Shown, grouped, range_words};
use crate::console::widget::fit::{Align, fit_with};
use crate::engine::whatif::{RepLine, RuleLine};
use crate::engine::words::whatif::line_name;
use crate::model::share::LEAD_MICRO;
use ratatui::layout::Rect;

/// Cells of one figure of the table.
const FIGURE_CELLS: usize = 9;
/// Cells of what is due; a bar this long is exactly the fair share.
const DUE_CELLS: usize = 8;

/// Rows of the pane below the editor where there is no room beside it: what it comes to, or on demand half the screen.
const BELOW_ROWS: u16 = 4;
/// With fewer rows than this the editor has them all.
const BELOW_MIN_ROWS: u16 = 14;
/// With fewer rows than this the tables are left out.
const TABLES_MIN_ROWS: usize = 8;

/// How many of `rows` the pane takes below the editor.
pub(super) fn rows_below(model: &Model, rows: u16) -> u16 {
    match model.what_if.is_tall {
        _ if rows < BELOW_MIN_ROWS => 0,
        true => rows / 2,
        false => BELOW_ROWS,
    }
}

/// One line of the pane.
struct Row {
    text: String,
    role: Role,
}

fn row(role: Role, text: String) -> Row {
    Row { text, role }
}

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let title = title(canvas);
    let inner = frame(canvas, area, &title, "", false);
    let rows = rows(canvas, usize::from(inner.width), usize::from(inner.height));
    for (y, row) in (0..inner.height).zip(&rows) {
        let style = canvas.role(row.role);
        canvas.line(inner, y, &row.text, style);
    }
}

/// `What if · last 30 days · 48,210 leads · 41 ms`
fn title(canvas: &Canvas) -> String {
    let (model, dot) = (canvas.model, canvas.glyphs.separator);
    let range = range_words(&crate::console::update::whatif::range(model));
    let mut parts = vec![canvas.t(T::WhatIfTitle).to_owned(), canvas.say(&range).to_owned()];
    if let Some(shown) = &model.what_if.shown {
        parts.push(Say::LeadsAndTime(&grouped(shown.answer.leads), shown.took_ms).get(model.lang).to_owned());
    }
    parts.join(&format!(" {dot} "))
}

/// What is to be said about the answer itself, if anything.
fn state(canvas: &Canvas) -> Option<Row> {
    let (model, state) = (canvas.model, &canvas.model.what_if);
    if let Some((done, all)) = state.reading {
        let text = Say::ReadingLog(done * 100 / all.max(1));
        return Some(row(Role::Muted, canvas.say(&text).to_owned()));
    }
    if let Some(why) = &state.failed {
        return Some(row(Role::Warn, Say::WhatIfFailed(why).get(model.lang).to_owned()));
    }
    if state.has_problem {
        return Some(row(Role::Warn, canvas.t(T::StaleMark).to_owned()));
    }
    match &state.shown {
        Some(shown) if shown.is_partial => {
            let text = Say::PartialMark(&grouped(shown.answer.leads));
            Some(row(Role::Warn, canvas.say(&text).to_owned()))
        }
        _ if state.is_updating => Some(row(Role::Muted, canvas.t(T::UpdatingMark).to_owned())),
        _ => None,
    }
}

fn rows(canvas: &Canvas, width: usize, height: usize) -> Vec<Row> {
    let Some(shown) = &canvas.model.what_if.shown else { return state(canvas).into_iter().collect() };
    let foot = foot(canvas, shown);
    if height < TABLES_MIN_ROWS {
        return foot;
    }
    let room = height.saturating_sub(foot.len() + 2).max(2);
    let rules = shown.answer.rules.len() + 2;
    // Reps get what rules do not need, and at least a third.
    let for_rules = rules.min((room * 2 / 3).max(room.saturating_sub(shown.answer.reps.len())));
    let mut out = vec![head(canvas, T::ColRule, shown, width, None)];
    out.extend(rule_rows(canvas, shown, width, for_rules));
    out.push(head(canvas, T::ColRep, shown, width, Some(T::ColFair)));
    out.extend(rep_rows(canvas, shown, width, room.saturating_sub(for_rules)));
    out.extend(foot);
    out
}

fn head(canvas: &Canvas, name: T, shown: &Shown, width: usize, last: Option<T>) -> Row {
    let g = canvas.glyphs;
    let version = fit_with(&shown.version.to_string(), FIGURE_CELLS, Align::Right, g);
    let draft = fit_with(canvas.t(T::ColDraft), FIGURE_CELLS, Align::Right, g);
    let last = last.map_or("", |last| canvas.t(last));
    let name = fit_with(canvas.t(name), name_cells(width), Align::Left, g);
    row(Role::Muted, format!("{name} {version}   {draft}  {last}"))
}

/// What is left for names beside the figures.
fn name_cells(width: usize) -> usize {
    width.saturating_sub(2 * FIGURE_CELLS + DUE_CELLS + 13).max(8)
}

fn figures(canvas: &Canvas, name: &str, was: u64, is: u64, width: usize) -> String {
    let g = canvas.glyphs;
    let of = |count: u64| fit_with(&grouped(count), FIGURE_CELLS, Align::Right, g);
    format!("{} {} {} {}", fit_with(name, name_cells(width), Align::Left, g), of(was), g.arrow, of(is))
}

fn change(canvas: &Canvas, was: u64, is: u64) -> String {
    match was.cmp(&is) {
        std::cmp::Ordering::Less => format!("{} {}", canvas.glyphs.up, grouped(is - was)),
        std::cmp::Ordering::Greater => format!("{} {}", canvas.glyphs.down, grouped(was - is)),
        std::cmp::Ordering::Equal => String::new(),
    }
}

/// Rules in the order of the draft; where there is no room, those that change least are left out.
fn rule_rows(canvas: &Canvas, shown: &Shown, width: usize, room: usize) -> Vec<Row> {
    let lang = canvas.model.lang;
    let (was, is) = (&shown.answer.published, &shown.answer.draft);
    let line = |rule: &RuleLine| {
        let name = match canvas.model.draft.editor.lines().len() {
            0 => line_name(rule, lang),
            _ if rule.name.is_empty() => line_name(rule, lang),
            _ => format!("{} {}", rule.mark + 1, line_name(rule, lang)),
        };
        (name, rule.published, rule.draft)
    };
    let mut lines: Vec<(String, u64, u64)> = shown.answer.rules.iter().map(line).collect();
    lines.push((canvas.t(T::RowNobody).to_owned(), was.unplaced, is.unplaced));
    lines.push((canvas.t(T::RowUnmatched).to_owned(), was.unmatched, is.unmatched));
    let mut order: Vec<usize> = (0..lines.len()).collect();
    let weight = |at: &usize| lines.get(*at).map_or((0, 0), |(_, was, is)| (was.abs_diff(*is), was + is));
    order.sort_by_key(|at| std::cmp::Reverse(weight(at)));
    let left_out = lines.len().saturating_sub(room);
    order.truncate(if left_out > 0 { room.saturating_sub(1) } else { room });
    order.sort_unstable();
    let mut out: Vec<Row> = order
        .iter()
        .filter_map(|at| lines.get(*at))
        .map(|(name, was, is)| {
            let role = if was == is { Role::Muted } else { Role::Text };
            row(role, format!("{}  {}", figures(canvas, name, *was, *is, width), change(canvas, *was, *is)))
        })
        .collect();
    if left_out > 0 {
        out.push(row(Role::Muted, Say::MoreRules(lines.len() - order.len()).get(lang).to_owned()));
    }
    out
}

fn rep_rows(canvas: &Canvas, shown: &Shown, width: usize, room: usize) -> Vec<Row> {
    let mut reps: Vec<&RepLine> = shown.answer.reps.iter().collect();
    reps.sort_by_key(|rep| (std::cmp::Reverse(rep.published.abs_diff(rep.draft)), rep.rep));
    let left_out = reps.len().saturating_sub(room);
    reps.truncate(if left_out > 0 { room.saturating_sub(1) } else { room });
    let kept = reps.len();
    let mut out: Vec<Row> = reps
        .into_iter()
        .map(|rep| {
            let name = shown.names.get((rep.rep.0 as usize).wrapping_sub(1)).map_or("", String::as_str);
            let role = if rep.published == rep.draft { Role::Muted } else { Role::Text };
            let text = figures(canvas, name, rep.published, rep.draft, width);
            row(role, format!("{text}  {}", beside_due(canvas, rep.draft_part)))
        })
        .collect();
    if left_out > 0 {
        let count = shown.answer.reps.len() - kept;
        out.push(row(Role::Muted, Say::MoreRules(count).get(canvas.model.lang).to_owned()));
    }
    out
}

/// `████████ +9 %`: a full bar is the fair share.
fn beside_due(canvas: &Canvas, (received, due): (i64, i64)) -> String {
    if due < LEAD_MICRO {
        return String::new();
    }
    let cells = usize::try_from(received.max(0) * DUE_CELLS as i64 / due).unwrap_or(0).min(DUE_CELLS + 2);
    let bar = fit_with(&canvas.glyphs.gauge_full.repeat(cells), DUE_CELLS + 2, Align::Left, canvas.glyphs);
    format!("{bar} {:+} %", (received - due) * 100 / due)
}

fn foot(canvas: &Canvas, shown: &Shown) -> Vec<Row> {
    let (lang, answer) = (canvas.model.lang, &shown.answer);
    let [was, is] = shown.spread_milli.map(|milli| {
        milli.map_or_else(|| "–".to_owned(), |milli| format!("{}.{} %", milli / 10, milli % 10))
    });
    let (p, d) = (&answer.published, &answer.draft);
    let figures = [p.capped, d.capped, p.overdue, d.overdue].map(grouped);
    let [capped_was, capped, late_was, late] = &figures;
    let mut out = vec![row(
        Role::Text,
        Say::WhatIfFoot(&was, &is, capped_was, capped, late_was, late).get(lang).to_owned(),
    )];
    out.push(match answer.changed {
        0 => row(Role::Muted, canvas.t(T::NoneChangeHands).to_owned()),
        count => {
            let key = crate::console::command::table::by_id("whatif.hands")
                .map_or("", |c| canvas.model.keymap.first(c));
            row(Role::Accent, Say::ChangeHands(&grouped(count), key).get(lang).to_owned())
        }
    });
    let mut unknowns = shown.unknowns.iter();
    // The first sentence holds always and stands in the sheet; what is particular to this answer is told here.
    if let Some(particular) = unknowns.nth(1) {
        out.push(row(Role::Muted, canvas.say(particular).to_owned()));
    }
    out.extend(state(canvas));
    out
}
