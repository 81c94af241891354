//! Explanations, park reasons and events in words, English and Chinese, for the console and the command line alike.
//! Everything is worded from stored facts; nothing is decided again.

pub mod alerts;
pub mod complaint;
mod history;
mod overlay;
mod timer;
mod trial;
pub mod whatif;

pub use timer::{note as timer_note, span, story as timer_story};

use crate::model::event::LedgerReason;
use crate::model::id::RepId;
use crate::model::lang::Lang;
use crate::model::lead::{LeadState, ParkReason, PoolWhy};
use crate::model::why::{Explanation, LeftOut, Measure, RuleTrace, TieBreak, Verdict};
use crate::world::World;

pub use history::history;
pub use overlay::{divert, divert_to, scope};
pub use trial::{end as trial_end, share as trial_share, tenths, trial};

/// Candidates listed in a card; the rest is a number.
const FREE_SHOWN_MAX: usize = 12;

fn pick(lang: Lang, en: &str, zh: &str) -> String {
    match lang {
        Lang::En => en.to_owned(),
        Lang::Zh => zh.to_owned(),
    }
}

/// A rep's name, or their number when the world does not know them.
#[must_use]
pub fn rep_name(world: &World, rep: RepId) -> String {
    world.rep(rep).map_or_else(|| rep.to_string(), |r| r.card.name.to_string())
}

fn names(world: &World, reps: &[RepId], lang: Lang) -> String {
    let separator = if lang == Lang::Zh { "、" } else { ", " };
    let shown: Vec<String> = reps.iter().take(FREE_SHOWN_MAX).map(|r| rep_name(world, *r)).collect();
    let more = reps.len().saturating_sub(shown.len());
    let tail = match (more, lang) {
        (0, _) => String::new(),
        (n, Lang::En) => format!(" and {n} more"),
        (n, Lang::Zh) => format!(" 等另 {n} 人"),
    };
    format!("{}{tail}", shown.join(separator))
}

/// The state's word.
#[must_use]
pub fn state(state: LeadState, lang: Lang) -> &'static str {
    match lang {
        Lang::En => state.word(),
        Lang::Zh => state.word_zh(),
    }
}

/// Thousandths as a decimal with at most three places: 1500 → `1.5`.
#[must_use]
pub fn milli(value: i64) -> String {
    let sign = if value < 0 { "−" } else { "" };
    let (whole, part) = (value.unsigned_abs() / 1000, value.unsigned_abs() % 1000);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let part = format!("{part:03}");
    format!("{sign}{whole}.{}", part.trim_end_matches('0'))
}

/// Why a rep was left out, without their name.
#[must_use]
pub fn left_out(why: &LeftOut, lang: Lang) -> String {
    match (why, lang) {
        (LeftOut::Inactive, Lang::En) => "deactivated".into(),
        (LeftOut::Inactive, Lang::Zh) => "已停用".into(),
        (LeftOut::OffDuty, Lang::En) => "off duty".into(),
        (LeftOut::OffDuty, Lang::Zh) => "不在岗".into(),
        (LeftOut::OnLeave, Lang::En) => "on leave".into(),
        (LeftOut::OnLeave, Lang::Zh) => "请假".into(),
        (LeftOut::OutOfHours, Lang::En) => "outside working hours".into(),
        (LeftOut::OutOfHours, Lang::Zh) => "非工作时间".into(),
        (LeftOut::HadIt, Lang::En) => "had this lead before".into(),
        (LeftOut::HadIt, Lang::Zh) => "此前已持有过这条线索".into(),
        (LeftOut::LacksSkill(skill), Lang::En) => format!("lacks the skill {skill}"),
        (LeftOut::LacksSkill(skill), Lang::Zh) => format!("缺少技能「{skill}」"),
        (LeftOut::OpenCap { cap }, Lang::En) => format!("full, {cap} in hand"),
        (LeftOut::OpenCap { cap }, Lang::Zh) => format!("在手已满 {cap} 条"),
        (LeftOut::PromotionOpenCap { cap, promotion }, Lang::En) => {
            format!("full, {cap} in hand (promotion “{promotion}”)")
        }
        (LeftOut::PromotionOpenCap { cap, promotion }, Lang::Zh) => {
            format!("在手已满 {cap} 条（大促「{promotion}」）")
        }
        (LeftOut::PromotionDayCap { cap, promotion }, Lang::En) => {
            format!("day cap of {cap} reached (promotion “{promotion}”)")
        }
        (LeftOut::PromotionDayCap { cap, promotion }, Lang::Zh) => {
            format!("今日已达上限 {cap} 条（大促「{promotion}」）")
        }
        (LeftOut::DayCap { cap }, Lang::En) => format!("day cap of {cap} reached"),
        (LeftOut::DayCap { cap }, Lang::Zh) => format!("今日已达上限 {cap} 条"),
    }
}

fn tie(tie: TieBreak, lang: Lang) -> String {
    let (en, zh) = match tie {
        TieBreak::OnlyOne => ("the only one free", "只有此人可接"),
        TieBreak::ByMeasure => ("by the figure", "按数值"),
        TieBreak::LeastRecent => ("equal figures; served longest ago", "数值相同，最久未分配者优先"),
        TieBreak::LowestId => {
            ("equal figures, never served; lower number", "数值相同且均未分配过，编号小者优先")
        }
        TieBreak::Protected => {
            ("new hire, short of the day's protected minimum", "新人保护：当日尚未达到保底数")
        }
        TieBreak::Draw => ("drawn in proportion to weight", "按权重抽取"),
    };
    pick(lang, en, zh)
}

fn measure(measure: Measure, lang: Lang) -> String {
    let (en, zh) = match measure {
        Measure::Ledger => ("turns in 28 days, fewest first", "28 天内轮次，少者优先"),
        Measure::LoadRatio => ("load ÷ cap in thousandths, least first", "负载÷上限（千分数），低者优先"),
        Measure::TurnOrder => ("turn order", "轮转次序"),
        Measure::Draw => ("weight", "权重"),
        Measure::KnownOwner => ("the person's own rep first", "原负责人优先"),
    };
    pick(lang, en, zh)
}

fn figure(kind: Option<Measure>, value: i64) -> String {
    match kind {
        Some(Measure::Ledger | Measure::Draw) => milli(value),
        _ => value.to_string(),
    }
}

/// The decision in one sentence.
#[must_use]
pub fn verdict(world: &World, why: &Explanation, lang: Lang) -> String {
    let last = why.rules.last();
    let rule = last.map(|t| rule_name(world, t, lang)).unwrap_or_default();
    match (&why.verdict, lang) {
        (Verdict::Chosen { rep, tie: how }, Lang::En) => {
            format!("{rule} of book {} gave it to {}: {}", why.book, rep_name(world, *rep), tie(*how, lang))
        }
        (Verdict::Chosen { rep, tie: how }, Lang::Zh) => {
            format!("规则版本 {} 的{rule}分配给 {}：{}", why.book, rep_name(world, *rep), tie(*how, lang))
        }
        (Verdict::GivenToOwner { rep, of, .. }, Lang::En) => {
            format!("given to {}, who owns {of} of the same person", rep_name(world, *rep))
        }
        (Verdict::GivenToOwner { rep, of, .. }, Lang::Zh) => {
            format!("与 {of} 为同一人，归其负责人 {}", rep_name(world, *rep))
        }
        (Verdict::Duplicate { of, similarity_milli, .. }, Lang::En) => {
            format!("parked: like {of} ({} %)", similarity_milli / 10)
        }
        (Verdict::Duplicate { of, similarity_milli, .. }, Lang::Zh) => {
            format!("待人工：与 {of} 重复（{} %）", similarity_milli / 10)
        }
        (Verdict::OwnerOutOfHours { rep, of, .. }, Lang::En) => {
            format!(
                "waits for {}, who owns {of} of the same person and is not at work yet",
                rep_name(world, *rep)
            )
        }
        (Verdict::OwnerOutOfHours { rep, of, .. }, Lang::Zh) => {
            format!("与 {of} 为同一人，等其负责人 {} 上班", rep_name(world, *rep))
        }
        (Verdict::NobodyFree, Lang::En) => "matched, but nobody is free: it waits".into(),
        (Verdict::NobodyFree, Lang::Zh) => "有规则匹配，但无人可接：等待".into(),
        (Verdict::Parked, Lang::En) => "parked by the book".into(),
        (Verdict::Parked, Lang::Zh) => "按规则转待人工".into(),
        (Verdict::Paused, Lang::En) => "the engine is paused: it waits".into(),
        (Verdict::Paused, Lang::Zh) => "引擎已暂停：等待".into(),
        (Verdict::Proposed { would, scope } | Verdict::Withheld { would, scope }, _) => {
            let is_paused = matches!(why.verdict, Verdict::Withheld { .. });
            overlay::under_mode((is_paused, scope), &rule, &would_go(world, would, lang), lang)
        }
        (Verdict::Tried { would, trial, share }, _) => {
            if let Verdict::Chosen { rep, tie: how } = **would {
                let because = tie(how, lang);
                return trial::gave((*trial, share), &rule, &rep_name(world, rep), &because, lang);
            }
            let inner = Explanation { verdict: (**would).clone(), ..why.clone() };
            trial::tried(*trial, share, &verdict(world, &inner, lang), lang)
        }
        (Verdict::NotDecided, Lang::En) => "a record of the past, not decided".into(),
        (Verdict::NotDecided, Lang::Zh) => "历史记录，未参与分配".into(),
    }
}

/// Who would get it and why, in few words.
fn would_go(world: &World, would: &Verdict, lang: Lang) -> String {
    let name = would.rep().map_or_else(String::new, |rep| rep_name(world, rep));
    match (would, lang) {
        (Verdict::Tried { would, trial, share }, _) => {
            trial::tried(*trial, share, &would_go(world, would, lang), lang)
        }
        (Verdict::Chosen { tie: how, .. }, _) => format!("{name} ({})", tie(*how, lang)),
        (Verdict::GivenToOwner { of, .. }, Lang::En) => format!("{name}, who owns {of} of the same person"),
        (Verdict::GivenToOwner { of, .. }, Lang::Zh) => format!("{name}（同一人的 {of} 归其负责）"),
        _ => name,
    }
}

fn rule_name(world: &World, trace: &RuleTrace, lang: Lang) -> String {
    if let Some(overlay) = &trace.overlay {
        return overlay::overlay(world, overlay, lang);
    }
    match (trace.rule, lang) {
        (Some(index), Lang::En) => format!("rule {} “{}”", index + 1, trace.name),
        (Some(index), Lang::Zh) => format!("规则 {}「{}」", index + 1, trace.name),
        (None, Lang::En) => "otherwise".into(),
        (None, Lang::Zh) => "兜底".into(),
    }
}

fn rule_lines(world: &World, trace: &RuleTrace, lang: Lang, out: &mut Vec<String>) {
    let name = match (trace.rule, lang) {
        _ if trace.overlay.is_some() => rule_name(world, trace, lang),
        (Some(index), Lang::Zh) => format!("规则 {}「{}」匹配", index + 1, trace.name),
        (Some(index), Lang::En) => format!("rule {} “{}” matched", index + 1, trace.name),
        (None, Lang::Zh) => "兜底".into(),
        (None, Lang::En) => "otherwise".into(),
    };
    out.push(name);
    for (clause, value) in &trace.values {
        let value = if value.is_empty() { pick(lang, "empty", "空") } else { value.to_string() };
        out.push(format!("  {clause}  ({value})"));
    }
    for (why, reps) in &trace.left_out {
        out.push(format!("  ✗ {}: {}", left_out(why, lang), names(world, reps, lang)));
    }
    if !trace.free.is_empty() {
        let kind = trace.measure.map_or_else(String::new, |m| measure(m, lang));
        let mut free = trace.free.clone();
        free.sort_by_key(|(rep, value)| (*value, *rep));
        let shown: Vec<String> = free
            .iter()
            .take(FREE_SHOWN_MAX)
            .map(|(rep, value)| format!("{} {}", rep_name(world, *rep), figure(trace.measure, *value)))
            .collect();
        let more = free.len().saturating_sub(shown.len());
        let tail = if more > 0 { format!(" · +{more}") } else { String::new() };
        out.push(format!("  ✓ {kind}: {}{tail}", shown.join(" · ")));
    }
}

/// The whole card, a line each.
#[must_use]
pub fn explanation(world: &World, why: &Explanation, lang: Lang) -> Vec<String> {
    let mut out = vec![verdict(world, why, lang)];
    let score = match lang {
        Lang::En => format!("score {} · book {}", why.score, why.book),
        Lang::Zh => format!("评分 {} · 规则版本 {}", why.score, why.book),
    };
    out.push(score);
    for trace in &why.rules {
        rule_lines(world, trace, lang, &mut out);
    }
    out
}

/// "Why not 张伟?": one sentence and the rows that prove it.
#[must_use]
pub fn why_not(world: &World, why: &Explanation, rep: RepId, lang: Lang) -> Vec<String> {
    let name = rep_name(world, rep);
    if let Verdict::Chosen { rep: chosen, .. } | Verdict::GivenToOwner { rep: chosen, .. } = &why.verdict
        && *chosen == rep
    {
        return vec![match lang {
            Lang::En => format!("{name} got it"),
            Lang::Zh => format!("正是分配给了 {name}"),
        }];
    }
    let mut out = Vec::new();
    for trace in &why.rules {
        if let Some((reason, _)) = trace.left_out.iter().find(|(_, reps)| reps.contains(&rep)) {
            out.push(match lang {
                Lang::En => {
                    format!(
                        "{}: {name} was left out: {}",
                        rule_name(world, trace, lang),
                        left_out(reason, lang)
                    )
                }
                Lang::Zh => {
                    format!("{}：{name} 未入选：{}", rule_name(world, trace, lang), left_out(reason, lang))
                }
            });
        } else if let Some((_, mine)) = trace.free.iter().find(|(r, _)| *r == rep) {
            out.push(behind(world, why, trace, &name, *mine, lang));
        } else {
            out.push(match lang {
                Lang::En => {
                    format!("{}: {name} is not among those it gives to", rule_name(world, trace, lang))
                }
                Lang::Zh => format!("{}：{name} 不在其分配范围内", rule_name(world, trace, lang)),
            });
        }
    }
    if out.is_empty() {
        out.push(format!("{name}: {}", verdict(world, why, lang)));
    }
    out
}

fn behind(world: &World, why: &Explanation, trace: &RuleTrace, name: &str, mine: i64, lang: Lang) -> String {
    let Verdict::Chosen { rep, tie: how } = &why.verdict else {
        return format!("{name}: {}", verdict(world, why, lang));
    };
    let theirs = trace.free.iter().find(|(r, _)| r == rep).map_or(0, |(_, v)| *v);
    let chosen = rep_name(world, *rep);
    let (mine, theirs) = (figure(trace.measure, mine), figure(trace.measure, theirs));
    let kind = trace.measure.map_or_else(String::new, |m| measure(m, lang));
    match lang {
        Lang::En => format!(
            "{}: {name} was free with {mine}, {chosen} came first with {theirs} ({kind}; {})",
            rule_name(world, trace, lang),
            tie(*how, lang)
        ),
        Lang::Zh => format!(
            "{}：{name} 可接（{mine}），但 {chosen} 排在前（{theirs}；{kind}；{}）",
            rule_name(world, trace, lang),
            tie(*how, lang)
        ),
    }
}

/// Why a lead is parked.
#[must_use]
pub fn park(world: &World, reason: &ParkReason, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    match reason {
        ParkReason::Rule(text) => text.to_string(),
        ParkReason::Unmatched => {
            pick(lang, "nobody matched, and the book has no catch-all", "无规则匹配，且没有兜底")
        }
        ParkReason::Duplicate { of, owner } => {
            let whose = owner.map_or_else(String::new, |o| format!(" ({})", rep_name(world, o)));
            if zh { format!("与 {of} 为同一人{whose}") } else { format!("same person as {of}{whose}") }
        }
        ParkReason::SimilarCompany { of, similarity_milli } => {
            let percent = similarity_milli / 10;
            if zh {
                format!("公司名与 {of} 相似 {percent} %")
            } else {
                format!("company like that of {of}, {percent} %")
            }
        }
        ParkReason::Person { by, reason } => {
            let why = match (reason.is_empty(), zh) {
                (true, _) => String::new(),
                (false, true) => format!("：{reason}"),
                (false, false) => format!(": {reason}"),
            };
            if zh { format!("{by} 转待人工{why}") } else { format!("parked by {by}{why}") }
        }
        ParkReason::Undone { by } => {
            if zh {
                format!("由 {by} 撤销")
            } else {
                format!("undone by {by}")
            }
        }
        ParkReason::OwnerLeft(rep) => {
            let name = rep_name(world, *rep);
            if zh { format!("原负责人 {name} 已离开") } else { format!("its owner {name} left") }
        }
        ParkReason::Pool { from, why, .. } => pooled(world, *from, why, lang),
    }
}

/// How a lead came into the pool.
fn pooled(world: &World, from: Option<RepId>, why: &PoolWhy, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let from = match from.map(|rep| rep_name(world, rep)) {
        Some(name) if zh => format!("，原负责人 {name}"),
        Some(name) => format!(", from {name}"),
        None => String::new(),
    };
    match why {
        PoolWhy::Quiet { days } if zh => format!("线索池：{days} 个工作日未联系{from}"),
        PoolWhy::Quiet { days } => format!("in the pool: no contact in {days} working days{from}"),
        PoolWhy::Late { rule, within_ms } => {
            let within = timer::span(*within_ms);
            if zh {
                format!("线索池：{within} 内未响应（规则「{rule}」）{from}")
            } else {
                format!("in the pool: not answered within {within} (rule “{rule}”){from}")
            }
        }
        PoolWhy::Person { by, reason } => {
            let why = match (reason.is_empty(), zh) {
                (true, _) => String::new(),
                (false, true) => format!("：{reason}"),
                (false, false) => format!(": {reason}"),
            };
            if zh {
                format!("{by} 放入线索池{from}{why}")
            } else {
                format!("put in the pool by {by}{from}{why}")
            }
        }
    }
}

/// Why an entry stands on the ledger, without its date.
#[must_use]
pub fn ledger_reason(reason: &LedgerReason, lang: Lang) -> String {
    match reason {
        LedgerReason::Newcomer => pick(lang, "newcomer", "新人起点"),
        LedgerReason::ReEntry { .. } => pick(lang, "back after absence", "返岗补记"),
        LedgerReason::Adjustment(text) => text.to_string(),
    }
}

/// The engine's mode.
#[must_use]
pub fn mode(mode: crate::model::mode::Mode, lang: Lang) -> String {
    pick(lang, mode.word(), mode.word_zh())
}

/// The alert's name.
#[must_use]
pub fn alert(kind: crate::model::alert::AlertKind, lang: Lang) -> String {
    pick(lang, kind.word(), kind.word_zh())
}
