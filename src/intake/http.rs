//! The HTTP door: leads and follow-up from other programs, and what they may read back.
//!
//! axum routes, hyper bounds what a connection may cost. Handlers read, check and hand orders to the desk; they decide
//! nothing and keep no state about leads. No SQL, no TLS (a proxy's affair), no page for a person.
//!
//! - [`serve`]: sockets, limits, shutting down. [`door`]: what handlers share. [`route`]: the table of paths.
//! - [`auth`]: tokens and signatures. [`rate`]: how often. [`body`], [`json`], [`form`]: bytes to values, strictly.
//! - [`leads`], [`follow_up`], [`read`], [`deliver`]: the handlers. [`health`]: for probes. [`metrics`]: for Prometheus.
//! - [`problem`]: errors as `application/problem+json`.

pub mod auth;
pub mod body;
pub mod deliver;
pub mod door;
pub mod follow_up;
pub mod form;
pub mod health;
pub mod json;
pub mod leads;
pub mod metrics;
pub mod problem;
pub mod rate;
pub mod read;
pub mod route;
pub mod rows;
pub mod serve;
pub mod token;
pub mod told;

pub use door::{Door, DoorOptions};
pub use serve::{Limits, serve};
