//! Figures for review: fairness, response, load, rule effect. Pure sums over the world; nothing is decided here.

pub mod alerts;
pub mod ledger;
pub mod promotion;
pub mod spread;
pub mod trial;
