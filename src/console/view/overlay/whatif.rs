//! The sheet of leads that change hands: those above, why the asked one goes where below.

use super::super::Canvas;
use super::popup;
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::whatif::rows;
use crate::console::whatif::{Hands, Shown, grouped};
use crate::console::widget::fit::{Align, fit_with, width};
use crate::console::widget::list::Line;
use crate::model::id::RepId;
use ratatui::layout::Rect;

pub(super) fn draw(canvas: &mut Canvas, body: Rect, hands: &Hands) {
    let Some(shown) = canvas.model.what_if.shown.clone() else { return };
    let ids = rows(canvas.model);
    let title = Say::HandsTitle(&grouped(shown.answer.changed));
    let inner = popup(canvas, body, title.get(canvas.model.lang), body.height.saturating_sub(4));
    let [above, below] = halves(inner);
    let page = usize::from(above.height);
    canvas.painted.pages.overlay = page.max(1);
    for (line, y) in hands.list.lines(ids.len(), page).into_iter().zip(0..) {
        let Line::Row(index) = line else { continue };
        let Some(lead) = ids.get(index).copied() else { continue };
        let is_selected = hands.list.selected() == Some(lead);
        let style = canvas.role(if is_selected { Role::Selected } else { Role::Text });
        let marker = if is_selected { canvas.glyphs.marker } else { " " };
        canvas.line(above, y, &format!(" {marker} {}", line_of(canvas, &shown, index)), style);
        canvas.hit(Rect::new(above.x, above.y + y, above.width, 1), Target::Item(index));
    }
    why(canvas, below, hands, &shown);
}

fn halves(inner: Rect) -> [Rect; 2] {
    let top = (inner.height / 2).max(3).min(inner.height);
    let rest = inner.height - top;
    [Rect { height: top, ..inner }, Rect { y: inner.y + top, height: rest, ..inner }]
}

fn line_of(canvas: &Canvas, shown: &Shown, index: usize) -> String {
    let g = canvas.glyphs;
    let Some(changed) = shown.answer.latest.get(index) else { return String::new() };
    let name = |rep: Option<RepId>| {
        let of = |rep: RepId| shown.names.get((rep.0 as usize).wrapping_sub(1)).cloned();
        rep.and_then(of).unwrap_or_else(|| canvas.t(T::NobodyHas).to_owned())
    };
    let about = fit_with(shown.about.get(index).map_or("", String::as_str), 28, Align::Left, g);
    let lead = fit_with(&changed.lead.to_string(), 9, Align::Left, g);
    format!("{lead} {about} {} {} {}", name(changed.published), g.arrow, name(changed.draft))
}

fn why(canvas: &mut Canvas, area: Rect, hands: &Hands, shown: &Shown) {
    let (muted, text) = (canvas.role(Role::Muted), canvas.role(Role::Text));
    let mut y = 0;
    let cells = usize::from(area.width).saturating_sub(2);
    let mut put = |canvas: &mut Canvas, words: &str, style| {
        for row in rows_of(words, cells) {
            canvas.line(area, y, &format!(" {row}"), style);
            y += 1;
        }
    };
    match &hands.why {
        Some((lead, sides)) => {
            for (title, lines) in [T::UnderPublished, T::UnderDraft].into_iter().zip(sides.iter()) {
                let head = format!("{lead} {} {}", canvas.glyphs.separator, canvas.t(title));
                put(canvas, &head, muted);
                for line in lines {
                    let words = canvas.say(line).to_owned();
                    put(canvas, &words, text);
                }
            }
        }
        None if hands.asked.is_some() => {
            let words = canvas.t(T::UpdatingMark);
            put(canvas, words, muted);
        }
        None => {
            let (hint, head) = (canvas.t(T::HandsHint), canvas.t(T::CannotKnow));
            put(canvas, hint, muted);
            put(canvas, head, muted);
            for line in &shown.unknowns {
                let words = canvas.say(line).to_owned();
                put(canvas, &words, text);
            }
        }
    }
}

/// A sentence as rows of at most `cells`, broken at blanks and between Han characters.
fn rows_of(words: &str, cells: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    for piece in words.split_inclusive(|c: char| c == ' ' || !c.is_ascii()) {
        let row = rows.last().map_or("", String::as_str);
        if !row.is_empty() && width(row) + width(piece.trim_end()) > cells {
            rows.push(String::new());
        }
        if let Some(row) = rows.last_mut() {
            row.push_str(piece);
        }
    }
    rows
}
