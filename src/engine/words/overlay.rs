//! Overlays in words: diverts with their scope, people and end.

use super::{pick, rep_name};
use crate::model::lang::Lang;
use crate::model::mode::ModeScope;
use crate::model::overlay::{Divert, DivertTo, PromotionSwitch};
use crate::model::time::Millis;
use crate::model::why::{Overlay, Promoted};
use crate::world::World;

/// Day and minute in the book's zone.
pub(super) fn clock(world: &World, at: Millis) -> String {
    chrono::DateTime::from_timestamp_millis(at.0).map_or_else(String::new, |t| {
        t.with_timezone(&world.book().zone).format("%Y-%m-%d %H:%M").to_string()
    })
}

/// Who a divert gives to, and how: `team Promo, 李娜 · fair`.
#[must_use]
pub fn divert_to(world: &World, divert: &Divert, lang: Lang) -> String {
    let name = |to: &DivertTo| match to {
        DivertTo::Team(team) => team.to_string(),
        DivertTo::Rep(rep) => rep_name(world, *rep),
    };
    let separator = pick(lang, ", ", "、");
    divert.to.iter().map(name).collect::<Vec<_>>().join(&separator)
}

/// A divert in one line without its number: scope, people, end, who set it and why.
#[must_use]
pub fn divert(world: &World, divert: &Divert, lang: Lang) -> String {
    let (to, until) = (divert_to(world, divert, lang), clock(world, divert.until));
    let by = divert.by.word();
    let why = match (divert.reason.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::En) => format!(": {}", divert.reason),
        (false, Lang::Zh) => format!("：{}", divert.reason),
    };
    match lang {
        Lang::En => {
            let scope = if divert.scope.is_empty() { "every lead" } else { &divert.scope };
            format!("{scope} → {to} by {by} until {until} · {}{why}", divert.set_by)
        }
        Lang::Zh => {
            let scope = if divert.scope.is_empty() { "全部线索" } else { &divert.scope };
            format!("{scope} → {to}（{by}）至 {until} · {}{why}", divert.set_by)
        }
    }
}

/// What an explanation calls an overlay that was asked.
pub(super) fn overlay(world: &World, overlay: &Overlay, lang: Lang) -> String {
    match overlay {
        Overlay::Divert { divert, set_by, until } => {
            let until = clock(world, *until);
            match lang {
                Lang::En => format!("divert {divert} by {set_by} until {until}"),
                Lang::Zh => format!("临时改道 {divert}（{set_by} 设，至 {until}）"),
            }
        }
        Overlay::Promotions { promotions, over } => {
            let over = over.as_deref().map(|over| self::overlay(world, over, lang));
            let all = over.into_iter().chain(promotions.iter().map(|p| promoted(world, p, lang)));
            all.collect::<Vec<_>>().join(pick(lang, "; ", "；").as_str())
        }
    }
}

/// What a promotion had to do with a decision: `promotion “Double 11” until …: cap 60 open, weight 2`.
fn promoted(world: &World, promoted: &Promoted, lang: Lang) -> String {
    let until = clock(world, promoted.until);
    let zh = lang == Lang::Zh;
    let mut given = Vec::new();
    if promoted.rule {
        given.push(pick(lang, "this rule", "本规则"));
    }
    given.extend(
        promoted.cap_open.map(|n| if zh { format!("在手上限 {n}") } else { format!("cap {n} open") }),
    );
    given.extend(
        promoted.cap_day.map(|n| if zh { format!("日上限 {n}") } else { format!("cap {n} per day") }),
    );
    given.extend(promoted.weight_milli.map(|milli| {
        let weight = super::milli(i64::from(milli));
        if zh { format!("权重 {weight}") } else { format!("weight {weight}") }
    }));
    let given = given.join(pick(lang, ", ", "、").as_str());
    if zh {
        format!("大促「{}」至 {until}：{given}", promoted.name)
    } else {
        format!("promotion “{}” until {until}: {given}", promoted.name)
    }
}

/// What became of a promotion by a switch.
pub(super) fn promotion_switched(
    world: &World,
    name: &str,
    after: Option<&PromotionSwitch>,
    lang: Lang,
) -> String {
    let zh = lang == Lang::Zh;
    let Some(switch) = after else {
        return if zh {
            format!("大促「{name}」恢复按时段")
        } else {
            format!("promotion “{name}” goes by its window")
        };
    };
    let why = match (switch.reason.is_empty(), zh) {
        (true, _) => String::new(),
        (false, false) => format!(": {}", switch.reason),
        (false, true) => format!("：{}", switch.reason),
    };
    if switch.is_stop() {
        return if zh {
            format!("大促「{name}」结束{why}")
        } else {
            format!("promotion “{name}” ended{why}")
        };
    }
    let until = clock(world, switch.until);
    if zh {
        format!("大促「{name}」开启，至 {until}{why}")
    } else {
        format!("promotion “{name}” on until {until}{why}")
    }
}

/// What became of a divert.
pub(super) fn divert_changed(
    world: &World,
    id: crate::model::id::DivertId,
    before: Option<&Divert>,
    after: Option<&Divert>,
    lang: Lang,
) -> String {
    match (before, after) {
        (None, Some(d)) => format!("{} {id}: {}", pick(lang, "divert", "临时改道"), divert(world, d, lang)),
        (Some(b), Some(a)) if a.until < b.until => {
            format!("{} {id}", pick(lang, "divert ended", "临时改道结束"))
        }
        (Some(_), Some(_)) => format!("{} {id}", pick(lang, "divert goes on", "临时改道继续")),
        _ => format!("{} {id}", pick(lang, "divert taken back", "撤回临时改道")),
    }
}

/// What a mode is set for.
#[must_use]
pub fn scope(scope: &ModeScope, lang: Lang) -> String {
    match (scope, lang) {
        (ModeScope::Desk, Lang::En) => "the desk".into(),
        (ModeScope::Desk, Lang::Zh) => "全台".into(),
        (ModeScope::Team(name), Lang::En) => format!("team {name}"),
        (ModeScope::Team(name), Lang::Zh) => format!("团队「{name}」"),
        (ModeScope::Rule(name), Lang::En) => format!("rule “{name}”"),
        (ModeScope::Rule(name), Lang::Zh) => format!("规则「{name}」"),
        (ModeScope::Source(name), Lang::En) => format!("source {name}"),
        (ModeScope::Source(name), Lang::Zh) => format!("渠道「{name}」"),
    }
}

/// A placement that a mode made a proposal, or withheld. `rule` is empty when no rule decided.
pub(super) fn under_mode((is_paused, of): (bool, &ModeScope), rule: &str, would: &str, lang: Lang) -> String {
    let of = scope(of, lang);
    let rule = if rule.is_empty() { pick(lang, "the engine", "引擎") } else { rule.to_owned() };
    match (is_paused, lang) {
        (false, Lang::En) => format!("{rule} proposes {would}; {of} is on assist: a person accepts"),
        (false, Lang::Zh) => format!("{rule}建议 {would}；{of}为建议模式，由人确认"),
        (true, Lang::En) => format!("{rule} would give it to {would}, but {of} is paused: it waits"),
        (true, Lang::Zh) => format!("{rule}本应分配给 {would}，但{of}已暂停：等待"),
    }
}
