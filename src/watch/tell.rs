//! Whom an event is told to outside the console: the book's `notify` lines, applied to what the watch has decided to tell and
//! to what became of a rep's leads. Pure: what is written is the store's affair, how it reads is the sender's.
//!
//! Backlog that an import hands out is told like any lead; records of the past have no owner's news. Alerts about how well
//! somebody works never leave the console.

use smol_str::SmolStr;

use crate::engine::words;
use crate::model::alert::{Alert, AlertKey, AlertSubject, Detail, Finding, Notice, NoticeWhy, Severity};
use crate::model::channel::{ChannelKind, Topic};
use crate::model::event::{Body, Event};
use crate::model::id::{LeadId, RepId, Seq};
use crate::model::lang::Lang;
use crate::model::lead::LeadState;
use crate::model::outbox::{AlertItem, AlertNews, Draft, LeadNews, LeadWhy, Tiding, Told};
use crate::rulebook::Route;
use crate::world::World;

/// Channels one event is told through at most; a book that names more is told through the first.
pub const CHANNELS_MAX: usize = 50;
/// Alerts named where there is little room.
const ABOUT_MAX: usize = 3;

/// What `event`, already folded into `world`, means for the outbox. Nothing where the book has no `notify` line.
#[must_use]
pub fn tidings(world: &World, event: &Event) -> Vec<Tiding> {
    let routes = world.book().notify.as_slice();
    if routes.is_empty() {
        return Vec::new();
    }
    match &event.body {
        Body::AlertNoticed(notice) => alerts(world, notice),
        Body::LeadAssigned(a) => {
            let within_ms = a.clock.as_ref().and_then(|c| world.respond(&c.rule)).map(|r| r.within_ms);
            let news = LeadNews { lead: a.lead, rep: a.rep, why: LeadWhy::Given, within_ms };
            let moved = Tiding::Moved { lead: a.lead, owner: login(world, a.rep), why: LeadWhy::Moved };
            std::iter::once(moved).chain(of_rep(world, &news)).collect()
        }
        Body::LeadReminded(note) => {
            let within_ms = Some(note.within_ms);
            let news = LeadNews { lead: note.lead, rep: note.owner, why: LeadWhy::Reminded, within_ms };
            of_rep(world, &news)
        }
        Body::LeadRestored(restored) => {
            let owner = restored.row.owner.filter(|_| !restored.withdrawn);
            let owner = owner.map_or_else(SmolStr::default, |rep| login(world, rep));
            vec![Tiding::Moved { lead: restored.row.id, owner, why: LeadWhy::Undone }]
        }
        Body::LeadParked { lead, .. }
        | Body::LeadPooled { lead, .. }
        | Body::LeadRecalled { lead, .. }
        | Body::LeadReturned { lead, .. }
        | Body::LeadMerged { lead, .. } => {
            vec![Tiding::Moved { lead: *lead, owner: SmolStr::default(), why: LeadWhy::Moved }]
        }
        _ => Vec::new(),
    }
}

/// Whether news of a lead still hold, so that it is not told what is no longer so.
#[must_use]
pub fn still_holds(world: &World, news: &LeadNews) -> bool {
    let lead = world.lead(news.lead);
    let is_theirs = lead.is_some_and(|lead| lead.owner == Some(news.rep));
    match news.why {
        LeadWhy::Given => is_theirs,
        // Whoever was contacted meanwhile needs no hurry.
        LeadWhy::Reminded => is_theirs && lead.is_some_and(|lead| lead.state == LeadState::Assigned),
        LeadWhy::Moved | LeadWhy::Undone => !is_theirs,
    }
}

/// Whether consoles ring for an alert: where the book has `notify terminal` lines for what they name, else for every alert.
#[must_use]
pub fn rings(world: &World, key: AlertKey, severity: Severity) -> bool {
    let mut lines = world.book().notify.iter().filter(|r| r.kind == ChannelKind::Terminal).peekable();
    let is_free = lines.peek().is_none();
    is_free || lines.any(|line| wants(line, severity) && is_about(world, line, key))
}

/// Whether a line asks for alerts this loud.
fn wants(line: &Route, severity: Severity) -> bool {
    line.topics.iter().any(|topic| match topic {
        Topic::Page => severity == Severity::Page,
        Topic::Warn => severity >= Severity::Warn,
        Topic::Info => true,
        Topic::Digest | Topic::Assigned => false,
    })
}

/// Whether an alert is about a rep of the line's team, if it names one.
fn is_about(world: &World, line: &Route, key: AlertKey) -> bool {
    match (&line.team, key.subject) {
        (None, _) => true,
        (Some(team), AlertSubject::Rep(rep)) => is_in_team(world, rep, team),
        (Some(_), _) => false,
    }
}

/// What a notice is about in a few words: which alerts, which lead and whose.
#[must_use]
pub fn about(world: &World, told: &Told, lang: Lang) -> String {
    match told {
        Told::Alerts(news) => {
            let named = news.items.iter().take(ABOUT_MAX);
            let kinds: Vec<String> = named
                .map(|item| format!("{} {}", words::alert(item.finding.key.kind, lang), item.episode))
                .collect();
            match (kinds.is_empty(), lang) {
                (true, Lang::En) => "digest".to_owned(),
                (true, Lang::Zh) => "汇总".to_owned(),
                (false, Lang::En) => kinds.join(", "),
                (false, Lang::Zh) => kinds.join("，"),
            }
        }
        Told::Lead(news) => {
            let (rep, lead) = (words::rep_name(world, news.rep), news.lead);
            match (news.why, lang) {
                (LeadWhy::Given, _) => format!("{lead} → {rep}"),
                (LeadWhy::Reminded, Lang::En) => format!("{lead}, {rep}: reminder"),
                (LeadWhy::Reminded, Lang::Zh) => format!("{lead}，{rep}：提醒"),
                (LeadWhy::Moved | LeadWhy::Undone, Lang::En) => format!("{lead}, {rep}: no longer theirs"),
                (LeadWhy::Moved | LeadWhy::Undone, Lang::Zh) => format!("{lead}，{rep}：不再负责"),
            }
        }
        Told::Test { by } => by.to_string(),
    }
}

/// The receiver of what is a rep's own, by login.
fn login(world: &World, rep: RepId) -> SmolStr {
    world.rep(rep).map_or_else(SmolStr::default, |rep| rep.card.login.clone())
}

fn is_in_team(world: &World, rep: RepId, team: &str) -> bool {
    world.teams().get(team).is_some_and(|reps| reps.contains(&rep))
}

fn of_rep(world: &World, news: &LeadNews) -> Vec<Tiding> {
    let wanted = |route: &&Route| {
        let in_team = route.team.as_ref().is_none_or(|team| is_in_team(world, news.rep, team));
        let is_sent = !route.kind.is_sms() && route.kind != ChannelKind::Terminal;
        route.topics.contains(&Topic::Assigned) && in_team && is_sent
    };
    let receiver = login(world, news.rep);
    once_each(world.book().notify.iter().filter(wanted))
        .map(|(kind, channel)| {
            let told = Told::Lead(news.clone());
            let receiver = receiver.clone();
            Tiding::Put(Box::new(Draft { kind, channel, topic: Topic::Assigned, receiver, told }))
        })
        .collect()
}

fn alerts(world: &World, notice: &Notice) -> Vec<Tiding> {
    let shown: Vec<(AlertKey, Seq)> =
        notice.keys.iter().copied().filter(|(key, _)| !key.kind.is_private()).collect();
    if shown.is_empty() && !notice.keys.is_empty() {
        return Vec::new();
    }
    let is_digest = notice.why == NoticeWhy::Digest;
    let topic = match notice.severity {
        _ if is_digest => Topic::Digest,
        Severity::Page => Topic::Page,
        Severity::Warn => Topic::Warn,
        Severity::Info => Topic::Info,
    };
    let asks = |line: &&Route| {
        if is_digest { line.topics.contains(&Topic::Digest) } else { wants(line, notice.severity) }
    };
    let mut out: Vec<Tiding> = Vec::new();
    for route in world.book().notify.iter().filter(asks) {
        // Consoles hear of every event by themselves.
        if route.kind == ChannelKind::Terminal {
            continue;
        }
        let about = |key: &AlertKey| is_about(world, route, *key);
        let keys: Vec<(AlertKey, Seq)> = shown.iter().copied().filter(|(key, _)| about(key)).collect();
        let is_known = out
            .iter()
            .any(|t| matches!(t, Tiding::Put(d) if d.kind == route.kind && d.channel == route.name));
        if is_known || (route.team.is_some() && keys.is_empty()) || out.len() >= CHANNELS_MAX {
            continue;
        }
        let told = Told::Alerts(news(world, notice, &keys, route.team.is_some()));
        let (kind, channel, receiver) = (route.kind, route.name.clone(), SmolStr::default());
        out.push(Tiding::Put(Box::new(Draft { kind, channel, topic, receiver, told })));
    }
    out
}

/// The notice as one channel is told it. Of a team only what is named can be counted.
fn news(world: &World, notice: &Notice, keys: &[(AlertKey, Seq)], of_team: bool) -> AlertNews {
    let is_over = notice.why == NoticeWhy::Resolved;
    let counted = |all: u32, named: bool| match (of_team, named) {
        (false, _) => all,
        (true, true) => u32::try_from(keys.len()).unwrap_or(u32::MAX),
        (true, false) => 0,
    };
    AlertNews {
        why: notice.why,
        severity: notice.severity,
        firing: counted(notice.firing, !is_over),
        resolved: counted(notice.resolved, is_over),
        items: keys.iter().map(|(key, episode)| item(world, *key, *episode)).collect(),
    }
}

fn item(world: &World, key: AlertKey, episode: Seq) -> AlertItem {
    let open: Option<&Alert> = world.alerts().get(&key).filter(|alert| alert.fired_seq == episode);
    match open {
        Some(alert) => AlertItem { episode, finding: alert.finding.clone(), detail: alert.detail.clone() },
        None => {
            let about = world.alert_name(key.subject).cloned().unwrap_or_default();
            let leads: Vec<LeadId> = match key.subject {
                AlertSubject::Lead(lead) => vec![lead],
                _ => Vec::new(),
            };
            let finding = Finding { key, count: 0, leads, figure: 0, limit: 0 };
            AlertItem { episode, finding, detail: Detail { about, ..Detail::default() } }
        }
    }
}

/// Each channel once, however many lines of the book name it.
fn once_each<'a>(routes: impl Iterator<Item = &'a Route>) -> impl Iterator<Item = (ChannelKind, SmolStr)> {
    let mut all: Vec<(ChannelKind, SmolStr)> = Vec::new();
    for route in routes {
        let channel = (route.kind, route.name.clone());
        if !all.contains(&channel) && all.len() < CHANNELS_MAX {
            all.push(channel);
        }
    }
    all.into_iter()
}
