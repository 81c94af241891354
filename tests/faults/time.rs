//! Time: a wall clock that is set while the desk runs, hours that are skipped or come twice, ends of months and years,
//! holidays and made-up workdays. Both clocks are in the test's hands.

use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use chrono_tz::Tz;
use leadyard::desk::Interlock;
use leadyard::desk::leader::{LEASE_TTL_MS, Leader};
use leadyard::engine::route::matching;
use leadyard::engine::timers::CLOCK_SUSPECT;
use leadyard::engine::{Intent, Progress};
use leadyard::model::event::{Body, Event};
use leadyard::model::id::{BookVersion, LeadId, RepId, Seq};
use leadyard::model::lead::LeadState;
use leadyard::model::rep::RepCard;
use leadyard::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis, SECOND_MS};
use leadyard::store::Store;
use leadyard::world::Moment;

use crate::site::{ask, is_sound, leads, leadyard, open, order, quiet, scratch};

/// A desk with its leader and both clocks.
struct Yard {
    _dir: tempfile::TempDir,
    desk: Interlock,
    leader: Leader,
    wall: Millis,
    boot: i64,
    orders: u128,
    arrived: u64,
}

impl Yard {
    /// Three reps in team East under `book` at `start`.
    fn new(book: &str, start: Millis) -> Yard {
        let dir = scratch();
        let store = Store::create(&dir.path().join("desk"), start).unwrap();
        let desk = Interlock::new(store, &mut quiet).unwrap();
        let leader = Leader::new(1, "boot".into());
        let mut yard = Yard { _dir: dir, desk, leader, wall: start, boot: HOUR_MS, orders: 0, arrived: 0 };
        let cards = ["li.lei", "han.meimei", "o'brien"].map(|login| {
            let mut card = RepCard::new(login, "欧阳娜娜");
            card.teams = vec!["East".into()];
            card
        });
        yard.ask(Intent::AddReps { cards: cards.into() });
        yard.ask(Intent::Publish { text: book.into(), note: "".into(), base: BookVersion(0) });
        yard
    }

    /// The same with a leader that draws no conclusions from jumps of the test's clocks.
    fn by_hand(book: &str, start: Millis) -> Yard {
        let yard = Yard::new(book, start);
        Yard { leader: Leader::new(1, "boot".into()).by_hand(), ..yard }
    }

    fn ask(&mut self, intent: Intent) {
        self.orders += 1;
        ask(&mut self.desk, &order(self.orders, intent), self.wall).unwrap();
    }

    fn arrive(&mut self) -> LeadId {
        let id = self.desk.world().next_lead();
        self.arrived += 1;
        let mut lead = leads(self.arrived, 1).remove(0);
        lead.attrs.source = "crm".into();
        // The invented company has regular customers; these are strangers to each other.
        lead.keys = Vec::new();
        self.ask(Intent::Receive { leads: vec![lead], import: None });
        id
    }

    fn owner(&self, lead: LeadId) -> Option<RepId> {
        self.desk.world().lead(lead).unwrap().owner
    }

    fn contacted(&mut self, lead: LeadId) {
        let items = vec![Progress { lead, to: LeadState::Contacted, happened_at: None }];
        self.ask(Intent::Progress { items, note: "".into() });
    }

    fn tick(&mut self) {
        self.leader.tick(&mut self.desk, self.wall, self.boot, false).unwrap();
    }

    /// Time passes on both clocks, the leader looking every `step`.
    fn run(&mut self, ms: i64, step: i64) {
        for _ in 0..ms / step {
            self.wall = self.wall.plus(step);
            self.boot += step;
            self.tick();
        }
    }

    /// Goes to `at` in long steps, and in minutes for the last five.
    fn go_to(&mut self, at: Millis) {
        while self.wall < at {
            let left = at.since(self.wall);
            let step = if left > 15 * MINUTE_MS { 10 * MINUTE_MS } else { MINUTE_MS.min(left) };
            self.wall = self.wall.plus(step);
            self.boot += step;
            self.tick();
        }
    }

    fn events(&self) -> Vec<Event> {
        self.desk.store().events(Seq(1), Seq(u64::MAX >> 1), 100_000).unwrap()
    }

    fn count(&self, is: impl Fn(&Body) -> bool) -> usize {
        self.events().iter().filter(|e| is(&e.body)).count()
    }

    fn moves(&self) -> usize {
        self.count(|b| matches!(b, Body::LeadRecalled { timer: Some(_), .. }))
    }

    fn escalations(&self) -> usize {
        self.count(|b| matches!(b, Body::LeadEscalated(_)))
    }

    fn suspects(&self) -> bool {
        self.desk.world().alerts().contains_key(&CLOCK_SUSPECT)
    }

    /// The log folds to the tables, and nobody was ever said to have had less than no time.
    fn is_sound(&self) {
        for event in self.events() {
            let worked = match &event.body {
                Body::LeadRecalled { timer: Some(note), .. }
                | Body::LeadReminded(note)
                | Body::LeadEscalated(note) => note.worked_ms,
                _ => 0,
            };
            assert!((0..=2 * DAY_MS).contains(&worked), "{event:?}");
        }
        is_sound(self.path());
    }

    fn path(&self) -> &Path {
        self.desk.path()
    }
}

/// 2026-11-10 09:00 in Shanghai.
const MORNING: Millis = Millis(1_794_272_400_000);

#[test]
fn a_wall_clock_that_is_set_moves_no_lease_no_lead_and_raises_one_alert() {
    let book = "rule All\n give to team East\n respond within 30m, else reassign 2 times, then escalate\n\
                replies from crm\notherwise wait\nwatch delayed when waiting > 5m warn\n";
    for step in [2 * HOUR_MS, -2 * HOUR_MS] {
        let mut yard = Yard::new(book, MORNING);
        let (mut other, path) = (open(yard.path()), yard.path().to_owned());
        let mut bids = Leader::new(2, "boot".into());
        yard.tick();
        let epoch = yard.leader.epoch();
        let lead = yard.arrive();
        let first = yard.owner(lead);
        let mut watched = |yard: &mut Yard, ms: i64| {
            for _ in 0..ms / (5 * SECOND_MS) {
                yard.run(5 * SECOND_MS, 5 * SECOND_MS);
                bids.tick(&mut other, yard.wall, yard.boot, false).unwrap();
                assert!(
                    !bids.leads() && yard.leader.epoch() == epoch,
                    "the lease is timed by the boot clock"
                );
            }
        };
        // A clock that is put right by a second now and then is a clock that is kept.
        for _ in 0..12 {
            for jitter in [SECOND_MS, -SECOND_MS] {
                yard.wall = yard.wall.plus(jitter);
                watched(&mut yard, 30 * SECOND_MS);
            }
        }
        assert!(!yard.suspects() && yard.desk.world().alerts().is_empty());
        yard.wall = yard.wall.plus(step);
        watched(&mut yard, 40 * MINUTE_MS);
        assert!(yard.suspects());
        let during = yard.arrive();
        assert!(yard.owner(during).is_some(), "assignment goes on");
        yard.contacted(during);
        watched(&mut yard, 10 * MINUTE_MS);
        yard.wall = yard.wall.plus(-step);
        watched(&mut yard, 10 * MINUTE_MS);
        assert!(!yard.suspects());
        assert_eq!((yard.moves(), yard.owner(lead)), (0, first), "step {step}");
        let alerts = yard.count(|b| matches!(b, Body::AlertFired { .. }));
        assert_eq!(alerts, 1, "one alert for one step: {:?}", yard.events());
        assert!(yard.desk.world().alerts().is_empty());
        // The owner had 12 + 10 minutes by a clock that could be trusted.
        watched(&mut yard, 7 * MINUTE_MS);
        assert_eq!(yard.moves(), 0);
        watched(&mut yard, 2 * MINUTE_MS);
        assert_eq!(yard.moves(), 1);
        drop(other);
        yard.is_sound();
        assert!(path.exists());
    }
}

#[test]
fn who_takes_over_while_the_clock_is_wrong_moves_nothing_either() {
    let book = "rule All\n give to team East\n respond within 30m, else reassign 2 times\n\
                replies from crm\notherwise wait\n";
    let mut yard = Yard::new(book, MORNING);
    let (mut other, mut bids) = (open(yard.path()), Leader::new(2, "boot".into()));
    let mut both = |yard: &mut Yard, ms: i64| {
        for _ in 0..ms / (5 * SECOND_MS) {
            yard.run(5 * SECOND_MS, 5 * SECOND_MS);
            bids.tick(&mut other, yard.wall, yard.boot, false).unwrap();
        }
    };
    yard.tick();
    yard.arrive();
    both(&mut yard, 10 * MINUTE_MS);
    yard.wall = yard.wall.plus(2 * HOUR_MS);
    both(&mut yard, MINUTE_MS);
    assert!(yard.suspects());
    // The first is never heard of again.
    (yard.desk, yard.leader) = (other, bids);
    yard.run(LEASE_TTL_MS + 10 * SECOND_MS, 5 * SECOND_MS);
    assert!(yard.leader.leads() && yard.suspects());
    yard.run(3 * HOUR_MS, 5 * SECOND_MS);
    assert_eq!(yard.moves(), 0);
    yard.wall = yard.wall.plus(-2 * HOUR_MS);
    yard.run(15 * MINUTE_MS, 5 * SECOND_MS);
    assert!(!yard.suspects());
    assert_eq!(yard.moves(), 0);
    yard.run(10 * MINUTE_MS, 5 * SECOND_MS);
    assert_eq!(yard.moves(), 1);
    yard.is_sound();
}

const ZONES: [Tz; 6] = [
    Tz::Asia__Shanghai,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Europe__London,
    Tz::Asia__Beirut,
    Tz::America__Santiago,
];

/// Days on which something happens to some of these zones' clocks, and ends of years and months, as the morning before.
const DAYS: [&str; 11] = [
    "2026-03-07", // New York skips 02:00
    "2026-03-28", // London skips 01:00, Beirut midnight
    "2026-04-04", // Lord Howe and Santiago (at midnight) go back, by half an hour and an hour
    "2026-09-05", // Santiago skips midnight
    "2026-10-03", // Lord Howe skips half an hour
    "2026-10-24", // London and Beirut go back
    "2026-10-31", // New York goes back; the month ends
    "2026-12-31",
    "2027-02-28",
    "2028-02-28", // the 29th follows
    "2028-02-29",
];

fn shown(zone: Tz, at: Millis) -> NaiveDateTime {
    DateTime::from_timestamp_millis(at.0).unwrap().with_timezone(&zone).naive_local()
}

/// Noon of a day in `zone`.
fn noon(zone: Tz, day: &str) -> Millis {
    let local = day.parse::<NaiveDate>().unwrap().and_hms_opt(12, 0, 0).unwrap();
    Millis(local.and_local_timezone(zone).unwrap().timestamp_millis())
}

/// The hours of the desk below, read off the clock on the wall: nights, with a break.
fn at_work(zone: Tz, at: Millis) -> bool {
    let local = shown(zone, at);
    let minute = local.hour() * 60 + local.minute();
    (20 * 60..24 * 60).contains(&minute) || (30..4 * 60).contains(&minute)
}

/// When `minutes` of working time have passed since `from`, by looking at every minute.
fn counted(zone: Tz, from: Millis, minutes: u32) -> Millis {
    let (mut at, mut left) = (from, minutes);
    while left > 0 {
        left -= u32::from(at_work(zone, at));
        at = at.plus(MINUTE_MS);
    }
    at
}

/// Nobody is asked outside their hours: what falls due as a shift ends is served when the next begins.
fn at_work_again(zone: Tz, mut at: Millis) -> Millis {
    while !at_work(zone, at) {
        at = at.plus(MINUTE_MS);
    }
    at
}

#[test]
fn limits_end_on_the_minute_a_counter_of_minutes_counts() {
    for (zone, day) in ZONES.iter().flat_map(|zone| DAYS.map(|day| (*zone, day))) {
        let book = format!(
            "calendar\n timezone {zone}\n workdays Mon..Sun 20:00..04:00 except 00:00..00:30\n\
             rule All\n give to team East\n respond within 150m, else reassign 2 times, then escalate\n\
             replies from crm\notherwise wait\n"
        );
        let mut yard = Yard::by_hand(&book, noon(zone, day));
        yard.tick();
        yard.go_to(noon(zone, day).plus(8 * HOUR_MS + 17 * MINUTE_MS));
        let lead = yard.arrive();
        assert!(yard.owner(lead).is_some(), "{zone}, {day}: the night shift is at work");
        for round in 1..=3 {
            let from = yard.wall;
            let due = at_work_again(zone, counted(zone, from, 150));
            yard.go_to(due.plus(-MINUTE_MS));
            let before = yard.moves() + yard.escalations();
            assert_eq!(before, round - 1, "{zone}, {day}: too early at {}", shown(zone, yard.wall));
            yard.go_to(due);
            let after = yard.moves() + yard.escalations();
            assert_eq!(after, round, "{zone}, {day}: not served at {}", shown(zone, due));
        }
        assert_eq!((yard.moves(), yard.escalations()), (2, 1));
        yard.go_to(yard.wall.plus(DAY_MS));
        assert_eq!((yard.moves(), yard.escalations()), (2, 1), "{zone}, {day}: each once");
        yard.is_sound();
    }
}

#[test]
fn a_day_begins_once_for_who_was_full() {
    for (zone, day) in ZONES.iter().flat_map(|zone| DAYS.map(|day| (*zone, day))) {
        let book = format!(
            "calendar\n timezone {zone}\nrule All\n give to team East\n cap 1 per day\notherwise wait\n"
        );
        let mut yard = Yard::by_hand(&book, noon(zone, day));
        yard.tick();
        let all: Vec<LeadId> = (0..10).map(|_| yard.arrive()).collect();
        let given = |yard: &Yard| all.iter().filter(|lead| yard.owner(**lead).is_some()).count();
        assert_eq!(given(&yard), 3);
        for round in 1..=2 {
            let today = shown(zone, yard.wall).date();
            let mut midnight = yard.wall;
            while shown(zone, midnight).date() == today {
                midnight = midnight.plus(MINUTE_MS);
            }
            assert_eq!(Moment::at(zone, yard.wall).day_ends, midnight, "{zone}, {day}");
            yard.go_to(midnight.plus(-MINUTE_MS));
            assert_eq!(given(&yard), 3 * round, "{zone}: too early at {}", shown(zone, yard.wall));
            yard.go_to(midnight);
            assert_eq!(given(&yard), 3 * (round + 1), "{zone}: late at {}", shown(zone, midnight));
        }
        yard.is_sound();
    }
}

/// Whether a rule takes the lead as the clock stands.
fn is_on(yard: &Yard, lead: LeadId) -> bool {
    let world = yard.desk.world();
    let moment = Moment::at(world.book().zone, yard.wall);
    matching(world, world.lead(lead).unwrap(), &moment).is_some()
}

#[test]
fn a_window_opens_once_and_closes_once() {
    let ends =
        [("00:20", "03:00"), ("23:00", "00:20"), ("01:40", "02:10"), ("02:10", "02:50"), ("01:10", "01:40")];
    for (zone, day) in ZONES.iter().flat_map(|zone| DAYS.map(|day| (*zone, day))) {
        let today: NaiveDate = day.parse().unwrap();
        for (from, to) in ends {
            let eve = from == "23:00";
            let night = today + TimeDelta::days(1);
            let first = if eve { today } else { night };
            let book = format!(
                "calendar\n timezone {zone}\n window Sale {first} {from} .. {night} {to}\n\
                 rule Sale\n during Sale\n give to team East\notherwise wait\n"
            );
            let mut yard = Yard::by_hand(&book, noon(zone, day).plus(10 * HOUR_MS));
            // Leads that wait for it are given as it opens, without another event.
            let waits = yard.arrive();
            let (mut was, mut turns, mut opened) = (false, Vec::new(), None);
            let end = noon(zone, day).plus(18 * HOUR_MS);
            while yard.wall < end {
                let probe = is_on(&yard, waits);
                if probe != was {
                    was = probe;
                    turns.push(shown(zone, yard.wall));
                    if probe {
                        opened = Some(yard.wall);
                    }
                }
                yard.run(5 * MINUTE_MS, 5 * MINUTE_MS);
                if opened.is_some() {
                    assert!(yard.owner(waits).is_some(), "{zone}, {day} {from}: nobody was given it");
                }
            }
            let wanted = |clock: &str, of: NaiveDate| of.and_time(format!("{clock}:00").parse().unwrap());
            let (from, to) = (wanted(from, first), wanted(to, night));
            match turns.as_slice() {
                // A window that lies in the hour that is skipped never was.
                [] => assert!(yard.owner(waits).is_none()),
                [open, close] => {
                    let skipped = TimeDelta::hours(1);
                    assert!((from..=from + skipped).contains(open), "{zone}: {open} for {from}");
                    assert!((to..=to + skipped).contains(close), "{zone}: {close} for {to}");
                }
                more => panic!("{zone}, {from} to {to}: turned at {more:?}"),
            }
        }
    }
}

/// The autumn of 2026 in China: a week off, paid for with a Sunday before it and a Saturday after it.
const CALENDAR: &str = "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00 except 12:00..13:00\n \
     holiday 2026-10-01..2026-10-07 \"国庆节\"\n workday 2026-09-20\n workday 2026-10-10\n";

fn shanghai(text: &str) -> Millis {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Millis(local.and_local_timezone(Tz::Asia__Shanghai).unwrap().timestamp_millis())
}

#[test]
fn a_made_up_sunday_is_a_workday_and_a_friday_off_is_none() {
    let book = format!(
        "{CALENDAR}rule All\n give to team East\n respond within 60m, else reassign 1 times, then escalate\n\
         replies from crm\notherwise wait\n"
    );
    let mut yard = Yard::by_hand(&book, shanghai("2026-09-19 10:00"));
    yard.tick();
    // Saturday: nobody. Sunday is worked: given at nine, reassigned at ten.
    let lead = yard.arrive();
    yard.go_to(shanghai("2026-09-20 08:59"));
    assert_eq!(yard.owner(lead), None);
    yard.go_to(shanghai("2026-09-20 09:00"));
    assert!(yard.owner(lead).is_some());
    yard.go_to(shanghai("2026-09-20 09:59"));
    assert_eq!(yard.moves(), 0);
    yard.go_to(shanghai("2026-09-20 10:00"));
    assert_eq!(yard.moves(), 1);
    yard.contacted(lead);
    // The eve of the holidays, half an hour before the end: the other half comes after the week, not on the Friday.
    yard.go_to(shanghai("2026-09-30 17:30"));
    let late = yard.arrive();
    yard.go_to(shanghai("2026-10-02 10:00"));
    let friday = yard.arrive();
    assert_eq!(yard.owner(friday), None, "Friday the 2nd is off");
    yard.go_to(shanghai("2026-10-08 08:59"));
    assert_eq!((yard.moves(), yard.owner(friday)), (1, None));
    yard.go_to(shanghai("2026-10-08 09:29"));
    assert!(yard.owner(friday).is_some());
    assert_eq!(yard.moves(), 1);
    yard.go_to(shanghai("2026-10-08 09:30"));
    assert_eq!(yard.moves(), 2);
    for lead in [late, friday] {
        yard.contacted(lead);
    }
    // Friday 17:30: the rest of the limit is Saturday's, which is worked.
    yard.go_to(shanghai("2026-10-09 17:30"));
    yard.arrive();
    yard.go_to(shanghai("2026-10-10 09:29"));
    assert_eq!(yard.moves(), 2);
    yard.go_to(shanghai("2026-10-10 09:30"));
    assert_eq!(yard.moves(), 3);
    yard.is_sound();
}

#[test]
fn a_year_without_holidays_is_told_before_and_when_the_book_is_published() {
    let dir = scratch();
    let (db, file) = (dir.path().join("desk"), dir.path().join("book.rules"));
    let run = |args: &[&str]| {
        let out = leadyard(&db).args(args).output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{args:?}: {said}");
        said
    };
    run(&["rep", "add", "li.lei", "--team", "East"]);
    let name = file.to_str().unwrap();
    let rules = "rule All\n give to team East\notherwise wait\n";
    std::fs::write(&file, format!("{CALENDAR} workday 2027-02-07\n{rules}")).unwrap();
    for args in [["rules", "check", name], ["import", "rules", name]] {
        let said = run(&args);
        assert!(said.contains("warning") && said.contains("2027"), "{args:?}: {said}");
    }
    std::fs::write(&file, format!("{CALENDAR} holiday 2027-01-01\n workday 2027-02-07\n{rules}")).unwrap();
    let said = run(&["rules", "check", name]);
    assert!(!said.contains("2027"), "{said}");
}
