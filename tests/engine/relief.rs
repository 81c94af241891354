//! What is done about alerts: remedies with a note of the alert, what lines of the book ask for by itself, and complaints.

use leadyard::engine::{Intent, Refusal, Relief};
use leadyard::model::actor::Role;
use leadyard::model::alert::AlertKind;
use leadyard::model::event::{Body, Placer};
use leadyard::model::id::{ComplaintId, LeadId};
use leadyard::model::lead::LeadState;
use leadyard::model::relief::Deed;
use leadyard::model::time::{HOUR_MS, MINUTE_MS};
use leadyard::watch::{automatic, remedies};

use crate::desk::Desk;

/// Two reps of one rule, the first nearly full, the second new, and this line.
fn lopsided(line: &str) -> Desk {
    let book = format!("rule E\n give to team E\n{line}\notherwise wait\n");
    let mut desk = Desk::new(&book).rep("liu", |r| r.team("E").cap(10));
    for _ in 0..9 {
        desk.lead(|l| l);
    }
    desk.hire("li", |r| r.team("E").cap(10));
    desk
}

/// One look as the leader takes it: what is seen, then what the book asks for. Returns how many lines acted.
fn led(desk: &mut Desk) -> usize {
    let asked = automatic::reliefs(&desk.world, &desk.moment());
    desk.look();
    let done = asked.into_iter().map(|intent| desk.engine(intent));
    done.filter(Result::is_ok).count()
}

/// Looks for an hour, every minute; how often a line acted.
fn an_hour(desk: &mut Desk) -> usize {
    let mut acted = 0;
    for _ in 0..60 {
        desk.wait(MINUTE_MS);
        acted += led(desk);
    }
    acted
}

const REASSIGN: &str = "watch load-uneven when load >= 90% beside <= 50% for 1m warn -> reassign";

#[test]
fn a_line_evens_loads_out_by_itself_and_one_undo_takes_it_back_for_good() {
    let mut desk = lopsided(REASSIGN);
    assert_eq!(an_hour(&mut desk), 1);
    assert_eq!((desk.load("liu"), desk.load("li")), (7, 2));
    let done = desk.host.events.iter().find_map(|e| match &e.body {
        Body::AlertRemedied(done) => Some((e, done)),
        _ => None,
    });
    let (event, done) = done.unwrap();
    assert_eq!((&done.deed, done.line.as_deref(), done.leads.len()), (&Deed::Reassign, Some(REASSIGN), 2));
    assert_eq!(event.role, Role::Engine);
    let (batch, episode) = (event.batch, done.episode);
    for lead in done.leads.clone() {
        let placed = desk.host.events.iter().rev().find_map(|e| match &e.body {
            Body::LeadAssigned(a) if a.lead == lead => Some(a.by.clone()),
            _ => None,
        });
        assert_eq!(placed, Some(Placer::Remedy { episode, line: REASSIGN.into() }), "the event says which");
        assert!(!desk.row(lead).pinned, "the rules go on with it");
    }
    desk.undo(batch).unwrap();
    assert_eq!((desk.load("liu"), desk.load("li")), (9, 0));
    assert_eq!(an_hour(&mut desk), 0, "what a person took back is not done again");
}

#[test]
fn a_line_keeps_its_hands_off_pins_holds_contacts_and_what_somebody_looks_after() {
    let mut desk = lopsided(REASSIGN);
    let all: Vec<LeadId> = desk.world.leads().map(|l| l.id).collect();
    for (n, lead) in all.iter().enumerate() {
        match n % 3 {
            0 => drop(desk.place(*lead, "liu").unwrap()),
            1 => drop(desk.progress(*lead, LeadState::Contacted).unwrap()),
            _ => {
                let until = desk.now.plus(29 * MINUTE_MS);
                desk.run(Intent::Hold { leads: vec![*lead], until }).unwrap();
            }
        }
    }
    for _ in 0..20 {
        desk.wait(MINUTE_MS);
        assert_eq!(led(&mut desk), 0);
    }
    assert_eq!((desk.load("liu"), desk.load("li")), (9, 0));

    let mut desk = lopsided(REASSIGN);
    for _ in 0..3 {
        desk.wait(MINUTE_MS);
        desk.look();
    }
    let alert = desk.world.alerts().values().find(|a| a.finding.key.kind == AlertKind::LoadUneven).unwrap();
    let (key, episode) = (alert.finding.key, alert.fired_seq);
    let wish = leadyard::engine::AlertWish::Acknowledge { until: None };
    desk.run(Intent::HandleAlert { key, episode, wish, note: "".into() }).unwrap();
    assert_eq!(an_hour(&mut desk), 0, "somebody looks after it");
}

#[test]
fn nothing_goes_to_and_fro_and_the_hours_budget_holds() {
    let line = "watch load-uneven when load >= 50% beside <= 50% for 1m warn -> reassign at most 3 per hour";
    let book = format!("rule E\n give to team E\n{line}\notherwise wait\n");
    let mut desk = Desk::new(&book).rep("liu", |r| r.team("E").cap(20));
    for _ in 0..18 {
        desk.lead(|l| l);
    }
    desk.hire("li", |r| r.team("E").cap(20));
    let moved = |desk: &Desk| desk.world.moved_by_remedies(AlertKind::LoadUneven, desk.now, HOUR_MS);
    for _ in 0..(4 * 60) {
        desk.wait(MINUTE_MS);
        led(&mut desk);
        assert!(moved(&desk) <= 3, "{}", moved(&desk));
    }
    let mut moves: Vec<LeadId> = Vec::new();
    for event in &desk.host.events {
        if let Body::AlertRemedied(done) = &event.body {
            moves.extend(&done.leads);
        }
    }
    let before = moves.len();
    moves.sort_unstable();
    moves.dedup();
    assert!(before >= 6 && moves.len() == before, "each lead once within a day: {before}");
}

#[test]
fn what_lies_too_long_is_spread_over_a_team_within_its_caps() {
    let book = "rule E\n give to team E\n else wait\nwatch delayed when waiting > 5m warn -> spread over Help\n\
                otherwise park \"nobody\"\n";
    let mut desk = Desk::new(book)
        .rep("li", |r| r.team("E").cap(0))
        .rep("an", |r| r.team("Help").cap(2))
        .rep("bo", |r| r.team("Help").cap(2));
    let leads: Vec<LeadId> = (0..6).map(|_| desk.lead(|l| l)).collect();
    desk.wait(4 * MINUTE_MS);
    assert_eq!(led(&mut desk), 0);
    assert_eq!(an_hour(&mut desk), 1);
    assert_eq!((desk.load("an"), desk.load("bo")), (2, 2), "as many as they may have");
    assert_eq!(leads.iter().filter(|lead| desk.at(**lead) == "waiting").count(), 2);
}

#[test]
fn untouched_leads_are_recalled_by_a_line() {
    let book = "replies from 官网\nrule E\n give to team E\nwatch stalled when untouched > 2h warn -> recall\n\
                otherwise wait\n";
    let mut desk = Desk::new(book).rep("li", |r| r.team("E"));
    let lead = desk.lead(|l| l.source("官网"));
    desk.hire("ou", |r| r.team("E"));
    assert_eq!(desk.at(lead), "li");
    for _ in 0..4 {
        an_hour(&mut desk);
    }
    assert_eq!(desk.at(lead), "ou", "not to the same rep again");
    let recalled = desk.host.events.iter().find_map(|e| match &e.body {
        Body::LeadRecalled { reason, timer: None, .. } => Some(reason.clone()),
        _ => None,
    });
    assert!(recalled.unwrap().contains("-> recall"));
}

#[test]
fn a_paused_or_assisted_engine_does_nothing_by_itself() {
    for mode in [leadyard::model::mode::Mode::Assist, leadyard::model::mode::Mode::Paused] {
        let mut desk = lopsided(REASSIGN);
        desk.run(Intent::SetMode(mode)).unwrap();
        assert_eq!(an_hour(&mut desk), 0);
    }
    let mut desk = lopsided("watch load-uneven warn");
    assert_eq!(an_hour(&mut desk), 0, "without an arrow nothing is asked for");
}

#[test]
fn people_cannot_give_the_engines_order_and_the_engine_checks_it_again() {
    let mut desk = lopsided(REASSIGN);
    desk.wait(MINUTE_MS);
    desk.look();
    desk.wait(2 * MINUTE_MS);
    desk.look();
    let asked = automatic::reliefs(&desk.world, &desk.moment()).remove(0);
    assert!(matches!(desk.run(asked.clone()), Err(Refusal::NotAllowed { .. })));
    let Intent::Relieve { key, episode, line, relief: Relief::Give { moves, .. } } = asked else {
        panic!("{asked:?}")
    };
    for (lead, _) in &moves {
        desk.place(*lead, "liu").unwrap();
    }
    let relief = Relief::Give { team: None, moves };
    let refused = desk.engine(Intent::Relieve { key, episode, line, relief });
    assert!(matches!(refused, Err(Refusal::NotNow { .. })), "pinned meanwhile: {refused:?}");
}

#[test]
fn a_persons_remedy_says_for_which_alert_and_is_one_batch() {
    let mut desk = lopsided("");
    for _ in 0..4 {
        desk.wait(6 * MINUTE_MS);
        desk.look();
    }
    let alert =
        desk.world.alerts().values().find(|a| a.finding.key.kind == AlertKind::LoadUneven).unwrap().clone();
    let best = remedies(&desk.world, &alert, &desk.moment()).remove(0);
    let (key, episode) = (alert.finding.key, alert.fired_seq);
    let order = Intent::Remedy { key, episode, order: Box::new(best.intent) };
    desk.run(order.clone()).unwrap();
    let batches: std::collections::BTreeSet<_> = desk.last.iter().map(|e| e.batch).collect();
    assert_eq!(batches.len(), 1);
    assert!(
        desk.last
            .iter()
            .any(|e| matches!(&e.body, Body::AlertRemedied(r) if r.line.is_none() && r.leads.len() == 2))
    );
    assert!(desk.world.alert_tally(AlertKind::LoadUneven).acted == 1, "that was acting on it");
    let batch = desk.last_batch();
    desk.undo(batch).unwrap();
    assert_eq!((desk.load("liu"), desk.load("li")), (9, 0));
    let nonsense = Intent::Remedy { key, episode, order: Box::new(Intent::Sweep) };
    assert!(desk.run(nonsense).is_err(), "only what helps");
}

#[test]
fn a_complaint_is_made_once_and_upheld_in_one_batch() {
    let mut desk = Desk::new("rule E\n give to team E\notherwise wait\n")
        .rep("li", |r| r.team("E"))
        .rep("ou", |r| r.team("E"));
    let lead = desk.lead(|l| l);
    assert_eq!(desk.at(lead), "li");
    desk.speak("ou", Role::Rep);
    assert!(matches!(desk.run(Intent::Complain { lead, why: " ".into() }), Err(Refusal::NeedsReason)));
    desk.run(Intent::Complain { lead, why: "我的老客户".into() }).unwrap();
    let again = desk.run(Intent::Complain { lead, why: "again".into() });
    assert!(matches!(again, Err(Refusal::AlreadySo { .. })));
    let complaint = ComplaintId(1);
    let made = desk.world.complaint(complaint).unwrap();
    assert_eq!((made.rep, made.owner), (Some(desk.id("ou")), Some(desk.id("li"))));
    let to = Some(desk.id("ou"));
    let ruling = |upheld, reason: &str| Intent::RuleOn { complaint, upheld, to, reason: reason.into() };
    assert!(matches!(desk.run(ruling(true, "so")), Err(Refusal::NotAllowed { .. })), "a rep does not rule");
    desk.speak("boss", Role::Supervisor);
    assert!(matches!(desk.run(ruling(true, "")), Err(Refusal::NeedsReason)));
    desk.run(ruling(true, "he knows them")).unwrap();
    assert_eq!(desk.at(lead), "ou");
    assert_eq!(desk.world.open_complaints().count(), 0);
    let batch = desk.last_batch();
    assert!(
        matches!(desk.run(ruling(false, "no")), Err(Refusal::NoSuchComplaint { .. })),
        "ruled on already"
    );
    desk.undo(batch).unwrap();
    assert_eq!(desk.at(lead), "li");
    assert!(desk.world.complaint(complaint).unwrap().ruling.is_none(), "open again");
    desk.run(ruling(false, "came first to li")).unwrap();
    let ruled = desk.world.complaint(complaint).unwrap().ruling.clone().unwrap();
    assert_eq!((ruled.upheld, ruled.to), (false, None));
    assert_eq!(desk.at(lead), "li");
}

#[test]
fn a_rep_takes_back_what_reps_may_do_and_nothing_else() {
    let mut desk = Desk::new("rule E\n give to team E\notherwise wait\n")
        .rep("li", |r| r.team("E"))
        .rep("ou", |r| r.team("E"));
    let lead = desk.lead(|l| l);
    desk.speak("li", Role::Rep);
    desk.run(Intent::Complain { lead, why: "not mine".into() }).unwrap();
    let complained = desk.last_batch();
    desk.progress(lead, LeadState::Contacted).unwrap();
    let progressed = desk.last_batch();
    desk.run(Intent::Return { leads: vec![lead], reason: "too far".into() }).unwrap();
    let returned = desk.last_batch();
    let refused = desk.undo(returned);
    assert!(matches!(refused, Err(Refusal::NotAllowed { needs: Role::Coordinator, has: Role::Rep })));
    desk.undo(complained).unwrap();
    assert_eq!(desk.world.complaints().count(), 0);
    assert!(
        !matches!(desk.undo(progressed), Err(Refusal::NotAllowed { .. })),
        "only what came since hinders"
    );
    desk.speak("ou", Role::Rep);
    assert!(matches!(desk.undo(progressed), Err(Refusal::NotYourBatch { .. })));
}

#[test]
fn an_upheld_complaint_without_a_name_is_decided_anew_and_a_made_one_can_be_taken_back() {
    let mut desk = Desk::new("rule E\n give to team E\notherwise wait\n")
        .rep("li", |r| r.team("E"))
        .rep("ou", |r| r.team("E"));
    let lead = desk.lead(|l| l);
    desk.run(Intent::Complain { lead, why: "not hers".into() }).unwrap();
    let batch = desk.last_batch();
    desk.undo(batch).unwrap();
    assert_eq!(desk.world.complaints().count(), 0);
    desk.run(Intent::Complain { lead, why: "not hers".into() }).unwrap();
    let complaint = ComplaintId(2);
    desk.run(Intent::RuleOn { complaint, upheld: true, to: None, reason: "right".into() }).unwrap();
    assert_eq!(desk.at(lead), "ou");
    let other = desk.lead(|l| l);
    desk.run(Intent::Complain { lead: other, why: "hm".into() }).unwrap();
    desk.progress(other, LeadState::Invalid).unwrap();
    let complaint = ComplaintId(3);
    desk.run(Intent::RuleOn { complaint, upheld: true, to: None, reason: "closed meanwhile".into() })
        .unwrap();
    assert!(desk.world.complaint(complaint).unwrap().ruling.is_some());
    assert!(matches!(
        desk.run(Intent::Complain { lead: other, why: "x".into() }),
        Err(Refusal::Closed { .. })
    ));
}
