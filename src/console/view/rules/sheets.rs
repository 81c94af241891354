//! Outline, history of versions, and the draft that was left behind.

use super::super::Canvas;
use super::super::overlay::sheet::{high, list};
use super::super::overlay::{picker_rows, popup, typed};
use crate::console::desk::day_and_hour;
use crate::console::draft::blocks::blocks;
use crate::console::draft::diff::{diff, summary};
use crate::console::draft::keep::Kept;
use crate::console::draft::sheet::{Reading, VersionLine, Versions};
use crate::console::model::Picker;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::rules;
use crate::console::widget::fit::{Align, fit_with, width};
use ratatui::layout::Rect;

/// Rules of a version's effect that are named.
const RULES_SHOWN: usize = 4;

/// `   3  rule "East China, hot"   ✗ 2`: number of the line, statement, problems in it.
pub(super) fn outline(canvas: &mut Canvas, body: Rect, picker: &Picker<usize>) {
    let model = canvas.model;
    let rows = rules::outline(model);
    let lines = model.draft.editor.lines();
    let all = blocks(lines);
    let inner = popup(canvas, body, canvas.t(T::OutlineTitle), high(body, rows.len() + 1, 4));
    typed(canvas, inner, &picker.field);
    picker_rows(canvas, inner, &picker.list, &rows, |canvas, at, cells| {
        let Some(block) = all.get(at) else { return (String::new(), false) };
        let head = lines.get(block.head_line).map_or("", String::as_str);
        let bad = model.draft.problems.iter().filter(|p| (block.start..block.end).contains(&p.line)).count();
        let bad = if bad > 0 { format!("{} {bad}", canvas.glyphs.alert) } else { String::new() };
        let name = fit_with(head, cells.saturating_sub(14), Align::Left, canvas.glyphs);
        let is_live = block.head.as_ref().is_some_and(|head| !head.is_disabled);
        (format!("{:>5}  {name} {bad}", block.head_line + 1), is_live)
    });
}

/// The versions above; what came of the selected one below.
pub(super) fn versions(canvas: &mut Canvas, body: Rect, versions: &Versions) {
    let ids: Vec<_> = versions.rows.iter().map(|row| row.version).collect();
    let inner = popup(canvas, body, canvas.t(T::VersionsTitle), high(body, ids.len() + 4, 8));
    let above = Rect::new(inner.x, inner.y, inner.width, inner.height.saturating_sub(4));
    let empty = if versions.has_come { T::NoVersions } else { T::WhyAsking };
    list(canvas, above, (&versions.list, &ids), empty, |canvas, id, cells| {
        let row = versions.rows.iter().find(|row| row.version == id);
        row.map_or_else(String::new, |row| version_row(canvas, versions, row, cells))
    });
    let selected = versions.list.selected();
    let Some(row) = versions.rows.iter().find(|row| Some(row.version) == selected) else { return };
    let below = Rect::new(inner.x, above.bottom() + 1, inner.width, 3);
    let (text, muted) = (canvas.role(Role::Text), canvas.role(Role::Muted));
    canvas.line(below, 0, &format!(" {}", row.note), text);
    for (n, line) in (1..).zip(effect(canvas, row)) {
        canvas.line(below, n, &format!(" {line}"), muted);
    }
}

/// `v3  in force  11-01 14:32  王芳  42  why`
fn version_row(canvas: &Canvas, versions: &Versions, row: &VersionLine, cells: usize) -> String {
    let (model, g) = (canvas.model, canvas.glyphs);
    let mark = match row.version {
        version if versions.marked == Some(version) => canvas.t(T::MarkedVersion),
        version if version == model.desk.world().published().version => canvas.t(T::InForceMark),
        _ => "",
    };
    let version = fit_with(&format!("v{}", row.version.0), 5, Align::Left, g);
    let mark = fit_with(mark, 8, Align::Left, g);
    let at = fit_with(&day_and_hour(row.at, model.desk.moment()), 11, Align::Left, g);
    let by = fit_with(&row.by, 10, Align::Left, g);
    let placed = fit_with(&(row.effect.engine + row.effect.person).to_string(), 7, Align::Right, g);
    let note = fit_with(&row.note, cells.saturating_sub(48), Align::Left, g);
    format!("{version} {mark} {at} {by} {placed}  {note}")
}

/// What came of a version: sums, then its rules.
fn effect(canvas: &Canvas, row: &VersionLine) -> Vec<String> {
    let (model, effect) = (canvas.model, &row.effect);
    let lang = model.lang;
    if effect.engine + effect.person + effect.parked == 0 {
        return vec![canvas.t(T::EffectNone).to_owned()];
    }
    let sep = format!(" {} ", canvas.glyphs.separator);
    let mut first = vec![Say::EffectLine(effect.engine, effect.person, effect.parked).get(lang).to_owned()];
    if row.version == model.desk.world().published().version {
        let spread = crate::report::spread::spread_milli(model.desk.world(), model.desk.moment());
        let pct = spread.map(|milli| format!("{}.{}", milli / 10, milli % 10));
        first.extend(pct.map(|pct| Say::EffectSpread(&pct).get(lang).to_owned()));
    }
    if effect.is_cut {
        first.push(canvas.t(T::EffectCut).to_owned());
    }
    let mut rules: Vec<String> = effect
        .rules
        .iter()
        .take(RULES_SHOWN)
        .map(|(rule, count)| Say::EffectRule(rule, *count).get(lang).to_owned())
        .collect();
    let more = effect.rules.len().saturating_sub(RULES_SHOWN);
    if more > 0 {
        rules.push(format!("+{more}"));
    }
    vec![first.join(&sep), rules.join(&sep)]
}

/// A draft that was left: whose, of when, on what.
pub(super) fn left(canvas: &mut Canvas, body: Rect, kept: &Kept) {
    let model = canvas.model;
    let lang = model.lang;
    let now = model.desk.world().published().version;
    let changed = summary(&diff(&kept.base_text, &kept.text)).len();
    let mut lines =
        vec![Say::LeftLine(&day_and_hour(kept.at(), model.desk.moment()), kept.base), Say::LeftSize(changed)];
    if now.0 != kept.base {
        lines.push(Say::LeftBehind(now.0));
    }
    let rows = u16::try_from(lines.len() + 1).unwrap_or(4);
    let inner = popup(canvas, body, canvas.t(T::LeftTitle), rows);
    let (text, muted) = (canvas.role(Role::Text), canvas.role(Role::Muted));
    for (row, line) in (0..).zip(&lines) {
        canvas.line(inner, row, &format!(" {}", line.get(lang)), text);
    }
    canvas.line(inner, inner.height.saturating_sub(1), &format!(" {}", canvas.t(T::LeftHint)), muted);
}

/// The rules in force as sentences; a long one goes on below, indented.
pub(super) fn sentences(canvas: &mut Canvas, body: Rect, reading: &Reading) {
    let model = canvas.model;
    let title = Say::SentencesTitle(model.desk.world().published().version.0);
    let inner = popup(canvas, body, title.get(model.lang), body.height.saturating_sub(2));
    canvas.painted.pages.overlay = usize::from(inner.height).max(1);
    let (head, text) = (canvas.role(Role::Title), canvas.role(Role::Text));
    let mut row = 0;
    for (is_heading, line) in reading.lines.iter().skip(reading.offset) {
        let indent = if *is_heading { " " } else { "   " };
        for part in broken(line.get(model.lang), usize::from(inner.width).saturating_sub(5)) {
            canvas.line(inner, row, &format!("{indent}{part}"), if *is_heading { head } else { text });
            row += 1;
        }
        if row >= inner.height {
            break;
        }
    }
}

/// A sentence in pieces of at most `cells`, broken at blanks where it has some.
fn broken(text: &str, cells: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    for word in text.split_inclusive(|c: char| c == ' ' || "，。；、".contains(c)) {
        let last = out.last_mut();
        match last.filter(|last| width(last) + width(word.trim_end()) <= cells || last.is_empty()) {
            Some(last) => last.push_str(word),
            None => out.push(word.to_owned()),
        }
    }
    out
}
