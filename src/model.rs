//! Nouns every room shares: ids, time, lead, rep, contact keys, events. No behaviour beyond what a noun knows of itself.

pub mod field;
pub mod id;
pub mod lang;
pub mod time;
