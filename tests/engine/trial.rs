//! Drafts on trial: a shadow that changes nothing and tells where it differs, a canary that decides its share and then
//! publishes or withdraws itself.

use leadyard::engine::{Intent, Outcome, Refusal, TrialWish, words};
use leadyard::model::actor::Role;
use leadyard::model::event::Body;
use leadyard::model::id::{BookVersion, LeadId};
use leadyard::model::lang::Lang;
use leadyard::model::lead::LeadState;
use leadyard::model::time::{HOUR_MS, MINUTE_MS};
use leadyard::model::trial::{Landing, Share, TrialEnd, TrialKind};
use leadyard::world::World;

use crate::desk::Desk;

const BOOK: &str = "rule East\n give to team E\nreplies from crm\notherwise wait\n";
const DRAFT: &str = "rule West\n when source = crm\n give to team W\n respond within 20m, else escalate\n\
                     rule East\n give to team E\nreplies from crm\notherwise wait\n";

fn desk() -> Desk {
    let mut desk =
        Desk::new(BOOK).rep("li", |r| r.team("E").name("李雷")).rep("ou", |r| r.team("W").name("欧阳娜娜"));
    desk.sweep();
    desk
}

fn try_out(desk: &mut Desk, text: &str, kind: TrialKind) -> Result<Outcome, Refusal> {
    let base = desk.world.published().version;
    desk.run(Intent::StartTrial(TrialWish { text: text.into(), kind, reason: "试".into(), base }))
}

fn canary(desk: &Desk, share: Share, promote_when: &str) -> TrialKind {
    TrialKind::Canary { share, until: desk.now.plus(HOUR_MS), promote_when: promote_when.into() }
}

fn half() -> Share {
    Share::Leads { permille: 500, salt: 3 }
}

fn settle(desk: &mut Desk) -> TrialEnd {
    desk.wait(HOUR_MS);
    desk.engine(Intent::SettleTrial).unwrap();
    desk.world.trial().unwrap().kept.ended.clone().unwrap().1
}

#[test]
fn a_shadow_decides_along_without_effect_and_tells_where_it_differs() {
    let (mut with, mut without) = (desk(), desk());
    try_out(&mut with, DRAFT, TrialKind::Shadow).unwrap();
    let sources = ["crm", "mail", "crm", "web"];
    let leads: Vec<LeadId> = sources.iter().map(|s| with.lead(|l| l.source(s))).collect();
    let same: Vec<LeadId> = sources.iter().map(|s| without.lead(|l| l.source(s))).collect();
    for (a, b) in leads.iter().zip(&same) {
        assert_eq!((with.at(*a), with.why(*a)), (without.at(*b), without.why(*b)));
    }
    let told: Vec<_> = with
        .host
        .events
        .iter()
        .filter_map(|e| match &e.body {
            Body::TrialDiffered { lead, live, draft, .. } => Some((*lead, live.clone(), draft.clone())),
            _ => None,
        })
        .collect();
    let to = |login: &str, rule: &str| Landing::Rep { rep: with.id(login), rule: Some(rule.into()) };
    let differs = |lead| (lead, to("li", "East"), to("ou", "West"));
    assert_eq!(told, [differs(leads[0]), differs(leads[2])]);
    let tally = with.world.trial_on().unwrap().tally();
    assert_eq!((tally.differed, tally.rest.placed, tally.draft.placed), (2, 4, 0));
    // A lead that waits, and is placed later, is compared both times.
    with.duty("li", false);
    let late = with.lead(|l| l.source("mail"));
    with.duty("li", true);
    assert_eq!((with.at(late).as_str(), with.world.trial_on().unwrap().tally().differed), ("li", 2));
    let waits = with.lead(|l| l.source("crm"));
    assert_eq!((with.at(waits).as_str(), with.world.trial_on().unwrap().tally().differed), ("li", 3));
}

#[test]
fn a_canary_decides_its_share_and_nobody_elses_and_says_so() {
    let mut desk = desk();
    let kind = canary(&desk, half(), "");
    try_out(&mut desk, DRAFT, kind).unwrap();
    let leads: Vec<LeadId> = (0..40).map(|_| desk.lead(|l| l.source("crm"))).collect();
    let drawn = |lead: &LeadId| half().draws(*lead);
    for lead in &leads {
        assert_eq!(desk.at(*lead), if drawn(lead) { "ou" } else { "li" });
        assert_eq!(desk.why(*lead).unwrap().verdict.tried().is_some(), drawn(lead));
    }
    let count = leads.iter().filter(|lead| drawn(lead)).count() as u64;
    let tally = *desk.world.trial_on().unwrap().tally();
    assert!((10..30).contains(&count), "{count}");
    assert_eq!((tally.draft.placed, tally.rest.placed), (count, 40 - count));
    let tried = leads.iter().find(|lead| drawn(lead)).copied().unwrap();
    let why = desk.why(tried).unwrap();
    let said = words::verdict(&desk.world, why, Lang::En);
    assert_eq!(
        said,
        "rule 1 “West” of draft T1, on trial for 50 % of leads, gave it to 欧阳娜娜: the only one free"
    );
    let said = words::verdict(&desk.world, why, Lang::Zh);
    assert!(said.starts_with("试运行草稿 T1（50% 的线索）的规则 1「West」分配给 欧阳娜娜"), "{said}");
    // Its limit holds although the book in force has no such rule.
    assert_eq!(desk.world.clock(tried).map(|clock| clock.rule.as_str()), Some("West"));
    // What people and timers make of it stands on its own side.
    desk.wait(10 * MINUTE_MS);
    desk.progress(tried, LeadState::Contacted).unwrap();
    let other = leads.iter().filter(|lead| drawn(lead)).nth(1).copied().unwrap();
    desk.place(other, "li").unwrap();
    let draft = desk.world.trial_on().unwrap().tally().draft;
    assert_eq!((draft.answered, draft.response_ms, draft.overridden), (1, 10 * MINUTE_MS, 1));
    assert_eq!(desk.world.trial_on().unwrap().tally().rest, tally.rest);
    // The end needs no event: past it the book in force decides.
    desk.wait(HOUR_MS);
    let late: Vec<LeadId> = (0..20).map(|_| desk.lead(|l| l.source("crm"))).collect();
    assert!(late.iter().all(|lead| desk.at(*lead) == "li"));
    // The checkpoint knows all of it.
    let again = World::decode(&desk.world.encode().unwrap()).unwrap();
    assert_eq!(again.digest(), desk.world.digest());
    assert_eq!(again.trial().unwrap().play().2.len(), 2);
}

#[test]
fn a_canary_publishes_itself_when_its_condition_holds() {
    let mut desk = desk();
    let kind = canary(&desk, half(), "placed >= 3 and overridden <= 10%");
    try_out(&mut desk, DRAFT, kind).unwrap();
    for _ in 0..20 {
        desk.lead(|l| l.source("crm"));
    }
    desk.engine(Intent::SettleTrial).unwrap();
    assert!(desk.world.trial_on().is_some(), "its time is not over");
    assert_eq!(settle(&mut desk), TrialEnd::Promoted);
    let published = desk.world.published();
    assert_eq!((published.version, published.text.as_str()), (BookVersion(2), DRAFT));
    let batch = desk.last_batch();
    let lead = desk.lead(|l| l.source("crm"));
    assert_eq!((desk.at(lead).as_str(), desk.why(lead).unwrap().verdict.tried()), ("ou", None));
    desk.undo(batch).unwrap();
    assert_eq!((desk.world.published().text.as_str(), desk.world.trial_on().is_some()), (BOOK, false));
}

#[test]
fn a_canary_withdraws_itself_and_says_why() {
    let ends = |promote_when: &str, meanwhile: &dyn Fn(&mut Desk)| {
        let mut desk = desk();
        let kind = canary(&desk, half(), promote_when);
        try_out(&mut desk, DRAFT, kind).unwrap();
        let leads: Vec<LeadId> = (0..8).map(|_| desk.lead(|l| l.source("crm"))).collect();
        meanwhile(&mut desk);
        let text = desk.world.published().text.clone();
        let end = settle(&mut desk);
        assert_eq!(desk.world.published().text, text, "{end:?}");
        assert!(leads.iter().any(|lead| desk.at(*lead) == "ou"), "what it placed stays");
        end
    };
    assert_eq!(ends("", &|_| {}), TrialEnd::Unmet("".into()));
    assert_eq!(ends("placed >= 1 and placed >= 900", &|_| {}), TrialEnd::Unmet("placed >= 900".into()));
    assert_eq!(
        ends("response <= 10m", &|_| {}),
        TrialEnd::Unmet("response <= 10m".into()),
        "nobody answered"
    );
    assert_eq!(ends("placed >= 1", &|d| d.publish(&format!("{BOOK}# more\n"))), TrialEnd::BookMoved);
}

#[test]
fn a_canary_of_a_team_decides_what_the_book_would_give_to_it() {
    let book =
        "rule East\n when source = crm\n give to team E\nrule North\n give to team N\notherwise wait\n";
    let draft = "rule All\n give to team W\n";
    let mut desk = Desk::new(book)
        .rep("li", |r| r.team("E"))
        .rep("ou", |r| r.team("W").cap(1))
        .rep("no", |r| r.team("N"));
    desk.sweep();
    let kind = canary(&desk, Share::Team("E".into()), "");
    try_out(&mut desk, draft, kind).unwrap();
    let (a, b, c) =
        (desk.lead(|l| l.source("crm")), desk.lead(|l| l.source("web")), desk.lead(|l| l.source("crm")));
    assert_eq!([desk.at(a), desk.at(b), desk.at(c)], ["ou", "no", "waiting"]);
    // Nobody of the draft is free; when the book would give it to nobody of the team either, it is the draft's no longer.
    desk.edit(c, |attrs| attrs.source = "web".into()).unwrap();
    assert_eq!(desk.at(c), "no");
    let d = desk.lead(|l| l.source("crm"));
    desk.wait(HOUR_MS);
    desk.sweep();
    assert_eq!(desk.at(d), "li", "its time is over");
}

#[test]
fn a_pause_a_divert_and_a_person_bind_a_canary_like_the_book() {
    let mut desk = desk();
    let kind = canary(&desk, Share::Leads { permille: 999, salt: 1 }, "");
    try_out(&mut desk, DRAFT, kind).unwrap();
    let scope = leadyard::model::mode::ModeScope::Team("W".into());
    let mode = leadyard::model::mode::Mode::Paused;
    desk.run(Intent::SetScopeMode { scope, mode, until: None }).unwrap();
    let lead = desk.lead(|l| l.source("crm"));
    assert_eq!(desk.at(lead), "waiting");
    desk.place(lead, "li").unwrap();
    assert!(desk.row(lead).pinned);
}

#[test]
fn who_may_try_a_draft_and_which() {
    let mut desk = desk();
    let good = canary(&desk, half(), "");
    let refused = |desk: &mut Desk, text: &str, kind: &TrialKind| match try_out(desk, text, kind.clone()) {
        Err(refusal) => refusal.code(),
        Ok(_) => "allowed",
    };
    assert_eq!(refused(&mut desk, "rule X\n give to team Nowhere\n", &good), "book-has-errors");
    let past = TrialKind::Canary { share: half(), until: desk.now, promote_when: "".into() };
    assert_eq!(refused(&mut desk, DRAFT, &past), "bad-end");
    for permille in [0, 1000] {
        let share = Share::Leads { permille, salt: 1 };
        let kind = canary(&desk, share, "");
        assert_eq!(refused(&mut desk, DRAFT, &kind), "bad-share");
    }
    let nowhere = canary(&desk, Share::Team("Nowhere".into()), "");
    assert_eq!(refused(&mut desk, DRAFT, &nowhere), "no-such-team");
    let vague = canary(&desk, half(), "better than before");
    assert_eq!(refused(&mut desk, DRAFT, &vague), "bad-term");
    assert_eq!(desk.run(Intent::StopTrial).unwrap_err().code(), "no-trial");
    desk.run(Intent::Grant { actor: "王芳".into(), role: Some(Role::Admin) }).unwrap();
    desk.run(Intent::Grant { actor: "赵敏".into(), role: Some(Role::Coordinator) }).unwrap();
    desk.speak("赵敏", Role::Coordinator);
    assert_eq!(refused(&mut desk, DRAFT, &good), "not-allowed");
    desk.speak("王芳", Role::Admin);
    try_out(&mut desk, DRAFT, good.clone()).unwrap();
    assert_eq!(refused(&mut desk, DRAFT, &TrialKind::Shadow), "trial-is-on");
    assert_eq!(desk.run(Intent::SettleTrial).unwrap_err().code(), "not-allowed");
}

#[test]
fn begin_and_end_of_a_trial_can_be_undone() {
    let mut desk = desk();
    let kind = canary(&desk, half(), "");
    try_out(&mut desk, DRAFT, kind.clone()).unwrap();
    let began = desk.last_batch();
    for _ in 0..6 {
        desk.lead(|l| l.source("crm"));
    }
    let tally = *desk.world.trial_on().unwrap().tally();
    desk.undo(began).unwrap();
    assert!(desk.world.trial_on().is_none());
    try_out(&mut desk, DRAFT, kind).unwrap();
    assert_eq!(desk.world.trial_on().unwrap().trial().id.0, 2);
    desk.lead(|l| l.source("crm"));
    desk.run(Intent::StopTrial).unwrap();
    let stopped = desk.last_batch();
    desk.undo(stopped).unwrap();
    let on = desk.world.trial_on().unwrap();
    assert_eq!((on.trial().id.0, on.tally().draft.placed + on.tally().rest.placed), (2, 1), "{tally:?}");
}
