//! The console without a terminal: what the screen says and what the keys do. One module an area.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "../support/console.rs"]
mod support;

mod alerts;
mod build;
mod commands;
mod coverage;
mod dead_ends;
mod find;
mod first;
mod handwork;
mod outbox;
mod publishing;
mod queue;
mod rules;
mod screens;
mod see;
mod sheets;
mod terminal;
mod trial;
mod whatif;
