//! The only SQL: log, projections, facts, checkpoints, queries, lease, backup, check.
