//! A form: a label and a line for each field, the hardware cursor in the one that is typed in, what is wrong below.

use super::super::Canvas;
use super::popup;
use crate::console::desk::day_and_hour;
use crate::console::handwork::form::{Form, FormKind, Slot};
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::sheet::{LOOK_MAX, form_end, scope_takes};
use crate::console::update::watching::would_hide;
use crate::console::widget::fit::{Align, cut, fit_with};
use ratatui::layout::Rect;

/// Cells of the labels.
const LABEL_CELLS: u16 = 14;

pub(super) fn draw(canvas: &mut Canvas, body: Rect, form: &Form) {
    let lang = canvas.model.lang;
    let title = match form.kind {
        FormKind::Add => canvas.t(T::AddTitle).to_owned(),
        FormKind::Edit { lead, .. } => Say::EditTitle(&canvas.model.desk.called(lead)).get(lang).to_owned(),
        FormKind::Divert => canvas.t(T::DivertTitle).to_owned(),
        FormKind::Trial => canvas.t(T::TrialForm).to_owned(),
        FormKind::Promotion => Say::PromotionForm(&form.about).get(lang).to_owned(),
        FormKind::Silence { .. } => canvas.t(T::SilenceTitle).to_owned(),
    };
    let fields = u16::try_from(form.fields.len()).unwrap_or(u16::MAX);
    let inner = popup(canvas, body, &title, fields + 2);
    for ((slot, field), row) in form.fields.iter().zip(0..inner.height) {
        let is_here = usize::from(row) == form.at;
        let y = inner.y + row;
        let label =
            fit_with(canvas.t(slot.title()), usize::from(LABEL_CELLS - 2), Align::Right, canvas.glyphs);
        let style = canvas.role(if is_here { Role::Accent } else { Role::Muted });
        canvas.put(inner.x, y, &label, LABEL_CELLS, style);
        let cells = inner.width.saturating_sub(LABEL_CELLS + 1);
        let x = inner.x + LABEL_CELLS;
        let text = canvas.role(Role::Text);
        if is_here {
            let view = field.view(usize::from(cells));
            canvas.put(x, y, &view.text, cells, text);
            canvas.painted.cursor = Some((x + u16::try_from(view.cursor).unwrap_or(0), y));
        } else {
            let shown = cut(field.text(), usize::from(cells), canvas.glyphs);
            canvas.put(x, y, &shown, cells, text);
        }
        if field.is_empty()
            && let Some(hint) = hint(canvas, form, *slot)
        {
            // Beside the cursor, not under it.
            let muted = canvas.role(Role::Disabled);
            canvas.put(x + 2, y, &hint, cells.saturating_sub(2), muted);
        }
    }
    said(canvas, inner, form);
}

/// What an empty field stands for.
fn hint(canvas: &Canvas, form: &Form, slot: Slot) -> Option<String> {
    match (form.kind, slot) {
        (FormKind::Edit { lead, .. }, Slot::Phone) => {
            let line = canvas.model.desk.lead(lead)?;
            let phone = super::super::phone(canvas, &line)?;
            Some(Say::PhoneKept(&phone).get(canvas.model.lang).to_owned())
        }
        (FormKind::Divert, Slot::Scope) => Some(canvas.t(T::EveryLead).to_owned()),
        (FormKind::Trial, Slot::Whom) => Some(canvas.t(T::TrialWhomHint).to_owned()),
        (FormKind::Trial, Slot::Terms) => Some(canvas.t(T::TrialTermsHint).to_owned()),
        (FormKind::Add, Slot::Name) if form.fields.iter().all(|(_, field)| field.is_empty()) => {
            Some(canvas.t(T::FormPasteHint).to_owned())
        }
        _ => None,
    }
}

/// What is wrong, or what would happen, and the keys.
fn said(canvas: &mut Canvas, inner: Rect, form: &Form) {
    let last = inner.height.saturating_sub(1);
    let (warn, muted) = (canvas.role(Role::Warn), canvas.role(Role::Muted));
    if let Some(problem) = &form.problem {
        let text = format!(" {} {}", canvas.glyphs.alert, canvas.say(problem));
        canvas.line(inner, last.saturating_sub(1), &text, warn);
    } else if form.kind == FormKind::Divert
        && let Some((count, has_more)) = scope_takes(canvas.model, form.text(Slot::Scope))
    {
        let words = if has_more { Say::ScopeTakesMore(count, LOOK_MAX) } else { Say::ScopeTakes(count) };
        canvas.line(inner, last.saturating_sub(1), &format!(" {}", canvas.say(&words)), warn);
    }
    if let (FormKind::Promotion, None, Some(end)) = (form.kind, &form.problem, form_end(canvas.model, form)) {
        let words = Say::EndsAt(&day_and_hour(end, canvas.model.desk.moment()));
        canvas.line(inner, last.saturating_sub(1), &format!(" {}", canvas.say(&words)), warn);
    }
    if let (FormKind::Silence { key, .. }, None) = (form.kind, &form.problem)
        && let Some(count) = would_hide(canvas.model, key, form.text(Slot::Match))
    {
        let words = Say::SilenceHides(count);
        canvas.line(inner, last.saturating_sub(1), &format!(" {}", canvas.say(&words)), warn);
    }
    let hint = canvas.t(T::FormHint);
    canvas.line(inner, last, &format!(" {hint}"), muted);
}
