//! What a sender is told of its leads, made inside the transaction that took them. It decides nothing.

use std::sync::Arc;

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::problem::Fault;
use crate::desk::Render;
use crate::engine::{Outcome, Taken};
use crate::intake::row::Warning;
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::lead::LeadState;
use crate::world::World;

/// What becomes of one row, before the desk has it.
#[derive(Debug, Clone)]
pub enum Row {
    /// Handed in, with what was odd about it.
    Lead {
        state: LeadState,
        warnings: Vec<Warning>,
        is_test: bool,
    },
    Refused(Fault),
}

/// A lead that is in.
#[derive(Debug, Serialize)]
pub struct LeadTold<'w> {
    id: u64,
    lead: String,
    state: &'static str,
    owner: Option<&'w str>,
    owner_name: Option<&'w str>,
}

impl<'w> LeadTold<'w> {
    /// How it stands; `closed_as` tells of one that the world no longer holds.
    #[must_use]
    pub fn of(world: &'w World, lead: LeadId, closed_as: Option<LeadState>) -> LeadTold<'w> {
        let row = world.lead(lead);
        let owner = row.and_then(|row| row.owner).and_then(|owner| world.rep(owner));
        let state = row.map(|row| row.state).or(closed_as);
        LeadTold {
            id: lead.0,
            lead: lead.to_string(),
            state: state.map_or("closed", LeadState::word),
            owner: owner.map(|rep| rep.card.login.as_str()),
            owner_name: owner.map(|rep| rep.card.name.as_str()),
        }
    }
}

/// The verdict on one row.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum RowVerdict<'w> {
    In {
        #[serde(flatten)]
        told: LeadTold<'w>,
        row: usize,
        verdict: &'static str,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        test: bool,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<&'static str>,
    },
    /// The desk said nothing of it.
    Unknown {
        row: usize,
        verdict: &'static str,
    },
    Refused(Value),
}

/// The verdict on each row, from what the desk did, and how many leads are new.
#[must_use]
pub fn verdicts<'w>(plan: &[Row], world: &'w World, outcome: &Outcome) -> (Vec<RowVerdict<'w>>, usize) {
    let (mut at, mut added) = (0, 0);
    let verdict = |(row, planned): (usize, &Row)| match planned {
        Row::Refused(fault) => {
            let mut value = fault.json();
            value["verdict"] = "rejected".into();
            RowVerdict::Refused(value)
        }
        Row::Lead { state, warnings, is_test } => {
            let taken = outcome.taken.get(at).copied();
            at += 1;
            let Some(taken) = taken else { return RowVerdict::Unknown { row, verdict: "unknown" } };
            let is_new = matches!(taken, Taken::New(_));
            added += usize::from(is_new);
            let closed_as = Some(*state).filter(|state| is_new && !state.is_open());
            RowVerdict::In {
                told: LeadTold::of(world, taken.lead(), closed_as),
                row,
                verdict: if is_new { "taken" } else { "known" },
                test: *is_test,
                warnings: warnings.iter().map(|warning| warning.kind.text(Lang::En)).collect(),
            }
        }
    };
    let rows = plan.iter().enumerate().map(verdict).collect();
    (rows, added)
}

/// The answer to a post of leads: that of the one, or all of them.
#[must_use]
pub fn renderer(plan: Vec<Row>, is_one: bool) -> Render {
    #[derive(Serialize)]
    struct Many<'a> {
        leads: &'a [RowVerdict<'a>],
        taken: usize,
    }
    Arc::new(move |world, outcome| {
        let (rows, added) = verdicts(&plan, world, outcome);
        let status = if added > 0 { StatusCode::CREATED } else { StatusCode::OK };
        let body = match rows.as_slice() {
            [one] if is_one => text(one),
            many => text(&Many { leads: many, taken: added }),
        };
        (status.as_u16(), body)
    })
}

/// As JSON text.
#[must_use]
pub fn text(value: &impl Serialize) -> String {
    // Texts and numbers under names that are texts: there is nothing in it that could fail.
    serde_json::to_string(value).unwrap_or_default()
}
