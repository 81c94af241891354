//! A load gauge: a bar that fills and the figures beside it. Meaning never by the bar alone.

use crate::console::look::Glyphs;
use crate::console::widget::fit::{Align, fit};

/// `value` of `cap` as a bar of `width` cells. Without a cap the bar stays empty: unlimited is not "nearly full".
#[must_use]
pub fn bar(value: u32, cap: Option<u32>, width: usize, glyphs: &Glyphs) -> (String, String) {
    let full = match cap {
        None => 0,
        Some(0) => width,
        Some(cap) => {
            let cells = (u64::from(value.min(cap)) * width as u64).div_ceil(u64::from(cap)) as usize;
            // Only a truly full rep fills the bar, and any load shows.
            if value < cap { cells.min(width.saturating_sub(1)) } else { cells }
        }
    };
    (glyphs.gauge_full.repeat(full), glyphs.gauge_rest.repeat(width - full))
}

/// `11/20`, or `11` where there is no cap, in cells for figures up to 999.
#[must_use]
pub fn figures(value: u32, cap: Option<u32>) -> String {
    match cap {
        Some(cap) => fit(&format!("{value}/{cap}"), 7, Align::Right),
        None => fit(&value.to_string(), 7, Align::Right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::look::{ASCII, UNICODE};

    #[test]
    fn only_a_full_rep_fills_the_bar() {
        let ascii = |v, c| {
            let (a, b) = bar(v, c, 10, &ASCII);
            a + &b
        };
        assert_eq!(ascii(0, Some(20)), "..........");
        assert_eq!(ascii(1, Some(200)), "#.........");
        assert_eq!(ascii(10, Some(20)), "#####.....");
        assert_eq!(ascii(199, Some(200)), "#########.");
        assert_eq!(ascii(20, Some(20)), "##########");
        assert_eq!(ascii(25, Some(20)), "##########");
        assert_eq!(ascii(3, Some(0)), "##########");
        assert_eq!(ascii(3, None), "..........");
        assert_eq!(bar(1, Some(2), 4, &UNICODE), ("██".to_owned(), "▒▒".to_owned()));
    }

    #[test]
    fn figures_keep_their_width() {
        assert_eq!(figures(11, Some(20)), "  11/20");
        assert_eq!(figures(3, None), "      3");
        assert_eq!(figures(100, Some(100)).len(), 7);
    }
}
