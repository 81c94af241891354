//! Detectors (one file each) and the alerts they raise. No clock, chance or IO.
