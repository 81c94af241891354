//! The lead's card: every fact the desk keeps of it, its clock, and what happened, step by step with the time between.

use super::sheet::{Sheet, Tone};
use crate::console::desk::lines::state_word;
use crate::console::desk::{day_and_hour, hour_and_minute};
use crate::console::model::Model;
use crate::console::text::{Say, T};
use crate::engine::words;
use crate::model::actor::ENGINE;
use crate::model::contact::mask_phone;
use crate::model::id::LeadId;
use crate::model::time::{DAY_MS, MINUTE_MS};

/// The card of `id`. A lead that closed still has its story.
#[must_use]
pub fn card(model: &Model, id: LeadId) -> Sheet {
    let mut sheet = Sheet::default();
    facts(model, id, &mut sheet);
    steps(model, id, &mut sheet);
    sheet
}

fn facts(model: &Model, id: LeadId, sheet: &mut Sheet) {
    let (world, moment, lang) = (model.desk.world(), model.desk.moment(), model.lang);
    let closed = || model.find.closed.as_deref().filter(|row| row.id == id);
    let Some(lead) = world.lead(id).or_else(closed) else {
        sheet.put(Tone::Warn, T::CardClosed.get(lang));
        return;
    };
    if !lead.state.is_open() {
        sheet.put(Tone::Warn, T::CardClosed.get(lang));
    }
    let a = &lead.attrs;
    let mut head = format!("{}  {}", id, state_word(lead.state).get(lang));
    if let Some(owner) = lead.owner {
        head.push_str(&format!("  {} {}", T::Owner.get(lang), model.desk.rep_name(owner)));
    }
    head.push_str(&format!("  {} {}", T::Score.get(lang), lead.score));
    if lead.pinned {
        head.push_str(&format!("  {} {}", model.look.glyphs().pin, T::Pinned.get(lang)));
    }
    sheet.put(Tone::Text, head);
    let phone = model.desk.card(id).map(|card| card.phone).unwrap_or_default();
    let phone = if phone.is_empty() { phone } else { mask_phone(&phone) };
    let custom = a.custom.iter().map(|(name, value)| (format!("x.{name}"), value.to_string()));
    let pairs = [
        (T::Source, a.source.as_str()),
        (T::ColCampaign, &a.campaign),
        (T::Region, &a.region),
        (T::ColCity, &a.city),
        (T::Product, &a.product),
        (T::ColCompany, &a.company),
        (T::Phone, &phone),
    ];
    let known =
        pairs.iter().map(|(name, value)| (name.get(lang).to_owned(), (*value).to_owned())).chain(custom);
    let known: Vec<String> =
        known.filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name} {value}")).collect();
    for line in known.chunks(3) {
        sheet.put(Tone::Text, line.join("   "));
    }
    let (sent, came) = (day_and_hour(lead.received_at, moment), day_and_hour(lead.arrived_at, moment));
    sheet.put(
        Tone::Muted,
        format!("{} {sent}   {} {came}", T::ColReceived.get(lang), T::ColArrived.get(lang)),
    );
    for complaint in world.complaints_of(id) {
        for line in words::complaint::complaint(world, complaint, lang) {
            sheet.put(Tone::Warn, line);
        }
    }
    if let Some(park) = &lead.park {
        sheet.put(Tone::Warn, words::park(world, park, lang));
    }
    if let Some((ms, runs)) = model.desk.answer_left_ms(lead) {
        sheet.ticks |= runs;
        let left = super::span(ms, model.look.glyphs());
        let say = if runs { Say::CardClock(&left) } else { Say::CardClockStill(&left) };
        sheet.put(if ms < 0 { Tone::Danger } else { Tone::Accent }, say.get(lang));
    }
    if let Some(hold) = lead.hold_at(moment.now) {
        sheet.ticks = true;
        let left = super::span(hold.until.0 - moment.now.0, model.look.glyphs());
        let by = Say::By(&hold.actor);
        sheet.put(Tone::Accent, format!("{} {} {left}", T::Held.get(lang), by.get(lang)));
    }
}

/// Oldest first: a story is told from its beginning.
fn steps(model: &Model, id: LeadId, sheet: &mut Sheet) {
    let (world, moment, lang) = (model.desk.world(), model.desk.moment(), model.lang);
    let Some(story) = model.story.as_ref().filter(|story| story.lead == id) else {
        sheet.put(Tone::Muted, T::WhyAsking.get(lang));
        return;
    };
    sheet.head(Say::HistoryOf(story.events.len()).get(lang));
    let mut before = None;
    for event in story.events.iter().rev() {
        let day = event.at.0.div_euclid(DAY_MS);
        let is_other_day = before.is_none_or(|at: crate::model::time::Millis| at.0.div_euclid(DAY_MS) != day);
        let at =
            if is_other_day { day_and_hour(event.at, moment) } else { hour_and_minute(event.at, moment) };
        let gap = before
            .map_or_else(String::new, |at| format!("+{}", super::minutes(event.at.since(at) / MINUTE_MS)));
        let who = if event.actor == ENGINE { T::ByEngine.into() } else { Say::By(event.actor.as_str()) };
        let what = words::history(world, event, lang);
        sheet.put(Tone::Text, format!("{at:>11}  {gap:>7}  {what}  {}", who.get(lang)));
        before = Some(event.at);
    }
}
