//! The rule book's draft with its problems. The what-if beside it is another pane's work.

use super::Canvas;
use super::frame::frame;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::fit::width;
use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

/// Cells of the line number and its gap.
const GUTTER_CELLS: u16 = 5;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let draft = &model.draft;
    let problems = Say::Problems(draft.problems.len());
    let title = format!("{} {} {}", canvas.t(T::RulesTitle), canvas.glyphs.rule, problems.get(model.lang));
    let version = Say::RulesVersion(model.desk.summary.book);
    let inner = frame(canvas, area, &title, version.get(model.lang), true);
    if inner.height < 2 {
        return;
    }
    let text = Rect::new(inner.x, inner.y, inner.width, inner.height - 1);
    canvas.painted.pages.rules = usize::from(text.height);
    let first = (draft.line + 1).saturating_sub(usize::from(text.height));
    for (row, (number, line)) in (0..text.height).zip(draft.text.split('\n').enumerate().skip(first)) {
        let problem = draft.problems.iter().find(|problem| problem.line == number);
        let mark = if problem.is_some() { canvas.glyphs.alert } else { " " };
        let (muted, danger) = (canvas.role(Role::Muted), canvas.role(Role::Danger));
        canvas.put(text.x, text.y + row, &format!("{:>3} ", number + 1), GUTTER_CELLS, muted);
        canvas.put(text.x + GUTTER_CELLS - 1, text.y + row, mark, 1, danger);
        let style = canvas.role(if problem.is_some() { Role::Warn } else { Role::Text });
        let cells = text.width.saturating_sub(GUTTER_CELLS);
        canvas.put(text.x + GUTTER_CELLS, text.y + row, line, cells, style);
        if number == draft.line {
            let before: usize = line.graphemes(true).take(draft.column).map(width).sum();
            let x = u16::try_from(before).unwrap_or(u16::MAX).min(cells.saturating_sub(1));
            canvas.painted.cursor = Some((text.x + GUTTER_CELLS + x, text.y + row));
        }
    }
    let here = draft.problems.iter().find(|problem| problem.line == draft.line).or(draft.problems.first());
    if let Some(problem) = here {
        let style = canvas.role(Role::Danger);
        let sentence =
            format!(" {} {}: {}", canvas.glyphs.alert, problem.line + 1, canvas.say(&problem.sentence));
        canvas.line(inner, inner.height - 1, &sentence, style);
    }
    if !model.overlays.is_empty() {
        canvas.painted.cursor = None;
    }
}
