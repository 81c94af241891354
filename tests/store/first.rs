//! The first page: read from the projections, it says what the folded world says.

use leadyard::model::event::Body;
use leadyard::model::id::{LeadId, RepId, Seq};
use leadyard::model::lead::{LeadState, ParkReason, PoolWhy};
use leadyard::model::time::Millis;
use leadyard::store::Store;
use leadyard::world::World;

use crate::fixture::{Desk, assigned, received};

fn park(lead: LeadId, reason: ParkReason) -> Body {
    Body::LeadParked { lead, reason, score: 40, why: None }
}

fn waits(desk: &mut Desk) -> LeadId {
    let lead = desk.world.next_lead();
    desk.write(vec![received(lead)]);
    lead
}

/// Leads waiting, parked, in the pool and with a rep.
fn desk() -> (Desk, Vec<LeadId>) {
    let mut desk = Desk::with_reps();
    let leads: Vec<LeadId> = (0..9).map(|_| waits(&mut desk)).collect();
    let by = || "王芳".into();
    desk.write(vec![
        park(leads[2], ParkReason::Person { by: by(), reason: "call first".into() }),
        park(leads[5], ParkReason::Unmatched),
    ]);
    let pooled = ParkReason::Pool {
        since: desk.now,
        from: None,
        why: PoolWhy::Person { by: by(), reason: "".into() },
    };
    desk.write(vec![park(leads[4], pooled)]);
    (desk, leads)
}

/// The queue as the world has it: waiting as served, then parked by age, the pool left out.
fn order(world: &World) -> Vec<LeadId> {
    let mut parked: Vec<_> = world
        .parked()
        .iter()
        .filter_map(|id| world.lead(*id))
        .filter(|lead| lead.pooled_since().is_none())
        .map(|lead| (lead.waiting_since, lead.id))
        .collect();
    parked.sort_unstable();
    world.waiting().iter().map(|key| key.lead).chain(parked.into_iter().map(|(_, id)| id)).collect()
}

#[test]
fn it_is_the_top_of_the_folded_queue_with_names_loads_and_book() {
    let (desk, _) = desk();
    let store = Store::open_readonly(&desk.path()).unwrap();
    let page = store.first_page(100, desk.now).unwrap();
    assert_eq!(page.picture.seq, desk.world.seq());
    let leads: Vec<LeadId> = page.picture.leads.iter().map(|lead| lead.id).collect();
    assert_eq!(leads, order(&desk.world));
    for lead in &page.picture.leads {
        assert_eq!(Some(lead), desk.world.lead(lead.id));
    }
    assert_eq!(page.waiting, desk.world.waiting().len());
    assert_eq!(page.parked, desk.world.parked().len(), "the pool counts as parked, as in the header");
    assert_eq!(page.contacts.len(), leads.len());
    let pictured = World::pictured(page.picture);
    for (seen, rep) in pictured.reps().iter().zip(desk.world.reps()) {
        assert_eq!((seen.id, &seen.card, seen.load), (rep.id, &rep.card, rep.load));
        assert_eq!((seen.active, seen.duty, &seen.leaves), (rep.active, rep.duty, &rep.leaves));
    }
    assert_eq!(pictured.published().version, desk.world.published().version);
}

#[test]
fn a_lead_that_got_an_owner_is_not_on_it() {
    let (mut desk, leads) = desk();
    desk.write(vec![assigned(leads[0], RepId(1))]);
    let page = Store::open_readonly(&desk.path()).unwrap().first_page(100, desk.now).unwrap();
    assert!(page.picture.leads.iter().all(|lead| lead.id != leads[0] && lead.owner.is_none()));
    assert!(page.picture.leads.iter().all(|l| matches!(l.state, LeadState::Waiting | LeadState::Parked)));
    let rep = &page.picture.reps[0];
    assert_eq!(rep.load, 1);
    assert_eq!(desk.world.reps()[0].load, 1);
}

#[test]
fn it_holds_no_more_than_was_asked_for_and_counts_all() {
    let (desk, _) = desk();
    let page = Store::open_readonly(&desk.path()).unwrap().first_page(3, desk.now).unwrap();
    assert_eq!(page.picture.leads.len(), 3);
    let top: Vec<LeadId> = order(&desk.world).into_iter().take(3).collect();
    assert_eq!(page.picture.leads.iter().map(|lead| lead.id).collect::<Vec<_>>(), top);
    assert_eq!(page.waiting, 6);
}

#[test]
fn an_empty_desk_has_an_empty_page() {
    let desk = Desk::new();
    let page = Store::open_readonly(&desk.path()).unwrap().first_page(100, Millis(0)).unwrap();
    assert_eq!(page.picture.seq, Seq(0));
    assert!(page.picture.leads.is_empty() && page.picture.reps.is_empty() && page.waiting == 0);
}

/// A scan of a million leads would take longer than folding them.
#[test]
fn it_reads_by_index_and_never_the_whole_table() {
    let (desk, _) = desk();
    let raw = rusqlite::Connection::open(desk.path()).unwrap();
    for sql in [
        "SELECT * FROM lead WHERE state = 0 ORDER BY score DESC, received_at, id LIMIT 9",
        "SELECT * FROM lead WHERE state = 1 ORDER BY waiting_since, id LIMIT 9",
        "SELECT count(*) FROM lead WHERE state = 0",
        "SELECT count(*) FROM lead WHERE state = 1",
        "SELECT day, placements FROM ledger WHERE rep = 1 AND team = '' AND day >= 5",
    ] {
        let plan: Vec<String> = raw
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap()
            .query_map([], |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let plan = plan.join("; ");
        assert!(plan.contains("INDEX") || plan.contains("PRIMARY KEY"), "{sql}: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{sql}: {plan}");
    }
}
