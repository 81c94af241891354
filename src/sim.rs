//! Deterministic simulation: a company with its arrivals, people and coordinators, the judge of what the desk did, and
//! three desks on one file that crash. Everything follows from a seed; no clock, and no chance of the machine's.

pub mod arrivals;
pub mod books;
pub mod chance;
pub mod company;
pub mod coordinator;
pub mod crew;
pub mod demo;
pub mod desks;
pub mod judge;
pub mod people;
pub mod replay;
pub mod run;
pub mod stage;
pub mod yard;

pub use run::{Options, Report, run, shrink};
