//! `lead …`: manual work as commands, the same intents as the console's keys.

use smol_str::SmolStr;

use super::args::LeadCommand;
use super::context::{CliError, Context, Done};
use super::{lead_entry, show};
use crate::engine::{Intent, Progress, To};
use crate::model::lead::LeadState;
use crate::model::time::SECOND_MS;

/// Runs a `lead` command.
///
/// # Errors
/// See [`CliError`].
pub fn lead(ctx: &Context, command: &LeadCommand) -> Done {
    match command {
        LeadCommand::Add { fields, external_id, system } => {
            lead_entry::add(ctx, fields, external_id.as_deref(), system)
        }
        LeadCommand::Edit { lead, fields } => lead_entry::edit(ctx, lead, fields),
        LeadCommand::Show { lead, unmask } => show_one(ctx, lead, *unmask),
        LeadCommand::List { state, filter, limit } => {
            let store = ctx.read()?;
            let world = store.load_world(&mut |_, _| {})?;
            show::list(ctx, &store, &world, state.as_deref(), filter.as_deref(), *limit)
        }
        manual => work(ctx, manual),
    }
}

fn show_one(ctx: &Context, lead: &str, unmask: bool) -> Done {
    let lead = ctx.lead_id(lead)?;
    if unmask {
        let desk = ctx.desk(false)?;
        ctx.run(desk.handle(), Intent::Unmask { lead })?;
    }
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    show::show(ctx, &store, &world, lead, unmask)
}

/// Carries out one manual command and prints what it did.
fn work(ctx: &Context, command: &LeadCommand) -> Done {
    let desk = ctx.desk(false)?;
    let handle = desk.handle();
    let (intent, what) = match command {
        LeadCommand::Assign { leads, to, team, reason, force, no_turn } => {
            let leads = ctx.lead_ids(leads)?;
            let to = match (to, team) {
                (Some(rep), None) => {
                    let world = handle.snapshot().map_err(|d| ctx.denied(d, None))?;
                    To::Rep(ctx.rep_id(&world, rep)?)
                }
                (None, Some(team)) => To::Team(team.as_str().into()),
                _ => {
                    return Err(CliError::Usage(
                        ctx.say("name --to REP or --team TEAM", "请用 --to 或 --team").into(),
                    ));
                }
            };
            let reason = SmolStr::new(reason);
            (
                Intent::Place { leads, to, reason, force: *force, turn: !no_turn },
                ctx.say("assigned", "已分配"),
            )
        }
        LeadCommand::Recall { leads, reason } => {
            let intent = Intent::Recall { leads: ctx.lead_ids(leads)?, reason: reason.as_str().into() };
            (intent, ctx.say("recalled", "已回收"))
        }
        LeadCommand::Return { leads, reason } => {
            let intent = Intent::Return { leads: ctx.lead_ids(leads)?, reason: reason.as_str().into() };
            (intent, ctx.say("given back", "已退回"))
        }
        LeadCommand::Park { leads, reason } => {
            let intent = Intent::Park { leads: ctx.lead_ids(leads)?, reason: reason.as_str().into() };
            (intent, ctx.say("parked", "已转待人工"))
        }
        LeadCommand::Free { leads } => {
            (Intent::Free { leads: ctx.lead_ids(leads)? }, ctx.say("back to the engine", "已交还引擎"))
        }
        LeadCommand::Merge { leads, into } => {
            let intent = Intent::Merge { into: ctx.lead_id(into)?, leads: ctx.lead_ids(leads)? };
            (intent, ctx.say("merged", "已合并"))
        }
        LeadCommand::Unmerge { leads } => {
            (Intent::Unmerge { leads: ctx.lead_ids(leads)? }, ctx.say("unmerged", "已取消合并"))
        }
        LeadCommand::Hold { leads, seconds } => {
            let until = handle.clock().now().plus(i64::from(*seconds) * SECOND_MS);
            (Intent::Hold { leads: ctx.lead_ids(leads)?, until }, ctx.say("held", "已暂占"))
        }
        LeadCommand::Release { leads } => {
            (Intent::Release { leads: ctx.lead_ids(leads)? }, ctx.say("hold ended", "已解除暂占"))
        }
        LeadCommand::Mark { state, leads, note } => {
            let to = LeadState::from_word(state).ok_or_else(|| {
                let known = "contacted, qualified, won, lost, invalid";
                CliError::Usage(format!("{state}: {} {known}", ctx.say("there are", "可用状态：")))
            })?;
            let items = ctx
                .lead_ids(leads)?
                .into_iter()
                .map(|lead| Progress { lead, to, happened_at: None })
                .collect();
            (Intent::Progress { items, note: note.as_str().into() }, ctx.say("marked", "已标记"))
        }
        LeadCommand::Add { .. }
        | LeadCommand::Edit { .. }
        | LeadCommand::Show { .. }
        | LeadCommand::List { .. } => {
            return Ok(());
        }
    };
    let outcome = ctx.run(handle, intent)?;
    let world = handle.snapshot().map_err(|d| ctx.denied(d, None))?;
    ctx.report(&outcome, &world, what);
    Ok(())
}
