//! `pool …`: what lies in the pool, putting in, claiming, and what will come back soon.

use clap::Subcommand;
use serde_json::{Value, json};

use super::context::{Context, Done, clock};
use super::show::{lead_json, one_line};
use crate::engine::{Intent, pool};
use crate::model::actor::Role;
use crate::model::lang::Lang;
use crate::model::lead::Lead;
use crate::model::time::MINUTE_MS;
use crate::rulebook::PoolTerms;
use crate::world::quiet::quiet_deadline;
use crate::world::{Moment, RepState, World};

/// How far `status` looks ahead, in minutes.
pub const FORECAST_MINUTES: u32 = 60;

#[derive(Debug, Subcommand)]
pub enum PoolCommand {
    /// Leads in the pool; a rep sees theirs, with what stands in the way of a claim
    List,
    /// Put leads into the pool
    Put {
        leads: Vec<String>,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Take leads from the pool, as a rep
    Claim { leads: Vec<String> },
    /// Leads that go back to the pool soon if nobody is reached
    Forecast {
        #[arg(long, default_value_t = FORECAST_MINUTES)]
        minutes: u32,
    },
}

/// Runs a `pool` command.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn pool(ctx: &Context, command: &PoolCommand) -> Done {
    let (intent, what) = match command {
        PoolCommand::List => return list(ctx),
        PoolCommand::Forecast { minutes } => return forecast(ctx, *minutes),
        PoolCommand::Put { leads, reason } => {
            let intent = Intent::ToPool { leads: ctx.lead_ids(leads)?, reason: reason.as_str().into() };
            (intent, ctx.say("in the pool", "已放入线索池"))
        }
        PoolCommand::Claim { leads } => {
            (Intent::Claim { leads: ctx.lead_ids(leads)? }, ctx.say("claimed", "已领取"))
        }
    };
    let desk = ctx.desk(false)?;
    let outcome = ctx.run(desk.handle(), intent)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    ctx.report(&outcome, &world, what);
    Ok(())
}

fn list(ctx: &Context) -> Done {
    let world = ctx.read()?.load_world(&mut |_, _| {})?;
    let moment = Moment::at(world.book().zone, crate::desk::Clock::Machine.now());
    let terms = world.book().pool.clone().unwrap_or_default();
    let me = world.rep_of_login(&ctx.actor.name);
    let is_rep = world.role_of(&ctx.actor) == Role::Rep;
    let seen = |lead: &&Lead| !is_rep || me.is_some_and(|me| pool::sees(&world, &terms, me, lead, &moment));
    let mut leads: Vec<&Lead> = world.pooled().filter(seen).collect();
    leads.sort_by_key(|lead| (std::cmp::Reverse(lead.score), lead.pooled_since(), lead.id));
    if ctx.json {
        let rows: Vec<Value> =
            leads.iter().map(|lead| row_json(ctx, &world, &terms, me, lead, &moment)).collect();
        println!("{}", Value::from(rows));
        return Ok(());
    }
    for lead in leads {
        let since = lead.pooled_since().map_or_else(String::new, |at| clock(at, moment.zone));
        let stands = me
            .and_then(|me| pool::why_not(&world, &terms, me, lead, &moment))
            .map_or_else(String::new, |refusal| format!(" · ✗ {}", ctx.refusal(&refusal, Some(&world))));
        println!("{} · {since}{stands}", one_line(ctx, &world, lead.id));
    }
    Ok(())
}

fn row_json(
    ctx: &Context,
    world: &World,
    terms: &PoolTerms,
    me: Option<&RepState>,
    lead: &Lead,
    moment: &Moment,
) -> Value {
    let mut value = lead_json(world, lead.id);
    let refusal = me.and_then(|me| pool::why_not(world, terms, me, lead, moment));
    value["pooled_since"] = lead.pooled_since().map(|at| at.to_rfc3339()).into();
    value["claimable"] = me.map(|_| refusal.is_none()).into();
    value["code"] = refusal.as_ref().map(crate::engine::Refusal::code).into();
    value["why"] = refusal.as_ref().map(|r| ctx.refusal(r, Some(world))).into();
    value
}

fn forecast(ctx: &Context, minutes: u32) -> Done {
    let world = ctx.read()?.load_world(&mut |_, _| {})?;
    let moment = Moment::at(world.book().zone, crate::desk::Clock::Machine.now());
    let until = moment.now.plus(i64::from(minutes) * MINUTE_MS);
    let coming: Vec<_> = pool::forecast(&world, until).collect();
    // A person placed or claimed these: the clock has run out, but they stay where they are.
    let over = |lead: &&Lead| lead.pinned && quiet_deadline(&world, lead).is_some_and(|at| at <= until);
    let stay: Vec<&Lead> = world.leads().filter(over).collect();
    if ctx.json {
        let leads: Vec<Value> = coming
            .iter()
            .map(|(at, lead)| {
                let mut value = lead_json(&world, *lead);
                value["returns_at"] = at.to_rfc3339().into();
                value
            })
            .collect();
        let stay: Vec<u64> = stay.iter().map(|lead| lead.id.0).collect();
        println!("{}", json!({"minutes": minutes, "count": coming.len(), "leads": leads, "pinned": stay}));
        return Ok(());
    }
    println!("{}", forecast_words(ctx.lang, minutes, coming.len()));
    for (at, lead) in coming {
        println!("  {} {}", clock(at, moment.zone), one_line(ctx, &world, lead));
    }
    if !stay.is_empty() {
        println!(
            "{}",
            ctx.say(
                "out of time too, but placed or claimed by a person:",
                "同样超时，但由人指定或领取，不会收回："
            )
        );
        for lead in stay {
            println!("  {}", one_line(ctx, &world, lead.id));
        }
    }
    Ok(())
}

fn forecast_words(lang: Lang, minutes: u32, count: usize) -> String {
    match lang {
        Lang::En => format!("next {minutes} minutes: {count} recalls"),
        Lang::Zh => format!("未来 {minutes} 分钟：{count} 条将回收到线索池"),
    }
}

/// The pool in one line of `status`; `None` when the book knows none and none is filled.
#[must_use]
pub fn status_line(ctx: &Context, world: &World, moment: &Moment) -> Option<String> {
    let size = world.pooled().count();
    if size == 0 && world.book().pool.is_none() {
        return None;
    }
    let coming = coming(world, moment);
    Some(format!(
        "{}: {size} · {}",
        ctx.say("pool", "线索池"),
        forecast_words(ctx.lang, FORECAST_MINUTES, coming)
    ))
}

/// The pool in `status --json`.
#[must_use]
pub fn status_json(world: &World, moment: &Moment) -> Value {
    json!({"leads": world.pooled().count(), "recalls_next_60_minutes": coming(world, moment)})
}

fn coming(world: &World, moment: &Moment) -> usize {
    pool::forecast(world, moment.now.plus(i64::from(FORECAST_MINUTES) * MINUTE_MS)).count()
}
