//! Seeing, step by step: cards, the queue held still, gauges folded, the roster, a leaver's handover, toasts.

use super::{news, pick, step};
use crate::console::card::{self, Card};
use crate::console::model::{Carding, Model, Overlay, Purpose, Screen, Severity};
use crate::console::msg::{Effect, Msg, Order};
use crate::console::seeing::Seeing;
use crate::console::text::T;
use crate::console::widget::field::Field;
use crate::model::event::Event;
use crate::model::id::{LeadId, RepId};
use crate::model::rep::Leave;
use crate::model::time::Millis;
use crate::world::moment::instant_of;

/// Leads of a rep whose names their card needs.
const NAMED_MAX: usize = 30;

pub(super) fn seeing(model: &mut Model, seeing: Seeing) -> Vec<Effect> {
    match seeing {
        Seeing::Card(card) => {
            let sheet = card::sheet(model, &card);
            model.overlays.push(Overlay::Card(Carding { card, sheet, offset: 0 }));
        }
        Seeing::Freeze => {
            model.desk.toggle_frozen();
            pick::reselect(model);
        }
        Seeing::GaugeSort => {
            model.desk.arrange_gauges(|gauges| gauges.sort = gauges.sort.next());
            news::sync(model);
        }
        Seeing::Fold => fold(model),
        Seeing::UnfoldAll => {
            model.desk.arrange_gauges(|gauges| gauges.folded.clear());
            news::sync(model);
        }
        Seeing::Leave => {
            if let Some(rep) = model.rep().map(|rep| rep.id) {
                model
                    .overlays
                    .push(Overlay::Prompt { purpose: Purpose::Leave(rep), field: Field::default() });
            }
        }
        Seeing::Handover => {
            if let Some(rep) = model.rep().map(|rep| rep.id) {
                model.overlays.push(Overlay::Handover { rep });
            }
        }
    }
    Vec::new()
}

/// The selection goes to the next rep that still shows.
fn fold(model: &mut Model) {
    let Some(team) = model.rep().map(|rep| rep.team.clone()) else { return };
    let before = model.desk.shown_reps();
    let at = model.loads.index().unwrap_or(0);
    model.desk.arrange_gauges(|gauges| {
        gauges.folded.insert(team);
    });
    let shown = model.desk.shown_reps();
    let is_shown = |rep: &&RepId| shown.contains(rep);
    let next = before.iter().skip(at).find(is_shown).or(before.iter().take(at).rev().find(is_shown));
    if let Some(next) = next {
        model.loads.select(*next, &shown, model.pages.loads);
    }
    news::sync(model);
}

/// Shows the team of a rep who is to be selected.
pub(super) fn unfold(model: &mut Model, rep: RepId) {
    let team = model.desk.rep(rep).map(|rep| rep.team.clone());
    if let Some(team) = team {
        model.desk.arrange_gauges(|gauges| {
            gauges.folded.remove(&team);
        });
    }
}

/// Cards and the roster follow the desk.
pub(super) fn sync(model: &mut Model) {
    let reps = roster(model);
    let page = model.pages.rules;
    model.see.roster.sync(&reps, page);
    if let Some(Overlay::Card(mut open)) = model.overlays.pop_if(|top| matches!(top, Overlay::Card(_))) {
        open.sheet = card::sheet(model, &open.card);
        let last = open.sheet.lines.len().saturating_sub(model.pages.overlay.max(1));
        open.offset = open.offset.min(last);
        model.overlays.push(Overlay::Card(open));
    }
}

/// Everybody, those who left last.
#[must_use]
pub fn roster(model: &Model) -> Vec<RepId> {
    let mut reps: Vec<_> = model.desk.world().reps().iter().collect();
    reps.sort_by_key(|rep| (!rep.active, rep.card.teams.is_empty(), rep.card.teams.first().cloned(), rep.id));
    reps.into_iter().map(|rep| rep.id).collect()
}

/// Leads whose names the open card needs.
pub(super) fn carded(model: &Model) -> Vec<LeadId> {
    match model.overlays.last() {
        Some(Overlay::Card(Carding { card: Card::Lead(lead), .. })) => vec![*lead],
        Some(Overlay::Card(Carding { card: Card::Rep(rep), .. })) => {
            let theirs = model.desk.world().leads().filter(|lead| lead.owner == Some(*rep));
            theirs.map(|lead| lead.id).take(NAMED_MAX * 4).collect()
        }
        _ => Vec::new(),
    }
}

/// What others did to leads that are marked here and still open.
pub(super) fn toasts(model: &mut Model, events: &[Event]) {
    if model.marks.is_empty() {
        return;
    }
    for event in events {
        let is_open = |lead| model.desk.world().lead(lead).is_some();
        let is_marked = event.body.lead().is_some_and(|lead| model.marks.contains(&lead) && is_open(lead));
        if is_marked
            && event.actor != model.me.name
            && let Some(sentence) = model.desk.sentence(event)
        {
            model.see.toast(sentence, model.now);
        }
    }
}

/// A leave as typed: two days (the second is the last one away), then why; nothing cancels all leaves.
pub(super) fn leave(model: &mut Model, rep: RepId, text: &str) -> Vec<Effect> {
    let mut leaves = model.desk.world().rep(rep).map_or_else(Vec::new, |rep| rep.leaves.clone());
    if text.is_empty() {
        leaves.clear();
    } else {
        let Some(leave) = read_leave(model, text) else {
            model.say(Severity::Refused, T::BadLeave);
            let purpose = Purpose::Leave(rep);
            model.overlays.push(Overlay::Prompt { purpose, field: Field::new(text) });
            return Vec::new();
        };
        leaves.push(leave);
    }
    step(model, Msg::Order(Order::SetLeaves { rep, leaves }))
}

fn read_leave(model: &Model, text: &str) -> Option<Leave> {
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let (from, to) = match first.split_once("..") {
        Some((from, to)) => (from, to),
        None => match words.next()? {
            ".." | "-" => (first, words.next()?),
            to => (first, to),
        },
    };
    let reason = words.collect::<Vec<_>>().join(" ");
    let (from, to) = (day(model, from, 0)?, day(model, to, 1)?);
    (from < to).then(|| Leave { from, to, reason: reason.into() })
}

/// The start of a day in the desk's zone, `after` days later.
fn day(model: &Model, text: &str, after: u64) -> Option<Millis> {
    let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let date = date.checked_add_days(chrono::Days::new(after))?;
    instant_of(model.desk.moment().zone, date.and_hms_opt(0, 0, 0)?)
}

/// Whether the roster or the calendar is on screen.
pub(super) fn is_roster(model: &Model) -> bool {
    matches!(model.screen, Screen::Roster | Screen::Calendar)
}
