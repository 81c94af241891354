//! What differs between two books, drawn: before a publication, between versions, and between two drafts.

use super::super::Canvas;
use super::super::overlay::popup;
use crate::console::draft::diff::{DiffLine, Key};
use crate::console::draft::merge::{Change, Item, Side};
use crate::console::draft::sheet::{Comparing, Merging, Publishing};
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::rules::fate_word;
use crate::console::view::overlay::sheet::list;
use crate::console::widget::fit::{Align, fit_with, width};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// Rows a sheet of this kind takes where there are so many.
fn high(body: Rect, wanted: usize) -> u16 {
    u16::try_from(wanted).unwrap_or(u16::MAX).clamp(6, body.height.saturating_sub(2).max(6))
}

/// The name a statement goes by.
fn called(key: &Key) -> String {
    match (key.word.as_str(), key.name.as_str()) {
        (word, "") => word.to_owned(),
        ("#", comment) => comment.to_owned(),
        (word, name) => format!("{word} \"{name}\""),
    }
}

/// Lines of a comparison from `offset` on; what comes, what goes and what stays is told by a sign as well as by colour.
fn lines(canvas: &mut Canvas, area: Rect, diff: &[DiffLine], offset: usize) {
    canvas.painted.pages.overlay = usize::from(area.height).max(1);
    if diff.is_empty() {
        let (text, muted) = (canvas.t(T::NothingDiffers), canvas.role(Role::Muted));
        canvas.line(area, 0, &format!(" {text}"), muted);
        return;
    }
    let ascii_minus = "-";
    for (row, line) in (0..area.height).zip(diff.iter().skip(offset)) {
        let (text, style) = match line {
            DiffLine::Head { fate, key, more, less } => {
                let counts = match (more, less) {
                    (0, 0) => String::new(),
                    (more, less) => format!("  +{more} {ascii_minus}{less}"),
                };
                let text = format!(" {}  {}{counts}", canvas.t(fate_word(*fate)), called(key));
                (text, canvas.role(Role::Title))
            }
            DiffLine::Plus(line) => (format!("   + {line}"), canvas.role(Role::Ok)),
            DiffLine::Minus(line) => (format!("   {ascii_minus} {line}"), canvas.role(Role::Danger)),
            DiffLine::Same(line) => (format!("     {line}"), canvas.role(Role::Muted)),
        };
        canvas.line(area, row, &text, style);
    }
    let below = diff.len().saturating_sub(offset + usize::from(area.height));
    if below > 0 {
        let more = format!(" {} {below} ", canvas.glyphs.down);
        let cells = u16::try_from(width(&more)).unwrap_or(0);
        let accent = canvas.role(Role::Accent);
        canvas.put(area.right().saturating_sub(cells + 1), area.bottom() - 1, &more, cells, accent);
    }
}

pub(super) fn publish(canvas: &mut Canvas, body: Rect, publishing: &Publishing) {
    let lang = canvas.model.lang;
    let next = publishing.base.0 + 1;
    let title = match publishing.back_to {
        Some(version) => Say::RollBackTitle(version.0, next),
        None => Say::PublishTitle(publishing.base.0, next),
    };
    // The line to write on, then what no check knows, then what changes with all the room that is left.
    let asks = usize::from(publishing.warnings > 0);
    let about = publishing.unchecked.len() + 1 + asks;
    let inner = popup(canvas, body, title.get(lang), high(body, publishing.diff.len() + about + 3));
    if inner.height < 4 {
        return;
    }
    why(canvas, Rect::new(inner.x, inner.y, inner.width, 1), publishing);
    let mut y = inner.y + 1;
    if asks > 0 {
        let words = match publishing.is_told {
            true => Say::WarnStand(publishing.warnings),
            false => Say::WarnAsk(publishing.warnings),
        };
        let style = canvas.role(Role::Warn);
        let text = format!(" {} {}", canvas.glyphs.alert, words.get(lang));
        canvas.line(Rect::new(inner.x, y, inner.width, 1), 0, &text, style);
        y += 1;
    }
    let room = inner.bottom().saturating_sub(y);
    let unchecked = u16::try_from(publishing.unchecked.len() + 1).unwrap_or(1).min(room / 2);
    let diff_rows = room - unchecked;
    lines(canvas, Rect::new(inner.x, y, inner.width, diff_rows), &publishing.diff, publishing.offset);
    let below = Rect::new(inner.x, y + diff_rows, inner.width, unchecked);
    let (head, muted) = (canvas.role(Role::Text), canvas.role(Role::Muted));
    canvas.line(below, 0, &format!(" {}", canvas.t(T::CannotCheck)), head);
    for (row, say) in (1..unchecked).zip(&publishing.unchecked) {
        canvas.line(below, row, &format!("   {} {}", canvas.glyphs.separator, canvas.say(say)), muted);
    }
}

/// The line why is written on; while it is empty it says what would be recorded.
fn why(canvas: &mut Canvas, area: Rect, publishing: &Publishing) {
    let lang = canvas.model.lang;
    let (accent, text, muted) =
        (canvas.role(Role::Accent), canvas.role(Role::Text), canvas.role(Role::Muted));
    let label = canvas.t(T::WhyLine);
    let used = canvas.put(area.x + 1, area.y, label, area.width, accent) + 2;
    let cells = area.width.saturating_sub(used + 2);
    let view = publishing.why.view(usize::from(cells));
    canvas.put(area.x + 1 + used, area.y, &view.text, cells, text);
    if publishing.why.is_empty() {
        let words = Say::WhyEmpty(publishing.words.get(lang));
        canvas.put(area.x + 2 + used, area.y, words.get(lang), cells.saturating_sub(1), muted);
    }
    canvas.painted.cursor = Some((area.x + 1 + used + u16::try_from(view.cursor).unwrap_or(0), area.y));
}

pub(super) fn compare(canvas: &mut Canvas, body: Rect, comparing: &Comparing) {
    let title = Say::CompareTitle(comparing.from.0, comparing.to.0);
    let inner = popup(canvas, body, title.get(canvas.model.lang), high(body, comparing.diff.len()));
    lines(canvas, inner, &comparing.diff, comparing.offset);
}

/// Statements that differ above; base, theirs and mine of the selected one below.
pub(super) fn merge(canvas: &mut Canvas, body: Rect, merging: &Merging) {
    let lang = canvas.model.lang;
    let title = Say::MergeTitle(merging.base.0, merging.theirs.0);
    let inner = popup(canvas, body, title.get(lang), body.height.saturating_sub(2));
    let open = merging.merge.open();
    let (words, role) = match open {
        0 => (Say::from(T::MergeReady), Role::Ok),
        open => (Say::MergeOpen(open), Role::Warn),
    };
    let style = canvas.role(role);
    canvas.line(inner, 0, &format!(" {}", words.get(lang)), style);
    let items = &merging.merge.items;
    let rows: Vec<usize> = (0..items.len()).collect();
    let above = u16::try_from(rows.len()).unwrap_or(u16::MAX).min(inner.height.saturating_sub(2) / 3).max(1);
    let area = Rect::new(inner.x, inner.y + 1, inner.width, above);
    list(canvas, area, (&merging.list, &rows), T::NothingDiffers, |canvas, at, _| {
        items.get(at).map_or_else(String::new, |item| item_row(canvas, item))
    });
    let Some(item) = merging.list.selected().and_then(|at| items.get(at)) else { return };
    let top = inner.y + 2 + above;
    three(canvas, Rect::new(inner.x, top, inner.width, inner.bottom().saturating_sub(top)), merging, item);
}

fn item_row(canvas: &Canvas, item: &Item) -> String {
    let g = canvas.glyphs;
    let who = canvas.t(match item.change {
        Change::Theirs => T::ChangedByThem,
        Change::Mine => T::ChangedByMe,
        Change::Both => T::ChangedByBoth,
    });
    let take = canvas.t(match item.take {
        Some(Side::Mine) => T::TakesMine,
        Some(Side::Theirs) => T::TakesTheirs,
        None => T::TakesNone,
    });
    let mark = if item.take.is_none() { g.alert } else { g.check };
    let name = fit_with(&called(&item.key), 30, Align::Left, g);
    format!("{mark} {name}  {}  {} {take}", fit_with(who, 14, Align::Left, g), g.arrow)
}

/// Base, theirs and mine side by side; below 100 cells only theirs and mine, as the base is what neither wants.
fn three(canvas: &mut Canvas, area: Rect, merging: &Merging, item: &Item) {
    let lang = canvas.model.lang;
    let sides = [
        (Say::SideBase(merging.base.0), &item.base, None),
        (Say::SideTheirs(merging.theirs.0, &merging.by), &item.theirs, Some(Side::Theirs)),
        (Say::from(T::SideMine), &item.mine, Some(Side::Mine)),
    ];
    let shown = if area.width >= 78 { &sides[..] } else { &sides[1..] };
    let cells = area.width / u16::try_from(shown.len()).unwrap_or(1);
    for (n, (title, text, side)) in (0u16..).zip(shown) {
        let column = Rect::new(area.x + n * cells, area.y, cells.saturating_sub(1), area.height);
        let is_taken = side.is_some() && item.take == *side;
        let style = canvas.role(if is_taken { Role::Accent } else { Role::Title });
        canvas.line(column, 0, &format!(" {}", title.get(lang)), style);
        let gone = [canvas.t(T::NotThere).to_owned()];
        let lines = text.as_deref().unwrap_or(&gone);
        for (row, line) in (1..column.height).zip(lines) {
            let is_new = text.is_some() && item.base.as_ref().is_none_or(|base| !base.contains(line));
            let mut style = canvas.role(if is_new && side.is_some() { Role::Ok } else { Role::Muted });
            if is_taken {
                style = style.add_modifier(Modifier::BOLD);
            }
            canvas.line(column, row, &format!(" {line}"), style);
        }
    }
}
