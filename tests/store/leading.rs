//! The lease: one holder, an end by the boot clock, a fence by the epoch.

use leadyard::store::{LeaseAnswer, LeaseAsk, Store};
use leadyard::world::World;

use crate::fixture::Desk;

const TTL: i64 = 15_000;

fn ask<'a>(holder: &'a str, boot_id: &'a str, now_boot_ms: i64) -> LeaseAsk<'a> {
    LeaseAsk { holder, boot_id, now_boot_ms, ttl_ms: TTL }
}

fn acquire(store: &mut Store, world: &World, ask: LeaseAsk<'_>) -> LeaseAnswer {
    let mut txn = store.begin().unwrap();
    let answer = txn.lease_acquire(ask).unwrap();
    txn.commit(world).unwrap();
    answer
}

fn epoch(answer: LeaseAnswer) -> u64 {
    match answer {
        LeaseAnswer::Yours { epoch } => epoch,
        LeaseAnswer::Theirs(lease) => panic!("held by {lease:?}"),
    }
}

#[test]
fn only_one_leads_until_the_end_and_a_new_epoch_fences_the_old() {
    let mut desk = Desk::new();
    let mut other = Store::open(&desk.path()).unwrap();
    let world = desk.world.clone();
    assert_eq!(other.lease().unwrap(), None);
    let first = epoch(acquire(&mut desk.store, &world, ask("a", "boot-1", 1_000)));
    assert_eq!(first, 1);
    let answer = acquire(&mut other, &world, ask("b", "boot-1", 1_000 + TTL - 1));
    assert!(matches!(&answer, LeaseAnswer::Theirs(l) if l.holder == "a" && l.epoch == 1), "{answer:?}");
    // Renewed in time, it lasts longer.
    let mut txn = desk.store.begin().unwrap();
    assert!(txn.lease_renew(first, ask("a", "boot-1", 6_000)).unwrap());
    txn.commit(&world).unwrap();
    assert!(matches!(acquire(&mut other, &world, ask("b", "boot-1", 17_000)), LeaseAnswer::Theirs(_)));
    // Past its end another may take it; the old epoch is fenced and can neither renew nor release.
    let second = epoch(acquire(&mut other, &world, ask("b", "boot-1", 21_000)));
    assert_eq!(second, 2);
    let mut txn = desk.store.begin().unwrap();
    assert!(!txn.fence(first).unwrap());
    assert!(txn.fence(second).unwrap());
    assert!(!txn.lease_renew(first, ask("a", "boot-1", 21_001)).unwrap());
    assert!(!txn.lease_release(first).unwrap());
    txn.rollback();
}

#[test]
fn a_paused_leader_whom_nobody_replaced_goes_on() {
    let mut desk = Desk::new();
    let world = desk.world.clone();
    let epoch = epoch(acquire(&mut desk.store, &world, ask("a", "boot-1", 0)));
    let mut txn = desk.store.begin().unwrap();
    assert!(txn.fence(epoch).unwrap(), "expiry only permits others");
    assert!(txn.lease_renew(epoch, ask("a", "boot-1", 10 * TTL)).unwrap());
    txn.commit(&world).unwrap();
}

#[test]
fn another_boot_voids_the_lease() {
    let mut desk = Desk::new();
    let world = desk.world.clone();
    let old = epoch(acquire(&mut desk.store, &world, ask("a", "boot-1", 900_000)));
    let new = epoch(acquire(&mut desk.store, &world, ask("b", "boot-2", 10)));
    assert_eq!(new, old + 1);
    assert!(desk.store.lease().unwrap().unwrap().is_held("boot-2", 11));
}

#[test]
fn a_release_lets_others_lead_at_once_and_fences_the_one_who_left() {
    let mut desk = Desk::new();
    let world = desk.world.clone();
    let old = epoch(acquire(&mut desk.store, &world, ask("a", "boot-1", 0)));
    let mut txn = desk.store.begin().unwrap();
    assert!(txn.lease_release(old).unwrap());
    assert!(!txn.fence(old).unwrap());
    txn.commit(&world).unwrap();
    let new = epoch(acquire(&mut desk.store, &world, ask("b", "boot-1", 1)));
    assert_eq!(new, old + 1, "epochs never come twice");
}

#[test]
fn an_acquisition_rolled_back_never_was() {
    let mut desk = Desk::new();
    let mut txn = desk.store.begin().unwrap();
    assert!(matches!(txn.lease_acquire(ask("a", "boot-1", 0)).unwrap(), LeaseAnswer::Yours { .. }));
    drop(txn);
    assert_eq!(desk.store.lease().unwrap(), None);
}
