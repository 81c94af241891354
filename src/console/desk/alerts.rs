//! Firing alerts with live numbers: one line of cause each, and what a key can do about it.

use super::lines::{AlertLine, Help};
use super::sieve::Show;
use crate::console::text::{Say, T};
use crate::model::alert::{Alert, AlertKind, AlertSubject, Finding};
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::time::MINUTE_MS;
use crate::watch::{self, words};
use crate::world::{Moment, World};

/// The lines of every firing alert, in the order screens list kinds (full reps last), with the numbers of the last look.
/// `name` words a lead.
#[must_use]
pub fn lines(
    world: &World,
    moment: &Moment,
    found: &[Finding],
    name: &dyn Fn(LeadId) -> String,
) -> Vec<AlertLine> {
    let mut lines: Vec<(usize, AlertLine)> = world
        .alerts()
        .values()
        .map(|alert| {
            // Before the first look, and when the condition is gone between the leader's: the numbers it fired with.
            let finding = found.iter().find(|f| f.key == alert.finding.key).unwrap_or(&alert.finding);
            let kind = finding.key.kind;
            // Full reps are worth knowing, many at once, and nobody's work: they never push work off the pane.
            let rank = match kind {
                AlertKind::AtCap => usize::MAX,
                _ => AlertKind::ALL.iter().position(|one| *one == kind).unwrap_or(0),
            };
            (rank, line((world, moment), alert, finding, name))
        })
        .collect();
    lines.sort_by_key(|(rank, line)| (*rank, line.id));
    lines.into_iter().map(|(_, line)| line).collect()
}

fn minutes(ms: i64) -> String {
    let minutes = ms / MINUTE_MS;
    if minutes < 60 { format!("{minutes}m") } else { format!("{}h {:02}m", minutes / 60, minutes % 60) }
}

fn line(
    (world, moment): (&World, &Moment),
    alert: &Alert,
    finding: &Finding,
    name: &dyn Fn(LeadId) -> String,
) -> AlertLine {
    let first = finding.leads.first().copied();
    let named = first.map_or_else(String::new, name);
    let count = usize::try_from(finding.count).unwrap_or(usize::MAX);
    let (passed, limit) = (minutes(finding.figure), minutes(finding.limit));
    let (sentence, remedies) = match finding.key.kind {
        AlertKind::Delayed => {
            let help = first.map(|lead| {
                vec![
                    (Say::HelpAssign(&named), Help::Assign(lead)),
                    (Say::HelpOpen(&named), Help::Open(lead)),
                    (T::HelpRules.into(), Help::Rules),
                ]
            });
            let late = Say::AlertDelayed(count, &limit, &named, &passed);
            let row = first.and_then(|lead| world.lead(lead));
            let is_proposed = row.is_some_and(|row| watch::delayed::awaits_acceptance(world, row, moment));
            (if is_proposed { Say::AlertProposed(&late) } else { late }, help.unwrap_or_default())
        }
        AlertKind::Missed => {
            let mut help = vec![(T::HelpParked.into(), Help::Show(Show::Parked))];
            if let Some(lead) = first {
                help.insert(0, (Say::HelpAssign(&named), Help::Assign(lead)));
                help.push((Say::HelpOpen(&named), Help::Open(lead)));
            }
            (Say::AlertMissed(count, &limit, &named, &passed), help)
        }
        AlertKind::Duplicate => duplicate(world, finding, name),
        AlertKind::AtCap => at_cap(world, finding),
        AlertKind::Overdue => {
            let help = first.map(|lead| vec![(Say::HelpOpen(&named), Help::Open(lead))]);
            (Say::AlertOverdue(count, &named), help.unwrap_or_default())
        }
        AlertKind::TimerBudget => (Say::AlertTimerBudget(count), vec![(T::HelpRules.into(), Help::Rules)]),
        AlertKind::ClockSuspect => {
            let sign = if finding.figure < 0 { "−" } else { "+" };
            let step = format!("{sign}{}", crate::engine::words::span(finding.figure.abs()));
            (Say::AlertClockSuspect(&step), Vec::new())
        }
        AlertKind::EngineStalled => {
            let help = vec![
                (T::HelpAuto.into(), Help::Auto),
                (T::HelpWaiting.into(), Help::Show(Show::Waiting)),
                (T::HelpRules.into(), Help::Rules),
            ];
            (Say::AlertStalled(count, &passed), help)
        }
        kind => {
            let cause = |lang| words::cause(world, finding, &alert.detail, lang);
            let help = match (kind, finding.key.subject) {
                (AlertKind::RuleSilent | AlertKind::RateShift, _) => vec![(T::HelpRules.into(), Help::Rules)],
                (AlertKind::LoadUneven, AlertSubject::Rep(rep)) => {
                    let name = crate::engine::words::rep_name(world, rep);
                    vec![(Say::HelpRaiseCap(&name), Help::RaiseCap(rep))]
                }
                _ => Vec::new(),
            };
            (Say::both(cause(Lang::En), cause(Lang::Zh)), help)
        }
    };
    AlertLine { id: finding.key, since: alert.fired_at, sentence, remedies, lead: first, is_thinking: false }
}

fn duplicate(world: &World, finding: &Finding, name: &dyn Fn(LeadId) -> String) -> (Say, Vec<(Say, Help)>) {
    let owner = |lead: LeadId| {
        let rep = world.lead(lead).and_then(|lead| lead.owner).and_then(|id| world.rep(id));
        rep.map_or_else(String::new, |rep| rep.card.name.to_string())
    };
    match finding.leads.as_slice() {
        [a, b, ..] => {
            let sentence = Say::AlertDuplicate(&name(*a), &owner(*a), &name(*b), &owner(*b));
            let open = (Say::HelpBoth(&a.to_string(), &b.to_string()), Help::Both(*a, *b));
            (sentence, vec![open, (Say::HelpOpen(&b.to_string()), Help::Open(*b))])
        }
        _ => (T::Duplicate.into(), Vec::new()),
    }
}

fn at_cap(world: &World, finding: &Finding) -> (Say, Vec<(Say, Help)>) {
    let AlertSubject::Rep(id) = finding.key.subject else { return (T::AtCap.into(), Vec::new()) };
    let rep = world.rep(id);
    let name = rep.map_or_else(String::new, |rep| rep.card.name.to_string());
    // The same figure may be the open cap or the day cap; the card tells which was reached.
    let is_open = rep.is_some_and(|rep| rep.card.cap_open.is_some_and(|cap| rep.load >= cap));
    let sentence = if is_open {
        Say::AlertAtCap(&name, finding.figure, finding.limit)
    } else {
        Say::AlertDayCap(&name, finding.figure, finding.limit)
    };
    let raise = (Say::HelpRaiseCap(&name), Help::RaiseCap(id));
    (sentence, vec![raise, (T::HelpAssigned.into(), Help::Show(Show::Assigned))])
}
