//! What leaves the desk: the outbox's worker and its channels. Whom to tell what is the rule book's to say and the watch's to
//! work out; rows are written in the transaction of their cause. Here they are sent, once or more under one id, below the
//! vendors' limits, and given up visibly.
//!
//! Only the leader sends. [`run`] does it all; it spawns nothing.

pub mod again;
pub mod channel;
pub mod config;
pub mod courier;
pub mod fit;
pub mod guard;
pub mod letter;
pub mod limit;
pub mod people;
pub mod run;
pub mod secret;
pub mod sign;
pub mod verdict;
pub mod wire;

pub use channel::Channel;
pub use config::{Channels, ConfigError, load};
pub use courier::{Courier, Turn};
pub use run::run;
pub use verdict::Verdict;
pub use wire::Wire;
