//! To be written.
use super::diagnostic::{DiagCode, Diagnostic};
use crate::model::lang::Lang;

pub(super) fn message(code: &DiagCode, _lang: Lang) -> String {
    format!("{code:?}")
}
pub(super) fn hint(_d: &Diagnostic, _lang: Lang) -> Option<String> {
    None
}
