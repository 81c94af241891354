//! What the lead card and the why card say: the stored reasons of the last decision and the lead's own history, in words.
//! Text only; the view puts it into cells.

use crate::console::desk::hour_and_minute;
use crate::console::look::Glyphs;
use crate::console::model::{Model, Story};
use crate::console::text::{Say, T};
use crate::engine::words;
use crate::model::actor::ENGINE;
use crate::model::event::{Body, Event};
use crate::model::id::{LeadId, RepId};
use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use crate::model::why::Explanation;
use smol_str::SmolStr;

pub mod rep;
pub mod sheet;
pub mod team;
pub mod timeline;

/// What a card is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Card {
    Rep(RepId),
    Team(SmolStr),
    Lead(LeadId),
}

/// The lines of a card, as of now.
#[must_use]
pub fn sheet(model: &Model, card: &Card) -> sheet::Sheet {
    match card {
        Card::Rep(rep) => rep::card(model, *rep),
        Card::Team(team) => team::card(model, team),
        Card::Lead(lead) => timeline::card(model, *lead),
    }
}

/// A span of time as `4:48`, `1h 40m`, `3d 02h`; negative with a minus.
#[must_use]
pub fn span(ms: i64, glyphs: &Glyphs) -> String {
    let sign = if ms < 0 { glyphs.minus } else { "" };
    let ms = ms.saturating_abs();
    if ms < HOUR_MS {
        format!("{sign}{}:{:02}", ms / MINUTE_MS, ms % MINUTE_MS / SECOND_MS)
    } else if ms < DAY_MS {
        format!("{sign}{}h {:02}m", ms / HOUR_MS, ms % HOUR_MS / MINUTE_MS)
    } else {
        format!("{sign}{}d {:02}h", ms / DAY_MS, ms % DAY_MS / HOUR_MS)
    }
}

/// Whole minutes, for what need not tick.
#[must_use]
pub fn minutes(minutes: i64) -> String {
    match minutes {
        0..60 => format!("{minutes}m"),
        60..1440 => format!("{}h {:02}m", minutes / 60, minutes % 60),
        _ => format!("{}d {:02}h", minutes / 1440, minutes % 1440 / 60),
    }
}

/// Steps of history in the strip.
const STEPS_MAX: usize = 6;

/// The story of `lead`, if it has come.
fn story(model: &Model, lead: LeadId) -> Option<&Story> {
    model.story.as_ref().filter(|story| story.lead == lead)
}

/// The reasons stored with an event.
fn why(event: &Event) -> Option<&Explanation> {
    match &event.body {
        Body::LeadAssigned(a) => a.why.as_deref(),
        Body::LeadWaits { why, .. } | Body::LeadParked { why, .. } => why.as_deref(),
        _ => None,
    }
}

/// The newest decision of the engine.
fn decision(story: &Story) -> Option<&Explanation> {
    story.events.iter().find_map(why)
}

/// Whether the newest move was a person's, so that the engine's older reasons are not why it stands there.
fn by_person(story: &Story) -> Option<&Event> {
    let moved = story.events.iter().find(|event| {
        !matches!(
            event.body,
            Body::LeadHeld { .. }
                | Body::LeadReleased { .. }
                | Body::LeadUnmasked { .. }
                | Body::ComplaintRaised { .. }
                | Body::ComplaintRuled { .. }
                | Body::LeadEdited(_)
        )
    })?;
    (why(moved).is_none() && moved.actor != ENGINE && !matches!(moved.body, Body::LeadReceived(_)))
        .then_some(moved)
}

fn step(model: &Model, event: &Event) -> String {
    let what = words::history(model.desk.world(), event, model.lang);
    let at = hour_and_minute(event.at, model.desk.moment());
    format!("{at} {what}")
}

fn step_by(model: &Model, event: &Event) -> String {
    let who = if event.actor == ENGINE { T::ByEngine.into() } else { Say::By(event.actor.as_str()) };
    format!("{}  {}", step(model, event), who.get(model.lang))
}

/// The strip below the queue: why it stands where it stands, then what happened, oldest first.
#[must_use]
pub fn strip(model: &Model, lead: LeadId) -> Vec<String> {
    let Some(story) = story(model, lead) else { return vec![T::WhyAsking.get(model.lang).to_owned()] };
    let world = model.desk.world();
    let mut lines = Vec::new();
    match (by_person(story), decision(story)) {
        (Some(event), _) => lines.push(step_by(model, event)),
        (None, Some(why)) => {
            let all = words::explanation(world, why, model.lang);
            // The rule that decided stands last and matters most.
            lines.extend(all.first().cloned());
            let rest: Vec<&str> = all.iter().skip(2).map(|line| line.trim()).collect();
            lines.push(rest.join("  "));
        }
        (None, None) => lines.push(T::WhyNone.get(model.lang).to_owned()),
    }
    let steps: Vec<String> =
        story.events.iter().take(STEPS_MAX).rev().map(|event| step(model, event)).collect();
    let count = Say::HistoryOf(story.events.len());
    let arrow = format!(" {} ", model.look.glyphs().arrow);
    lines.push(format!("{}: {}", count.get(model.lang), steps.join(&arrow)));
    lines
}

/// The whole card; with a rep, first why not this one.
#[must_use]
pub fn lines(model: &Model, lead: LeadId, not: Option<RepId>) -> Vec<String> {
    let Some(story) = story(model, lead) else { return vec![T::WhyAsking.get(model.lang).to_owned()] };
    let world = model.desk.world();
    let mut lines = Vec::new();
    let decided = decision(story);
    if let Some(rep) = not {
        lines.push(Say::WhyNotOf(&model.desk.rep_name(rep)).get(model.lang).to_owned());
        match decided {
            Some(why) => lines.extend(words::why_not(world, why, rep, model.lang)),
            None => lines.push(T::WhyNone.get(model.lang).to_owned()),
        }
        lines.push(String::new());
    }
    for complaint in world.complaints_of(lead) {
        lines.extend(words::complaint::complaint(world, complaint, model.lang));
    }
    if let Some(event) = by_person(story) {
        lines.push(step_by(model, event));
    }
    match decided {
        Some(why) => lines.extend(words::explanation(world, why, model.lang)),
        None if lines.is_empty() => lines.push(T::WhyNone.get(model.lang).to_owned()),
        None => {}
    }
    lines.push(String::new());
    lines.push(Say::HistoryOf(story.events.len()).get(model.lang).to_owned());
    lines.extend(story.events.iter().map(|event| format!("  {}  {}", event.seq, step_by(model, event))));
    lines
}
