//! The rule book's draft with each problem under its line. The what-if beside it is another pane's work.
//!
//! The editor draws into cells of its own; its rows are copied here with the problems between them.

use super::Canvas;
use super::frame::frame;
use crate::console::msg::{Problem, Target};
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::fit::width;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// Cells of the line number, the mark and their gap.
const GUTTER_CELLS: u16 = 7;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let draft = &model.draft;
    let state = if draft.is_changed() { Say::DraftOn(draft.base.0) } else { Say::InForce(draft.base.0) };
    let problems = Say::Problems(draft.problems.len());
    let rule = canvas.glyphs.rule;
    let title = format!(
        "{} {rule} {} {rule} {}",
        canvas.t(T::RulesTitle),
        state.get(model.lang),
        problems.get(model.lang)
    );
    let version = Say::RulesVersion(model.desk.summary().book);
    let inner = frame(canvas, area, &title, version.get(model.lang), true);
    canvas.hit(inner, Target::Editor);
    if inner.height < 3 || inner.width <= GUTTER_CELLS {
        return;
    }
    let height = usize::from(inner.height);
    // Lines with problems, each taking a row more; at most a third of the screen is theirs.
    let mut bad: Vec<usize> = draft.problems.iter().map(|problem| problem.line).collect();
    bad.dedup();
    let extra = bad.len().min(height / 3);
    canvas.painted.pages.rules = height - extra;
    let cols = inner.width - GUTTER_CELLS;
    let rows = u16::try_from(height - extra).unwrap_or(1);
    let style = canvas.role(Role::Text);
    let sheet = draft.editor.draw(cols, rows, style);
    let mut y = inner.y;
    let mut left = extra;
    for row in 0..rows {
        let number = sheet.first_line + usize::from(row);
        let Some(line) = draft.editor.lines().get(number) else { break };
        if y >= inner.bottom() {
            break;
        }
        let problem = draft.problems.iter().find(|problem| problem.line == number);
        gutter(canvas, inner.x, y, number, problem);
        copy(canvas, &sheet.buf, row, inner.x + GUTTER_CELLS, y);
        tint(canvas, line, Rect::new(inner.x + GUTTER_CELLS, y, cols, 1));
        if let Some(problem) = problem
            && sheet.first_cell == 0
        {
            underline(canvas, line, problem, Rect::new(inner.x + GUTTER_CELLS, y, cols, 1));
        }
        if row == sheet.cursor.1 && model.overlays.is_empty() {
            canvas.painted.cursor = Some((inner.x + GUTTER_CELLS + sheet.cursor.0, y));
        }
        y += 1;
        if let Some(problem) = problem
            && left > 0
            && y < inner.bottom()
        {
            said(canvas, problem, Rect::new(inner.x, y, inner.width, 1));
            left -= 1;
            y += 1;
        }
    }
}

fn gutter(canvas: &mut Canvas, x: u16, y: u16, number: usize, problem: Option<&Problem>) {
    let muted = canvas.role(Role::Muted);
    canvas.put(x, y, &format!("{:>4}", number + 1), 4, muted);
    if let Some(problem) = problem {
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

/// Comments recede, what opens a block stands out.
fn tint(canvas: &mut Canvas, line: &str, area: Rect) {
    let bare = line.trim_start();
    if bare.starts_with('#') {
        let muted = canvas.role(Role::Muted);
        canvas.buf.set_style(area, muted);
    } else if !bare.is_empty() && bare.len() == line.len() {
        canvas.buf.set_style(area, ratatui::style::Style::new().add_modifier(Modifier::BOLD));
    }
}

/// The words the problem is about.
fn underline(canvas: &mut Canvas, line: &str, problem: &Problem, area: Rect) {
    let before: String = line.chars().take(problem.column).collect();
    let about: String = line.chars().skip(problem.column).take(problem.cells).collect();
    let cells = |text: &str| u16::try_from(width(text)).unwrap_or(u16::MAX);
    let at = Rect::new(area.x.saturating_add(cells(&before)), area.y, cells(&about), 1);
    let style = canvas.role(if problem.is_error { Role::Danger } else { Role::Warn });
    canvas.buf.set_style(at.intersection(area), style.add_modifier(Modifier::UNDERLINED));
}

/// `   ~~~~ no team "East Senoir"; ctrl-f writes "East Senior"`
fn said(canvas: &mut Canvas, problem: &Problem, area: Rect) {
    let style = canvas.role(if problem.is_error { Role::Danger } else { Role::Warn });
    let lang = canvas.model.lang;
    let fix = problem.fix.as_ref().map(|fix| format!("  {}", Say::FixHint(fix.text.trim()).get(lang)));
    let text = format!("{}{}", canvas.say(&problem.sentence), fix.unwrap_or_default());
    let room = area.width.saturating_sub(GUTTER_CELLS);
    canvas.put(area.x + GUTTER_CELLS, area.y, &format!("{} {text}", canvas.glyphs.up), room, style);
}
