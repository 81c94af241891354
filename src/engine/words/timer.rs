//! What response timers did and how they stand, in words.

use super::{pick, rep_name};
use crate::engine::timers::Story;
use crate::model::id::RepId;
use crate::model::lang::Lang;
use crate::model::respond::{Escalation, TimerNote, TimerStep};
use crate::model::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use crate::world::World;

/// A duration in the units people say: `45s`, `10m`, `2h 05m`.
#[must_use]
pub fn span(ms: i64) -> String {
    match ms {
        ..MINUTE_MS => format!("{}s", ms.max(0) / SECOND_MS),
        MINUTE_MS..HOUR_MS => format!("{}m", ms / MINUTE_MS),
        _ => format!("{}h {:02}m", ms / HOUR_MS, ms % HOUR_MS / MINUTE_MS),
    }
}

/// Which timer acted and why: `rule “East”: 10m to answer, 10m passed, reassigned, 1 of 2`.
#[must_use]
pub fn note(note: &TimerNote, lang: Lang) -> String {
    let (within, worked) = (span(note.within_ms), span(note.worked_ms));
    let step = step(note.step, lang);
    match lang {
        Lang::En => format!("rule “{}”: {within} to answer, {worked} passed; {step}", note.rule),
        Lang::Zh => format!("规则「{}」：应在 {within} 内响应，已过 {worked}；{step}", note.rule),
    }
}

fn step(step: TimerStep, lang: Lang) -> String {
    match (step, lang) {
        (TimerStep::Remind, _) => pick(lang, "reminded", "已提醒"),
        (TimerStep::Reassign { nth, of }, Lang::En) => format!("reassigned, {nth} of {of}"),
        (TimerStep::Reassign { nth, of }, Lang::Zh) => format!("转派，第 {nth} 次（最多 {of} 次）"),
        (TimerStep::Recall, _) => pick(lang, "recalled", "回收"),
        (TimerStep::RecallToPool, _) => pick(lang, "recalled to the pool", "回收到线索池"),
        (TimerStep::Park, _) => pick(lang, "parked", "转待人工"),
        (TimerStep::Escalate(why), _) => match why {
            Escalation::ByBook => pick(lang, "escalated", "升级提醒"),
            Escalation::Pinned => {
                pick(lang, "escalated only: a person placed it", "仅升级提醒：人工分配的线索不移动")
            }
            Escalation::NoReplies => pick(
                lang,
                "escalated only: replies of this source are not recorded",
                "仅升级提醒：该渠道不记录回复",
            ),
            Escalation::NobodyElse => {
                pick(lang, "escalated: nobody else could take it", "升级提醒：没有其他人可接")
            }
            Escalation::Budget => pick(
                lang,
                "escalated only: timers moved too many leads this hour",
                "仅升级提醒：本小时超时移动的线索过多",
            ),
        },
    }
}

/// How a lead's clock stands, in one line; `at` words the next moment.
#[must_use]
pub fn story(world: &World, owner: Option<RepId>, story: &Story, at: Option<&str>, lang: Lang) -> String {
    let who = owner.map_or_else(String::new, |rep| rep_name(world, rep));
    let (within, worked) = (span(story.within_ms), span(story.worked_ms));
    let next = match (at, story.reminds, lang) {
        (Some(at), true, Lang::En) => format!("a reminder or the next step {at}"),
        (Some(at), true, Lang::Zh) => format!("{at} 提醒或执行下一步"),
        (Some(at), false, Lang::En) => format!("the limit passes {at}"),
        (Some(at), false, Lang::Zh) => format!("{at} 到时限"),
        (None, _, _) if story.escalated => pick(lang, "escalated, nothing follows", "已升级提醒，不再处理"),
        (None, _, _) => pick(lang, "nothing is due", "没有待执行的步骤"),
    };
    match lang {
        Lang::En => format!(
            "response clock: rule “{}” gives {within} of working time, {who} has had {worked}; {next}",
            story.rule
        ),
        Lang::Zh => {
            format!("响应时限：规则「{}」给 {within} 工作时间，{who} 已用 {worked}；{next}", story.rule)
        }
    }
}
