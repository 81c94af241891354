//! What is held against the file: after each step what is new in it and every desk's world, for each answer what was
//! reported, at the end all of it.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{Desks, told};
use crate::desk::interlock::{Answer, Denied};
use crate::desk::leader::LEASE_TTL_MS;
use crate::engine::{Intent, Order, Taken};
use crate::model::event::{Body, Event};
use crate::model::id::{LeadId, Seq};
use crate::store::{self, StoreError};

/// Events read at once.
const READ_MAX: usize = 5_000;

impl Desks {
    /// Holds an answer against the log: what was reported is there, what was denied is not.
    pub(super) fn believe(&mut self, order: &Order, answer: &Answer) -> Result<(), String> {
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
            Err(Denied::Store(error)) if matches!(**error, StoreError::Uncertain { .. }) => {
                self.report.uncertain += 1;
                Ok(())
            }
            Err(denied) => {
                self.report.refused += 1;
                match record {
                    Some(record) => Err(format!("denied ({denied}) yet in the log at {}", record.first)),
                    None => Ok(()),
                }
            }
        }
    }

    /// Counts an error of the file that was planted.
    pub(super) fn met(&mut self, turn: usize) {
        if let Some(standing) = self.trouble.filter(|t| t.desk == turn) {
            *self.report.met.entry(standing.kind.word()).or_default() += 1;
        }
    }

    /// A desk that says it leads is the one the file names, until then.
    pub(super) fn fenced(&self, boot_ms: i64, turn: usize, leads: bool) -> Result<(), String> {
        let lease = self.reader.lease().map_err(|e| told(&e))?;
        let epoch = self.desks.get(turn).and_then(|d| d.leader.epoch());
        match lease {
            Some(lease) if leads => {
                let ends = boot_ms + LEASE_TTL_MS;
                let fits = Some(lease.epoch) == epoch && lease.expires_boot_ms == ends;
                if fits { Ok(()) } else { Err(format!("desk {turn} leads as {epoch:?} under {lease:?}")) }
            }
            None if leads => Err(format!("desk {turn} leads without a lease")),
            _ => Ok(()),
        }
    }

    /// Reads what is new in the file, judges it, and holds every desk against it.
    pub(super) fn look(&mut self) -> Result<(), String> {
        // Two desks may have written in one step: each stands where it stopped.
        let stand = |d: &super::OneDesk| [d.interlock.world().seq(), d.follower.seq()];
        let places: BTreeSet<Seq> = self.desks.iter().flat_map(stand).collect();
        loop {
            let from = Seq(self.judge.world().seq().0 + 1);
            let events = self.reader.events(from, Seq(u64::MAX >> 1), READ_MAX).map_err(|e| told(&e))?;
            for event in &events {
                self.judge.see(event)?;
                if places.contains(&event.seq) {
                    self.judge.mark();
                }
            }
            if events.is_empty() {
                break;
            }
        }
        self.judge.mark();
        for desk in &self.desks {
            self.judge.agrees(&desk.follower)?;
            if !desk.interlock.is_ahead() {
                self.judge.agrees(desk.interlock.world())?;
            }
        }
        let wrong = super::super::judge::sound(self.judge.world());
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }

    pub(super) fn finish(&mut self) -> Result<super::Report, String> {
        if let Some(standing) = &mut self.trouble {
            standing.steps_left = 0;
        }
        self.end_trouble()?;
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
        self.report.verbs = self.judge.verbs().clone();
        self.report.crashes = self.fuse.struck();
        self.report.crash_points = self.fuse.points();
        let moved = |e: &&Event| matches!(e.body, Body::LeadRecalled { timer: Some(_), .. });
        self.report.timer_moves = self.judge.log().iter().filter(moved).count() as u64;
        self.report.digest = self.judge.world().digest();
        Ok(self.report.clone())
    }

    /// Each lead reported as taken came exactly once under the name it was reported for.
    pub(super) fn reported_are_there(&self) -> Result<(), String> {
        let mut came: BTreeMap<LeadId, (SmolStr, SmolStr)> = BTreeMap::new();
        for event in self.judge.log() {
            if let Body::LeadReceived(r) = &event.body
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
}
