//! The top line: file, mode, who leads, rules, what is on, the rate, the clock, who sits here.

use super::Canvas;
use crate::console::desk::{Leadership, mode_word};
use crate::console::model::Model;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::fit::{cut, width};
use crate::console::widget::spark::spark;
use crate::model::lang::Lang;
use crate::model::mode::Mode;
use crate::model::time::MINUTE_MS;
use ratatui::layout::Rect;

/// Cells of the most urgent thing over the rules for which the file's name gives way.
const FIRST_MIN: usize = 12;
/// Goes before the file's name where there is room.
const BRAND: &str = "LEADYARD  ";
/// Cells of the sparkline.
const SPARK_CELLS: usize = 7;

/// A part of the line; the higher the rank, the sooner it goes when room is short. 0 stays.
struct Part {
    text: String,
    role: Role,
    rank: u8,
    /// Less of it, for when that is still too much.
    short: Option<String>,
}

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let mut left = parts(canvas);
    // What the person may do is the desk's to say.
    let role = if model.desk.is_loaded() { role(model) } else { "" };
    let right = format!("{}  {} {role}", clock(canvas), model.me.name);
    let right_cells = width(&right) + 2;
    let room = usize::from(area.width).saturating_sub(right_cells);
    let on = shrink(canvas, &mut left, room);
    let end = area.right().saturating_sub(u16::try_from(right_cells).unwrap_or(area.width));
    if let Some(part) = on {
        let place = left.iter().position(|part| part.rank == RULES_RANK);
        left.insert(place.map_or(left.len(), |rules| rules + 1), part);
    }
    let mut x = area.x + 1;
    for part in left {
        let style = canvas.role(part.role);
        x += canvas.put(x, area.y, &part.text, end.saturating_sub(x), style) + 3;
    }
    let style = canvas.role(Role::Muted);
    canvas.put(end + 1, area.y, &right, area.right().saturating_sub(end + 1), style);
}

/// The rank of the book's version, behind which stands what lies over it.
const RULES_RANK: u8 = 2;

/// Everything but what lies over the rules, whole.
fn parts(canvas: &Canvas) -> Vec<Part> {
    let model = canvas.model;
    let summary = model.desk.summary();
    let (mode, mode_role) =
        (mode_word(summary.mode), if summary.mode == Mode::Auto { Role::Ok } else { Role::Warn });
    let leads = match summary.leadership {
        Leadership::Here => T::Leads,
        Leadership::Elsewhere => T::Follows,
        Leadership::ReadOnly => T::ReadOnly,
    };
    let mode = match &summary.mode_until {
        Some(until) => Say::ModeUntil(mode, until),
        None => mode.into(),
    };
    let (dot, sep) = (canvas.glyphs.dot, canvas.glyphs.separator);
    let part = |text: String, role, rank| Part { text, role, rank, short: None };
    let standing = if model.desk.is_loaded() {
        let short = format!("{dot} {}", canvas.say(&mode));
        let text = format!("{short} {sep} {}", canvas.t(leads));
        Part { text, role: mode_role, rank: 0, short: Some(short) }
    } else {
        // Neither mode nor leader is known yet, and nothing is claimed.
        part(format!("{dot} {}", loading(model)), Role::Warn, 0)
    };
    let mut left = vec![part(format!("{BRAND}{}", summary.file), Role::Header, 0), standing];
    left.push(part(Say::RulesVersion(summary.book).get(model.lang).to_owned(), Role::Muted, RULES_RANK));
    if let Some(count) = model.desk.frozen() {
        left.push(part(Say::FrozenBy(count).get(model.lang).to_owned(), Role::Danger, 0));
    }
    let proposed = model.desk.proposed().len();
    if proposed > 0 {
        left.push(part(Say::ProposedCount(proposed).get(model.lang).to_owned(), Role::Warn, 1));
    }
    if !summary.rate_per_min.is_empty() {
        let rate = Say::PerMinute(&summary.rate_per_min);
        let line = spark(&summary.rate_history, SPARK_CELLS, canvas.glyphs);
        left.push(part(format!("{} {line}", rate.get(model.lang)), Role::Muted, 3));
    }
    left
}

/// Makes `left` and what lies over the rules fit into `room` cells. A window of the calendar is told where there is room; a
/// mode, a trial, a divert or a promotion is visible while it lasts, however narrow the screen: the most urgent are said and
/// the rest counted.
fn shrink(canvas: &Canvas, left: &mut Vec<Part>, room: usize) -> Option<Part> {
    let summary = canvas.model.desk.summary();
    let needed = |left: &[Part], on: &str| {
        let all = left.iter().map(|part| width(&part.text) + 3).sum::<usize>();
        all + if on.is_empty() { 0 } else { width(on) + 3 }
    };
    let flag = canvas.glyphs.flag;
    let texts: Vec<&str> = summary.on.iter().map(|say| canvas.say(say)).collect();
    let line = |first: &str, more: usize| match more {
        _ if texts.is_empty() => String::new(),
        0 => format!("{flag} {first}"),
        more => format!("{flag} {first} +{more}"),
    };
    let mut on = line(&texts.join(" · "), 0);
    drop_down_to(left, 2, |left| needed(left, &on) <= room);
    let lasting = texts.get(..summary.lasting).unwrap_or(&texts);
    if needed(left, &on) > room {
        let forms = (1..=lasting.len())
            .rev()
            .map(|n| line(&lasting.get(..n).unwrap_or_default().join(" · "), lasting.len() - n));
        let mut forms = forms.skip_while(|form| needed(left, form) > room);
        on = forms.next().unwrap_or_default();
    }
    if let (true, [first, rest @ ..]) = (on.is_empty(), lasting) {
        // Not even the first fits: what the line is about gives way to it, and then its own end.
        let first: &str = first;
        on = line(first, rest.len());
        if let Some(file) = left.first_mut() {
            file.text = file.text.strip_prefix(BRAND).unwrap_or(&file.text).to_owned();
        }
        drop_down_to(left, 1, |left| needed(left, &on) <= room);
        if needed(left, &on) > room {
            left.iter_mut().for_each(|part| {
                part.text = part.short.take().unwrap_or_else(|| std::mem::take(&mut part.text));
            });
        }
        if needed(left, &on) > room + width(first) - FIRST_MIN.min(width(first)) {
            left.remove(0);
        }
        let over = needed(left, &on).saturating_sub(room);
        let first = cut(first, width(first).saturating_sub(over).max(1), canvas.glyphs);
        on = line(&first, rest.len());
    }
    drop_down_to(left, 1, |left| needed(left, &on) <= room);
    let role = if summary.modes > 0 { Role::Warn } else { Role::Accent };
    (!on.is_empty()).then_some(Part { text: on, role, rank: 0, short: None })
}

/// Takes parts away, the highest rank first and none below `least`, until `fits`.
fn drop_down_to(left: &mut Vec<Part>, least: u8, fits: impl Fn(&[Part]) -> bool) {
    while !fits(left) {
        let ranks = left.iter().enumerate().filter(|(_, part)| part.rank >= least);
        let Some((at, _)) = ranks.max_by_key(|(_, part)| part.rank) else { return };
        left.remove(at);
    }
}

/// That the desk is being opened, and how far that is where it takes long.
fn loading(model: &Model) -> String {
    match model.desk.opening().progress {
        Some((folded, total)) => {
            let percent = folded.saturating_mul(100) / total.max(1);
            Say::LoadingSoFar(percent).get(model.lang).to_owned()
        }
        None => T::LoadingDesk.get(model.lang).to_owned(),
    }
}

fn role(model: &Model) -> &'static str {
    match model.lang {
        Lang::En => model.me.role.word(),
        Lang::Zh => model.me.role.word_zh(),
    }
}

/// Hours and minutes in the desk's zone.
fn clock(canvas: &Canvas) -> String {
    let minutes =
        canvas.model.now.0.div_euclid(MINUTE_MS) + i64::from(canvas.model.desk.summary().utc_offset_min);
    let of_day = minutes.rem_euclid(24 * 60);
    format!("{:02}:{:02}", of_day / 60, of_day % 60)
}
