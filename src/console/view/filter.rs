//! The filter's input: what is typed, how many leads match, what is wrong and where, what may come next.

use super::Canvas;
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::fit::{Align, fit_with, width};
use crate::rulebook::{Offer, OfferKind};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// Offers shown at once.
const OFFERS_ROWS: usize = 6;
/// Cells of an offer before what it is.
const OFFER_CELLS: usize = 24;

/// Draws the input at the top of `area` and returns the rows it took.
pub(super) fn draw(canvas: &mut Canvas, area: Rect) -> u16 {
    line(canvas, Rect::new(area.x, area.y, area.width, 1));
    let mut used = 1;
    if area.height > used + 4 {
        used += trouble(canvas, Rect::new(area.x, area.y + used, area.width, 2));
    }
    let room = usize::from(area.height.saturating_sub(used) / 2).min(OFFERS_ROWS);
    let offers = &canvas.model.find.offers;
    let chosen = canvas.model.find.chosen;
    let first = chosen.map_or(0, |at| (at + 1).saturating_sub(room));
    for (index, offer) in offers.iter().enumerate().skip(first).take(room) {
        let at = Rect::new(area.x, area.y + used, area.width, 1);
        offer_row(canvas, at, offer, chosen == Some(index));
        used += 1;
    }
    used
}

fn line(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let counts = Say::FilterMatch(model.desk.queue().len());
    let counts = match model.desk.filter().trouble() {
        Some(_) => canvas.t(T::StaleRows),
        None if crate::rulebook::is_condition_begun(model.filter.text()) => "",
        None if model.filter.is_empty() => "",
        None => counts.get(model.lang),
    };
    let counts_cells = u16::try_from(width(counts)).unwrap_or(0);
    let cells = area.width.saturating_sub(counts_cells + 4);
    let view = model.filter.view(usize::from(cells));
    let (accent, text, muted) =
        (canvas.role(Role::Accent), canvas.role(Role::Text), canvas.role(Role::Muted));
    canvas.put(area.x, area.y, "/", 1, accent);
    canvas.put(area.x + 2, area.y, &view.text, cells, text);
    if model.filter.is_empty() {
        canvas.put(area.x + 3, area.y, canvas.t(T::FilterEmpty), cells.saturating_sub(1), muted);
    }
    canvas.put(area.right().saturating_sub(counts_cells + 1), area.y, counts, counts_cells, accent);
    if let Some(trouble) = model.desk.filter().trouble()
        && view.text == model.filter.text()
    {
        // The words the trouble is about, where the whole text is in view.
        let before: String = view.text.chars().take(trouble.column.saturating_sub(1)).collect();
        let about: String =
            view.text.chars().skip(trouble.column.saturating_sub(1)).take(trouble.cells).collect();
        let cells = |text: &str| u16::try_from(width(text)).unwrap_or(0);
        let at = Rect::new(area.x + 2 + cells(&before), area.y, cells(&about).max(1), 1);
        let style = canvas.role(Role::Danger).add_modifier(Modifier::UNDERLINED);
        canvas.buf.set_style(at.intersection(area), style);
    }
    if model.overlays.is_empty() {
        canvas.painted.cursor = Some((area.x + 2 + u16::try_from(view.cursor).unwrap_or(0), area.y));
    }
}

/// `      ▲ column 7: …`, its mark under the place where the sentence allows it; a long one takes a second row.
fn trouble(canvas: &mut Canvas, area: Rect) -> u16 {
    let model = canvas.model;
    let Some(trouble) = model.desk.filter().trouble() else { return 0 };
    // Who is still writing is helped by what may come next, not scolded for what is missing.
    if trouble.column > model.filter.text().chars().count() && !model.find.offers.is_empty() {
        return 0;
    }
    let before: String = model.filter.text().chars().take(trouble.column.saturating_sub(1)).collect();
    let sentence = Say::AtColumn(trouble.column, &trouble.sentence);
    let text = format!("{} {}", canvas.glyphs.up, canvas.say(&sentence));
    let cells = usize::from(area.width).saturating_sub(3);
    // The sentence must be readable, so it moves left before it is broken.
    let from = (2 + width(&before)).min((cells + 2).saturating_sub(width(&text)).max(2));
    let from_cells = u16::try_from(from).unwrap_or(2);
    let warn = canvas.role(Role::Warn);
    let (head, rest) = broken(&text, cells);
    canvas.put(area.x + from_cells, area.y, head, area.width.saturating_sub(from_cells), warn);
    if rest.is_empty() {
        return 1;
    }
    canvas.put(area.x + 4, area.y + 1, rest, area.width.saturating_sub(5), warn);
    2
}

/// `text` in two: as much as fits into `cells`, broken at a blank where there is one.
fn broken(text: &str, cells: usize) -> (&str, &str) {
    if width(text) <= cells {
        return (text, "");
    }
    let mut end = 0;
    for (at, _) in text.char_indices() {
        if text.get(..at).is_some_and(|head| width(head) > cells) {
            break;
        }
        end = at;
    }
    let blank = text.get(..end).and_then(|head| head.rfind(' ')).filter(|blank| blank * 2 > end);
    let (head, rest) = text.split_at(blank.unwrap_or(end));
    (head, rest.trim_start())
}

/// What an offer is, in a word.
pub(super) const fn kind_word(kind: OfferKind) -> T {
    match kind {
        OfferKind::Field => T::OfferField,
        OfferKind::Operator => T::OfferOperator,
        OfferKind::Value => T::OfferValue,
        OfferKind::Define => T::OfferDefine,
        OfferKind::Joint => T::OfferJoint,
        OfferKind::Keyword => T::OfferKeyword,
        OfferKind::Name => T::OfferName,
    }
}

fn offer_row(canvas: &mut Canvas, area: Rect, offer: &Offer, is_chosen: bool) {
    let what = canvas.t(kind_word(offer.kind));
    let marker = if is_chosen { canvas.glyphs.marker } else { " " };
    let text = fit_with(&offer.text, OFFER_CELLS, Align::Left, canvas.glyphs);
    let style = canvas.role(if is_chosen { Role::Selected } else { Role::Text });
    canvas.line(area, 0, &format!("{marker} {text}  {what}"), style);
    if !is_chosen {
        let muted = canvas.role(Role::Muted);
        let from = u16::try_from(OFFER_CELLS + 4).unwrap_or(0);
        let what_area = Rect::new(area.x + from, area.y, area.width.saturating_sub(from), 1);
        canvas.buf.set_style(what_area.intersection(area), muted);
    }
    canvas.hit(area, Target::Overlay);
}
