//! The rep's card: what they hold, got and answered, and their ledger page beside those they share it with. It is the answer
//! to "why him and not me?", so it shows every figure the engine goes by and nothing it does not.

use super::sheet::{Sheet, Tone, cells};
use crate::console::desk::lines::state_word;
use crate::console::desk::{Desk, day_and_hour, hour_and_minute};
use crate::console::model::Model;
use crate::console::text::{Say, T};
use crate::console::widget::fit::Align;
use crate::engine::eligible::{Limits, barred};
use crate::engine::words;
use crate::model::id::RepId;
use crate::model::lead::{Lead, LeadState};
use crate::model::time::MINUTE_MS;
use crate::report::ledger::{LedgerScope, ledger_page};
use crate::world::RepState;

/// Leads in hand listed; the queue shows all of them.
const LEADS_MAX: usize = 30;
/// Days and entries of the ledger listed.
const DAYS_MAX: usize = 10;

/// The card of `id`.
#[must_use]
pub fn card(model: &Model, id: RepId) -> Sheet {
    let mut sheet = Sheet::default();
    let Some(rep) = model.desk.world().rep(id) else { return sheet };
    facts(model, rep, &mut sheet);
    turn(model, rep, &mut sheet);
    hand(model, rep, &mut sheet);
    book(model, rep, &mut sheet);
    sheet
}

fn facts(model: &Model, rep: &RepState, sheet: &mut Sheet) {
    let (lang, moment) = (model.lang, model.desk.moment());
    let world = model.desk.world();
    sheet.put(Tone::Text, format!("{}  ({})  {}", rep.card.name, rep.card.login, rep.card.teams.join(", ")));
    sheet.put(Tone::Text, presence(&model.desk, rep).get(lang));
    let limit = |cap: Option<u32>| cap.map_or_else(|| T::NoLimit.get(lang).to_owned(), |cap| cap.to_string());
    let today = rep.ledger.placements_on(moment.day);
    let caps = Say::CardCaps(
        rep.load,
        &limit(rep.cap_open_at(moment.now)),
        today,
        &limit(rep.cap_day_at(moment.now)),
    );
    sheet.put(Tone::Text, caps.get(lang));
    let weight = words::milli(i64::from(rep.weight_at(moment.now)));
    let mut line = Say::CardWeight(&weight).get(lang).to_owned();
    if let Some((week, share)) = crate::world::ramp::ramp_week(world.book(), rep, moment.day) {
        line.push_str(&format!("  {}", Say::CardRamp(week, share / 10).get(lang)));
    }
    if !rep.card.skills.is_empty() {
        line.push_str(&format!("  {}", Say::CardSkills(&rep.card.skills.join(", ")).get(lang)));
    }
    sheet.put(Tone::Muted, line);
    for leave in rep.leaves.iter().filter(|leave| leave.to > moment.now) {
        let (from, to) = (day_and_hour(leave.from, moment), day_and_hour(leave.to, moment));
        sheet.put(Tone::Muted, Say::CardLeave(&from, &to, &leave.reason).get(lang));
    }
    let (got, due) = world.shares().over_window(rep.id, moment.day);
    if due > 0 {
        let share = Say::CardShare(&tenths(got / 1000), &tenths(due / 1000), got * 100 / due);
        sheet.put(Tone::Text, share.get(lang));
    }
}

/// On duty, or why not.
#[must_use]
pub fn presence(desk: &Desk, rep: &RepState) -> Say {
    let moment = desk.moment();
    if !rep.active {
        return T::Inactive.into();
    }
    match rep.leave_at(moment.now) {
        _ if !rep.duty => T::OffDuty.into(),
        Some(leave) => Say::OnLeaveUntil(&day_and_hour(leave.to, moment)),
        None if !rep.is_at_work(moment.now) => T::OutOfHours.into(),
        None => T::OnDuty.into(),
    }
}

/// Each scope: those who share it in the order of their turn, with what keeps one from taking it.
fn turn(model: &Model, rep: &RepState, sheet: &mut Sheet) {
    let (world, moment, lang) = (model.desk.world(), model.desk.moment(), model.lang);
    for scope in &ledger_page(world, rep, moment).scopes {
        let name = scope.team.as_deref().unwrap_or(T::WholeDesk.get(lang));
        sheet.head(Say::CardTurns(name).get(lang));
        sheet.put(Tone::Text, standing(scope).get(lang));
        let shares = |r: &&RepState| match &scope.team {
            Some(team) => r.in_team(team),
            None => r.shares_team(rep),
        };
        let mut all: Vec<&RepState> =
            world.reps().iter().filter(|r| r.active && (r.id == rep.id || shares(r))).collect();
        all.sort_by_key(|r| (r.ledger_sum(scope.team.as_deref(), moment.day), r.last_turn, r.id));
        for other in all {
            let sum = tenths(other.ledger_sum(scope.team.as_deref(), moment.day));
            let why = barred(other, &Limits::default(), moment);
            let is_next = scope.next == Some(other.id);
            let note = match &why {
                Some(why) => words::left_out(why, lang),
                None if is_next => T::NextInTurn.get(lang).to_owned(),
                None => String::new(),
            };
            let marker = if other.id == rep.id { "▸" } else { " " };
            let marker = if model.look.is_ascii && marker == "▸" { ">" } else { marker };
            let name = &other.card.name;
            let row = cells(&[(name, 14, Align::Left), (&sum, 10, Align::Right), (&note, 40, Align::Left)]);
            let tone = match (is_next, why.is_some()) {
                (true, _) => Tone::Accent,
                (_, true) => Tone::Muted,
                _ => Tone::Text,
            };
            sheet.put(tone, format!("{marker} {row}"));
        }
    }
}

/// Less or more than the others, in a sentence.
fn standing(scope: &LedgerScope) -> Say {
    let sum = tenths(scope.sum_milli);
    let Some(mean) = scope.mean_milli else { return Say::CardAlone(&sum) };
    let apart = scope.sum_milli - mean;
    let by = tenths(apart.abs());
    match apart.signum() {
        -1 => Say::CardBelow(&sum, &by, scope.others),
        1 => Say::CardAbove(&sum, &by, scope.others),
        _ => Say::CardEven(&sum, scope.others),
    }
}

fn hand(model: &Model, rep: &RepState, sheet: &mut Sheet) {
    let (world, now, lang) = (model.desk.world(), model.desk.moment().now, model.lang);
    let mut leads: Vec<&Lead> =
        world.leads().filter(|lead| lead.owner == Some(rep.id) && lead.state.is_open()).collect();
    leads.sort_by_key(|lead| (lead.state != LeadState::Assigned, lead.assigned_at, lead.id));
    sheet.head(Say::CardHolds(leads.len()).get(lang));
    if !leads.is_empty() {
        sheet.put(Tone::Text, answered(&leads).get(lang));
    }
    for lead in leads.iter().take(LEADS_MAX) {
        let left = model.desk.answer_left_ms(lead);
        sheet.ticks |= left.is_some_and(|(_, runs)| runs);
        let clock = match left {
            Some((ms, _)) => super::span(ms, model.look.glyphs()),
            None => String::new(),
        };
        let since = lead.assigned_at.map_or_else(String::new, |at| {
            let minutes = now.since(at) / MINUTE_MS;
            super::minutes(minutes)
        });
        let row = cells(&[
            (&lead.id.to_string(), 7, Align::Left),
            (&model.desk.called(lead.id), 16, Align::Left),
            (state_word(lead.state).get(lang), 10, Align::Left),
            (&since, 7, Align::Right),
            (&clock, 8, Align::Right),
            (&lead.attrs.source, 12, Align::Left),
        ]);
        let is_late = left.is_some_and(|(ms, _)| ms < 0);
        sheet.put(if is_late { Tone::Danger } else { Tone::Text }, format!("  {row}"));
    }
    if leads.len() > LEADS_MAX {
        sheet.put(Tone::Muted, Say::AndMore(leads.len() - LEADS_MAX).get(lang));
    }
}

/// How many of those in hand were answered, and how soon the middle one was.
fn answered(leads: &[&Lead]) -> Say {
    let mut times: Vec<i64> = leads
        .iter()
        .filter_map(|lead| Some(lead.contacted_at?.since(lead.assigned_at.unwrap_or(lead.arrived_at))))
        .collect();
    times.sort_unstable();
    match times.get(times.len() / 2) {
        Some(middle) => Say::CardAnswered(times.len(), leads.len(), &super::minutes(middle / MINUTE_MS)),
        None => Say::CardNoneAnswered(leads.len()),
    }
}

/// Days and entries of the rep's own ledger.
fn book(model: &Model, rep: &RepState, sheet: &mut Sheet) {
    let (world, moment, lang) = (model.desk.world(), model.desk.moment(), model.lang);
    let page = ledger_page(world, rep, moment);
    let Some(scope) = page.scopes.first() else { return };
    sheet.head(T::CardLedger.get(lang));
    for day in scope.days.iter().rev().take(DAYS_MAX) {
        let date = day.day.to_date_text();
        let entries = if day.entries_milli == 0 { String::new() } else { signed(day.entries_milli) };
        let words = Say::CardDay(&date, &words::milli(day.turns_milli), day.placements, &entries);
        sheet.put(Tone::Text, format!("  {}", words.get(lang).trim_end()));
    }
    if scope.days.is_empty() {
        sheet.put(Tone::Muted, format!("  {}", T::CardNoDays.get(lang)));
    }
    for note in page.scopes.iter().flat_map(|scope| &scope.notes).rev().take(DAYS_MAX) {
        let reason = words::ledger_reason(&note.reason, lang);
        let at = format!("{} {}", note.to.to_date_text(), hour_and_minute(note.at, moment));
        let team = note.team.as_deref().unwrap_or(T::WholeDesk.get(lang));
        sheet.put(Tone::Muted, format!("  {at}  {}  {reason}  {team}  {}", signed(note.milli), note.by));
    }
}

fn signed(milli: i64) -> String {
    if milli > 0 { format!("+{}", words::milli(milli)) } else { words::milli(milli) }
}

/// Turns to a tenth: what a person compares, not what is booked.
pub(super) fn tenths(milli: i64) -> String {
    words::milli(milli / 100 * 100)
}
