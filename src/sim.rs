//! Deterministic simulation over the real interlock.
