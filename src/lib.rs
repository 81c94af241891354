//! Leadyard: a full-screen terminal console for the desk that hands out inbound sales leads.
//!
//! The folders are the architecture; `tests/walls.rs` reads the imports and keeps it.
//!
//! - [`model`]: nouns: ids, time, lead, rep, contact keys, events. No clock, chance or IO.
//! - [`rulebook`]: text to a checked rule book and back; conditions and their evaluation.
//! - [`world`]: the fold of the log: the one way state changes.
//! - [`engine`]: pure decisions over the world: who gets a lead and why; manual work; undo.
//! - [`watch`]: detectors over the world and the alerts they raise.
//! - [`store`]: the only SQL: the log, its projections, checkpoints, backup, check.
//! - [`desk`]: the running service: the interlock thread, the leader's work, the clock.
//! - [`intake`]: what arrives: CSV, encodings, column mapping, dates, contact keys.
//! - [`notify`]: what leaves: the outbox and its channels.
//! - [`report`]: figures for review.
//! - [`console`]: the terminal screen.
//! - [`cli`]: one file per subcommand.
//! - [`sim`]: the deterministic simulation over the real interlock.

pub mod cli;
pub mod console;
pub mod desk;
pub mod engine;
pub mod intake;
pub mod model;
pub mod notify;
pub mod report;
pub mod rulebook;
pub mod sim;
pub mod store;
pub mod watch;
pub mod world;
