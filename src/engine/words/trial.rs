//! Drafts on trial in words: what is tried on whom, how it ended, where a shadow would have gone another way.

use super::overlay::clock;
use super::{pick, rep_name};
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::trial::{Landing, Share, Trial, TrialEnd, TrialId, TrialKind};
use crate::world::World;

/// A share as people say it.
#[must_use]
pub fn share(share: &Share, lang: Lang) -> String {
    match (share, lang) {
        (Share::Leads { permille, .. }, Lang::En) => format!("{} % of leads", tenths(*permille)),
        (Share::Leads { permille, .. }, Lang::Zh) => format!("{}% 的线索", tenths(*permille)),
        (Share::Team(team), Lang::En) => format!("team {team}"),
        (Share::Team(team), Lang::Zh) => format!("团队「{team}」"),
    }
}

/// Thousandths as a percentage.
#[must_use]
pub fn tenths(permille: u16) -> String {
    if permille.is_multiple_of(10) {
        (permille / 10).to_string()
    } else {
        format!("{}.{}", permille / 10, permille % 10)
    }
}

/// A placement by a rule of a draft.
pub(super) fn gave((id, of): (TrialId, &Share), rule: &str, rep: &str, because: &str, lang: Lang) -> String {
    match lang {
        Lang::En => {
            format!("{rule} of draft {id}, on trial for {}, gave it to {rep}: {because}", share(of, lang))
        }
        Lang::Zh => format!("试运行草稿 {id}（{}）的{rule}分配给 {rep}：{because}", share(of, lang)),
    }
}

/// A decision of a draft: `inner` says what it came to.
pub(super) fn tried(id: TrialId, of: &Share, inner: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{inner} (draft {id} on trial, {})", share(of, lang)),
        Lang::Zh => format!("{inner}（试运行草稿 {id}，{}）", share(of, lang)),
    }
}

/// A trial in one line: kind, share, end, condition, who and why.
#[must_use]
pub fn trial(world: &World, trial: &Trial, lang: Lang) -> String {
    let what = match (&trial.kind, lang) {
        (TrialKind::Shadow, Lang::En) => format!("shadow {} on {}", trial.id, trial.base),
        (TrialKind::Shadow, Lang::Zh) => format!("影子试运行 {}（基于 {}）", trial.id, trial.base),
        (TrialKind::Canary { share: of, until, promote_when }, Lang::En) => {
            let then = if promote_when.is_empty() {
                "then withdrawn".to_owned()
            } else {
                format!("published if {promote_when}")
            };
            let until = clock(world, *until);
            format!("canary {} on {}: {} until {until}, {then}", trial.id, trial.base, share(of, lang))
        }
        (TrialKind::Canary { share: of, until, promote_when }, Lang::Zh) => {
            let then = if promote_when.is_empty() {
                "到期撤回".to_owned()
            } else {
                format!("满足 {promote_when} 则发布")
            };
            let until = clock(world, *until);
            format!("灰度试运行 {}（基于 {}）：{}，至 {until}，{then}", trial.id, trial.base, share(of, lang))
        }
    };
    let why = if trial.reason.is_empty() { String::new() } else { format!(" · {}", trial.reason) };
    format!("{what} · {}{why}", trial.set_by)
}

/// How a trial ended.
#[must_use]
pub fn end(end: &TrialEnd, lang: Lang) -> String {
    match (end, lang) {
        (TrialEnd::Stopped, _) => pick(lang, "stopped", "已停止"),
        (TrialEnd::Promoted, _) => pick(lang, "published", "已发布"),
        (TrialEnd::Unmet(part), _) if part.is_empty() => {
            pick(lang, "withdrawn: its time is over", "到期撤回")
        }
        (TrialEnd::Unmet(part), Lang::En) => format!("withdrawn: {part} does not hold"),
        (TrialEnd::Unmet(part), Lang::Zh) => format!("已撤回：未满足 {part}"),
        (TrialEnd::BookMoved, _) => {
            pick(lang, "withdrawn: another book was published meanwhile", "已撤回：期间发布了其他规则")
        }
        (TrialEnd::Broken(first), Lang::En) => format!("withdrawn: it has errors now: {first}"),
        (TrialEnd::Broken(first), Lang::Zh) => format!("已撤回：草稿现在有错误：{first}"),
    }
}

pub(super) fn changed(
    world: &World,
    id: TrialId,
    after: Option<&Trial>,
    ended: Option<&TrialEnd>,
    lang: Lang,
) -> String {
    match (after, ended, lang) {
        (Some(started), ..) => trial(world, started, lang),
        (None, Some(how), _) => format!("{} {id}: {}", pick(lang, "trial", "试运行"), end(how, lang)),
        (None, None, _) => {
            format!("{} {id}: {}", pick(lang, "trial", "试运行"), end(&TrialEnd::Stopped, lang))
        }
    }
}

/// Where a decision sends a lead.
#[must_use]
pub fn landing(world: &World, landing: &Landing, lang: Lang) -> String {
    match landing {
        Landing::Rep { rep, rule } => {
            let rep = rep_name(world, *rep);
            match (rule, lang) {
                (Some(rule), Lang::En) => format!("{rep} (“{rule}”)"),
                (Some(rule), Lang::Zh) => format!("{rep}（「{rule}」）"),
                (None, Lang::En) => format!("{rep} (otherwise)"),
                (None, Lang::Zh) => format!("{rep}（兜底）"),
            }
        }
        Landing::Waits => pick(lang, "waits", "等待"),
        Landing::Parked => pick(lang, "parked", "待人工"),
    }
}

pub(super) fn differed(
    world: &World,
    (id, lead): (TrialId, LeadId),
    live: &Landing,
    draft: &Landing,
    lang: Lang,
) -> String {
    let (live, draft) = (landing(world, live, lang), landing(world, draft, lang));
    match lang {
        Lang::En => format!("{lead}: {live}; shadow {id}: {draft}"),
        Lang::Zh => format!("{lead}：{live}；影子 {id}：{draft}"),
    }
}
