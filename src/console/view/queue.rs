//! The queue: leads in the order of deciding, with what is left of each one's time.

use super::frame::frame;
use super::{Canvas, called, phone, row_style, span};
use crate::console::desk::LeadLine;
use crate::console::desk::sieve::Show;
use crate::console::finding::{SavedView, Sort, SortBy};
use crate::console::model::{Model, Pane};
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::fit::{Align, width};
use crate::console::widget::list::Line;
use crate::console::widget::table::{Column, Columns, Need, lay_out};
use crate::model::id::LeadId;
use crate::model::lead::LeadState;
use ratatui::layout::Rect;

const COLUMNS: &[Column] = &[
    Column { header: Some(T::Age), need: Need::Cells(6), align: Align::Right, priority: 5 },
    Column { header: Some(T::Due), need: Need::Cells(7), align: Align::Right, priority: 0 },
    Column {
        header: Some(T::Source),
        need: Need::Flex { min: 6, weight: 1 },
        align: Align::Left,
        priority: 2,
    },
    Column {
        header: Some(T::Region),
        need: Need::Flex { min: 6, weight: 1 },
        align: Align::Left,
        priority: 3,
    },
    Column {
        header: Some(T::Product),
        need: Need::Flex { min: 6, weight: 2 },
        align: Align::Left,
        priority: 4,
    },
    Column { header: Some(T::Score), need: Need::Cells(4), align: Align::Right, priority: 1 },
    Column {
        header: Some(T::Lead),
        need: Need::Flex { min: 10, weight: 3 },
        align: Align::Left,
        priority: 0,
    },
];

/// The same where leads with owners show: who has it takes the room of what stays the same.
const OWNED: &[Column] = &[
    Column { header: Some(T::Age), need: Need::Cells(6), align: Align::Right, priority: 5 },
    Column { header: Some(T::Due), need: Need::Cells(7), align: Align::Right, priority: 0 },
    Column {
        header: Some(T::Owner),
        need: Need::Flex { min: 8, weight: 1 },
        align: Align::Left,
        priority: 0,
    },
    Column {
        header: Some(T::Source),
        need: Need::Flex { min: 6, weight: 1 },
        align: Align::Left,
        priority: 3,
    },
    Column {
        header: Some(T::Region),
        need: Need::Flex { min: 6, weight: 1 },
        align: Align::Left,
        priority: 4,
    },
    Column {
        header: Some(T::Product),
        need: Need::Flex { min: 6, weight: 2 },
        align: Align::Left,
        priority: 6,
    },
    Column { header: Some(T::Score), need: Need::Cells(4), align: Align::Right, priority: 2 },
    Column {
        header: Some(T::Lead),
        need: Need::Flex { min: 10, weight: 3 },
        align: Align::Left,
        priority: 0,
    },
];

/// The columns of a view, and which of `COLUMNS` each stands for; the owner is a column of its own.
fn columns_of(show: Show) -> (&'static [Column], &'static [usize]) {
    match show {
        Show::Assigned | Show::All => (OWNED, &[0, 1, OWNER, 2, 3, 4, 5, 6]),
        Show::Todo | Show::Waiting | Show::Parked | Show::Pool => (COLUMNS, &[0, 1, 2, 3, 4, 5, 6]),
    }
}

/// The cell that names the owner.
const OWNER: usize = 7;

/// Cells of the marker and the shape before the columns.
const MARK_CELLS: u16 = 3;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let has_focus = model.focus == Pane::Queue;
    let summary = model.desk.summary();
    let counts = Say::QueueCounts(summary.waiting, summary.parked, summary.held, summary.open);
    let show = model.desk.show();
    // A narrowed list says how narrow; the whole desk's figures would only push the filter off the line.
    let is_whole = !model.is_arranged() && model.desk.filter().text().is_empty();
    let shown = Say::ShownOf(model.desk.queue().len(), summary.open);
    let counts = match (model.desk.is_loaded(), is_whole) {
        (false, _) => Say::QueueCountsFirst(summary.waiting, summary.parked),
        (true, true) => counts,
        (true, false) => shown,
    };
    let mut title = format!("{} {} {}", canvas.t(T::QueueTitle), canvas.glyphs.rule, counts.get(model.lang));
    if !model.marks.is_empty() {
        title = format!(
            "{} {} {}",
            title,
            canvas.glyphs.rule,
            Say::MarkedCount(model.marks.len()).get(model.lang)
        );
    }
    let filter = match (model.filter.is_empty() && !model.is_filtering, show) {
        (true, Show::Todo) if model.is_arranged() => String::new(),
        (true, Show::Todo) => canvas.t(T::FilterHint).to_owned(),
        (true, show) => Say::ShowIs(show.title()).get(model.lang).to_owned(),
        (false, _) => Say::FilterIs(model.filter.text()).get(model.lang).to_owned(),
    };
    let kept = kept_view(model).map(|(key, view)| format!("{key} {}", view.name));
    let filter = if model.desk.frozen().is_some() { canvas.t(T::FrozenHint).to_owned() } else { filter };
    let sep = format!(" {} ", canvas.glyphs.separator);
    let parts: Vec<String> = kept
        .or((!filter.is_empty()).then_some(filter))
        .into_iter()
        .chain(sorted_by(canvas, model.desk.sort()))
        .collect();
    let mut inner = frame(canvas, area, &title, &parts.join(&sep), has_focus);
    if model.is_filtering && inner.height > 2 {
        let used = super::filter::draw(canvas, inner);
        inner = Rect::new(inner.x, inner.y + used, inner.width, inner.height - used);
    }
    let (declared, _) = columns_of(show);
    let columns = lay_out(declared, usize::from(inner.width.saturating_sub(MARK_CELLS + 1)), model.lang);
    let header = columns.header(declared, canvas.glyphs, model.lang);
    let muted = canvas.role(Role::Muted);
    canvas.put(inner.x + MARK_CELLS, inner.y, &header, inner.width.saturating_sub(MARK_CELLS), muted);
    sort_mark(canvas, inner, &columns);
    let list = Rect::new(inner.x, inner.y + 1, inner.width, inner.height.saturating_sub(1));
    canvas.painted.pages.queue = usize::from(list.height);
    rows(canvas, list, &columns);
}

/// The kept view that is shown as it was kept, with its number.
fn kept_view(model: &Model) -> Option<(u8, &SavedView)> {
    let is_shown = |view: &SavedView| {
        view.filter == model.filter.text().trim()
            && view.show == model.desk.show()
            && view.sort == model.desk.sort()
    };
    model.find.views.iter().find(|(_, view)| is_shown(view)).map(|(key, view)| (*key, view))
}

/// `by score ▼`; nothing for the order of serving.
pub(super) fn sorted_by(canvas: &Canvas, sort: Sort) -> Option<String> {
    let mark = sort_glyph(canvas, sort);
    let is_sorted = sort.by != SortBy::Serving;
    is_sorted.then(|| Say::SortedBy(sort.by.title(), mark).get(canvas.model.lang).to_owned())
}

/// Down where the largest, newest or last stands on top.
fn sort_glyph(canvas: &Canvas, sort: Sort) -> &'static str {
    let falls = matches!(sort.by, SortBy::Score | SortBy::Age) != sort.is_reversed;
    if falls { canvas.glyphs.down } else { canvas.glyphs.up }
}

/// The mark beside the head of the column the rows are sorted by.
fn sort_mark(canvas: &mut Canvas, area: Rect, columns: &Columns) {
    let sort = canvas.model.desk.sort();
    let (declared, means) = columns_of(canvas.model.desk.show());
    let column = match sort.by {
        SortBy::Owner if means.contains(&OWNER) => Some(OWNER),
        by => by.column(),
    };
    let at = column.and_then(|column| means.iter().position(|cell| *cell == column));
    let Some((x, cells)) = at.and_then(|at| columns.place(at)) else { return };
    // A head that stands at the right of its column has its mark there too.
    let head = at.and_then(|at| declared.get(at)).filter(|column| column.align == Align::Right);
    let indent = head
        .and_then(|column| column.header)
        .map_or(0, |head| cells.saturating_sub(width(head.get(canvas.model.lang))));
    let x = area.x + MARK_CELLS + u16::try_from(x + indent).unwrap_or(0);
    let accent = canvas.role(Role::Accent);
    let glyph = sort_glyph(canvas, sort);
    // In the gap before the head: the head itself keeps its place.
    canvas.put(x.saturating_sub(1), area.y, glyph, 1, accent);
}

fn rows(canvas: &mut Canvas, area: Rect, columns: &Columns) {
    let model = canvas.model;
    let queue = model.desk.queue();
    if queue.is_empty() && model.queue.ghost().is_none() {
        let text = match (model.desk.is_loaded(), model.filter.is_empty()) {
            (false, _) => T::Loading,
            (true, true) => T::QueueEmpty,
            (true, false) => T::QueueNoMatch,
        };
        let (text, style) = (canvas.t(text), canvas.role(Role::Muted));
        canvas.put(area.x + 1, area.y, text, area.width.saturating_sub(2), style);
        return;
    }
    let lines = model.queue.lines(queue.len(), usize::from(area.height));
    for (row, line) in (0..area.height).zip(lines) {
        let at = Rect::new(area.x, area.y + row, area.width, 1);
        match line {
            Line::Ghost(id) => ghost(canvas, at, id),
            Line::Row(index) => {
                let Some(id) = queue.get(index) else { continue };
                match model.desk.lead(*id) {
                    Some(lead) => lead_row(canvas, at, columns, &lead),
                    // Held still, the list keeps the place of what has closed since.
                    None => ghost(canvas, at, *id),
                }
            }
        }
    }
}

/// Where the selected lead stood: says where it went and who moved it.
fn ghost(canvas: &mut Canvas, area: Rect, id: LeadId) {
    let sentence = match &canvas.model.left {
        Some((lead, sentence)) if *lead == id => sentence.clone(),
        _ => Say::LeadGone(&id.to_string()),
    };
    let style = canvas.role(Role::Ghost);
    canvas.line(area, 0, &format!("{}  {}", canvas.glyphs.rule, canvas.say(&sentence)), style);
}

fn lead_row(canvas: &mut Canvas, area: Rect, columns: &Columns, lead: &LeadLine) {
    let model = canvas.model;
    let is_selected = model.queue.selected() == Some(lead.id);
    let style = row_style(canvas, is_selected, model.focus == Pane::Queue);
    let left_ms = match lead.answer {
        Some((ms, _)) => Some(ms),
        None => lead.due_at.map(|due| due.0 - model.now.0),
    };
    let is_late = left_ms.is_some_and(|ms| ms < 0);
    let g = canvas.glyphs;
    let (shape, role) = if let Some(hold) = &lead.hold {
        (g.held, if hold.is_mine { Role::Accent } else { Role::Held })
    } else if is_late {
        (g.alert, Role::Danger)
    } else if lead.is_pinned {
        (g.pin, Role::Pin)
    } else if lead.is_new && lead.state == LeadState::Waiting {
        (g.dot, Role::Accent)
    } else {
        (" ", Role::Muted)
    };
    let (declared, means) = columns_of(model.desk.show());
    let text = columns.line(declared, g, |column| {
        let cells = columns.place(column).map_or(0, |(_, cells)| cells);
        cell(canvas, lead, left_ms, means.get(column).copied().unwrap_or(column), cells)
    });
    let marker = match (model.marks.contains(&lead.id), is_selected) {
        (true, _) => g.check,
        (false, true) => g.marker,
        (false, false) => " ",
    };
    canvas.line(area, 0, &format!("{marker}{shape} {text}"), style);
    canvas.hit(area, Target::Lead(lead.id));
    canvas.painted.has_countdown |= left_ms
        .is_some_and(|ms| ms < crate::model::time::HOUR_MS && lead.answer.is_none_or(|(_, runs)| runs))
        || lead.hold.is_some();
    if !is_selected {
        let style = canvas.role(role);
        canvas.put(area.x + 1, area.y, shape, 1, style);
        if is_late && let Some((x, cells)) = columns.place(1) {
            let at = Rect::new(
                area.x + MARK_CELLS + u16::try_from(x).unwrap_or(0),
                area.y,
                u16::try_from(cells).unwrap_or(0),
                1,
            );
            canvas.buf.set_style(at, style);
        }
    }
}

fn cell(canvas: &Canvas, lead: &LeadLine, left_ms: Option<i64>, column: usize, cells: usize) -> String {
    let model = canvas.model;
    match column {
        0 => span(model.now.since(lead.arrived_at), canvas.glyphs),
        1 if lead.hold.is_some() => canvas.t(T::Held).to_owned(),
        1 if lead.pooled_since.is_some() => canvas.t(T::InPool).to_owned(),
        1 if lead.proposed.is_some() => lead
            .proposed
            .map_or_else(String::new, |rep| format!("{}{}?", canvas.glyphs.arrow, model.desk.rep_name(rep))),
        1 => left_ms.map_or_else(String::new, |ms| span(ms, canvas.glyphs)),
        OWNER => lead.owner.map_or_else(String::new, |owner| model.desk.rep_name(owner)),
        2 => lead.source.to_string(),
        3 => lead.region.to_string(),
        4 => lead.product.to_string(),
        5 => lead.score.to_string(),
        _ => {
            let holder =
                lead.hold.as_ref().map(|hold| if hold.is_mine { canvas.t(T::You) } else { hold.by.as_str() });
            let name = called(lead);
            match (holder, phone(canvas, lead)) {
                (Some(holder), _) => format!("{name} ({holder})"),
                // Half a number says nothing: the name takes the room.
                (None, Some(phone)) if width(&name) + 2 + width(&phone) <= cells => {
                    format!("{name}  {phone}")
                }
                (None, _) => name,
            }
        }
    }
}
