//! `lead add`, `lead edit`.

use super::args::LeadFields;
use super::context::{Context, Done};
use crate::model::id::LeadId;

/// Adds a lead.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn add(_ctx: &Context, _fields: &LeadFields, _external_id: Option<&str>, _system: &str) -> Done {
    Ok(())
}

/// Corrects a lead.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn edit(_ctx: &Context, _lead: LeadId, _fields: &LeadFields) -> Done {
    Ok(())
}
