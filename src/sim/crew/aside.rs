//! What people do beside the rules: diverts, modes of parts of the desk, proposals accepted, duplicates merged, the pool.

use super::super::people::{PlayOptions, person};
use super::{Crew, Wishes, supervisor};
use crate::engine::{AlertWish, DivertWish, Intent, assist};
use crate::model::actor::Role;
use crate::model::alert::Ending;
use crate::model::id::{LeadId, RepId};
use crate::model::mode::{Mode, ModeScope};
use crate::model::overlay::{DivertBy, DivertTo};
use crate::model::time::{MINUTE_MS, Millis};
use crate::watch::remedies;
use crate::world::{Moment, World};

/// Most proposals accepted at once.
const ACCEPTED_MAX: usize = 4;

fn open_leads(crew: &mut Crew, world: &World, count: usize) -> Vec<LeadId> {
    let mut all: Vec<LeadId> = world.leads().map(|l| l.id).collect();
    all.sort_unstable();
    let mut some: Vec<LeadId> = (0..count).filter_map(|_| crew.chance.pick(&all).copied()).collect();
    some.dedup();
    some
}

fn a_team(crew: &mut Crew, world: &World) -> Option<smol_str::SmolStr> {
    let teams: Vec<_> = world.teams().keys().cloned().collect();
    crew.chance.pick(&teams).cloned()
}

pub(super) fn divert(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let Some(team) = a_team(crew, world) else { return Vec::new() };
    let scopes = ["", "source = 抖音", "score >= 20", "phone is empty"];
    let ways = [DivertBy::Fair, DivertBy::from_word("least-loaded").unwrap_or_default()];
    let wish = DivertWish {
        scope: crew.chance.pick(&scopes).copied().unwrap_or_default().into(),
        to: vec![DivertTo::Team(team)],
        by: crew.chance.pick(&ways).copied().unwrap_or_default(),
        until: now.plus(crew.chance.between(1, 240) * MINUTE_MS),
        reason: "活动".into(),
    };
    vec![(crew.coordinator(), Intent::SetDivert(wish))]
}

pub(super) fn end_divert(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let running: Vec<_> = world.diverts_at(now).map(|d| d.divert.id).collect();
    // With nothing to end there is one to begin.
    let Some(divert) = crew.chance.pick(&running).copied() else { return divert(crew, world, now) };
    vec![(crew.coordinator(), Intent::EndDivert { divert })]
}

/// Starts, prolongs or shortens a promotion of the book.
pub(super) fn promote(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let all: Vec<_> = world.book().promotions.iter().map(|p| p.name.clone()).collect();
    let Some(promotion) = crew.chance.pick(&all).cloned() else { return Vec::new() };
    let until = now.plus(crew.chance.between(1, 300) * MINUTE_MS);
    vec![(crew.coordinator(), Intent::StartPromotion { promotion, until, reason: "加推".into() })]
}

pub(super) fn demote(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let on: Vec<_> = world.promotions_at(now).map(|(p, _)| p.name.clone()).collect();
    let Some(promotion) = crew.chance.pick(&on).cloned() else { return promote(crew, world, now) };
    vec![(crew.coordinator(), Intent::StopPromotion { promotion, reason: "提前结束".into() })]
}

pub(super) fn mode(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let team = a_team(crew, world);
    let rule = world.book().rules.first().map(|r| ModeScope::Rule(r.name.clone()));
    let scopes = [team.map(ModeScope::Team), rule, Some(ModeScope::Source("抖音".into()))];
    let Some(scope) = crew.chance.pick(&scopes).cloned().flatten() else { return Vec::new() };
    // With an end, so that the desk does not stand still for the rest of the seed.
    let mode = crew.chance.pick(&[Mode::Auto, Mode::Assist, Mode::Assist, Mode::Paused]).copied();
    let until = Some(now.plus(crew.chance.between(1, 90) * MINUTE_MS));
    let intent = Intent::SetScopeMode { scope, mode: mode.unwrap_or_default(), until };
    vec![(crew.coordinator(), intent)]
}

pub(super) fn accept(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let moment = Moment::at(world.book().zone, now);
    let shown = assist::proposals(world, &moment, ACCEPTED_MAX);
    let items: Vec<(LeadId, RepId)> = shown.iter().map(|p| (p.lead, p.gift.rep)).collect();
    if items.is_empty() {
        mode(crew, world, now)
    } else {
        vec![(crew.coordinator(), Intent::Accept { items })]
    }
}

pub(super) fn merge(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let Some((into, leads)) =
        open_leads(crew, world, 3).split_first().map(|(first, rest)| (*first, rest.to_vec()))
    else {
        return Vec::new();
    };
    if leads.is_empty() { Vec::new() } else { vec![(crew.coordinator(), Intent::Merge { into, leads })] }
}

pub(super) fn pool(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let leads = open_leads(crew, world, 2);
    if leads.is_empty() {
        return Vec::new();
    }
    vec![(crew.coordinator(), Intent::ToPool { leads, reason: "回访失败".into() })]
}

pub(super) fn claim(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let mut pooled: Vec<LeadId> =
        world.leads().filter(|l| l.pooled_since().is_some()).map(|l| l.id).collect();
    pooled.sort_unstable();
    let rep = crew.chance.pick(world.reps()).map(|r| r.card.login.clone());
    let Some(lead) = crew.chance.pick(&pooled).copied() else { return pool(crew, world, now) };
    let who = rep.map(|login| person(&login, Role::Rep, PlayOptions::default().console));
    who.map(|who| (who, Intent::Claim { leads: vec![lead] })).into_iter().collect()
}

pub(super) fn adjust(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let Some(rep) = crew.chance.pick(world.reps()).map(|r| r.id) else { return Vec::new() };
    let milli = crew.chance.between(-3000, 3000);
    vec![(supervisor(), Intent::AdjustLedger { rep, team: None, milli, reason: "补偿".into() })]
}

/// Takes an alert on, puts it off, gives it back, says something about it, or declares it over.
pub(super) fn alert(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let open: Vec<_> = world.alerts().values().map(|alert| (alert.finding.key, alert.fired_seq)).collect();
    let Some((key, episode)) = crew.chance.pick(&open).copied() else { return Vec::new() };
    let until = now.plus(crew.chance.between(1, 240) * MINUTE_MS);
    let wish = match crew.chance.below(6) {
        0 | 1 => AlertWish::Acknowledge { until: None },
        2 => AlertWish::Snooze { until },
        3 => AlertWish::Reopen,
        4 => AlertWish::Comment,
        _ => AlertWish::Close(Ending::FalseAlarm),
    };
    vec![(supervisor(), Intent::HandleAlert { key, episode, wish, note: "看过".into() })]
}

/// Silences alerts like one that is open, or ends a silence.
pub(super) fn silence(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let set: Vec<_> = world.silences().keys().copied().collect();
    if let Some(silence) = crew.chance.pick(&set).copied().filter(|_| crew.chance.permille(300)) {
        return vec![(supervisor(), Intent::EndSilence { silence })];
    }
    let open: Vec<_> = world.alerts().keys().copied().collect();
    let Some(key) = crew.chance.pick(&open).copied() else { return Vec::new() };
    let until = now.plus(crew.chance.between(1, 240) * MINUTE_MS);
    let subject = Some(key.subject);
    vec![(supervisor(), Intent::SetSilence { kind: Some(key.kind), subject, until, reason: "已知".into() })]
}

/// Does one of the things that would help about an alert.
pub(super) fn remedy(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let open: Vec<_> = world.alerts().values().collect();
    let Some(alert) = crew.chance.pick(&open).copied() else { return silence(crew, world, now) };
    let moment = Moment::at(world.book().zone, now);
    let offered = remedies(world, alert, &moment);
    let Some(chosen) = crew.chance.pick(&offered) else { return Vec::new() };
    let order = Box::new(chosen.intent.clone());
    vec![(supervisor(), Intent::Remedy { key: alert.finding.key, episode: alert.fired_seq, order })]
}

/// A rep says that a lead went the wrong way.
pub(super) fn complain(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let Some(lead) = open_leads(crew, world, 1).first().copied() else { return Vec::new() };
    let rep = crew.chance.pick(world.reps()).map(|r| r.card.login.clone());
    let who = rep.map(|login| person(&login, Role::Rep, PlayOptions::default().console));
    who.map(|who| (who, Intent::Complain { lead, why: "这是我的老客户".into() })).into_iter().collect()
}

/// A supervisor rules: moved to somebody, decided anew, or rejected.
pub(super) fn rule(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let open: Vec<_> = world.open_complaints().map(|c| c.id).collect();
    let Some(complaint) = crew.chance.pick(&open).copied() else { return complain(crew, world, now) };
    let upheld = crew.chance.permille(600);
    let to = crew.chance.pick(world.reps()).map(|r| r.id).filter(|_| crew.chance.permille(500));
    vec![(supervisor(), Intent::RuleOn { complaint, upheld, to, reason: "已核实".into() })]
}
