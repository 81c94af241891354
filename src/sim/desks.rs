//! Several desks on one file over the real interlock, with crashes planted before and after each statement.
//!
//! One thread: desks take turns by the seed. A desk dies by being dropped with its transaction open and comes back by
//! opening the file; or it survives the same fault and must answer from the log. Whatever is asserted is asserted of the
//! file as a fourth connection reads it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use smol_str::SmolStr;

use super::chance::Chance;
use super::crew::{self, Crew};
use super::judge::Judge;
use super::run::{Hands, Options, Report};
use crate::desk::interlock::{Answer, Denied, Group, Interlock};
use crate::desk::leader::Leader;
use crate::engine::{Intent, Order, Taken};
use crate::model::actor::Actor;
use crate::model::event::IntentId;
use crate::model::id::{LeadId, Seq};
use crate::store::{self, Store, StoreError};
use crate::world::World;

/// Statements within which a planted crash strikes.
const FUSE_MAX: i64 = 40;
/// Events read at once.
const READ_MAX: usize = 5_000;
/// The boot all desks of a run share.
const BOOT: &str = "simulated-boot";

/// A planted crash: counts statements down, strikes once.
#[derive(Debug, Default)]
struct Fuse {
    /// Statements left; below 0 = not lit.
    left: AtomicI64,
    struck: AtomicU64,
    after_commit: AtomicU64,
}

impl Fuse {
    fn burns(&self, at: &'static str) -> bool {
        let left = self.left.load(Ordering::Relaxed);
        if left < 0 {
            return false;
        }
        self.left.store(left - 1, Ordering::Relaxed);
        if left == 0 {
            self.struck.fetch_add(1, Ordering::Relaxed);
            self.after_commit.fetch_add(u64::from(at == "after commit"), Ordering::Relaxed);
        }
        left == 0
    }

    fn light(&self, statements: i64) {
        self.left.store(statements, Ordering::Relaxed);
    }

    fn struck(&self) -> u64 {
        self.struck.load(Ordering::Relaxed)
    }
}

/// One desk: the interlock, its bid for the lead, and a world folded along from what it tells, as a console keeps one.
struct OneDesk {
    interlock: Interlock,
    leader: Leader,
    follower: World,
}

/// What a group of orders came to for those who asked.
struct Heard {
    answers: Vec<Answer>,
    died: bool,
}

/// The desks of a run.
pub struct Desks {
    path: PathBuf,
    desks: Vec<OneDesk>,
    fuse: Arc<Fuse>,
    reader: Store,
    judge: Judge,
    chance: Chance,
    hands: Hands,
    orders: u128,
    lives: u32,
    /// Leads reported as taken, by what their sender calls them.
    reported: BTreeMap<(SmolStr, SmolStr), Vec<LeadId>>,
    report: Report,
}

impl std::fmt::Debug for Desks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desks")
            .field("path", &self.path)
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}

fn told(error: &StoreError) -> String {
    format!("the file: {error}")
}

impl Desks {
    /// Runs `seed` on a new file in `folder`, which is removed at the end of a run without findings.
    ///
    /// # Errors
    /// What was found.
    pub fn run(seed: u64, options: &Options, folder: &Path, step: &mut u32) -> Result<Report, String> {
        let path = folder.join(format!("sim-{seed}.leadyard"));
        let mut desks = Desks::new(seed, options, path)?;
        let mut crew = Crew::new(seed, desks.hands.wall);
        desks.open_up()?;
        while *step < options.steps {
            *step += 1;
            desks.step(&mut crew, options.crash_permille)?;
        }
        desks.finish()
    }

    fn new(seed: u64, options: &Options, path: PathBuf) -> Result<Desks, String> {
        let hands = Hands::new();
        let first = Store::create(&path, hands.wall).map_err(|e| told(&e))?;
        let reader = Store::open_readonly(&path).map_err(|e| told(&e))?;
        drop(first);
        let fuse = Arc::new(Fuse::default());
        fuse.light(-1);
        let mut desks = Desks {
            path,
            desks: Vec::new(),
            fuse,
            reader,
            judge: Judge::new(),
            chance: Chance::apart(seed, 6),
            hands,
            orders: u128::from(seed) << 64,
            lives: 0,
            reported: BTreeMap::new(),
            report: Report { seed, steps: options.steps, ..Report::default() },
        };
        for _ in 0..options.desks.max(1) {
            let desk = desks.open()?;
            desks.desks.push(desk);
        }
        Ok(desks)
    }

    /// A desk as it comes up: from the newest checkpoint and the log after it.
    fn open(&mut self) -> Result<OneDesk, String> {
        self.lives += 1;
        let store = Store::open(&self.path).map_err(|e| told(&e))?;
        let mut interlock = Interlock::new(store, &mut |_, _| {}).map_err(|e| told(&e))?;
        let fuse = Arc::clone(&self.fuse);
        interlock.plant(Box::new(move |at| fuse.burns(at)));
        let follower = interlock.world().clone();
        let leader = Leader::new(self.lives, BOOT.to_owned());
        Ok(OneDesk { interlock, leader, follower })
    }

    fn open_up(&mut self) -> Result<(), String> {
        for (actor, wish) in crew::opening(true) {
            let order = self.order(actor, wish);
            let heard = self.group(0, &[order])?;
            if let Some(Err(denied)) = heard.answers.first() {
                return Err(format!("the opening was denied: {denied}"));
            }
        }
        self.look()
    }

    fn order(&mut self, actor: Actor, intent: Intent) -> Order {
        self.orders += 1;
        Order { id: IntentId(self.orders), actor, intent, seen: Vec::new() }
    }

    fn step(&mut self, crew: &mut Crew, crash_permille: u32) -> Result<(), String> {
        self.hands.pass(&mut self.chance);
        let turn = usize::try_from(self.chance.below(self.desks.len() as u64)).unwrap_or(0);
        let lit = self.chance.permille(crash_permille);
        if lit {
            // Most orders are a handful of statements: short fuses are what strikes.
            let most = if self.chance.permille(700) { 10 } else { FUSE_MAX };
            let statements = self.chance.between(0, most);
            self.fuse.light(statements);
        }
        match self.chance.weighted(&[70, 18, 7, 5]) {
            0 => self.work(turn, crew)?,
            1 => self.lead(turn)?,
            2 => self.catch_up(turn)?,
            _ => self.checkpoint(turn)?,
        }
        self.fuse.light(-1);
        self.look()
    }

    /// People's wishes, as the asker saw the desk: perhaps older than what others made of it meanwhile.
    fn work(&mut self, turn: usize, crew: &mut Crew) -> Result<(), String> {
        let Some(desk) = self.desks.get(turn) else { return Ok(()) };
        let wishes = crew.wishes(desk.interlock.world(), self.hands.wall);
        let mut orders: Vec<Order> =
            wishes.into_iter().map(|(actor, wish)| self.order(actor, wish)).collect();
        if orders.is_empty() {
            return Ok(());
        }
        let heard = self.group(turn, &orders)?;
        for (order, answer) in orders.iter().zip(&heard.answers) {
            if let Ok(outcome) = answer {
                crew.did(&order.actor, outcome.batch);
            }
        }
        if heard.died && self.chance.permille(500) {
            // Whoever heard nothing asks again, elsewhere: under the same external ids nothing may double.
            for order in &mut orders {
                self.orders += 1;
                order.id = IntentId(self.orders);
            }
            orders.retain(|o| matches!(o.intent, Intent::Receive { .. }));
            let other = (turn + 1) % self.desks.len().max(1);
            self.group(other, &orders)?;
        }
        Ok(())
    }

    /// Carries out orders on a desk, perhaps to its death, and keeps what askers were told.
    fn group(&mut self, turn: usize, orders: &[Order]) -> Result<Heard, String> {
        let struck = self.fuse.struck();
        let now = self.hands.wall;
        let Some(desk) = self.desks.get_mut(turn) else {
            return Ok(Heard { answers: Vec::new(), died: false });
        };
        let group = desk.interlock.group(orders, now);
        let died = self.fuse.struck() > struck && self.chance.permille(600);
        if died {
            self.reopen(turn)?;
            return Ok(Heard { answers: Vec::new(), died });
        }
        self.follow(turn, &group)?;
        for (order, answer) in orders.iter().zip(&group.answers) {
            self.believe(order, answer)?;
        }
        Ok(Heard { answers: group.answers, died })
    }

    fn reopen(&mut self, turn: usize) -> Result<(), String> {
        let fresh = self.open()?;
        if let Some(slot) = self.desks.get_mut(turn) {
            *slot = fresh;
        }
        Ok(())
    }

    /// What a desk tells its listeners must keep them at its world.
    fn follow(&mut self, turn: usize, group: &Group) -> Result<(), String> {
        let Some(desk) = self.desks.get_mut(turn) else { return Ok(()) };
        if group.reloaded {
            desk.follower = desk.interlock.world().clone();
        } else {
            for event in &group.events {
                if event.seq.0 != desk.follower.seq().0 + 1 {
                    return Err(format!("a desk told {} after {}", event.seq, desk.follower.seq()));
                }
                desk.follower.apply(event);
            }
        }
        if desk.follower.digest() != desk.interlock.world().digest() {
            return Err(format!("whoever follows desk {turn} has another world at {}", desk.follower.seq()));
        }
        Ok(())
    }

    /// Holds an answer against the log: what was reported is there, what was denied is not.
    fn believe(&mut self, order: &Order, answer: &Answer) -> Result<(), String> {
        let record = self.reader.outcome(order.id).map_err(|e| told(&e))?;
        match answer {
            Ok(outcome) => {
                if (outcome.events > 0) != record.is_some() {
                    return Err(format!("{} events were reported, the log knows {record:?}", outcome.events));
                }
                if let Intent::Receive { leads, .. } = &order.intent {
                    // An answer read back from the log lists only what was new.
                    let taken: Vec<LeadId> = outcome.taken.iter().map(|t| t.lead()).collect();
                    let whole = taken.len() == leads.len();
                    let name = |at: usize| leads.get(at).map(|l| (l.system.clone(), l.external_id.clone()));
                    for (at, lead) in taken.iter().enumerate().filter(|_| whole) {
                        let Some(name) = name(at) else { continue };
                        self.reported.entry(name).or_default().push(*lead);
                    }
                    let fresh = outcome.taken.iter().filter(|t| matches!(t, Taken::New(_))).count();
                    self.report.taken += fresh as u64;
                }
                Ok(())
            }
            Err(Denied::Store(error)) if matches!(**error, StoreError::Uncertain { .. }) => Ok(()),
            Err(denied) => {
                self.report.refused += 1;
                match record {
                    Some(record) => Err(format!("denied ({denied}) yet in the log at {}", record.first)),
                    None => Ok(()),
                }
            }
        }
    }

    fn lead(&mut self, turn: usize) -> Result<(), String> {
        let struck = self.fuse.struck();
        let sweep = self.chance.permille(500);
        let (now, boot_ms) = (self.hands.wall, self.hands.boot_ms);
        let Some(desk) = self.desks.get_mut(turn) else { return Ok(()) };
        let led = desk.leader.leads();
        let done = desk.leader.tick(&mut desk.interlock, now, boot_ms, sweep);
        self.report.terms += u64::from(!led && desk.leader.leads());
        let hit = self.fuse.struck() > struck;
        match done {
            Ok((group, _)) => self.follow(turn, &group)?,
            Err(error) if !hit => return Err(told(&error)),
            Err(_) if self.chance.permille(600) => self.reopen(turn)?,
            Err(_) => {
                if let Some(desk) = self.desks.get_mut(turn) {
                    desk.follower = desk.interlock.world().clone();
                }
            }
        }
        self.one_leader()
    }

    /// Several may believe that they lead; the file knows one, and only that one's work is carried out (by its epoch).
    fn one_leader(&self) -> Result<(), String> {
        let lease = self.reader.lease().map_err(|e| told(&e))?;
        let boot_ms = self.hands.boot_ms;
        match lease {
            Some(lease)
                if lease.expires_boot_ms < lease.renewed_boot_ms || lease.renewed_boot_ms > boot_ms =>
            {
                Err(format!("the lease {lease:?} does not fit the boot clock {boot_ms}"))
            }
            _ => Ok(()),
        }
    }

    fn catch_up(&mut self, turn: usize) -> Result<(), String> {
        let Some(desk) = self.desks.get_mut(turn) else { return Ok(()) };
        let events = desk.interlock.catch_up().map_err(|e| told(&e))?;
        self.follow(turn, &Group { answers: Vec::new(), events, reloaded: false })
    }

    fn checkpoint(&mut self, turn: usize) -> Result<(), String> {
        let now = self.hands.wall;
        let Some(desk) = self.desks.get_mut(turn) else { return Ok(()) };
        desk.interlock.checkpoint(now).map_err(|e| told(&e))
    }

    /// Reads what is new in the file, judges it, and holds every desk against it.
    fn look(&mut self) -> Result<(), String> {
        loop {
            let from = Seq(self.judge.world().seq().0 + 1);
            let events = self.reader.events(from, Seq(u64::MAX >> 1), READ_MAX).map_err(|e| told(&e))?;
            for event in &events {
                self.judge.see(event)?;
            }
            if events.is_empty() {
                break;
            }
        }
        for desk in &self.desks {
            self.judge.agrees(desk.interlock.world())?;
        }
        let wrong = super::judge::sound(self.judge.world());
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }

    fn finish(mut self) -> Result<Report, String> {
        for turn in 0..self.desks.len() {
            self.catch_up(turn)?;
        }
        self.look()?;
        self.judge.check().map_err(|wrong| wrong.join("; "))?;
        let late = self.open()?;
        for desk in self.desks.iter().chain([&late]) {
            if desk.interlock.world().seq() != self.judge.world().seq() {
                return Err(format!("a desk stops at {}", desk.interlock.world().seq()));
            }
            self.judge.agrees(desk.interlock.world())?;
        }
        self.reported_are_there()?;
        self.desks.clear();
        drop(late);
        let checked = store::check(&self.path, &mut |_, _| {}).map_err(|e| told(&e))?;
        if !checked.findings.is_empty() {
            return Err(checked.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
        }
        self.report.events = self.judge.world().seq().0;
        self.report.placed = self.judge.placed();
        self.report.crashes = self.fuse.struck();
        self.report.crashes_after_commit = self.fuse.after_commit.load(Ordering::Relaxed);
        self.report.digest = self.judge.world().digest();
        self.remove();
        Ok(self.report)
    }

    /// Each lead reported as taken came exactly once under the name it was reported for.
    fn reported_are_there(&self) -> Result<(), String> {
        let mut came: BTreeMap<LeadId, (SmolStr, SmolStr)> = BTreeMap::new();
        for event in self.judge.log() {
            if let crate::model::event::Body::LeadReceived(r) = &event.body
                && came.insert(r.lead, (r.system.clone(), r.external_id.clone())).is_some()
            {
                return Err(format!("{} came twice", r.lead));
            }
        }
        for (name, leads) in &self.reported {
            for lead in leads {
                if came.get(lead) != Some(name) {
                    return Err(format!(
                        "{lead} was reported for {name:?}; the log has {:?}",
                        came.get(lead)
                    ));
                }
                let contact = self.reader.contacts(&[*lead]).map_err(|e| told(&e))?;
                if contact.is_empty() {
                    return Err(format!("{lead} was reported, but its contact is gone"));
                }
            }
        }
        Ok(())
    }

    fn remove(&self) {
        for ending in ["", "-wal", "-shm"] {
            let mut name = self.path.clone().into_os_string();
            name.push(ending);
            // What is left behind in a scratch folder harms nobody.
            let _ = std::fs::remove_file(name);
        }
    }
}
