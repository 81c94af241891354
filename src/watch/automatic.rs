//! What lines of the book ask to be done about alerts by itself (`-> reassign`): which leads go where, within the hour's
//! budget and without ping-pong. Whether each may be moved is decided again by the engine, under the lock.
//!
//! An alert is left alone while somebody looks after it, while another alert says what is the matter, and for a day when what
//! was done about it was taken back. No rep gives what they just got, and no lead is moved twice within a day.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::remedy::{MOVES_MAX, even_loads, even_shares, recall};
use super::{latest_late, limit_ms, terms};
use crate::engine::eligible::{Limits, left_out};
use crate::engine::remedy::is_free;
use crate::engine::{Intent, Relief, suits};
use crate::model::alert::{Alert, AlertKind, AlertSubject, Suppressed};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{ArrivalKind, Lead, LeadState};
use crate::model::mode::Mode;
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis};
use crate::rulebook::{LineRelief, Metric, ReliefKind, WatchLine};
use crate::world::{Moment, World};

/// Leads the lines of one kind move in an hour where they do not say.
pub const AN_HOUR_MAX: usize = 20;
/// How long the same alert, and whoever got leads by it, is left alone, in milliseconds.
pub const COOL_MS: i64 = 30 * MINUTE_MS;
/// Alerts served at one look.
const AT_ONCE_MAX: usize = 5;
/// Longest line that is written down, in bytes.
const LINE_BYTES_MAX: usize = 300;

/// What the book asks for about the alerts that fire at `moment`, each an order of its own.
#[must_use]
pub fn reliefs(world: &World, moment: &Moment) -> Vec<Intent> {
    if world.alerts().is_empty() || world.mode_at(moment.now) != Mode::Auto {
        return Vec::new();
    }
    let open = world.alerts().values().filter(|alert| is_left_to_us(world, alert, moment.now));
    open.filter_map(|alert| relief(world, alert, moment)).take(AT_ONCE_MAX).collect()
}

/// Whether nobody looks after it and nothing speaks against acting.
fn is_left_to_us(world: &World, alert: &Alert, now: Millis) -> bool {
    let key = alert.finding.key;
    let barred = matches!(
        world.suppressed(key, now),
        Some(Suppressed::Inhibited(_) | Suppressed::Flapping | Suppressed::Importing)
    );
    let mut done = world.relieved().iter().filter(|r| r.key == key);
    let rests = done.any(|r| r.is_undone || r.is_automatic && now.since(r.at) < COOL_MS);
    alert.recovery.is_none() && alert.handling.is_open(now) && !barred && !rests
}

fn relief(world: &World, alert: &Alert, moment: &Moment) -> Option<Intent> {
    let key = alert.finding.key;
    let line = terms::line(world, key.kind, moment.now)?;
    let asked = line.relief.as_ref().filter(|asked| asked.what.suits(line.kind))?;
    let budget = budget(world, key.kind, asked, moment.now);
    let leads = leads(world, alert, moment);
    let relief = match &asked.what {
        ReliefKind::Recall => {
            let leads: Vec<LeadId> = leads.into_iter().map(|(lead, _)| lead).take(budget).collect();
            Relief::Recall { leads }
        }
        ReliefKind::Reassign => Relief::Give { team: None, moves: give(world, &leads, None, budget, moment) },
        ReliefKind::Spread(team) => {
            let moves = give(world, &leads, Some(team), budget, moment);
            Relief::Give { team: Some(team.clone()), moves }
        }
    };
    let is_empty = match &relief {
        Relief::Recall { leads } => leads.is_empty(),
        Relief::Give { moves, .. } => moves.is_empty(),
    };
    let line = written(world, line)?;
    (!is_empty).then_some(Intent::Relieve { key, episode: alert.fired_seq, line, relief })
}

/// How many leads the lines of a kind may still move in this hour, and at once.
fn budget(world: &World, kind: AlertKind, asked: &LineRelief, now: Millis) -> usize {
    let said = asked.per_hour.and_then(|most| usize::try_from(most).ok());
    let moved = world.moved_by_remedies(kind, now, HOUR_MS);
    said.unwrap_or(AN_HOUR_MAX).saturating_sub(moved).min(MOVES_MAX)
}

/// The line as it stands in the book.
fn written(world: &World, line: &WatchLine) -> Option<SmolStr> {
    let text = world.published().text.get(line.span.start..line.span.end)?;
    let line = text.lines().next()?.trim();
    (!line.is_empty() && line.len() <= LINE_BYTES_MAX).then(|| line.into())
}

/// The leads an alert is about that may be moved, each with whom the remedy a person is offered would give it to.
fn leads(world: &World, alert: &Alert, moment: &Moment) -> Vec<(LeadId, Option<RepId>)> {
    let found = match (alert.finding.key.kind, alert.finding.key.subject) {
        (kind, AlertSubject::Rep(rep)) => {
            if just_got(world, rep, moment.now) {
                return Vec::new();
            }
            let offered = match kind {
                AlertKind::LoadUneven | AlertKind::AtCap => even_loads(world, rep, moment),
                AlertKind::Uneven => even_shares(world, alert, rep, moment),
                AlertKind::Untouched | AlertKind::Hoarded => recall(world, alert, rep, moment),
                _ => None,
            };
            match offered.map(|remedy| remedy.intent) {
                Some(Intent::Rebalance { moves, .. }) => {
                    moves.into_iter().map(|(lead, rep)| (lead, Some(rep))).collect()
                }
                Some(Intent::Recall { leads, .. }) => leads.into_iter().map(|lead| (lead, None)).collect(),
                _ => Vec::new(),
            }
        }
        (AlertKind::Delayed, _) => {
            let limit =
                limit_ms(world, moment, AlertKind::Delayed, Metric::Waiting, super::delayed::LIMIT_MS);
            late(world, moment, limit, &|lead| {
                lead.state == LeadState::Waiting && lead.kind == ArrivalKind::Live
            })
        }
        (AlertKind::Missed, _) => {
            let limit = limit_ms(world, moment, AlertKind::Missed, Metric::Unowned, super::missed::LIMIT_MS);
            late(world, moment, limit, &|lead| lead.owner.is_none() && lead.pooled_since().is_none())
        }
        _ => Vec::new(),
    };
    let moved: BTreeSet<LeadId> =
        world.relieved().iter().filter(|r| r.is_automatic).flat_map(|r| r.leads.iter().copied()).collect();
    let may = |(id, _): &(LeadId, Option<RepId>)| {
        let row = world.lead(*id).filter(|_| !moved.contains(id));
        row.is_some_and(|row| is_free(world, row, moment.now))
    };
    found.into_iter().filter(may).collect()
}

/// Whether a rep got leads by a line a moment ago: they do not give them away again.
fn just_got(world: &World, rep: RepId, now: Millis) -> bool {
    let mut recent = world.relieved().iter().filter(|r| r.is_automatic && now.since(r.at) < COOL_MS);
    recent.any(|r| r.to.contains(&rep))
}

/// Reps from whom a line took leads a moment ago: they get none back.
fn just_gave(world: &World, now: Millis) -> BTreeSet<RepId> {
    let recent = world.relieved().iter().filter(|r| r.is_automatic && now.since(r.at) < COOL_MS);
    let of = |subject| if let AlertSubject::Rep(rep) = subject { Some(rep) } else { None };
    recent.filter_map(|r| of(r.key.subject)).collect()
}

/// Leads nobody has that waited past the limit, the longest first.
fn late(
    world: &World,
    moment: &Moment,
    limit: Option<i64>,
    is_meant: &dyn Fn(&Lead) -> bool,
) -> Vec<(LeadId, Option<RepId>)> {
    let Some(limit) = limit else { return Vec::new() };
    let waiting = world.waiting().iter().map(|key| key.lead).chain(world.parked().iter().copied());
    let mut all: Vec<(Millis, LeadId)> = waiting
        .filter_map(|id| world.lead(id))
        .filter(|lead| is_meant(lead))
        .map(|lead| (lead.waiting_since, lead.id))
        .collect();
    all.sort_unstable();
    let Some((oldest, _)) = all.first().copied() else { return Vec::new() };
    let latest = latest_late(world.desk_time(), oldest, moment.now, limit);
    let is_late = |(since, _): &(Millis, LeadId)| latest.is_some_and(|latest| *since <= latest);
    all.into_iter().take_while(is_late).map(|(_, id)| (id, None)).take(MOVES_MAX * 2).collect()
}

/// Each lead to whoever may have it and has had the least: as a person's remedy would, by its rule, or within a team.
fn give(
    world: &World,
    leads: &[(LeadId, Option<RepId>)],
    team: Option<&SmolStr>,
    most: usize,
    moment: &Moment,
) -> Vec<(LeadId, RepId)> {
    let gave = just_gave(world, moment.now);
    let members = team.and_then(|team| world.teams().get(team)).map_or(&[][..], Vec::as_slice);
    let mut got: BTreeMap<RepId, u32> = BTreeMap::new();
    let mut moves = Vec::new();
    for (id, offered) in leads {
        if moves.len() >= most {
            break;
        }
        let Some(row) = world.lead(*id) else { continue };
        let free: Vec<RepId> = match (team, offered) {
            (None, Some(rep)) => vec![*rep],
            (None, None) => suits(world, row, moment),
            (Some(_), _) => members.to_vec(),
        };
        let best = free
            .into_iter()
            .filter(|rep| row.owner != Some(*rep) && !gave.contains(rep))
            .filter_map(|rep| world.rep(rep))
            .filter(|rep| left_out(rep, row, &Limits::default(), moment).is_none())
            .filter(|rep| {
                let taken = got.get(&rep.id).copied().unwrap_or(0);
                rep.cap_open_at(moment.now).is_none_or(|cap| rep.load + taken < cap)
            })
            .min_by_key(|rep| {
                let taken = i64::from(got.get(&rep.id).copied().unwrap_or(0));
                let turn = 1_000_000 / i64::from(rep.card.weight_milli.max(1));
                (rep.ledger_sum(None, moment.day) + taken * turn, rep.id)
            });
        if let Some(rep) = best {
            *got.entry(rep.id).or_default() += 1;
            moves.push((*id, rep.id));
        }
    }
    moves
}
