//! Cleaning of every text that comes from outside: what cannot be seen or could steer a terminal goes, the rest is NFKC.
//! It does not judge meaning and does not escape for any target; showing and exporting have their own rules.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// The most code points one cleaned text keeps.
pub const MAX_TEXT_CHARS: usize = 4_000;

/// The most code points one grapheme cluster keeps; what stacks higher is cut.
pub const MAX_GRAPHEME_CHARS: usize = 8;

/// Cutting can join neighbours into a new cluster; this many rounds settle every case seen, and one more is harmless.
const ROUNDS: usize = 16;

/// One visible line: NFKC, no control, bidi, zero-width, tag or variation characters, single spaces, bounded clusters
/// and length. Cleaning twice changes nothing.
#[must_use]
pub fn clean_text(raw: &str) -> String {
    cleaned(raw).into_owned()
}

/// [`clean_text`] without a copy of what is clean already.
#[must_use]
pub fn cleaned(raw: &str) -> Cow<'_, str> {
    if is_plain(raw) {
        return Cow::Borrowed(raw);
    }
    let mut text = one_round(raw);
    for _ in 0..ROUNDS {
        let next = one_round(&text);
        if next == text {
            break;
        }
        text = next;
    }
    Cow::Owned(text)
}

/// `clean_text` plus case folding: the form used to compare words, headers and names.
#[must_use]
pub fn fold(raw: &str) -> String {
    clean_text(raw).to_lowercase()
}

/// Whether a cell says "nothing here": empty, or one of the usual ways to write a missing value.
#[must_use]
pub fn is_blank(cleaned: &str) -> bool {
    const MISSING: &[&str] =
        &["n/a", "#n/a", "na", "nan", "null", "(null)", "\\n", "-", "--", "—", "(empty)", "(blank)"];
    cleaned.is_empty() || (cleaned.len() <= 8 && MISSING.iter().any(|m| m.eq_ignore_ascii_case(cleaned)))
}

/// Printable ASCII and everyday Chinese characters: what cleaning would leave as it is. Most cells are of this kind.
fn is_plain(raw: &str) -> bool {
    let mut after_space = true;
    let mut is_fit = |c: char| match c {
        ' ' => !std::mem::replace(&mut after_space, true),
        '!'..='~' | '\u{4E00}'..='\u{9FFF}' => {
            after_space = false;
            true
        }
        _ => false,
    };
    raw.len() <= MAX_TEXT_CHARS && raw.chars().all(&mut is_fit) && (raw.is_empty() || !after_space)
}

fn one_round(raw: &str) -> String {
    let normal: String = raw.chars().filter_map(visible).nfkc().filter_map(visible).collect();
    let mut out = String::with_capacity(normal.len());
    let mut kept = 0;
    for cluster in normal.graphemes(true) {
        // a space that carries a mark (what NFKC makes of ¨ or ‗) is only a space
        let cluster = if cluster.starts_with(' ') { " " } else { cluster };
        if cluster == " " && (out.is_empty() || out.ends_with(' ')) {
            continue;
        }
        let chars = cluster.chars().count().min(MAX_GRAPHEME_CHARS);
        if kept + chars > MAX_TEXT_CHARS {
            break;
        }
        kept += chars;
        out.extend(cluster.chars().take(MAX_GRAPHEME_CHARS));
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// `None` = removed, `Some(' ')` = any kind of space or line break, otherwise the character itself.
fn visible(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        // used as an apostrophe (O´Brien); NFKC would make a space of it
        '´' => Some('\''),
        c if c.is_control() => None,
        c if c.is_whitespace() => Some(' '),
        // soft hyphen, joiners, fillers, bidi marks and isolates, invisible operators
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' => None,
        '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => None,
        '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' => None,
        // variation selectors, musical controls, tags, noncharacters
        '\u{FE00}'..='\u{FE0F}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}' => None,
        '\u{FDD0}'..='\u{FDEF}' => None,
        c if (c as u32) & 0xFFFE == 0xFFFE => None,
        c => Some(c),
    }
}
