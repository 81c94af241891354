//! What comes in at the door: the stream in its bursts, leads by hand, the same again, leads somebody has in hand already.

use super::{Crew, Wishes};
use crate::engine::{Intent, NewLead};
use crate::model::lead::{ArrivalKind, LeadState};
use crate::model::time::Millis;
use crate::world::World;

/// Leads remembered, of which some are sent again under the same external id.
const RESENT_MAX: usize = 40;
/// Most leads that come at one step: what is over comes at the next.
const STEP_LEADS_MAX: usize = 24;
/// Most leads of one order.
const ORDER_LEADS_MAX: usize = 8;

/// Everything that came since, in a few orders; a lead by hand when nothing did.
pub(super) fn arrivals(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let due = crew.arrivals.due_up_to(now, STEP_LEADS_MAX);
    if due.is_empty() {
        return one(crew, world, now);
    }
    let leads: Vec<NewLead> = due.into_iter().map(|(_, lead)| lead).collect();
    leads.chunks(ORDER_LEADS_MAX).flat_map(|chunk| receive(crew, chunk.to_vec())).collect()
}

pub(super) fn one(crew: &mut Crew, _: &World, now: Millis) -> Wishes {
    let mut lead = crew.arrivals.one_more(now);
    lead.do_not_contact = crew.chance.permille(40);
    receive(crew, vec![lead])
}

/// Many in one order.
pub(super) fn burst(crew: &mut Crew, _: &World, now: Millis) -> Wishes {
    let count = crew.chance.between(8, 20);
    let leads = (0..count).map(|_| crew.arrivals.one_more(now)).collect();
    receive(crew, leads)
}

/// Old ones under their old ids, and a new one between them.
pub(super) fn again(crew: &mut Crew, _: &World, now: Millis) -> Wishes {
    let mut leads: Vec<NewLead> = (0..3).filter_map(|_| crew.chance.pick(&crew.sent).cloned()).collect();
    leads.push(crew.arrivals.one_more(now));
    receive(crew, leads)
}

/// As from a file of old leads: somebody has it already, or it is a record of the past.
pub(super) fn in_hand(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let mut lead = crew.arrivals.one_more(now);
    let kinds = [ArrivalKind::Live, ArrivalKind::Backlog, ArrivalKind::History];
    lead.kind = crew.chance.pick(&kinds).copied().unwrap_or(ArrivalKind::Backlog);
    lead.state = crew.chance.pick(&LeadState::ALL).copied().unwrap_or(LeadState::Assigned);
    let reps = world.reps();
    lead.owner = crew.chance.pick(reps).map(|rep| rep.card.login.clone());
    receive(crew, vec![lead])
}

fn receive(crew: &mut Crew, leads: Vec<NewLead>) -> Wishes {
    crew.sent.extend(leads.iter().cloned());
    let forget = crew.sent.len().saturating_sub(RESENT_MAX);
    crew.sent.drain(..forget);
    let import = (crew.imports % 2 == 1).then_some(crew.imports);
    vec![(crew.coordinator(), Intent::Receive { leads, import })]
}

/// Opens an import, or ends the one that is open.
pub(super) fn bracket(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let who = crew.coordinator();
    if crew.imports % 2 == 1 && world.open_import(crew.imports).is_some() {
        let fingerprint = crew.imports;
        crew.imports += 1;
        return vec![(who, Intent::EndImport { fingerprint, added: 0, known: 0, rejected: 0 })];
    }
    crew.imports |= 1;
    vec![(who, Intent::BeginImport { fingerprint: crew.imports, name: "leads.csv".into(), rows: 8 })]
}
