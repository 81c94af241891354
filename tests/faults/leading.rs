//! Who leads when several start at once, when the leader stands still, and in the moment between fence and commit.

use std::sync::Barrier;

use leadyard::desk::leader::{LEASE_RENEW_MS, LEASE_TTL_MS, Leader};
use leadyard::store::LeaseAsk;

use crate::site::{NOW, found, leads, open, receive, scratch};

#[test]
fn of_five_that_start_at_once_one_leads() {
    let dir = scratch();
    let path = dir.path().join("desk");
    drop(found(&path));
    let mut last = 0;
    for round in 0..20 {
        // The lease of the round before has run out: all may bid.
        let boot_ms = (round + 1) * 2 * LEASE_TTL_MS;
        let barrier = Barrier::new(5);
        let leads: Vec<Option<u64>> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..5)
                .map(|n| {
                    let (path, barrier) = (&path, &barrier);
                    scope.spawn(move || {
                        let mut desk = open(path);
                        let mut leader = Leader::new(n, "boot".into());
                        barrier.wait();
                        leader.tick(&mut desk, NOW, boot_ms, false).unwrap();
                        leader.epoch()
                    })
                })
                .collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        let led: Vec<u64> = leads.into_iter().flatten().collect();
        assert_eq!(led.len(), 1, "round {round}: {led:?}");
        assert!(led[0] > last, "epochs strictly increase");
        last = led[0];
    }
}

#[test]
fn a_leader_that_stood_still_writes_nothing_and_steps_down() {
    let dir = scratch();
    let path = dir.path().join("desk");
    let mut old = found(&path);
    let mut new = open(&path);
    let (mut first, mut second) = (Leader::new(1, "boot".into()), Leader::new(2, "boot".into()));
    first.tick(&mut old, NOW, 0, false).unwrap();
    assert!(first.leads());
    // Something to do for whoever leads: leads that wait for the engine.
    let pause =
        crate::site::order(900, leadyard::engine::Intent::SetMode(leadyard::model::mode::Mode::Paused));
    crate::site::ask(&mut new, &pause, NOW).unwrap();
    crate::site::ask(&mut new, &receive(901, leads(1, 6)), NOW).unwrap();
    // The first stands still for a minute; the second asks as often as it would renew.
    let (mut boot_ms, mut taken) = (0, None);
    while boot_ms < 60_000 {
        boot_ms += LEASE_RENEW_MS.min(1_000);
        second.tick(&mut new, NOW.plus(boot_ms), boot_ms, false).unwrap();
        taken = taken.or(second.leads().then_some(boot_ms));
    }
    assert!(taken.unwrap() <= LEASE_TTL_MS + 2_000, "taken over after {taken:?} ms");
    let resume =
        crate::site::order(902, leadyard::engine::Intent::SetMode(leadyard::model::mode::Mode::Auto));
    crate::site::ask(&mut new, &resume, NOW).unwrap();
    let (seq, lease) = (new.store().last_seq().unwrap(), new.store().lease().unwrap());
    first.tick(&mut old, NOW.plus(boot_ms), boot_ms, true).unwrap();
    assert!(!first.leads());
    assert_eq!((new.store().last_seq().unwrap(), new.store().lease().unwrap()), (seq, lease));
}

#[test]
fn nobody_takes_over_between_fence_and_commit() {
    let dir = scratch();
    let path = dir.path().join("desk");
    let mut old = found(&path);
    let mut leader = Leader::new(1, "boot".into());
    leader.tick(&mut old, NOW, 0, false).unwrap();
    let epoch = leader.epoch().unwrap();
    let late = 10 * LEASE_TTL_MS;
    let mut overtaker = None;
    let order = receive(900, leads(1, 3));
    let done = old.lead(std::slice::from_ref(&order), NOW, &mut |txn, _| {
        assert!(txn.fence(epoch)?);
        // Here it stands still, long past its lease; another already asks for it.
        let path = path.clone();
        overtaker = Some(std::thread::spawn(move || {
            let mut new = open(&path);
            let ask = LeaseAsk { holder: "new", boot_id: "boot", now_boot_ms: late, ttl_ms: LEASE_TTL_MS };
            let mut seen = 0;
            new.lead(&[], NOW, &mut |txn, world| {
                seen = world.seq().0;
                txn.lease_acquire(ask).map(|_| true)
            })
            .unwrap();
            seen
        }));
        let (_, nothing) = std::sync::mpsc::channel::<()>();
        let _ = nothing.recv_timeout(std::time::Duration::from_millis(300));
        Ok(true)
    });
    assert!(done.unwrap().answers[0].is_ok());
    let seq = old.world().seq().0;
    assert_eq!(overtaker.unwrap().join().unwrap(), seq, "the commit came before the takeover");
    // Woken again, the old one is behind the fence.
    let again = old.lead(&[receive(901, leads(2, 3))], NOW, &mut |txn, _| txn.fence(epoch)).unwrap();
    assert!(again.answers.is_empty());
    assert_eq!(old.store().last_seq().unwrap().0, seq);
}
