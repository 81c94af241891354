//! How company names are found again: a block (the first letters of the core name) narrows, similarity decides. What a core
//! name and similarity are is `model::contact`'s knowledge.

/// Most leads of one block that are compared, newest first.
pub(super) const CANDIDATES_MAX: usize = 200;
/// Letters of the core name that make a block.
const BLOCK_LETTERS: usize = 2;
/// Bits a letter takes in a block: every Unicode scalar fits.
const LETTER_BITS: u32 = 21;

/// Core names and their similarity, until `model::contact` brings the real ones.
mod core_name {
    use std::collections::BTreeSet;

    pub fn company_core(name: &str) -> String {
        name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
    }

    pub fn company_similarity_milli(a: &str, b: &str) -> u32 {
        let pairs = |t: &str| -> BTreeSet<(char, char)> { t.chars().zip(t.chars().skip(1)).collect() };
        let (a, b) = (pairs(a), pairs(b));
        let both = a.intersection(&b).count();
        let all = a.len() + b.len() - both;
        (both * 1000).checked_div(all).and_then(|milli| u32::try_from(milli).ok()).unwrap_or(0)
    }
}

pub(super) use core_name::{company_core, company_similarity_milli};

/// The block of a core name: its first letters as a number. `None` when there is no name to compare.
pub(super) fn block(core: &str) -> Option<i64> {
    if core.is_empty() {
        return None;
    }
    let letters = core.chars().take(BLOCK_LETTERS);
    Some(letters.fold(0, |block, c| (block << LETTER_BITS) | i64::from(u32::from(c))))
}

/// The block of a name as given.
pub(super) fn block_of(name: &str) -> Option<i64> {
    if name.is_empty() { None } else { block(&company_core(name)) }
}
