//! From outbox rows to a message: title, lines, foot, whom to mention, in the receiver's language. Marking up and sending are
//! the channel's affair. Every value from outside is made fit here, so that no channel has to trust any of it.

mod words;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::fit::{assemble, cut, line, value};
use crate::model::alert::{NoticeWhy, Severity};
use crate::model::contact::mask_phone;
use crate::model::contact_card::ContactCard;
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::outbox::{AlertItem, AlertNews, LeadNews, LeadWhy, NoticeId, OutboxRow, Told};
use crate::model::time::Millis;
use crate::watch::{remedies, words as alert_words};
use crate::world::{Moment, World};

/// Bytes of one line about an alert.
const LINE_BYTES_MAX: usize = 400;
/// Alerts or leads a merged message names, and more of those that page.
const NAMED_MAX: usize = 5;
const NAMED_PAGE_MAX: usize = 20;
/// Ids in the foot.
const IDS_MAX: usize = 8;

/// A message ready to be marked up.
#[derive(Debug, Clone)]
pub struct Letter {
    pub id: NoticeId,
    pub lang: Lang,
    pub severity: Severity,
    pub title: String,
    pub lines: Vec<String>,
    /// The ids of what it is about; never cut.
    pub foot: String,
    /// Logins of those it is about and who should see it.
    pub mention: Vec<SmolStr>,
    /// Everybody in the group should see it.
    pub everybody: bool,
    /// Alerts or leads it is about.
    pub count: u32,
    /// The notices as data.
    pub data: Vec<serde_json::Value>,
}

impl Letter {
    /// Title, lines and foot in `bytes_max` bytes.
    #[must_use]
    pub fn text(&self, bytes_max: usize) -> String {
        let more = |n: usize| words::more(n, self.lang);
        assemble(&self.title, &self.lines, &more, &self.foot, bytes_max)
    }

    /// Lines and foot without the title.
    #[must_use]
    pub fn body(&self, bytes_max: usize) -> String {
        let more = |n: usize| words::more(n, self.lang);
        let (first, rest) = self.lines.split_first().map_or(("", &[][..]), |(f, r)| (f.as_str(), r));
        assemble(first, rest, &more, &self.foot, bytes_max)
    }
}

/// What a letter is written from.
#[derive(Debug)]
pub struct Desk<'a> {
    pub world: &'a World,
    /// Of the leads the rows are about.
    pub contacts: &'a BTreeMap<LeadId, ContactCard>,
    pub now: Millis,
}

/// How a letter is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Style<'a> {
    pub lang: Lang,
    /// Stands in every message; empty = none.
    pub keyword: &'a str,
    /// Named in the foot from the second try on, where a repeat would be seen twice; 1 = the first.
    pub attempt: u32,
    pub mention_all: bool,
}

/// Writes one message about `rows`, loudest first, named `id`.
#[must_use]
pub fn compose(desk: &Desk<'_>, id: NoticeId, rows: &[OutboxRow], style: Style<'_>) -> Letter {
    let severity = rows.iter().map(|row| row.severity).max().unwrap_or_default();
    let named = if severity == Severity::Page { NAMED_PAGE_MAX } else { NAMED_MAX };
    let (mut lines, mut left_out, mut count) = (Vec::new(), 0usize, 0u32);
    for row in rows {
        let said = said(desk, &row.told, rows.len() == 1, style.lang);
        count = count.saturating_add(said.count);
        let room = named.saturating_sub(lines.len());
        // A message about one notice may say all it has to say.
        let take = if rows.len() == 1 { said.lines.len() } else { room.min(said.lines.len()) };
        let unnamed = usize::try_from(said.count).unwrap_or(0).saturating_sub(said.lines.len());
        left_out += said.lines.len() - take + if said.is_list { unnamed } else { 0 };
        lines.extend(said.lines.into_iter().take(take));
    }
    if left_out > 0 {
        lines.push(words::more(left_out, style.lang));
    }
    let title = match rows {
        [row] => title(desk, &row.told, style.lang),
        _ => words::merged(severity, rows.len(), style.lang),
    };
    let title = if style.keyword.is_empty() { title } else { format!("{title} · {}", style.keyword) };
    let everybody = style.mention_all && severity == Severity::Page;
    Letter {
        id,
        lang: style.lang,
        severity,
        title,
        lines,
        foot: foot(id, rows, style),
        mention: mentioned(rows),
        everybody,
        count,
        data: rows.iter().map(data).collect(),
    }
}

/// What one notice says.
struct Said {
    lines: Vec<String>,
    /// What it is about in all.
    count: u32,
    /// Its lines name some of the `count`, one each.
    is_list: bool,
}

fn said(desk: &Desk<'_>, told: &Told, alone: bool, lang: Lang) -> Said {
    match told {
        Told::Alerts(news) => {
            let mut lines: Vec<String> =
                news.items.iter().map(|item| alert_line(desk, news, item, lang)).collect();
            let count = if news.why == NoticeWhy::Resolved { news.resolved } else { news.firing };
            if news.why == NoticeWhy::Digest && news.resolved > 0 {
                lines.push(words::came_and_went(news.resolved, lang));
            }
            if alone && let Some(help) = news.items.first().and_then(|item| help(desk, item, lang)) {
                lines.insert(1, help);
            }
            let unnamed = lines.len() > news.items.len();
            Said { count: if unnamed { count.max(1) } else { count }, lines, is_list: true }
        }
        Told::Lead(news) if alone => Said { lines: lead_lines(desk, news, lang), count: 1, is_list: false },
        Told::Lead(news) => {
            let head = words::lead_title(&rep(desk, news), news, lang);
            let about = lead_lines(desk, news, lang).into_iter().next();
            let whole = about.map_or_else(|| head.clone(), |about| format!("{head} · {about}"));
            Said { lines: vec![cut(&whole, LINE_BYTES_MAX)], count: 1, is_list: false }
        }
        Told::Test { by } => Said { lines: vec![words::test(&value(by), lang)], count: 1, is_list: false },
    }
}

fn title(desk: &Desk<'_>, told: &Told, lang: Lang) -> String {
    match told {
        Told::Alerts(news) => {
            let kind = news.items.first().map(|item| item.finding.key.kind);
            let of_one = kind.filter(|kind| news.items.iter().all(|item| item.finding.key.kind == *kind));
            words::alerts_title(news, of_one, lang)
        }
        Told::Lead(news) => words::lead_title(&rep(desk, news), news, lang),
        Told::Test { .. } => words::test_title(lang).to_owned(),
    }
}

fn rep(desk: &Desk<'_>, news: &LeadNews) -> String {
    value(&crate::engine::words::rep_name(desk.world, news.rep))
}

/// One alert in one line: its kind, and the cause with its numbers.
fn alert_line(desk: &Desk<'_>, news: &AlertNews, item: &AlertItem, lang: Lang) -> String {
    let kind = crate::engine::words::alert(item.finding.key.kind, lang);
    let said = if news.why == NoticeWhy::Resolved || item.finding.count == 0 && item.finding.figure == 0 {
        alert_words::about(desk.world, &item.finding, &item.detail, lang)
    } else {
        alert_words::cause(desk.world, &item.finding, &item.detail, lang)
    };
    // The sentence holds names from outside: it is made fit as a whole.
    cut(&format!("{kind}{}{} ({})", words::colon(lang), line(&said), item.episode), LINE_BYTES_MAX)
}

/// The first remedy of an alert that is open.
fn help(desk: &Desk<'_>, item: &AlertItem, lang: Lang) -> Option<String> {
    let alert = desk.world.alerts().get(&item.finding.key).filter(|a| a.fired_seq == item.episode)?;
    let moment = Moment::at(desk.world.book().zone, desk.now);
    let best = remedies(desk.world, alert, &moment).into_iter().next()?;
    let said = alert_words::remedy(desk.world, &best, lang);
    Some(cut(&words::remedy(&line(&said), lang), LINE_BYTES_MAX))
}

/// What a rep must know of a lead: who it is, how to reach them (masked), until when.
fn lead_lines(desk: &Desk<'_>, news: &LeadNews, lang: Lang) -> Vec<String> {
    if matches!(news.why, LeadWhy::Moved | LeadWhy::Undone) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if let Some(lead) = desk.world.lead(news.lead) {
        let a = &lead.attrs;
        let parts = [&a.company, &a.source, &a.region, &a.product];
        let about: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).map(|p| value(p)).collect();
        if !about.is_empty() {
            lines.push(about.join(" · "));
        }
    }
    if let Some(contact) = desk.contacts.get(&news.lead).map(masked).filter(|text| !text.is_empty()) {
        lines.push(words::contact(&contact, lang));
    }
    if let Some(within_ms) = news.within_ms {
        let zone = desk.world.book().zone;
        let next = crate::engine::timers::story(desk.world, news.lead, desk.now).and_then(|s| s.next);
        let at = next.map(|at| hour_and_minute(zone, at));
        lines.push(words::limit(within_ms, at, lang));
    }
    lines
}

/// The time of day in the desk's zone.
pub(super) fn hour_and_minute(zone: chrono_tz::Tz, at: Millis) -> (u32, u32) {
    use chrono::Timelike;
    chrono::DateTime::from_timestamp_millis(at.0).map_or((0, 0), |at| {
        let there = at.with_timezone(&zone);
        (there.hour(), there.minute())
    })
}

/// A name's first character and a phone's first and last digits: enough to know whom, not to call them from a chat.
fn masked(card: &ContactCard) -> String {
    let name = value(&card.name).chars().next().map(|first| format!("{first}**"));
    let phone = Some(mask_phone(&card.phone)).filter(|phone| !phone.is_empty());
    [name, phone].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Whom it is about, by login.
fn mentioned(rows: &[OutboxRow]) -> Vec<SmolStr> {
    let mut all: Vec<SmolStr> = Vec::new();
    for row in rows.iter().filter(|row| !row.receiver.is_empty()) {
        if !all.contains(&row.receiver) {
            all.push(row.receiver.clone());
        }
    }
    all
}

/// The ids of alerts and leads, and the message's own, short.
fn foot(id: NoticeId, rows: &[OutboxRow], style: Style<'_>) -> String {
    let mut ids: Vec<String> = Vec::new();
    for row in rows {
        match &row.told {
            Told::Alerts(news) => ids.extend(news.items.iter().map(|item| item.episode.to_string())),
            Told::Lead(news) => ids.push(news.lead.to_string()),
            Told::Test { .. } => {}
        }
    }
    let more = ids.len().saturating_sub(IDS_MAX);
    ids.truncate(IDS_MAX);
    if more > 0 {
        ids.push(format!("+{more}"));
    }
    let own = id.to_string();
    ids.push(format!("·{}", own.get(own.len().saturating_sub(6)..).unwrap_or_default()));
    if style.attempt > 1 {
        ids.push(words::attempt(style.attempt, style.lang));
    }
    ids.join(" ")
}

fn data(row: &OutboxRow) -> serde_json::Value {
    serde_json::json!({
        "id": row.id.to_string(),
        "topic": row.topic,
        "severity": row.severity.word(),
        "receiver": row.receiver.as_str(),
        "cause": row.cause.0,
        "at": row.created_at.to_rfc3339(),
        "told": row.told,
    })
}
