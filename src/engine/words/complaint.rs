//! Complaints in words: what was disputed, and how it was ruled.

use super::{pick, rep_name};
use crate::model::complaint::{Complaint, Ruling};
use crate::model::id::ComplaintId;
use crate::model::lang::Lang;
use crate::world::World;

/// `C3 by 李娜: it was mine`, with the ruling when there is one.
#[must_use]
pub fn complaint(world: &World, complaint: &Complaint, lang: Lang) -> Vec<String> {
    let owner = complaint.owner.map(|rep| rep_name(world, rep));
    let had = match (owner, lang) {
        (None, _) => String::new(),
        (Some(owner), Lang::En) => format!(" (then {owner}'s)"),
        (Some(owner), Lang::Zh) => format!("（当时归 {owner}）"),
    };
    let raised = match lang {
        Lang::En => format!("complaint {} by {}{had}: {}", complaint.id, complaint.by, complaint.why),
        Lang::Zh => format!("申诉 {}，{}{had}：{}", complaint.id, complaint.by, complaint.why),
    };
    let answer = match &complaint.ruling {
        Some(ruling) => format!("  {}", ruled(world, complaint.id, ruling, lang)),
        None => format!("  {}", pick(lang, "not ruled on yet", "尚未裁定")),
    };
    vec![raised, answer]
}

/// How a complaint was ruled, by whom and why.
#[must_use]
pub fn ruled(world: &World, id: ComplaintId, ruling: &Ruling, lang: Lang) -> String {
    let how = if ruling.upheld {
        pick(lang, "upheld", "申诉成立")
    } else {
        pick(lang, "rejected", "申诉驳回")
    };
    let to = ruling.to.map_or_else(String::new, |rep| format!(" → {}", rep_name(world, rep)));
    match lang {
        Lang::En => format!("{id} {how} by {}{to}: {}", ruling.by, ruling.reason),
        Lang::Zh => format!("{id} {how}，{}{to}：{}", ruling.by, ruling.reason),
    }
}

/// What an event about a complaint did.
#[must_use]
pub fn raised(id: ComplaintId, after: Option<&Complaint>, lang: Lang) -> String {
    match after {
        Some(complaint) => format!("{} {id} ({})", pick(lang, "complaint", "申诉"), complaint.why),
        None => format!("{} {id}", pick(lang, "complaint taken back", "撤回申诉")),
    }
}

/// What an event about a ruling did.
#[must_use]
pub fn ruling(world: &World, id: ComplaintId, after: Option<&Ruling>, lang: Lang) -> String {
    match after {
        Some(ruling) => ruled(world, id, ruling, lang),
        None => format!("{} {id}", pick(lang, "ruling taken back", "撤回裁定")),
    }
}
