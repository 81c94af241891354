//! Column layout: widths come from the translated header and the declared need, never from the values shown, so no column
//! jumps when a figure changes. Columns leave by declared priority when the room is short.

use crate::console::look::Glyphs;
use crate::console::text::T;
use crate::console::widget::fit::{Align, fit_with, width};
use crate::model::lang::Lang;

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// This many cells, or the header's width if that is more.
    Cells(u16),
    /// At least this many cells; shares what is left by weight.
    Flex { min: u16, weight: u16 },
}

/// One column as a pane declares it.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub header: Option<T>,
    pub need: Need,
    pub align: Align,
    /// 0 never leaves; the highest leaves first.
    pub priority: u8,
}

/// The columns that fit, as (index in the declaration, cells).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    pub shown: Vec<(usize, usize)>,
}

/// Cells between columns.
const GAP_CELLS: usize = 2;

fn least(column: &Column, lang: Lang) -> usize {
    let header = column.header.map_or(0, |t| width(t.get(lang)));
    match column.need {
        Need::Cells(n) | Need::Flex { min: n, .. } => usize::from(n).max(header),
    }
}

/// Chooses columns and widths for `room` cells.
#[must_use]
pub fn lay_out(columns: &[Column], room: usize, lang: Lang) -> Columns {
    let mut shown: Vec<(usize, usize)> =
        columns.iter().enumerate().map(|(i, column)| (i, least(column, lang))).collect();
    while total_width(&shown) > room {
        let priority = |at: usize| columns.get(at).map_or(0, |c| c.priority);
        // Of equals the rightmost leaves first.
        let Some((at, _)) = shown.iter().enumerate().max_by_key(|(_, (i, _))| priority(*i)) else { break };
        if shown.get(at).is_some_and(|(i, _)| priority(*i) == 0) {
            break;
        }
        shown.remove(at);
    }
    let spare = room.saturating_sub(total_width(&shown));
    grow(columns, &mut shown, spare);
    Columns { shown }
}

fn total_width(shown: &[(usize, usize)]) -> usize {
    shown.iter().map(|(_, w)| w).sum::<usize>() + GAP_CELLS * shown.len().saturating_sub(1)
}

/// Hands what is left to the flexible columns by weight; the last takes the remainder.
fn grow(columns: &[Column], shown: &mut [(usize, usize)], spare: usize) {
    let weight = |i: usize| match columns.get(i).map(|c| c.need) {
        Some(Need::Flex { weight, .. }) => usize::from(weight),
        _ => 0,
    };
    let all: usize = shown.iter().map(|(i, _)| weight(*i)).sum();
    if all == 0 {
        return;
    }
    let (mut given, mut seen) = (0, 0);
    for (i, cells) in shown.iter_mut() {
        seen += weight(*i);
        let upto = spare * seen / all;
        *cells += upto - given;
        given = upto;
    }
}

impl Columns {
    /// One line of cells, each fitted to its column; `cell` is asked only for columns that are shown.
    pub fn line(&self, columns: &[Column], glyphs: &Glyphs, mut cell: impl FnMut(usize) -> String) -> String {
        let fitted = self.shown.iter().map(|(i, cells)| {
            let align = columns.get(*i).map_or(Align::Left, |c| c.align);
            fit_with(&cell(*i), *cells, align, glyphs)
        });
        fitted.collect::<Vec<_>>().join("  ")
    }

    /// The header line in `lang`.
    #[must_use]
    pub fn header(&self, columns: &[Column], glyphs: &Glyphs, lang: Lang) -> String {
        self.line(columns, glyphs, |i| {
            columns.get(i).and_then(|c| c.header).map_or_else(String::new, |t| t.get(lang).to_owned())
        })
    }

    /// Column offset and width of the column declared at `index`, if it is shown.
    #[must_use]
    pub fn place(&self, index: usize) -> Option<(usize, usize)> {
        let mut x = 0;
        for (i, cells) in &self.shown {
            if *i == index {
                return Some((x, *cells));
            }
            x += cells + GAP_CELLS;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::look::UNICODE;

    const COLUMNS: &[Column] = &[
        Column { header: Some(T::Age), need: Need::Cells(6), align: Align::Right, priority: 1 },
        Column {
            header: Some(T::Source),
            need: Need::Flex { min: 6, weight: 1 },
            align: Align::Left,
            priority: 3,
        },
        Column {
            header: Some(T::Lead),
            need: Need::Flex { min: 8, weight: 2 },
            align: Align::Left,
            priority: 0,
        },
    ];

    #[test]
    fn columns_share_the_room_and_leave_by_priority() {
        assert_eq!(lay_out(COLUMNS, 30, Lang::En).shown, [(0, 6), (1, 8), (2, 12)]);
        assert_eq!(lay_out(COLUMNS, 20, Lang::En).shown, [(0, 6), (2, 12)]);
        assert_eq!(lay_out(COLUMNS, 9, Lang::En).shown, [(2, 9)]);
        assert_eq!(lay_out(COLUMNS, 3, Lang::En).shown, [(2, 8)]);
        assert_eq!(lay_out(COLUMNS, 20, Lang::En).place(2), Some((8, 12)));
        assert_eq!(lay_out(COLUMNS, 20, Lang::En).place(1), None);
    }

    #[test]
    fn lines_and_headers_take_the_same_cells() {
        let columns = lay_out(COLUMNS, 30, Lang::Zh);
        assert_eq!(columns.header(COLUMNS, &UNICODE, Lang::Zh), "  已等  渠道      线索        ");
        let line = columns.line(COLUMNS, &UNICODE, |i| ["1:02", "官网", "欧阳娜娜与她的公司"][i].to_owned());
        assert_eq!(line, "  1:02  官网      欧阳娜娜与… ");
    }
}
