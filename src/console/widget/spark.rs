//! A sparkline of rates: one cell a bucket, newest on the right, scaled to its own maximum.

use crate::console::look::Glyphs;

/// The last `width` of `counts` as levels; empty buckets show the lowest level, so time has no gaps.
#[must_use]
pub fn spark(counts: &[u32], width: usize, glyphs: &Glyphs) -> String {
    let shown = counts.get(counts.len().saturating_sub(width)..).unwrap_or_default();
    let top = u64::from(shown.iter().copied().max().unwrap_or(0).max(1));
    let steps = glyphs.spark.len() as u64 - 1;
    let level =
        |n: &u32| glyphs.spark.get((u64::from(*n) * steps).div_ceil(top) as usize).copied().unwrap_or(" ");
    let line: String = shown.iter().map(level).collect();
    format!("{:gap$}{line}", "", gap = width - shown.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::look::UNICODE;

    #[test]
    fn newest_is_on_the_right_and_the_width_is_kept() {
        assert_eq!(spark(&[0, 1, 4, 8], 6, &UNICODE), "  ▁▂▅█");
        assert_eq!(spark(&[9, 9, 0, 0], 2, &UNICODE), "▁▁");
        assert_eq!(spark(&[], 3, &UNICODE), "   ");
    }
}
