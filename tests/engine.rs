//! The pure rooms under test: world, engine, watch, over a host in memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking; clippy excuses only functions marked as tests"
)]

#[path = "engine/alert_table.rs"]
mod alert_table;
#[path = "engine/alerts.rs"]
mod alerts;
#[path = "engine/desk.rs"]
mod desk;
#[path = "engine/detectors.rs"]
mod detectors;
#[path = "engine/explain.rs"]
mod explain;
#[path = "engine/fairness.rs"]
mod fairness;
#[path = "engine/ledger.rs"]
mod ledger;
#[path = "engine/manual.rs"]
mod manual;
#[path = "engine/pool.rs"]
mod pool;
#[path = "engine/properties.rs"]
mod properties;
#[path = "engine/queue.rs"]
mod queue;
#[path = "engine/ramp.rs"]
mod ramp;
#[path = "engine/relief.rs"]
mod relief;
#[path = "engine/remedies.rs"]
mod remedies;
#[path = "engine/scenario.rs"]
mod scenario;
#[path = "support/scenes.rs"]
mod scenes;
#[path = "engine/score.rs"]
mod score;
#[path = "engine/spread.rs"]
mod spread;
#[path = "support/stream.rs"]
mod stream;
#[path = "engine/trial.rs"]
mod trial;
#[path = "engine/undo.rs"]
mod undo;
#[path = "engine/watch.rs"]
mod watch;
#[path = "engine/watch_lines.rs"]
mod watch_lines;
