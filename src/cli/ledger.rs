//! `ledger …`: a rep's page of the fairness ledger, open to everyone, and a supervisor's adjustments.

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use smol_str::SmolStr;

use super::context::{CliError, Context, Done, clock};
use crate::engine::{Intent, words};
use crate::intake::amount::thousandths;
use crate::model::event::LedgerReason;
use crate::model::lang::Lang;
use crate::report::ledger::{LedgerPage, LedgerScope, ledger_page};
use crate::world::roster::LedgerNote;
use crate::world::{Moment, World};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct LedgerArgs {
    /// Login or name [default: your own]
    pub rep: Option<String>,
    #[command(subcommand)]
    pub command: Option<LedgerCommand>,
}

#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Add turns to a rep's ledger or take some away: with more turns than the others one is served after them
    Adjust {
        rep: String,
        /// Turns, e.g. +2 or -0.5; at most 20 at once
        #[arg(allow_hyphen_values = true)]
        turns: String,
        #[arg(long)]
        reason: String,
        /// The ledger within this team instead of the whole desk's
        #[arg(long)]
        team: Option<String>,
    },
}

/// Runs a `ledger` command.
///
/// # Errors
/// See [`CliError`].
pub fn ledger(ctx: &Context, args: &LedgerArgs) -> Done {
    match &args.command {
        Some(LedgerCommand::Adjust { rep, turns, reason, team }) => {
            adjust(ctx, rep, turns, reason, team.as_deref())
        }
        None => show(ctx, args.rep.as_deref()),
    }
}

fn adjust(ctx: &Context, rep: &str, turns: &str, reason: &str, team: Option<&str>) -> Done {
    let plain = turns.trim().trim_start_matches(['+', '＋']);
    let milli = thousandths(plain).ok_or_else(|| {
        CliError::Usage(format!("{turns}: {}", ctx.say("turns look like +2 or -0.5", "轮次写作 +2 或 -0.5")))
    })?;
    let desk = ctx.desk(false)?;
    let handle = desk.handle();
    let world = handle.snapshot().map_err(|d| ctx.denied(d, None))?;
    let rep = ctx.rep_id(&world, rep)?;
    let team = team.map(SmolStr::new);
    let outcome = ctx.run(handle, Intent::AdjustLedger { rep, team, milli, reason: reason.into() })?;
    let after = handle.snapshot().map_err(|d| ctx.denied(d, None))?;
    let what = format!("{} {}", words::rep_name(&after, rep), signed(milli));
    ctx.report(&outcome, &after, &what);
    Ok(())
}

fn show(ctx: &Context, rep: Option<&str>) -> Done {
    let world = ctx.read()?.load_world(&mut |_, _| {})?;
    let moment = Moment::at(world.book().zone, crate::desk::Clock::Machine.now());
    let id = ctx.rep_id(&world, rep.unwrap_or(&ctx.actor.name))?;
    let Some(rep) = world.rep(id) else { return Ok(()) };
    let page = ledger_page(&world, rep, &moment);
    if ctx.json {
        println!("{}", page_json(ctx, &world, &page));
        return Ok(());
    }
    println!("{} ({})", rep.card.name, rep.card.login);
    if let Some((week, share)) = page.ramp {
        let share = words::milli(i64::from(share) * 100);
        println!(
            "  {}",
            match ctx.lang {
                Lang::En => format!("new hire, week {week} of the ramp: {share} %"),
                Lang::Zh => format!("新人爬坡第 {week} 周：{share} %"),
            }
        );
    }
    println!("  {} {}", ctx.say("weight", "权重"), words::milli(i64::from(page.weight_milli)));
    for scope in &page.scopes {
        print_scope(ctx, &world, scope);
    }
    Ok(())
}

fn signed(milli: i64) -> String {
    if milli > 0 { format!("+{}", words::milli(milli)) } else { words::milli(milli) }
}

fn print_scope(ctx: &Context, world: &World, scope: &LedgerScope) {
    let name = scope.team.as_deref().unwrap_or(ctx.say("whole desk", "全部"));
    let mean = scope.mean_milli.map_or_else(|| "–".to_owned(), words::milli);
    let next = scope.next.map_or_else(|| "–".to_owned(), |rep| words::rep_name(world, rep));
    println!(
        "{name}: {} {} · {} {mean} ({}) · {} {next}",
        words::milli(scope.sum_milli),
        ctx.say("turns in 28 days", "轮（28 天）"),
        ctx.say("mean of the others", "其他人平均"),
        scope.others,
        ctx.say("next in turn", "下一位"),
    );
    for day in &scope.days {
        println!(
            "  {}  {:>8} {}  {:>8} {}",
            day.day.to_date_text(),
            words::milli(day.turns_milli),
            ctx.say("turns", "轮"),
            signed(day.entries_milli),
            ctx.say("entries", "补记"),
        );
    }
    for note in &scope.notes {
        println!("  {}", note_text(ctx, note, world.book().zone));
    }
}

fn note_text(ctx: &Context, note: &LedgerNote, zone: chrono_tz::Tz) -> String {
    let days = if note.from == note.to {
        note.to.to_date_text()
    } else {
        format!("{} .. {}", note.from.to_date_text(), note.to.to_date_text())
    };
    let since = match &note.reason {
        LedgerReason::ReEntry { away_since } => {
            format!(" ({} {})", ctx.say("away since", "离开于"), clock(*away_since, zone))
        }
        LedgerReason::Newcomer | LedgerReason::Adjustment(_) => String::new(),
    };
    format!(
        "{days}  {:>8}  {}{since} · {} {}",
        signed(note.milli),
        words::ledger_reason(&note.reason, ctx.lang),
        note.by,
        clock(note.at, zone)
    )
}

fn page_json(ctx: &Context, world: &World, page: &LedgerPage) -> Value {
    let login = |rep| world.rep(rep).map(|r| r.card.login.to_string());
    let scopes: Vec<Value> = page
        .scopes
        .iter()
        .map(|s| {
            json!({
                "team": s.team.as_deref(), "sum_milli": s.sum_milli, "mean_of_others_milli": s.mean_milli,
                "others": s.others, "next": s.next.and_then(login),
                "days": s.days.iter().map(|d| json!({"day": d.day.to_date_text(), "turns_milli": d.turns_milli,
                    "entries_milli": d.entries_milli, "placements": d.placements})).collect::<Vec<_>>(),
                "entries": s.notes.iter().map(|n| note_json(ctx, n)).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "rep": login(page.rep), "weight_milli": page.weight_milli,
        "ramp": page.ramp.map(|(week, share)| json!({"week": week, "share_milli": share})),
        "scopes": scopes,
    })
}

fn note_json(ctx: &Context, note: &LedgerNote) -> Value {
    let (kind, away_since) = match &note.reason {
        LedgerReason::Newcomer => ("newcomer", None),
        LedgerReason::ReEntry { away_since } => ("re-entry", Some(away_since.to_rfc3339())),
        LedgerReason::Adjustment(_) => ("adjustment", None),
    };
    json!({
        "kind": kind, "why": words::ledger_reason(&note.reason, ctx.lang), "away_since": away_since,
        "milli": note.milli, "by": note.by.to_string(), "at": note.at.to_rfc3339(), "batch": note.batch.0,
        "from": note.from.to_date_text(), "to": note.to.to_date_text(),
    })
}
