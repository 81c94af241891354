//! Commands about the whole desk: `undo`, `batches`, `status`, `role`, `why`.

use super::context::{CliError, Context, Done, clock};
use crate::desk::Clock;
use crate::engine::{Intent, Refusal, timers, words};
use crate::model::actor::Role;
use crate::model::event::Body;
use crate::model::id::BatchId;
use crate::model::lang::Lang;
use crate::model::lead::LeadState;
use crate::model::respond::TimerNote;
use crate::model::why::Explanation;
use crate::world::{Moment, World};

/// Batches listed at once.
const BATCHES_MAX: usize = 500;
/// Events of a lead looked at for its explanation.
const HISTORY_MAX: usize = 500;

/// `undo [BATCH]`: the batch named, or this user's last one that is not undone.
///
/// # Errors
/// See [`CliError`].
pub fn undo(ctx: &Context, batch: Option<&str>) -> Done {
    let desk = ctx.desk(false)?;
    let batch = match batch {
        Some(text) => text.parse().map_err(|_| {
            CliError::Usage(format!("{text}: {}", ctx.say("a batch is written B123", "批次写作 B123")))
        })?,
        None => last_own(ctx)?,
    };
    let outcome = ctx.run(desk.handle(), Intent::Undo { batch })?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let what = match ctx.lang {
        Lang::En => format!("{batch} undone"),
        Lang::Zh => format!("已撤销 {batch}"),
    };
    ctx.report(&outcome, &world, &what);
    Ok(())
}

fn last_own(ctx: &Context) -> Done<BatchId> {
    let rows = ctx.read()?.batches(None, BATCHES_MAX)?;
    let undo = |row: &crate::store::BatchRow| {
        row.verb == Some(crate::model::event::Verb::BatchUndone)
            || row.verb == Some(crate::model::event::Verb::LeadRestored)
    };
    rows.iter()
        .find(|row| row.actor == ctx.actor.name && row.undone.is_none() && !undo(row))
        .map(|row| row.id)
        .ok_or_else(|| CliError::Refused(ctx.refusal(&Refusal::NothingToDo, None)))
}

/// `batches`.
///
/// # Errors
/// The file's.
pub fn batches(ctx: &Context, limit: usize) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let rows = store.batches(None, limit.min(BATCHES_MAX))?;
    if ctx.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|r| {
                serde_json::json!({"batch": r.id.0, "at": r.at.to_rfc3339(), "actor": r.actor.to_string(),
                    "verb": r.verb.map(|v| v.word()), "leads": r.leads, "events": r.events,
                    "undone_by": r.undone.as_ref().map(|(by, _)| by.to_string())})
            })
            .collect();
        println!("{}", serde_json::Value::from(rows));
        return Ok(());
    }
    for row in rows {
        let undone = row.undone.map_or_else(String::new, |(by, at)| {
            format!(" · {} {by} {}", ctx.say("undone by", "撤销人"), clock(at, world.book().zone))
        });
        let verb = row.verb.map_or("?", |v| v.word());
        println!(
            "{:<8} {} {:<12} {verb} · {} {}{undone}",
            row.id.to_string(),
            clock(row.at, world.book().zone),
            row.actor,
            row.leads,
            ctx.say("leads", "条线索")
        );
    }
    Ok(())
}

/// `role USER ROLE`.
///
/// # Errors
/// See [`CliError`].
pub fn role(ctx: &Context, user: &str, word: &str) -> Done {
    let role = match word {
        "none" | "无" => None,
        other => Some(Role::from_word(other).ok_or_else(|| {
            CliError::Usage(format!("{other}: viewer, rep, coordinator, supervisor, admin, none"))
        })?),
    };
    let desk = ctx.desk(true)?;
    let outcome = ctx.run(desk.handle(), Intent::Grant { actor: user.into(), role })?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    ctx.report(&outcome, &world, &format!("{user}: {word}"));
    Ok(())
}

/// `confirm-clock`: ends the alert `clock-suspect`.
///
/// # Errors
/// See [`CliError`]; refused when nobody suspects the clock.
pub fn confirm_clock(ctx: &Context) -> Done {
    let desk = ctx.desk(false)?;
    let outcome = ctx.run(desk.handle(), Intent::ConfirmClock)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    ctx.report(&outcome, &world, ctx.say("the clock is right; timers go on", "时钟无误，计时恢复"));
    Ok(())
}

/// `why LEAD [--not REP]`: from what was stored with the last decision.
///
/// # Errors
/// See [`CliError`].
pub fn why(ctx: &Context, lead: &str, not: Option<&str>) -> Done {
    let lead = ctx.lead_id(lead)?;
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let events = store.lead_history(lead, HISTORY_MAX)?;
    if events.is_empty() {
        return Err(CliError::Refused(ctx.refusal(&Refusal::NoSuchLead { lead }, Some(&world))));
    }
    let rep = not.map(|name| ctx.rep_id(&world, name)).transpose()?;
    let decided = events.iter().filter_map(|e| Some((e, explanation(&e.body)?))).max_by_key(|(e, _)| e.seq);
    let now = Clock::Machine.now();
    let story = timers::story(&world, lead, now);
    if ctx.json {
        let value = serde_json::json!({
            "lead": lead.0,
            "clock": story.as_ref().map(|s| serde_json::json!({
                "rule": s.rule.to_string(), "within_ms": s.within_ms, "worked_ms": s.worked_ms,
                "next_at": s.next.map(|at| at.to_rfc3339()), "escalated": s.escalated,
            })),
            "timers": events.iter().filter_map(|e| {
                let note = timer_note(&e.body)?;
                let said = words::timer_note(note, ctx.lang);
                Some(serde_json::json!({"seq": e.seq.0, "at": e.at.to_rfc3339(), "did": note, "words": said}))
            }).collect::<Vec<_>>(),
            "complaints": world.complaints_of(lead).map(|c| super::complaint::as_json(&world, c)).collect::<Vec<_>>(),
            "seq": decided.map(|(e, _)| e.seq.0),
            "explanation": decided.map(|(_, why)| why),
            "words": decided.map(|(_, why)| match rep {
                Some(rep) => words::why_not(&world, why, rep, ctx.lang),
                None => words::explanation(&world, why, ctx.lang),
            }),
        });
        println!("{value}");
        return Ok(());
    }
    println!("{}", super::show::one_line(ctx, &world, lead));
    for complaint in world.complaints_of(lead) {
        for line in words::complaint::complaint(&world, complaint, ctx.lang) {
            println!("  {line}");
        }
    }
    match decided {
        Some((event, why)) => {
            let lines = match rep {
                Some(rep) => words::why_not(&world, why, rep, ctx.lang),
                None => words::explanation(&world, why, ctx.lang),
            };
            println!("{} {}", event.seq, clock(event.at, world.book().zone));
            for line in lines {
                println!("  {line}");
            }
        }
        None => println!("  {}", ctx.say("the engine never decided this lead", "引擎没有分配过这条线索")),
    }
    if let Some(story) = story.filter(|_| rep.is_none()) {
        let at = story.next.map(|at| clock(at, world.book().zone));
        let owner = world.lead(lead).and_then(|l| l.owner);
        println!("  {}", words::timer_story(&world, owner, &story, at.as_deref(), ctx.lang));
    }
    if rep.is_none() {
        for event in &events {
            println!("{}", super::show::history_line(ctx, &world, event));
        }
    }
    Ok(())
}

fn timer_note(body: &Body) -> Option<&TimerNote> {
    match body {
        Body::LeadRecalled { timer, .. } => timer.as_deref(),
        Body::LeadReminded(note) | Body::LeadEscalated(note) => Some(note),
        _ => None,
    }
}

fn explanation(body: &Body) -> Option<&Explanation> {
    match body {
        Body::LeadAssigned(a) => a.why.as_deref(),
        Body::LeadWaits { why, .. } | Body::LeadParked { why, .. } => why.as_deref(),
        _ => None,
    }
}

/// `status`.
///
/// # Errors
/// The file's.
pub fn status(ctx: &Context) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let clock = Clock::Machine;
    let moment = Moment::at(world.book().zone, clock.now());
    let lease = store.lease()?;
    let boot = crate::desk::clock::boot_id();
    let leader = lease.filter(|l| l.is_held(&boot, clock.boot_ms())).map(|l| l.holder);
    if ctx.json {
        println!("{}", status_json(&world, &moment, leader.as_deref()));
        return Ok(());
    }
    let p = world.published();
    println!("{}", ctx.db.display());
    println!(
        "{}: {}   {}: {}   {}: {}",
        ctx.say("mode", "模式"),
        words::mode(world.mode_at(moment.now), ctx.lang),
        ctx.say("book", "规则"),
        p.version,
        ctx.say("leader", "主控"),
        leader.as_deref().unwrap_or(ctx.say("nobody", "无"))
    );
    for line in super::assist::mode_lines(ctx, &world, moment.now) {
        println!("{line}");
    }
    for line in super::overlay::lines(ctx, &world, moment.now) {
        println!("{line}");
    }
    for line in super::promotion::lines(ctx, &world, moment.now) {
        println!("{line}");
    }
    if let Some(line) = super::trial::line(ctx, &world) {
        println!("{line}");
    }
    for state in LeadState::ALL.into_iter().filter(|s| world.count(*s) > 0) {
        println!("  {:>8}  {}", world.count(state), words::state(state, ctx.lang));
    }
    println!("{}: {}", ctx.say("spread", "均衡度"), spread_words(&world, &moment));
    if let Some(line) = super::pool::status_line(ctx, &world, &moment) {
        println!("{line}");
    }
    for rep in world.reps().iter().filter(|r| r.active) {
        let cap = rep.cap_open_at(moment.now).map_or_else(|| "–".into(), |c| c.to_string());
        let presence = super::rep::presence(ctx, rep, &moment);
        println!("  {:>4}/{cap:<5} {} · {presence}", rep.load, rep.card.name);
    }
    for one in store.outbox_figures()?.iter().filter(|one| one.queued + one.dead > 0) {
        let (name, queued, dead) = (&one.channel, one.queued, one.dead);
        println!(
            "{}",
            match ctx.lang {
                Lang::En => format!("notices by {name}: {queued} wait, {dead} given up"),
                Lang::Zh => format!("通知 {name}：待发送 {queued}，失败 {dead}"),
            }
        );
    }
    for alert in world.alerts().values() {
        println!("! {} ({})", words::alert(alert.finding.key.kind, ctx.lang), alert.finding.count);
    }
    Ok(())
}

fn spread_words(world: &World, moment: &Moment) -> String {
    match crate::report::spread::spread_milli(world, moment) {
        Some(milli) => format!("{} %", words::milli(milli * 100)),
        None => "–".into(),
    }
}

fn status_json(world: &World, moment: &Moment, leader: Option<&str>) -> serde_json::Value {
    let counts: serde_json::Map<String, serde_json::Value> =
        LeadState::ALL.into_iter().map(|s| (s.word().to_owned(), world.count(s).into())).collect();
    let by_team: serde_json::Map<String, serde_json::Value> = world
        .teams()
        .keys()
        .map(|team| (team.to_string(), crate::report::spread::spread_of_team(world, team, moment).into()))
        .collect();
    serde_json::json!({
        "seq": world.seq().0, "counts": counts, "open": world.open_count(),
        "diverts": super::overlay::diverts_json(world, moment.now),
        "promotions": super::promotion::on_json(world, moment.now),
        "trial": super::trial::on_json(world),
        "pool": super::pool::status_json(world, moment),
        "modes": super::assist::modes_json(world, moment.now),
        "mode": world.mode_at(moment.now).word(), "book": world.published().version.0, "leader": leader,
        "spread_milli": crate::report::spread::spread_milli(world, moment),
        "spread_milli_by_team": by_team,
        "reps": world.reps().iter().map(|r| super::rep::json(r, moment)).collect::<Vec<_>>(),
        "alerts": world.alerts().values().map(|a| serde_json::json!({
            "kind": a.finding.key.kind.word(), "count": a.finding.count, "since": a.fired_at.to_rfc3339(),
            "leads": a.finding.leads.iter().map(|l| l.0).collect::<Vec<_>>()})).collect::<Vec<_>>(),
    })
}
