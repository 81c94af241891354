//! The HTTP door on a real desk in a temporary folder, by sockets: what is promised about posting, tokens, limits, vendors and
//! closing. Each desk is checked against its log when its test ends.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may")]
#![allow(clippy::disallowed_methods, reason = "limits of time are measured, senders are threads")]

#[path = "http/figures.rs"]
mod figures;
#[path = "http/keeping.rs"]
mod keeping;
#[path = "http/limits.rs"]
mod limits;
#[path = "http/openapi.rs"]
mod openapi;
#[path = "http/posting.rs"]
mod posting;
#[path = "http/process.rs"]
mod process;
#[allow(dead_code, reason = "shared with the tests of the console")]
#[path = "support/pty.rs"]
mod pty;
#[path = "http/rig.rs"]
mod rig;
#[path = "http/serving.rs"]
mod serving;
#[path = "http/tokens.rs"]
mod tokens;
#[path = "http/troubles.rs"]
mod troubles;
#[path = "http/vendors.rs"]
mod vendors;
