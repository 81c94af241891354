//! The terminal screen: model, update, view. No SQL; ratatui only in theme, view, widget, term and runtime.

pub mod key;
pub mod look;
pub mod text;
pub mod theme;
pub mod widget;
