//! Cards, drawn as lines with a tone, and the menu of a leaver's handover.

use super::super::frame::more_below;
use super::{list_offers, offers, picker_rows, popup, rows_of, typed};
use crate::console::card::Card;
use crate::console::card::sheet::Tone;
use crate::console::command::Scope;
use crate::console::desk::Presence;
use crate::console::model::{Carding, Picker};
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::pick;
use crate::console::view::Canvas;
use crate::console::widget::fit::{Align, fit_with};
use crate::console::widget::gauge::figures;
use crate::model::id::RepId;
use ratatui::layout::Rect;

/// Rows of the choice of a colleague.
const HEIRS: u16 = 14;

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
    more_below(canvas, inner, lines.len().saturating_sub(open.offset + usize::from(inner.height)));
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

/// Which colleague gets all: what each would then carry.
pub(super) fn hand_to(
    canvas: &mut Canvas,
    body: Rect,
    leaver: RepId,
    picker: &Picker<RepId>,
    uses_turn: bool,
) {
    let desk = &canvas.model.desk;
    let count = desk.world().rep(leaver).map_or(0, |rep| rep.load);
    let rows = pick::heirs(canvas.model, leaver, picker.field.text());
    let title = Say::HandToTitle(&desk.rep_name(leaver), count);
    let inner = popup(canvas, body, title.get(canvas.model.lang), HEIRS);
    typed(canvas, inner, &picker.field);
    let list = Rect::new(inner.x, inner.y, inner.width, inner.height.saturating_sub(1));
    picker_rows(canvas, list, &picker.list, &rows, |canvas, id, _| {
        let Some(rep) = canvas.model.desk.rep(id) else { return (String::new(), false) };
        let g = canvas.glyphs;
        let name = fit_with(&rep.name, 12, Align::Left, g);
        let team = fit_with(&rep.team, 14, Align::Left, g);
        let after = figures(rep.load + count, rep.cap);
        let after = fit_with(after.trim(), 8, Align::Left, g);
        let over = rep.cap.map_or(0, |cap| (rep.load + count).saturating_sub(cap.max(rep.load)));
        let over = if over > 0 { Say::OverCapBy(over) } else { Say::verbatim("") };
        let away = match rep.presence {
            Presence::OnDuty => "",
            Presence::OffDuty => canvas.t(T::OffDuty),
            Presence::OnLeave(_) => canvas.t(T::OnLeave),
            Presence::OutOfHours => canvas.t(T::OffHours),
        };
        let load = figures(rep.load, rep.cap);
        let line = format!("{name}  {team}  {load}  {} {after}  {}  {away}", g.arrow, canvas.say(&over));
        (line, rep.presence == Presence::OnDuty)
    });
    let turn = if uses_turn { T::TurnYes } else { T::TurnNo };
    let hint = format!(" {} {} {}", canvas.t(T::HandoverHint), canvas.glyphs.separator, canvas.t(turn));
    let muted = canvas.role(Role::Muted);
    canvas.line(inner, inner.height.saturating_sub(1), &hint, muted);
}
