//! The terminal screen: model, update, view. No SQL; ratatui only in theme, view, widget, term and runtime.

pub mod build;
pub mod card;
pub mod command;
pub mod config;
pub mod desk;
pub mod draft;
pub mod finding;
pub mod handwork;
pub mod key;
pub mod look;
pub mod model;
pub mod msg;
pub mod osc;
pub mod pinyin;
pub mod plain;
pub mod runtime;
pub mod seeing;
pub mod term;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;
pub mod watching;
pub mod whatif;
pub mod widget;
pub mod wish;
