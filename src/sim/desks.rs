//! Several desks on one file over the real interlock, with trouble planted: crashes before and after each statement,
//! statements that fail, a full disk, a leader who stands still, clocks that are set.
//!
//! One thread: desks take turns by the seed. A desk dies by being dropped with its transaction open and comes back by
//! opening the file; or it survives the same fault and must answer from the log. Whatever is asserted is asserted of the
//! file as a fourth connection reads it.

mod trouble;
mod verdict;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use smol_str::SmolStr;

use super::chance::Chance;
use super::crew::{self, Crew};
use super::judge::Judge;
use super::run::{Hands, Options, Report};
use crate::desk::interlock::{Answer, Denied, Group, Interlock};
use crate::desk::leader::Leader;
use crate::engine::{Intent, Order};
use crate::model::actor::Actor;
use crate::model::event::IntentId;
use crate::model::id::LeadId;
use crate::store::{Store, StoreError, Trouble};
use crate::world::World;
use trouble::{Fuse, Standing};

pub use trouble::Kind;

/// The boot all desks of a run share.
const BOOT: &str = "simulated-boot";
/// The secret of a simulated file: given, so that a seed writes the same pages each time.
const SECRET: [u8; 16] = *b"leadyard-sim-000";
/// Lines of what was done that a finding shows.
const TRACE_MAX: usize = 12;
/// Longest of these lines, in characters.
const LINE_CHARS_MAX: usize = 240;
/// Most looks of a leader in a calm spell.
const CALM_TICKS_MAX: i64 = 120;
/// Longest time between two looks, in milliseconds: shorter than what counts as a time without a leader.
const CALM_TICK_MS: i64 = 55_000;

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
    trouble: Option<Standing>,
    /// A leader that stands still: its desk and steps left.
    frozen: Option<Standing>,
    gap_steps: i64,
    spared: Vec<Kind>,
    reader: Store,
    judge: Judge,
    chance: Chance,
    hands: Hands,
    orders: u128,
    lives: u32,
    /// Leads reported as taken, by what their sender calls them.
    reported: BTreeMap<(SmolStr, SmolStr), Vec<LeadId>>,
    trace: VecDeque<String>,
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
    /// What was found, with the last things that were done.
    pub fn run(seed: u64, options: &Options, folder: &Path, step: &mut u32) -> Result<Report, String> {
        let path = folder.join(format!("sim-{seed}.leadyard"));
        let mut desks = Desks::new(seed, options, path)?;
        let done = desks.play(seed, options, step).and_then(|()| desks.finish());
        desks.desks.clear();
        desks.remove();
        let last = desks.trace.iter().fold(String::new(), |text, line| format!("{text}\n    {line}"));
        done.map_err(|why| format!("{why}\n  done last:{last}"))
    }

    fn play(&mut self, seed: u64, options: &Options, step: &mut u32) -> Result<(), String> {
        let mut crew = Crew::new(seed, self.hands.wall);
        self.open_up()?;
        while *step < options.steps {
            *step += 1;
            self.step(*step, &mut crew, options)?;
        }
        Ok(())
    }

    fn new(seed: u64, options: &Options, path: PathBuf) -> Result<Desks, String> {
        let hands = Hands::new();
        let first = Store::create_with_secret(&path, hands.wall, SECRET).map_err(|e| told(&e))?;
        let reader = Store::open_readonly(&path).map_err(|e| told(&e))?;
        drop(first);
        let mut desks = Desks {
            path,
            desks: Vec::new(),
            fuse: Arc::new(Fuse::default()),
            trouble: None,
            frozen: None,
            gap_steps: 0,
            spared: options.spared.clone(),
            reader,
            judge: Judge::new(),
            chance: Chance::apart(seed, 6),
            hands,
            orders: u128::from(seed) << 64,
            lives: 0,
            reported: BTreeMap::new(),
            trace: VecDeque::new(),
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
        // Ids apart from those of people's orders.
        let first_id = (u128::from(self.report.seed) << 64) + (u128::from(self.lives) << 32);
        let leader = Leader::simulated(self.lives, BOOT.to_owned(), first_id);
        Ok(OneDesk { interlock, leader, follower })
    }

    fn open_up(&mut self) -> Result<(), String> {
        self.look()?;
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

    fn note(&mut self, mut line: String) {
        if let Some((end, _)) = line.char_indices().nth(LINE_CHARS_MAX) {
            line.truncate(end);
            line.push('…');
        }
        if self.trace.len() == TRACE_MAX {
            self.trace.pop_front();
        }
        self.trace.push_back(line);
    }

    fn step(&mut self, step: u32, crew: &mut Crew, options: &Options) -> Result<(), String> {
        self.hands.pass(&mut self.chance, options.sets_clock);
        let mut turn = usize::try_from(self.chance.below(self.desks.len() as u64)).unwrap_or(0);
        if self.frozen.is_some_and(|f| f.desk == turn) {
            turn = (turn + 1) % self.desks.len().max(1);
        }
        if self.trouble.is_none() && self.chance.permille(options.trouble_permille) {
            self.begin_trouble(turn)?;
        }
        let (wall, seq) = (self.hands.wall, self.judge.world().seq());
        self.note(format!("step {step}, {}, desk {turn} after {seq}: …", wall.to_rfc3339()));
        let what = match self.chance.weighted(&[70, 18, 7, 5, 5]) {
            0 => self.work(turn, crew)?,
            1 | 4 if self.gap_steps > 0 => "no leader".to_owned(),
            1 => self.lead(turn)?,
            4 => self.calm(turn)?,
            2 => self.catch_up(turn)?,
            _ => self.checkpoint(turn)?,
        };
        let trouble = self.trouble.map_or("", |t| t.kind.word());
        self.trace.pop_back();
        self.note(format!("step {step}, {}, desk {turn} after {seq}: {what} {trouble}", wall.to_rfc3339()));
        self.end_trouble()?;
        self.look()
    }

    fn begin_trouble(&mut self, turn: usize) -> Result<(), String> {
        let Some(mut standing) = trouble::draw(&mut self.chance, turn, &self.spared) else { return Ok(()) };
        *self.report.troubles.entry(standing.kind.word()).or_default() += 1;
        match standing.kind {
            Kind::LeaderGap => {
                self.gap_steps = standing.steps_left;
                return Ok(());
            }
            Kind::Frozen => {
                let led = self.desks.iter().position(|d| d.leader.leads());
                self.frozen = self.frozen.or(led.map(|desk| Standing { desk, ..standing }));
                return Ok(());
            }
            Kind::Crash => standing.steps_left = self.fuse.light(&mut self.chance),
            Kind::FailOnce | Kind::FailForEver | Kind::Full => {}
        }
        if let Some(trouble) = standing.kind.of_store(&mut self.chance) {
            self.make_trouble(turn, trouble)?;
        }
        self.trouble = Some(standing);
        Ok(())
    }

    fn make_trouble(&mut self, turn: usize, trouble: Trouble) -> Result<(), String> {
        match self.desks.get_mut(turn) {
            Some(desk) => desk.interlock.store_mut().make_trouble(trouble).map_err(|e| told(&e)),
            None => Ok(()),
        }
    }

    /// Whether an error of this desk's file is what was planted. A desk on whose file everything fails cannot even give up its
    /// lock, so the others may be kept out until its trouble ends.
    fn is_in_trouble(&self, turn: usize) -> bool {
        self.trouble.is_some_and(|t| t.desk == turn || t.kind == Kind::FailForEver)
    }

    /// Time goes by for what stands; a desk whose trouble is over must be at work again by itself.
    fn end_trouble(&mut self) -> Result<(), String> {
        self.gap_steps -= i64::from(self.gap_steps > 0);
        if let Some(standing) = &mut self.trouble {
            standing.steps_left -= 1;
            if standing.steps_left <= 0 {
                let turn = standing.desk;
                self.trouble = None;
                self.fuse.put_out();
                self.make_trouble(turn, Trouble::None)?;
                self.catch_up(turn)?;
            }
        }
        if let Some(frozen) = &mut self.frozen {
            frozen.steps_left -= 1;
            if frozen.steps_left <= 0 {
                let turn = frozen.desk;
                self.frozen = None;
                self.lead(turn)?;
            }
        }
        Ok(())
    }

    /// People's wishes, as the asker saw the desk: perhaps older than what others made of it meanwhile.
    fn work(&mut self, turn: usize, crew: &mut Crew) -> Result<String, String> {
        let Some(desk) = self.desks.get(turn) else { return Ok(String::new()) };
        // A screen shows what its desk last told, never what was not committed.
        let (act, wishes) = crew.wishes(&desk.follower, self.hands.wall);
        let mut orders: Vec<Order> =
            wishes.into_iter().map(|(actor, wish)| self.order(actor, wish)).collect();
        self.see(turn, &mut orders);
        if orders.is_empty() {
            return Ok(format!("{}: nothing", act.name));
        }
        let mut heard = self.group(turn, &orders)?;
        if heard.died && self.chance.permille(700) {
            heard = self.ask_again(turn, &mut orders)?;
        }
        let tally = self.report.acts.entry(act.name).or_default();
        for (order, answer) in orders.iter().zip(&heard.answers) {
            match answer {
                Ok(outcome) if act.is_refused && outcome.events > 0 => {
                    return Err(format!("{} was allowed: {:?}", act.name, order.intent));
                }
                Ok(outcome) => {
                    tally.0 += 1;
                    crew.did(&order.actor, outcome.batch);
                }
                Err(_) => tally.1 += 1,
            }
        }
        let said = heard.answers.iter().map(|a| match a {
            Ok(done) => format!("{} events", done.events),
            Err(denied) => denied.to_string(),
        });
        Ok(format!("{}: {}{}", act.name, said.collect::<Vec<_>>().join(", "), dead(heard.died)))
    }

    /// Half of the askers name what they saw: whoever was overtaken is told.
    fn see(&mut self, turn: usize, orders: &mut [Order]) {
        let Some(desk) = self.desks.get(turn) else { return };
        for order in orders {
            if self.chance.permille(500) {
                let rev = |id: &LeadId| desk.follower.lead(*id).map(|l| (*id, l.touched.seq));
                order.seen = order.intent.leads().iter().filter_map(rev).collect();
            }
        }
    }

    /// Whoever heard nothing asks again, elsewhere: by the order's id, or anew under the same external ids. Nothing may
    /// double.
    fn ask_again(&mut self, turn: usize, orders: &mut Vec<Order>) -> Result<Heard, String> {
        let other = (turn + 1) % self.desks.len().max(1);
        if self.is_in_trouble(other) {
            return Ok(Heard { answers: Vec::new(), died: true });
        }
        if self.chance.permille(500) {
            for order in orders.iter_mut() {
                self.orders += 1;
                order.id = IntentId(self.orders);
            }
            orders.retain(|o| matches!(o.intent, Intent::Receive { .. }));
        } else {
            let mut open = Vec::new();
            for order in orders.drain(..) {
                if self.reader.outcome(order.id).map_err(|e| told(&e))?.is_none() {
                    open.push(order);
                }
            }
            *orders = open;
        }
        self.group(other, orders)
    }

    /// Carries out orders on a desk, perhaps to its death, and keeps what askers were told.
    fn group(&mut self, turn: usize, orders: &[Order]) -> Result<Heard, String> {
        let struck = self.fuse.struck();
        let now = self.hands.wall;
        let Some(desk) = self.desks.get_mut(turn) else {
            return Ok(Heard { answers: Vec::new(), died: false });
        };
        let group = desk.interlock.group(orders, now);
        let failed = group.answers.iter().any(|a| matches!(a, Err(Denied::Store(_))));
        let crashed = self.fuse.struck() > struck;
        let hit = crashed || failed;
        if failed && !crashed && !self.is_in_trouble(turn) {
            return Err(format!("the file failed without cause: {:?}", group.answers));
        }
        if failed {
            self.met(turn);
        }
        if hit && self.chance.permille(600) {
            self.reopen(turn)?;
            return Ok(Heard { answers: Vec::new(), died: true });
        }
        self.follow(turn, &group)?;
        for (order, answer) in orders.iter().zip(&group.answers) {
            self.believe(order, answer)?;
        }
        Ok(Heard { answers: group.answers, died: false })
    }

    fn reopen(&mut self, turn: usize) -> Result<(), String> {
        let fresh = self.open()?;
        if let Some(slot) = self.desks.get_mut(turn) {
            *slot = fresh;
        }
        self.report.deaths += 1;
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
        if !desk.interlock.is_ahead() && desk.follower.digest() != desk.interlock.world().digest() {
            return Err(format!("whoever follows desk {turn} has another world at {}", desk.follower.seq()));
        }
        Ok(())
    }

    fn lead(&mut self, turn: usize) -> Result<String, String> {
        let before = self.reader.lease().map_err(|e| told(&e))?;
        let seq = self.reader.last_seq().map_err(|e| told(&e))?;
        let sweep = self.chance.permille(500);
        let (now, boot_ms) = (self.hands.wall, self.hands.boot_ms);
        let Some(desk) = self.desks.get_mut(turn) else { return Ok(String::new()) };
        let (led, mine) = (desk.leader.leads(), desk.leader.epoch());
        let struck = self.fuse.struck();
        let done = desk.leader.tick(&mut desk.interlock, now, boot_ms, sweep);
        let leads = desk.leader.leads();
        self.report.terms += u64::from(!led && leads);
        let overtaken = mine.is_some() && before.as_ref().map(|l| l.epoch) != mine;
        if overtaken {
            self.report.overtaken += 1;
            let wrote = self.reader.last_seq().map_err(|e| told(&e))? != seq;
            if wrote || leads {
                return Err(format!("desk {turn} went on as leader {mine:?} under {before:?}"));
            }
        }
        match done {
            Ok((group, _)) => {
                self.follow(turn, &group)?;
                self.fenced(boot_ms, turn, leads)?;
                Ok(format!("leads: {leads}, {} events", group.events.len()))
            }
            Err(error) if self.fuse.struck() == struck && !self.is_in_trouble(turn) => Err(told(&error)),
            Err(error) => {
                self.met(turn);
                if self.chance.permille(600) {
                    self.reopen(turn)?;
                } else {
                    self.refresh(turn);
                }
                Ok(format!("leading: {error}"))
            }
        }
    }

    /// A calm spell in which a leader is there all the time: without one no timer would ever come to its end.
    fn calm(&mut self, turn: usize) -> Result<String, String> {
        let mut said = String::new();
        for _ in 0..self.chance.between(2, CALM_TICKS_MAX) {
            self.hands.go(self.chance.between(1, CALM_TICK_MS));
            said = self.lead(turn)?;
            if self.is_in_trouble(turn) {
                break;
            }
        }
        Ok(format!("a calm spell: {said}"))
    }

    /// The service shows the world anew when it was read anew.
    fn refresh(&mut self, turn: usize) {
        if let Some(desk) = self.desks.get_mut(turn)
            && !desk.interlock.is_ahead()
        {
            desk.follower = desk.interlock.world().clone();
        }
    }

    fn catch_up(&mut self, turn: usize) -> Result<String, String> {
        let Some(desk) = self.desks.get_mut(turn) else { return Ok(String::new()) };
        let caught = match desk.interlock.mend() {
            Ok(true) => Ok((Vec::new(), true)),
            Ok(false) => desk.interlock.catch_up().map(|events| (events, false)),
            Err(error) => Err(error),
        };
        match caught {
            Ok((events, reloaded)) => {
                let count = events.len();
                self.follow(turn, &Group { answers: Vec::new(), events, reloaded })?;
                Ok(format!("catches up {count}"))
            }
            Err(error) if !self.is_in_trouble(turn) => Err(told(&error)),
            Err(error) => {
                self.met(turn);
                self.reopen(turn)?;
                Ok(format!("catching up: {error}"))
            }
        }
    }

    fn checkpoint(&mut self, turn: usize) -> Result<String, String> {
        let now = self.hands.wall;
        let Some(desk) = self.desks.get_mut(turn).filter(|d| !d.interlock.is_ahead()) else {
            return Ok(String::new());
        };
        match desk.interlock.checkpoint(now) {
            Ok(()) => Ok("checkpoint".to_owned()),
            Err(error) if !self.is_in_trouble(turn) => Err(told(&error)),
            Err(error) => {
                self.met(turn);
                Ok(format!("checkpoint: {error}"))
            }
        }
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

fn dead(died: bool) -> &'static str {
    if died { " and the desk died" } else { "" }
}

#[cfg(test)]
mod tests;
