//! Small scenes: what follows the lead, what is left out and counted, and a draft laid over a desk in its midst.

use leadyard::engine::memory::Memory;
use leadyard::engine::whatif::{Replay, Rules, Tell, counted};
use leadyard::engine::{Intent, NewLead, Order, Progress, Stop, execute};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::{Body, IntentId};
use leadyard::model::id::{BookVersion, LeadId, RepId};
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::rep::RepCard;
use leadyard::model::time::{MINUTE_MS, Millis};
use leadyard::rulebook::parse_condition;
use leadyard::world::World;

use crate::{decisions, replay, tape};

/// 2026-11-10 09:00 in Shanghai.
const START: Millis = Millis(1_794_272_400_000);
const BOOK: &str = "rule \"a\"\n  when region = 上海\n  give to team A by fair\n\notherwise wait\n";

struct Desk {
    world: World,
    host: Memory,
    minute: i64,
}

impl Desk {
    /// Two teams of one rep each, and the book.
    fn new() -> Desk {
        let mut desk = Desk { world: World::new(), host: Memory::default(), minute: 0 };
        let cards = ["a", "b"].map(|login| {
            let mut card = RepCard::new(login, login);
            card.teams = vec![login.to_uppercase().into()];
            card
        });
        desk.ask(0, Intent::AddReps { cards: cards.into() });
        desk.ask(0, Intent::Publish { text: BOOK.into(), note: "".into(), base: BookVersion(0) });
        desk
    }

    fn ask(&mut self, minutes: i64, intent: Intent) {
        self.minute += minutes;
        let actor = Actor { name: "王芳".into(), role: Role::Admin, console: 1 };
        let id = IntentId(self.host.events.len() as u128 + 1);
        let at = START.plus(self.minute * MINUTE_MS);
        let order = Order { id, actor, intent, seen: Vec::new() };
        match execute(&mut self.world, &mut self.host, &order, at) {
            Ok(_) => {}
            Err(Stop::Refused(refusal)) => panic!("{refusal:?}"),
            Err(Stop::Host(never)) => match never {},
        }
    }

    fn lead(&mut self, minutes: i64, region: &str) {
        let lead = NewLead {
            attrs: Attrs { region: region.into(), source: "官网".into(), ..Attrs::default() },
            contact: ContactCard::default(),
            keys: Vec::new(),
            system: "test".into(),
            external_id: self.host.events.len().to_string().into(),
            received_at: None,
            kind: ArrivalKind::Live,
            state: LeadState::Waiting,
            owner: None,
            do_not_contact: false,
        };
        self.ask(minutes, Intent::Receive { leads: vec![lead], import: None });
    }

    fn progress(&mut self, minutes: i64, lead: u64, to: LeadState) {
        let items = vec![Progress { lead: LeadId(lead), to, happened_at: None }];
        self.ask(minutes, Intent::Progress { items, note: "".into() });
    }
}

#[test]
fn a_reply_keeps_its_delay_from_whoever_gets_the_lead_whenever() {
    let mut desk = Desk::new();
    let (start, from) = (desk.world.clone(), desk.host.events.len());
    desk.lead(1, "苏州");
    // It waits for an hour, until somebody corrects its region, and is answered five minutes later.
    let attrs = Attrs { region: "上海".into(), source: "官网".into(), ..Attrs::default() };
    desk.ask(60, Intent::Edit { lead: LeadId(1), attrs: Box::new(attrs), contact: None, keys: None });
    desk.progress(5, 1, LeadState::Contacted);
    desk.lead(10, "上海");
    let tape = tape(&start, &desk.host.events[from..]);
    let draft = BOOK.replace("region = 上海", "region in (上海, 苏州)");
    let (side, end) = replay(&tape, &start, &Rules::Text(draft.into()), Tell::All);
    let reply = side.told.iter().find(|e| matches!(e.body, Body::LeadProgressed { .. })).unwrap();
    assert_eq!(reply.at, START.plus(6 * MINUTE_MS), "one minute to arrive, five to be answered");
    assert_eq!((side.moved_replies, side.lost_replies), (1, 0));
    assert_eq!(end.lead(LeadId(1)).unwrap().state, LeadState::Contacted);
}

#[test]
fn what_names_another_owner_is_left_out_and_counted_and_a_reply_to_nobody_is_lost() {
    let mut desk = Desk::new();
    let (start, from) = (desk.world.clone(), desk.host.events.len());
    desk.lead(1, "上海");
    desk.lead(1, "上海");
    desk.progress(3, 2, LeadState::Contacted);
    desk.ask(1, Intent::Recall { leads: vec![LeadId(1)], reason: "wrong".into() });
    let log = desk.host.events[from..].to_vec();
    let tape = tape(&start, &log);
    let other = BOOK.replace("team A", "team B");
    let (side, end) = replay(&tape, &start, &Rules::Text(other.into()), Tell::Nothing);
    assert_eq!((side.other_owner, side.lost_replies), (1, 0));
    assert_eq!(end.lead(LeadId(1)).unwrap().owner, Some(RepId(2)), "nobody takes it from b here");
    let nobody = BOOK.replace("region = 上海", "region = 成都");
    let (side, end) = replay(&tape, &start, &Rules::Text(nobody.into()), Tell::Nothing);
    assert_eq!((side.other_owner, side.lost_replies), (1, 1));
    assert!(end.leads().all(|lead| lead.owner.is_none()));
}

#[test]
fn a_person_s_placement_stands_in_both_worlds() {
    let mut desk = Desk::new();
    let (start, from) = (desk.world.clone(), desk.host.events.len());
    desk.lead(1, "上海");
    let to = leadyard::engine::To::Rep(RepId(2));
    desk.ask(1, Intent::Place { leads: vec![LeadId(1)], to, reason: "".into(), force: false, turn: true });
    let tape = tape(&start, &desk.host.events[from..]);
    let draft = BOOK.replace("team A", "team B");
    let (side, end) = replay(&tape, &start, &Rules::Text(draft.into()), Tell::Nothing);
    let row = end.lead(LeadId(1)).unwrap();
    assert!(row.pinned && row.owner == Some(RepId(2)), "{row:?}");
    assert_eq!(end.rep(RepId(2)).unwrap().load, 1);
    assert_eq!(side.other_owner, 0);
}

#[test]
fn a_filter_counts_leads_as_they_came() {
    let mut desk = Desk::new();
    let (start, from) = (desk.world.clone(), desk.host.events.len());
    for region in ["上海", "苏州", "上海"] {
        desk.lead(1, region);
    }
    let tape = tape(&start, &desk.host.events[from..]);
    let (cond, _) = parse_condition("region = 上海", None);
    assert_eq!(counted(&tape, &desk.world, Some(&cond)), [true, false, true]);
    assert_eq!(counted(&tape, &desk.world, None), [true, true, true]);
}

#[test]
fn a_draft_laid_over_a_desk_in_its_midst_is_one_that_starts_there() {
    let mut desk = Desk::new();
    let (start, from) = (desk.world.clone(), desk.host.events.len());
    for minute in 0..30 {
        desk.lead(1, ["上海", "苏州"][minute % 2]);
        if minute % 4 == 0 {
            desk.progress(1, minute as u64 + 1, LeadState::Contacted);
        }
    }
    let log = desk.host.events[from..].to_vec();
    let middle = (20..log.len()).find(|at| log[at - 1].intent != log[*at].intent).unwrap();
    let draft = BOOK.replace("region = 上海", "region in (上海, 苏州)").replace("team A", "team A, B");
    let mut whole = Replay::new(&tape(&start, &log), &start, &Rules::AsPublished, Tell::All);
    assert!(whole.play(middle, &mut |_| true));
    let mut laid = whole.clone();
    laid.publish(&draft.as_str().into());
    assert!(laid.play(usize::MAX, &mut |_| true));
    let before = whole.finish().told.len();
    let late = log[..middle].iter().fold(start.clone(), |mut world, event| {
        world.apply(event);
        world
    });
    let (fresh, _) = replay(&tape(&late, &log[middle..]), &late, &Rules::Text(draft.into()), Tell::All);
    let laid = laid.finish();
    assert_eq!(decisions(&laid.told[before..]), decisions(&fresh.told));
    assert!(decisions(&fresh.told).len() > 10);
}
