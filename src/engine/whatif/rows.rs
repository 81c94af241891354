//! A column by row of the tape that replays share: a clone costs a pointer a block, and a block is copied when one of its rows
//! changes. Most rows of a long stretch belong to leads that are closed, so a desk kept from the middle of it costs little.

use std::sync::Arc;

/// Rows in a block.
const BLOCK: usize = 1024;

/// A column that is cheap to clone.
#[derive(Debug, Clone)]
pub struct Rows<T> {
    blocks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Rows { blocks: Vec::new(), len: 0 }
    }
}

impl<T: PartialEq> PartialEq for Rows<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<T> Rows<T> {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value in `row`.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&T> {
        self.blocks.get(row / BLOCK)?.get(row % BLOCK)
    }

    /// All values in the order of rows.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.blocks.iter().flat_map(|block| block.iter())
    }

    /// Bytes it takes where it shares nothing.
    pub(super) fn bytes(&self) -> usize {
        self.blocks.len() * BLOCK * size_of::<T>()
    }

    /// Bytes it takes beside `other`, with which it shares what neither changed.
    pub(super) fn bytes_beside(&self, other: &Rows<T>) -> usize {
        let shared = self.blocks.iter().zip(&other.blocks).filter(|(a, b)| Arc::ptr_eq(a, b)).count();
        (self.blocks.len() - shared) * BLOCK * size_of::<T>()
    }
}

impl<T: Clone> Rows<T> {
    /// The value in `row`, to be changed.
    pub(super) fn get_mut(&mut self, row: usize) -> Option<&mut T> {
        Arc::make_mut(self.blocks.get_mut(row / BLOCK)?).get_mut(row % BLOCK)
    }

    /// Adds a row.
    pub(super) fn push(&mut self, value: T) {
        if self.len.is_multiple_of(BLOCK) {
            self.blocks.push(Arc::new(Vec::with_capacity(BLOCK)));
        }
        if let Some(last) = self.blocks.last_mut() {
            Arc::make_mut(last).push(value);
        }
        self.len += 1;
    }
}

impl<T: Clone> FromIterator<T> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut rows = Rows::default();
        for value in values {
            rows.push(value);
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_shares_what_neither_changes_and_sees_nothing_of_the_other() {
        let mut here: Rows<usize> = (0..3 * BLOCK + 7).collect();
        let mut there = here.clone();
        assert_eq!(there.bytes_beside(&here), 0);
        *here.get_mut(BLOCK + 1).unwrap() = 0;
        there.push(9);
        let (len, block) = (3 * BLOCK + 7, BLOCK * size_of::<usize>());
        assert_eq!((here.len(), there.len()), (len, len + 1));
        assert_eq!(
            (there.get(BLOCK + 1), there.get(len), here.get(len)),
            (Some(&(BLOCK + 1)), Some(&9), None)
        );
        assert_eq!(there.bytes_beside(&here), 2 * block);
        assert!(here != there);
        assert_eq!(here.iter().count(), len);
        assert_eq!(there.bytes(), 4 * block);
    }
}
