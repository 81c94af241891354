//! Several processes on one file: one leads, a dead or stopped leader is replaced and fenced, racers are told who won, a stopped
//! reader holds up nobody, an old program does not write a newer file. Real processes, real consoles in pseudo-terminals.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]
#![allow(clippy::disallowed_methods, reason = "waits need the clock to end, lines need a thread")]

#[path = "processes/crew.rs"]
mod crew;
#[path = "processes/fence.rs"]
mod fence;
#[path = "processes/leading.rs"]
mod leading;
#[path = "processes/log.rs"]
mod log;
#[allow(dead_code, reason = "shared with the tests of the console")]
#[path = "support/pty.rs"]
mod pty;
#[path = "processes/race.rs"]
mod race;
#[path = "processes/versions.rs"]
mod versions;
