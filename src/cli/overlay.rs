//! What lies over the rule book, as commands: `divert`.

use serde_json::{Value, json};

use super::args::DivertCommand;
use super::context::{CliError, Context, Done};
use crate::desk::Clock;
use crate::engine::{DivertWish, Intent, words};
use crate::model::id::DivertId;
use crate::model::overlay::{Divert, DivertBy, DivertTo};
use crate::model::time::Millis;
use crate::world::World;

/// Carries out a `divert` command.
///
/// # Errors
/// See [`CliError`].
pub fn divert(ctx: &Context, command: &DivertCommand) -> Done {
    match command {
        DivertCommand::List => {
            let world = ctx.read()?.load_world(&mut |_, _| {})?;
            list(ctx, &world, Clock::Machine.now());
            Ok(())
        }
        DivertCommand::Add { scope, teams, reps, by, until, reason } => {
            let desk = ctx.desk(false)?;
            let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
            let by = DivertBy::from_word(by).ok_or_else(|| {
                CliError::Usage(format!("--by {by}: fair, round-robin, least-loaded, weighted"))
            })?;
            let mut to: Vec<DivertTo> = teams.iter().map(|t| DivertTo::Team(t.as_str().into())).collect();
            for rep in reps {
                to.push(DivertTo::Rep(ctx.rep_id(&world, rep)?));
            }
            if to.is_empty() {
                let help = ctx.say("say who gets them: --team or --to", "请用 --team 或 --to 指定分给谁");
                return Err(CliError::Usage(help.to_owned()));
            }
            let until = until_of(ctx, &world, until)?;
            let wish =
                DivertWish { scope: scope.as_str().into(), to, by, until, reason: reason.as_str().into() };
            let outcome = ctx.run(desk.handle(), Intent::SetDivert(wish))?;
            let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
            let set = world.diverts().last().map_or_else(String::new, |d| line(ctx, &world, &d.divert));
            ctx.report(&outcome, &world, &set);
            Ok(())
        }
        DivertCommand::End { divert } => {
            let divert: DivertId = divert.parse().map_err(|_| {
                CliError::Usage(format!("{divert}: {}", ctx.say("a divert is written D3", "改道编号写作 D3")))
            })?;
            let desk = ctx.desk(false)?;
            let outcome = ctx.run(desk.handle(), Intent::EndDivert { divert })?;
            let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
            ctx.report(&outcome, &world, &format!("{divert} {}", ctx.say("ended", "已结束")));
            Ok(())
        }
    }
}

/// Reads an end: a moment, or a length from now such as `2h`.
///
/// # Errors
/// When it is neither.
pub fn until_of(ctx: &Context, world: &World, text: &str) -> Done<Millis> {
    match crate::rulebook::duration_ms(text) {
        Some(ms) => Ok(Clock::Machine.now().plus(ms)),
        None => super::rep::moment(ctx, text, world.book().zone, true),
    }
}

fn line(ctx: &Context, world: &World, divert: &Divert) -> String {
    format!("{} {}", divert.id, words::divert(world, divert, ctx.lang))
}

fn list(ctx: &Context, world: &World, now: Millis) {
    if ctx.json {
        println!("{}", diverts_json(world, now));
        return;
    }
    for state in world.diverts_at(now) {
        println!("{}", line(ctx, world, &state.divert));
    }
}

/// The diverts in force, the newest first, as JSON.
#[must_use]
pub fn diverts_json(world: &World, now: Millis) -> Value {
    let one = |d: &Divert| {
        let teams: Vec<&str> =
            d.to.iter()
                .filter_map(|t| if let DivertTo::Team(team) = t { Some(team.as_str()) } else { None })
                .collect();
        let rep = |t: &DivertTo| match t {
            DivertTo::Rep(id) => world.rep(*id).map(|r| r.card.login.to_string()),
            DivertTo::Team(_) => None,
        };
        json!({"id": d.id.0, "where": d.scope, "teams": teams,
            "reps": d.to.iter().filter_map(rep).collect::<Vec<_>>(), "by": d.by.word(),
            "until": d.until.to_rfc3339(), "reason": d.reason, "set_by": d.set_by,
            "set_at": d.set_at.to_rfc3339()})
    };
    world.diverts_at(now).map(|s| one(&s.divert)).collect::<Vec<_>>().into()
}

/// A line for each overlay in force, for `status`.
#[must_use]
pub fn lines(ctx: &Context, world: &World, now: Millis) -> Vec<String> {
    let title = ctx.say("divert", "临时改道");
    world.diverts_at(now).map(|s| format!("{title} {}", line(ctx, world, &s.divert))).collect()
}
