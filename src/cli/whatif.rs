//! `rules whatif FILE`: what a draft would have done to the leads of a stretch of the log, beside the published book: by rule,
//! by rep, who changes hands, and what that cannot tell.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::context::{CliError, Context, Done, clock};
use super::import::bar;
use super::rules::{lines_of, read};
use crate::desk::Clock;
use crate::desk::whatif::{DAYS_MAX, FileShelf, NoStretch, Shelf, Span, Stretch};
use crate::engine::whatif::{Answer, Changed, RuleLine, Study};
use crate::engine::words::whatif::{line_name, unknowns};
use crate::engine::{names, words};
use crate::model::id::{LeadId, RepId};
use crate::model::time::{DAY_MS, Millis};
use crate::report::spread::{Part, spread_of};
use crate::rulebook::{self, Cond, Severity, duration_ms, parse_condition_in};
use crate::world::World;

/// Leads that change hands listed unless asked otherwise.
const LISTED: usize = 10;
/// Widest name of a rule or rep in the tables, in cells.
const NAME_CELLS: usize = 32;

#[derive(Debug, Args)]
pub struct WhatifArgs {
    pub file: PathBuf,
    /// Leads of the last days, e.g. 7d, 30d, 90d
    #[arg(long, value_name = "DAYS", default_value = "30d", conflicts_with_all = ["promotion", "all"])]
    pub last: String,
    /// Leads of a promotion that is on, or of the last time it was
    #[arg(long, value_name = "NAME")]
    pub promotion: Option<String>,
    /// The whole log
    #[arg(long, conflicts_with = "promotion")]
    pub all: bool,
    /// Count only leads on which this condition holds as they arrive; the others are replayed all the same
    #[arg(long = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
    /// Most leads that change hands to list
    #[arg(long, value_name = "N", default_value_t = LISTED)]
    pub leads: usize,
    /// Why this lead goes where, under both books
    #[arg(long, value_name = "LEAD")]
    pub why: Option<String>,
}

/// Runs `rules whatif`.
///
/// # Errors
/// A file with errors, a stretch that is not there, the database's.
pub fn whatif(ctx: &Context, args: &WhatifArgs) -> Done {
    let draft = read(&args.file)?;
    let span = span(ctx, args)?;
    let present = ctx.read()?.load_world(&mut |_, _| {})?;
    let checked = rulebook::check(&rulebook::parse(&draft).tree, &names(&present));
    if rulebook::has_errors(&checked.diagnostics) {
        return Err(CliError::Input(lines_of(ctx, &args.file, &checked.diagnostics).join("\n")));
    }
    let when = args.condition.as_deref().map(|text| condition(ctx, &present, text)).transpose()?;
    let now = Clock::Machine.now();
    let stretch = stretch(ctx, &span, now)?;
    let study = study(ctx, &stretch, when.as_ref())?;
    if let Some(lead) = &args.why {
        return why(ctx, &study, &draft, ctx.lead_id(lead)?, &present);
    }
    let Some(answer) = study.whole(&draft, &mut |_, _| true) else { return Ok(()) };
    let about = About { span: &span, study: &study, present: &present };
    if ctx.json {
        println!("{}", as_json(&about, &answer, args.leads));
    } else {
        print(ctx, &about, &answer, args.leads);
    }
    Ok(())
}

fn span(ctx: &Context, args: &WhatifArgs) -> Done<Span> {
    if args.all {
        return Ok(Span::All);
    }
    if let Some(name) = &args.promotion {
        return Ok(Span::Promotion(name.as_str().into()));
    }
    let days = duration_ms(&args.last).map(|ms| ms / DAY_MS).filter(|days| *days >= 1);
    let days = days.and_then(|days| u16::try_from(days).ok()).filter(|days| *days <= DAYS_MAX);
    days.map(Span::Days).ok_or_else(|| {
        let hint = ctx.say("days look like 7d, 30d, 90d", "天数写作 7d、30d、90d");
        CliError::Usage(format!("--last {}: {hint}", args.last))
    })
}

fn condition(ctx: &Context, world: &World, text: &str) -> Done<Cond> {
    let (cond, found) = parse_condition_in(text, None, world.book());
    match found.iter().find(|d| d.severity == Severity::Error) {
        Some(d) => Err(CliError::Usage(format!("--where, column {}: {}", d.column, d.message(ctx.lang)))),
        None => Ok(cond),
    }
}

fn stretch(ctx: &Context, span: &Span, now: Millis) -> Done<Stretch> {
    let shown = bar(0, ctx.say("reading the log", "正在读取日志"));
    let read = FileShelf::new(&ctx.db).stretch(span, now, &mut |done, all| {
        shown.set_length(all);
        shown.set_position(done);
        true
    });
    shown.finish_and_clear();
    match read {
        Ok(Some(stretch)) => Ok(stretch),
        Ok(None) => Err(CliError::Refused(ctx.say("stopped", "已停止").into())),
        Err(NoStretch::Store(error)) => Err(error.into()),
        Err(NoStretch::NoPromotion(name)) => Err(CliError::Usage(format!(
            "--promotion {name}: {}",
            ctx.say("the rule book has none of this name", "规则中没有这个大促")
        ))),
        Err(NoStretch::NotYet(name)) => Err(CliError::Refused(format!(
            "{name}: {}",
            ctx.say("has not been on yet; there is nothing to replay", "还没有进行过，无从试算")
        ))),
    }
}

fn study(ctx: &Context, stretch: &Stretch, when: Option<&Cond>) -> Done<Study> {
    let shown = bar(0, ctx.say("replaying", "正在重放"));
    let (tape, start) = (stretch.tape.clone(), stretch.start.clone());
    let study = Study::open(tape, start, stretch.published.clone(), when, &mut |done, all| {
        shown.set_length(all as u64);
        shown.set_position(done as u64);
        true
    });
    shown.finish_and_clear();
    study.ok_or_else(|| CliError::Refused(ctx.say("stopped", "已停止").into()))
}

/// What the answer is about.
struct About<'a> {
    span: &'a Span,
    study: &'a Study,
    present: &'a World,
}

fn span_name(ctx: &Context, span: &Span) -> String {
    match span {
        Span::All => ctx.say("the whole log", "全部日志").into(),
        Span::Promotion(name) => name.to_string(),
        Span::Days(days) => match ctx.lang {
            crate::model::lang::Lang::En => format!("last {days} days"),
            crate::model::lang::Lang::Zh => format!("最近 {days} 天"),
        },
    }
}

fn spread(answer: &Answer, draft: bool) -> Option<i64> {
    spread_of(answer.reps.iter().map(|line| {
        let (received_micro, due_micro) = if draft { line.draft_part } else { line.published_part };
        Part { rep: line.rep, received_micro, due_micro }
    }))
}

fn permille(value: Option<i64>) -> String {
    value.map_or_else(|| "–".into(), |milli| format!("{}.{} %", milli / 10, milli % 10))
}

/// `text` in so many cells, cut with an ellipsis.
fn cells(text: &str, width: usize) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) > width.saturating_sub(1)
            && text.width() > width
        {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(out.width())));
    out
}

fn change(was: u64, is: u64) -> String {
    match was.cmp(&is) {
        std::cmp::Ordering::Less => format!("▲ {}", is - was),
        std::cmp::Ordering::Greater => format!("▼ {}", was - is),
        std::cmp::Ordering::Equal => String::new(),
    }
}

/// Received beside due: `+9 %`.
fn beside_due((received, due): (i64, i64)) -> String {
    if due < crate::model::share::LEAD_MICRO {
        return "–".into();
    }
    format!("{:+} %", (received - due) * 100 / due)
}

fn print(ctx: &Context, about: &About<'_>, answer: &Answer, listed: usize) {
    let line = |label: &str, was: u64, is: u64, rest: &str| {
        println!("  {} {was:>9} → {is:>9}  {:<10}{rest}", cells(label, NAME_CELLS), change(was, is));
    };
    let head = |label: &str| {
        println!(
            "  {} {:>9}   {:>9}",
            cells(label, NAME_CELLS),
            ctx.say("published", "已发布"),
            ctx.say("draft", "草稿")
        );
    };
    println!(
        "{} · {} · {} {}",
        ctx.say("What if", "试算"),
        span_name(ctx, about.span),
        answer.leads,
        ctx.say("leads", "条线索")
    );
    head(ctx.say("rule", "规则"));
    for rule in &answer.rules {
        line(&line_name(rule, ctx.lang), rule.published, rule.draft, "");
    }
    let (was, is) = (&answer.published, &answer.draft);
    line(ctx.say("with nobody at the end", "最终无人负责"), was.unplaced, is.unplaced, "");
    line(ctx.say("unmatched", "未匹配"), was.unmatched, is.unmatched, "");
    line(ctx.say("capped out", "因上限落空"), was.capped, is.capped, "");
    line(ctx.say("overdue", "超过响应时限"), was.overdue, is.overdue, "");
    head(ctx.say("rep", "销售"));
    for rep in &answer.reps {
        let name = words::rep_name(about.present, rep.rep);
        let due = format!("{} {}", ctx.say("beside fair share", "相对应得"), beside_due(rep.draft_part));
        line(&name, rep.published, rep.draft, &due);
    }
    println!(
        "  {} {} → {}",
        ctx.say("spread", "均衡度"),
        permille(spread(answer, false)),
        permille(spread(answer, true))
    );
    println!("{} {}", answer.changed, ctx.say("leads change hands", "条线索换人"));
    for changed in answer.latest.iter().take(listed) {
        println!("  {}", hands(ctx, about, changed));
    }
    let more = usize::try_from(answer.changed).unwrap_or(usize::MAX).saturating_sub(listed);
    if more > 0 && !answer.latest.is_empty() {
        println!(
            "  … {more} {}",
            ctx.say("more; --leads lists them, --why tells why", "条未列出；--leads 列出，--why 说明原因")
        );
    }
    println!("{}", ctx.say("What this cannot know:", "这里无法知道的："));
    for sentence in unknowns(answer, ctx.lang) {
        println!("  {sentence}");
    }
}

fn hands(ctx: &Context, about: &About<'_>, changed: &Changed) -> String {
    let tape = about.study.tape();
    let row = tape.row_of(changed.lead).unwrap_or(usize::MAX);
    let (a, when) = (tape.about(row), clock(tape.received_at(row), about.present.book().zone));
    let name = |rep: Option<RepId>| match rep {
        Some(rep) => words::rep_name(about.present, rep),
        None => ctx.say("nobody", "无人").to_owned(),
    };
    let (was, is) = (name(changed.published), name(changed.draft));
    format!("{} {when} {} {}  {was} → {is}", changed.lead, a.source, a.region)
}

fn why(ctx: &Context, study: &Study, draft: &str, lead: LeadId, present: &World) -> Done {
    let Some([published, drafted]) = study.why(draft, lead, &mut |_, _| true) else { return Ok(()) };
    if published.is_empty() && drafted.is_empty() {
        let text = ctx.say("does not arrive or wait in this stretch", "不在这段日志里");
        return Err(CliError::Refused(format!("{lead} {text}")));
    }
    for (title, events) in [
        (ctx.say("under the published book", "按已发布的规则"), published),
        (ctx.say("under the draft", "按草稿"), drafted),
    ] {
        println!("{lead} {title}");
        for event in &events {
            let at = clock(event.at, present.book().zone);
            println!("  {at} {}", words::history(present, event, ctx.lang));
            if let Some(why) = words::whatif::why_of(event) {
                for line in words::explanation(present, why, ctx.lang) {
                    println!("      {line}");
                }
            }
        }
    }
    Ok(())
}

fn as_json(about: &About<'_>, answer: &Answer, listed: usize) -> Value {
    let login = |rep: RepId| about.present.rep(rep).map(|r| r.card.login.to_string());
    let total = |t: &crate::engine::whatif::Total, draft: bool| {
        json!({
            "with_nobody": t.unplaced, "unmatched": t.unmatched, "capped_out": t.capped, "overdue": t.overdue,
            "spread_milli": spread(answer, draft),
            "left_out": {"other_owner": t.other_owner, "no_object": t.no_object},
            "moved_replies": t.moved_replies, "lost_replies": t.lost_replies, "unsure_duplicates": t.unsure,
        })
    };
    let rule = |r: &RuleLine| {
        json!({
            "rule": line_name(r, crate::model::lang::Lang::En), "in_published": r.in_published,
            "in_draft": r.in_draft, "published": r.published, "draft": r.draft,
        })
    };
    json!({
        "leads": answer.leads,
        "rules": answer.rules.iter().map(rule).collect::<Vec<_>>(),
        "reps": answer.reps.iter().map(|r| json!({
            "rep": login(r.rep), "published": r.published, "draft": r.draft,
            "received_micro": r.draft_part.0, "due_micro": r.draft_part.1,
        })).collect::<Vec<_>>(),
        "published": total(&answer.published, false),
        "draft": total(&answer.draft, true),
        "changed": answer.changed,
        "changed_leads": answer.latest.iter().take(listed).map(|c| json!({
            "lead": c.lead.0, "published": c.published.and_then(login), "draft": c.draft.and_then(login),
        })).collect::<Vec<_>>(),
        "cannot_know": unknowns(answer, crate::model::lang::Lang::En),
    })
}
