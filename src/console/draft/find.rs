//! Looking for a text in the draft, whatever the case of its letters, and putting another in its place.

use crate::console::widget::editor::{At, Editor};
use crate::console::widget::field::Field;

/// Places counted; who has more types on.
pub const FOUND_MAX: usize = 9_999;

/// What is looked for and what would be written instead.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Finding {
    pub find: Field,
    /// None while only looking.
    pub replace: Option<Field>,
    /// Whether the second field has the keyboard.
    pub is_replacing: bool,
    /// Where the cursor stood when looking began: typing on looks from there.
    pub from: At,
}

/// Where `what` stands in the text, each place as line and columns in characters; nothing for an empty text.
#[must_use]
pub fn places(lines: &[String], what: &str) -> Vec<(usize, usize, usize)> {
    let needle: Vec<char> = what.chars().map(lower).collect();
    let mut out = Vec::new();
    if needle.is_empty() {
        return out;
    }
    let ascii = what.is_ascii().then(|| what.to_ascii_lowercase());
    for (number, line) in lines.iter().enumerate() {
        // Most lines hold nothing: say so without taking them apart.
        if ascii.as_ref().is_some_and(|ascii| line.is_ascii() && !line.to_ascii_lowercase().contains(ascii)) {
            continue;
        }
        let chars: Vec<char> = line.chars().map(lower).collect();
        let mut at = 0;
        while at + needle.len() <= chars.len() {
            if chars.get(at..at + needle.len()) == Some(needle.as_slice()) {
                out.push((number, at, at + needle.len()));
                at += needle.len();
            } else {
                at += 1;
            }
            if out.len() >= FOUND_MAX {
                return out;
            }
        }
    }
    out
}

/// One character for one, so that columns stay.
fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// The place to go to: the first at or behind `from` (before it when looking back), else round the end.
#[must_use]
pub fn next(places: &[(usize, usize, usize)], from: At, is_back: bool) -> Option<usize> {
    if is_back {
        let before = places.iter().rposition(|(line, column, _)| (*line, *column) < from);
        return before.or(places.len().checked_sub(1));
    }
    let at = places.iter().position(|(line, column, _)| (*line, *column) >= from);
    at.or((!places.is_empty()).then_some(0))
}

/// Writes `with` at every place, as one step; how many there were.
pub fn replace_all(editor: &mut Editor, what: &str, with: &str) -> usize {
    let places = places(editor.lines(), what);
    let mut lines: Vec<String> = editor.lines().to_vec();
    for (line, from, to) in places.iter().rev() {
        let Some(text) = lines.get_mut(*line) else { continue };
        let byte =
            |text: &str, column: usize| text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
        let (start, end) = (byte(text, *from), byte(text, *to));
        text.replace_range(start..end, with);
    }
    if !places.is_empty() {
        editor.replace(&lines.join("\n"));
    }
    places.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_in_any_case_and_round_the_end() {
        let lines: Vec<String> = ["give to team Promo", "上海 promo Promo", ""].map(str::to_owned).into();
        let found = places(&lines, "PROMO");
        assert_eq!(found, [(0, 13, 18), (1, 3, 8), (1, 9, 14)]);
        assert_eq!(next(&found, (1, 4), false), Some(2));
        assert_eq!(next(&found, (2, 0), false), Some(0));
        assert_eq!(next(&found, (0, 13), true), Some(2));
        assert_eq!(places(&lines, "上海"), [(1, 0, 2)]);
        assert!(places(&lines, "").is_empty() && next(&[], (0, 0), true).is_none());
    }

    #[test]
    fn all_are_replaced_in_one_step() {
        let mut editor = Editor::new("a b a\n华东 a\n");
        assert_eq!(replace_all(&mut editor, "A", "东"), 3);
        assert_eq!(editor.text(), "东 b 东\n华东 东\n");
        editor.undo();
        assert_eq!(editor.text(), "a b a\n华东 a\n");
    }
}
