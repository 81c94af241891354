//! Figures for review: fairness, response, load, rule effect.
