//! The top line: file, mode, who leads, rules, what is on, the rate, the clock, who sits here.

use super::Canvas;
use crate::console::desk::Leadership;
use crate::console::model::Model;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::fit::width;
use crate::console::widget::spark::spark;
use crate::model::lang::Lang;
use crate::model::mode::Mode;
use crate::model::time::MINUTE_MS;
use ratatui::layout::Rect;

/// Cells of the sparkline.
const SPARK_CELLS: usize = 7;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let summary = model.desk.summary();
    let (mode, mode_role) = match summary.mode {
        Mode::Auto => (T::Auto, Role::Ok),
        Mode::Assist => (T::Assist, Role::Warn),
        Mode::Paused => (T::Paused, Role::Warn),
    };
    let leads = match summary.leadership {
        Leadership::Here => T::Leads,
        Leadership::Elsewhere => T::Follows,
        Leadership::ReadOnly => T::ReadOnly,
    };
    let (dot, sep) = (canvas.glyphs.dot, canvas.glyphs.separator);
    let standing = if model.desk.is_loaded() {
        (format!("{dot} {} {sep} {}", canvas.t(mode), canvas.t(leads)), mode_role, 0)
    } else {
        // Neither mode nor leader is known yet, and nothing is claimed.
        (format!("{dot} {}", loading(model)), Role::Warn, 0)
    };
    let mut left = vec![
        (format!("LEADYARD  {}", summary.file), Role::Header, 0),
        standing,
        (Say::RulesVersion(summary.book).get(model.lang).to_owned(), Role::Muted, 2),
    ];
    if let Some(count) = model.desk.frozen() {
        left.push((Say::FrozenBy(count).get(model.lang).to_owned(), Role::Danger, 0));
    }
    let proposed = model.desk.proposed().len();
    if proposed > 0 {
        left.push((Say::ProposedCount(proposed).get(model.lang).to_owned(), Role::Warn, 1));
    }
    if let Some(banner) = &summary.banner {
        left.push((format!("{} {}", canvas.glyphs.flag, canvas.say(banner)), Role::Accent, 1));
    }
    if !summary.rate_per_min.is_empty() {
        let rate = Say::PerMinute(&summary.rate_per_min);
        let line = spark(&summary.rate_history, SPARK_CELLS, canvas.glyphs);
        left.push((format!("{} {line}", rate.get(model.lang)), Role::Muted, 3));
    }
    // What the person may do is the desk's to say.
    let role = if model.desk.is_loaded() { role(model) } else { "" };
    let right = format!("{}  {} {role}", clock(canvas), model.me.name);
    let right_cells = width(&right) + 2;
    let needed = |parts: &[(String, Role, u8)]| parts.iter().map(|(text, ..)| width(text) + 3).sum::<usize>();
    while needed(&left) + right_cells > usize::from(area.width) {
        let Some(at) = (0..left.len())
            .filter(|i| left.get(*i).is_some_and(|p| p.2 > 0))
            .max_by_key(|i| left.get(*i).map(|p| p.2))
        else {
            break;
        };
        left.remove(at);
    }
    let end = area.right().saturating_sub(u16::try_from(right_cells).unwrap_or(area.width));
    let mut x = area.x + 1;
    for (text, role, _) in left {
        let style = canvas.role(role);
        x += canvas.put(x, area.y, &text, end.saturating_sub(x), style) + 3;
    }
    let style = canvas.role(Role::Muted);
    canvas.put(end + 1, area.y, &right, area.right().saturating_sub(end + 1), style);
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
