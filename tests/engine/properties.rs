//! Random orders on a random small desk. After each: sound accounts, caps and duty kept, nobody left waiting whom somebody
//! could take, people's placements untouched by the engine. At the end: the log folds to the same world, the same orders
//! give the same events, a decoded world goes on the same way.

use std::collections::BTreeMap;

use leadyard::engine::assist::proposals;
use leadyard::engine::eligible::{Limits, left_out};
use leadyard::engine::route::{Answer, Exhausted, LeadFacts, route};
use leadyard::engine::{DivertWish, Intent, Progress, Refusal, Theirs, To, TrialWish};
use leadyard::model::actor::ENGINE;
use leadyard::model::event::{Body, Event, Placer};
use leadyard::model::id::{DivertId, LeadId, RepId};
use leadyard::model::lead::{LeadState, PoolWhy};
use leadyard::model::mode::{Mode, ModeScope};
use leadyard::model::overlay::{DivertBy, DivertTo};
use leadyard::model::rep::Leave;
use leadyard::model::time::{DAY_MS, DayNo, HOUR_MS, MINUTE_MS};
use leadyard::model::trial::{Share, TrialKind};
use leadyard::world::World;
use proptest::prelude::*;

use crate::desk::Desk;

const BOOKS: [&str; 7] = [
    "score\n +30 when source = 官网\nduplicates\n same phone within 90d -> give to owner\n\
     rule East\n when region in (上海, 江苏)\n give to team East\n cap 3 open\nrule West\n when region = 西藏\n \
     give to team West by round-robin\n else wait\notherwise park \"nobody matched\"\n",
    "rule Mine\n give to owner\nrule All\n give to team East, team West by least-loaded\notherwise wait\n",
    "score\n +25 when waiting > 30m\nrule Late\n when waiting > 10m\n give to team West\nrule Draw\n when score >= 20\n give to team East by weighted\n\
     otherwise give to team West by fair within team\n",
    "ramp 50% in week 1, at least 2 per day\npool\n seen by team East\n seen by team West when region = 西藏\n \
     claim 2 per day, 3 in hand, uses a turn\n cooldown 6h for previous owner\n hold new leads 30m\n \
     return after 1 working day without contact\nreplies from 官网\nrule All\n give to team East, team West\n\
     otherwise wait\n",
    "calendar\n timezone Asia/Shanghai\n workdays Mon..Sun 08:00..20:00 except 12:00..13:00\n holiday 2026-11-12\n \
     team West works Mon..Sun 10:00..02:00 and holidays\n rep long works Mon..Fri 09:00..11:00\n\
     rule Mine\n give to owner\nrule All\n give to team East, team West by least-loaded\n \
     respond within 20m, else reassign 2 times, then recall\nreplies from 官网\notherwise wait\n",
    "rule Late\n when waiting > 10m\n give to team West\n respond within 10m, else escalate, then park \"late\"\n\
     rule Draw\n when score >= 20\n give to team East by weighted\n respond within 1h, else reassign 1 times, then recall to pool\npool\n claim 3 per day\n\
     replies from 官网, 抖音\notherwise give to team West by fair within team\n",
    "calendar\n timezone Asia/Shanghai\n workdays Mon..Sun 08:00..20:00\n \
     window \"大促\" 2026-11-10 12:00 .. 2026-11-11 03:00\nrule Hot\n during promotion 大促\n when source = 抖音\n \
     give to team West\n else wait\nrule All\n give to team East, team West by weighted\n cap 5 open\n \
     respond within 30m, else reassign 1 times, then escalate\nreplies from 官网\notherwise wait\n\
     promotion 大促\n during \"大促\"\n cap 6 open, 20 per day for team East\n cap 1 open for rep obrien\n \
     weight 3 for team West\n workdays Mon..Sun 00:00..24:00\npromotion 直播\n cap 4 open\n weight 0.5 for rep li\n \
     team West works Mon..Sun 10:00..02:00 and holidays\n  watch delayed when waiting > 15m warn\n",
];

const PROMOTIONS: [&str; 2] = ["大促", "直播"];

const REPS: [(&str, &str, &str, u32, u32); 5] = [
    ("li", "李雷", "East", 2, 9),
    ("ouyang", "欧阳娜娜", "East", 3, 4),
    ("obrien", "O'Brien", "West", 2, 3),
    ("nobody", "", "West", 4, 9),
    ("long", "阿卜杜勒拉赫曼·本·穆罕默德·阿勒·沙特 von und zu der Langenstein", "East", 1, 2),
];

#[derive(Debug, Clone)]
enum Act {
    Receive(Vec<(u8, u8, u8, i32)>),
    Place(u8, u8, bool),
    PlaceTeam(Vec<u8>),
    Recall(Vec<u8>),
    Return(u8),
    Park(Vec<u8>),
    Free(Vec<u8>),
    Hold(u8, u8),
    Release(u8),
    Progress(u8, u8),
    Merge(Vec<u8>, u8),
    Unmerge(u8),
    Edit(u8, u8),
    Duty(u8, bool),
    Leave(u8, u8, u8),
    Leaver(u8, u8),
    Back(u8),
    Team(u8),
    Mode(bool),
    Publish(usize),
    Divert(u8, u8, u16),
    Undivert(u8),
    Promote(u8, u16),
    Demote(u8),
    ScopeMode(u8, u8, u16),
    Accept(Vec<u8>),
    Undo(u8),
    Wait(u16),
    Sweep,
    Timers,
    /// Nobody led for this many minutes.
    Gap(u8),
    Pool(Vec<u8>),
    Claim(u8, u8),
    Quiet,
    /// A draft on trial: which kind, which book, for how many minutes.
    Try(u8, usize, u16),
    StopTrial,
    SettleTrial,
}

fn act() -> impl Strategy<Value = Act> {
    let few = || prop::collection::vec(any::<u8>(), 1..4);
    prop_oneof![
        8 => prop::collection::vec((0..3u8, 0..3u8, 0..6u8, -1..2i32), 1..5).prop_map(Act::Receive),
        3 => (any::<u8>(), any::<u8>(), any::<bool>()).prop_map(|(l, r, f)| Act::Place(l, r, f)),
        1 => few().prop_map(Act::PlaceTeam),
        2 => few().prop_map(Act::Recall),
        1 => any::<u8>().prop_map(Act::Return),
        1 => few().prop_map(Act::Park),
        2 => few().prop_map(Act::Free),
        2 => (any::<u8>(), 1..20u8).prop_map(|(l, m)| Act::Hold(l, m)),
        1 => any::<u8>().prop_map(Act::Release),
        3 => (any::<u8>(), 0..5u8).prop_map(|(l, s)| Act::Progress(l, s)),
        2 => (few(), any::<u8>()).prop_map(|(l, i)| Act::Merge(l, i)),
        1 => any::<u8>().prop_map(Act::Unmerge),
        2 => (any::<u8>(), any::<u8>()).prop_map(|(l, r)| Act::Edit(l, r)),
        2 => (any::<u8>(), any::<bool>()).prop_map(|(r, on)| Act::Duty(r, on)),
        1 => (any::<u8>(), 0..9u8, 1..90u8).prop_map(|(r, f, h)| Act::Leave(r, f, h)),
        1 => (any::<u8>(), 0..5u8).prop_map(|(r, t)| Act::Leaver(r, t)),
        1 => any::<u8>().prop_map(Act::Back),
        1 => any::<u8>().prop_map(Act::Team),
        1 => any::<bool>().prop_map(Act::Mode),
        2 => (0..4u8, 0..3u8, 0..600u16).prop_map(|(s, m, t)| Act::ScopeMode(s, m, t)),
        2 => few().prop_map(Act::Accept),
        2 => (0..4u8, any::<u8>(), 1..900u16).prop_map(|(s, w, m)| Act::Divert(s, w, m)),
        1 => (1..4u8).prop_map(Act::Undivert),
        3 => (0..2u8, 1..900u16).prop_map(|(n, m)| Act::Promote(n, m)),
        1 => (0..2u8).prop_map(Act::Demote),
        2 => (0..BOOKS.len()).prop_map(Act::Publish),
        2 => few().prop_map(Act::Pool),
        4 => (any::<u8>(), any::<u8>()).prop_map(|(l, r)| Act::Claim(l, r)),
        2 => Just(Act::Quiet),
        3 => (0..5u8, 0..BOOKS.len(), 1..900u16).prop_map(|(k, b, m)| Act::Try(k, b, m)),
        1 => Just(Act::StopTrial),
        2 => Just(Act::SettleTrial),
        4 => any::<u8>().prop_map(Act::Undo),
        3 => (1..2000u16).prop_map(Act::Wait),
        1 => Just(Act::Sweep),
        4 => Just(Act::Timers),
        1 => any::<u8>().prop_map(Act::Gap),
    ]
}

struct Script {
    desk: Desk,
    /// Whether each order's answer, so that two runs can be compared.
    answers: Vec<String>,
}

impl Script {
    fn new(book: usize) -> Script {
        let mut desk = Desk::new(BOOKS[book % BOOKS.len()]);
        for (login, name, team, cap, day) in REPS {
            desk = desk.rep(login, |r| {
                let r = r.name(name).team(team).cap(cap).day(day).weight(1000 * (1 + cap % 2));
                if cap == 3 { r.started(DayNo(20_766)) } else { r }
            });
        }
        desk.sweep();
        Script { desk, answers: Vec::new() }
    }

    fn lead(&self, n: u8) -> LeadId {
        LeadId(u64::from(n) % (self.desk.world.next_lead().0 - 1).max(1) + 1)
    }

    fn leads(&self, some: &[u8]) -> Vec<LeadId> {
        some.iter().map(|n| self.lead(*n)).collect()
    }

    fn intent(&mut self, act: &Act) -> Option<Intent> {
        let rep = |n: u8| RepId(u32::from(n) % 5 + 1);
        let reason = "理由".into();
        Some(match act {
            Act::Receive(rows) => {
                let leads = rows.iter().map(|(s, r, p, score)| {
                    self.desk.new_lead(|l| {
                        let l = l.source(["官网", "抖音", ""][*s as usize]).score(score * 25);
                        let l = l.region(["上海", "西藏", "北京"][*r as usize]);
                        if *p < 4 { l.phone(u64::from(*p)) } else { l }
                    })
                });
                Intent::Receive { leads: leads.collect(), import: None }
            }
            Act::Place(l, r, force) => {
                let leads = vec![self.lead(*l)];
                Intent::Place { leads, to: To::Rep(rep(*r)), reason, force: *force, turn: l % 2 == 0 }
            }
            Act::PlaceTeam(l) => {
                let to = To::Team("East".into());
                Intent::Place { leads: self.leads(l), to, reason, force: false, turn: true }
            }
            Act::Recall(l) => Intent::Recall { leads: self.leads(l), reason },
            Act::Return(l) => Intent::Return { leads: vec![self.lead(*l)], reason },
            Act::Park(l) => Intent::Park { leads: self.leads(l), reason },
            Act::Free(l) => Intent::Free { leads: self.leads(l) },
            Act::Hold(l, m) => {
                let until = self.desk.now.plus(i64::from(*m) * MINUTE_MS);
                Intent::Hold { leads: vec![self.lead(*l)], until }
            }
            Act::Release(l) => Intent::Release { leads: vec![self.lead(*l)] },
            Act::Progress(l, s) => {
                let all = [
                    LeadState::Contacted,
                    LeadState::Qualified,
                    LeadState::Won,
                    LeadState::Lost,
                    LeadState::Invalid,
                ];
                let item = Progress { lead: self.lead(*l), to: all[*s as usize], happened_at: None };
                Intent::Progress { items: vec![item], note: "".into() }
            }
            Act::Merge(l, i) => Intent::Merge { into: self.lead(*i), leads: self.leads(l) },
            Act::Unmerge(l) => Intent::Unmerge { leads: vec![self.lead(*l)] },
            Act::Edit(l, r) => {
                let lead = self.lead(*l);
                let mut attrs = self.desk.world.lead(lead)?.attrs.clone();
                attrs.region = ["上海", "西藏", "北京"][*r as usize % 3].into();
                Intent::Edit { lead, attrs: Box::new(attrs), contact: None, keys: None }
            }
            Act::Duty(r, on) => Intent::Duty { rep: rep(*r), on: *on },
            Act::Leave(r, from, hours) => {
                let from = self.desk.now.plus(i64::from(*from) * HOUR_MS);
                let to = from.plus(i64::from(*hours) * HOUR_MS);
                Intent::SetLeaves { rep: rep(*r), leaves: vec![Leave { from, to, reason }] }
            }
            Act::Leaver(r, t) => {
                let heir = Theirs::To { rep: rep(r.wrapping_add(1)), uses_turn: *t == 3 };
                let theirs = *[Theirs::Spread, Theirs::Keep, Theirs::Park].get(*t as usize).unwrap_or(&heir);
                Intent::Deactivate { rep: rep(*r), theirs }
            }
            Act::Back(r) => Intent::Reactivate { rep: rep(*r) },
            Act::Team(r) => {
                let mut card = self.desk.world.rep(rep(*r))?.card.clone();
                card.teams = vec![if card.teams == ["East"] { "West".into() } else { "East".into() }];
                Intent::EditRep { rep: rep(*r), card }
            }
            Act::Mode(on) => Intent::SetMode(if *on { Mode::Auto } else { Mode::Paused }),
            Act::Publish(b) => {
                let base = self.desk.world.published().version;
                Intent::Publish { text: BOOKS[*b].into(), note: "".into(), base }
            }
            Act::Divert(scope, who, minutes) => Intent::SetDivert(DivertWish {
                scope: ["", "source = 抖音", "region = 西藏 or waiting > 5m", "score >= 20 and hour < 20"]
                    [*scope as usize]
                    .into(),
                to: vec![if who % 3 == 0 { DivertTo::Team("West".into()) } else { DivertTo::Rep(rep(*who)) }],
                by: if who % 2 == 0 { DivertBy::RoundRobin } else { DivertBy::LeastLoaded },
                until: self.desk.now.plus(i64::from(*minutes) * MINUTE_MS),
                reason,
            }),
            Act::ScopeMode(scope, mode, minutes) => Intent::SetScopeMode {
                scope: [
                    ModeScope::Desk,
                    ModeScope::Team("West".into()),
                    ModeScope::Rule("East".into()),
                    ModeScope::Source("抖音".into()),
                ][*scope as usize]
                    .clone(),
                mode: Mode::ALL[*mode as usize],
                until: (minutes % 3 != 0).then(|| self.desk.now.plus(i64::from(*minutes) * MINUTE_MS)),
            },
            Act::Accept(some) => {
                let all = proposals(&self.desk.world, &self.desk.moment(), 20);
                let pick = |n: &u8| all.get(usize::from(*n) % all.len().max(1));
                Intent::Accept { items: some.iter().filter_map(pick).map(|p| (p.lead, p.gift.rep)).collect() }
            }
            Act::Promote(n, minutes) => Intent::StartPromotion {
                promotion: PROMOTIONS[usize::from(*n)].into(),
                until: self.desk.now.plus(i64::from(*minutes) * MINUTE_MS),
                reason,
            },
            Act::Demote(n) => Intent::StopPromotion { promotion: PROMOTIONS[usize::from(*n)].into(), reason },
            Act::Undivert(n) => Intent::EndDivert { divert: DivertId(u32::from(*n)) },
            Act::Undo(n) => {
                let batches: Vec<_> = self.desk.host.events.iter().map(|e| e.batch).collect();
                let back = usize::from(*n) * usize::from(*n) % batches.len().max(1) / 3;
                Intent::Undo { batch: *batches.iter().rev().nth(back)? }
            }
            Act::Wait(minutes) => {
                self.desk.wait(i64::from(*minutes) * MINUTE_MS);
                return None;
            }
            Act::Sweep => Intent::Sweep,
            Act::Timers => Intent::Timers,
            Act::Gap(minutes) => {
                let from = self.desk.now;
                self.desk.wait(i64::from(*minutes) * MINUTE_MS);
                Intent::ResumeTimers { from }
            }
            Act::Pool(l) => Intent::ToPool { leads: self.leads(l), reason },
            Act::Claim(l, _) => Intent::Claim { leads: vec![self.lead(*l)] },
            Act::Quiet => Intent::TakeQuiet,
            Act::Try(kind, book, minutes) => {
                let until = self.desk.now.plus(i64::from(*minutes) * MINUTE_MS);
                let share = match kind {
                    0 | 1 => Share::Leads { permille: 500, salt: u64::from(*kind) },
                    team => Share::Team(["East", "West"][usize::from(*team) % 2].into()),
                };
                let promote_when = ["placed >= 0", "placed >= 1 and overridden <= rest"][*book % 2].into();
                let canary = TrialKind::Canary { share, until, promote_when };
                let kind = if *kind == 4 { TrialKind::Shadow } else { canary };
                let base = self.desk.world.published().version;
                Intent::StartTrial(TrialWish { text: BOOKS[*book].into(), kind, reason, base })
            }
            Act::StopTrial => Intent::StopTrial,
            Act::SettleTrial => Intent::SettleTrial,
        })
    }

    fn play(&mut self, act: &Act) {
        let Some(intent) = self.intent(act) else { return };
        let before = self.desk.world.clone();
        let undo = matches!(intent, Intent::Undo { .. } | Intent::Unmerge { .. });
        let mut shadow = before.clone();
        let engines = matches!(
            intent,
            Intent::Sweep
                | Intent::TakeQuiet
                | Intent::Timers
                | Intent::SettleTrial
                | Intent::ResumeTimers { .. }
        );
        let done = match (act, intent) {
            (Act::Claim(lead, rep), _) => self.desk.claim(self.lead(*lead), REPS[usize::from(*rep) % 5].0),
            (_, intent) if engines => self.desk.engine(intent),
            (_, intent) => self.desk.run(intent),
        };
        self.answers.push(format!("{done:?}"));
        let events = self.desk.last.clone();
        for event in &events {
            engine_kept_its_word(&shadow, event, undo);
            shadow.apply(event);
        }
        if done.is_ok() {
            nobody_waits_in_vain(&self.desk);
        }
        if done.is_ok() && !undo {
            undo_restores(&self.desk, &before, &events);
        }
    }
}

/// An engine placement is within caps, to somebody present, of a lead that waited and nobody held.
fn engine_kept_its_word(world: &World, event: &Event, undo: bool) {
    let own = event.actor == ENGINE;
    match &event.body {
        Body::LeadAssigned(a) if own || matches!(a.by, Placer::Accepted { .. }) => {
            let row = world.lead(a.lead).unwrap();
            assert_eq!((row.state, row.pinned), (LeadState::Waiting, false));
            assert!(row.hold_at(event.at).is_none(), "a held lead was moved");
            let moment = leadyard::world::Moment::at(world.book().zone, event.at);
            let rep = world.rep(a.rep).unwrap();
            assert_eq!(left_out(rep, row, &Limits::default(), &moment), None);
            assert!(a.why.is_some());
            let rule = a.why.as_ref().and_then(|w| w.rules.last()).filter(|r| r.rule.is_some());
            let mode = world.mode_for(&row.attrs.source, rule.map(|r| r.name.as_str()), rep, event.at).0;
            assert!(mode <= if own { Mode::Auto } else { Mode::Assist }, "placed although {mode:?}");
        }
        Body::LeadParked { lead, .. } | Body::LeadWaits { lead, .. } if own => {
            let row = world.lead(*lead).unwrap();
            assert!(row.owner.is_none() && row.hold_at(event.at).is_none());
            assert_eq!(row.state, LeadState::Waiting);
        }
        Body::LeadRecalled { lead, from, timer: Some(note), .. } => {
            let row = world.lead(*lead).unwrap();
            assert!(own && note.step.moves() && row.owner == Some(*from));
            assert_eq!(
                (row.state, row.pinned),
                (LeadState::Assigned, false),
                "only what nobody answered or placed"
            );
            assert!(row.hold_at(event.at).is_none() && world.mode_at(event.at) != Mode::Paused);
            assert!(world.has_replies(&row.attrs.source), "silence proves nothing there");
            let rep = world.rep(*from).unwrap();
            let plain = event.at.since(row.assigned_at.unwrap());
            assert!(note.worked_ms <= plain.max(note.within_ms) && rep.is_at_work(event.at));
            assert!(note.worked_ms >= note.within_ms || !rep.duty || !rep.leaves.is_empty());
        }
        Body::LeadPooled { lead, why: PoolWhy::Late { rule, .. }, .. } if own => {
            let row = world.lead(*lead).unwrap();
            assert_eq!((row.state, row.owner, row.hold_at(event.at)), (LeadState::Waiting, None, None));
            assert!(rule == "Draw" && world.book().pool.is_some());
        }
        Body::LeadPooled { lead, .. } if own => {
            let row = world.lead(*lead).unwrap();
            assert_eq!((row.state, row.pinned, row.contacted_at), (LeadState::Assigned, false, None));
            assert!(row.hold_at(event.at).is_none() && row.attrs.source == "官网");
            let due = leadyard::world::quiet::quiet_deadline(world, row).unwrap();
            assert!(due <= event.at && event.at.since(row.arrived_at) >= DAY_MS, "taken before its time");
        }
        Body::LeadAssigned(a) if a.by == Placer::Claimed => {
            let (row, rep) = (world.lead(a.lead).unwrap(), world.rep(a.rep).unwrap());
            let day = leadyard::world::Moment::at(world.book().zone, event.at).day;
            let terms = world.book().pool.as_ref().unwrap();
            assert!(row.pooled_since().is_some() && rep.card.login == event.actor);
            assert!(terms.claim_day.is_none_or(|max| rep.ledger.claims_on(day) < max));
            assert!(terms.claim_hand.is_none_or(|max| rep.load < max));
        }
        Body::LeadRestored(_) => assert!(undo, "only undo puts rows back"),
        _ => {}
    }
}

fn nobody_waits_in_vain(desk: &Desk) {
    if desk.world.mode_at(desk.now) == Mode::Paused {
        return;
    }
    let moment = desk.moment();
    for key in desk.world.waiting() {
        let row = desk.row(key.lead);
        if row.hold_at(desk.now).is_some() {
            continue;
        }
        // A person known already may be proposed to their rep, which is decided with facts.
        if desk.world.modes().len() + desk.world.mode() as usize > 0
            && (row.twin, row.known_owner) != (None, None)
        {
            continue;
        }
        let decision =
            route(&desk.world, row, &LeadFacts::default(), &moment, &mut Exhausted::default(), true);
        // What is proposed waits for a person.
        let waits = matches!(decision.answer, Answer::Wait | Answer::Propose(_));
        assert!(waits, "{} waits though {:?}", key.lead, decision.why);
        assert_eq!(row.score, decision.score, "the queue is in the order of its scores");
    }
}

type Loads = Vec<(u32, Vec<(i32, i64, i32, i32)>)>;
type Sums = (Loads, BTreeMap<String, RepId>, Vec<(i32, usize, i64, i64)>);

fn sums(world: &World) -> Sums {
    let of = |r: &leadyard::world::RepState| {
        let buckets = r.ledger.buckets().iter();
        let rows = buckets.map(|b| (b.day.0, b.turns_milli + b.entries_milli, b.placements, b.claims));
        (r.load, rows.filter(|(_, milli, n, c)| (*milli, *n, *c) != (0, 0, 0)).collect())
    };
    let reps = world.reps().iter().filter(|r| r.active).map(of).collect();
    let turns = ["East", "West"].iter().filter_map(|t| Some((t.to_string(), world.last_turn(t)?)));
    let shares = world.shares().days().iter().flat_map(|d| {
        let pairs = d.received.iter().zip(&d.due).enumerate();
        pairs.map(|(at, (got, due))| (d.day.0, at, *got, *due)).filter(|row| (row.2, row.3) != (0, 0))
    });
    (reps, turns.collect(), shares.collect())
}

/// Undo of an order on a copy: all of one batch, so loads and ledgers are as before; and only once.
fn undo_restores(desk: &Desk, before: &World, events: &[Event]) {
    let Some(first) = events.first().filter(|e| e.actor != ENGINE) else { return };
    let batch = first.batch;
    let (mut world, mut host) = (desk.world.clone(), desk.host.clone());
    let order = |world: &mut World, host: &mut _, id| {
        let actor = leadyard::model::actor::Actor {
            name: "王芳".into(),
            role: leadyard::model::actor::Role::Admin,
            console: 1,
        };
        let order = leadyard::engine::Order {
            id: leadyard::model::event::IntentId(id),
            actor,
            intent: Intent::Undo { batch },
            seen: vec![],
        };
        leadyard::engine::execute(world, host, &order, desk.now)
    };
    let Ok(done) = order(&mut world, &mut host, 1) else { return };
    assert_eq!(world.inconsistencies(), Vec::<String>::new());
    let again = order(&mut world, &mut host, 2);
    assert!(matches!(again, Err(leadyard::engine::Stop::Refused(Refusal::AlreadyUndone { .. }))));
    let alone = |events: &[Event], batch| events.iter().all(|e| e.batch == batch);
    let whole = done.outcome.skipped.is_empty();
    // A rep who was added or left since cannot be compared by place, and a credit moves ledgers for good.
    let joined = events.iter().any(|e| matches!(e.body, Body::RepAdded { .. }));
    if alone(events, batch) && alone(&done.events, done.events[0].batch) && whole && !joined {
        let placed_anew = done.events.iter().any(|e| matches!(e.body, Body::LeadAssigned(_)));
        if !placed_anew {
            assert_eq!(sums(&world), sums(before), "after undo of {:?}", events[0].body.verb());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_ordered_the_desk_stays_sound(book in 0..BOOKS.len(), acts in prop::collection::vec(act(), 1..40)) {
        let mut one = Script::new(book);
        let mut two = Script::new(book);
        for (at, act) in acts.iter().enumerate() {
            one.play(act);
            two.play(act);
            if at == acts.len() / 2 {
                // From here on a decoded world must go on like the live one.
                two.desk.world = World::decode(&two.desk.world.encode().unwrap()).unwrap();
            }
        }
        prop_assert_eq!(&one.answers, &two.answers);
        prop_assert_eq!(&one.desk.host.events, &two.desk.host.events);
        prop_assert_eq!(one.desk.world.digest(), one.desk.replayed().digest());
    }
}
