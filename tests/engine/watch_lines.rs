//! The watch's lines of the book: whatever figure a line may set, setting it changes what is seen. One scene for each figure
//! of each kind, with a line it is past and a line it is not; a kind or figure without a scene fails.

use std::collections::BTreeSet;

use leadyard::engine::Intent;
use leadyard::model::alert::AlertKind;
use leadyard::model::event::Body;
use leadyard::model::id::RepId;
use leadyard::model::mode::Mode;
use leadyard::model::time::{HOUR_MS, MINUTE_MS, Millis};
use leadyard::rulebook::{Metric, WatchKind};
use leadyard::watch::{Scene, Site, sightings};
use leadyard::world::{Moment, World};

use crate::desk::{Desk, START};
use crate::stream::Stream;

/// What is there: a desk, its sums, and a world that went another way than its log.
struct Seen {
    desk: Desk,
    stream: Option<Stream>,
    world: Option<World>,
}

impl From<Desk> for Seen {
    fn from(desk: Desk) -> Seen {
        Seen { desk, stream: None, world: None }
    }
}

impl From<(Desk, Stream)> for Seen {
    fn from((desk, stream): (Desk, Stream)) -> Seen {
        Seen { desk, stream: Some(stream), world: None }
    }
}

impl Seen {
    fn kinds(&self) -> BTreeSet<AlertKind> {
        let world = self.world.as_ref().unwrap_or(&self.desk.world);
        let now = self.stream.as_ref().map_or(self.desk.now, |stream| stream.now);
        let moment = Moment::at(world.book().zone, now);
        let sums = self.stream.as_ref().map(|stream| &stream.sums);
        let scene = Scene { world, sums, site: &Site::NONE, moment: &moment };
        sightings(&scene).into_iter().filter(|s| s.breach).map(|s| s.finding.key.kind).collect()
    }
}

const RULE: &str = "rule E\n give to team E\notherwise wait\n";

fn two(line: &str) -> Desk {
    Desk::new(&format!("{RULE}{line}\n"))
        .rep("li", |r| r.team("E").cap(10))
        .rep("ou", |r| r.team("E").cap(10))
}

/// Three leads that nobody takes, for six minutes.
fn waiting(line: &str) -> Seen {
    let mut desk = Desk::new(&format!("{RULE}{line}\n")).rep("li", |r| r.team("E").cap(0));
    for _ in 0..3 {
        desk.lead(|l| l);
    }
    desk.wait(6 * MINUTE_MS);
    desk.into()
}

/// One rep has nine of ten, the other none.
fn lopsided(line: &str) -> Seen {
    let mut desk = Desk::new(&format!("{RULE}{line}\n")).rep("liu", |r| r.team("E").cap(10));
    for _ in 0..9 {
        desk.lead(|l| l);
    }
    desk.hire("li", |r| r.team("E").cap(10));
    desk.into()
}

/// One of two reps at the cap.
fn one_full(line: &str) -> Seen {
    let mut desk =
        Desk::new(&format!("{RULE}{line}\n")).rep("li", |r| r.team("E").cap(2)).rep("ou", |r| r.cap(5));
    for _ in 0..2 {
        desk.lead(|l| l);
    }
    desk.into()
}

/// One rep with half of the cap.
fn half_full(line: &str) -> Seen {
    let mut desk = Desk::new(&format!("{RULE}{line}\n")).rep("li", |r| r.team("E").cap(4));
    for _ in 0..2 {
        desk.lead(|l| l);
    }
    desk.into()
}

/// One person with two owners.
fn doubled(line: &str) -> Seen {
    let mut desk = two(line);
    desk.lead(|l| l.phone(5));
    desk.lead(|l| l.phone(5));
    desk.into()
}

/// A lead that has lain for three hours with its owner.
fn lying(line: &str) -> Seen {
    let mut desk = Desk::new(&format!("replies from 官网\n{RULE}{line}\n")).rep("li", |r| r.team("E"));
    desk.lead(|l| l.source("官网"));
    desk.wait(3 * HOUR_MS);
    desk.into()
}

/// Four leads that somebody could take, and nobody serves: as if the sweep had died.
fn stalled(line: &str) -> Seen {
    let mut desk = two(line);
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    for _ in 0..4 {
        desk.lead(|l| l);
    }
    desk.wait(7 * MINUTE_MS);
    let mut world = desk.world.clone();
    let mut event = desk.host.events.last().unwrap().clone();
    event.seq.0 += 1;
    event.body = Body::ModeSet { before: Mode::Paused, after: Mode::Auto };
    world.apply(&event);
    Seen { desk, stream: None, world: Some(world) }
}

/// A lead past its response limit, and the timers looked.
fn overdue(line: &str) -> Seen {
    let book =
        format!("rule E\n give to team E\n respond within 10m, else escalate\notherwise wait\n{line}\n");
    let mut desk = Desk::new(&book).rep("li", |r| r.team("E"));
    desk.lead(|l| l);
    desk.wait(11 * MINUTE_MS);
    desk.engine(Intent::Timers).unwrap();
    desk.into()
}

fn five(line: &str) -> Desk {
    let mut desk = Desk::new(&format!("rule A\n give to team E\notherwise wait\n{line}\n"));
    for rep in 1..=5 {
        desk.hire(&format!("r{rep}"), |r| r.team("E"));
    }
    desk.lead(|l| l);
    desk
}

fn all_five() -> Vec<RepId> {
    (1..=5).map(RepId).collect()
}

/// Half of two hundred leads go to one of five.
fn favoured(line: &str) -> Seen {
    let mut stream = Stream::new(START);
    for turn in 0..200u32 {
        stream.now = stream.now.plus(7 * MINUTE_MS);
        let lead = stream.lead("官网", |_| {});
        let rep = if turn % 2 == 0 { 1 } else { turn / 2 % 4 + 2 };
        stream.assign(lead, RepId(rep), &all_five(), &[], &["A"]);
    }
    (five(line), stream).into()
}

/// Within an hour forty leads, of which ten matched no rule and ten found nobody free.
fn unanswered(line: &str) -> Seen {
    let mut stream = Stream::new(START);
    for turn in 0..40u32 {
        stream.now = stream.now.plus(MINUTE_MS);
        let lead = stream.lead("官网", |_| {});
        match turn % 4 {
            0 => drop(stream.wait(lead, &[])),
            1 => drop(stream.wait(lead, &["A"])),
            _ => drop(stream.assign(lead, RepId(turn / 4 % 5 + 1), &all_five(), &[], &["A"])),
        }
    }
    (five(line), stream).into()
}

/// Four weeks of two leads an hour, then twelve in the last.
fn surging(line: &str) -> Seen {
    let mut stream = Stream::new(START);
    for hour in 0..28 * 24 {
        let n = if hour == 28 * 24 - 1 { 12 } else { 2 };
        let start = stream.now;
        for k in 0..n {
            stream.now = start.plus(k * HOUR_MS / n);
            stream.lead("官网", |_| {});
        }
        stream.now = start.plus(HOUR_MS);
    }
    stream.now = Millis(stream.now.0 - 1);
    (five(line), stream).into()
}

/// Four weeks of two leads an hour, then none for nine hours.
fn silent(line: &str) -> Seen {
    let mut stream = Stream::new(START);
    for _ in 0..2 * 28 * 24 {
        stream.lead("官网", |_| {});
        stream.now = stream.now.plus(HOUR_MS / 2);
    }
    stream.now = stream.now.plus(9 * HOUR_MS);
    (five(line), stream).into()
}

type Row = (AlertKind, fn(&str) -> Seen, WatchKind, Metric, &'static str, &'static str);

/// The alert, the scene, what the line sets, a figure the scene is past, and one it is not.
const ROWS: &[Row] = {
    use AlertKind as A;
    use Metric as M;
    use WatchKind as W;
    &[
        (A::Uneven, favoured, W::Uneven, M::Share, "share > 1.8x fair", "share > 3x fair over 1d"),
        (A::Spread, favoured, W::Uneven, M::Spread, "spread > 30% over 1d", "spread > 400%"),
        (A::LoadUneven, lopsided, W::LoadUneven, M::Load, "load >= 90% beside <= 20%", "load > 90%"),
        (A::Duplicate, doubled, W::Duplicate, M::Duplicates, "duplicates > 0 over 1d", "duplicates > 1"),
        (A::Delayed, waiting, W::Delayed, M::Waiting, "waiting > 5m", "waiting > 10m"),
        (A::Queue, waiting, W::Delayed, M::Queue, "queue >= 3", "queue > 3"),
        (A::Missed, waiting, W::Missed, M::Unowned, "unowned > 5m", "unowned > 10m"),
        (A::AtCap, half_full, W::AtCap, M::Load, "load >= 50%", "load > 50%"),
        (A::Full, one_full, W::AtCap, M::Full, "full >= 50%", "full > 1"),
        (A::Untouched, lying, W::Stalled, M::Untouched, "untouched > 2h", "untouched > 4h"),
        (A::EngineStalled, stalled, W::Stalled, M::Waiting, "waiting > 6m", "waiting > 8m"),
        (A::Unmatched, unanswered, W::Unmatched, M::Unmatched, "unmatched > 5% over 1h", "unmatched > 24%"),
        (A::Unassigned, unanswered, W::Unassigned, M::Unassigned, "unassigned > 9", "unassigned > 10"),
        (A::Overdue, overdue, W::Overdue, M::Overdue, "overdue >= 1", "overdue > 1"),
        (A::Surge, surging, W::Surge, M::Arrivals, "arrivals > 3x over 1h", "arrivals > 7x over 1h"),
        (A::Drought, silent, W::Silent, M::Silence, "silence > 8h", "silence > 10h"),
    ]
};

#[test]
fn every_figure_of_every_line_changes_what_is_seen() {
    for (alert, scene, kind, metric, past, short) in ROWS {
        let word = watch_word(*kind);
        let line = |figure: &str| format!("watch {word} when {figure} warn");
        assert!(scene(&line(past)).kinds().contains(alert), "{} is not past {past}", alert.word());
        assert!(!scene(&line(short)).kinds().contains(alert), "{} is past {short}", alert.word());
        assert!(!scene(&format!("watch {word} off")).kinds().contains(alert), "{word} is off");
        assert!(kind.figures().contains(metric));
    }
    let tried: BTreeSet<(WatchKind, Metric)> = ROWS.iter().map(|row| (row.2, row.3)).collect();
    let all = KINDS.iter().flat_map(|(kind, _)| kind.figures().iter().map(|metric| (*kind, *metric)));
    assert_eq!(tried, all.collect(), "each figure a line may set has a scene");
}

const KINDS: [(WatchKind, &str); 18] = [
    (WatchKind::Uneven, "uneven"),
    (WatchKind::LoadUneven, "load-uneven"),
    (WatchKind::Duplicate, "duplicate"),
    (WatchKind::Delayed, "delayed"),
    (WatchKind::Missed, "missed"),
    (WatchKind::AtCap, "at-cap"),
    (WatchKind::Stalled, "stalled"),
    (WatchKind::Unmatched, "unmatched"),
    (WatchKind::Unassigned, "unassigned"),
    (WatchKind::Overdue, "overdue"),
    (WatchKind::Surge, "surge"),
    (WatchKind::Silent, "silent"),
    (WatchKind::Hoarded, "hoarded"),
    (WatchKind::Starved, "starved"),
    (WatchKind::RuleSilent, "rule-silent"),
    (WatchKind::RateShift, "rate-shift"),
    (WatchKind::DirtyFields, "dirty-fields"),
    (WatchKind::Conversion, "conversion"),
];

fn watch_word(kind: WatchKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).unwrap().1
}

#[test]
fn every_alert_but_those_of_the_machine_has_a_line_and_every_line_an_alert() {
    let of_machine = [
        AlertKind::TimerBudget,
        AlertKind::ClockSuspect,
        AlertKind::LeaseFlapping,
        AlertKind::DiskLow,
        AlertKind::OutboxStuck,
    ];
    let lines: BTreeSet<WatchKind> =
        AlertKind::ALL.into_iter().filter_map(leadyard::watch::terms::watch_kind).collect();
    assert_eq!(lines, KINDS.iter().map(|(kind, _)| *kind).collect());
    for kind in AlertKind::ALL {
        let has = leadyard::watch::terms::watch_kind(kind).is_some();
        assert_eq!(has, !of_machine.contains(&kind), "{}", kind.word());
    }
}

#[test]
fn figures_joined_by_and_must_all_hold() {
    let delayed = |line: &str| waiting(line).kinds().contains(&AlertKind::Delayed);
    assert!(delayed("watch delayed when waiting > 5m and queue > 2 warn"));
    assert!(!delayed("watch delayed when waiting > 5m and queue > 3 warn"));
    let uneven = |line: &str| favoured(line).kinds().contains(&AlertKind::Uneven);
    assert!(uneven("watch uneven when share > 1.8x and spread > 30% warn"));
    assert!(!uneven("watch uneven when share > 1.8x and spread > 400% warn"));
    let full = |line: &str| one_full(line).kinds().contains(&AlertKind::Full);
    assert!(full("watch at-cap when full >= 50% and load >= 90% warn"));
    assert!(!full("watch at-cap when full >= 90% and load >= 90% warn"));
}

#[test]
fn a_line_about_one_alert_leaves_its_neighbour_alone() {
    // What a line on who lets leads lie says must not quieten the news that nothing is handed out.
    let seen = stalled("replies from 官网\nwatch stalled when untouched > 2h info");
    assert!(seen.kinds().contains(&AlertKind::EngineStalled));
    let world = &seen.world.as_ref().unwrap();
    let terms = leadyard::watch::terms::terms(world, AlertKind::EngineStalled, seen.desk.now);
    assert_eq!(terms.severity, leadyard::model::alert::Severity::Page);
    assert!(waiting("watch delayed when queue > 90 info").kinds().contains(&AlertKind::Delayed));
    let kinds = waiting("watch delayed off\nwatch delayed when queue > 2 page").kinds();
    assert!(kinds.contains(&AlertKind::Queue) && !kinds.contains(&AlertKind::Delayed));
    assert!(one_full("watch at-cap when full >= 90% warn").kinds().contains(&AlertKind::AtCap));
}

#[test]
fn a_percentage_of_few_leads_says_nothing_and_a_night_is_no_shortage() {
    let mut stream = Stream::new(START);
    for _ in 0..3 {
        let lead = stream.lead("官网", |_| {});
        stream.wait(lead, &[]);
    }
    let line = "watch unmatched when unmatched > 5% over 1h warn";
    assert!(!Seen::from((five(line), stream)).kinds().contains(&AlertKind::Unmatched));
    // At three in the morning nobody is free by the calendar.
    let mut stream = Stream::new(Millis(START.0 - 6 * HOUR_MS));
    for _ in 0..30 {
        let lead = stream.lead("官网", |_| {});
        stream.wait(lead, &["A"]);
    }
    stream.now = START.plus(MINUTE_MS);
    let office = "calendar\n timezone Asia/Shanghai\n workdays Mon..Sun 09:00..18:00\n";
    let line = "watch unassigned when unassigned > 3 warn";
    let shop = Seen::from((five(&format!("{office}{line}")), stream.clone()));
    assert!(!shop.kinds().contains(&AlertKind::Unassigned));
    assert!(
        Seen::from((five(line), stream)).kinds().contains(&AlertKind::Unassigned),
        "who never closes is short"
    );
}
