//! Appending and reading back; several writers; what a crash leaves.

use leadyard::desk::interlock::Interlock;
use leadyard::engine::Host;
use leadyard::model::event::{Body, Edited, IntentId, Restored};
use leadyard::model::field::Field;
use leadyard::model::id::{BatchId, BookVersion, LeadId, RepId, Seq};
use leadyard::model::lead::{Lead, LeadState};
use leadyard::model::time::Millis;
use leadyard::store::{EventLine, Store, StoreError};
use leadyard::watch::WatchState;
use leadyard::world::World;

use crate::fixture::*;

fn quiet(_: u64, _: u64) {}

#[test]
fn what_was_written_is_there_after_reopening_with_and_without_checkpoint() {
    let mut desk = Desk::with_reps();
    let a = desk.take(1);
    desk.take(2);
    desk.write(vec![progressed(a, LeadState::Assigned, LeadState::Won)]);
    let digest = desk.world.digest();
    let path = desk.path();
    for checkpoint in [false, true] {
        if checkpoint {
            desk.store.write_checkpoint(&desk.world, None, desk.now).unwrap();
        }
        let store = Store::open(&path).unwrap();
        let world = store.load_world(&mut quiet).unwrap();
        assert_eq!(world.digest(), digest);
        assert!(world.inconsistencies().is_empty(), "{:?}", world.inconsistencies());
    }
    assert_eq!(desk.store.checkpoints().unwrap().len(), 1);
    let mut folded = Vec::new();
    desk.store.load_world(&mut |_, total| folded.push(total)).unwrap();
    assert_eq!(folded, [0], "a start from the checkpoint folds nothing");
}

#[test]
fn a_damaged_checkpoint_is_passed_over() {
    let mut desk = Desk::with_reps();
    desk.take(1);
    desk.store.write_checkpoint(&desk.world, None, desk.now).unwrap();
    desk.take(1);
    desk.store.write_checkpoint(&desk.world, None, desk.now).unwrap();
    let digest = desk.world.digest();
    let raw = rusqlite::Connection::open(desk.path()).unwrap();
    let newest = "(SELECT max(seq) FROM checkpoint)";
    raw.execute(&format!("UPDATE checkpoint SET blob = zeroblob(100) WHERE seq = {newest}"), []).unwrap();
    let mut totals = Vec::new();
    let world = desk.store.load_world(&mut |_, total| totals.push(total)).unwrap();
    assert_eq!((world.digest(), totals[0]), (digest, 2), "from the older one");
    raw.execute("UPDATE checkpoint SET fold_version = 999", []).unwrap();
    let (mut steps, last) = (Vec::new(), desk.store.last_seq().unwrap().0);
    let world = desk.store.load_world(&mut |folded, total| steps.push((folded, total))).unwrap();
    assert_eq!(world.digest(), digest, "from zero");
    assert_eq!((steps.first(), steps.last()), (Some(&(0, last)), Some(&(last, last))), "with progress");
    desk.store.write_checkpoint(&desk.world, None, desk.now).unwrap();
    let left: i64 = raw.query_row("SELECT count(*) FROM checkpoint", [], |r| r.get(0)).unwrap();
    assert_eq!(left, 1, "those of another fold went");
}

#[test]
fn checkpoints_are_thinned_to_two_and_one_a_day() {
    let mut desk = Desk::with_reps();
    let day = 86_400_000;
    for step in 0..12 {
        desk.take(1);
        let at = Millis(T0 + step * day / 3);
        desk.store.write_checkpoint(&desk.world, None, at).unwrap();
    }
    let days: Vec<i64> = desk.store.checkpoints().unwrap().iter().map(|c| (c.1.0 - T0) * 3 / day).collect();
    // Three a day from 04:00 UTC: the last of each day, and the newest two.
    assert_eq!(days, [2, 5, 8, 10, 11]);
    desk.take(1);
    desk.store.write_checkpoint(&desk.world, None, Millis(T0 + 100 * day)).unwrap();
    assert_eq!(desk.store.checkpoints().unwrap().len(), 2, "older than ninety days went");
    desk.store.drop_checkpoints().unwrap();
    assert!(desk.store.checkpoints().unwrap().is_empty());
    assert_eq!(desk.store.load_world(&mut quiet).unwrap().digest(), desk.world.digest());
}

#[test]
fn time_travel_folds_to_a_place() {
    let mut desk = Desk::with_reps();
    desk.take(1);
    let (seq, digest) = (desk.world.seq(), desk.world.digest());
    desk.store.write_checkpoint(&desk.world, None, desk.now).unwrap();
    let then = desk.now;
    desk.take(2);
    desk.store.write_checkpoint(&desk.world, None, desk.now).unwrap();
    assert_eq!(desk.store.world_at(seq, &mut quiet).unwrap().digest(), digest);
    assert_eq!(desk.store.world_at(Seq(0), &mut quiet).unwrap().digest(), World::new().digest());
    assert_eq!(desk.store.seq_at(then).unwrap(), seq);
    assert_eq!(desk.store.seq_at(Millis(0)).unwrap(), Seq(0));
}

#[test]
fn two_stores_on_one_file_see_each_other() {
    let mut desk = Desk::with_reps();
    let mut other = Store::open(&desk.path()).unwrap();
    let mut there = other.load_world(&mut quiet).unwrap();
    let before = other.data_version().unwrap();
    let lead = desk.take(1);
    assert_ne!(other.data_version().unwrap(), before);
    let events = other.tail(&mut there, 100).unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(there.digest(), desk.world.digest());
    // Now the other writes, and the first catches up inside its own transaction.
    let mut txn = other.begin().unwrap();
    assert!(txn.catch_up(&mut there).unwrap().is_empty());
    let body = progressed(lead, LeadState::Assigned, LeadState::Contacted);
    record(&mut txn, &mut there, desk.now, IntentId(5), BatchId(5), body);
    txn.commit(&there).unwrap();
    desk.take(2);
    assert_eq!(desk.store.tail(&mut desk.world, 10).unwrap().len(), 0);
    other.tail(&mut there, 1).unwrap();
    other.tail(&mut there, 1).unwrap();
    assert_eq!(there.digest(), desk.world.digest());
    assert!(other.outcome(IntentId(5)).unwrap().is_some());
}

#[test]
fn a_second_writer_waits_for_the_first() {
    let mut desk = Desk::with_reps();
    let path = desk.path();
    let txn = desk.store.begin().unwrap();
    let second = std::thread::spawn(move || {
        let mut store = Store::open(&path).unwrap();
        let txn = store.begin().unwrap();
        txn.rollback();
    });
    assert!(!second.is_finished());
    txn.commit(&desk.world).unwrap();
    second.join().unwrap();
}

#[test]
fn a_transaction_dropped_midway_leaves_nothing() {
    let mut desk = Desk::with_reps();
    let (seq, digest) = (desk.world.seq(), desk.world.digest());
    let mut world = desk.world.clone();
    let mut txn = desk.store.begin().unwrap();
    record(&mut txn, &mut world, desk.now, IntentId(9), BatchId(seq.0 + 1), received(LeadId(1)));
    drop(txn);
    assert_eq!(desk.store.last_seq().unwrap(), seq);
    assert_eq!(desk.store.load_world(&mut quiet).unwrap().digest(), digest);
    assert_eq!(desk.store.outcome(IntentId(9)).unwrap(), None);
    assert!(desk.store.contacts(&[LeadId(1)]).unwrap().is_empty());
    // The world that ran ahead is told so.
    let error = desk.store.tail(&mut world, 10).unwrap_err();
    assert!(matches!(error, StoreError::Replaced { .. }));
    desk.take(1);
}

#[test]
fn a_commit_with_the_wrong_world_is_refused() {
    let mut desk = Desk::with_reps();
    let mut world = desk.world.clone();
    let seq = world.seq();
    let mut txn = desk.store.begin().unwrap();
    record(&mut txn, &mut world, desk.now, IntentId(9), BatchId(seq.0 + 1), received(LeadId(1)));
    let error = txn.commit(&desk.world).unwrap_err();
    assert!(error.is_fault(), "{error}");
    assert_eq!(desk.store.last_seq().unwrap(), seq);
}

#[test]
fn events_are_never_changed() {
    let desk = Desk::with_reps();
    let raw = rusqlite::Connection::open(desk.path()).unwrap();
    for sql in ["UPDATE event SET actor = 'x' WHERE seq = 1", "DELETE FROM event WHERE seq = 1"] {
        let error = raw.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{error}");
    }
}

#[test]
fn a_gap_in_the_log_is_named() {
    let mut desk = Desk::with_reps();
    desk.take(1);
    let raw = rusqlite::Connection::open(desk.path()).unwrap();
    raw.execute_batch("DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE seq = 3").unwrap();
    let error = desk.store.load_world(&mut quiet).unwrap_err();
    assert!(error.to_string().contains("event #3 is missing"), "{error}");
}

#[test]
fn an_intent_tells_what_became_of_it() {
    let mut desk = Desk::with_reps();
    let events = desk.write(vec![received(LeadId(1)), assigned(LeadId(1), RepId(1))]);
    let record = desk.store.outcome(events[0].intent).unwrap().unwrap();
    assert_eq!((record.first, record.last, record.batch), (events[0].seq, events[1].seq, events[0].batch));
    let batch = desk.store.batch(record.batch).unwrap().unwrap();
    assert_eq!((batch.events, batch.leads, batch.actor.as_str(), batch.console), (2, 1, "王芳", 7));
    assert_eq!(desk.store.last_batch_of("王芳", 7).unwrap().unwrap().id, record.batch);
    assert!(desk.store.last_batch_of("王芳", 8).unwrap().is_none());
}

#[test]
fn facts_see_the_same_transaction() {
    let mut desk = Desk::with_reps();
    let first = desk.take(1);
    let (batch, mut world) = (BatchId(desk.world.seq().0 + 1), desk.world.clone());
    let mut txn = desk.store.begin().unwrap();
    let lead = LeadId(2);
    let mut r = arrival(lead);
    r.key_hashes = vec![key(spread(first.0))];
    r.attrs.company = "明德教育咨询11".into();
    record(&mut txn, &mut world, desk.now, IntentId(3), batch, Body::LeadReceived(Box::new(r)));
    let hits = txn.key_hits(&world, &[spread(first.0)], Millis(0)).unwrap();
    assert_eq!(hits.iter().map(|h| h.lead).collect::<Vec<_>>(), [lead, first]);
    assert_eq!(hits[1].owner, Some(RepId(1)));
    assert!(txn.key_hits(&world, &[spread(first.0)], Millis(i64::MAX)).unwrap().is_empty());
    let companies = txn.company_hits("明德教育咨询11", 500, Millis(0)).unwrap();
    assert_eq!(companies.iter().map(|h| (h.lead, h.similarity_milli)).next(), Some((lead, 1000)));
    assert_eq!(companies.len(), 2);
    assert_eq!(txn.known("官网", "ext-000002").unwrap(), Some(lead));
    assert_eq!(txn.known("抖音", "ext-000002").unwrap(), None);
    assert_eq!(txn.known("官网", "").unwrap(), None);
    // Closed in the same transaction: the row comes from what left the world.
    record(
        &mut txn,
        &mut world,
        desk.now,
        IntentId(3),
        batch,
        progressed(first, LeadState::Assigned, LeadState::Won),
    );
    assert_eq!(txn.closed_lead(first).unwrap().unwrap().state, LeadState::Won);
    assert_eq!(txn.key_hits(&world, &[spread(first.0)], Millis(0)).unwrap()[1].state, LeadState::Won);
    assert_eq!(Host::batch(&mut txn, batch).unwrap().unwrap().events.len(), 2);
    assert_eq!(Host::batch(&mut txn, BatchId(99)).unwrap().map(|b| b.events.len()), None);
}

#[test]
fn a_withdrawn_lead_frees_its_reference_and_keys_until_it_is_put_back() {
    let mut desk = Desk::with_reps();
    let lead = desk.take(1);
    let row = desk.world.lead(lead).unwrap().clone();
    let restore = |withdrawn: bool, state: LeadState, was: LeadState| {
        let mut row = row.clone();
        row.state = state;
        row.owner = None;
        let row = Box::new(row);
        Body::LeadRestored(Restored {
            was,
            row,
            charges: vec![],
            shares: vec![],
            turns: vec![],
            clock: None,
            withdrawn,
        })
    };
    let mut found = Vec::new();
    for body in [
        None,
        Some(restore(true, LeadState::Invalid, LeadState::Assigned)),
        Some(restore(false, LeadState::Waiting, LeadState::Invalid)),
    ] {
        if let Some(body) = body {
            desk.write(vec![body]);
        }
        let world = desk.world.clone();
        let mut txn = desk.store.begin().unwrap();
        found.push((
            txn.known("官网", "ext-000001").unwrap().is_some(),
            txn.key_hits(&world, &[spread(1)], Millis(0)).unwrap().len(),
            txn.company_hits("明德教育咨询1", 900, Millis(0)).unwrap().len(),
        ));
    }
    assert_eq!(found, [(true, 1, 1), (false, 0, 0), (true, 1, 1)]);
}

#[test]
fn an_edit_changes_what_a_lead_is_found_by() {
    let mut desk = Desk::with_reps();
    let lead = desk.take(1);
    let before = Box::new(attrs(lead));
    let mut after = before.clone();
    after.company = "Acme 工业".into();
    let key_hashes = vec![key(77)];
    desk.write(vec![Body::LeadEdited(Edited {
        lead,
        before,
        after,
        contact: true,
        key_hashes,
        readmit: None,
    })]);
    let world = desk.world.clone();
    let mut txn = desk.store.begin().unwrap();
    assert_eq!(txn.key_hits(&world, &[spread(1)], Millis(0)).unwrap().len(), 0);
    assert_eq!(txn.key_hits(&world, &[77], Millis(0)).unwrap().len(), 1);
    assert_eq!(txn.company_hits("明德教育咨询1", 100, Millis(0)).unwrap().len(), 0);
    assert_eq!(txn.company_hits("Acme 工业", 900, Millis(0)).unwrap().len(), 1);
}

#[test]
fn rows_are_the_world_without_loss() {
    let mut desk = Desk::with_reps();
    let (a, b) = (desk.take(1), desk.take(2));
    let until = desk.now.plus(60_000);
    desk.write(vec![
        Body::LeadReturned { lead: a, from: RepId(1), reason: "不对口".into() },
        Body::LeadHeld { lead: a, until },
    ]);
    let reason =
        leadyard::model::lead::ParkReason::Person { by: "王芳".into(), reason: "等回复".into() };
    desk.write(vec![Body::LeadParked { lead: b, reason, score: 3, why: None }]);
    for lead in [a, b] {
        assert_eq!(desk.store.lead(lead).unwrap().as_ref(), desk.world.lead(lead));
    }
    desk.write(vec![progressed(a, LeadState::Waiting, LeadState::Lost)]);
    let world = desk.world.clone();
    let closed = desk.store.closed_leads(None, 10).unwrap();
    assert_eq!(closed.iter().map(|l| l.id).collect::<Vec<_>>(), [a]);
    let mut txn = desk.store.begin().unwrap();
    // The score is the world's sum by the book in force; a lead's own events only know that of its last decision.
    let own = txn.closed_lead(a).unwrap().map(|lead| Lead { score: closed[0].score, ..lead });
    assert_eq!(own.as_ref(), Some(&closed[0]));
    assert!(world.lead(a).is_none());
}

#[test]
fn pages_finds_and_lines() {
    let mut desk = Desk::with_reps();
    desk.write(vec![book(1, "otherwise park \"x\"\n")]);
    for _ in 0..5 {
        desk.take(1);
    }
    let store = &desk.store;
    let by = |text: &str| -> Vec<(u64, leadyard::store::FoundBy)> {
        store.find(text, 10).unwrap().into_iter().map(|f| (f.lead.0, f.by)).collect()
    };
    use leadyard::store::FoundBy as By;
    assert_eq!(by("L3"), [(3, By::Id)]);
    assert_eq!(by("ext-000002"), [(2, By::ExternalId)]);
    assert_eq!(by("0000 0004"), [(4, By::PhoneEnd)]);
    assert_eq!(by("lilei5@"), [(5, By::Contact)]);
    assert_eq!(by("明德教育咨询4"), [(4, By::Company)]);
    assert_eq!(by("100%"), []);
    assert_eq!(store.find("李雷", 3).unwrap().len(), 3);
    assert_eq!(store.book_text(BookVersion(1)).unwrap().unwrap(), "otherwise park \"x\"\n");
    assert_eq!(store.books(None, 10).unwrap().len(), 1);
    let counts = store.counts().unwrap();
    assert_eq!((counts.leads, counts.by_state[2], counts.contacts, counts.assignments), (5, 5, 5, 5));
    assert_eq!(store.batches(None, 2).unwrap()[0].leads, 1);
    assert_eq!(store.contacts(&[LeadId(3), LeadId(99)]).unwrap().len(), 1);
    let too_many: Vec<LeadId> = (0..501).map(LeadId).collect();
    assert!(matches!(store.contacts(&too_many).unwrap_err(), StoreError::TooMuch { .. }));
    let line = EventLine::from(&store.lead_events(LeadId(3)).unwrap()[1]);
    let json = serde_json::to_value(&line).unwrap();
    assert_eq!((json["verb"].as_str(), json["lead"].as_u64()), (Some("lead.assigned"), Some(3)));
    assert_eq!(json["body"]["why"]["verdict"]["Chosen"]["rep"], 1);
    let raw = rusqlite::Connection::open(desk.path()).unwrap();
    let view: (String, String) = raw
        .query_row("SELECT verb, role FROM event_log WHERE lead = 3 ORDER BY seq", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .unwrap();
    assert_eq!(view, ("lead.received".into(), "coordinator".into()));
    let state: String = raw.query_row("SELECT state FROM lead_list WHERE id = 3", [], |r| r.get(0)).unwrap();
    assert_eq!(state, "assigned");
}

#[test]
fn a_forgotten_contact_leaves_the_log_as_it_is() {
    let mut desk = Desk::with_reps();
    let lead = desk.take(1);
    let mut txn = desk.store.begin().unwrap();
    assert!(txn.forget_contact(lead).unwrap());
    assert!(!txn.forget_contact(lead).unwrap());
    txn.commit(&desk.world).unwrap();
    assert!(desk.store.contacts(&[lead]).unwrap().is_empty());
    assert_eq!(desk.store.load_world(&mut quiet).unwrap().digest(), desk.world.digest());
}

#[test]
fn the_watchs_sums_lie_in_the_checkpoint_and_are_folded_anew_without_it() {
    let mut desk = Desk::with_reps();
    desk.take(1);
    let fold = |store: &Store| {
        let mut sums = WatchState::default();
        for event in store.events(Seq(1), Seq(u64::MAX), 10_000).unwrap() {
            sums.apply(&event);
        }
        sums
    };
    let sums = fold(&desk.store);
    desk.store.write_checkpoint(&desk.world, Some(&sums), desk.now).unwrap();
    let last = desk.store.last_seq().unwrap();
    assert_eq!(desk.store.load_watch(last).unwrap().unwrap().encode().unwrap(), sums.encode().unwrap());
    assert_eq!(desk.store.load_world(&mut quiet).unwrap().digest(), desk.world.digest());
    desk.take(2);
    let mut interlock = Interlock::new(Store::open(&desk.path()).unwrap(), &mut quiet).unwrap();
    assert!(interlock.watch().is_none(), "nobody asked for them");
    assert!(interlock.keep_watch().unwrap());
    let whole = fold(&desk.store).encode().unwrap();
    assert_eq!(interlock.watch().unwrap().encode().unwrap(), whole, "from the checkpoint on");
    desk.store.drop_checkpoints().unwrap();
    let mut interlock = Interlock::new(Store::open(&desk.path()).unwrap(), &mut quiet).unwrap();
    while !interlock.keep_watch().unwrap() {}
    assert_eq!(interlock.watch().unwrap().encode().unwrap(), whole, "from the first event on");
    desk.take(1);
    interlock.catch_up().unwrap();
    assert_eq!(
        interlock.watch().unwrap().encode().unwrap(),
        fold(&desk.store).encode().unwrap(),
        "and along"
    );
}

#[test]
fn values_are_counted_over_all_leads_open_and_closed() {
    let mut desk = Desk::with_reps();
    let mut take = |source: &str, region: &str| {
        let mut one = arrival(desk.world.next_lead());
        (one.attrs.source, one.attrs.region, one.attrs.city) = (source.into(), region.into(), "".into());
        let lead = one.lead;
        desk.write(vec![Body::LeadReceived(Box::new(one)), assigned(lead, RepId(1))]);
        lead
    };
    let first = take("抖音", "上海");
    take("抖音", "");
    take("官网", "上海");
    desk.write(vec![progressed(first, LeadState::Assigned, LeadState::Won)]);
    let values = desk.store.values().unwrap();
    assert_eq!(values.leads, 3);
    assert_eq!(values.of(&Field::Source), [("抖音".into(), 2), ("官网".into(), 1)]);
    assert_eq!(values.of(&Field::Region), [("上海".into(), 2)]);
    assert_eq!(values.of(&Field::Custom("budget".into())), [("50k".into(), 3)]);
    assert!(values.of(&Field::City).is_empty() && values.fields[&Field::Source].is_whole);
}
