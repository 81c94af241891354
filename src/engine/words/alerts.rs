//! What happened to an alert in words: fired, taken on, spoken of, remedied, over. From the event alone.

use super::{alert, names, pick};
use crate::model::alert::{Cleared, Ending, Handling, NoticeWhy};
use crate::model::event::{Body, Event};
use crate::model::lang::Lang;
use crate::model::relief::{Deed, Remedied};
use crate::world::World;

/// What an event about alerts did, in a few words without time and actor.
#[must_use]
pub fn history(world: &World, event: &Event, lang: Lang) -> String {
    let with =
        |verb: String, reason: &str| if reason.is_empty() { verb } else { format!("{verb} ({reason})") };
    match &event.body {
        Body::AlertPending { finding, .. } => {
            format!("{} {}", pick(lang, "alert pending", "提醒待确认"), alert(finding.key.kind, lang))
        }
        Body::AlertDropped { key } => {
            format!("{} {}", pick(lang, "passed by itself", "自行恢复"), alert(key.kind, lang))
        }
        Body::AlertCondition { key, after, .. } => {
            let how = match after {
                Some(_) => pick(lang, "alert recovering", "提醒恢复中"),
                None => pick(lang, "alert firing again", "提醒再次触发"),
            };
            format!("{how} {}", alert(key.kind, lang))
        }
        Body::AlertHandled { key, after, note, .. } => {
            let how = match after {
                Handling::Open => pick(lang, "alert given back", "提醒交还"),
                Handling::Acknowledged { .. } => pick(lang, "alert acknowledged", "认领提醒"),
                Handling::Snoozed { .. } => pick(lang, "alert snoozed", "推迟提醒"),
            };
            with(format!("{how} {}", alert(key.kind, lang)), note)
        }
        Body::AlertNoted { key, text, .. } => {
            with(format!("{} {}", pick(lang, "comment on", "备注"), alert(key.kind, lang)), text)
        }
        Body::SilenceSet { silence, after, .. } => {
            let how = match after {
                Some(silence) if silence.is_live(event.at) => pick(lang, "silence set", "设置静音"),
                _ => pick(lang, "silence ended", "结束静音"),
            };
            format!("{how} {silence}")
        }
        Body::AlertNoticed(notice) => match notice.group {
            Some(kind) => format!("{} {}", pick(lang, "told of", "已通知"), alert(kind, lang)),
            None => pick(lang, "told of alerts", "已通知提醒"),
        },
        Body::AlertRemedied(done) => remedied(world, done, lang),
        Body::AlertFired { finding, .. } => {
            format!("{} {}", pick(lang, "alert", "提醒"), alert(finding.key.kind, lang))
        }
        Body::AlertCleared { key, .. } => {
            format!("{} {}", pick(lang, "alert over", "提醒解除"), alert(key.kind, lang))
        }
        _ => String::new(),
    }
}

/// The same among the events of one alert, where its name need not be said again.
#[must_use]
pub fn step(world: &World, event: &Event, lang: Lang) -> String {
    let with = |verb: &str, note: &str| {
        if note.is_empty() { verb.to_owned() } else { format!("{verb} ({note})") }
    };
    match &event.body {
        Body::AlertFired { .. } => pick(lang, "fired", "触发"),
        Body::AlertCondition { severity: Some(severity), .. } => {
            format!("{} {}", pick(lang, "became", "升级为"), severity.word())
        }
        Body::AlertCondition { after: Some(_), .. } => pick(lang, "recovering", "恢复中"),
        Body::AlertCondition { after: None, .. } => pick(lang, "fired again", "再次触发"),
        Body::AlertHandled { after, note, .. } => {
            let how = match after {
                Handling::Open => pick(lang, "given back", "交还"),
                Handling::Acknowledged { .. } => pick(lang, "acknowledged", "认领"),
                Handling::Snoozed { .. } => pick(lang, "snoozed", "推迟"),
            };
            with(&how, note)
        }
        Body::AlertNoted { text, .. } => match lang {
            Lang::En => format!("“{text}”"),
            Lang::Zh => format!("「{text}」"),
        },
        Body::AlertNoticed(notice) => match notice.why {
            NoticeWhy::Escalated => pick(lang, "escalated", "升级通知"),
            NoticeWhy::Lapsed => {
                pick(lang, "nobody looks after it any more: told again", "认领到期，再次通知")
            }
            NoticeWhy::Flapping => pick(lang, "comes and goes: told no more", "反复波动，暂停通知"),
            NoticeWhy::Digest => pick(lang, "told in the digest", "汇总通知"),
            NoticeWhy::Fired | NoticeWhy::Repeat | NoticeWhy::Resolved => pick(lang, "told", "已通知"),
        },
        Body::AlertRemedied(done) => remedied(world, done, lang),
        Body::AlertCleared { cleared, .. } => ended(cleared, lang),
        _ => history(world, event, lang),
    }
}

/// How an episode ended and by what.
#[must_use]
pub fn ended(cleared: &Cleared, lang: Lang) -> String {
    let why = pick(lang, cleared.why.word(), cleared.why.word_zh());
    let by = match (&cleared.by, cleared.why) {
        (Some((seq, actor)), Ending::Recovered) => match lang {
            Lang::En => format!(", after {actor}'s {seq}"),
            Lang::Zh => format!("，因 {actor} 的 {seq}"),
        },
        _ => String::new(),
    };
    let note = if cleared.note.is_empty() { String::new() } else { format!(" ({})", cleared.note) };
    format!("{why}{by}{note}")
}

/// What was done about an alert, and what asked for it.
#[must_use]
pub fn remedied(world: &World, done: &Remedied, lang: Lang) -> String {
    let what = match &done.deed {
        Deed::Spread(team) => match lang {
            Lang::En => format!("spread over {team}"),
            Lang::Zh => format!("分摊到 {team}"),
        },
        Deed::RaiseCap(rep) => {
            format!("{} {}", pick(lang, done.deed.word(), done.deed.word_zh()), super::rep_name(world, *rep))
        }
        deed => pick(lang, deed.word(), deed.word_zh()),
    };
    let count = match (done.leads.len(), lang) {
        (0, _) => String::new(),
        (1, Lang::En) => ": 1 lead".to_owned(),
        (n, Lang::En) => format!(": {n} leads"),
        (n, Lang::Zh) => format!("：{n} 条"),
    };
    let to =
        if done.to.is_empty() { String::new() } else { format!(" → {}", names(world, &done.to, lang)) };
    let asked = match (&done.line, lang) {
        (None, _) => String::new(),
        (Some(line), Lang::En) => format!(", by the book: {line}"),
        (Some(line), Lang::Zh) => format!("，按规则：{line}"),
    };
    let key = alert(done.key.kind, lang);
    match lang {
        Lang::En => format!("remedy for {key}: {what}{count}{to}{asked}"),
        Lang::Zh => format!("处理{key}：{what}{count}{to}{asked}"),
    }
}
