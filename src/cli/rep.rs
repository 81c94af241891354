//! `rep …`: the roster as commands.

use smol_str::SmolStr;

use super::args::{RepCommand, RepFields, TheirLeads};
use super::context::{CliError, Context, Done, clock};
use crate::desk::DeskHandle;
use crate::engine::{Intent, Theirs};
use crate::intake::amount::thousandths;
use crate::intake::dates::from_local;
use crate::model::contact::clean_text;
use crate::model::id::RepId;
use crate::model::rep::{Leave, RepCard};
use crate::model::time::{DayNo, Millis};
use crate::world::{Moment, World};

/// Runs a `rep` command.
///
/// # Errors
/// See [`CliError`].
pub fn rep(ctx: &Context, command: &RepCommand) -> Done {
    if let RepCommand::List = command {
        return list(ctx);
    }
    let desk = ctx.desk(matches!(command, RepCommand::Add { .. }))?;
    let handle = desk.handle();
    let world = handle.snapshot().map_err(|d| ctx.denied(d, None))?;
    let (intent, what) = intent(ctx, &world, command)?;
    let outcome = ctx.run(handle, intent)?;
    let after = handle.snapshot().map_err(|d| ctx.denied(d, None))?;
    ctx.report(&outcome, &after, what);
    print_rep(ctx, handle, &after, named(command))
}

fn named(command: &RepCommand) -> Option<&str> {
    match command {
        RepCommand::Add { login, .. } => Some(login),
        RepCommand::Edit { rep, .. }
        | RepCommand::Leave { rep, .. }
        | RepCommand::Duty { rep, .. }
        | RepCommand::Deactivate { rep, .. }
        | RepCommand::Reactivate { rep } => Some(rep),
        RepCommand::List => None,
    }
}

fn intent(ctx: &Context, world: &World, command: &RepCommand) -> Done<(Intent, &'static str)> {
    let zh = ctx.lang == crate::model::lang::Lang::Zh;
    let word = |en: &'static str, cn: &'static str| if zh { cn } else { en };
    Ok(match command {
        RepCommand::Add { login, fields } => {
            let card = apply(ctx, RepCard::new(login, login), fields)?;
            (Intent::AddReps { cards: vec![card] }, word("rep added", "已新增销售"))
        }
        RepCommand::Edit { rep, fields } => {
            let rep = ctx.rep_id(world, rep)?;
            let card = world.rep(rep).map_or_else(|| RepCard::new("", ""), |r| r.card.clone());
            (Intent::EditRep { rep, card: apply(ctx, card, fields)? }, word("rep changed", "已修改销售"))
        }
        RepCommand::Leave { rep, from, to, reason } => {
            let rep = ctx.rep_id(world, rep)?;
            (leave(ctx, world, rep, from, to.as_deref(), reason)?, word("leave set", "已设置请假"))
        }
        RepCommand::Duty { rep, state } => {
            let on = match state.as_str() {
                "on" | "在岗" => true,
                "off" | "离岗" => false,
                other => return Err(CliError::Usage(format!("{other}: on / off"))),
            };
            (Intent::Duty { rep: ctx.rep_id(world, rep)?, on }, word("duty set", "已更新在岗状态"))
        }
        RepCommand::Deactivate { rep, their_leads, to, no_turn } => {
            let theirs = match (to, their_leads) {
                (Some(heir), _) => Theirs::To { rep: ctx.rep_id(world, heir)?, uses_turn: !no_turn },
                (None, Some(TheirLeads::Spread)) => Theirs::Spread,
                (None, Some(TheirLeads::Keep)) => Theirs::Keep,
                (None, Some(TheirLeads::Park)) => Theirs::Park,
                // clap asks for one of the two.
                (None, None) => return Err(CliError::Usage("--their-leads / --to".to_owned())),
            };
            (Intent::Deactivate { rep: ctx.rep_id(world, rep)?, theirs }, word("deactivated", "已停用"))
        }
        RepCommand::Reactivate { rep } => {
            (Intent::Reactivate { rep: ctx.rep_id(world, rep)? }, word("reactivated", "已启用"))
        }
        RepCommand::List => return Err(CliError::Usage(String::new())),
    })
}

fn cap(ctx: &Context, text: &str) -> Done<Option<u32>> {
    if matches!(text, "none" | "无") {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        CliError::Usage(format!(
            "{text}: {}",
            ctx.say("a cap is a whole number or none", "上限应为整数或 none")
        ))
    })
}

fn started(ctx: &Context, text: &str) -> Done<Option<DayNo>> {
    if matches!(text, "none" | "无") {
        return Ok(None);
    }
    crate::intake::roster::day_of(text).map(Some).ok_or_else(|| {
        CliError::Usage(format!(
            "--started {text}: {}",
            ctx.say("write 2026-11-23 or none", "请写作 2026-11-23 或 none")
        ))
    })
}

fn apply(ctx: &Context, mut card: RepCard, fields: &RepFields) -> Done<RepCard> {
    if let Some(name) = &fields.name {
        card.name = clean_text(name).into();
    }
    if !fields.teams.is_empty() {
        card.teams = fields.teams.iter().map(|t| SmolStr::from(clean_text(t))).collect();
    }
    if !fields.skills.is_empty() {
        card.skills = fields.skills.iter().map(|t| SmolStr::from(clean_text(t))).collect();
    }
    if let Some(text) = &fields.weight {
        let weight = thousandths(text).and_then(|m| u32::try_from(m).ok()).filter(|m| *m > 0);
        card.weight_milli = weight.ok_or_else(|| {
            CliError::Usage(format!(
                "--weight {text}: {}",
                ctx.say("a positive number such as 0.5", "应为正数，如 0.5")
            ))
        })?;
    }
    if let Some(text) = &fields.cap {
        card.cap_open = cap(ctx, text)?;
    }
    if let Some(text) = &fields.day_cap {
        card.cap_day = cap(ctx, text)?;
    }
    if let Some(text) = &fields.started {
        card.started = started(ctx, text)?;
    }
    Ok(card.tidy())
}

/// Reads `2026-11-23`, `2026-11-23 13:00` or RFC 3339; a bare date at `end` means the end of that day.
///
/// # Errors
/// When it is none of these.
pub fn moment(ctx: &Context, text: &str, zone: chrono_tz::Tz, end: bool) -> Done<Millis> {
    if let Ok(t) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(Millis(t.timestamp_millis()));
    }
    let text = text.replace('T', " ");
    for format in ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"] {
        if let Ok(local) = chrono::NaiveDateTime::parse_from_str(&text, format) {
            return Ok(from_local(local, zone));
        }
    }
    if let Ok(day) = chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        let day = if end { day.succ_opt().unwrap_or(day) } else { day };
        return Ok(from_local(day.and_time(chrono::NaiveTime::MIN), zone));
    }
    let help =
        ctx.say("write 2026-11-23 or \"2026-11-23 13:00\"", "请写作 2026-11-23 或 \"2026-11-23 13:00\"");
    Err(CliError::Usage(format!("{text}: {help}")))
}

fn leave(
    ctx: &Context,
    world: &World,
    rep: RepId,
    from: &str,
    to: Option<&str>,
    reason: &str,
) -> Done<Intent> {
    if matches!(from, "cancel" | "取消") {
        return Ok(Intent::SetLeaves { rep, leaves: Vec::new() });
    }
    let zone = world.book().zone;
    let start = moment(ctx, from, zone, false)?;
    let end = moment(ctx, to.unwrap_or(from), zone, true)?;
    let mut leaves = world.rep(rep).map_or_else(Vec::new, |r| r.leaves.clone());
    leaves.push(Leave { from: start, to: end, reason: clean_text(reason).into() });
    Ok(Intent::SetLeaves { rep, leaves })
}

fn print_rep(ctx: &Context, handle: &DeskHandle, world: &World, name: Option<&str>) -> Done {
    if ctx.json {
        return Ok(());
    }
    if let Some(rep) = name.and_then(|n| world.rep_named(n)) {
        let moment = Moment::at(world.book().zone, handle.clock().now());
        println!("  {}", line(ctx, rep, &moment));
    }
    Ok(())
}

/// Whether a rep can take leads now, in a word.
#[must_use]
pub fn presence(ctx: &Context, rep: &crate::world::RepState, moment: &Moment) -> String {
    if !rep.active {
        return ctx.say("inactive", "已停用").into();
    }
    match rep.leave_at(moment.now) {
        Some(leave) => format!("{} {}", ctx.say("on leave until", "请假至"), clock(leave.to, moment.zone)),
        None if rep.duty => ctx.say("on duty", "在岗").into(),
        None => ctx.say("off duty", "离岗").into(),
    }
}

fn line(ctx: &Context, rep: &crate::world::RepState, moment: &Moment) -> String {
    let cap = rep.card.cap_open.map_or_else(|| "–".to_owned(), |c| c.to_string());
    let today = rep.ledger.placements_on(moment.day);
    let day_cap = rep.card.cap_day.map_or_else(String::new, |c| format!("/{c}"));
    format!(
        "{} ({}) [{}]  {} {}/{cap}  {} {today}{day_cap}  {}",
        rep.card.name,
        rep.card.login,
        rep.card.teams.join(", "),
        ctx.say("load", "负载"),
        rep.load,
        ctx.say("today", "今日"),
        presence(ctx, rep, moment)
    )
}

/// A rep as JSON.
#[must_use]
pub fn json(rep: &crate::world::RepState, moment: &Moment) -> serde_json::Value {
    serde_json::json!({
        "id": rep.id.0, "login": rep.card.login, "name": rep.card.name, "teams": rep.card.teams,
        "skills": rep.card.skills, "weight": rep.card.weight_milli, "cap": rep.card.cap_open,
        "day_cap": rep.card.cap_day, "active": rep.active, "duty": rep.duty,
        "on_leave": rep.leave_at(moment.now).is_some(), "load": rep.load,
        "today": rep.ledger.placements_on(moment.day),
        "ledger_milli": rep.ledger_sum(None, moment.day),
        "started": rep.card.started.map(|d| d.to_date_text()),
        "claimed_today": rep.ledger.claims_on(moment.day),
    })
}

fn list(ctx: &Context) -> Done {
    let world = ctx.read()?.load_world(&mut |_, _| {})?;
    let moment = Moment::at(world.book().zone, crate::desk::Clock::Machine.now());
    if ctx.json {
        let reps: Vec<_> = world.reps().iter().map(|r| json(r, &moment)).collect();
        println!("{}", serde_json::Value::from(reps));
        return Ok(());
    }
    for rep in world.reps() {
        println!("{}", line(ctx, rep, &moment));
    }
    Ok(())
}
