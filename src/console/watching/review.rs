//! The weekly review in rows: detectors with their figures beside the week before, and the episodes of one. Text only.

use super::Reviewing;
use crate::console::desk::lines::alert_word;
use crate::console::desk::{day_and_hour, short_moment};
use crate::console::look::Glyphs;
use crate::console::model::Model;
use crate::console::text::{Say, T};
use crate::console::widget::fit::{Align, fit_with};
use crate::engine::words::{alerts::ended, milli, rep_name, span};
use crate::model::alert::{AlertKind, AlertSubject};
use crate::model::id::Seq;
use crate::model::time::Millis;
use crate::report::alerts::{Episode, Review, Row, WEEK_MS};

/// Cells of the detector's name and of each figure: together they fit a screen of 80.
const NAME_CELLS: usize = 13;
const FIGURE_CELLS: [usize; 8] = [5, 5, 7, 7, 5, 7, 7, 6];

/// The stretch of a review that ended `back` weeks before `now`.
#[must_use]
pub fn week(now: Millis, back: u32) -> (Millis, Millis) {
    let until = now.plus(-i64::from(back) * WEEK_MS);
    (until.plus(-WEEK_MS), until)
}

/// The detectors with something to tell in either week.
#[must_use]
pub fn kinds(reviewing: &Reviewing) -> Vec<AlertKind> {
    let Some(weeks) = &reviewing.weeks else { return Vec::new() };
    let (now, before) = &**weeks;
    let told = |kind: &AlertKind| now.row(*kind).or(before.row(*kind)).is_some();
    AlertKind::ALL.into_iter().filter(told).collect()
}

/// The episodes listed, newest first.
#[must_use]
pub fn episodes(reviewing: &Reviewing) -> Vec<Seq> {
    let of = |e: &&Episode| Some(e.key.kind) == reviewing.kind;
    reviewing
        .weeks
        .as_ref()
        .map_or_else(Vec::new, |weeks| weeks.0.episodes.iter().filter(of).map(|e| e.episode).collect())
}

/// What stands over the columns.
#[must_use]
pub fn head(model: &Model) -> String {
    let g = model.look.glyphs();
    let heads = [
        T::ReviewFired,
        T::ReviewActed,
        T::ReviewMedian,
        T::ReviewByBook,
        T::ReviewFalse,
        T::ReviewPrecise,
        T::ReviewAverted,
        T::ReviewBefore,
    ];
    let name = fit_with(T::ReviewDetector.get(model.lang), NAME_CELLS, Align::Left, g);
    columns(name, &heads.map(|head| head.get(model.lang).to_owned()), g)
}

/// The name with a figure in each column.
fn columns(name: String, figures: &[String; 8], g: &Glyphs) -> String {
    let cells = FIGURE_CELLS.into_iter().zip(figures);
    cells.fold(name, |line, (cells, figure)| format!("{line} {}", fit_with(figure, cells, Align::Right, g)))
}

/// One detector's figures.
#[must_use]
pub fn row(model: &Model, reviewing: &Reviewing, kind: AlertKind) -> String {
    let g = model.look.glyphs();
    let Some(weeks) = &reviewing.weeks else { return String::new() };
    let (now, before) = &**weeks;
    let name = fit_with(alert_word(kind).get(model.lang), NAME_CELLS, Align::Left, g);
    let fired_before = before.row(kind).map_or(0, |row| row.fired);
    let [a, b, c, d, e, f, h] =
        now.row(kind).map_or_else(|| [const { String::new() }; 7], |row| figures(row, g));
    columns(name, &[a, b, c, d, e, f, h, fired_before.to_string()], g)
}

fn figures(row: &Row, g: &Glyphs) -> [String; 7] {
    let none = || g.separator.to_owned();
    let precise = row.precision_milli().and_then(|p| i64::try_from(p).ok());
    [
        row.fired.to_string(),
        row.acted.to_string(),
        row.to_act_ms.map_or_else(none, span),
        row.automatic.to_string(),
        row.false_alarms.to_string(),
        precise.map_or_else(none, |p| format!("{} %", milli(p / 10 * 1000))),
        row.averted.to_string(),
    ]
}

/// One episode: when, about what, who acted after how long, how it ended.
#[must_use]
pub fn episode(model: &Model, reviewing: &Reviewing, seq: Seq) -> String {
    let Some(weeks) = &reviewing.weeks else { return String::new() };
    let found = weeks.0.episodes.iter().find(|e| e.episode == seq);
    found.map_or_else(String::new, |of| episode_line(model, of))
}

fn episode_line(model: &Model, of: &Episode) -> String {
    let (lang, moment, g) = (model.lang, model.desk.moment(), model.look.glyphs());
    let about = match of.key.subject {
        AlertSubject::Desk => T::WholeDesk.get(lang).to_owned(),
        AlertSubject::Rep(rep) => rep_name(model.desk.world(), rep),
        AlertSubject::Lead(lead) => lead.to_string(),
        AlertSubject::Source(_) | AlertSubject::Rule(_) => of.about.to_string(),
    };
    let acted = match &of.acted {
        Some((at, by)) => Say::ReviewActedBy(by, &span(at.since(of.fired_at))),
        None if of.automatic > 0 => T::ReviewByBookOnly.into(),
        None => T::ReviewNobody.into(),
    };
    let end = match &of.ended {
        Some((at, _, cleared)) => {
            format!("{} {}", span(at.since(of.fired_at)), ended(cleared, lang))
        }
        None => T::ReviewStillOpen.get(lang).to_owned(),
    };
    let at = fit_with(&short_moment(of.fired_at, moment), 11, Align::Left, g);
    let about = fit_with(&about, 14, Align::Left, g);
    let acted = fit_with(acted.get(lang), 22, Align::Left, g);
    format!("{at}  {about}  {acted}  {end}")
}

/// `Review · 10-25 14:32 to 11-01 14:32`.
#[must_use]
pub fn title(model: &Model, reviewing: &Reviewing) -> String {
    let (from, until) = week(model.now, reviewing.back);
    let (from, until) = (day_and_hour(from, model.desk.moment()), day_and_hour(until, model.desk.moment()));
    let what = match reviewing.kind {
        Some(kind) => Say::ReviewKind(alert_word(kind)),
        None => T::ReviewTitle.into(),
    };
    Say::ReviewOf(&what, &from, &until).get(model.lang).to_owned()
}

/// Two weeks as the reader found them, without what this person is not told.
#[must_use]
pub fn shown(is_supervisor: bool, weeks: (Review, Review)) -> (Review, Review) {
    if is_supervisor { weeks } else { (weeks.0.without_private(), weeks.1.without_private()) }
}
