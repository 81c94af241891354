//! Text cut or padded to an exact number of cells, whatever it contains. The one gate for text from outside.
//!
//! Widths are what ratatui's buffer will use, grapheme by grapheme. Lines break at blanks and between wide characters.

use crate::console::look::{Glyphs, UNICODE};
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::style::Style;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

/// Where the text sits in its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    #[default]
    Left,
    Right,
    Centre,
}

/// Characters that could move the cursor, reorder a row, hide, or change width by terminal.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
            // Prepended marks swallow the character after them, which may be our ellipsis or padding.
            | '\u{0600}'..='\u{0605}' | '\u{06DD}' | '\u{070F}' | '\u{0890}'..='\u{0891}' | '\u{08E2}'
            | '\u{110BD}' | '\u{110CD}')
}

/// The width of characters that stand each in a grapheme of their own, whatever stands beside them: ASCII, Han, full-width
/// marks, lines and shapes. Nearly all that is ever drawn; `None` = ask the grapheme tables, which cost ten times as much.
const fn plain_width(c: char) -> Option<usize> {
    match c {
        ' '..='~'
        | '\u{B7}'
        | '\u{BB}'
        | '\u{D7}'
        | '\u{2010}'..='\u{2027}'
        | '\u{2190}'..='\u{2193}'
        | '\u{2212}' => Some(1),
        '\u{2500}'..='\u{25CF}' => Some(1),
        '\u{3001}'..='\u{3011}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{FF01}'..='\u{FF60}' => Some(2),
        _ => None,
    }
}

/// The width of a text of such characters only.
fn plain_cells(text: &str) -> Option<usize> {
    text.chars().try_fold(0, |sum, c| Some(sum + plain_width(c)?))
}

/// `text` without anything that could disturb the screen; line breaks and tabs become spaces.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if plain_cells(text).is_some() || !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let keep = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if is_unsafe(c) => None,
        c => Some(c),
    };
    Cow::Owned(text.chars().filter_map(keep).collect())
}

/// Cells taken by `text` once cleaned.
#[must_use]
pub fn width(text: &str) -> usize {
    cells(&clean(text))
}

fn cells(clean: &str) -> usize {
    plain_cells(clean).unwrap_or_else(|| grapheme_cells(clean))
}

fn grapheme_cells(clean: &str) -> usize {
    clean.graphemes(true).map(|g| usize::from(g.cell_width())).sum()
}

/// `text` in exactly `width` cells with the Unicode ellipsis.
#[must_use]
pub fn fit(text: &str, width: usize, align: Align) -> String {
    fit_with(text, width, align, &UNICODE)
}

/// `text` in exactly `width` cells, the ellipsis taken from `glyphs`.
#[must_use]
pub fn fit_with(text: &str, width: usize, align: Align, glyphs: &Glyphs) -> String {
    let text = clean(text);
    let plain = plain_cells(&text);
    let full = plain.unwrap_or_else(|| grapheme_cells(&text));
    if full <= width {
        return pad(&text, full, width, align);
    }
    let mark: String = glyphs.ellipsis.chars().take(width).collect();
    let room = width - cells(&mark);
    let mut cut = match plain {
        Some(_) => begin(text.char_indices().map(|(at, c)| (at, plain_width(c).unwrap_or(1))), &text, room),
        None => {
            let graphemes = text.grapheme_indices(true);
            begin(graphemes.map(|(at, g)| (at, usize::from(g.cell_width()))), &text, room)
        }
    }
    .to_owned();
    // A wide glyph that does not fit leaves a cell: it goes after the mark, so the mark touches the text.
    cut.push_str(&mark);
    let used = cells(&cut);
    pad(&cut, used, width, align)
}

/// The beginning of `text` that takes at most `room` cells; `pieces` are where its pieces begin and their widths.
fn begin(pieces: impl Iterator<Item = (usize, usize)>, text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, cells) in pieces {
        used += cells;
        if used > room {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// `text` in lines of at most `width` cells: broken at blanks and beside wide characters, else where the line is full.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let text = clean(text);
    let width = width.max(2);
    let mut lines: Vec<String> = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    // Where the line may be broken, in bytes of it.
    let mut last = None;
    for piece in text.graphemes(true) {
        let cells = usize::from(piece.cell_width());
        if used + cells > width {
            let rest = match last.filter(|at| *at > 0 && *at < line.len() || piece == " ") {
                Some(at) if piece != " " => line.split_off(at),
                _ => String::new(),
            };
            lines.push(line.trim_end().to_owned());
            line = rest.trim_start().to_owned();
            used = self::cells(&line);
            last = None;
        }
        if line.is_empty() && piece == " " && !lines.is_empty() {
            continue;
        }
        if cells > 1 && !"，。：；、）」”".contains(piece) {
            last = Some(line.len());
        }
        line.push_str(piece);
        used += cells;
        if piece == " " {
            last = Some(line.len());
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Writes cleaned `text` at a place of the buffer as `Buffer::set_string` does, without asking the grapheme tables; false,
/// and nothing written, when it is not of plain characters only or reaches beyond the buffer.
pub fn put_plain(buf: &mut Buffer, x: u16, y: u16, text: &str, style: Style) -> bool {
    let area = *buf.area();
    let fits = |cells| usize::from(x) + cells <= usize::from(area.right());
    if !area.contains((x, y).into()) || !plain_cells(text).is_some_and(fits) {
        return false;
    }
    let mut at = x;
    for c in text.chars() {
        let Some(cell) = buf.cell_mut((at, y)) else { return true };
        cell.set_char(c).set_style(style);
        at += 1;
        if plain_width(c) == Some(2) {
            if let Some(covered) = buf.cell_mut((at, y)) {
                covered.reset();
            }
            at += 1;
        }
    }
    true
}

/// `text` cut to at most `width` cells, without padding.
#[must_use]
pub fn cut(text: &str, width: usize, glyphs: &Glyphs) -> String {
    let whole = clean(text);
    if cells(&whole) <= width {
        return whole.into_owned();
    }
    let fitted = fit_with(text, width, Align::Left, glyphs);
    fitted.trim_end_matches(' ').to_owned()
}

fn pad(text: &str, used: usize, width: usize, align: Align) -> String {
    let gap = width.saturating_sub(used);
    let (left, right) = match align {
        Align::Left => (0, gap),
        Align::Right => (gap, 0),
        Align::Centre => (gap / 2, gap - gap / 2),
    };
    let mut padded = String::with_capacity(text.len() + gap);
    padded.extend(std::iter::repeat_n(' ', left));
    padded.push_str(text);
    padded.extend(std::iter::repeat_n(' ', right));
    padded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::look::ASCII;
    use proptest::prelude::*;

    #[test]
    fn han_is_cut_between_glyphs_and_padded() {
        for (text, cells, want) in [
            ("北京市朝阳区", 7, "北京市…"),
            ("北京市朝阳区", 6, "北京… "),
            ("北京市", 6, "北京市"),
            ("北京", 6, "北京  "),
            ("O'Brien Ltd", 6, "O'Bri…"),
            ("李雷", 1, "…"),
            ("李雷", 0, ""),
            ("a\u{202e}b\u{1b}[31mc\td\u{fe0f}", 9, "ab[31mc d"),
            ("e\u{301}te\u{301}", 3, "e\u{301}te\u{301}"),
        ] {
            assert_eq!(fit(text, cells, Align::Left), want, "{text:?} in {cells}");
        }
        assert_eq!(fit("7", 3, Align::Right), "  7");
        assert_eq!(fit("x", 4, Align::Centre), " x  ");
        assert_eq!(fit_with("abcdef", 4, Align::Left, &ASCII), "ab..");
        assert_eq!(fit_with("abcdef", 1, Align::Left, &ASCII), ".");
    }

    #[test]
    fn plain_characters_have_the_width_the_buffer_uses() {
        let mut plain = 0;
        for c in (0..=0x10FFFF).filter_map(char::from_u32) {
            let Some(width) = plain_width(c) else { continue };
            plain += 1;
            assert_eq!(usize::from(c.to_string().as_str().cell_width()), width, "U+{:04X} {c}", u32::from(c));
            assert!(!is_unsafe(c), "U+{:04X}", u32::from(c));
        }
        assert!(plain > 27_000, "Han is among them: {plain}");
    }

    proptest! {
        #[test]
        fn plain_texts_are_drawn_as_the_buffer_draws_them(
            below in "[a-z一-丏]{0,9}",
            text in "[ -~·─-●㐀-㐏一-丏！-｠]{0,9}",
            x in 0u16..12,
        ) {
            let area = ratatui::layout::Rect::new(0, 0, 20, 1);
            let (mut one, mut other) = (Buffer::empty(area), Buffer::empty(area));
            let style = Style::new().fg(ratatui::style::Color::Red);
            for buf in [&mut one, &mut other] {
                buf.set_string(0, 0, &below, Style::new());
            }
            if put_plain(&mut one, x, 0, &text, style) {
                other.set_string(x, 0, &text, style);
            }
            prop_assert_eq!(one, other);
        }

        #[test]
        fn plain_texts_measure_as_graphemes_do(text in "[ -~·»×‐-‧←-↓−─-●、-】㐀-㐏一-丏！-｠]{0,20}") {
            prop_assert_eq!(plain_cells(&text), Some(grapheme_cells(&text)));
        }

        #[test]
        fn fitted_text_has_exactly_its_width(text in ".*", w in 0usize..40, a in 0..3, ascii: bool) {
            let align = [Align::Left, Align::Right, Align::Centre][a as usize];
            let fitted = fit_with(&text, w, align, if ascii { &ASCII } else { &UNICODE });
            prop_assert_eq!(width(&fitted), w, "{:?}", fitted);
        }

        #[test]
        fn mixed_scripts_too(text in "[\u{0300}-\u{0310}\u{600}-\u{6ff}\u{900}-\u{97f}\u{1100}-\u{11ff}\u{ac00}-\u{ac10}ﾞﾟｱ李\u{1f1e6}-\u{1f1ff}\u{1f3fb}👍 \u{200d}a]{0,12}", w in 0usize..12) {
            let fitted = fit(&text, w, Align::Right);
            prop_assert_eq!(width(&fitted), w, "{:?}", fitted);
        }
    }
}
