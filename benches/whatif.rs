//! How fast a draft is answered: a million leads of ninety days, with replies, outcomes and timers, replayed beside the
//! published book. Prints figure and limit; fails when a stated limit is missed. `cargo bench --bench whatif`; a number of
//! leads may follow, and `file` reads them from a desk's file as well, which takes about 2 KB of disk a lead.
#![expect(clippy::disallowed_methods, reason = "a benchmark times things")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench may")]

#[path = "../tests/support/nothing.rs"]
mod nothing;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use leadyard::engine::host::Host;
use leadyard::engine::whatif::{Recorder, Study, Tape};
use leadyard::engine::{Intent, NewLead, Order, Progress, Stop, execute};
use leadyard::model::actor::{Actor, ENGINE, Role};
use leadyard::model::event::{Event, IntentId};
use leadyard::model::id::{BookVersion, LeadId};
use leadyard::model::lead::{Attrs, LeadState};
use leadyard::model::rep::RepCard;
use leadyard::model::time::{DAY_MS, MINUTE_MS, Millis, SECOND_MS};
use leadyard::sim::chance::Chance;
use leadyard::world::World;
use nothing::{Each, bare};
use smol_str::SmolStr;

/// Each early answer, also the one on the latest 100,000 leads.
const FIRST_MAX: Duration = Duration::from_millis(150);
/// The full answer on a million.
const WHOLE_MAX: Duration = Duration::from_secs(2);
/// Reading a million leads from the file.
const COLD_MAX: Duration = Duration::from_secs(5);
/// Everything kept while it is open.
const BYTES_MAX: usize = 250 << 20;
const LEADS: usize = 1_000_000;
const START: Millis = Millis(1_786_500_000_000);
const TEAMS: u32 = 6;
const REPS: u32 = 60;

fn book() -> String {
    let rules = (0..18).map(|i| {
        let limit = if i % 3 == 0 { "\n  respond within 1h, else reassign 1 times, then escalate" } else { "" };
        format!(
            "rule \"R{i}\"\n  when region = R{i} and score >= {}\n  give to team T{} by {}\n  cap 60 open{limit}\n\n",
            10 + i % 5 * 10,
            i % TEAMS,
            ["fair", "least-loaded", "weighted", "round-robin"][i as usize % 4],
        )
    });
    format!(
        "calendar\n  timezone Asia/Shanghai\n\nscore\n  +30 when source = 官网\n  -10 when phone is empty\n\n{}replies from 官网, 抖音\n\notherwise give to team T0 by fair\n",
        rules.collect::<String>()
    )
}

/// The draft: a threshold moved and a team changed.
fn draft() -> String {
    book()
        .replace("region = R3 and score >= 40", "region = R3 and score >= 25")
        .replace("team T5 by round-robin", "team T4 by fair")
}

struct Desk<'a> {
    world: World,
    host: Each<&'a mut dyn FnMut(&Event)>,
    orders: u128,
}

impl Desk<'_> {
    fn ask(&mut self, at: Millis, intent: Intent) {
        self.orders += 1;
        let engine = matches!(intent, Intent::Timers);
        let (name, role) = if engine { (ENGINE, Role::Engine) } else { ("bench", Role::Admin) };
        let actor = Actor { name: name.into(), role, console: 0 };
        let order = Order { id: IntentId(self.orders), actor, intent, seen: Vec::new() };
        match execute(&mut self.world, &mut self.host, &order, at) {
            Ok(_) | Err(Stop::Refused(_)) => {}
            Err(Stop::Host(never)) => match never {},
        }
    }
}

fn arrival(chance: &mut Chance, at: usize) -> NewLead {
    let attrs = Attrs {
        source: ["官网", "抖音", "百度", "转介绍"][at % 4].into(),
        campaign: format!("活动 {}", chance.below(40)).into(),
        region: format!("R{}", chance.below(20)).into(),
        city: format!("城市 {}", chance.below(60)).into(),
        product: format!("A 专业版 {}", chance.below(5)).into(),
        company: format!("第 {} 有限公司", chance.below(400_000)).into(),
        base_score: i32::try_from(chance.below(60)).unwrap(),
        has_phone: chance.permille(900),
        ..Attrs::default()
    };
    bare(attrs)
}

/// Ninety days of a desk; each event goes to `each`, with the world before the first lead once it is open, which is returned.
fn history(leads: usize, each: &mut dyn FnMut(Option<&World>, &Event)) -> World {
    let mut keep = |event: &Event| each(None, event);
    let mut desk = Desk { world: World::new(), host: Each(&mut keep), orders: 0 };
    let cards = (0..REPS).map(|i| {
        let mut card = RepCard::new(&format!("rep{i}"), "欧阳娜娜");
        card.teams = vec![format!("T{}", i % TEAMS).into()];
        card.cap_open = Some(100);
        card
    });
    desk.ask(START, Intent::AddReps { cards: cards.collect() });
    desk.ask(START, Intent::Publish { text: book().into(), note: "".into(), base: BookVersion(0) });
    let (start, orders) = (desk.world.clone(), desk.orders);
    let mut keep = |event: &Event| each(Some(&start), event);
    let mut desk = Desk { world: start.clone(), host: Each(&mut keep), orders };
    let mut chance = Chance::new(7);
    let mut replies: BinaryHeap<Reverse<(Millis, LeadId, LeadState)>> = BinaryHeap::new();
    let every = 90 * DAY_MS / i64::try_from(leads).unwrap();
    let mut at = START;
    for i in 0..leads {
        at = at.plus(chance.wait(every));
        loop {
            let reply = replies.peek().map(|Reverse((due, ..))| *due);
            let timer = desk.world.next_timer();
            match (reply, timer) {
                (Some(due), timer) if due <= at && timer.is_none_or(|t| due <= t) => {
                    let Some(Reverse((due, lead, to))) = replies.pop() else { break };
                    let items = vec![Progress { lead, to, happened_at: None }];
                    desk.ask(due, Intent::Progress { items, note: "".into() });
                }
                (_, Some(due)) if due <= at => desk.ask(due, Intent::Timers),
                _ => break,
            }
        }
        let lead = desk.world.next_lead();
        desk.ask(at, Intent::Receive { leads: vec![arrival(&mut chance, i)], import: None });
        let soon = at.plus(SECOND_MS + chance.wait(9 * MINUTE_MS));
        let late = soon.plus(chance.wait(180 * MINUTE_MS));
        if chance.permille(900) {
            replies.push(Reverse((soon, lead, LeadState::Contacted)));
        }
        let end = if chance.permille(200) { LeadState::Won } else { LeadState::Lost };
        replies.push(Reverse((late, lead, end)));
    }
    start
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

fn best<T>(rounds: usize, mut work: impl FnMut() -> T) -> (T, Duration) {
    (0..rounds).map(|_| timed(&mut work)).min_by_key(|(_, took)| *took).unwrap()
}

fn line(name: &str, took: Duration, limit: Duration) -> bool {
    let ratio = took.as_secs_f64() / limit.as_secs_f64();
    println!("  {name:<44} {took:>10.2?}  {ratio:.2} of {limit:?}");
    took <= limit
}

fn main() -> ExitCode {
    let leads = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(LEADS);
    let mut recorder: Option<Recorder> = None;
    let mut events = 0_usize;
    let (start, took) = timed(|| {
        history(leads, &mut |start, event| {
            let Some(start) = start else { return };
            events += 1;
            recorder.get_or_insert_with(|| Recorder::new(start)).push(event.clone());
        })
    });
    let tape: Arc<Tape> = Arc::new(recorder.unwrap().finish());
    println!("{leads} leads, {events} events (made in {took:.1?})");
    let text = SmolStr::new(book());
    let (study, opened) = timed(|| {
        Study::open(Arc::clone(&tape), start.clone(), text.clone(), None, &mut |_, _| true).unwrap()
    });
    println!("  the published side, once a stretch           {opened:>10.2?}");
    let draft = draft();
    let (whole, took) = best(3, || study.whole(&draft, &mut |_, _| true).unwrap());
    let mut sound = line("the whole answer", took, WHOLE_MAX * u32::try_from(leads).unwrap() / 1_000_000);
    for at in 0..study.early_count() {
        let (early, took) = best(5, || study.early(at, &draft, &mut |_, _| true).unwrap());
        sound &= line(&format!("an early answer, latest {} leads", early.leads), took, FIRST_MAX);
        println!("    {} of {} leads change hands in it", early.changed, early.leads);
    }
    let bytes = study.bytes();
    sound &= bytes <= BYTES_MAX;
    println!(
        "  kept: tape {} MB, with both sides at most {} MB of {} MB",
        tape.bytes() >> 20,
        bytes >> 20,
        BYTES_MAX >> 20
    );
    println!(
        "    {} of {} leads change hands; overdue {} → {}",
        whole.changed, whole.leads, whole.published.overdue, whole.draft.overdue
    );
    let same = study.whole(&text, &mut |_, _| true).unwrap();
    assert_eq!(same.changed, 0, "the published book changes nothing");
    if std::env::args().any(|a| a == "file") {
        sound &= from_file(leads);
    }
    if sound {
        ExitCode::SUCCESS
    } else {
        eprintln!("a stated limit is missed");
        ExitCode::FAILURE
    }
}

/// Reads the same from a desk's file.
fn from_file(leads: usize) -> bool {
    use leadyard::desk::whatif::{FileShelf, Shelf, Span};
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.db");
    let mut store = leadyard::store::Store::create(&path, START).unwrap();
    let mut world = World::new();
    let (_, took) = timed(|| fill(&mut store, &mut world, leads));
    println!("  a file of {leads} leads, written in {took:.1?}");
    let now = world.last_at();
    let (stretch, took) =
        timed(|| FileShelf::new(&path).stretch(&Span::Days(89), now, &mut |_, _| true).unwrap().unwrap());
    let limit = COLD_MAX * u32::try_from(leads).unwrap() / 1_000_000;
    println!("    {} events read", stretch.tape.events());
    line("reading the last 89 days, cold", took, limit)
}

/// Writes what `history` makes, as imported events: in transactions of many orders.
fn fill(store: &mut leadyard::store::Store, world: &mut World, leads: usize) {
    let mut buffer: Vec<Event> = Vec::new();
    let mut flush = |events: &mut Vec<Event>| {
        let mut txn = store.begin().unwrap();
        for event in events.drain(..) {
            let touched = world.apply(&event);
            txn.record(world, &event, &touched).unwrap();
        }
        txn.commit(world).unwrap();
    };
    history(leads, &mut |_, event| {
        buffer.push(event.clone());
        if buffer.len() >= 5_000 {
            flush(&mut buffer);
        }
    });
    flush(&mut buffer);
    // As the leader does; without one, opening folds the log from its beginning.
    store.write_checkpoint(world, None, world.last_at()).unwrap();
}
