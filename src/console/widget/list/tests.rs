//! The window follows ids, not indexes.

use super::*;
use proptest::prelude::*;

fn rows(n: u32) -> Vec<u32> {
    (1..=n).collect()
}

#[test]
fn a_fresh_list_selects_its_first_row_once() {
    let mut list = ListState::default();
    list.sync(&[], 5);
    assert_eq!(list.selected(), None);
    list.sync(&rows(3), 5);
    assert_eq!(list.selected(), Some(1));
    list.sync(&[2, 3], 5);
    assert_eq!((list.selected(), list.ghost()), (None, Some(1)));
}

#[test]
fn selection_follows_its_row() {
    let mut list = ListState::default();
    list.sync(&rows(100), 10);
    list.select(50, &rows(100), 10);
    let before = list.index().unwrap_or(0) - list.visible(100, 10).start;
    let moved: Vec<u32> = (201..=220).chain(rows(100)).collect();
    list.sync(&moved, 10);
    assert_eq!(list.selected(), Some(50));
    assert_eq!(list.index().unwrap_or(0) - list.visible(120, 10).start, before, "same screen line");
}

#[test]
fn a_ghost_keeps_the_place_and_no_neighbour_is_selected() {
    let mut list = ListState::default();
    list.sync(&rows(5), 5);
    list.go(Motion::Down, &rows(5), 5);
    let left = [1, 3, 4, 5];
    list.sync(&left, 5);
    assert_eq!(list.selected(), None);
    assert_eq!(list.lines(4, 5), [Line::Row(0), Line::Ghost(2), Line::Row(1), Line::Row(2), Line::Row(3)]);
    let mut down = list.clone();
    down.go(Motion::Down, &left, 5);
    assert_eq!(down.selected(), Some(3));
    list.go(Motion::Up, &left, 5);
    assert_eq!(list.selected(), Some(1));
    down.sync(&rows(5), 5);
    assert_eq!(down.selected(), Some(3));
}

#[test]
fn a_row_that_comes_back_is_selected_again() {
    let mut list = ListState::default();
    list.sync(&rows(3), 5);
    list.sync(&[2, 3], 5);
    list.sync(&rows(3), 5);
    assert_eq!((list.selected(), list.ghost()), (Some(1), None));
}

#[test]
fn scrolloff_and_wheel() {
    let mut list = ListState::default();
    let all = rows(30);
    list.sync(&all, 10);
    for _ in 0..8 {
        list.go(Motion::Down, &all, 10);
    }
    assert_eq!(list.visible(30, 10), 1..11, "two rows stay visible below");
    list.wheel(100, 30, 10);
    assert_eq!(list.visible(30, 10), 20..30);
    assert_eq!(list.selected(), Some(9), "the wheel leaves the selection alone");
    list.go(Motion::Home, &all, 10);
    assert_eq!(list.visible(30, 10), 0..10);
    list.go(Motion::End, &all, 10);
    assert_eq!((list.selected(), list.visible(30, 10)), (Some(30), 20..30));
}

proptest! {
    #[test]
    fn motions_keep_the_selection_in_the_window(steps in prop::collection::vec((0..8usize, 0..20u32), 1..60), page in 1usize..12) {
        let mut list = ListState::default();
        let mut shown = rows(20);
        list.sync(&shown, page);
        for (step, arg) in steps {
            let motions = [Motion::Up, Motion::Down, Motion::PageUp, Motion::PageDown, Motion::Home, Motion::End];
            match motions.get(step) {
                Some(motion) => {
                    list.go(*motion, &shown, page);
                    let window = list.visible(shown.len(), page);
                    prop_assert!(shown.is_empty() || window.contains(&list.index().unwrap_or(99)));
                }
                None if step == 6 => { shown.retain(|id| *id != arg + 1); list.sync(&shown, page); }
                None => { shown.insert(0, 100 + arg); shown.dedup(); list.sync(&shown, page); }
            }
            prop_assert!(list.selected().is_none_or(|id| shown.contains(&id)));
            prop_assert!(list.selected().is_none() || list.ghost().is_none());
            let lines = list.lines(shown.len(), page);
            prop_assert!(lines.len() <= page);
            for line in lines {
                if let Line::Row(i) = line { prop_assert!(i < shown.len()); }
            }
        }
    }
}
