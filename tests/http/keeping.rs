//! The answer and what it answers are one transaction: whatever breaks at whichever statement, both are there or neither, and
//! the same request again is told the same.

use std::sync::Arc;

use leadyard::desk::clock::fresh_id;
use leadyard::desk::interlock::CRASH_POINTS;
use leadyard::desk::{Answer, Interlock, Keep};
use leadyard::engine::{Intent, NewLead, Order, Told};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::key::{ContactKind, KeyHash};
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::store::{Store, check};

use crate::rig::NOW;

fn order() -> Order {
    let lead = NewLead {
        attrs: Attrs { company: "澄川仪器".into(), ..Attrs::default() },
        contact: ContactCard { name: "李雷".into(), ..ContactCard::default() },
        keys: vec![KeyHash { kind: ContactKind::Phone, hash: 1 }],
        system: "web".into(),
        external_id: "1".into(),
        received_at: None,
        kind: ArrivalKind::Live,
        state: LeadState::Waiting,
        owner: None,
        do_not_contact: false,
    };
    let actor = Actor { name: "http:web".into(), role: Role::Coordinator, console: 1 };
    Order {
        id: fresh_id(),
        actor,
        intent: Intent::Receive { leads: vec![lead], import: None },
        seen: Vec::new(),
    }
}

fn keep(request: u8) -> Option<Box<Keep>> {
    Some(Box::new(Keep {
        key: Some([7; 32]),
        request: [request; 32],
        since: NOW.plus(-1),
        came: vec![("web".into(), "1".into())],
        render: Arc::new(|world, outcome| {
            let lead = outcome.taken.first().map(|taken| taken.lead());
            let is_open = lead.is_some_and(|lead| world.lead(lead).is_some());
            (201, format!("{lead:?} {is_open}"))
        }),
    }))
}

fn told(answer: &Answer) -> Option<String> {
    match answer.as_ref().ok()?.told.as_ref()? {
        Told::Now { body, .. } | Told::Again { body, .. } => Some(body.clone()),
        Told::OtherRequest => None,
    }
}

#[test]
fn an_answer_and_its_lead_are_both_there_or_neither() {
    let mut struck_at = 0;
    for point in CRASH_POINTS {
        for nth in 0..2 {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("desk.db");
            let mut desk = Interlock::new(Store::create(&path, NOW).unwrap(), &mut |_, _| {}).unwrap();
            let (mut passed, hit) = (0, Arc::new(std::sync::atomic::AtomicBool::new(false)));
            let seen = Arc::clone(&hit);
            desk.plant(Box::new(move |at| {
                let strikes = at == point && passed == nth;
                passed += usize::from(at == point);
                seen.fetch_or(strikes, std::sync::atomic::Ordering::SeqCst);
                strikes
            }));
            let first = desk.group_keeping(&[order()], &[keep(1)], NOW).answers.remove(0);
            if hit.load(std::sync::atomic::Ordering::SeqCst) {
                struck_at += 1;
            }
            let leads = desk.store().counts().unwrap().leads;
            // Reported as taken = there; reported as not = not there, unless it is said to be uncertain.
            assert_eq!(u64::from(told(&first).is_some()), leads, "{point} {nth}: {first:?}");
            let again = desk.group_keeping(&[order()], &[keep(1)], NOW).answers.remove(0);
            let body = told(&again).unwrap_or_else(|| panic!("{point} {nth}: {again:?}"));
            assert_eq!(body, "Some(LeadId(1)) true");
            assert!(told(&first).is_none_or(|first| first == body), "{point} {nth}");
            let other = desk.group_keeping(&[order()], &[keep(2)], NOW).answers.remove(0);
            assert_eq!(other.unwrap().told, Some(Told::OtherRequest));
            assert_eq!(desk.store().counts().unwrap().leads, 1);
            drop(desk);
            assert!(check(&path, &mut |_, _| {}).unwrap().findings.is_empty(), "{point} {nth}");
        }
    }
    assert!(struck_at >= 8, "{struck_at} crashes only");
}

#[test]
fn two_of_one_group_under_one_key_are_told_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.db");
    let mut desk = Interlock::new(Store::create(&path, NOW).unwrap(), &mut |_, _| {}).unwrap();
    let group = desk.group_keeping(&[order(), order(), order()], &[keep(1), keep(1), None], NOW);
    let bodies: Vec<Option<String>> = group.answers.iter().map(told).collect();
    assert_eq!(bodies[0], bodies[1]);
    // Without a key it is told nothing of the kind, and the lead is known.
    assert_eq!((bodies[2].clone(), group.answers[2].as_ref().unwrap().events), (None, 0));
    assert_eq!(desk.store().counts().unwrap().leads, 1);
}

#[test]
fn answers_past_their_time_give_way() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.db");
    let mut desk = Interlock::new(Store::create(&path, NOW).unwrap(), &mut |_, _| {}).unwrap();
    let keyed = |key: u8, since: i64| {
        let mut keep = keep(1).unwrap();
        keep.key = Some([key; 32]);
        keep.since = NOW.plus(since);
        [Some(keep)]
    };
    for key in 0..5 {
        desk.group_keeping(&[order()], &keyed(key, 0), NOW.plus(i64::from(key)));
    }
    assert!(desk.store().kept_answer(&[0; 32]).unwrap().is_some());
    // Two go for each that comes.
    desk.group_keeping(&[order()], &keyed(9, 3), NOW.plus(100));
    let there: Vec<bool> =
        (0..5).map(|key| desk.store().kept_answer(&[key; 32]).unwrap().is_some()).collect();
    assert_eq!(there, [false, false, true, true, true]);
}
