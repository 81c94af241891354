//! The fold of the log: World and `apply`. No decisions, no detectors.
