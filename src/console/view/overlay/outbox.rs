//! The sheet of the outbox: notices that wait or were given up, how often they were tried and why they failed. It sends
//! nothing itself: the leader does.

use super::super::Canvas;
use super::popup;
use super::sheet::{high, list};
use crate::console::desk::hour_and_minute;
use crate::console::handwork::sheet::Outbox;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::fit::{Align, fit_with};
use crate::model::outbox::{NoticeId, OutboxRow, Stage, why_in};
use crate::watch::tell::about;
use ratatui::layout::Rect;

/// Lines below the list: what became of the selected notice, and what is wrong with the channels' file.
const BELOW: u16 = 2;

pub(super) fn draw(canvas: &mut Canvas, body: Rect, outbox: &Outbox) {
    let ids: Vec<NoticeId> = outbox.rows.iter().map(|row| row.id).collect();
    let title = if outbox.all { T::OutboxTitleAll } else { T::OutboxTitle };
    let rows = high(body, ids.len() + usize::from(BELOW), 5);
    let inner = popup(canvas, body, canvas.t(title), rows);
    let above = Rect::new(inner.x, inner.y, inner.width, inner.height.saturating_sub(BELOW));
    let empty = if outbox.has_come { T::NoNotices } else { T::WhyAsking };
    list(canvas, above, (&outbox.list, &ids), empty, |canvas, id, _| {
        outbox.rows.iter().find(|row| row.id == id).map_or_else(String::new, |row| line(canvas, row))
    });
    let selected = outbox.rows.iter().find(|row| outbox.list.selected() == Some(row.id));
    if let Some(row) = selected {
        let (text, style) = (fate(canvas, row), canvas.role(Role::Text));
        canvas.line(inner, inner.height.saturating_sub(2), &format!(" {text}"), style);
    }
    if let Some(wrong) = &outbox.wrong {
        let (text, style) = (canvas.say(wrong).to_owned(), canvas.role(Role::Warn));
        canvas.line(inner, inner.height.saturating_sub(1), &format!(" {text}"), style);
    }
}

/// `14:31  wecom sales-leads  given up  missed #120`.
fn line(canvas: &Canvas, row: &OutboxRow) -> String {
    let (model, g) = (canvas.model, canvas.glyphs);
    let at = hour_and_minute(row.created_at, model.desk.moment());
    let channel = fit_with(&format!("{} {}", row.kind.word(), row.channel), 22, Align::Left, g);
    let stage = fit_with(canvas.t(stage_word(row.stage)), 10, Align::Left, g);
    format!("{at}  {channel}  {stage}  {}", about(model.desk.world(), &row.told, model.lang))
}

/// Tries, the last error, the next try, who had a hand in it.
fn fate(canvas: &Canvas, row: &OutboxRow) -> String {
    let (model, g) = (canvas.model, canvas.glyphs);
    let mut parts: Vec<String> = Vec::new();
    if !row.last_error.is_empty() {
        parts.push(
            Say::OutboxTries(row.tries, &why_in(&row.last_error, model.lang)).get(model.lang).to_owned(),
        );
    }
    if row.stage == Stage::Queued {
        let at = hour_and_minute(row.due_at, model.desk.moment());
        parts.push(Say::OutboxNextTry(&at).get(model.lang).to_owned());
    }
    if !row.handled_by.is_empty() {
        parts.push(Say::OutboxBy(&row.handled_by).get(model.lang).to_owned());
    }
    parts.push(row.id.to_string());
    parts.join(&format!(" {} ", g.separator))
}

/// How far a notice has got, in a word.
fn stage_word(stage: Stage) -> T {
    match stage {
        Stage::Queued => T::StageQueued,
        Stage::Claimed => T::StageClaimed,
        Stage::Sent => T::StageSent,
        Stage::Dead => T::StageDead,
        Stage::Dropped => T::StageDropped,
    }
}
