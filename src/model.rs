//! Nouns every room shares: ids, time, lead, rep, contact keys, events. No behaviour beyond what a noun knows of itself.

pub mod actor;
pub mod alert;
pub mod channel;
pub mod complaint;
pub mod contact;
pub mod contact_card;
pub mod event;
pub mod field;
pub mod id;
pub mod key;
pub mod lang;
pub mod lead;
pub mod mode;
pub mod outbox;
pub mod overlay;
pub mod relief;
pub mod rep;
pub mod respond;
pub mod share;
pub mod sheet;
pub mod time;
pub mod trial;
pub mod values;
pub mod why;
