//! "Did you mean": the nearest of some names by edit distance. Knows nothing of what the names name.

use smol_str::SmolStr;

/// Longer names are not compared; nobody mistypes a paragraph.
const NAME_CHARS_MAX: usize = 64;

/// The nearest candidate, if it is near enough to be meant; the first of equals.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<SmolStr> {
    let word = letters(word);
    if word.is_empty() || word.len() > NAME_CHARS_MAX {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other = letters(candidate);
        let room = ((word.len().max(other.len()) + 1) / 3).max(usize::from(word.len() > 1));
        if other.len() > NAME_CHARS_MAX || word.len().abs_diff(other.len()) > room {
            continue;
        }
        let apart = distance(&word, &other);
        if apart <= room && best.is_none_or(|(d, _)| apart < d) {
            best = Some((apart, candidate));
        }
    }
    best.map(|(_, name)| SmolStr::new(name))
}

fn letters(text: &str) -> Vec<char> {
    text.chars().map(|c| c.to_ascii_lowercase()).take(NAME_CHARS_MAX + 1).collect()
}

/// Edits between two words; a swap of neighbours counts as one.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["East Senior", "Promo", "华东一组", "抖音"];
        for (word, found) in [
            ("East Senoir", Some("East Senior")),
            ("promo", Some("Promo")),
            ("华东二组", Some("华东一组")),
            ("抖因", Some("抖音")),
            ("West", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(word, names).as_deref(), found, "{word}");
        }
    }
}
