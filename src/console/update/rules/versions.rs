//! The history of the rules: any two compared, one key back to an old one; and the rules in force to be read.

use super::{open as push, publish, top};
use crate::console::draft::diff::diff;
use crate::console::draft::sheet::{Comparing, Reading, RuleSheet, VersionLine, Versions};
use crate::console::model::{Model, Overlay, Severity};
use crate::console::msg::{Ask, Effect};
use crate::console::text::{Say, T};
use crate::model::actor::Role;
use crate::model::id::BookVersion;
use crate::model::lang::Lang;

/// Opens the list; its rows come from the file.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    push(model, RuleSheet::Versions(Versions::default()));
    vec![Effect::Ask(Ask::Versions)]
}

/// The rows came.
pub(super) fn came(model: &mut Model, rows: Vec<VersionLine>) {
    let page = model.pages.overlay;
    if let Some(RuleSheet::Versions(versions)) = top(model) {
        (versions.rows, versions.has_come) = (rows, true);
        let ids: Vec<BookVersion> = versions.rows.iter().map(|row| row.version).collect();
        versions.list.sync(&ids, page);
    }
}

/// The selected version.
#[must_use]
pub fn selected(model: &Model) -> Option<BookVersion> {
    match model.overlays.last() {
        Some(Overlay::Rules(sheet)) => match &**sheet {
            RuleSheet::Versions(versions) => versions.list.selected(),
            _ => None,
        },
        _ => None,
    }
}

/// Remembers the selected version for a comparison, or forgets it.
pub(super) fn mark(model: &mut Model) -> Vec<Effect> {
    if let Some(RuleSheet::Versions(versions)) = top(model) {
        let here = versions.list.selected();
        versions.marked = if versions.marked == here { None } else { here };
    }
    Vec::new()
}

/// The selected version beside the marked one, else beside the one before; the older stands left.
pub(super) fn compare(model: &mut Model) -> Vec<Effect> {
    let Some(RuleSheet::Versions(versions)) = top(model) else { return Vec::new() };
    let Some(here) = versions.list.selected() else { return Vec::new() };
    let before = BookVersion(here.0.saturating_sub(1));
    let other = versions.marked.filter(|marked| *marked != here).unwrap_or(before);
    let text = |version| versions.rows.iter().find(|row| row.version == version).map(|row| &*row.text);
    let (from, to) = (here.min(other), here.max(other));
    // The first version has nothing before it.
    let diff = diff(text(from).unwrap_or_default(), text(to).unwrap_or_default());
    let below = versions.clone();
    model.overlays.pop();
    push(model, RuleSheet::Compare(Comparing { from, to, diff, offset: 0, below }));
    Vec::new()
}

/// Shows what going back to the selected version would change; Enter there publishes its text anew.
pub(super) fn roll_back(model: &mut Model) -> Vec<Effect> {
    let Some(version) = selected(model) else { return Vec::new() };
    if version == model.desk.world().published().version {
        model.say(Severity::Refused, T::IsInForce);
        return Vec::new();
    }
    let Some(RuleSheet::Versions(versions)) = top(model) else { return Vec::new() };
    let row = versions.rows.iter().find(|row| row.version == version);
    let Some(text) = row.map(|row| row.text.clone()) else { return Vec::new() };
    publish::show(model, text, Some(version), 0);
    Vec::new()
}

/// The rules in force in plain words, for everybody; a rep reads what can give leads to them.
pub(super) fn sentences(model: &mut Model) -> Vec<Effect> {
    let world = model.desk.world();
    let tree = crate::rulebook::parse(&world.published().text).tree;
    let names = crate::engine::names(world);
    let is_rep = names.reps.iter().any(|rep| rep.login == model.me.name) && !model.may(Role::Coordinator);
    let rep = is_rep.then_some(model.me.name.as_str());
    let told = |lang| crate::rulebook::explain(&tree, &names, rep, lang);
    let mut lines = Vec::new();
    for (en, zh) in told(Lang::En).into_iter().zip(told(Lang::Zh)) {
        if !lines.is_empty() {
            lines.push((false, Say::verbatim("")));
        }
        lines.push((true, Say::both(en.heading, zh.heading)));
        let sentences = en.sentences.into_iter().zip(zh.sentences);
        lines.extend(sentences.map(|(en, zh)| (false, Say::both(en, zh))));
    }
    push(model, RuleSheet::Sentences(Reading { lines, offset: 0 }));
    Vec::new()
}
