//! Matching headers to names: the plain form of a header, alias tables, and "did you mean". Knows no field in particular.

use rustc_hash::FxHashMap;

use super::error::IntakeError;
use crate::model::contact::{MAX_TEXT_CHARS, clean_text};

/// A header without case, spaces and punctuation: `Lead_ID`, `leadId` and `ＬＥＡＤ ＩＤ` are one.
#[must_use]
pub fn plain(header: &str) -> String {
    if header.is_ascii() && header.len() <= MAX_TEXT_CHARS {
        let letters = header.bytes().filter(u8::is_ascii_alphanumeric);
        return letters.map(|b| char::from(b.to_ascii_lowercase())).collect();
    }
    clean_text(header).to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The names by which each target is known, the better ones first; made once of a table.
#[derive(Debug)]
pub struct Aliases<T> {
    targets: Vec<T>,
    /// Which target a plain name stands for, and its place among that one's names.
    names: FxHashMap<String, Vec<(usize, usize)>>,
}

impl<T: Clone> Aliases<T> {
    /// The names of a table; earlier targets choose first.
    #[must_use]
    pub fn of(table: &[(T, &[&str])]) -> Self {
        let mut names: FxHashMap<String, Vec<(usize, usize)>> = FxHashMap::default();
        for (target, (_, all)) in table.iter().enumerate() {
            for (place, name) in all.iter().enumerate() {
                names.entry(plain(name)).or_default().push((target, place));
            }
        }
        Aliases { targets: table.iter().map(|(target, _)| target.clone()).collect(), names }
    }

    /// For each header the target one of whose names it is. A target is given once, to the best-named column.
    #[must_use]
    pub fn assign(&self, headers: &[String]) -> Vec<Option<T>> {
        let plain: Vec<String> = headers.iter().map(|header| plain(header)).collect();
        self.assign_plain(&plain)
    }

    /// The same of headers that are [`plain`] already.
    #[must_use]
    pub fn assign_plain(&self, headers: &[String]) -> Vec<Option<T>> {
        let found = |(column, header): (usize, &String)| {
            let meant = self.names.get(header).map(Vec::as_slice).unwrap_or_default();
            meant.iter().map(move |(target, place)| (*target, *place, column))
        };
        let mut all: Vec<(usize, usize, usize)> = headers.iter().enumerate().flat_map(found).collect();
        all.sort_unstable();
        let mut given: Vec<Option<T>> = vec![None; headers.len()];
        let mut last = None;
        for (target, _, column) in all {
            let Some(slot) = given.get_mut(column).filter(|slot| slot.is_none() && last != Some(target))
            else {
                continue;
            };
            *slot = self.targets.get(target).cloned();
            last = Some(target);
        }
        given
    }
}

/// Applies one `--map "Column=field"` to columns that hold fields of a small table; `ignore` frees the column. The field
/// is taken from the column that had it.
///
/// # Errors
/// Unknown column or field, with the nearest known name.
pub fn apply_override<T: Copy + PartialEq>(
    headers: &[String],
    columns: &mut [Option<T>],
    fields: &[(&str, T)],
    text: &str,
) -> Result<(), IntakeError> {
    let bad = |why: &str, near: Option<&str>, known: String| IntakeError::BadOption {
        option: "--map",
        given: text.to_string(),
        why: why.to_string(),
        suggestion: near.map(str::to_string),
        known,
    };
    let names = || fields.iter().map(|(n, _)| *n).chain(["ignore"]);
    let list = || names().collect::<Vec<_>>().join(", ");
    let Some((column, field)) = text.rsplit_once('=') else {
        return Err(bad("write it as Column=field", None, list()));
    };
    let wanted = plain(column);
    let Some(index) = headers.iter().position(|h| plain(h) == wanted) else {
        let near = did_you_mean(column, headers.iter().map(String::as_str));
        return Err(bad("the file has no such column", near, headers.join(", ")));
    };
    let wanted = plain(field);
    let found = fields.iter().find(|(n, _)| plain(n) == wanted).map(|(_, f)| *f);
    if found.is_none() && wanted != "ignore" {
        return Err(bad("there is no such field", did_you_mean(field, names()), list()));
    }
    for other in columns.iter_mut().filter(|c| found.is_some() && **c == found) {
        *other = None;
    }
    if let Some(slot) = columns.get_mut(index) {
        *slot = found;
    }
    Ok(())
}

/// The known word nearest to `given`, when near enough to be a slip of the finger.
#[must_use]
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(given);
    known
        .into_iter()
        .map(|word| (distance(&wanted, &plain(word)), word))
        .filter(|(d, word)| *d <= 1 + word.chars().count() / 4)
        .min_by_key(|(d, _)| *d)
        .map(|(_, word)| word)
}

/// Edit distance with neighbouring letters swapped counting once.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let width = b.len() + 1;
    let mut table = vec![0_usize; (a.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[at(i, j)] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let plain = (table[at(i - 1, j)] + 1)
                    .min(table[at(i, j - 1)] + 1)
                    .min(table[at(i - 1, j - 1)] + same);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if swapped { plain.min(table[at(i - 2, j - 2)] + 1) } else { plain }
            };
        }
    }
    table.last().copied().unwrap_or(0)
}
