//! The leader's work: hold the lease, serve the queue when time frees somebody, serve response timers, raise and clear
//! alerts.
//!
//! Whether we lead is decided by the lease row inside each leader transaction, never by this process's memory.

use super::clock::fresh_id;
use super::interlock::{Group, Interlock};
use super::trust::{Look, STEP_MAX_MS, Trust};
use crate::engine::timers::{self, CLOCK_SUSPECT};
use crate::engine::trial;
use crate::engine::{Intent, Order};
use crate::model::actor::{Actor, ENGINE, Role};
use crate::model::alert::Finding;
use crate::model::event::IntentId;
use crate::model::time::{HOUR_MS, Millis, SECOND_MS};
use crate::store::{Lease, LeaseAnswer, LeaseAsk, StoreError};
use crate::watch::{self, Scene, Site};
use crate::world::{Moment, World};

/// How often the lease is renewed, in milliseconds of boot time.
pub const LEASE_RENEW_MS: i64 = 5 * SECOND_MS;
/// How long a lease lasts without renewal, in milliseconds of boot time.
pub const LEASE_TTL_MS: i64 = 15 * SECOND_MS;
/// Renewals in the length of a lease.
const RENEWALS: i64 = LEASE_TTL_MS / LEASE_RENEW_MS;
/// Shortest lease of a test, in milliseconds.
const LEASE_TTL_MIN_MS: i64 = 150;
/// How often alerts are looked for, in milliseconds of boot time.
pub const WATCH_EVERY_MS: i64 = 10 * SECOND_MS;
/// How often the whole queue is looked at although nothing seems to have freed anyone, in milliseconds of boot time.
pub const SWEEP_EVERY_MS: i64 = 60 * SECOND_MS;
/// Time without any leader of less than this, in milliseconds, is no gap: a take-over takes that long.
pub const GAP_MIN_MS: i64 = 60 * SECOND_MS;
/// Time to the next look when one could not do all, in milliseconds of boot time.
const WATCH_MORE_MS: i64 = 100;
/// The span leaders are counted over, in milliseconds of boot time.
const LEADERS_MS: i64 = HOUR_MS;

/// This process's bid for the lead.
#[derive(Debug)]
pub struct Leader {
    console: u32,
    holder: String,
    boot_id: String,
    /// Where the ids of its orders come from, when they are to be the same in each run.
    ids: Option<u128>,
    /// Epoch of the term we hold.
    epoch: Option<u64>,
    next_renew_ms: i64,
    next_watch_ms: i64,
    /// When the watch's sums, which lag behind the log, are taken further.
    next_keep_ms: i64,
    next_sweep_ms: i64,
    /// How long a lease lasts without renewal, in milliseconds of boot time.
    ttl_ms: i64,
    /// We took over from somebody who did not resign.
    after_death: bool,
    /// Whether the wall clock runs beside the boot clock.
    trust: Trust,
    /// We said that the clock is suspect; when the alert is gone after that, a person has confirmed it.
    said_suspect: bool,
    /// No leader ran from here until we took over or woke: timers are to leave it out.
    gap_from: Option<Millis>,
    /// Boot time of our last tick as leader.
    led_at_ms: Option<i64>,
    /// The clock's hands are turned by a replay: time jumps, and nothing is to be concluded from that.
    by_hand: bool,
    /// The watch was put off for a sweep once; it is not put off again.
    put_off: bool,
    /// Boot time of our last look for alerts in this term.
    looked_at_ms: Option<i64>,
    /// How long nobody had led when we last looked while not leading, in milliseconds.
    idle_ms: i64,
    /// Boot time and epoch of each term of ours within the hour: the epochs between are others'.
    terms: Vec<(i64, u64)>,
}

impl Leader {
    /// A bid in the name of `console` on the boot `boot_id`.
    #[must_use]
    pub fn new(console: u32, boot_id: String) -> Leader {
        Leader {
            console,
            holder: format!("{console}-{}", fresh_id()),
            boot_id,
            ids: None,
            epoch: None,
            next_renew_ms: 0,
            next_watch_ms: 0,
            next_keep_ms: i64::MAX,
            next_sweep_ms: 0,
            ttl_ms: LEASE_TTL_MS,
            after_death: false,
            trust: Trust::default(),
            said_suspect: false,
            gap_from: None,
            led_at_ms: None,
            by_hand: false,
            put_off: false,
            looked_at_ms: None,
            idle_ms: 0,
            terms: Vec::new(),
        }
    }

    /// A bid of a simulation: its name and the ids of its orders follow from `first_id` and not from chance.
    #[must_use]
    pub fn simulated(console: u32, boot_id: String, first_id: u128) -> Leader {
        let holder = format!("{console}-{first_id:x}");
        Leader { ids: Some(first_id), holder, ..Leader::new(console, boot_id) }
    }

    /// The same for a clock whose hands are turned: neither its steps nor its gaps mean anything.
    #[must_use]
    pub fn by_hand(self) -> Leader {
        Leader { by_hand: true, ..self }
    }

    /// With a lease of another length, in milliseconds of boot time; renewed three times as often. For tests of taking over.
    #[must_use]
    pub fn with_lease(mut self, ttl_ms: i64) -> Leader {
        self.ttl_ms = ttl_ms.clamp(LEASE_TTL_MIN_MS, LEASE_TTL_MS);
        self
    }

    /// The epoch of the term we believe to hold.
    #[must_use]
    pub fn epoch(&self) -> Option<u64> {
        self.epoch
    }

    /// Whether the last leader stopped without a word, told once: then the file deserves a look.
    pub fn follows_a_death(&mut self) -> bool {
        std::mem::take(&mut self.after_death)
    }

    /// Another process wrote: its lease as it stands now says when we may bid.
    pub fn look(&mut self, lease: Option<&Lease>, boot_ms: i64) {
        if self.leads() {
            return;
        }
        self.next_renew_ms = match lease {
            Some(lease) if lease.is_held(&self.boot_id, boot_ms) => lease.expires_boot_ms + 1,
            _ => boot_ms,
        };
    }

    /// Whether we led after the last tick.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.epoch.is_some()
    }

    /// Milliseconds until the next tick is due; 0 when it is.
    #[must_use]
    pub fn due_in_ms(&self, boot_ms: i64) -> i64 {
        let next = if self.leads() {
            self.next_renew_ms.min(self.next_watch_ms).min(self.next_keep_ms)
        } else {
            self.next_renew_ms
        };
        // The boot clock cannot go back; hands of a test can, and then a tick is simply due.
        (next - boot_ms).clamp(0, self.ttl_ms)
    }

    /// One tick: renew or bid, then work if we lead. Returns the group and whether more waits to be swept.
    ///
    /// # Errors
    /// The file's trouble; nothing was kept and the lead is given up.
    pub fn tick(
        &mut self,
        interlock: &mut Interlock,
        now: Millis,
        boot_ms: i64,
        sweep: bool,
    ) -> Result<(Group, bool), StoreError> {
        self.next_renew_ms = boot_ms + self.ttl_ms / RENEWALS;
        let look = self.look_at_clock(interlock.world(), now, boot_ms);
        self.note_gap(interlock, now, boot_ms);
        let watches = self.leads() && boot_ms >= self.next_watch_ms;
        // Without sums exact detectors speak alone; a file that cannot be read shows in the transaction below.
        let keeps = watches || self.leads() && boot_ms >= self.next_keep_ms;
        let is_ready = !keeps || interlock.keep_watch().unwrap_or(true);
        if keeps && is_ready && self.next_keep_ms != i64::MAX {
            // The sums have caught up with the log: what they know is said now.
            self.next_watch_ms = boot_ms;
        }
        let orders = if self.leads() { self.work(interlock, now, boot_ms, sweep, look) } else { Vec::new() };
        let ask = self.ask(boot_ms, self.ttl_ms);
        let mine = self.epoch;
        let (mut epoch, mut theirs, mut dead) = (None, None, false);
        let group = interlock.lead(&orders, now, &mut |txn, _| {
            epoch = match mine {
                Some(mine) if txn.lease_renew(mine, ask)? => Some(mine),
                // Lost while we slept: stand in line like anybody, and do nothing as leader this time.
                Some(_) => None,
                None => {
                    dead = txn.lease()?.is_some_and(|l| !l.holder.is_empty() && l.holder != ask.holder);
                    match txn.lease_acquire(ask)? {
                        LeaseAnswer::Yours { epoch } => Some(epoch),
                        LeaseAnswer::Theirs(lease) => {
                            theirs = Some(lease.expires_boot_ms);
                            None
                        }
                    }
                }
            };
            Ok(epoch.is_some())
        });
        let newly = epoch.is_some() && self.epoch.is_none();
        self.epoch = if group.is_ok() { epoch } else { None };
        self.led_at_ms = self.epoch.map(|_| boot_ms);
        if group.is_ok() && (mine.is_some() || epoch.is_none()) {
            // Said in this transaction, or somebody else's to say.
            self.gap_from = None;
        }
        if let Some(expires) = theirs {
            // Nothing to ask for before; should it end sooner, its last words are noticed.
            self.next_renew_ms = expires + 1;
        }
        if newly {
            self.after_death = dead;
            // Whoever led before may have died before serving everybody.
            self.next_sweep_ms = boot_ms;
            self.next_watch_ms = boot_ms;
            self.looked_at_ms = None;
            self.terms.extend(self.epoch.map(|epoch| (boot_ms, epoch)));
        }
        if keeps {
            self.next_keep_ms = if is_ready { i64::MAX } else { boot_ms + WATCH_MORE_MS };
        }
        let group = group?;
        let more = group.answers.iter().any(|a| a.as_ref().is_ok_and(|o| o.more));
        Ok((group, more))
    }

    /// Compares the clocks. Who does not lead looks too: they may lead next.
    fn look_at_clock(&mut self, world: &World, now: Millis, boot_ms: i64) -> Look {
        if self.by_hand {
            return Look::Sound;
        }
        let alert = world.alerts().contains_key(&CLOCK_SUSPECT);
        if self.said_suspect && !alert {
            self.trust.confirm(now, boot_ms);
        }
        self.said_suspect &= alert;
        self.trust.look(now, boot_ms)
    }

    /// Notes since when nobody has led, when that is long enough to matter.
    fn note_gap(&mut self, interlock: &Interlock, now: Millis, boot_ms: i64) {
        let idle = match (self.leads(), self.led_at_ms) {
            _ if self.by_hand => 0,
            // We led all the time, but slept or were stopped.
            (true, Some(last)) => boot_ms - last,
            (true, None) => 0,
            (false, _) => match interlock.store().lease() {
                Ok(Some(lease)) if lease.boot_id == self.boot_id => boot_ms - lease.renewed_boot_ms,
                // Another boot or none: the last event is the last sign of life.
                Ok(_) => now.since(interlock.world().last_at()),
                Err(_) => 0,
            },
        };
        if !self.leads() {
            self.idle_ms = idle;
        }
        if idle >= GAP_MIN_MS {
            let from = now.plus(-idle);
            self.gap_from = Some(self.gap_from.map_or(from, |known| known.min(from)));
        }
    }

    /// What is to be said about the clock and about time that counts for nobody. `true` = timers may run.
    fn timekeeping(&mut self, world: &World, now: Millis, look: Look, orders: &mut Vec<Order>) -> bool {
        let alert = world.alerts().contains_key(&CLOCK_SUSPECT);
        match look {
            Look::Sound => {}
            Look::Suspect { step_ms, .. } => {
                if !alert {
                    let finding = Finding {
                        key: CLOCK_SUSPECT,
                        count: 1,
                        leads: Vec::new(),
                        figure: step_ms,
                        limit: STEP_MAX_MS,
                    };
                    let moment = Moment::at(world.book().zone, now);
                    let steps = vec![watch::raise(world, &moment, finding)];
                    orders.push(self.order(Intent::Watch { steps }));
                }
                self.said_suspect = true;
                return false;
            }
            Look::AgreesAgain { trusted } => {
                self.said_suspect = false;
                if let Some(step) = watch::clear(world, CLOCK_SUSPECT) {
                    orders.push(self.order(Intent::Watch { steps: vec![step] }));
                }
                self.gap_from = Some(self.gap_from.map_or(trusted, |from| from.min(trusted)));
            }
        }
        if let Some(from) = self.gap_from
            && (world.has_clocks() || !world.quiet().is_empty())
        {
            orders.push(self.order(Intent::ResumeTimers { from }));
        }
        // An alert that another leader raised stands until they or a person take it back.
        !alert || matches!(look, Look::AgreesAgain { .. })
    }

    fn work(
        &mut self,
        interlock: &Interlock,
        now: Millis,
        boot_ms: i64,
        sweep: bool,
        look: Look,
    ) -> Vec<Order> {
        let world = interlock.world();
        let mut orders = Vec::new();
        let timed = self.timekeeping(world, now, look, &mut orders);
        let moment = Moment::at(world.book().zone, now);
        if timed && !timers::due(world, &moment).is_empty() {
            orders.push(self.order(Intent::Timers));
        }
        if timed && trial::is_due(world, now) {
            orders.push(self.order(Intent::SettleTrial));
        }
        let unsettled = !world.waiting().is_empty() && !world.is_settled(now);
        if sweep || unsettled || boot_ms >= self.next_sweep_ms {
            self.next_sweep_ms = boot_ms + SWEEP_EVERY_MS;
            if !world.waiting().is_empty() || world.reps().iter().any(|r| !r.leaves.is_empty()) {
                orders.push(self.order(Intent::Sweep));
            }
        }
        if timed && crate::engine::pool::due(world, now).next().is_some() {
            orders.push(self.order(Intent::TakeQuiet));
        }
        // Whoever comes to work finds a queue that nobody has been served from yet: look after the sweep, not before it.
        let put_off = unsettled && !std::mem::replace(&mut self.put_off, unsettled);
        self.put_off &= unsettled;
        if boot_ms >= self.next_watch_ms && !put_off {
            let unseen_ms = self.looked_at_ms.map_or(self.idle_ms, |last| boot_ms - last);
            let site = self.site(interlock, boot_ms);
            let scene = Scene { world, sums: interlock.watch(), site: &site, moment: &moment };
            let look = watch::look(&scene, timed, unseen_ms > watch::lifecycle::GAP_MS);
            self.next_watch_ms = boot_ms + if look.more { WATCH_MORE_MS } else { WATCH_EVERY_MS };
            self.looked_at_ms = Some(boot_ms);
            if !look.steps.is_empty() {
                orders.push(self.order(Intent::Watch { steps: look.steps }));
            }
            if timed {
                // For alerts that fired before this look: what just fired is told first.
                let asked = watch::automatic::reliefs(world, &moment);
                orders.extend(asked.into_iter().map(|intent| self.order(intent)));
            }
        }
        orders
    }

    /// What is known of the machine. A simulation and a replay have none of their own.
    fn site(&mut self, interlock: &Interlock, boot_ms: i64) -> Site {
        self.terms.retain(|(at, _)| boot_ms - at < LEADERS_MS);
        let ours = self.terms.first().zip(self.terms.last());
        let between = ours.map(|((_, first), (_, last))| last.saturating_sub(*first) + 1);
        let is_real = self.ids.is_none() && !self.by_hand;
        Site {
            leaders_an_hour: between.and_then(|n| u32::try_from(n).ok()),
            free_bytes: interlock.store().free_bytes().ok().filter(|_| is_real),
            outbox: interlock.store().outbox_state().ok().filter(|_| is_real),
        }
    }

    fn order(&mut self, intent: Intent) -> Order {
        let id = match &mut self.ids {
            Some(last) => {
                *last += 1;
                IntentId(*last)
            }
            None => fresh_id(),
        };
        Order {
            id,
            actor: Actor { name: ENGINE.into(), role: Role::Engine, console: self.console },
            intent,
            seen: Vec::new(),
        }
    }

    /// Gives the lease back so that another console need not wait for it to run out.
    pub fn resign(&mut self, interlock: &mut Interlock, boot_ms: i64) {
        let Some(epoch) = self.epoch.take() else { return };
        // Failing to resign only makes the next leader wait for the lease to run out.
        let _ = interlock.lead(&[], Millis(boot_ms), &mut |txn, _| {
            txn.lease_release(epoch)?;
            Ok(false)
        });
    }

    fn ask(&self, now_boot_ms: i64, ttl_ms: i64) -> LeaseAsk<'_> {
        LeaseAsk { holder: &self.holder, boot_id: &self.boot_id, now_boot_ms, ttl_ms }
    }
}
