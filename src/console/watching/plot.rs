//! A figure against the band in which it would be no alert, drawn with our own shapes: `·` beyond the band, a bar where it is
//! calm, `◆` the figure, `●` where it fired. Every mark differs by shape, also in plain characters.

use crate::console::look::Glyphs;
use crate::watch::band::Band;

/// Narrower than this a scale tells nothing.
const CELLS_MIN: usize = 10;

/// One line of exactly `cells` cells.
#[must_use]
pub fn line(band: &Band, cells: usize, glyphs: &Glyphs) -> String {
    let cells = cells.max(CELLS_MIN);
    let scale = band.scale().max(1);
    let at = |value: i64| {
        let place = i128::from(value.clamp(0, scale)) * (cells as i128 - 1) / i128::from(scale);
        usize::try_from(place).unwrap_or(0)
    };
    let (low, high) = (at(band.low), band.high.map_or(cells - 1, at));
    let mut marks: Vec<&str> = (0..cells)
        .map(|cell| if (low..=high).contains(&cell) { glyphs.gauge_rest } else { glyphs.separator })
        .collect();
    let mut put = |value: Option<i64>, mark: &'static str| {
        if let Some(cell) = value.and_then(|value| marks.get_mut(at(value))) {
            *cell = mark;
        }
    };
    put(band.expected, glyphs.border[5]);
    put(Some(band.fired), glyphs.dot);
    put(Some(beside(band, at(band.figure()), (low, high), scale, cells)), glyphs.held);
    marks.concat()
}

/// The figure, moved by a cell where the scale is too coarse to show on which side of the band it lies.
fn beside(band: &Band, cell: usize, (low, high): (usize, usize), scale: i64, cells: usize) -> i64 {
    let value = |cell: usize| {
        let top = i64::try_from(cells - 1).unwrap_or(1).max(1);
        let cell = i64::try_from(cell).unwrap_or(0);
        // Rounded up, so that it falls on this very cell.
        (i128::from(cell) * i128::from(scale)).div_euclid(i128::from(top)).saturating_add(1)
    };
    let moved = match band.figure() {
        figure if band.holds(figure) => return figure,
        figure if figure < band.low && cell >= low && low > 0 => value(low - 1),
        figure if figure > band.low && cell <= high && high + 1 < cells => value(high + 1),
        figure => return figure,
    };
    i64::try_from(moved).unwrap_or(scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::look::{ASCII, UNICODE};
    use crate::watch::band::Unit;
    use proptest::prelude::*;

    fn band(low: i64, high: Option<i64>, expected: Option<i64>, fired: i64, now: Option<i64>) -> Band {
        Band { unit: Unit::Leads, low, high, expected, fired, now }
    }

    #[test]
    fn the_figure_lies_outside_what_is_calm() {
        let over = band(0, Some(10), None, 16, Some(20));
        assert_eq!(line(&over, 21, &UNICODE), "▒▒▒▒▒▒▒▒▒▒▒·····●···◆");
        assert_eq!(line(&over, 21, &ASCII), "...........-----*---#");
        let under = band(10, None, Some(12), 4, None);
        assert_eq!(line(&under, 16, &UNICODE), "····◆·····▒▒│▒▒▒");
        let just = band(0, Some(100), None, 101, None);
        assert!(line(&just, 12, &UNICODE).ends_with("◆"));
    }

    proptest! {
        #[test]
        fn each_line_is_as_wide_as_asked_and_shows_the_figure(
            low in 0..1_000i64, more in proptest::option::of(0..1_000i64), fired in 0..5_000i64,
            expected in proptest::option::of(0..2_000i64), cells in 10..120usize,
        ) {
            let band = band(low, more.map(|more| low + more), expected, fired, None);
            let drawn = line(&band, cells, &UNICODE);
            prop_assert_eq!(drawn.chars().count(), cells);
            prop_assert!(drawn.contains('◆'));
        }
    }
}
