//! Pure decisions: no clock, chance or IO.
