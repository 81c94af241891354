//! The store from outside: opening, writing, reading back, several writers, copies, checks. Events are made by hand and folded
//! with the one fold; no decision is taken here.

#[path = "store/fixture.rs"]
mod fixture;
#[path = "store/opening.rs"]
mod opening;
#[path = "store/writing.rs"]
mod writing;
