//! The office: roster, leaves, book, roles, somebody's batch taken back, closed leads looked at again; and those who want
//! what they may not.

use super::super::books::BOOKS;
use super::super::people::{PlayOptions, person};
use super::{ADMIN, Crew, STRANGER, Wishes, supervisor};
use crate::engine::intent::Theirs;
use crate::engine::{Intent, Progress, To, TrialWish};
use crate::model::actor::Role;
use crate::model::id::{LeadId, RepId};
use crate::model::lead::LeadState;
use crate::model::rep::{Leave, RepCard};
use crate::model::time::{MINUTE_MS, Millis};
use crate::model::trial::{Share, TrialKind};
use crate::world::{RepState, World};

fn a_rep<'w>(crew: &mut Crew, world: &'w World) -> Option<&'w RepState> {
    crew.chance.pick(world.reps())
}

fn by_supervisor(intent: Option<Intent>) -> Wishes {
    intent.map(|intent| (supervisor(), intent)).into_iter().collect()
}

pub(super) fn edit_rep(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let Some(state) = a_rep(crew, world) else { return Vec::new() };
    let mut card = state.card.clone();
    match crew.chance.below(4) {
        0 => card.weight_milli = u32::try_from(crew.chance.between(5, 20)).unwrap_or(10) * 100,
        1 => {
            let teams: Vec<_> = world.teams().keys().cloned().collect();
            card.teams = crew.chance.pick(&teams).cloned().into_iter().collect();
        }
        2 => card.cap_day = crew.chance.permille(500).then_some(6),
        _ => card.cap_open = Some(u32::try_from(crew.chance.between(1, 6)).unwrap_or(1)),
    }
    by_supervisor(Some(Intent::EditRep { rep: state.id, card }))
}

pub(super) fn join(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    crew.joined += 1;
    let teams: Vec<_> = world.teams().keys().cloned().collect();
    let mut card = RepCard::new(&format!("joiner{}", crew.joined), "新人");
    card.teams = crew.chance.pick(&teams).cloned().into_iter().collect();
    card.cap_open = Some(3);
    by_supervisor(Some(Intent::AddReps { cards: vec![card] }))
}

pub(super) fn leave(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let rep = a_rep(crew, world).map(|r| r.id);
    let heir = a_rep(crew, world).map(|r| r.id).filter(|heir| Some(*heir) != rep);
    let to = heir.map_or(Theirs::Spread, |rep| Theirs::To { rep, uses_turn: crew.chance.permille(500) });
    let theirs = crew.chance.pick(&[Theirs::Spread, Theirs::Keep, Theirs::Park, to]).copied();
    by_supervisor(rep.zip(theirs).map(|(rep, theirs)| Intent::Deactivate { rep, theirs }))
}

pub(super) fn rejoin(_: &mut Crew, world: &World, _: Millis) -> Wishes {
    let left = world.reps().iter().find(|r| !r.active);
    by_supervisor(left.map(|r| Intent::Reactivate { rep: r.id }))
}

pub(super) fn leaves(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let from = now.plus(crew.chance.between(-30, 60) * MINUTE_MS);
    let to = from.plus(crew.chance.between(10, 400) * MINUTE_MS);
    let rep = a_rep(crew, world).map(|r| r.id);
    let leaves = vec![Leave { from, to, reason: "培训".into() }];
    by_supervisor(rep.map(|rep| Intent::SetLeaves { rep, leaves }))
}

pub(super) fn publish(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let book = crew.chance.pick(&BOOKS).copied().unwrap_or(BOOKS[0]);
    let text = format!("{book}\n# {}\n", crew.chance.below(9)).into();
    by_supervisor(Some(Intent::Publish { text, note: "changed".into(), base: world.published().version }))
}

/// A draft on trial: a shadow, or a canary that may publish itself.
pub(super) fn try_draft(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let text: smol_str::SmolStr = crew.chance.pick(&BOOKS).copied().unwrap_or(BOOKS[0]).into();
    let teams: Vec<_> = world.teams().keys().cloned().collect();
    let team = crew.chance.pick(&teams).cloned();
    let draws = Share::Leads { permille: 400, salt: crew.chance.below(9) };
    let share = team.filter(|_| crew.chance.permille(400)).map_or(draws, Share::Team);
    let until = now.plus(crew.chance.between(1, 120) * MINUTE_MS);
    let terms = ["", "placed >= 0", "placed >= 3 and overridden <= 80%"];
    let promote_when = crew.chance.pick(&terms).copied().unwrap_or_default().into();
    let kind = if crew.chance.permille(350) {
        TrialKind::Shadow
    } else {
        TrialKind::Canary { share, until, promote_when }
    };
    let base = world.published().version;
    by_supervisor(Some(Intent::StartTrial(TrialWish { text, kind, reason: "试一试".into(), base })))
}

pub(super) fn end_trial(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    match world.trial_on() {
        Some(_) => by_supervisor(Some(Intent::StopTrial)),
        None => try_draft(crew, world, now),
    }
}

/// Takes the last publication back; without one there is one to make.
pub(super) fn unpublish(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    match crew.books.pop() {
        Some(batch) => by_supervisor(Some(Intent::Undo { batch })),
        None => {
            let wishes = publish(crew, world, now);
            crew.doing = "publish";
            wishes
        }
    }
}

pub(super) fn undo(crew: &mut Crew, _: &World, _: Millis) -> Wishes {
    let batch = crew.chance.pick(&crew.batches).copied();
    by_supervisor(batch.map(|batch| Intent::Undo { batch }))
}

/// A role for a stranger, or back from one.
pub(super) fn grant(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let names = ["temp.one", "temp.two"];
    let name = crew.chance.pick(&names).copied().unwrap_or(names[0]);
    let role = if world.roles().contains_key(name) { None } else { Some(Role::Viewer) };
    vec![(person(ADMIN, Role::Admin, 1), Intent::Grant { actor: name.into(), role })]
}

/// Any lead that ever was, open or not.
fn any_lead(crew: &mut Crew, world: &World) -> Option<LeadId> {
    let last = i64::try_from(world.next_lead().0).unwrap_or(1) - 1;
    let id = u64::try_from(crew.chance.between(1, last)).ok()?;
    (last > 0).then_some(LeadId(id))
}

/// A closed lead comes up again: placed, corrected in its outcome.
pub(super) fn closed(crew: &mut Crew, world: &World, now: Millis) -> Wishes {
    let Some(lead) = any_lead(crew, world) else { return Vec::new() };
    let intent = if crew.chance.permille(500) {
        let reps: Vec<RepId> = world.reps().iter().filter(|r| r.is_present(now)).map(|r| r.id).collect();
        let Some(rep) = crew.chance.pick(&reps).copied() else { return Vec::new() };
        Intent::Place {
            leads: vec![lead],
            to: To::Rep(rep),
            reason: "又来了".into(),
            force: true,
            turn: true,
        }
    } else {
        let to = crew.chance.pick(&LeadState::ALL).copied().unwrap_or(LeadState::Won);
        Intent::Progress { items: vec![Progress { lead, to, happened_at: Some(now) }], note: "更正".into() }
    };
    vec![(crew.coordinator(), intent)]
}

pub(super) fn unmask(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let lead = any_lead(crew, world);
    lead.map(|lead| (crew.coordinator(), Intent::Unmask { lead })).into_iter().collect()
}

/// Somebody without a role, and somebody who claims one.
pub(super) fn stranger(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let Some(lead) = any_lead(crew, world) else { return Vec::new() };
    let claims = if crew.chance.permille(500) { Role::Admin } else { Role::Rep };
    let intents = [
        Intent::Recall { leads: vec![lead], reason: "mine".into() },
        Intent::Grant { actor: STRANGER.into(), role: Some(Role::Admin) },
        Intent::Sweep,
    ];
    let wish = crew.chance.pick(&intents).cloned();
    wish.map(|wish| (person(STRANGER, claims, 77), wish)).into_iter().collect()
}

/// A rep gives back what is not theirs.
pub(super) fn not_mine(crew: &mut Crew, world: &World, _: Millis) -> Wishes {
    let Some(rep) = a_rep(crew, world).map(|r| (r.id, r.card.login.clone())) else { return Vec::new() };
    let mut theirs: Vec<LeadId> =
        world.leads().filter(|l| l.owner.is_some_and(|o| o != rep.0)).map(|l| l.id).collect();
    theirs.sort_unstable();
    let Some(lead) = crew.chance.pick(&theirs).copied() else { return Vec::new() };
    let who = person(&rep.1, Role::Rep, PlayOptions::default().console);
    vec![(who, Intent::Return { leads: vec![lead], reason: "不要".into() })]
}
