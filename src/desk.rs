//! The running service: the interlock thread, timers, leader; [`DeskHandle`] for everyone else.

pub mod beside;
pub mod clock;
pub mod handle;
pub mod interlock;
pub mod keep;
pub mod leader;
pub mod service;
pub mod trust;
mod watcher;
pub mod whatif;

pub use clock::Clock;
pub use handle::{DeskHandle, News, Standing};
pub use interlock::{Answer, Denied, Interlock};
pub use keep::{Errand, Keep, Render};
pub use service::{Desk, DeskOptions};
