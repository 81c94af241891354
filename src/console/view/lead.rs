//! The card of the selected lead: who it is, where it stands, and why.

use super::frame::frame;
use super::{Canvas, called};
use crate::console::model::Pane;
use crate::console::text::T;
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
    let about: Vec<String> = std::iter::once(called(lead)).chain(parts.cloned()).collect();
    let title =
        format!("{} {} {}", about.join(&format!(" {sep} ")), canvas.glyphs.rule, canvas.t(lead.state.word()));
    let inner = frame(canvas, area, &title, "", has_focus);
    let owner = lead.owner.and_then(|id| model.desk.rep(id)).map(|rep| rep.name.as_str());
    let mut first = format!(" {}  {} {}", lead.id, canvas.t(T::Score), lead.score);
    for (label, value) in [(T::Owner, owner), (T::Phone, lead.phone.as_deref())] {
        if let Some(value) = value {
            first.push_str(&format!("  {} {value}", canvas.t(label)));
        }
    }
    if lead.is_pinned {
        first.push_str(&format!("  {} {}", canvas.glyphs.pin, canvas.t(T::Pinned)));
    }
    let (text, muted) = (canvas.role(Role::Text), canvas.role(Role::Muted));
    canvas.line(inner, 0, &first, text);
    for (row, why) in (1..inner.height).zip(&lead.why) {
        canvas.line(inner, row, &format!(" {}", canvas.say(why)), muted);
    }
}
