//! Parts that know cells but nothing of leads: text fitting, list windows, gauges, columns, fields. No colours of their own.

pub mod erase;
pub mod field;
pub mod fit;
pub mod gauge;
pub mod list;
pub mod spark;
pub mod table;
