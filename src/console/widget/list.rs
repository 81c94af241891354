//! A list seen through a window: selection by id, never by index. Knows neither what a row says nor how it is drawn.
//!
//! When the selected row leaves, its place keeps a ghost line (the pane supplies the sentence) and nothing is selected
//! until the person moves: a key meant for one lead must never reach its neighbour.

use std::ops::Range;

/// Rows kept visible above and below the selection.
pub const SCROLLOFF_ROWS: usize = 2;

/// How a selection or a window moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
}

/// A line of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<K> {
    /// The row at this index.
    Row(usize),
    /// The place of the row that left.
    Ghost(K),
}

/// Selection and scroll position of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListState<K> {
    selected: Option<K>,
    ghost: Option<K>,
    /// Where the selection (or its ghost) was last seen; also makes finding it again cheap.
    index: usize,
    offset: usize,
    /// Whether anything was ever selected: only a fresh list may select its first row by itself.
    is_fresh: bool,
}

impl<K> Default for ListState<K> {
    fn default() -> Self {
        Self { selected: None, ghost: None, index: 0, offset: 0, is_fresh: true }
    }
}

impl<K: Copy + Eq> ListState<K> {
    /// The selected id. `None` also while a ghost holds the place.
    #[must_use]
    pub fn selected(&self) -> Option<K> {
        self.selected
    }

    /// The id that left while it was selected.
    #[must_use]
    pub fn ghost(&self) -> Option<K> {
        self.ghost
    }

    /// Index of the selected row as of the last `sync` or motion.
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        self.selected.map(|_| self.index)
    }

    /// Takes note of changed rows: follows the selection, or leaves a ghost where it was.
    pub fn sync(&mut self, rows: &[K], page: usize) {
        if self.is_fresh && !rows.is_empty() {
            self.is_fresh = false;
            self.selected = rows.first().copied();
            self.index = 0;
        } else if let Some(id) = self.selected.or(self.ghost) {
            match self.find(id, rows) {
                Some(at) => self.follow(id, at, page),
                None => (self.selected, self.ghost) = (None, Some(id)),
            }
        }
        self.index = self.index.min(rows.len().saturating_sub(usize::from(self.ghost.is_none())));
        self.clamp(rows.len(), page);
    }

    /// Keeps a row that moved on the same screen line, unless the window is at the top and still shows it.
    fn follow(&mut self, id: K, at: usize, page: usize) {
        let stays_at_top = self.offset == 0 && at + SCROLLOFF_ROWS < page;
        if !stays_at_top {
            self.offset = (self.offset + at).saturating_sub(self.index);
        }
        (self.selected, self.ghost, self.index) = (Some(id), None, at);
    }

    fn find(&self, id: K, rows: &[K]) -> Option<usize> {
        let near = self.index.saturating_sub(8)..(self.index + 8).min(rows.len());
        near.clone().find(|i| rows.get(*i) == Some(&id)).or_else(|| rows.iter().position(|row| *row == id))
    }

    /// Moves the selection; from a ghost, onto one of its neighbours, as the person asked.
    pub fn go(&mut self, motion: Motion, rows: &[K], page: usize) {
        if rows.is_empty() {
            return;
        }
        let last = rows.len() - 1;
        let step = page.saturating_sub(1).max(1);
        // The row after a ghost has slid into its index.
        let from_ghost = usize::from(self.ghost.is_some());
        let next = match motion {
            Motion::Up => self.index.saturating_sub(1),
            Motion::Down if self.selected.is_none() && self.ghost.is_none() => 0,
            Motion::Down => self.index + 1 - from_ghost,
            Motion::PageUp => self.index.saturating_sub(step),
            Motion::PageDown => self.index + step,
            Motion::Home => 0,
            Motion::End => last,
        };
        self.select_index(next.min(last), rows, page);
    }

    /// Selects `id` if it is among `rows`.
    pub fn select(&mut self, id: K, rows: &[K], page: usize) -> bool {
        let found = self.find(id, rows);
        if let Some(at) = found {
            self.select_index(at, rows, page);
        }
        found.is_some()
    }

    fn select_index(&mut self, at: usize, rows: &[K], page: usize) {
        self.selected = rows.get(at).copied();
        self.ghost = None;
        self.is_fresh = false;
        self.index = at;
        self.reveal(page);
        self.clamp(rows.len(), page);
    }

    /// Scrolls as little as brings the selection into the window.
    fn reveal(&mut self, page: usize) {
        let margin = SCROLLOFF_ROWS.min(page.saturating_sub(1) / 2);
        let first = (self.index + margin + 1).saturating_sub(page);
        let last = self.index.saturating_sub(margin);
        self.offset = self.offset.clamp(first.min(last), last);
    }

    /// Turns the wheel: moves the window and leaves the selection alone.
    pub fn wheel(&mut self, rows_down: isize, len: usize, page: usize) {
        self.offset = self.offset.saturating_add_signed(rows_down);
        self.clamp(len, page);
    }

    fn clamp(&mut self, len: usize, page: usize) {
        let lines = len + usize::from(self.ghost.is_some());
        self.offset = self.offset.min(lines.saturating_sub(page.max(1)));
    }

    /// Indexes of the rows to load for a window of `page` lines.
    #[must_use]
    pub fn visible(&self, len: usize, page: usize) -> Range<usize> {
        let offset = self.offset.min(len.saturating_sub(page.max(1)));
        offset..(offset + page).min(len)
    }

    /// The lines of the window, the ghost among them where it belongs.
    #[must_use]
    pub fn lines(&self, len: usize, page: usize) -> Vec<Line<K>> {
        let Some(ghost) = self.ghost else { return self.visible(len, page).map(Line::Row).collect() };
        let place = self.index.min(len);
        let offset = self.offset.min((len + 1).saturating_sub(page.max(1)));
        (offset..(offset + page).min(len + 1))
            .map(|line| match line.cmp(&place) {
                std::cmp::Ordering::Less => Line::Row(line),
                std::cmp::Ordering::Equal => Line::Ghost(ghost),
                std::cmp::Ordering::Greater => Line::Row(line - 1),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
