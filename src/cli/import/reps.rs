//! `import reps`: a roster. Who is known and unchanged is passed by; what the file says differently is edited; what it does
//! not say stays.

use std::path::Path;

use serde_json::json;
use smol_str::SmolStr;

use super::super::args::MappingArgs;
use super::super::context::{CliError, Context, Done};
use super::check::{Rejects, refused};
use super::reading::{shown, unreadable};
use crate::engine::Intent;
use crate::engine::intent::LEADS_MAX;
use crate::intake::roster::{self, RepDraft, Roster};
use crate::intake::source::Reading;
use crate::model::id::RepId;
use crate::model::lang::Lang;
use crate::model::rep::RepCard;
use crate::world::World;

/// What a roster comes to on this desk.
#[derive(Debug, Default)]
struct Plan {
    add: Vec<RepCard>,
    edit: Vec<(RepId, RepCard)>,
    same: usize,
    /// Inactive in the file and not here.
    left_out: usize,
    /// Inactive in the file, active here: leaving is a decision about their leads, so a person takes it.
    to_deactivate: Vec<SmolStr>,
}

/// Imports a roster.
///
/// # Errors
/// See [`CliError`].
pub fn reps(ctx: &Context, file: &Path, cap: Option<u32>, mapping: &MappingArgs) -> Done {
    let reading =
        Reading { encoding: mapping.encoding.as_deref(), delimiter: None, sheet: mapping.sheet.as_deref() };
    let roster = roster::read(file, &reading, &mapping.map).map_err(|e| unreadable(ctx, &e))?;
    refuse_bad_rows(ctx, file, &roster)?;
    let desk = ctx.desk(true)?;
    let handle = desk.handle();
    let world = handle.snapshot().map_err(|d| ctx.denied(d, None))?;
    let plan = plan(&world, &roster.reps, cap);
    drop(world);
    for cards in plan.add.chunks(LEADS_MAX) {
        ctx.run(handle, Intent::AddReps { cards: cards.to_vec() })?;
    }
    for (rep, card) in &plan.edit {
        ctx.run(handle, Intent::EditRep { rep: *rep, card: card.clone() })?;
    }
    tell(ctx, &plan);
    Ok(())
}

/// Nothing is changed when a row is bad: a roster is small enough to be mended first.
fn refuse_bad_rows(ctx: &Context, file: &Path, roster: &Roster) -> Done {
    if !roster.rejected.is_empty() {
        let mut rejects = Rejects::new(ctx, file, &roster.headers, true);
        roster.rejected.iter().for_each(|r| rejects.push(r));
        let rows = (roster.reps.len() + roster.rejected.len()) as u64;
        return Err(refused(ctx, file, &mut rejects, rows));
    }
    let spaced = roster.reps.iter().find(|r| r.login.chars().any(char::is_whitespace));
    if let Some(rep) = spaced {
        let (name, line, login) = (shown(file), rep.line, &rep.login);
        return Err(CliError::Input(match ctx.lang {
            Lang::En => format!(
                "{name}, line {line}: the login {login:?} holds spaces; nobody was added. Write it without, or map another column with --map \"Column=login\"."
            ),
            Lang::Zh => format!(
                "{name}，第 {line} 行：登录名 {login:?} 含空格，未添加任何人。请去掉空格，或用 --map \"列名=login\" 指定其他列。"
            ),
        }));
    }
    Ok(())
}

fn plan(world: &World, reps: &[RepDraft], cap: Option<u32>) -> Plan {
    let mut plan = Plan::default();
    for draft in reps {
        let known = world.reps().iter().find(|r| r.card.login.eq_ignore_ascii_case(&draft.login));
        match (known, draft.active) {
            (None, false) => plan.left_out += 1,
            (None, true) => {
                let card = RepCard { cap_open: cap, ..RepCard::new(&draft.login, &draft.name) };
                plan.add.push(laid(card, draft));
            }
            (Some(rep), active) => {
                if !active && rep.active {
                    plan.to_deactivate.push(rep.card.login.clone());
                }
                let mut card = rep.card.clone();
                card.cap_open = card.cap_open.or(cap);
                let card = laid(card, draft);
                if card == rep.card { plan.same += 1 } else { plan.edit.push((rep.id, card)) }
            }
        }
    }
    plan
}

/// The card with what the file says laid over it.
fn laid(mut card: RepCard, draft: &RepDraft) -> RepCard {
    if !(draft.name.is_empty() || draft.name == draft.login) {
        card.name = draft.name.as_str().into();
    }
    let list = |texts: &[String]| texts.iter().map(SmolStr::from).collect::<Vec<_>>();
    if !draft.teams.is_empty() {
        card.teams = list(&draft.teams);
    }
    if !draft.skills.is_empty() {
        card.skills = list(&draft.skills);
    }
    card.cap_open = draft.cap.or(card.cap_open);
    card.cap_day = draft.day_cap.or(card.cap_day);
    card.started = draft.started.or(card.started);
    card.weight_milli = draft.weight_milli.unwrap_or(card.weight_milli);
    card.tidy()
}

fn tell(ctx: &Context, plan: &Plan) {
    let Plan { add, edit, same, left_out, to_deactivate } = plan;
    let (add, edit) = (add.len(), edit.len());
    if ctx.json {
        println!(
            "{}",
            json!({"added": add, "changed": edit, "same": same, "inactive": left_out, "to_deactivate": to_deactivate})
        );
        return;
    }
    match ctx.lang {
        Lang::En => {
            println!("added {add} · changed {edit} · as before {same} · inactive, not added {left_out}")
        }
        Lang::Zh => println!("新增 {add} · 更新 {edit} · 未变 {same} · 已离职未添加 {left_out}"),
    }
    if !to_deactivate.is_empty() {
        let names = to_deactivate.join(", ");
        match ctx.lang {
            Lang::En => println!(
                "inactive in the file, active here: {names}; say what becomes of their leads with `rep deactivate`"
            ),
            Lang::Zh => println!("文件中已离职、此处仍在职：{names}；请用 rep deactivate 说明其线索去向"),
        }
    }
}
