//! The card of the selected lead: who it is, where it stands, and why.

use super::frame::frame;
use super::{Canvas, called, phone, span};
use crate::console::card;
use crate::console::desk::lines::state_word;
use crate::console::model::Pane;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use ratatui::layout::Rect;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let has_focus = model.focus == Pane::Lead;
    let Some(lead) = model.lead() else {
        let inner = frame(canvas, area, canvas.t(T::LeadTitle), "", has_focus);
        let (text, style) = (canvas.t(T::LeadEmpty), canvas.role(Role::Muted));
        canvas.put(inner.x + 1, inner.y, text, inner.width.saturating_sub(2), style);
        return;
    };
    let sep = canvas.glyphs.separator;
    let parts = [&lead.product, &lead.source, &lead.region].into_iter().filter(|part| !part.is_empty());
    let about: Vec<String> = std::iter::once(called(&lead)).chain(parts.map(ToString::to_string)).collect();
    let state = canvas.t(state_word(lead.state));
    let title = format!("{} {} {state}", about.join(&format!(" {sep} ")), canvas.glyphs.rule);
    let inner = frame(canvas, area, &title, "", has_focus);
    let mut facts = vec![lead.id.to_string(), format!("{} {}", canvas.t(T::Score), lead.score)];
    if let Some(owner) = lead.owner {
        facts.push(format!("{} {}", canvas.t(T::Owner), model.desk.rep_name(owner)));
    }
    if let Some(phone) = phone(canvas, &lead) {
        facts.push(format!("{} {phone}", canvas.t(T::Phone)));
    }
    if !lead.company.is_empty() && !lead.name.trim().is_empty() {
        facts.push(lead.company.to_string());
    }
    if lead.is_pinned {
        facts.push(format!("{} {}", canvas.glyphs.pin, canvas.t(T::Pinned)));
    }
    if let Some(hold) = &lead.hold {
        let left = span((hold.until.0 - model.now.0).max(0), canvas.glyphs);
        let by = if hold.is_mine { T::ByYou.into() } else { Say::By(hold.by.as_str()) };
        facts.push(format!("{} {} {} {left}", canvas.glyphs.held, canvas.t(T::Held), canvas.say(&by)));
        canvas.painted.has_countdown = true;
    }
    let (text, muted) = (canvas.role(Role::Text), canvas.role(Role::Muted));
    canvas.line(inner, 0, &format!(" {}", facts.join("   ")), text);
    if has_focus && inner.height > 6 {
        // With room of its own the card tells the whole story.
        for (row, line) in (2..inner.height).zip(card::lines(model, lead.id, None)) {
            canvas.line(inner, row, &format!(" {line}"), muted);
        }
        return;
    }
    for (row, line) in (1..inner.height).zip(card::strip(model, lead.id)) {
        canvas.line(inner, row, &format!(" {line}"), if row == 1 { text } else { muted });
    }
}
