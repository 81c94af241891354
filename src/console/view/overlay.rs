//! What lies over the screen: pickers, menus, cards, prompts, confirmations. Only the topmost is drawn.

use super::Canvas;
use super::frame::{frame, more_below};
use crate::console::card;
use crate::console::command::{Command, Place, Ready, Scope, palette, table};
use crate::console::model::{Overlay, Picker, Purpose};
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::erase::erase;
use crate::console::widget::field::Field;
use crate::console::widget::fit::{Align, fit_with};
use crate::console::widget::list::{Line, ListState};
use crate::model::id::RepId;
use ratatui::layout::Rect;

mod assign;
mod build;
mod cards;
mod form;
mod found;
mod outbox;
mod promotion;
pub(super) mod sheet;
mod trial;
mod watching;
mod whatif;

/// The widest overlay; wider lines are hard to read.
const POPUP_COLS_MAX: u16 = 84;

pub(super) fn draw(canvas: &mut Canvas, body: Rect) {
    let model = canvas.model;
    match model.overlays.last() {
        None => {}
        Some(Overlay::Help(picker)) => {
            let rows = palette::help(model, picker.field.text());
            commands(canvas, body, T::HelpTitle, picker, &rows);
        }
        Some(Overlay::Palette(picker)) => found::palette(canvas, body, picker),
        Some(Overlay::Jump(jumping)) => found::jump(canvas, body, jumping),
        Some(Overlay::Views(picker)) => found::views(canvas, body, picker),
        Some(Overlay::Assign(assigning)) => assign::draw(canvas, body, assigning),
        Some(Overlay::WhyNot { picker, .. }) => reps(canvas, body, picker),
        Some(Overlay::Status { .. }) => menu(canvas, body),
        Some(Overlay::Why { lead, not, offset }) => {
            let lines = card::lines(model, *lead, *not);
            why(canvas, body, &model.desk.called(*lead), &lines, *offset);
        }
        Some(Overlay::Card(open)) => cards::draw(canvas, body, open),
        Some(Overlay::Handover { rep }) => cards::handover(canvas, body, *rep),
        Some(Overlay::HandTo { rep, picker, uses_turn }) => {
            cards::hand_to(canvas, body, *rep, picker, *uses_turn);
        }
        Some(Overlay::Prompt { purpose, field }) => prompt(canvas, body, purpose, field),
        Some(Overlay::Confirm { question, .. }) => confirm(canvas, body, question),
        Some(Overlay::Sheet(sheet)) => sheet::draw(canvas, body, sheet),
        Some(Overlay::Build(building)) => build::draw(canvas, body, building),
        Some(Overlay::Rules(sheet)) => super::rules::sheet(canvas, body, sheet),
        Some(Overlay::Watching(watching)) => watching::draw(canvas, body, watching),
    }
}

/// An empty framed area of at most `rows` lines inside, in the middle of `body`.
pub(super) fn popup(canvas: &mut Canvas, body: Rect, title: &str, rows: u16) -> Rect {
    let cols = body.width.saturating_sub(4).min(POPUP_COLS_MAX);
    let height = (rows + 2).min(body.height);
    let area = Rect::new(body.x + (body.width - cols) / 2, body.y + (body.height - height) / 3, cols, height);
    let ground = canvas.role(Role::Popup);
    erase(area, ground, canvas.buf);
    canvas.hit(body, Target::Overlay);
    frame(canvas, area, title, "", true)
}

/// The line that is typed in; puts the hardware cursor there.
pub(super) fn typed(canvas: &mut Canvas, area: Rect, field: &Field) {
    let cells = area.width.saturating_sub(4);
    let view = field.view(usize::from(cells));
    let (accent, text) = (canvas.role(Role::Accent), canvas.role(Role::Text));
    canvas.put(area.x + 1, area.y, ">", 1, accent);
    canvas.put(area.x + 3, area.y, &view.text, cells, text);
    canvas.painted.cursor = Some((area.x + 3 + u16::try_from(view.cursor).unwrap_or(0), area.y));
}

/// A field over a list; `row` words one item and says whether it can be chosen.
pub(super) fn picker_rows<K: Copy + Eq>(
    canvas: &mut Canvas,
    inner: Rect,
    list: &ListState<K>,
    rows: &[K],
    row: impl Fn(&Canvas, K, usize) -> (String, bool),
) {
    let page = usize::from(inner.height.saturating_sub(1));
    canvas.painted.pages.overlay = page;
    if rows.is_empty() {
        let (text, style) = (canvas.t(T::NothingFound), canvas.role(Role::Muted));
        canvas.put(inner.x + 3, inner.y + 1, text, inner.width.saturating_sub(4), style);
    }
    // Beside what is typed: below the rows others may stand.
    let hidden = rows.len().saturating_sub(list.visible(rows.len(), page).end);
    more_below(canvas, Rect::new(inner.x, inner.y, inner.width, 0), hidden);
    for (line, y) in list.lines(rows.len(), page).into_iter().zip(1..) {
        let Line::Row(index) = line else { continue };
        let Some(key) = rows.get(index).copied() else { continue };
        let is_selected = list.selected() == Some(key);
        let (text, is_ready) = row(canvas, key, usize::from(inner.width.saturating_sub(3)));
        let role = match (is_selected, is_ready) {
            (true, _) => Role::Selected,
            (false, true) => Role::Text,
            (false, false) => Role::Disabled,
        };
        let marker = if is_selected { canvas.glyphs.marker } else { " " };
        let style = canvas.role(role);
        canvas.line(inner, y, &format!(" {marker} {text}"), style);
        canvas.hit(Rect::new(inner.x, inner.y + y, inner.width, 1), Target::Item(index));
    }
}

fn commands(canvas: &mut Canvas, body: Rect, title: T, picker: &Picker<usize>, rows: &[usize]) {
    let inner = popup(canvas, body, canvas.t(title), body.height.saturating_sub(4).min(22));
    typed(canvas, inner, &picker.field);
    let place = canvas.model.place_below();
    let list = Rect::new(inner.x, inner.y, inner.width, inner.height.saturating_sub(1));
    whole_help(canvas, inner, picker.list.selected().and_then(table::nth));
    picker_rows(canvas, list, &picker.list, rows, |canvas, index, cells| match table::nth(index) {
        Some(command) => command_row(canvas, place, command, cells),
        None => (String::new(), false),
    });
}

/// In the last line what the selected command does, or why it cannot, with more room than its row has.
fn whole_help(canvas: &mut Canvas, inner: Rect, command: Option<&Command>) {
    let Some(command) = command else { return };
    let mut text = canvas.t(command.help).to_owned();
    if let Ready::No(why) = palette::ready(canvas.model, canvas.model.place_below(), command) {
        text = format!("{text} ({})", canvas.say(&why));
    }
    let style = canvas.role(Role::Accent);
    canvas.line(inner, inner.height.saturating_sub(1), &format!("   {text}"), style);
}

/// `a  assign  help…`, or the reason instead of the help where the command cannot run.
fn command_row(canvas: &Canvas, place: Place, command: &Command, cells: usize) -> (String, bool) {
    let g = canvas.glyphs;
    let keys = fit_with(&canvas.model.keymap.keys(command).join(" "), 14, Align::Left, g);
    let title = fit_with(canvas.t(command.title), 16, Align::Left, g);
    let ready = palette::ready(canvas.model, place, command);
    let rest = cells.saturating_sub(34);
    let about = match &ready {
        Ready::Yes => fit_with(canvas.t(command.help), rest, Align::Left, g),
        Ready::No(why) => fit_with(&format!("({})", canvas.say(why)), rest, Align::Left, g),
    };
    (format!("{keys}  {title}  {about}"), ready.is_yes())
}

fn reps(canvas: &mut Canvas, body: Rect, picker: &Picker<RepId>) {
    let rows = crate::console::update::pick::reps(canvas.model, picker.field.text());
    let inner = popup(canvas, body, canvas.t(T::WhyNotTitle), 12);
    typed(canvas, inner, &picker.field);
    picker_rows(canvas, inner, &picker.list, &rows, |canvas, id, _| {
        let Some(rep) = canvas.model.desk.rep(id) else { return (String::new(), false) };
        let g = canvas.glyphs;
        let name = fit_with(&rep.name, 14, Align::Left, g);
        let load = crate::console::widget::gauge::figures(rep.load, rep.cap);
        (format!("{name}  {load}  {}", rep.team), true)
    });
}

fn menu(canvas: &mut Canvas, body: Rect) {
    let offers = offers(Scope::Status);
    let inner = popup(canvas, body, canvas.t(T::StatusTitle), rows_of(&offers));
    list_offers(canvas, inner, &offers);
}

/// The commands of a small menu.
fn offers(scope: Scope) -> Vec<&'static Command> {
    table::all().filter(|command| command.scope == scope).collect()
}

fn rows_of(offers: &[&Command]) -> u16 {
    u16::try_from(offers.len()).unwrap_or(u16::MAX)
}

/// A menu's commands, one a row: key, title, what it does; each can be clicked.
fn list_offers(canvas: &mut Canvas, inner: Rect, offers: &[&Command]) {
    for (row, command) in (0..inner.height).zip(offers) {
        let y = inner.y + row;
        let (accent, text) = (canvas.role(Role::Accent), canvas.role(Role::Text));
        canvas.put(inner.x + 1, y, canvas.model.keymap.first(command), 2, accent);
        let title = fit_with(canvas.t(command.title), 12, Align::Left, canvas.glyphs);
        let line = format!("{title}  {}", canvas.t(command.help));
        canvas.put(inner.x + 4, y, &line, inner.width.saturating_sub(5), text);
        canvas.hit(Rect::new(inner.x, y, inner.width, 1), Target::Command(command.id));
    }
}

fn why(canvas: &mut Canvas, body: Rect, name: &str, lines: &[String], offset: usize) {
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).clamp(3, body.height.saturating_sub(4).max(3));
    let title = format!("{} {} {name}", canvas.t(T::WhyTitle), canvas.glyphs.rule);
    let inner = popup(canvas, body, &title, rows);
    canvas.painted.pages.overlay = usize::from(inner.height);
    let (text, muted) = (canvas.role(Role::Text), canvas.role(Role::Muted));
    for (row, line) in (0..inner.height).zip(lines.iter().skip(offset)) {
        let style = if line.starts_with(' ') { muted } else { text };
        canvas.line(inner, row, &format!(" {line}"), style);
    }
}

fn prompt(canvas: &mut Canvas, body: Rect, purpose: &Purpose, field: &Field) {
    let reason = |canvas: &Canvas, what: T| {
        format!("{} {} {}", canvas.t(what), canvas.glyphs.rule, canvas.t(T::ReasonTitle))
    };
    let lang = canvas.model.lang;
    let title = match purpose {
        Purpose::Return(_) => reason(canvas, T::CmdReturn),
        Purpose::Park(_) => reason(canvas, T::CmdPark),
        Purpose::Force { rep, why, .. } => {
            Say::ForcePrompt(&canvas.model.desk.rep_name(*rep), why).get(lang).to_owned()
        }
        Purpose::Pool(_) => canvas.t(T::PoolPrompt).to_owned(),
        Purpose::Cap(rep) => Say::CapPrompt(&canvas.model.desk.rep_name(*rep)).get(lang).to_owned(),
        Purpose::Unmerge => canvas.t(T::UnmergePrompt).to_owned(),
        Purpose::Complain(lead) => Say::ComplainPrompt(&canvas.model.desk.called(*lead)).get(lang).to_owned(),
        Purpose::Uphold(_) => canvas.t(T::UpholdPrompt).to_owned(),
        Purpose::Reject(_) => canvas.t(T::RejectPrompt).to_owned(),
        Purpose::Snooze(..) => canvas.t(T::SnoozePrompt).to_owned(),
        Purpose::AlertComment(..) => canvas.t(T::CommentPrompt).to_owned(),
        Purpose::FalseAlarm(..) => canvas.t(T::FalseAlarmPrompt).to_owned(),
        Purpose::Import => canvas.t(T::ImportPrompt).to_owned(),
        Purpose::Leave(rep) => Say::LeavePrompt(&canvas.model.desk.rep_name(*rep)).get(lang).to_owned(),
        Purpose::SaveView => canvas.t(T::ViewPrompt).to_owned(),
        Purpose::Export(pane) => {
            let rows = crate::console::update::export::rows(canvas.model, *pane);
            Say::ExportPrompt(rows).get(lang).to_owned()
        }
    };
    let foreseen = canvas.model.hand.foreseen.as_ref().map(|f| canvas.say(&f.words).to_owned());
    let inner = popup(canvas, body, &title, 1 + u16::from(foreseen.is_some()));
    typed(canvas, inner, field);
    if let Some(words) = foreseen {
        let style = canvas.role(Role::Warn);
        canvas.line(inner, 1, &format!(" {words}"), style);
    }
}

fn confirm(canvas: &mut Canvas, body: Rect, question: &Say) {
    let rows = 2 + u16::from(canvas.model.hand.foreseen.is_some());
    let inner = popup(canvas, body, canvas.t(T::ConfirmTitle), rows);
    let (text, muted) = (canvas.role(Role::Text), canvas.role(Role::Muted));
    let line = format!(" {}", canvas.say(question));

    canvas.line(inner, 0, &line, text);
    if let Some(foreseen) = &canvas.model.hand.foreseen {
        let (words, warn) = (canvas.say(&foreseen.words).to_owned(), canvas.role(Role::Warn));
        canvas.line(inner, 1, &format!(" {words}"), warn);
    }
    canvas.line(inner, inner.height.saturating_sub(1), &format!(" {}", canvas.t(T::ConfirmHint)), muted);
}
