//! Leads as lines and JSON: `lead show`, `lead list`, and the lines other commands end with. Contact texts are masked.

use serde_json::{Value, json};

use super::context::{CliError, Context, Done, clock};
use crate::model::contact::{mask_email, mask_phone};
use crate::model::contact_card::ContactCard;
use crate::model::event::{Body, Event, Placer};
use crate::model::id::{LeadId, RepId};
use crate::model::lang::Lang;
use crate::model::lead::{Lead, LeadState, ParkReason};
use crate::store::{LeadOrder, LeadPage, Store};
use crate::world::{Moment, World};

/// Most leads listed at once.
const LIST_MAX: usize = 10_000;

/// The state's word in `lang`.
#[must_use]
pub fn state_word(state: LeadState, lang: Lang) -> &'static str {
    match lang {
        Lang::En => state.word(),
        Lang::Zh => state.word_zh(),
    }
}

/// A rep's name, or their number when the world does not know them.
#[must_use]
pub fn rep_name(world: &World, rep: RepId) -> String {
    world.rep(rep).map_or_else(|| rep.to_string(), |r| r.card.name.to_string())
}

/// A lead in one line: id, state, owner or reason.
#[must_use]
pub fn one_line(ctx: &Context, world: &World, lead: LeadId) -> String {
    match world.lead(lead) {
        Some(row) => row_line(ctx, world, row),
        None => format!("{lead} {}", ctx.say("closed", "已关闭")),
    }
}

fn row_line(ctx: &Context, world: &World, row: &Lead) -> String {
    let what = match (row.owner, &row.park) {
        (Some(owner), _) => format!("→ {}{}", rep_name(world, owner), if row.pinned { " ⚲" } else { "" }),
        (None, Some(reason)) => park_words(ctx, world, reason),
        (None, None) => String::new(),
    };
    let a = &row.attrs;
    let about: Vec<&str> = [&a.source, &a.region, &a.product, &a.company]
        .into_iter()
        .map(|t| t.as_str())
        .filter(|t| !t.is_empty())
        .collect();
    format!("{:<8} {:<9} {} {}", row.id.to_string(), state_word(row.state, ctx.lang), about.join(" · "), what)
        .trim_end()
        .to_owned()
}

/// Why a lead is parked, in words.
#[must_use]
pub fn park_words(ctx: &Context, world: &World, reason: &ParkReason) -> String {
    let zh = ctx.lang == Lang::Zh;
    match reason {
        ParkReason::Rule(text) => text.to_string(),
        ParkReason::Unmatched => {
            ctx.say("nobody matched, and the book has no catch-all", "无规则匹配，且没有兜底").into()
        }
        ParkReason::Duplicate { of, owner } => {
            let whose = owner.map_or_else(String::new, |o| format!(" ({})", rep_name(world, o)));
            if zh { format!("与 {of} 为同一人{whose}") } else { format!("same person as {of}{whose}") }
        }
        ParkReason::SimilarCompany { of, similarity_milli } => {
            let percent = similarity_milli / 10;
            if zh {
                format!("公司名与 {of} 相似 {percent} %")
            } else {
                format!("company like that of {of}, {percent} %")
            }
        }
        ParkReason::Person { by, reason } if reason.is_empty() => {
            if zh {
                format!("由 {by} 暂存")
            } else {
                format!("parked by {by}")
            }
        }
        ParkReason::Person { by, reason } => {
            if zh {
                format!("由 {by} 暂存：{reason}")
            } else {
                format!("parked by {by}: {reason}")
            }
        }
        ParkReason::Undone { by } => {
            if zh {
                format!("由 {by} 撤销")
            } else {
                format!("undone by {by}")
            }
        }
        ParkReason::OwnerLeft(rep) => {
            let name = rep_name(world, *rep);
            if zh { format!("原负责人 {name} 已离职") } else { format!("its owner {name} left") }
        }
    }
}

/// A lead as JSON; closed ones only by id.
#[must_use]
pub fn lead_json(world: &World, lead: LeadId) -> Value {
    world.lead(lead).map_or_else(|| json!({"id": lead.0, "state": "closed"}), |row| row_json(world, row))
}

fn row_json(world: &World, row: &Lead) -> Value {
    let a = &row.attrs;
    json!({
        "id": row.id.0, "state": row.state.word(),
        "owner": row.owner.and_then(|o| world.rep(o)).map(|r| r.card.login.to_string()),
        "pinned": row.pinned, "score": row.score,
        "source": a.source, "campaign": a.campaign, "region": a.region, "city": a.city,
        "product": a.product, "industry": a.industry, "language": a.language, "company": a.company,
        "received_at": row.received_at.to_rfc3339(), "arrived_at": row.arrived_at.to_rfc3339(),
        "assigned_at": row.assigned_at.map(|t| t.to_rfc3339()),
        "contacted_at": row.contacted_at.map(|t| t.to_rfc3339()),
        "do_not_contact": row.do_not_contact,
        "held_by": row.hold.as_ref().map(|h| h.actor.to_string()),
        "rev": row.touched.seq.0,
    })
}

/// Prints one lead with its history.
///
/// # Errors
/// When there is no such lead.
pub fn show(ctx: &Context, store: &Store, world: &World, lead: LeadId, unmask: bool) -> Done {
    let row = match world.lead(lead) {
        Some(row) => row.clone(),
        None => store.lead(lead)?.ok_or_else(|| {
            CliError::Refused(ctx.refusal(&crate::engine::Refusal::NoSuchLead { lead }, Some(world)))
        })?,
    };
    let contact = store.contacts(&[lead])?.into_iter().next().map(|(_, c)| c).unwrap_or_default();
    let events = store.lead_history(lead, 500)?;
    if ctx.json {
        let mut value = row_json(world, &row);
        value["contact"] = contact_json(&contact, unmask);
        value["history"] = events.iter().map(|e| json!({"seq": e.seq.0, "at": e.at.to_rfc3339(), "actor": e.actor.to_string(), "verb": e.body.verb().word(), "batch": e.batch.0})).collect();
        println!("{value}");
        return Ok(());
    }
    println!("{}", row_line(ctx, world, &row));
    let phone = if unmask { contact.phone.clone() } else { mask_phone(&contact.phone) };
    let email = if unmask { contact.email.clone() } else { mask_email(&contact.email) };
    for (label, text) in [
        (ctx.say("name", "姓名"), contact.name.clone()),
        (ctx.say("phone", "电话"), phone),
        (ctx.say("mail", "邮箱"), email),
        (ctx.say("note", "备注"), contact.note.clone()),
        (ctx.say("score", "评分"), row.score.to_string()),
        (ctx.say("received", "留资"), clock(row.received_at, world.book().zone)),
    ] {
        if !text.is_empty() {
            println!("  {label}: {}", crate::model::contact::clean_text(&text));
        }
    }
    for event in &events {
        println!("  {}", history_line(ctx, world, event));
    }
    Ok(())
}

fn contact_json(contact: &ContactCard, unmask: bool) -> Value {
    let phone = if unmask { contact.phone.clone() } else { mask_phone(&contact.phone) };
    let email = if unmask { contact.email.clone() } else { mask_email(&contact.email) };
    json!({"name": contact.name, "phone": phone, "email": email, "note": contact.note})
}

/// One event of a lead's history in words.
#[must_use]
pub fn history_line(ctx: &Context, world: &World, event: &Event) -> String {
    let zone = world.book().zone;
    let zh = ctx.lang == Lang::Zh;
    let what = match &event.body {
        Body::LeadReceived(_) => ctx.say("received", "收到").to_owned(),
        Body::LeadEdited(_) => ctx.say("edited", "已修改").to_owned(),
        Body::LeadAssigned(a) => {
            let to = rep_name(world, a.rep);
            match &a.by {
                Placer::Engine { rule: Some(rule) } if zh => format!("规则「{rule}」分配给 {to}"),
                Placer::Engine { rule: Some(rule) } => format!("rule “{rule}” → {to}"),
                Placer::Engine { rule: None } => format!("→ {to}"),
                Placer::Person { reason } if reason.is_empty() && zh => format!("人工分配给 {to}"),
                Placer::Person { reason } if reason.is_empty() => format!("placed by hand → {to}"),
                Placer::Person { reason } if zh => format!("人工分配给 {to}（{reason}）"),
                Placer::Person { reason } => format!("placed by hand → {to} ({reason})"),
            }
        }
        Body::LeadWaits { .. } => ctx.say("nobody free, waits", "暂无人可接，等待").to_owned(),
        Body::LeadParked { reason, .. } => {
            format!("{}: {}", ctx.say("parked", "待人工"), park_words(ctx, world, reason))
        }
        Body::LeadRecalled { from, reason, .. } | Body::LeadReturned { from, reason, .. } => {
            let verb = if matches!(event.body, Body::LeadRecalled { .. }) {
                ctx.say("recalled from", "回收自")
            } else {
                ctx.say("returned by", "退回自")
            };
            let why = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
            format!("{verb} {}{why}", rep_name(world, *from))
        }
        Body::LeadHeld { until, .. } => {
            format!("{} {}", ctx.say("held until", "暂占至"), clock(*until, zone))
        }
        Body::LeadReleased { .. } => ctx.say("released", "解除暂占").to_owned(),
        Body::LeadFreed { .. } => ctx.say("back to the engine", "交还引擎").to_owned(),
        Body::LeadProgressed { from, to, note, .. } => {
            let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
            format!("{} → {}{note}", state_word(*from, ctx.lang), state_word(*to, ctx.lang))
        }
        Body::LeadRestored(r) => {
            format!("{} → {}", ctx.say("undone", "已撤销"), state_word(r.row.state, ctx.lang))
        }
        Body::LeadUnmasked { .. } => ctx.say("phone shown", "查看了电话").to_owned(),
        other => other.verb().word().to_owned(),
    };
    format!("{} {} {} · {} · {}", event.seq, clock(event.at, zone), event.actor, what, event.batch)
}

/// Prints leads by state and condition.
///
/// # Errors
/// An unknown state or a condition that cannot be read.
pub fn list(
    ctx: &Context,
    store: &Store,
    world: &World,
    state: Option<&str>,
    filter: Option<&str>,
    limit: usize,
) -> Done {
    let state = match state {
        Some(word) => Some(
            LeadState::from_word(word).ok_or_else(|| CliError::Usage(format!("--state {word}: unknown")))?,
        ),
        None => None,
    };
    let now = crate::desk::Clock::Machine.now();
    let moment = Moment::at(world.book().zone, now);
    let condition = match filter {
        Some(text) => {
            let (condition, diagnostics) = crate::rulebook::parse_condition(text, None);
            if let Some(d) = diagnostics.iter().find(|d| d.severity == crate::rulebook::Severity::Error) {
                return Err(CliError::Usage(format!(
                    "--where, column {}: {}",
                    d.column,
                    d.message(ctx.lang)
                )));
            }
            Some(condition)
        }
        None => None,
    };
    let limit = limit.min(LIST_MAX);
    let mut rows: Vec<Lead> = match state {
        Some(state) if !state.is_open() => {
            let page = LeadPage {
                states: vec![state],
                owner: None,
                order: LeadOrder::NewestFirst,
                below: None,
                limit,
            };
            store.leads(&page)?
        }
        _ => world.leads().filter(|l| state.is_none_or(|s| l.state == s)).cloned().collect(),
    };
    rows.retain(|row| condition.as_ref().is_none_or(|c| c.holds_for(&world.view(row, row.score, &moment))));
    rows.sort_by_key(|r| (std::cmp::Reverse(r.score), r.received_at, r.id));
    let total = rows.len();
    rows.truncate(limit);
    if ctx.json {
        println!("{}", Value::from(rows.iter().map(|r| row_json(world, r)).collect::<Vec<_>>()));
        return Ok(());
    }
    for row in &rows {
        println!("{}", row_line(ctx, world, row));
    }
    if total > rows.len() {
        println!("… {} {}", total - rows.len(), ctx.say("more; raise --limit", "条未显示，可加大 --limit"));
    }
    Ok(())
}
