//! Making text fit for a message: nothing in it may mention somebody, mark up, link or steer, and it is cut by bytes at a
//! character boundary. What the text says is not known here.

use crate::model::contact::clean_text;

/// Bytes one value from outside may take: a name of a megabyte is no name.
pub const VALUE_BYTES_MAX: usize = 120;

/// A value from outside (a name, a company, a source) as it may stand in any message: one line, nothing invisible, no `@` or
/// `<` that a vendor could take for a mention, nothing it could take for a link.
#[must_use]
pub fn value(text: &str) -> String {
    cut(&line(text), VALUE_BYTES_MAX)
}

/// The same for a whole sentence that holds such values.
#[must_use]
pub fn line(text: &str) -> String {
    let clean = clean_text(text);
    let mut out = String::with_capacity(clean.len());
    for c in clean.chars() {
        out.push(match c {
            '@' => '＠',
            '<' => '＜',
            '>' => '＞',
            c => c,
        });
    }
    out.replace("://", ":／／")
}

/// At most `bytes_max` bytes of `text`, cut at a character with an ellipsis; whole when it fits. Below three bytes nothing.
#[must_use]
pub fn cut(text: &str, bytes_max: usize) -> String {
    if text.len() <= bytes_max {
        return text.to_owned();
    }
    let Some(mut end) = bytes_max.checked_sub('…'.len_utf8()) else { return String::new() };
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", text.get(..end).unwrap_or_default())
}

/// Title, as many lines as fit, a line saying how many did not, and the foot, which is never cut: in `bytes_max` bytes.
#[must_use]
pub fn assemble(
    title: &str,
    lines: &[String],
    more: &dyn Fn(usize) -> String,
    foot: &str,
    bytes_max: usize,
) -> String {
    let foot = cut(foot, bytes_max);
    let room = bytes_max.saturating_sub(foot.len() + 1);
    let title = cut(title, room);
    let all = lines.iter().map(|line| line.len() + 1).sum::<usize>();
    let mut out = title;
    let mut left = room.saturating_sub(out.len());
    let mut shown = lines.len();
    if all > left {
        let note = more(lines.len()).len() + 1;
        let mut room = left.saturating_sub(note);
        shown = 0;
        for line in lines {
            let Some(rest) = room.checked_sub(line.len() + 1) else { break };
            room = rest;
            shown += 1;
        }
        // One line that is too long alone is better cut than left out.
        if shown == 0 && lines.len() == 1 {
            let line = lines.first().map(|line| cut(line, left.saturating_sub(1))).unwrap_or_default();
            return joined([out.as_str(), line.as_str(), foot.as_str()]);
        }
    }
    for line in lines.iter().take(shown) {
        out.push('\n');
        out.push_str(line);
        left = left.saturating_sub(line.len() + 1);
    }
    let note = if shown < lines.len() { more(lines.len() - shown) } else { String::new() };
    let note = if note.len() < left { note } else { String::new() };
    joined([out.as_str(), note.as_str(), foot.as_str()])
}

fn joined<const N: usize>(parts: [&str; N]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cut_never_splits_a_character() {
        assert_eq!(cut("线索遗漏", 12), "线索遗漏");
        assert_eq!(cut("线索遗漏", 11), "线索…");
        // An emoji of four bytes across the cut.
        assert_eq!(cut("ab😀cd", 8), "ab😀cd");
        assert_eq!(cut("ab😀cd", 7), "ab…");
        assert_eq!(cut("线索", 2), "");
    }

    #[test]
    fn no_name_mentions_anybody() {
        for evil in ["<@all>", "@所有人", "<at user_id=\"all\">x</at>", "<!channel>", "@all"] {
            let said = value(evil);
            assert!(!said.contains(['@', '<', '>']), "{said}");
        }
        assert_eq!(value("a\u{1b}]0;x\u{7}b\u{202e}c\nd"), "a]0;xbc d");
        assert_eq!(value("https://evil.example"), "https:／／evil.example");
        assert!(value(&"名".repeat(100_000)).len() <= VALUE_BYTES_MAX);
    }

    proptest! {
        #[test]
        fn whatever_is_said_fits_and_keeps_its_foot(
            title in "\\PC{0,40}", lines in prop::collection::vec("\\PC{0,60}", 0..20), most in 60usize..600,
        ) {
            let foot = "#12 · 01JABCDEFG";
            let more = |n: usize| format!("其余 {n} 条见控制台");
            let said = assemble(&title, &lines, &more, foot, most);
            prop_assert!(said.len() <= most, "{} > {most}", said.len());
            prop_assert!(said.ends_with(foot), "{said}");
        }
    }
}
