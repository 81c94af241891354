//! The team's card: who is in it and could take a lead now, whose turn is next, and which rules give to it.

use super::sheet::{Sheet, Tone, cells};
use crate::console::model::Model;
use crate::console::text::{Say, T};
use crate::console::widget::fit::Align;
use crate::console::widget::gauge::{bar, figures};
use crate::engine::eligible::{Limits, barred};
use crate::engine::words;
use crate::model::overlay::DivertTo;
use crate::rulebook::{FairScope, Rule, Target};
use crate::world::RepState;

/// Cells of a gauge.
const GAUGE_CELLS: usize = 16;
/// Waiting leads looked at: the card is for a glance, not for a count of a backlog.
const WAITING_MAX: usize = 2_000;

/// The card of the team called `name`; the empty name means those without one.
#[must_use]
pub fn card(model: &Model, name: &str) -> Sheet {
    let mut sheet = Sheet::default();
    let (world, moment, lang) = (model.desk.world(), model.desk.moment(), model.lang);
    let is_in = |rep: &&RepState| {
        rep.active && if name.is_empty() { rep.card.teams.is_empty() } else { rep.in_team(name) }
    };
    let members: Vec<&RepState> = world.reps().iter().filter(is_in).collect();
    let free = |rep: &&&RepState| barred(rep, &Limits::default(), moment).is_none();
    // Whose turn it is goes by the ledger the first rule for the team looks at.
    let is_within = gives(model, name).next().is_some_and(|rule| rule.scope == FairScope::WithinTeam);
    let scope = if is_within { Some(name) } else { None };
    let load: u32 = members.iter().map(|rep| rep.load).sum();
    let today: u32 = members.iter().map(|rep| rep.ledger.placements_on(moment.day)).sum();
    let sums = Say::CardTeamSums(members.iter().filter(free).count(), members.len(), load, today);
    sheet.put(Tone::Text, sums.get(lang));
    let next = model.desk.teams().iter().find(|team| team.name == name).and_then(|team| team.next.clone());
    match next {
        Some(next) => {
            let mark = model.look.glyphs().next;
            sheet.put(Tone::Accent, Say::NextUpIs(mark, &next).get(lang));
        }
        None => sheet.put(Tone::Warn, T::NextNobody.get(lang)),
    }
    let waiting = world.waiting().iter().take(WAITING_MAX).filter(|key| {
        let lead = world.lead(key.lead);
        lead.is_some_and(|lead| {
            gives(model, name).any(|rule| rule.when.holds_for(&world.view(lead, lead.score, moment)))
        })
    });
    let more = if world.waiting().len() > WAITING_MAX { "+" } else { "" };
    let waiting = format!("{}{more}", waiting.count());
    sheet.put(Tone::Text, Say::CardTeamWaits(&waiting).get(lang));
    sheet.head(T::CardMembers.get(lang));
    let mut rows = members;
    rows.sort_by_key(|rep| (rep.ledger_sum(scope, moment.day), rep.last_turn, rep.id));
    for rep in rows {
        let (full, rest) = bar(rep.load, rep.cap_open_at(moment.now), GAUGE_CELLS, model.look.glyphs());
        let turns = super::rep::tenths(rep.ledger_sum(scope, moment.day));
        let is_away = !free(&&rep);
        let why = barred(rep, &Limits::default(), moment);
        let note = why.map_or_else(String::new, |why| words::left_out(&why, lang));
        let row = cells(&[
            (&rep.card.name, 14, Align::Left),
            (&format!("{full}{rest}"), GAUGE_CELLS, Align::Left),
            (&figures(rep.load, rep.cap_open_at(moment.now)), 7, Align::Right),
            (&turns, 9, Align::Right),
            (&note, 26, Align::Left),
        ]);
        sheet.put(if is_away { Tone::Muted } else { Tone::Text }, format!("  {row}"));
    }
    sheet.head(T::CardRules.get(lang));
    for (number, rule) in world.book().rules.iter().enumerate().filter(|(_, rule)| to(rule, name)) {
        let off = if rule.disabled { T::RuleDisabled.get(lang) } else { "" };
        sheet.put(Tone::Text, format!("  {}  {}  {off}", number + 1, rule.name).trim_end().to_owned());
    }
    for divert in world.diverts_at(moment.now) {
        if divert.divert.to.iter().any(|to| matches!(to, DivertTo::Team(team) if team == name)) {
            let until = crate::console::desk::hour_and_minute(divert.divert.until, moment);
            sheet.put(
                Tone::Accent,
                format!("  {}", Say::CardDivert(&divert.divert.id.to_string(), &until).get(lang)),
            );
        }
    }
    sheet
}

fn to(rule: &Rule, name: &str) -> bool {
    rule.give.iter().any(|target| matches!(target, Target::Team(team) if team == name))
}

/// Rules in force that give to the team.
fn gives<'a>(model: &'a Model, name: &'a str) -> impl Iterator<Item = &'a Rule> {
    model.desk.world().book().rules.iter().filter(move |rule| !rule.disabled && to(rule, name))
}
