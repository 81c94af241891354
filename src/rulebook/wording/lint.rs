//! The sentences of lint: what a sound book gets wrong beside its desk.

use smol_str::SmolStr;

use super::super::diagnostic::DiagCode;
use super::super::field::field_text;
use super::super::literal::{decimal_text, weekday_text};
use super::say;
use crate::model::field::Field;
use crate::model::lang::Lang;

/// Both sentences of a finding of lint; words of the language are those of the text, `kl`.
pub(super) fn linted(code: &DiagCode, kl: Lang) -> (String, String) {
    match code {
        DiagCode::NeverMatches { rule } => (
            format!("no lead can ever meet the condition of rule \"{rule}\""),
            format!("没有线索能满足规则“{rule}”的条件"),
        ),
        DiagCode::Shadowed { rule, by, more } => shadowed(rule, by, *more),
        DiagCode::PoolEmpty { rule, day, minute, minutes } => (
            format!(
                "nobody whom rule \"{rule}\" reaches works at {}, while others do; {} a week",
                moment(*day, *minute, Lang::En),
                hours(*minutes, Lang::En)
            ),
            format!(
                "{}有人上班，但规则“{rule}”能分到的人都不上班；每周共 {}",
                moment(*day, *minute, Lang::Zh),
                hours(*minutes, Lang::Zh)
            ),
        ),
        DiagCode::NobodyWorks { day, minute, minutes } => (
            format!(
                "nobody at all works at {}; {} a week are nobody's working hours",
                moment(*day, *minute, Lang::En),
                hours(*minutes, Lang::En)
            ),
            format!(
                "{}没有任何人上班；每周共 {} 无人上班",
                moment(*day, *minute, Lang::Zh),
                hours(*minutes, Lang::Zh)
            ),
        ),
        DiagCode::CapsFull { rule, full, of } if full == of => (
            format!(
                "all {of} reps whom rule \"{rule}\" reaches are at their cap now: it would give to nobody"
            ),
            format!("规则“{rule}”能分到的 {of} 位销售目前都已满额：谁也分不到"),
        ),
        DiagCode::CapsFull { rule, full, of } => (
            format!("{full} of the {of} reps whom rule \"{rule}\" reaches are at their cap now"),
            format!("规则“{rule}”能分到的 {of} 位销售中，{full} 位目前已满额"),
        ),
        DiagCode::WindowPast { name } => {
            (format!("the window \"{name}\" is over"), format!("时段“{name}”已经结束"))
        }
        DiagCode::WindowsOverlap { name, with } => {
            (format!("the windows \"{name}\" and \"{with}\" overlap"), format!("时段“{name}”与“{with}”重叠"))
        }
        DiagCode::NeverSeen { field, value, near } => never_seen(field, value, near.as_ref(), kl),
        DiagCode::RepliesUnrecorded { rule, source, more } => {
            let (en, zh) = match more {
                0 => (String::new(), String::new()),
                n => (format!(" and {n} more"), format!("等 {} 个渠道", n + 1)),
            };
            (
                format!(
                    "rule \"{rule}\" moves no lead of {source}{en} when the limit passes: their replies are not recorded"
                ),
                format!("规则“{rule}”超时后不会移动 {source}{zh}的线索：这些渠道不记录回复"),
            )
        }
        DiagCode::RepliesSilent { source, leads } => (
            format!("no reply was ever recorded for {source}, of {} leads", grouped(*leads)),
            format!("渠道 {source} 共 {} 条线索，从未记录过回复", grouped(*leads)),
        ),
        _ => (String::new(), String::new()),
    }
}

fn shadowed(rule: &str, by: &[SmolStr], more: usize) -> (String, String) {
    if let ([by], 0) = (by, more) {
        return (
            format!("rule \"{rule}\" can never win a lead: rule \"{by}\" takes all of it"),
            format!("规则“{rule}”永远分不到线索：规则“{by}”已全部接收"),
        );
    }
    let names = |open: &str, close: &str, joint: &str| {
        by.iter().map(|name| format!("{open}{name}{close}")).collect::<Vec<_>>().join(joint)
    };
    let (en, zh) = match more {
        0 => (String::new(), String::new()),
        n => (format!(" and {n} more"), format!("等 {} 条", by.len() + n)),
    };
    (
        format!(
            "rule \"{rule}\" can never win a lead: rules {}{en} together take all of it",
            names("\"", "\"", ", ")
        ),
        format!("规则“{rule}”永远分不到线索：规则{}{zh}合起来已全部接收", names("“", "”", "、")),
    )
}

fn never_seen(field: &Field, value: &str, near: Option<&(SmolStr, u64)>, kl: Lang) -> (String, String) {
    let field = field_text(field, kl);
    let (en, zh) = match near {
        Some((near, leads)) => {
            let leads = grouped(*leads);
            (format!("; {near} has {leads}"), format!("；{near} 有 {leads} 条"))
        }
        None => (String::new(), String::new()),
    };
    (format!("no lead ever had {field} {value}{en}"), format!("从没有过 {field} = {value} 的线索{zh}"))
}

/// A weekday and a time of day.
fn moment(day: u8, minute: u16, lang: Lang) -> String {
    format!("{} {:02}:{:02}", weekday_text(day, lang), minute / 60, minute % 60)
}

fn hours(minutes: u32, lang: Lang) -> String {
    let hours = decimal_text(i64::from(minutes) * 1000 / 60);
    say(lang, format!("{hours} hours"), format!("{hours} 小时"))
}

/// A count with a comma between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
