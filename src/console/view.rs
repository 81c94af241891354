//! Draws the model. Changes nothing: what it learned (hit areas, cursor, rows per list) goes back as `Painted`.
//!
//! ```text
//! header
//! ╭ Queue ─────────────╮╭ Load ─────╮
//! │                    │╰───────────╯
//! │                    │╭ Alerts ───╮
//! ╰────────────────────╯╰───────────╯
//! ╭ Lead ───────────────────────────╮
//! ╰─────────────────────────────────╯
//! hints or notice
//! ```
//!
//! Below 100 columns the right-hand panes become tabs of one pane; below `SIZE_MIN` one line says so.

use crate::console::card::span;
use crate::console::desk::LeadLine;
use crate::console::look::{Glyphs, plain_symbol};
use crate::console::model::{Divider, LEAD_ROWS, Model, Pages, Pane, SIZE_MIN, Screen};
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::{Role, Theme};
use crate::console::widget::fit::{Align, cut, fit_with, put_plain, width};
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

mod alerts;
mod calendar;
mod chord;
mod filter;
mod footer;
mod frame;
mod header;
mod lead;
mod loads;
mod overlay;
mod queue;
mod roster;
mod rules;
mod toasts;
mod welcome;
mod whatif;

/// Columns from which the panes stand side by side.
pub const WIDE_COLS: u16 = 100;

/// What the view learned while drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Painted {
    /// What stands where; later entries lie on top.
    pub hits: Vec<(Rect, Target)>,
    /// Where the hardware cursor belongs, if a field has the keyboard.
    pub cursor: Option<(u16, u16)>,
    pub pages: Pages,
    /// Whether a countdown is on screen, so that seconds must tick.
    pub has_countdown: bool,
}

impl Painted {
    /// What lies on top at this cell.
    #[must_use]
    pub fn at(&self, x: u16, y: u16) -> Option<Target> {
        let inside = |area: &Rect| area.contains((x, y).into());
        let (area, target) = self.hits.iter().rev().find(|(area, _)| inside(area))?;
        Some(match *target {
            Target::Text { line, cell } => Target::Text { line, cell: cell + (x - area.x) },
            other => other,
        })
    }
}

/// Everything a drawing function needs.
struct Canvas<'a> {
    model: &'a Model,
    theme: Theme,
    glyphs: &'static Glyphs,
    buf: &'a mut Buffer,
    painted: Painted,
}

impl Canvas<'_> {
    /// Writes `text` cleaned and cut to `cells`, in `style`; returns the cells used.
    fn put(&mut self, x: u16, y: u16, text: &str, cells: u16, style: Style) -> u16 {
        let mut text = cut(text, usize::from(cells), self.glyphs);
        if self.model.look.is_ascii && !text.is_ascii() {
            // Symbols in sentences; shapes of our own come from the glyphs. One cell for one, so columns stay.
            text = text.chars().map(plain_symbol).collect();
        }
        if !put_plain(self.buf, x, y, &text, style) && self.buf.area().contains((x, y).into()) {
            self.buf.set_string(x, y, &text, style);
        }
        u16::try_from(width(&text)).unwrap_or(cells)
    }

    /// Fills a whole line, padding with the same style, so a selected row is a bar.
    fn line(&mut self, area: Rect, row: u16, text: &str, style: Style) {
        if row < area.height {
            let text = fit_with(text, usize::from(area.width), Align::Left, self.glyphs);
            self.put(area.x, area.y + row, &text, area.width, style);
        }
    }

    fn role(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    fn t(&self, text: T) -> &'static str {
        text.get(self.model.lang)
    }

    fn say<'s>(&self, text: &'s Say) -> &'s str {
        text.get(self.model.lang)
    }

    fn hit(&mut self, area: Rect, target: Target) {
        self.painted.hits.push((area, target));
    }
}

/// Draws `model` over `area`.
#[must_use]
pub fn view(model: &Model, area: Rect, buf: &mut Buffer) -> Painted {
    let theme = Theme::new(model.look);
    let painted = Painted { pages: model.pages, ..Painted::default() };
    let mut canvas = Canvas { model, theme, glyphs: model.look.glyphs(), buf, painted };
    if area.width < SIZE_MIN.cols || area.height < SIZE_MIN.rows {
        let text = Say::TooSmall(SIZE_MIN.cols, SIZE_MIN.rows);
        let style = canvas.role(Role::Warn);
        let text = text.get(model.lang).to_owned();
        canvas.put(area.x, area.y, &text, area.width, style);
        return canvas.painted;
    }
    let [top, body, bottom] =
        area.layout(&Layout::vertical([Constraint::Length(1), Constraint::Min(3), Constraint::Length(1)]));
    header::draw(&mut canvas, top);
    match model.screen {
        Screen::Main if area.width >= WIDE_COLS => wide(&mut canvas, body),
        Screen::Main => narrow(&mut canvas, body),
        Screen::Rules if area.width >= WIDE_COLS => {
            let [left, right] = body.layout(&Layout::horizontal(parts(None, (1, 1))));
            rules::draw(&mut canvas, left);
            whatif::draw(&mut canvas, right);
        }
        Screen::Rules => {
            let below = whatif::rows_below(model, body.height);
            let [upper, lower] =
                body.layout(&Layout::vertical([Constraint::Min(3), Constraint::Length(below)]));
            rules::draw(&mut canvas, upper);
            if below > 0 {
                whatif::draw(&mut canvas, lower);
            }
        }
        Screen::Roster => roster::draw(&mut canvas, body),
        Screen::Calendar => calendar::draw(&mut canvas, body),
    }
    overlay::draw(&mut canvas, body);
    chord::draw(&mut canvas, body);
    toasts::draw(&mut canvas, body);
    footer::draw(&mut canvas, bottom);
    canvas.painted
}

/// Four panes: the queue takes a little more than half, the lead card a strip below.
fn wide(canvas: &mut Canvas, body: Rect) {
    let split = canvas.model.split;
    let lead_rows = split.lead_rows.unwrap_or(LEAD_ROWS).min(body.height / 2);
    let [upper, lead] = body.layout(&Layout::vertical([Constraint::Min(3), Constraint::Length(lead_rows)]));
    let [queue, right] = upper.layout(&Layout::horizontal(parts(split.columns_milli, (6, 5))));
    let [loads, alerts] = right.layout(&Layout::vertical(parts(split.right_milli, (1, 1))));
    pane(canvas, Pane::Queue, queue);
    pane(canvas, Pane::Loads, loads);
    pane(canvas, Pane::Alerts, alerts);
    pane(canvas, Pane::Lead, lead);
    // Both borders of a line are its handle.
    canvas.hit(
        Rect::new(right.x.saturating_sub(1), right.y, 2, right.height),
        Target::Divider(Divider::Columns),
    );
    canvas.hit(
        Rect::new(alerts.x + 1, alerts.y, alerts.width.saturating_sub(1), 1),
        Target::Divider(Divider::Right),
    );
    canvas.hit(Rect::new(lead.x, lead.y, lead.width, 1), Target::Divider(Divider::Lead));
}

/// Two parts of an area: as a person moved the line between them, or by these weights.
fn parts(milli: Option<u16>, weights: (u16, u16)) -> [Constraint; 2] {
    let (one, other) = milli.map_or(weights, |milli| (milli, 1000 - milli.min(1000)));
    [Constraint::Fill(one), Constraint::Fill(other)]
}

/// One pane at a time under a line of tabs.
fn narrow(canvas: &mut Canvas, body: Rect) {
    let [tabs, rest] = body.layout(&Layout::vertical([Constraint::Length(1), Constraint::Min(3)]));
    let mut x = tabs.x + 1;
    for each in Pane::ALL {
        let is_here = each == canvas.model.focus;
        let alerts = canvas.model.desk.alerts().len();
        let (title, role) = match each {
            // A pane out of sight must still say that it has something.
            Pane::Alerts if alerts > 0 => {
                (format!(" {} {} {alerts} ", canvas.glyphs.alert, canvas.t(each.title())), Role::Warn)
            }
            _ => (format!(" {} ", canvas.t(each.title())), Role::Muted),
        };
        let style = canvas.role(if is_here { Role::Selected } else { role });
        let used = canvas.put(x, tabs.y, &title, tabs.right().saturating_sub(x), style);
        canvas.hit(Rect::new(x, tabs.y, used, 1), Target::Pane(each));
        x += used + 1;
    }
    pane(canvas, canvas.model.focus, rest);
}

fn pane(canvas: &mut Canvas, pane: Pane, area: Rect) {
    canvas.hit(area, Target::Pane(pane));
    match pane {
        Pane::Queue if canvas.model.is_welcome() => welcome::draw(canvas, area),
        Pane::Queue => queue::draw(canvas, area),
        Pane::Loads => loads::draw(canvas, area),
        Pane::Alerts => alerts::draw(canvas, area),
        Pane::Lead => lead::draw(canvas, area),
    }
}

/// Marks a list's row: marker of the selection, then a shape for what needs a person.
fn row_style(canvas: &Canvas, is_selected: bool, has_focus: bool) -> Style {
    canvas.role(match (is_selected, has_focus) {
        (true, true) => Role::Selected,
        (true, false) => Role::SelectedAway,
        (false, _) => Role::Text,
    })
}

/// The name a lead goes by, never empty: the person, the company, the number.
fn called(lead: &LeadLine) -> String {
    let texts = [lead.name.trim(), lead.company.trim()];
    texts.into_iter().find(|text| !text.is_empty()).map_or_else(|| lead.id.to_string(), str::to_owned)
}

/// The phone as it may be shown here: whole only where it was just unmasked.
fn phone(canvas: &Canvas, lead: &LeadLine) -> Option<String> {
    let phone = lead.phone.as_deref()?;
    let is_whole = canvas.model.unmasked == Some(lead.id);
    Some(if is_whole { phone.to_owned() } else { crate::model::contact::mask_phone(phone) })
}
