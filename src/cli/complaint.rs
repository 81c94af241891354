//! `complain` and `complaint …`: disputing where a lead went, and ruling on it.

use clap::Subcommand;
use serde_json::{Value, json};

use super::context::{CliError, Context, Done, clock};
use crate::engine::{Intent, words};
use crate::model::complaint::Complaint;
use crate::model::id::ComplaintId;
use crate::world::World;

#[derive(Debug, Subcommand)]
pub enum ComplaintCommand {
    /// Complaints nobody has ruled on, the oldest first
    List {
        /// Those that were ruled on too
        #[arg(long)]
        all: bool,
    },
    /// It is right: the lead is moved
    Uphold {
        /// C3
        complaint: String,
        /// Who gets the lead, by login or name; nobody = the engine decides anew, not for whoever has it
        #[arg(long, value_name = "REP")]
        to: Option<String>,
        #[arg(long)]
        why: String,
    },
    /// It is not: the lead stays where it is
    Reject {
        /// C3
        complaint: String,
        #[arg(long)]
        why: String,
    },
}

/// Makes a complaint.
///
/// # Errors
/// See [`CliError`].
pub fn complain(ctx: &Context, lead: &str, why: &str) -> Done {
    let lead = ctx.lead_id(lead)?;
    let desk = ctx.desk(false)?;
    let outcome = ctx.run(desk.handle(), Intent::Complain { lead, why: why.into() })?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let made = world.complaints_of(lead).last().map_or_else(String::new, |c| c.id.to_string());
    ctx.report(&outcome, &world, &format!("{} {made}", ctx.say("complaint", "申诉")));
    Ok(())
}

/// Runs a `complaint` command.
///
/// # Errors
/// See [`CliError`].
pub fn complaint(ctx: &Context, command: &ComplaintCommand) -> Done {
    let (text, to, why, upheld) = match command {
        ComplaintCommand::List { all } => return list(ctx, *all),
        ComplaintCommand::Uphold { complaint, to, why } => (complaint, to.as_deref(), why, true),
        ComplaintCommand::Reject { complaint, why } => (complaint, None, why, false),
    };
    let complaint: ComplaintId = text.parse().map_err(|_| {
        CliError::Usage(format!(
            "{text}: {}",
            ctx.say("a complaint is written C3 or 3", "申诉编号写作 C3 或 3")
        ))
    })?;
    let desk = ctx.desk(false)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let to = to.map(|name| ctx.rep_id(&world, name)).transpose()?;
    let intent = Intent::RuleOn { complaint, upheld, to, reason: why.as_str().into() };
    let outcome = ctx.run(desk.handle(), intent)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let what = if upheld { ctx.say("upheld", "申诉成立") } else { ctx.say("rejected", "申诉驳回") };
    ctx.report(&outcome, &world, &format!("{complaint} {what}"));
    Ok(())
}

fn list(ctx: &Context, all: bool) -> Done {
    let world = ctx.read()?.load_world(&mut |_, _| {})?;
    let told: Vec<&Complaint> = world.complaints().filter(|c| all || c.ruling.is_none()).collect();
    if ctx.json {
        let rows: Vec<Value> = told.iter().map(|complaint| as_json(&world, complaint)).collect();
        println!("{}", Value::from(rows));
        return Ok(());
    }
    let zone = world.book().zone;
    for complaint in told {
        println!("{} · {}", clock(complaint.at, zone), super::show::one_line(ctx, &world, complaint.lead));
        for line in words::complaint::complaint(&world, complaint, ctx.lang) {
            println!("  {line}");
        }
    }
    Ok(())
}

/// One complaint for scripts.
pub(super) fn as_json(world: &World, complaint: &Complaint) -> Value {
    let name = |rep| words::rep_name(world, rep);
    json!({
        "complaint": complaint.id.0, "lead": complaint.lead.0, "by": complaint.by.as_str(),
        "at": complaint.at.to_rfc3339(), "owner": complaint.owner.map(name), "why": complaint.why.as_str(),
        "about": complaint.about.0,
        "ruling": complaint.ruling.as_ref().map(|ruling| json!({
            "by": ruling.by.as_str(), "at": ruling.at.to_rfc3339(), "upheld": ruling.upheld,
            "reason": ruling.reason.as_str(), "to": ruling.to.map(name),
        })),
    })
}
