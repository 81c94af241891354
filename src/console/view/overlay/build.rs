//! The form that builds a rule: the questions with their answers on the left, what is offered on the right, the text as it
//! is written below, with what the checker says of it.

use super::super::Canvas;
use super::super::frame::frame;
use crate::console::build::{Asks, Building, Choice, Kind, Pick, Step};
use crate::console::msg::{Problem, Target};
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::build::STEP_ITEMS;
use crate::console::widget::erase::erase;
use crate::console::widget::fit::{Align, cut, fit_with, width};
use crate::console::widget::list::Line;
use ratatui::layout::Rect;

/// The widest form; wider lines are hard to read.
const COLS_MAX: u16 = 140;
/// Cells of the questions' labels.
const LABEL_CELLS: usize = 11;
/// Cells of a count, with its separators.
const COUNT_CELLS: usize = 11;
/// Rows the text and its findings take at least.
const TEXT_ROWS_MIN: u16 = 5;

pub(super) fn draw(canvas: &mut Canvas, body: Rect, b: &Building) {
    let cols = body.width.min(COLS_MAX);
    let area = Rect::new(body.x + (body.width - cols) / 2, body.y, cols, body.height);
    let ground = canvas.role(Role::Popup);
    erase(area, ground, canvas.buf);
    canvas.hit(body, Target::Overlay);
    let rule = canvas.glyphs.rule;
    let title = match b.kind {
        None => canvas.t(T::BuildTitle).to_owned(),
        Some(_) => format!("{} {rule} {}", canvas.t(T::BuildTitle), canvas.say(&b.kind_words())),
    };
    let of = Say::BuildOf(b.place(), b.steps().len().saturating_sub(1).max(1));
    let right =
        if b.kind.is_some() && b.step != Step::Menu { canvas.say(&of).to_owned() } else { String::new() };
    let inner = frame(canvas, area, &title, &right, true);
    if inner.height < 6 || inner.width < 30 {
        return;
    }
    let text_rows = text_rows(b, inner.height);
    let upper = Rect { height: inner.height - text_rows, ..inner };
    let lower = Rect { y: upper.bottom(), height: text_rows, ..inner };
    if b.kind.is_none() || b.step == Step::Menu {
        choices(canvas, upper, b);
    } else {
        let left = (inner.width * 2 / 5).clamp(24, 56);
        answers(canvas, Rect { width: left, ..upper }, b);
        let right = Rect { x: upper.x + left, width: upper.width - left, ..upper };
        choices(canvas, right, b);
    }
    if text_rows > 0 {
        written(canvas, lower, b);
    }
}

/// Rows for the text: as many as it needs, at most half; none while nothing is begun.
fn text_rows(b: &Building, height: u16) -> u16 {
    if b.kind.is_none() {
        return 0;
    }
    let lines = b.lines().count()
        + b.problems.as_ref().map_or(0, Vec::len)
        + b.form.kept(b.keywords()).len().min(1)
        + 1;
    u16::try_from(lines).unwrap_or(u16::MAX).clamp(TEXT_ROWS_MIN, (height / 2).max(TEXT_ROWS_MIN))
}

/// The questions, each with its answer; a click goes there.
fn answers(canvas: &mut Canvas, area: Rect, b: &Building) {
    let steps = b.steps();
    let here = b.place();
    let page = usize::from(area.height);
    // The menu is no answer of its own; the question at hand stays in view.
    let first = (here + 2).saturating_sub(page).max(1).min(steps.len().saturating_sub(page).max(1));
    for (row, (index, step)) in (0..area.height).zip(steps.iter().enumerate().skip(first)) {
        let is_here = index == here;
        let label = fit_with(canvas.say(&b.label(*step)), LABEL_CELLS, Align::Left, canvas.glyphs);
        let answer = b.summary(*step);
        let marker = if is_here { canvas.glyphs.marker } else { " " };
        let y = area.y + row;
        let (label_role, role) = if is_here { (Role::Accent, Role::Text) } else { (Role::Muted, Role::Text) };
        let role = if answer.get(canvas.model.lang) == canvas.t(T::NotSaid) { Role::Disabled } else { role };
        let (label_style, style) = (canvas.role(label_role), canvas.role(role));
        let cells = area.width.saturating_sub(1);
        canvas.put(area.x, y, &format!("{marker} {label}"), cells, label_style);
        let at = u16::try_from(LABEL_CELLS).unwrap_or(11) + 3;
        let text = canvas.say(&answer).to_owned();
        canvas.put(area.x + at, y, &text, area.width.saturating_sub(at + 1), style);
        canvas.hit(Rect::new(area.x, y, area.width, 1), Target::Item(STEP_ITEMS + index));
    }
}

/// The question, the line that is typed in, and what is offered.
fn choices(canvas: &mut Canvas, area: Rect, b: &Building) {
    let question = question(canvas, b);
    let style = canvas.role(Role::Title);
    canvas.put(area.x + 1, area.y, &question, area.width.saturating_sub(2), style);
    let line = Rect { y: area.y + 1, height: 1, ..area };
    super::typed(canvas, line, &b.line);
    let mut rows = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    if let Some(said) = &b.said {
        let text = format!(" {} {}", canvas.glyphs.alert, canvas.say(said));
        let warn = canvas.role(Role::Warn);
        rows.height = rows.height.saturating_sub(1);
        canvas.line(Rect { y: rows.bottom(), height: 1, ..rows }, 0, &text, warn);
    }
    let offers = b.offers();
    let page = usize::from(rows.height);
    canvas.painted.pages.overlay = page.max(1);
    if offers.is_empty() {
        return placeholder(canvas, rows, b);
    }
    let shape = shape(canvas, b, &offers, usize::from(rows.width));
    for (line, y) in b.list.lines(offers.len(), page).into_iter().zip(0..) {
        let Line::Row(index) = line else { continue };
        let Some(choice) = offers.get(index) else { continue };
        let is_here = b.list.selected() == Some(index);
        let text = offer(canvas, b, choice, is_here, &shape);
        let style = canvas.role(if is_here { Role::Selected } else { Role::Text });
        canvas.line(rows, y, &text, style);
        canvas.hit(Rect::new(rows.x, rows.y + y, rows.width, 1), Target::Item(index));
    }
}

/// What an empty list means.
fn placeholder(canvas: &mut Canvas, rows: Rect, b: &Building) {
    let takes_nothing = b.row.as_ref().is_some_and(|row| row.how.takes_nothing());
    let name = b.name();
    let text = match b.step {
        Step::Name if b.line.is_empty() && b.kind != Some(Kind::Promotion) => name.as_str(),
        _ if takes_nothing || b.asks() == Asks::Text => "",
        Step::Values => canvas.t(T::NoValues),
        Step::Parts => canvas.t(T::NoValues),
        _ => canvas.t(T::NothingFound),
    };
    let style = canvas.role(Role::Muted);
    canvas.put(rows.x + 3, rows.y, text, rows.width.saturating_sub(4), style);
}

fn question(canvas: &Canvas, b: &Building) -> String {
    match (&b.row, b.step) {
        (Some(row), Step::Values) => {
            let field = crate::console::build::field_words(&row.field);
            let how = canvas.t(row.how.title());
            let (back, on) = if canvas.model.look.is_ascii { ("<", ">") } else { ("◂", "▸") };
            format!("{} {back} {how} {on}", canvas.say(&field))
        }
        (_, Step::PartTo(_)) => format!("{}: {}", canvas.say(&b.label(b.step)), canvas.t(b.step.question())),
        _ => canvas.t(b.step.question()).to_owned(),
    }
}

/// The columns of a list of offers, the same for every row.
struct Shape {
    /// Cells of marker and tick.
    head: usize,
    label: usize,
    note: usize,
    count: usize,
}

/// The words first; notes take what is left beside them.
fn shape(canvas: &Canvas, b: &Building, offers: &[Choice], cells: usize) -> Shape {
    let head = if b.asks() == Asks::Many { 7 } else { 5 };
    let count = if offers.iter().any(|choice| choice.count.is_some()) { COUNT_CELLS } else { 0 };
    let room = cells.saturating_sub(head + count + 1);
    let noted = offers.iter().filter(|choice| choice.note.is_some());
    let widest = noted.map(|choice| width(canvas.say(&choice.label))).max();
    match widest {
        None => Shape { head, label: room, note: 0, count },
        Some(widest) => {
            let label = widest.min(room * 3 / 5);
            Shape { head, label, note: room.saturating_sub(label + 2), count }
        }
    }
}

/// One thing offered: its tick, its words, a note, how many leads have it.
fn offer(canvas: &Canvas, b: &Building, choice: &Choice, is_here: bool, shape: &Shape) -> String {
    let g = canvas.glyphs;
    let tick = match (b.asks(), b.is_chosen(&choice.pick)) {
        _ if matches!(choice.pick, Pick::Row(_)) => "+".to_owned(),
        (Asks::Many, true) => format!("[{}]", g.check),
        (Asks::Many, false) => "[ ]".to_owned(),
        (_, true) => g.check.to_owned(),
        (_, false) => " ".to_owned(),
    };
    let marker = if is_here { g.marker } else { " " };
    let head = fit_with(&format!(" {marker} {tick}"), shape.head, Align::Left, g);
    let label = canvas.say(&choice.label);
    let words = match &choice.note {
        // A row without a note may use its place.
        None => {
            fit_with(label, shape.label + if shape.note > 0 { shape.note + 2 } else { 0 }, Align::Left, g)
        }
        Some(note) => {
            let note = fit_with(canvas.say(note), shape.note, Align::Left, g);
            format!("{}  {note}", fit_with(label, shape.label, Align::Left, g))
        }
    };
    let count = choice.count.map_or_else(String::new, thousands);
    format!("{head}{words}{}", fit_with(&count, shape.count, Align::Right, g))
}

/// `3,114`
fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The text as it is written, and what is wrong with it.
fn written(canvas: &mut Canvas, area: Rect, b: &Building) {
    let lang = canvas.model.lang;
    let state = match &b.problems {
        _ if !b.is_touched() => String::new(),
        None => canvas.t(T::BuildChecking).to_owned(),
        Some(found) if found.is_empty() => format!("{} {}", canvas.glyphs.check, canvas.t(T::BuildSound)),
        Some(found) => Say::Problems(found.len()).get(lang).to_owned(),
    };
    let counted = thousands(b.facts.values.leads);
    let counted = match b.takes {
        _ if matches!(b.step, Step::Values | Step::Parts) => None,
        Some((takes, of)) => Some(Say::BuildTakes(&thousands(takes as u64), &thousands(of as u64))),
        None => None,
    }
    .unwrap_or_else(|| {
        if b.facts.is_all { Say::BuildCountsAll(&counted) } else { Say::BuildCountsOpen(&counted) }
    });
    let (border, muted) = (canvas.role(Role::Border), canvas.role(Role::Muted));
    let bar = canvas.glyphs.rule.repeat(usize::from(area.width));
    canvas.put(area.x, area.y, &bar, area.width, border);
    let head = format!(" {} {} {state} ", canvas.t(T::BuildWritten), canvas.glyphs.separator);
    let head = if state.is_empty() { format!(" {} ", canvas.t(T::BuildWritten)) } else { head };
    let used = canvas.put(area.x + 1, area.y, &head, area.width.saturating_sub(2), muted);
    let counted = format!(" {} ", canvas.say(&counted));
    let cells = u16::try_from(width(&counted)).unwrap_or(u16::MAX);
    if used + cells + 4 < area.width {
        canvas.put(area.right() - cells - 1, area.y, &counted, cells, muted);
    }
    let mut rows: Vec<(String, Role)> = Vec::new();
    for (number, line) in b.lines() {
        rows.push((line.to_owned(), Role::Text));
        for problem in b.problems.iter().flatten().filter(|problem| problem.line == number) {
            let role = if problem.is_error { Role::Danger } else { Role::Warn };
            rows.push((format!("  {} {}", canvas.glyphs.up, canvas.say(&problem.sentence)), role));
        }
    }
    let elsewhere = |problem: &&Problem| b.lines().all(|(number, _)| number != problem.line);
    for problem in b.problems.iter().flatten().filter(elsewhere) {
        let place = Say::LineIs(problem.line + 1);
        let text = format!("{} {} {}", canvas.glyphs.up, place.get(lang), canvas.say(&problem.sentence));
        rows.push((text, if problem.is_error { Role::Danger } else { Role::Warn }));
    }
    let kept = b.form.kept(b.keywords());
    if !kept.is_empty() && matches!(b.kind, Some(Kind::Change(_))) {
        rows.push((format!("{}: {}", canvas.t(T::BuildKept), kept.join(" / ")), Role::Muted));
    }
    if rows.is_empty() {
        rows.push((canvas.t(T::BuildNothing).to_owned(), Role::Muted));
    }
    // The end is what was answered last; problems stand there too.
    let page = usize::from(area.height.saturating_sub(1));
    let skip = rows.len().saturating_sub(page);
    for (row, (text, role)) in (1..area.height).zip(rows.into_iter().skip(skip)) {
        let style = canvas.role(role);
        let text = cut(&text, usize::from(area.width.saturating_sub(2)), canvas.glyphs);
        canvas.put(area.x + 1, area.y + row, &text, area.width.saturating_sub(2), style);
    }
}
