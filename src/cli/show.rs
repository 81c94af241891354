//! Leads as lines and JSON: `lead show`, `lead list`, and the lines other commands end with. Contact texts are masked.

use serde_json::{Value, json};

use super::context::{CliError, Context, Done, clock};
use crate::engine::words;
use crate::model::contact::{mask_email, mask_phone};
use crate::model::contact_card::ContactCard;
use crate::model::event::{Body, Event};
use crate::model::id::LeadId;
use crate::model::lead::{Lead, LeadState};
use crate::store::{LeadOrder, LeadPage, Store};
use crate::world::{Moment, World};

/// Most leads listed at once.
const LIST_MAX: usize = 10_000;

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
        (Some(owner), _) => {
            format!("→ {}{}", words::rep_name(world, owner), if row.pinned { " ⚲" } else { "" })
        }
        (None, Some(reason)) => words::park(world, reason, ctx.lang),
        (None, None) => String::new(),
    };
    let a = &row.attrs;
    let about: Vec<&str> = [&a.source, &a.region, &a.product, &a.company]
        .into_iter()
        .map(|t| t.as_str())
        .filter(|t| !t.is_empty())
        .collect();
    format!(
        "{:<8} {:<9} {} {}",
        row.id.to_string(),
        words::state(row.state, ctx.lang),
        about.join(" · "),
        what
    )
    .trim_end()
    .to_owned()
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
        value["merged_into"] = merged_into(&row, &events).map_or(Value::Null, |into| into.0.into());
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

/// The lead a merged one is part of.
fn merged_into(row: &Lead, events: &[Event]) -> Option<LeadId> {
    let merges = events.iter().filter_map(|e| match e.body {
        Body::LeadMerged { into, .. } => Some((e.seq, into)),
        _ => None,
    });
    merges.max_by_key(|(seq, _)| *seq).map(|(_, into)| into).filter(|_| row.state == LeadState::Merged)
}

fn contact_json(contact: &ContactCard, unmask: bool) -> Value {
    let phone = if unmask { contact.phone.clone() } else { mask_phone(&contact.phone) };
    let email = if unmask { contact.email.clone() } else { mask_email(&contact.email) };
    json!({"name": contact.name, "phone": phone, "email": email, "note": contact.note})
}

/// One event of a lead's history in a line.
#[must_use]
pub fn history_line(ctx: &Context, world: &World, event: &Event) -> String {
    let at = clock(event.at, world.book().zone);
    let what = words::history(world, event, ctx.lang);
    format!("{} {at} {} · {what} · {}", event.seq, event.actor, event.batch)
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
