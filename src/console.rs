//! The terminal screen: model, update, view. No SQL; ratatui only in view, widget and runtime.
