//! Cards, drawn as lines with a tone, and the menu of a leaver's handover.

use super::{list_offers, offers, popup, rows_of};
use crate::console::card::Card;
use crate::console::card::sheet::Tone;
use crate::console::command::Scope;
use crate::console::model::Carding;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::view::Canvas;
use crate::console::widget::fit::width;
use crate::model::id::RepId;
use ratatui::layout::Rect;

pub(super) fn draw(canvas: &mut Canvas, body: Rect, open: &Carding) {
    let desk = &canvas.model.desk;
    let title = match &open.card {
        Card::Rep(rep) => Say::RepCardTitle(&desk.rep_name(*rep)),
        Card::Team(team) if team.is_empty() => Say::TeamCardTitle(canvas.t(T::NoTeam)),
        Card::Team(team) => Say::TeamCardTitle(team),
        Card::Lead(lead) => Say::LeadCardTitle(&desk.called(*lead)),
    };
    let lines = &open.sheet.lines;
    let most = body.height.saturating_sub(2).max(3);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).clamp(3, most);
    let inner = popup(canvas, body, title.get(canvas.model.lang), rows);
    canvas.painted.pages.overlay = usize::from(inner.height);
    canvas.painted.has_countdown |= open.sheet.ticks;
    for (row, line) in (0..inner.height).zip(lines.iter().skip(open.offset)) {
        let role = match line.tone {
            Tone::Title => Role::Title,
            Tone::Text => Role::Text,
            Tone::Muted => Role::Muted,
            Tone::Accent => Role::Accent,
            Tone::Warn => Role::Warn,
            Tone::Danger => Role::Danger,
        };
        let style = canvas.role(role);
        canvas.line(inner, row, &format!(" {}", line.text), style);
    }
    // What does not show says so on the border.
    let below = lines.len().saturating_sub(open.offset + usize::from(inner.height));
    if below > 0 {
        let more = format!(" {} {below} ", canvas.glyphs.down);
        let cells = u16::try_from(width(&more)).unwrap_or(0);
        let accent = canvas.role(Role::Accent);
        canvas.put(inner.right().saturating_sub(cells + 1), inner.bottom(), &more, cells, accent);
    }
}

pub(super) fn handover(canvas: &mut Canvas, body: Rect, rep: RepId) {
    let (lang, desk) = (canvas.model.lang, &canvas.model.desk);
    let load = desk.world().rep(rep).map_or(0, |rep| rep.load);
    let title = Say::HandoverTitle(&desk.rep_name(rep), load);
    let offers = offers(Scope::Handover);
    let inner = popup(canvas, body, title.get(lang), rows_of(&offers) + 1);
    list_offers(canvas, inner, &offers);
    let (hint, muted) = (canvas.t(T::HandoverHint), canvas.role(Role::Muted));
    canvas.line(inner, inner.height.saturating_sub(1), &format!(" {hint}"), muted);
}
