//! Payloads as earlier builds wrote them. A format stays here for as long as a file may hold it.

use serde::Deserialize;
use smol_str::SmolStr;

use super::{Assigned, Body, Placer, Restored, Verb};
use crate::model::alert::{AlertKey, Cleared, Detail, Finding};
use crate::model::id::{BookVersion, LeadId, RepId};
use crate::model::lead::{Charge, Lead, LeadState};
use crate::model::share::Share;
use crate::model::why::Explanation;

/// `lead.assigned` before response clocks.
#[derive(Deserialize)]
struct AssignedV1 {
    lead: LeadId,
    rep: RepId,
    from: Option<RepId>,
    by: Placer,
    book: BookVersion,
    score: i32,
    charge: Charge,
    turn: Option<(SmolStr, Option<RepId>)>,
    why: Option<Box<Explanation>>,
    readmit: Option<Box<Lead>>,
}

/// `lead.recalled` before response clocks.
#[derive(Deserialize)]
struct RecalledV1 {
    lead: LeadId,
    from: RepId,
    reason: SmolStr,
}

/// `lead.restored` before response clocks.
#[derive(Deserialize)]
struct RestoredV1 {
    was: LeadState,
    row: Box<Lead>,
    charges: Vec<Charge>,
    shares: Vec<Share>,
    turns: Vec<(SmolStr, Option<RepId>)>,
    withdrawn: bool,
}

/// `alert.fired` before alerts said how loudly and on what evidence.
#[derive(Deserialize)]
struct FiredV1 {
    finding: Finding,
}

/// `alert.cleared` before it said why.
#[derive(Deserialize)]
struct ClearedV1 {
    key: AlertKey,
}

/// Reads a payload of format 1 of a verb that has another today; `None` for all other verbs. `tail` is the payload without
/// the first byte, which names the variant.
pub(super) fn decode_v1(verb: Verb, tail: &[u8]) -> Option<Result<Body, postcard::Error>> {
    Some(match verb {
        Verb::LeadAssigned => postcard::from_bytes(tail).map(|a: AssignedV1| {
            Body::LeadAssigned(Assigned {
                lead: a.lead,
                rep: a.rep,
                from: a.from,
                by: a.by,
                book: a.book,
                score: a.score,
                charge: a.charge,
                turn: a.turn,
                why: a.why,
                clock: None,
                readmit: a.readmit,
            })
        }),
        Verb::LeadRecalled => postcard::from_bytes(tail).map(|r: RecalledV1| Body::LeadRecalled {
            lead: r.lead,
            from: r.from,
            reason: r.reason,
            timer: None,
        }),
        Verb::LeadRestored => postcard::from_bytes(tail).map(|r: RestoredV1| {
            Body::LeadRestored(Restored {
                was: r.was,
                row: r.row,
                charges: r.charges,
                shares: r.shares,
                turns: r.turns,
                clock: None,
                withdrawn: r.withdrawn,
            })
        }),
        Verb::AlertFired => postcard::from_bytes(tail)
            .map(|f: FiredV1| Body::AlertFired { finding: f.finding, detail: Detail::default() }),
        Verb::AlertCleared => postcard::from_bytes(tail)
            .map(|c: ClearedV1| Body::AlertCleared { key: c.key, cleared: Cleared::default() }),
        _ => return None,
    })
}
