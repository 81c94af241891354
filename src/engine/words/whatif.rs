//! What-if in words: what gave a lead, and what a preview cannot know.

use crate::engine::whatif::{Answer, Mark, RuleLine, Total};
use crate::model::event::{Body, Event};
use crate::model::lang::Lang;
use crate::model::why::Explanation;

/// What gave the leads of a line.
#[must_use]
pub fn line_name(line: &RuleLine, lang: Lang) -> String {
    let pick = |en: &str, zh: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    match line.mark {
        Mark::OTHERWISE => pick("otherwise", "兜底"),
        Mark::OWNER => pick("duplicates → owner", "重复 → 原负责人"),
        Mark::DIVERT => pick("diverts", "临时改道"),
        Mark::HAND => pick("by hand", "人工"),
        Mark::CLAIMED => pick("claimed", "领取"),
        _ => match (line.in_published, line.in_draft) {
            (false, true) => format!("{} {}", line.name, pick("(new)", "（新）")),
            (true, false) => format!("{} {}", line.name, pick("(removed)", "（已删除）")),
            _ => line.name.to_string(),
        },
    }
}

/// What the preview cannot know, a sentence each; what always holds comes first.
#[must_use]
pub fn unknowns(answer: &Answer, lang: Lang) -> Vec<String> {
    let Total { other_owner, no_object, moved_replies, lost_replies, unsure, .. } = answer.draft;
    let zh = lang == Lang::Zh;
    let mut out = vec![if zh {
        "假定每条线索的回复与结果不变：无论归谁，都在分配后按原有的间隔发生".to_owned()
    } else {
        "Replies and outcomes are taken to follow each lead with their recorded delay, whoever holds it"
            .to_owned()
    }];
    let mut add = |count: u32, en: &str, han: &str| {
        if count > 0 {
            out.push(if zh { format!("{count} {han}") } else { format!("{count} {en}") });
        }
    };
    add(
        other_owner,
        "recalls, returns and undos name an owner whom the lead does not have here: left out",
        "次回收、退回或撤销所指的负责人与此处不同，已略过",
    );
    add(
        no_object,
        "steps by hand have no object here (the lead is closed, parked or free already): left out",
        "次人工操作在此处没有对象（线索已关闭、待人工或已释放），已略过",
    );
    add(
        moved_replies,
        "replies come at another moment, because the lead is given at another moment",
        "次回复因分配时间不同而改期",
    );
    add(
        lost_replies,
        "replies never come, because nobody has the lead here; what would have come of it is unknown",
        "次回复没有发生，因为此处无人负责该线索；结果未知",
    );
    add(
        unsure,
        "decisions are about people who were here before; by which contact key they met is not in the log",
        "次判断涉及曾留资的人；日志没有记下按哪种联系方式相认",
    );
    out
}

/// The explanation an event carries.
#[must_use]
pub fn why_of(event: &Event) -> Option<&Explanation> {
    match &event.body {
        Body::LeadAssigned(a) => a.why.as_deref(),
        Body::LeadWaits { why, .. } | Body::LeadParked { why, .. } => why.as_deref(),
        _ => None,
    }
}
