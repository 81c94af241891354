//! Untouched 未跟进: leads that were given long ago, in the owner's working time, and of which no contact is recorded. Only leads
//! of sources whose replies are recorded: elsewhere silence proves nothing.

use std::collections::BTreeMap;

use super::{NAMED_MAX, Scene, limit_ms};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding, Sighting};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{ArrivalKind, Lead, LeadState};
use crate::model::time::{DAY_MS, Millis};
use crate::rulebook::Metric;
use crate::world::World;

/// What a working day holds, in milliseconds: the limit without a line that says otherwise. A desk without hours works by no
/// clock, but its people do: a lead of the afternoon that nobody called by night is nobody's neglect, so there it is a day.
pub(super) fn working_day_ms(world: &World) -> i64 {
    let desk = world.desk_time();
    desk.day_ms().filter(|_| !desk.is_always()).unwrap_or(DAY_MS)
}

/// Leads of a rep whose working time is counted; all others of his are younger.
const COUNT_MAX: usize = 100;

/// Leads that lie with their owners, oldest first.
pub(super) type Lying = BTreeMap<RepId, Vec<(Millis, LeadId)>>;

/// Assigned live leads nobody was reached for, by owner.
pub(super) fn untouched(world: &World) -> Lying {
    let mut of = Lying::new();
    if world.book().replies_from.is_empty() {
        return of;
    }
    let counts = |lead: &&Lead| {
        lead.state == LeadState::Assigned
            && lead.kind == ArrivalKind::Live
            && world.has_replies(&lead.attrs.source)
    };
    for lead in world.leads().filter(counts) {
        if let (Some(owner), Some(since)) = (lead.owner, lead.assigned_at) {
            of.entry(owner).or_default().push((since, lead.id));
        }
    }
    for leads in of.values_mut() {
        leads.sort_unstable();
    }
    of
}

/// One alert a rep, naming the leads that lie longest. The figure is working time of the owner.
pub(super) fn detect(scene: &Scene<'_>, lying: &Lying, out: &mut Vec<Sighting>) {
    let (world, now) = (scene.world, scene.moment.now);
    if !scene.is_on(AlertKind::Untouched) {
        return;
    }
    let day = working_day_ms(world);
    let Some(limit) = limit_ms(world, scene.moment, AlertKind::Untouched, Metric::Untouched, day) else {
        return;
    };
    for (rep, leads) in lying.iter().map(|(rep, leads)| (*rep, leads)) {
        // Who is on leave is not to be blamed; what lies there meanwhile is for `missed` and respond-within.
        if world.rep(rep).is_none_or(|r| !r.active || r.leave_at(now).is_some()) {
            continue;
        }
        let late = |since: Millis| now.since(since) > limit && world.worked_ms(rep, since, now) > limit;
        let late: Vec<_> = leads.iter().take(COUNT_MAX).take_while(|(since, _)| late(*since)).collect();
        let Some((since, _)) = late.first() else { continue };
        let finding = Finding {
            key: AlertKey { kind: AlertKind::Untouched, subject: AlertSubject::Rep(rep) },
            count: u32::try_from(late.len()).unwrap_or(u32::MAX),
            figure: world.worked_ms(rep, *since, now),
            limit,
            leads: late.iter().take(NAMED_MAX).map(|(_, id)| *id).collect(),
        };
        out.push(scene.breach(finding));
    }
}
