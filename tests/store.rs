//! The store from outside: opening, writing, reading back, several writers, copies, checks. Events are made by hand and folded
//! with the one fold; no decision is taken here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

#[path = "store/checking.rs"]
mod checking;
#[path = "store/copying.rs"]
mod copying;
#[path = "store/first.rs"]
mod first;
#[path = "store/fixture.rs"]
mod fixture;
#[path = "store/leading.rs"]
mod leading;
#[path = "store/opening.rs"]
mod opening;
#[path = "store/size.rs"]
mod size;
#[path = "store/writing.rs"]
mod writing;
