//! The history of the rules: any two compared, one key back to an old one.

use super::{open as push, publish, top};
use crate::console::draft::diff::diff;
use crate::console::draft::sheet::{Comparing, RuleSheet, VersionLine, Versions};
use crate::console::model::{Model, Overlay, Severity};
use crate::console::msg::{Ask, Effect};
use crate::console::text::T;
use crate::model::id::BookVersion;

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
