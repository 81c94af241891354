//! The fence without processes, so that the stale leader has work at hand when it wakes.

use leadyard::desk::leader::{LEASE_TTL_MS, Leader};
use leadyard::desk::{Clock, Interlock};
use leadyard::engine::{Intent, Order};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::rep::RepCard;
use leadyard::model::time::Millis;
use leadyard::store::{CATCH_UP_MAX, Store, StoreError};

fn admin(intent: Intent) -> Order {
    let actor = Actor { name: "root".into(), role: Role::Admin, console: 1 };
    Order { id: leadyard::desk::clock::fresh_id(), actor, intent, seen: Vec::new() }
}

#[test]
fn a_leader_that_overslept_its_term_writes_nothing_although_it_has_orders() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.db");
    let now = Clock::Machine.now();
    let mut one = Interlock::new(Store::create(&path, now).unwrap(), &mut |_, _| {}).unwrap();
    let mut two = Interlock::new(Store::open(&path).unwrap(), &mut |_, _| {}).unwrap();
    one.group(&[admin(Intent::Grant { actor: "root".into(), role: Some(Role::Admin) })], now);
    one.group(&[admin(Intent::AddReps { cards: vec![RepCard::new("li", "Li")] })], now);
    let (mut first, mut second) = (Leader::new(1, "boot".into()), Leader::new(2, "boot".into()));
    first.tick(&mut one, now, 0, true).unwrap();
    second.tick(&mut two, now, 1, true).unwrap();
    assert_eq!((first.epoch(), second.epoch()), (Some(1), None));
    assert!(second.due_in_ms(1) > LEASE_TTL_MS - 10, "it asks again when the lease may end, not before");
    let late = LEASE_TTL_MS + 2;
    second.tick(&mut two, now, late, true).unwrap();
    assert_eq!(second.epoch(), Some(2));
    assert!(second.follows_a_death() && !second.follows_a_death(), "told once");
    let before = two.store().last_seq().unwrap();
    let (group, _) = first.tick(&mut one, Millis(now.0 + late), late + 1, true).unwrap();
    assert!(group.answers.is_empty() && !first.leads());
    assert_eq!(two.store().last_seq().unwrap(), before);
    second.resign(&mut two, late + 2);
    first.look(one.store().lease().unwrap().as_ref(), late + 3);
    assert_eq!(first.due_in_ms(late + 3), 0);
    first.tick(&mut one, now, late + 3, true).unwrap();
    assert_eq!(first.epoch(), Some(3));
    assert!(!first.follows_a_death());
}

#[test]
fn who_is_far_behind_catches_up_outside_the_transaction() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.db");
    let now = Clock::Machine.now();
    let mut busy = Interlock::new(Store::create(&path, now).unwrap(), &mut |_, _| {}).unwrap();
    let mut late = Interlock::new(Store::open(&path).unwrap(), &mut |_, _| {}).unwrap();
    busy.group(&[admin(Intent::Grant { actor: "root".into(), role: Some(Role::Admin) })], now);
    let modes = [leadyard::model::mode::Mode::Paused, leadyard::model::mode::Mode::Auto];
    let orders: Vec<Order> = (0..500).map(|i| admin(Intent::SetMode(modes[i % 2]))).collect();
    let limit = CATCH_UP_MAX;
    while busy.world().seq().0 <= limit {
        let fresh: Vec<Order> =
            orders.iter().map(|o| Order { id: leadyard::desk::clock::fresh_id(), ..o.clone() }).collect();
        busy.group(&fresh, now);
    }
    let mut direct = Store::open(&path).unwrap();
    let mut world = leadyard::world::World::new();
    let refused = direct.begin().unwrap().catch_up(&mut world).unwrap_err();
    assert!(matches!(refused, StoreError::TooMuch { limit: l, .. } if l == limit), "{refused}");
    let behind = busy.world().seq().0 - late.world().seq().0;
    let group = late.group(&[admin(Intent::SetMode(modes[0]))], now);
    assert!(!group.reloaded);
    let own = group.events.len() as u64 - behind;
    assert_eq!(late.world().seq().0, busy.world().seq().0 + own);
    busy.catch_up().unwrap();
    assert_eq!(busy.world().digest(), late.world().digest());
}
