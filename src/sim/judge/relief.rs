//! What the book's watch moves by itself, held against what it may: never what a person placed, parked, holds or contacted,
//! only for an alert that fires, only by a line that stands in the book, within caps and the hour's budget.

use smol_str::SmolStr;

use super::Judge;
use super::promotion::own_caps;
use crate::model::alert::AlertKind;
use crate::model::event::{Assigned, Event};
use crate::model::id::Seq;
use crate::model::lead::{Lead, LeadState, ParkReason};
use crate::model::mode::Mode;
use crate::model::relief::{MOVES_MAX, Remedied};
use crate::model::time::HOUR_MS;
use crate::world::{Moment, RepState};

/// More leads than this no line may ask for in an hour.
const AN_HOUR_MAX: usize = 500;

impl Judge {
    /// A placement that a watch line asked for.
    pub(super) fn remedied(
        &self,
        (a, episode, line): (&Assigned, Seq, &SmolStr),
        row: &Lead,
        rep: &RepState,
        event: &Event,
    ) -> Result<(), String> {
        self.line_stands(episode, line)?;
        may_move(row, event)?;
        let who = &rep.card.login;
        if self.world.mode_at(event.at) != Mode::Auto {
            return Err(format!("{} is moved though the engine is not on auto", a.lead));
        }
        let on_leave = rep.leaves.iter().any(|l| l.from <= event.at && event.at < l.to);
        if !rep.active || !rep.duty || on_leave || !rep.is_at_work(event.at) {
            return Err(format!("{who} is not there to take {}", a.lead));
        }
        if row.not_to.contains(&rep.id) {
            return Err(format!("{who} had {} before", a.lead));
        }
        let (open, day) = own_caps(&self.world, rep, event.at);
        let load = self.world.leads().filter(|l| l.owner == Some(rep.id) && l.state.is_load()).count();
        let moment = Moment::at(self.world.book().zone, event.at);
        let today = self.accounts.placements(rep.id, moment.day);
        if open.is_some_and(|cap| load >= cap as usize) || day.is_some_and(|cap| today >= i64::from(cap)) {
            return Err(format!("{who} is full and gets {}", a.lead));
        }
        Ok(())
    }

    /// The record of it: few leads, and not more than the hour allows.
    pub(super) fn relieved(&self, done: &Remedied, event: &Event) -> Result<(), String> {
        let Some(line) = &done.line else {
            let by_engine = event.actor == crate::model::actor::ENGINE;
            return if by_engine { Err("a person's remedy in the engine's name".into()) } else { Ok(()) };
        };
        self.line_stands(done.episode, line)?;
        let before = self.moved_in_an_hour(done.key.kind, event);
        if done.leads.is_empty() || done.leads.len() > MOVES_MAX || before + done.leads.len() > AN_HOUR_MAX {
            return Err(format!("a line moves {} leads at once, {before} before", done.leads.len()));
        }
        Ok(())
    }

    fn moved_in_an_hour(&self, kind: AlertKind, event: &Event) -> usize {
        self.world.moved_by_remedies(kind, event.at, HOUR_MS)
    }

    fn line_stands(&self, episode: Seq, line: &str) -> Result<(), String> {
        if self.world.alert_of(episode).is_none() {
            return Err(format!("leads are moved for {episode}, which does not fire"));
        }
        if !self.world.published().text.contains(line) || line.is_empty() {
            return Err(format!("leads are moved by a line that is not in the book: {line}"));
        }
        Ok(())
    }
}

/// Only what nobody has a hand on.
pub(super) fn may_move(row: &Lead, event: &Event) -> Result<(), String> {
    let put_aside = !matches!(&row.park, None | Some(ParkReason::Rule(_) | ParkReason::Unmatched));
    let states = [LeadState::Waiting, LeadState::Parked, LeadState::Assigned];
    if row.pinned || row.contacted_at.is_some() || put_aside || !states.contains(&row.state) {
        return Err(format!("the watch moves {}, which is {} or a person's", row.id, row.state.word()));
    }
    match row.hold.as_ref().filter(|h| h.until > event.at) {
        Some(hold) => Err(format!("the watch moves {}, which {} holds", row.id, hold.actor)),
        None => Ok(()),
    }
}
