//! What a lead costs in the file: at most 2 KB with four events, contact texts and a typical explanation.

use leadyard::model::event::IntentId;
use leadyard::model::id::{BatchId, LeadId, RepId};
use leadyard::model::lead::LeadState;
use leadyard::store::check;

use crate::fixture::*;

const LEADS: u64 = 10_000;
const BYTES_A_LEAD_MAX: u64 = 2_048;

#[test]
fn a_lead_with_four_events_costs_at_most_2_kb() {
    let mut desk = Desk::with_reps();
    let mut intent = 1u128 << 100;
    // Arrivals of one day, then each lead's follow-ups, every one an intent and a batch of its own.
    let steps = |lead: LeadId| {
        [
            vec![received(lead), assigned(lead, RepId(1 + u32::try_from(lead.0 % 2).unwrap()))],
            vec![progressed(lead, LeadState::Assigned, LeadState::Contacted)],
            vec![progressed(lead, LeadState::Contacted, LeadState::Won)],
        ]
    };
    for step in 0..3 {
        let mut txn = desk.store.begin().unwrap();
        for lead in (1..=LEADS).map(LeadId) {
            intent += 1;
            desk.now = desk.now.plus(700);
            let batch = BatchId(desk.world.seq().0 + 1);
            for body in steps(lead).into_iter().nth(step).unwrap() {
                record(&mut txn, &mut desk.world, desk.now, IntentId(intent), batch, body);
            }
        }
        txn.commit(&desk.world).unwrap();
    }
    let counts = desk.store.counts().unwrap();
    assert_eq!((counts.leads, counts.by_state[5]), (LEADS, LEADS));
    let bytes = counts.bytes / LEADS;
    println!("{bytes} bytes a lead");
    assert!(bytes <= BYTES_A_LEAD_MAX, "{bytes} bytes a lead");
    let report = check(&desk.path(), &mut |_, _| ()).unwrap();
    assert!(report.is_sound(), "{:#?}", report.findings);
}
