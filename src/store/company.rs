//! How company names are found again: a block (the first letters of the core name) narrows, similarity decides. What a core
//! name and similarity are is `model::contact`'s knowledge.

pub(super) use crate::model::contact::{company_core, company_similarity_milli};

/// Most leads of one block that are compared, newest first.
pub(super) const CANDIDATES_MAX: usize = 200;
/// Letters of the core name that make a block.
const BLOCK_LETTERS: usize = 2;
/// Bits a letter takes in a block: every Unicode scalar fits.
const LETTER_BITS: u32 = 21;

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
