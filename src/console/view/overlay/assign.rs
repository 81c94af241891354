//! The assignment: whom the leads could go to, what each would then carry, and how long the leads are held for it.

use super::super::{Canvas, span};
use super::{picker_rows, popup, typed};
use crate::console::desk::{Candidate, Choice};
use crate::console::model::Assigning;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::pick;
use crate::console::widget::fit::{Align, fit_with};
use ratatui::layout::Rect;

/// Rows of the list, with the field and the hint.
const ROWS: u16 = 14;

pub(super) fn draw(canvas: &mut Canvas, body: Rect, assigning: &Assigning) {
    let model = canvas.model;
    let candidates = pick::candidates(model, assigning);
    let rows = pick::choices(model, assigning);
    let left_ms = assigning.held_until.0 - model.now.0;
    let left = if left_ms > 0 { span(left_ms, canvas.glyphs) } else { canvas.t(T::HoldOver).to_owned() };
    let title = match assigning.leads.as_slice() {
        [(lead, _)] => Say::AssignOne(&model.desk.called(*lead), &left),
        many => Say::AssignMany(many.len(), &left),
    };
    canvas.painted.has_countdown = true;
    let inner = popup(canvas, body, title.get(model.lang), ROWS.min(body.height.saturating_sub(2)));
    typed(canvas, inner, &assigning.picker.field);
    let list = Rect::new(inner.x, inner.y, inner.width, inner.height.saturating_sub(2));
    let count = u32::try_from(assigning.leads.len()).unwrap_or(u32::MAX);
    picker_rows(canvas, list, &assigning.picker.list, &rows, |canvas, choice, cells| match choice {
        Choice::Rep(rep) => match candidates.iter().find(|c| c.rep == rep) {
            Some(candidate) => rep_row(canvas, candidate, count, cells),
            None => (String::new(), false),
        },
        Choice::Team(index) => {
            let Some(team) = assigning.teams.get(index) else { return (String::new(), false) };
            let is_open = pick::takes(canvas.model, team, &candidates);
            let how = if is_open {
                canvas.t(T::SpreadHow).to_owned()
            } else {
                format!("({})", canvas.t(T::NextNobody))
            };
            let what = Say::SpreadOver(team);
            let what = fit_with(what.get(canvas.model.lang), 40, Align::Left, canvas.glyphs);
            (format!("{what}  {how}"), is_open)
        }
        Choice::Engine => {
            let how = Say::ToEngineHow(canvas.model.desk.summary().book);
            let what = fit_with(canvas.t(T::ToEngine), 40, Align::Left, canvas.glyphs);
            (format!("{what}  {}", how.get(canvas.model.lang)), true)
        }
    });
    let (warn, muted) = (canvas.role(Role::Warn), canvas.role(Role::Muted));
    if let Some(foreseen) = &model.hand.foreseen {
        let words = canvas.say(&foreseen.words);
        canvas.line(inner, inner.height.saturating_sub(2), &format!(" {words}"), warn);
    }
    let turn = if assigning.uses_turn { T::TurnYes } else { T::TurnNo };
    let mut hint = format!(" {} {} {}", canvas.t(T::AssignHint), canvas.glyphs.separator, canvas.t(turn));
    if assigning.is_forced {
        hint = format!("{hint} {} {}", canvas.glyphs.separator, canvas.t(T::ForceYes));
    }
    canvas.line(inner, inner.height.saturating_sub(1), &hint, muted);
}

/// `李娜  East Senior  11/20 → 12/20  fair −2.1`, or the reason in place of the figures.
fn rep_row(canvas: &Canvas, candidate: &Candidate, count: u32, cells: usize) -> (String, bool) {
    let g = canvas.glyphs;
    let lang = canvas.model.lang;
    let name = fit_with(&candidate.name, 12, Align::Left, g);
    let team = fit_with(&candidate.team, 14, Align::Left, g);
    let figures = |load: u32| match candidate.cap {
        Some(cap) => format!("{load}/{cap}"),
        None => load.to_string(),
    };
    let now = fit_with(&figures(candidate.load), 7, Align::Right, g);
    let rest = match &candidate.refusal {
        Some(why) => format!("({})", canvas.say(why)),
        None => {
            let after = fit_with(&figures(candidate.load + candidate.takes), 7, Align::Left, g);
            let tenths = candidate.fair_tenths;
            let sign = if tenths < 0 { g.minus } else { "+" };
            let fair = format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10);
            let fair = Say::FairBy(&fair);
            let stays = count - candidate.takes;
            let takes = if stays > 0 {
                format!("  {}", Say::TakesOf(candidate.takes, stays).get(lang))
            } else {
                String::new()
            };
            format!("{} {after} {}{takes}", g.arrow, fair.get(lang))
        }
    };
    let rest = fit_with(&rest, cells.saturating_sub(39), Align::Left, g);
    (format!("{name}  {team}  {now}  {rest}"), candidate.refusal.is_none())
}
