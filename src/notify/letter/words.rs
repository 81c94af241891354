//! The sentences of messages, English and Chinese side by side. Values put into them are fit already.

use crate::engine::words::span;
use crate::model::alert::{AlertKind, NoticeWhy, Severity};
use crate::model::lang::Lang;
use crate::model::outbox::{AlertNews, LeadNews, LeadWhy};

fn pick<'t>(lang: Lang, en: &'t str, zh: &'t str) -> &'t str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// What stands between a kind and its cause.
pub(super) fn colon(lang: Lang) -> &'static str {
    pick(lang, ": ", "：")
}

fn severity(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Page => pick(lang, "[PAGE]", "【呼叫】"),
        Severity::Warn => pick(lang, "[WARN]", "【警告】"),
        Severity::Info => pick(lang, "[INFO]", "【提示】"),
    }
}

fn why(why: NoticeWhy, lang: Lang) -> &'static str {
    match why {
        NoticeWhy::Fired => pick(lang, "new", "新触发"),
        NoticeWhy::Repeat => pick(lang, "still there", "仍未恢复"),
        NoticeWhy::Resolved => pick(lang, "over", "已恢复"),
        NoticeWhy::Escalated => pick(lang, "nobody took it on", "无人认领"),
        NoticeWhy::Lapsed => pick(lang, "taken on, still there", "认领到期仍未恢复"),
        NoticeWhy::Flapping => pick(lang, "comes and goes", "反复触发"),
        NoticeWhy::Digest => pick(lang, "while the desk was closed", "非工作时间汇总"),
    }
}

/// `[PAGE] Leadyard · missed: new (2 open)`
pub(super) fn alerts_title(news: &AlertNews, kind: Option<AlertKind>, lang: Lang) -> String {
    let head = severity(news.severity, lang);
    let what = kind.map_or_else(
        || pick(lang, "alerts", "异常提醒").to_owned(),
        |kind| crate::engine::words::alert(kind, lang),
    );
    let why = why(news.why, lang);
    let (firing, resolved) = (news.firing, news.resolved);
    match lang {
        Lang::En if resolved > 0 => {
            format!("{head} Leadyard · {what}: {why} ({firing} open, {resolved} over)")
        }
        Lang::En => format!("{head} Leadyard · {what}: {why} ({firing} open)"),
        Lang::Zh if resolved > 0 => {
            format!("{head}Leadyard · {what}：{why}（未恢复 {firing}，已恢复 {resolved}）")
        }
        Lang::Zh => format!("{head}Leadyard · {what}：{why}（未恢复 {firing}）"),
    }
}

/// Several notices in one message.
pub(super) fn merged(loudest: Severity, count: usize, lang: Lang) -> String {
    let head = severity(loudest, lang);
    match lang {
        Lang::En => format!("{head} Leadyard · {count} notices"),
        Lang::Zh => format!("{head}Leadyard · {count} 条通知"),
    }
}

pub(super) fn lead_title(rep: &str, news: &LeadNews, lang: Lang) -> String {
    let lead = news.lead;
    match (news.why, lang) {
        (LeadWhy::Given, Lang::En) => format!("{rep}: lead {lead} is yours"),
        (LeadWhy::Given, Lang::Zh) => format!("{rep}：线索 {lead} 已分给你"),
        (LeadWhy::Reminded, Lang::En) => format!("{rep}: half the time for lead {lead} is over"),
        (LeadWhy::Reminded, Lang::Zh) => format!("{rep}：线索 {lead} 的响应时限已过半"),
        (LeadWhy::Moved, Lang::En) => format!("{rep}: lead {lead} is no longer yours"),
        (LeadWhy::Moved, Lang::Zh) => format!("{rep}：线索 {lead} 已不归你负责"),
        (LeadWhy::Undone, Lang::En) => format!("{rep}: correction, lead {lead} is not yours (undone)"),
        (LeadWhy::Undone, Lang::Zh) => format!("{rep}：更正，线索 {lead} 不归你负责（分配已撤销）"),
    }
}

pub(super) fn contact(contact: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("Contact: {contact}"),
        Lang::Zh => format!("联系人：{contact}"),
    }
}

pub(super) fn limit(within_ms: i64, at: Option<(u32, u32)>, lang: Lang) -> String {
    let within = span(within_ms);
    match (at, lang) {
        (Some((hour, minute)), Lang::En) => {
            format!("Respond within {within} of working time; next step at {hour:02}:{minute:02}")
        }
        (Some((hour, minute)), Lang::Zh) => {
            format!("请在 {within}（工作时间）内响应，{hour:02}:{minute:02} 起提醒或回收")
        }
        (None, Lang::En) => format!("Respond within {within} of working time"),
        (None, Lang::Zh) => format!("请在 {within}（工作时间）内响应"),
    }
}

pub(super) fn remedy(said: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("What helps: {said}"),
        Lang::Zh => format!("建议：{said}"),
    }
}

pub(super) fn came_and_went(count: u32, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{count} came and went meanwhile"),
        Lang::Zh => format!("期间另有 {count} 条触发后已恢复"),
    }
}

pub(super) fn more(count: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{count} more, see the console"),
        Lang::Zh => format!("其余 {count} 条见控制台"),
    }
}

pub(super) fn attempt(attempt: u32, lang: Lang) -> String {
    match lang {
        Lang::En => format!("(try {attempt})"),
        Lang::Zh => format!("（第 {attempt} 次发送）"),
    }
}

pub(super) fn test_title(lang: Lang) -> &'static str {
    pick(lang, "Leadyard · test", "Leadyard · 测试")
}

pub(super) fn test(by: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{by} tries this channel out. Nothing is to be done."),
        Lang::Zh => format!("{by} 正在测试此通道，无需处理。"),
    }
}
