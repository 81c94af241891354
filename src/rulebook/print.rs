//! A tree as canonical text: two blanks of indentation, clauses in the tree's order, quotes only where needed, long lists
//! and conditions broken over lines. Broken lines come out word for word; nothing is ever left out.

mod expr;

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveDateTime};
use smol_str::SmolStr;
use unicode_width::UnicodeWidthStr;

use self::expr::{expr_lines, lit_text};
pub(super) use self::expr::{expr_text, is_bare, test_text};
use super::book::{Amount, Cmp, Loudness, TimeSpan};
use super::keyword::{COMPARISONS, CONTACT_KEYS, LOUDNESSES, METRICS, WATCHES, word_for};
use super::literal;
use super::token::{is_plain, quote};
use super::tree::{
    CalendarLine, CapNode, Clause, DaysNode, DefineNode, DupByNode, DupNode, DupThenNode, ElseNode, GiveNode,
    HoursNode, Item, Line, Lines, MeasureNode, MomentNode, Name, Noted, OtherwiseNode, PoolLine,
    PromotionLine, RampNode, RespondNode, StepNode, StrategyNode, TargetNode, Tree, WatchNode, WhoseNode,
};

/// Lines wider than this are broken where the grammar lets them.
const COLUMNS_MAX: usize = 100;

/// The canonical text of a tree; `parse(&print(tree)).tree == *tree`.
#[must_use]
pub fn print(tree: &Tree) -> String {
    let mut out = String::new();
    let mut previous: Option<&Item> = None;
    for item in &tree.items {
        let glued = previous.is_some_and(|p| sits_together(p, &item.node)) && item.before.is_empty();
        if previous.is_some() && !glued {
            out.push('\n');
        }
        statement(&mut out, "", item, |_| header_text(&item.node));
        match &item.node {
            Item::Calendar(lines) => block(&mut out, lines, calendar_text),
            Item::Score(lines) => block(&mut out, lines, |s| {
                format!("{:+} when {}", s.points, wrapped(&s.when, "  ", "+00 when ".len()))
            }),
            Item::Duplicates(lines) => block(&mut out, lines, duplicate_text),
            Item::Pool(lines) => block(&mut out, lines, pool_text),
            Item::Promotion(promotion) => block(&mut out, &promotion.lines, promotion_text),
            Item::Rule(rule) => {
                for clause in &rule.clauses {
                    statement(&mut out, "  ", clause, clause_text);
                }
            }
            Item::Define(_)
            | Item::Otherwise(_)
            | Item::Watch(_)
            | Item::Replies(_)
            | Item::Salt(_)
            | Item::Ramp(_)
            | Item::Broken(_) => {}
        }
        previous = Some(&item.node);
    }
    if !tree.tail.is_empty() && previous.is_some() {
        out.push('\n');
    }
    for comment in &tree.tail {
        comment_line(&mut out, "", comment);
    }
    out
}

/// One-line items of a kind stand in one paragraph.
fn sits_together(a: &Item, b: &Item) -> bool {
    matches!(
        (a, b),
        (Item::Define(_), Item::Define(_))
            | (Item::Watch(_), Item::Watch(_))
            | (Item::Ramp(_), Item::Ramp(_))
            | (Item::Broken(_), Item::Broken(_))
    )
}

fn statement<T>(out: &mut String, indent: &str, noted: &Noted<T>, text: impl Fn(&T) -> String) {
    for comment in &noted.before {
        comment_line(out, indent, comment);
    }
    let _ = write!(out, "{indent}{}", text(&noted.node));
    match &noted.trail {
        Some(comment) if comment.is_empty() => out.push_str("  #"),
        Some(comment) => {
            let _ = write!(out, "  # {comment}");
        }
        None => {}
    }
    out.push('\n');
}

fn comment_line(out: &mut String, indent: &str, comment: &str) {
    let gap = if comment.is_empty() { "" } else { " " };
    let _ = writeln!(out, "{indent}#{gap}{comment}");
}

fn block<T>(out: &mut String, lines: &Lines<T>, text: impl Fn(&T) -> String) {
    for line in lines {
        statement(out, "  ", line, |line| match line {
            Line::Good(good) => text(good),
            Line::Broken(raw) => raw.to_string(),
        });
    }
}

fn header_text(item: &Item) -> String {
    match item {
        Item::Calendar(_) => "calendar".into(),
        Item::Score(_) => "score".into(),
        Item::Duplicates(_) => "duplicates".into(),
        Item::Pool(_) => "pool".into(),
        Item::Promotion(promotion) => format!("promotion {}", quote(&promotion.name.text)),
        Item::Ramp(ramp) => ramp_text(ramp),
        Item::Define(define) => define_text(define),
        Item::Rule(rule) => {
            format!("rule {}{}", quote(&rule.name.text), if rule.disabled { " disabled" } else { "" })
        }
        Item::Otherwise(OtherwiseNode::Park(reason)) => format!("otherwise park {}", quote(reason)),
        Item::Otherwise(OtherwiseNode::Wait) => "otherwise wait".into(),
        Item::Otherwise(OtherwiseNode::Give(give)) => format!("otherwise {}", give_text(give)),
        Item::Watch(watch) => watch_text(watch),
        Item::Replies(sources) => format!("replies from {}", names_text(sources)),
        Item::Salt(salt) => format!("draw salt {salt}"),
        Item::Broken(raw) => raw.to_string(),
    }
}

/// A condition on one line if it fits, else one joint a line.
fn wrapped(expr: &super::tree::Expr, indent: &str, lead: usize) -> String {
    let flat = expr_text(expr);
    if indent.len() + lead + flat.width() <= COLUMNS_MAX {
        return flat;
    }
    expr_lines(expr, COLUMNS_MAX).join(&format!("\n{indent}  "))
}

fn define_text(define: &DefineNode) -> String {
    let values: Vec<String> = define.values.iter().map(lit_text).collect();
    let head = format!("define {} = (", name_text(&define.name));
    let flat = format!("{head}{})", values.join(", "));
    if flat.width() <= COLUMNS_MAX {
        return flat;
    }
    format!("{head}\n  {}\n)", expr::fill(&values, COLUMNS_MAX - 2).join("\n  "))
}

pub(super) fn name_text(name: &Name) -> String {
    text_or_quoted(&name.text)
}

fn text_or_quoted(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quote(text) }
}

fn names_text(names: &[Name]) -> String {
    names.iter().map(name_text).collect::<Vec<_>>().join(", ")
}

fn calendar_text(line: &CalendarLine) -> String {
    match line {
        CalendarLine::Timezone(name) => format!("timezone {}", name_text(name)),
        CalendarLine::Hours(hours) => hours_text(hours),
        CalendarLine::Holiday(days) => format!("holiday {}", days_text(days)),
        CalendarLine::Workday(days) => format!("workday {}", days_text(days)),
        CalendarLine::Window { name, from, to, .. } => {
            format!("window {} {} .. {}", quote(&name.text), moment_text(from), moment_text(to))
        }
    }
}

fn hours_text(hours: &HoursNode) -> String {
    let head = match &hours.whose {
        WhoseNode::Desk => "workdays".to_owned(),
        WhoseNode::Team(name) => format!("team {} works", name_text(name)),
        WhoseNode::Rep(name) => format!("rep {} works", name_text(name)),
    };
    let mut out = format!("{head} {}", days_and_hours_text(hours));
    if hours.holidays {
        out.push_str(" and holidays");
    }
    out
}

/// What stands behind `workdays`.
pub(super) fn days_and_hours_text(hours: &HoursNode) -> String {
    let mut out = format!("{} {}", weekdays_text(&hours.days), spans_text(&hours.spans));
    if !hours.except.is_empty() {
        let _ = write!(out, " except {}", spans_text(&hours.except));
    }
    out
}

fn promotion_text(line: &PromotionLine) -> String {
    let whom = |whose: &WhoseNode| match whose {
        WhoseNode::Desk => String::new(),
        WhoseNode::Team(name) => format!(" for team {}", name_text(name)),
        WhoseNode::Rep(name) => format!(" for rep {}", name_text(name)),
    };
    match line {
        PromotionLine::During(window) => format!("during {}", quote(&window.text)),
        PromotionLine::Cap { cap, whose } => format!("{}{}", cap_text(cap), whom(whose)),
        PromotionLine::Weight { milli, whose, .. } => {
            format!("weight {}{}", literal::decimal_text(*milli), whom(whose))
        }
        PromotionLine::Hours(hours) => hours_text(hours),
        PromotionLine::Watch(watch) => watch_text(watch),
    }
}

fn cap_text(cap: &CapNode) -> String {
    let open = cap.open.map(|(n, _)| format!("{n} open"));
    let day = cap.day.map(|(n, _)| format!("{n} per day"));
    format!("cap {}", [open, day].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// `Mon..Fri, Sun`: runs of three or more are drawn together.
pub(super) fn weekdays_text(days: &[u8]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = days;
    while let Some(first) = rest.first() {
        let run = rest.iter().zip(*first..).take_while(|(day, want)| **day == *want).count();
        let take = if run >= 3 { run } else { 1 };
        let (head, tail) = rest.split_at(take);
        match head {
            [_, .., last] => {
                parts.push(format!("{}..{}", literal::weekday_text(*first), literal::weekday_text(*last)));
            }
            _ => parts.push(literal::weekday_text(*first).to_owned()),
        }
        rest = tail;
    }
    parts.join(", ")
}

pub(super) fn spans_text(spans: &[TimeSpan]) -> String {
    let clock = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
    spans.iter().map(|s| format!("{}..{}", clock(s.from), clock(s.to))).collect::<Vec<_>>().join(", ")
}

fn date_text(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

fn days_text(days: &DaysNode) -> String {
    let mut out = date_text(days.from);
    if let Some(to) = days.to {
        let _ = write!(out, "..{}", date_text(to));
    }
    if let Some(name) = &days.name {
        let _ = write!(out, " {}", quote(name));
    }
    out
}

fn moment_text(moment: &MomentNode) -> String {
    let minute = |m: &NaiveDateTime| m.format("%Y-%m-%d %H:%M").to_string();
    match moment {
        MomentNode::Day(day) => date_text(*day),
        MomentNode::Minute(m) => minute(m),
    }
}

fn duplicate_text(dup: &DupNode) -> String {
    let by = match &dup.by {
        DupByNode::Same(keys) => keys
            .iter()
            .map(|k| format!("same {}", word_for(CONTACT_KEYS, *k)))
            .collect::<Vec<_>>()
            .join(" or "),
        DupByNode::CompanyLike(share, _) => format!("company like {}", literal::decimal_text(*share)),
    };
    let then = match &dup.then {
        DupThenNode::GiveToOwner => "give to owner".to_owned(),
        DupThenNode::Park(reason) => format!("park {}", quote(reason)),
    };
    format!("{by} within {} -> {then}", literal::duration_text(dup.within_ms))
}

fn ramp_text(ramp: &RampNode) -> String {
    let weeks = |from: u32, to: u32| {
        if from == to { format!("week {from}") } else { format!("weeks {from}..{to}") }
    };
    let mut parts: Vec<String> = ramp
        .steps
        .iter()
        .map(|s| format!("{} in {}", literal::percent_text(s.share_milli), weeks(s.from, s.to)))
        .collect();
    parts.extend(ramp.at_least.map(|(n, _)| format!("at least {n} per day")));
    let team = ramp.team.as_ref().map_or_else(String::new, |t| format!(" for team {}", name_text(t)));
    format!("ramp{team} {}", parts.join(", "))
}

fn pool_text(line: &PoolLine) -> String {
    match line {
        PoolLine::Seen { by, when } => {
            let who = if by.is_empty() {
                "everyone".to_owned()
            } else {
                by.iter().map(|t| format!("team {}", name_text(t))).collect::<Vec<_>>().join(", ")
            };
            let head = format!("seen by {who}");
            match when {
                Some(expr) => {
                    format!("{head} when {}", wrapped(expr, "  ", head.width() + " when ".len()))
                }
                None => head,
            }
        }
        PoolLine::Claim { day, hand, turn } => {
            let day = day.map(|(n, _)| format!("{n} per day"));
            let hand = hand.map(|(n, _)| format!("{n} in hand"));
            let turn = turn.then(|| "uses a turn".to_owned());
            format!("claim {}", [day, hand, turn].into_iter().flatten().collect::<Vec<_>>().join(", "))
        }
        PoolLine::Cooldown(ms) => format!("cooldown {} for previous owner", literal::duration_text(*ms)),
        PoolLine::Hold(ms) => format!("hold new leads {}", literal::duration_text(*ms)),
        PoolLine::Return(days, _) => format!("return after {days} working days without contact"),
    }
}

pub(super) fn clause_text(clause: &Clause) -> String {
    match clause {
        Clause::During(window) => format!("during {}", quote(&window.text)),
        Clause::DuringPromotion(name) => format!("during promotion {}", quote(&name.text)),
        Clause::When(expr) => format!("when {}", wrapped(expr, "  ", "when ".len())),
        Clause::Give(give) => give_text(give),
        Clause::Needs(skills) => format!("needs skill {}", names_text(skills)),
        Clause::Cap(cap) => cap_text(cap),
        Clause::Respond(respond) => respond_text(respond),
        Clause::Else(ElseNode::Pass) => "else pass".into(),
        Clause::Else(ElseNode::Wait) => "else wait".into(),
        Clause::Else(ElseNode::Park(reason)) => format!("else park {}", quote(reason)),
        Clause::Broken(raw) => raw.to_string(),
    }
}

fn give_text(give: &GiveNode) -> String {
    let target = |t: &TargetNode| match t {
        TargetNode::Team(name) => format!("team {}", name_text(name)),
        TargetNode::Rep(name) => format!("rep {}", name_text(name)),
        TargetNode::Owner => "owner".to_owned(),
    };
    let mut out = format!("give to {}", give.to.iter().map(target).collect::<Vec<_>>().join(", "));
    if let Some(by) = &give.by {
        let _ = write!(out, " by {}", strategy_text(by));
    }
    if give.within_team {
        out.push_str(" within team");
    }
    out
}

pub(super) fn strategy_text(strategy: &StrategyNode) -> String {
    match strategy {
        StrategyNode::Fair => "fair".into(),
        StrategyNode::RoundRobin => "round-robin".into(),
        StrategyNode::LeastLoaded => "least-loaded".into(),
        StrategyNode::Weighted => "weighted".into(),
        StrategyNode::Sticky(None) => "sticky".into(),
        StrategyNode::Sticky(Some(then)) => format!("sticky then {}", strategy_text(then)),
    }
}

fn respond_text(respond: &RespondNode) -> String {
    let mut out = format!("respond within {}", literal::duration_text(respond.within_ms));
    for (i, (step, _)) in respond.steps.iter().enumerate() {
        out.push_str(if i == 0 { ", else " } else { ", then " });
        out.push_str(&step_text(step));
    }
    out
}

/// What happens when the limit has passed once more.
pub(super) fn step_text(step: &StepNode) -> String {
    match step {
        StepNode::Reassign(None) => "reassign".into(),
        StepNode::Reassign(Some(times)) => format!("reassign {times} times"),
        StepNode::Escalate => "escalate".into(),
        StepNode::Recall => "recall".into(),
        StepNode::RecallToPool => "recall to pool".into(),
        StepNode::Park(reason) => format!("park {}", quote(reason)),
    }
}

fn watch_text(watch: &WatchNode) -> String {
    let mut out = format!("watch {}", word_for(WATCHES, watch.kind));
    for (i, measure) in watch.when.iter().enumerate() {
        let joint = if i == 0 { "when" } else { "and" };
        let _ = write!(out, " {joint} {}", measure_text(measure));
    }
    if let Some(ms) = watch.for_ms {
        let _ = write!(out, " for {}", literal::duration_text(ms));
    }
    let loudness: Loudness = watch.loudness;
    let _ = write!(out, " {}", word_for(LOUDNESSES, loudness));
    if let Some(ms) = watch.page_after_ms {
        let _ = write!(out, ", page after {}", literal::duration_text(ms));
    }
    out
}

fn measure_text(measure: &MeasureNode) -> String {
    let against =
        |(op, amount): (Cmp, Amount)| format!("{} {}", word_for(COMPARISONS, op), amount_text(amount));
    let mut out = format!("{} {}", word_for(METRICS, measure.metric), against((measure.op, measure.amount)));
    if measure.fair {
        out.push_str(" fair");
    }
    if let Some(beside) = measure.beside {
        let _ = write!(out, " beside {}", against(beside));
    }
    if let Some(ms) = measure.over_ms {
        let _ = write!(out, " over {}", literal::duration_text(ms));
    }
    out
}

pub(super) fn amount_text(amount: Amount) -> SmolStr {
    match amount {
        Amount::Percent(p) => literal::percent_text(p).into(),
        Amount::Times(t) => format!("{}x", literal::decimal_text(t)).into(),
        Amount::Duration(ms) => literal::duration_text(ms).into(),
        Amount::Count(n) => n.to_string().into(),
    }
}

#[cfg(test)]
pub(super) mod tests;
