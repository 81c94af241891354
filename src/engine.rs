//! Pure decisions: who gets a lead and why, manual work, undo. No clock, chance or IO; facts and log come through [`Host`].

pub mod assist;
mod credit;
mod desk;
pub mod eligible;
pub mod host;
pub mod intent;
mod ledger;
mod manual;
pub mod memory;
mod merge;
mod overlay;
pub mod pick;
pub mod pool;
mod promotion;
mod receive;
pub mod refusal;
pub mod rehearse;
mod roster;
pub mod route;
pub mod run;
mod sweep;
pub mod timers;
mod undo;
pub mod words;

pub use desk::{lint_facts, names};
pub use host::{BatchFacts, CompanyHit, Hit, Host};
pub use intent::{DivertWish, Intent, NewLead, Order, Outcome, Progress, Taken, Theirs, To};
pub use receive::keys_of;
pub use refusal::Refusal;
pub use rehearse::{Papers, rehearse};
pub use run::{Done, Stop, execute};
