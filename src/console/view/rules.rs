//! The rule book's draft: its words in their roles, each problem under its line, what may come next beside the cursor, the
//! line that looks for a text below. What stands beside the editor is another pane's work.
//!
//! The editor draws into cells of its own; its rows are copied here with the problems between them.

use super::Canvas;
use super::frame::frame;
use crate::console::draft::find::{self, Finding};
use crate::console::draft::sheet::RuleSheet;
use crate::console::model::Overlay;
use crate::console::msg::{Problem, Target};
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::rules::{Stand, stand};
use crate::console::widget::editor::Sheet;
use crate::console::widget::fit::{Align, cut, fit_with, width};
use crate::rulebook::{Shade, shades};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

mod publish;
mod sheets;

/// Cells of the line number, the mark and their gap.
const GUTTER_CELLS: u16 = 7;
/// Offers shown at once.
const OFFERS_ROWS: usize = 8;
/// Cells of an offer before what it is.
const OFFER_CELLS: usize = 26;
/// Cells of the border, its corners and blanks beside title and note.
const NOTE_EDGE_CELLS: usize = 8;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let rule = canvas.glyphs.rule;
    let problems = Say::Problems(model.draft.problems.len());
    let note = note(canvas);
    let short = format!("{} {rule} {}", canvas.t(T::RulesTitle), state(canvas));
    let titles = [format!("{short} {rule} {}", problems.get(model.lang)), short];
    // What others do must be seen, however narrow the pane: the title gives way.
    let fits = |title: &&String| width(title) + width(&note) + NOTE_EDGE_CELLS <= usize::from(area.width);
    let title = titles.iter().find(fits).map_or(canvas.t(T::RulesTitle), String::as_str).to_owned();
    let mut inner = frame(canvas, area, &title, &note, true);
    canvas.hit(inner, Target::Editor);
    if inner.height < 3 || inner.width <= GUTTER_CELLS {
        return;
    }
    if let Some(finding) = finding(canvas) {
        inner.height -= 1;
        let line = Rect::new(inner.x, inner.bottom(), inner.width, 1);
        looking(canvas, line, finding);
    }
    let cursor = text(canvas, inner);
    if let Some((at, below)) = cursor.filter(|_| model.overlays.is_empty()) {
        canvas.painted.cursor = Some(at);
        offers(canvas, inner, at, below);
    }
}

/// Draws a sheet of the editor over the screen.
pub(super) fn sheet(canvas: &mut Canvas, body: Rect, sheet: &RuleSheet) {
    match sheet {
        RuleSheet::Outline(picker) => sheets::outline(canvas, body, picker),
        // Its line stands below the text already.
        RuleSheet::Find(_) => {}
        RuleSheet::Publish(publishing) => publish::publish(canvas, body, publishing),
        RuleSheet::Merge(merging) => publish::merge(canvas, body, merging),
        RuleSheet::Versions(versions) => sheets::versions(canvas, body, versions),
        RuleSheet::Compare(comparing) => publish::compare(canvas, body, comparing),
        RuleSheet::Sentences(reading) => sheets::sentences(canvas, body, reading),
        RuleSheet::Left(kept) => sheets::left(canvas, body, kept),
    }
}

fn state(canvas: &Canvas) -> String {
    let model = canvas.model;
    let base = model.draft.base.0;
    let state = if stand(model) == Stand::Same { Say::InForce(base) } else { Say::DraftOn(base) };
    state.get(model.lang).to_owned()
}

/// Right of the title: what others do, else the version in force.
fn note(canvas: &Canvas) -> String {
    let model = canvas.model;
    let published = model.desk.world().published();
    if stand(model) == Stand::Behind {
        let note = Say::BookMovedOn(published.version.0, &published.by);
        return format!("{} {}", canvas.glyphs.alert, note.get(model.lang));
    }
    let others: Vec<&str> = model.draft.others.iter().map(|other| other.actor.as_str()).collect();
    if others.is_empty() {
        return Say::RulesVersion(model.desk.summary().book).get(model.lang).to_owned();
    }
    let note = Say::AlsoEditing(&others.join(", "));
    format!("{} {}", canvas.glyphs.flag, note.get(model.lang))
}

fn finding<'a>(canvas: &Canvas<'a>) -> Option<&'a Finding> {
    match canvas.model.overlays.last() {
        Some(Overlay::Rules(sheet)) => match &**sheet {
            RuleSheet::Find(finding) => Some(finding),
            _ => None,
        },
        _ => None,
    }
}

/// The lines of the text; where the cursor stands on screen, and the first row below what is said of its line.
fn text(canvas: &mut Canvas, inner: Rect) -> Option<((u16, u16), u16)> {
    let draft = &canvas.model.draft;
    let height = usize::from(inner.height);
    // Lines with problems, each taking a row more; at most a third of the screen is theirs.
    let mut bad: Vec<usize> = draft.problems.iter().map(|problem| problem.line).collect();
    bad.dedup();
    let extra = bad.len().min(height / 3);
    canvas.painted.pages.rules = height - extra;
    let cols = inner.width - GUTTER_CELLS;
    let rows = u16::try_from(height - extra).unwrap_or(1);
    let sheet = draft.editor.draw(cols, rows, canvas.role(Role::Text));
    let what = finding(canvas).map_or("", |finding| finding.find.text());
    let shown = draft.editor.lines().iter().skip(sheet.first_line).take(usize::from(rows));
    let matches = find::places(&shown.cloned().collect::<Vec<_>>(), what);
    let (mut y, mut left, mut cursor) = (inner.y, extra, None);
    for row in 0..rows {
        let number = sheet.first_line + usize::from(row);
        let Some(line) = draft.editor.lines().get(number) else { break };
        if y >= inner.bottom() {
            break;
        }
        let problems: Vec<&Problem> = draft.problems.iter().filter(|p| p.line == number).collect();
        gutter(canvas, inner.x, y, number, &problems);
        let area = Rect::new(inner.x + GUTTER_CELLS, y, cols, 1);
        copy(canvas, &sheet.buf, row, area.x, y);
        canvas.hit(area, Target::Text { line: number, cell: sheet.first_cell });
        let ink = Ink::new(line, &sheet, area);
        shade(canvas, line, &ink);
        for problem in &problems {
            underline(canvas, problem, &ink);
        }
        for (_, from, to) in matches.iter().filter(|(at, _, _)| *at == usize::from(row)) {
            let style = canvas.role(Role::Match);
            canvas.buf.set_style(ink.cells(*from, *to), style);
        }
        if row == sheet.cursor.1 {
            cursor = Some(((area.x + sheet.cursor.0, y), y + 1));
        }
        y += 1;
        // The problem the cursor is at speaks, else the first of the line.
        let here = draft.editor.cursor();
        let at_cursor = problems.iter().find(|p| here.0 == number && p.column + p.cells >= here.1);
        if let Some(problem) = at_cursor.or(problems.first())
            && left > 0
            && y < inner.bottom()
        {
            let more = problems.len() - 1;
            said(canvas, problem, more, Rect::new(inner.x, y, inner.width, 1));
            left -= 1;
            y += 1;
            cursor = cursor.map(|(at, below)| (at, if at.1 + 2 == y { y } else { below }));
        }
    }
    cursor
}

/// Where the characters of a line stand on screen.
struct Ink {
    /// The cell each character begins at, and the end of the last.
    starts: Vec<usize>,
    first_cell: usize,
    area: Rect,
}

impl Ink {
    fn new(line: &str, sheet: &Sheet, area: Rect) -> Self {
        let first_cell = usize::from(sheet.first_cell);
        let last_cell = first_cell + usize::from(area.width);
        let mut at = 0;
        let mut starts = Vec::with_capacity(usize::from(area.width) + 1);
        for c in line.chars() {
            starts.push(at);
            at += width(c.encode_utf8(&mut [0; 4]));
            // Of a line that goes on beyond the screen the rest is never asked for.
            if at > last_cell {
                break;
            }
        }
        starts.push(at);
        Self { starts, first_cell, area }
    }

    /// The cells of the characters `from..to`, as far as they are on screen; at least one where `from` is.
    fn cells(&self, from: usize, to: usize) -> Rect {
        let end = self.starts.last().copied().unwrap_or(0);
        let cell = |column: usize| self.starts.get(column).copied().unwrap_or(end);
        let (left, right) = (cell(from), cell(to).max(cell(from) + 1));
        let on_screen = |cell: usize| cell.saturating_sub(self.first_cell).min(usize::from(self.area.width));
        let (left, right) = (on_screen(left), on_screen(right));
        let cells = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        Rect::new(self.area.x + cells(left), self.area.y, cells(right.saturating_sub(left)), 1)
    }
}

fn gutter(canvas: &mut Canvas, x: u16, y: u16, number: usize, problems: &[&Problem]) {
    let muted = canvas.role(Role::Muted);
    canvas.put(x, y, &format!("{:>4}", number + 1), 4, muted);
    if let Some(problem) = problems.iter().find(|p| p.is_error).or(problems.first()) {
        let style = canvas.role(if problem.is_error { Role::Danger } else { Role::Warn });
        canvas.put(x + 5, y, canvas.glyphs.alert, 1, style);
    }
}

/// One row of the editor's own cells.
fn copy(canvas: &mut Canvas, from: &Buffer, row: u16, x: u16, y: u16) {
    for column in 0..from.area().width {
        if let (Some(cell), Some(here)) = (from.cell((column, row)), canvas.buf.cell_mut((x + column, y))) {
            *here = cell.clone();
        }
    }
}

/// Longest line that is taken apart for its colours, in bytes; nobody reads further.
const SHADED_MAX: usize = 4_000;

/// The words of a line in their roles; a word of the language at the left edge opens a statement and stands out.
fn shade(canvas: &mut Canvas, line: &str, ink: &Ink) {
    if line.len() > SHADED_MAX {
        return;
    }
    let (mut byte, mut column) = (0, 0);
    for (span, shade) in shades(line) {
        let count = |from: usize, to: usize| line.get(from..to).map_or(0, |text| text.chars().count());
        let from = column + count(byte, span.start);
        let to = from + count(span.start, span.end);
        (byte, column) = (span.end, to);
        let role = match shade {
            Shade::Keyword => Role::Accent,
            Shade::Field => Role::Held,
            Shade::Quoted => Role::Ok,
            Shade::Sign | Shade::Comment => Role::Muted,
            Shade::Word | Shade::Number => continue,
        };
        let mut style = canvas.role(role);
        if shade == Shade::Keyword && span.start == 0 {
            style = style.add_modifier(Modifier::BOLD);
        }
        canvas.buf.set_style(ink.cells(from, to), style);
    }
}

/// The words the problem is about.
fn underline(canvas: &mut Canvas, problem: &Problem, ink: &Ink) {
    let style = canvas.role(if problem.is_error { Role::Danger } else { Role::Warn });
    let at = ink.cells(problem.column, problem.column + problem.cells);
    canvas.buf.set_style(at, style.add_modifier(Modifier::UNDERLINED));
}

/// `   ▲ no team "East Senoir"  f3 writes "East Senior"`
fn said(canvas: &mut Canvas, problem: &Problem, more: usize, area: Rect) {
    let style = canvas.role(if problem.is_error { Role::Danger } else { Role::Warn });
    let lang = canvas.model.lang;
    let key = crate::console::command::table::by_id("rules.fix").map_or("", |c| canvas.model.keymap.first(c));
    let fix = problem.fix.as_ref().map(|fix| format!("  {}", Say::FixHint(key, fix.text.trim()).get(lang)));
    let more = if more > 0 { format!(" (+{more})") } else { String::new() };
    let fix = fix.unwrap_or_default();
    let room = area.width.saturating_sub(GUTTER_CELLS);
    // The key that mends it is worth more than the sentence's end.
    let left = usize::from(room).saturating_sub(width(&fix) + width(&more) + 2);
    let sentence = cut(canvas.say(&problem.sentence), left.max(usize::from(room) / 3), canvas.glyphs);
    let text = format!("{} {sentence}{more}{fix}", canvas.glyphs.up);
    canvas.put(area.x + GUTTER_CELLS, area.y, &text, room, style);
}

/// The line that looks for a text: what is typed, what would be written, how many places there are.
fn looking(canvas: &mut Canvas, area: Rect, finding: &Finding) {
    let model = canvas.model;
    let (accent, muted) = (canvas.role(Role::Accent), canvas.role(Role::Muted));
    let places = find::places(model.draft.editor.lines(), finding.find.text());
    let here = model.draft.editor.cursor();
    let at = places.iter().position(|(line, _, to)| (*line, *to) == here).map_or(0, |at| at + 1);
    let counts = match (finding.find.is_empty(), places.len()) {
        (true, _) => String::new(),
        (_, 0) => canvas.t(T::FoundNone).to_owned(),
        (_, all) => Say::FoundOf(at, all).get(model.lang).to_owned(),
    };
    let counts_cells = u16::try_from(width(&counts)).unwrap_or(0);
    let room = area.width.saturating_sub(counts_cells + 3);
    let half = if finding.replace.is_some() { room / 2 } else { room };
    let fields =
        [(T::FindTitle, Some(&finding.find), false), (T::ReplaceTitle, finding.replace.as_ref(), true)];
    let mut x = area.x + 1;
    for (title, field, is_second) in fields {
        let Some(field) = field else { continue };
        let has_keys = finding.is_replacing == is_second;
        let label = format!("{} ", canvas.t(title));
        let used = canvas.put(x, area.y, &label, half, if has_keys { accent } else { muted });
        let cells = half.saturating_sub(used + 1);
        let view = field.view(usize::from(cells));
        let text = canvas.role(Role::Text);
        canvas.put(x + used, area.y, &view.text, cells, text);
        if has_keys {
            canvas.painted.cursor = Some((x + used + u16::try_from(view.cursor).unwrap_or(0), area.y));
        }
        x += half;
    }
    let style = canvas.role(if places.is_empty() { Role::Warn } else { Role::Muted });
    canvas.put(area.right().saturating_sub(counts_cells + 1), area.y, &counts, counts_cells, style);
}

/// What may come next, below what is said of the cursor's line, or above the line where there is more room.
fn offers(canvas: &mut Canvas, inner: Rect, at: (u16, u16), first_row: u16) {
    let draft = &canvas.model.draft;
    if draft.offers.is_empty() {
        return;
    }
    let (below, above) = (inner.bottom().saturating_sub(first_row), at.1.saturating_sub(inner.y));
    let is_below = usize::from(below) >= draft.offers.len().min(OFFERS_ROWS) || below >= above;
    let room = usize::from(if is_below { below } else { above });
    let rows = draft.offers.len().min(OFFERS_ROWS).min(room);
    let count = u16::try_from(rows).unwrap_or(0);
    let cells = u16::try_from(OFFER_CELLS + 16).unwrap_or(0).min(inner.width);
    let y = if is_below { first_row } else { at.1 - count };
    let x = at.0.min(inner.right().saturating_sub(cells));
    let area = Rect::new(x, y, cells, count);
    crate::console::widget::erase::erase(area, canvas.role(Role::Popup), canvas.buf);
    let first = draft.chosen.map_or(0, |chosen| (chosen + 1).saturating_sub(rows));
    for (row, (index, offer)) in (0..count).zip(draft.offers.iter().enumerate().skip(first)) {
        let is_chosen = draft.chosen == Some(index);
        let what = canvas.t(super::filter::kind_word(offer.kind));
        let text = fit_with(&offer.text, OFFER_CELLS, Align::Left, canvas.glyphs);
        let marker = if is_chosen { canvas.glyphs.marker } else { canvas.glyphs.border[5] };
        let style = canvas.role(if is_chosen { Role::Selected } else { Role::Text });
        canvas.line(area, row, &format!("{marker} {text} {what}"), style);
        if !is_chosen {
            let muted = canvas.role(Role::Muted);
            let from = u16::try_from(OFFER_CELLS + 2).unwrap_or(0).min(cells);
            canvas.buf.set_style(Rect::new(x + from, y + row, cells - from, 1), muted);
        }
    }
}
