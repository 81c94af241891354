//! The same inputs twice: once under the book that was in force, once under the draft. The preview over the first log is
//! the second one, decision for decision. A leader who always looks serves timers and queue at the moment they ask for it.

use std::collections::BTreeMap;

use leadyard::engine::memory::Memory;
use leadyard::engine::whatif::{Rules, Tell};
use leadyard::engine::{Intent, NewLead, Order, Progress, Stop, To, execute};
use leadyard::model::actor::{Actor, ENGINE, Role};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::{Body, Event, IntentId};
use leadyard::model::id::{BookVersion, LeadId, RepId};
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::mode::{Mode, ModeScope};
use leadyard::model::rep::{Leave, RepCard};
use leadyard::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};
use leadyard::sim::chance::Chance;
use leadyard::world::{Moment, World};

use crate::{assert_same, decisions, replay, tape};

/// 2026-11-10 09:00 in Shanghai.
const START: Millis = Millis(1_794_272_400_000);
const REPS: u32 = 9;

const BOOK: &str = "calendar
  timezone Asia/Shanghai
  workdays Mon..Sun 08:00..23:00 except 12:00..13:00

score
  +30 when source = 官网

rule \"hot\"
  when score >= 60
  give to team A by fair
  cap 6 open
  respond within 30m, else reassign 2 times, then escalate

rule \"east\"
  when region in (上海, 苏州)
  give to team B by least-loaded
  respond within 1h, else escalate, then recall

rule \"turns\"
  when source = 抖音
  give to team C by round-robin

replies from 官网, 抖音, 百度

promotion \"push\"
  cap 9 open for team A
  weight 2 for team B

otherwise give to team A, B by weighted
";

/// Drafts, each as what is replaced in the book.
const DRAFTS: &[(&str, &str)] = &[
    ("score >= 60", "score >= 45"),
    ("give to team A by fair\n  cap 6 open", "give to team A, C by fair\n  cap 4 open, 20 per day"),
    (
        "respond within 30m, else reassign 2 times, then escalate",
        "respond within 15m, else reassign 1 times, then recall",
    ),
    ("by least-loaded", "by weighted"),
    ("otherwise give to team A, B by weighted", "otherwise wait"),
    ("+30 when source = 官网", "+30 when source = 官网\n  +20 when waiting > 20m"),
    ("workdays Mon..Sun 08:00..23:00 except 12:00..13:00", "workdays Mon..Sun 09:30..21:00"),
    ("rule \"turns\"\n  when source = 抖音\n  give to team C by round-robin\n", ""),
];

#[derive(Clone)]
enum Input {
    Arrive(Box<NewLead>),
    Duty(RepId, bool),
    Leave(RepId, Leave),
    Place(u64, RepId),
    Edit(u64, Box<Attrs>),
    Mode(ModeScope, Mode, Option<Millis>),
    Divert(&'static str, RepId, Millis),
    Push(Millis),
    Hold(u64, Millis),
    Card(RepId, u32),
}

fn attrs(chance: &mut Chance) -> Attrs {
    let pick = |chance: &mut Chance, all: &[&'static str]| {
        all[usize::try_from(chance.below(all.len() as u64)).unwrap()]
    };
    Attrs {
        source: pick(chance, &["官网", "抖音", "百度"]).into(),
        region: pick(chance, &["上海", "苏州", "成都", "广州"]).into(),
        base_score: i32::try_from(chance.between(0, 60)).unwrap(),
        has_phone: true,
        ..Attrs::default()
    }
}

/// What comes from outside, by its moment. No two at once, so that "before" has one meaning.
fn inputs(seed: u64) -> Vec<(Millis, Input)> {
    let mut chance = Chance::apart(seed, 31);
    let (mut at, mut out, mut leads) = (START, Vec::new(), 0_u64);
    let rep = |chance: &mut Chance| RepId(1 + u32::try_from(chance.below(u64::from(REPS))).unwrap());
    for _ in 0..420 {
        at = at.plus(SECOND_MS * 7 + chance.wait(2 * MINUTE_MS));
        let some_lead = 1 + chance.below(leads.max(1));
        out.push((
            at,
            match chance.weighted(&[60, 8, 3, 6, 5, 3, 3, 2, 4, 2]) {
                1 => Input::Duty(rep(&mut chance), chance.permille(600)),
                2 => {
                    let from = at.plus(chance.between(0, HOUR_MS));
                    Input::Leave(
                        rep(&mut chance),
                        Leave {
                            from,
                            to: from.plus(chance.between(HOUR_MS, 6 * HOUR_MS)),
                            reason: "".into(),
                        },
                    )
                }
                3 => Input::Place(some_lead, rep(&mut chance)),
                4 => Input::Edit(some_lead, Box::new(attrs(&mut chance))),
                5 => {
                    let scopes =
                        [ModeScope::Desk, ModeScope::Team("A".into()), ModeScope::Source("抖音".into())];
                    let mode =
                        [Mode::Paused, Mode::Assist, Mode::Auto][usize::try_from(chance.below(3)).unwrap()];
                    let until = at.plus(chance.between(MINUTE_MS, 40 * MINUTE_MS));
                    Input::Mode(chance.pick(&scopes).unwrap().clone(), mode, Some(until))
                }
                6 => Input::Divert(
                    "source = 百度",
                    rep(&mut chance),
                    at.plus(chance.between(MINUTE_MS, 2 * HOUR_MS)),
                ),
                7 => Input::Push(at.plus(chance.between(MINUTE_MS, 3 * HOUR_MS))),
                8 => Input::Hold(some_lead, at.plus(chance.between(SECOND_MS, 4 * MINUTE_MS))),
                9 => Input::Card(rep(&mut chance), u32::try_from(chance.between(2, 9)).unwrap()),
                _ => {
                    leads += 1;
                    Input::Arrive(Box::new(NewLead {
                        attrs: attrs(&mut chance),
                        contact: ContactCard::default(),
                        keys: Vec::new(),
                        system: "twin".into(),
                        external_id: leads.to_string().into(),
                        received_at: None,
                        kind: ArrivalKind::Live,
                        state: LeadState::Waiting,
                        owner: None,
                        do_not_contact: false,
                    }))
                }
            },
        ));
    }
    out
}

/// A desk with a leader who looks all the time.
struct Desk {
    world: World,
    host: Memory,
    now: Millis,
    orders: u128,
    timers: Millis,
    again: Option<Millis>,
    /// Milliseconds between placement and contact, and between that and the end, by lead.
    delays: BTreeMap<LeadId, Vec<(i64, LeadState)>>,
}

impl Desk {
    fn ask(&mut self, at: Millis, intent: Intent) -> bool {
        self.now = at;
        self.orders += 1;
        let engine = matches!(intent, Intent::Sweep | Intent::Timers | Intent::TakeQuiet);
        let (name, role) = if engine { (ENGINE, Role::Engine) } else { ("admin", Role::Admin) };
        let actor = Actor { name: name.into(), role, console: 1 };
        let order = Order { id: IntentId(self.orders), actor, intent, seen: Vec::new() };
        match execute(&mut self.world, &mut self.host, &order, at) {
            Ok(_) => {
                // A timer may be due whose time lies behind, because somebody came back.
                if self.world.next_timer().is_some_and(|due| due <= at) {
                    self.again = Some(at);
                }
                true
            }
            Err(Stop::Refused(_)) => false,
            Err(Stop::Host(never)) => match never {},
        }
    }

    /// The next reply: a lead's next outcome so long after its owner got it.
    fn next_reply(&self) -> Option<(Millis, LeadId, LeadState)> {
        let next = self.delays.iter().filter_map(|(lead, delays)| {
            let row = self.world.lead(*lead).filter(|row| row.owner.is_some())?;
            let (delay, to) = delays.first()?;
            Some((row.assigned_at?.plus(*delay), *lead, *to))
        });
        next.min()
    }

    fn go(&mut self, to: Millis) {
        loop {
            let reply = self.next_reply().map(|(at, ..)| (at, 0));
            let due = self
                .world
                .timers_after(self.timers)
                .map(|(at, _)| at)
                .next()
                .into_iter()
                .chain(self.again)
                .min()
                .map(|at| (at, 1));
            let until =
                self.world.settled_until().filter(|_| !self.world.waiting().is_empty()).map(|at| (at, 2));
            // Whoever comes back from leave is settled then: the log shows it, whoever waits.
            let back = self.world.reps().iter().flat_map(|r| &r.leaves).map(|l| (l.to, 3)).min();
            let next = reply.into_iter().chain(due).chain(until).chain(back).min();
            let Some((at, what)) = next else { return };
            if at > to {
                return;
            }
            let at = at.max(self.now);
            match what {
                0 => {
                    let (_, lead, state) = self.next_reply().unwrap();
                    self.delays.get_mut(&lead).unwrap().remove(0);
                    let items = vec![Progress { lead, to: state, happened_at: None }];
                    self.ask(at, Intent::Progress { items, note: "".into() });
                }
                1 => {
                    self.timers = at;
                    self.ask(at, Intent::Timers);
                    let moment = Moment::at(self.world.book().zone, at);
                    let stuck = self.world.next_timer().is_some_and(|due| due <= at);
                    self.again = stuck.then(|| self.world.next_change(&moment));
                }
                _ => drop(self.ask(at, Intent::Sweep)),
            }
        }
    }

    /// Whether the desk did not refuse it.
    fn take(&mut self, at: Millis, input: Input) -> bool {
        self.go(at);
        let one = |lead: u64| vec![LeadId(lead)];
        let reason = || "by hand".into();
        match input {
            Input::Arrive(lead) => self.ask(at, Intent::Receive { leads: vec![*lead], import: None }),
            Input::Duty(rep, on) => self.ask(at, Intent::Duty { rep, on }),
            Input::Leave(rep, leave) => self.ask(at, Intent::SetLeaves { rep, leaves: vec![leave] }),
            Input::Place(lead, rep) => {
                let to = To::Rep(rep);
                self.ask(
                    at,
                    Intent::Place { leads: one(lead), to, reason: reason(), force: true, turn: true },
                )
            }
            Input::Edit(lead, attrs) => {
                let lead = LeadId(lead);
                self.ask(at, Intent::Edit { lead, attrs, contact: None, keys: None })
            }
            Input::Mode(scope, mode, until) => self.ask(at, Intent::SetScopeMode { scope, mode, until }),
            Input::Divert(scope, rep, until) => {
                let to = vec![leadyard::model::overlay::DivertTo::Rep(rep)];
                let wish = leadyard::engine::DivertWish {
                    scope: scope.into(),
                    to,
                    by: leadyard::model::overlay::DivertBy::default(),
                    until,
                    reason: reason(),
                };
                self.ask(at, Intent::SetDivert(wish))
            }
            Input::Push(until) => {
                self.ask(at, Intent::StartPromotion { promotion: "push".into(), until, reason: reason() })
            }
            Input::Hold(lead, until) => self.ask(at, Intent::Hold { leads: one(lead), until }),
            Input::Card(rep, cap) => {
                let mut card = self.world.rep(rep).unwrap().card.clone();
                card.cap_open = Some(cap);
                self.ask(at, Intent::EditRep { rep, card })
            }
        }
    }

    fn publish(&mut self, at: Millis, text: &str) {
        let base = self.world.published().version;
        assert!(self.ask(at, Intent::Publish { text: text.into(), note: "".into(), base }));
    }
}

fn opened() -> Desk {
    let mut desk = Desk {
        world: World::new(),
        host: Memory::default(),
        now: START,
        orders: 0,
        timers: START,
        again: None,
        delays: BTreeMap::new(),
    };
    let cards = (0..REPS).map(|i| {
        let mut card = RepCard::new(&format!("r{i}"), "欧阳娜娜");
        card.teams = vec![["A", "B", "C"][i as usize % 3].into()];
        card.cap_open = Some(5 + i % 3);
        card
    });
    assert!(desk.ask(START, Intent::AddReps { cards: cards.collect() }));
    assert_eq!(desk.world.published().version, BookVersion(0));
    desk.publish(START, BOOK);
    desk
}

/// Which leads are answered and when: most soon, some never, so that timers have work.
fn delays(seed: u64) -> BTreeMap<LeadId, Vec<(i64, LeadState)>> {
    let mut chance = Chance::apart(seed, 32);
    let mut out = BTreeMap::new();
    for lead in 1..=420 {
        let soon = chance.between(MINUTE_MS, 10 * MINUTE_MS);
        let late = soon + chance.between(MINUTE_MS, 5 * HOUR_MS);
        let end = if chance.permille(300) { LeadState::Won } else { LeadState::Lost };
        let answered = chance.permille(750);
        if answered {
            out.insert(LeadId(lead), vec![(soon, LeadState::Contacted), (late, end)]);
        }
    }
    out
}

/// Replies that came in `log`, as delays since the placement before them.
fn replies(log: &[Event]) -> BTreeMap<LeadId, Vec<(i64, LeadState)>> {
    let mut since: BTreeMap<LeadId, Millis> = BTreeMap::new();
    let mut out: BTreeMap<LeadId, Vec<(i64, LeadState)>> = BTreeMap::new();
    for event in log {
        match &event.body {
            Body::LeadAssigned(a) if a.from != Some(a.rep) => drop(since.insert(a.lead, event.at)),
            Body::LeadProgressed { lead, to, .. } => {
                out.entry(*lead).or_default().push((event.at.since(since[lead]), *to));
            }
            _ => {}
        }
    }
    out
}

#[test]
fn a_preview_is_what_happens_when_the_draft_is_in_force() {
    let (mut changed, mut compared) = (0, 0);
    let (seeds, is_usual) = crate::seeds(0..48);
    // A person's placement after the reply that stopped the clock in history.
    for seed in seeds.chain(is_usual.then_some(104)) {
        let mut first = opened();
        let start = first.world.clone();
        let opening = first.host.events.len();
        first.delays = delays(seed);
        let inputs = inputs(seed);
        let end = inputs.last().unwrap().0.plus(8 * HOUR_MS);
        // What was refused left nothing in the log: it is no input.
        let inputs: Vec<_> =
            inputs.into_iter().filter(|(at, input)| first.take(*at, input.clone())).collect();
        first.go(end);
        let log = &first.host.events[opening..];
        let tape = tape(&start, log);

        let (from, to) = DRAFTS[usize::try_from(seed).unwrap() % DRAFTS.len()];
        assert!(BOOK.contains(from), "{from}");
        let draft = BOOK.replace(from, to);
        let (side, _) = replay(&tape, &start, &Rules::Text(draft.as_str().into()), Tell::All);

        let mut second = opened();
        second.publish(START, &draft);
        let opening = second.host.events.len();
        // What the first log does not show nobody can know: only replies that came are inputs.
        second.delays = replies(log);
        for (at, input) in inputs {
            second.take(at, input);
        }
        second.go(log.last().unwrap().at);

        let last = log.last().unwrap().at;
        let until = |mut all: Vec<(Millis, Body)>| {
            all.retain(|(at, _)| *at < last);
            all
        };
        let (want, got) = (until(decisions(&second.host.events[opening..])), until(decisions(&side.told)));
        let logs = [log, &second.host.events[opening..], &side.told];
        assert_same(&format!("SEED={seed} {to:?}"), &want, &got, &logs);
        changed += usize::from(want != until(decisions(log)));
        compared += want.len();
    }
    // Drafts that change nothing prove nothing.
    assert!(!is_usual || changed > 40 && compared > 48 * 250, "{changed} of 48 changed, {compared} compared");
}
