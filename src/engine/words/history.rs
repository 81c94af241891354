//! What an event did, in a few words: a line of a lead's history, of the log, of a batch.

use super::{
    alerts, complaint, ledger_reason, milli, mode, overlay, park, pick, pooled, rep_name, state, timer_note,
    trial,
};
use crate::model::event::{Body, Event, Placer};
use crate::model::id::RepId;
use crate::model::lang::Lang;
use crate::world::World;

fn assigned(world: &World, to: RepId, by: &Placer, lang: Lang) -> String {
    let to = rep_name(world, to);
    let zh = lang == Lang::Zh;
    match by {
        Placer::Engine { rule: Some(rule) } if zh => format!("规则「{rule}」分配给 {to}"),
        Placer::Engine { rule: Some(rule) } => format!("rule “{rule}” → {to}"),
        Placer::Engine { rule: None } => format!("→ {to}"),
        Placer::Accepted { rule: Some(rule), .. } if zh => format!("确认建议：规则「{rule}」分配给 {to}"),
        Placer::Accepted { rule: Some(rule), .. } => format!("proposal accepted: rule “{rule}” → {to}"),
        Placer::Accepted { .. } if zh => format!("确认建议：分配给 {to}"),
        Placer::Accepted { .. } => format!("proposal accepted → {to}"),
        Placer::Divert { divert } if zh => format!("临时改道 {divert} 分配给 {to}"),
        Placer::Divert { divert } => format!("divert {divert} → {to}"),
        Placer::Remedy { episode, line } if zh => format!("按监控 {episode}（{line}）分配给 {to}"),
        Placer::Remedy { episode, line } => format!("by the watch for {episode} ({line}) → {to}"),
        Placer::Claimed if zh => format!("{to} 从线索池领取"),
        Placer::Claimed => format!("claimed from the pool by {to}"),
        Placer::Person { reason } => {
            let why = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
            if zh { format!("人工分配给 {to}{why}") } else { format!("placed by hand → {to}{why}") }
        }
    }
}

/// What an event did, in a few words without time and actor.
#[must_use]
pub fn history(world: &World, event: &Event, lang: Lang) -> String {
    let with =
        |verb: String, reason: &str| if reason.is_empty() { verb } else { format!("{verb} ({reason})") };
    match &event.body {
        Body::LeadReceived(_) => pick(lang, "received", "收到"),
        Body::LeadEdited(_) => pick(lang, "edited", "已修改"),
        Body::LeadAssigned(a) => assigned(world, a.rep, &a.by, lang),
        Body::LeadWaits { score, why: None, .. } => match lang {
            Lang::En => format!("waits with score {score} now"),
            Lang::Zh => format!("等待中，评分变为 {score}"),
        },
        Body::LeadWaits { .. } => pick(lang, "nobody free, waits", "暂无人可接，等待"),
        Body::LeadParked { reason, .. } => {
            format!("{}: {}", pick(lang, "parked", "待人工"), park(world, reason, lang))
        }
        Body::LeadRecalled { from, reason, timer, .. } => {
            let why = timer.as_deref().map_or_else(|| reason.to_string(), |note| timer_note(note, lang));
            with(format!("{} {}", pick(lang, "recalled from", "回收自"), rep_name(world, *from)), &why)
        }
        Body::LeadReminded(note) => {
            let who = rep_name(world, note.owner);
            format!("{} {who} ({})", pick(lang, "reminded", "提醒"), timer_note(note, lang))
        }
        Body::LeadEscalated(note) => {
            let who = rep_name(world, note.owner);
            format!("{} {who} ({})", pick(lang, "overdue with", "超时未响应，在"), timer_note(note, lang))
        }
        Body::TimersResumed { .. } => {
            pick(lang, "response clocks go on; the time before is not counted", "响应计时恢复，此前时间不计")
        }
        Body::LeadReturned { from, reason, .. } => {
            with(format!("{} {}", pick(lang, "given back by", "退回自"), rep_name(world, *from)), reason)
        }
        Body::LeadPooled { from, why, .. } => pooled(world, *from, why, lang),
        Body::LeadHeld { .. } => pick(lang, "held", "暂占"),
        Body::LeadReleased { .. } => pick(lang, "hold ended", "解除暂占"),
        Body::LeadFreed { .. } => pick(lang, "back to the engine", "交还引擎"),
        Body::LeadProgressed { from, to, note, .. } => {
            with(format!("{} → {}", state(*from, lang), state(*to, lang)), note)
        }
        Body::LeadRestored(r) => format!("{} → {}", pick(lang, "undone", "已撤销"), state(r.row.state, lang)),
        Body::LeadMerged { into, .. } => format!("{} {into}", pick(lang, "merged into", "已合并到")),
        Body::LeadUnmasked { .. } => pick(lang, "phone shown", "查看了电话"),
        Body::RepAdded { card, .. } => format!("{} {}", pick(lang, "rep added", "新增销售"), card.name),
        Body::RepEdited { after, .. } => format!("{} {}", pick(lang, "rep edited", "修改销售"), after.name),
        Body::RepDuty { rep, on } => {
            let word = if *on { pick(lang, "on duty", "在岗") } else { pick(lang, "off duty", "离岗") };
            format!("{} {word}", rep_name(world, *rep))
        }
        Body::RepLeave { rep, .. } => {
            format!("{} {}", pick(lang, "leave set for", "设置请假"), rep_name(world, *rep))
        }
        Body::RepActive { rep, active } => {
            let word = if *active {
                pick(lang, "reactivated", "已启用")
            } else {
                pick(lang, "deactivated", "已停用")
            };
            format!("{} {word}", rep_name(world, *rep))
        }
        Body::LedgerEntered { rep, milli: amount, reason, .. } => {
            format!("{} {} ({})", rep_name(world, *rep), milli(*amount), ledger_reason(reason, lang))
        }
        Body::BookPublished { version, note, .. } => {
            with(format!("{} {version}", pick(lang, "rules published", "发布规则")), note)
        }
        Body::ModeSet { after, .. } => format!("{} {}", pick(lang, "mode", "模式"), mode(*after, lang)),
        Body::ScopeModeSet { scope, after, .. } => {
            let set = after.as_ref().map_or(crate::model::mode::Mode::Auto, |m| m.mode);
            let until = after.as_ref().and_then(|m| m.until);
            let until = until.map_or_else(String::new, |t| {
                format!(" {} {}", pick(lang, "until", "至"), overlay::clock(world, t))
            });
            format!(
                "{} {} {}{until}",
                pick(lang, "mode", "模式"),
                overlay::scope(scope, lang),
                mode(set, lang)
            )
        }
        Body::PromotionStarted { promotion, after, .. } | Body::PromotionStopped { promotion, after, .. } => {
            overlay::promotion_switched(world, promotion, after.as_deref(), lang)
        }
        Body::TrialChanged { trial, after, end, .. } => {
            trial::changed(world, *trial, after.as_deref(), end.as_ref(), lang)
        }
        Body::TrialDiffered { trial, lead, live, draft } => {
            trial::differed(world, (*trial, *lead), live, draft, lang)
        }
        Body::DivertChanged { divert, before, after } => {
            overlay::divert_changed(world, *divert, before.as_deref(), after.as_deref(), lang)
        }
        Body::RoleGranted { actor, after, .. } => {
            let role = after.map_or_else(|| pick(lang, "none", "无"), |r| pick(lang, r.word(), r.word_zh()));
            format!("{} {actor}: {role}", pick(lang, "role", "角色"))
        }
        Body::AlertPending { .. }
        | Body::AlertDropped { .. }
        | Body::AlertCondition { .. }
        | Body::AlertHandled { .. }
        | Body::AlertNoted { .. }
        | Body::SilenceSet { .. }
        | Body::AlertNoticed(_)
        | Body::AlertRemedied(_)
        | Body::AlertFired { .. }
        | Body::AlertCleared { .. } => alerts::history(world, event, lang),
        Body::ComplaintRaised { complaint, after, .. } => {
            complaint::raised(*complaint, after.as_deref(), lang)
        }
        Body::ComplaintRuled { complaint, after, .. } => {
            complaint::ruling(world, *complaint, after.as_deref(), lang)
        }
        Body::ImportBegan { name, .. } => format!("{} {name}", pick(lang, "import", "导入")),
        Body::ImportEnded { added, known, .. } => match lang {
            Lang::En => format!("import ended: {added} added, {known} known"),
            Lang::Zh => format!("导入结束：新增 {added}，已有 {known}"),
        },
        Body::BatchUndone { batch, restored, kept } => match lang {
            Lang::En => format!("{batch} undone: {restored} put back, {kept} not"),
            Lang::Zh => format!("撤销 {batch}：恢复 {restored}，未恢复 {kept}"),
        },
    }
}
