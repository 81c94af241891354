//! Figures for review: fairness, response, load, rule effect.

pub mod spread;
