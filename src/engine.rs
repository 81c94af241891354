//! Pure decisions: who gets a lead and why, manual work, undo. No clock, chance or IO; facts and log come through [`Host`].

pub mod host;

pub use host::{BatchFacts, CompanyHit, Hit, Host};
