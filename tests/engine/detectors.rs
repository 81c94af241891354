//! The detectors on streams with one fault each, and on the same stream without it; the sums beside a fold from zero; what
//! remedies promise beside what they do.

use leadyard::engine::{Intent, Refusal};
use leadyard::model::alert::{Alert, AlertKind, AlertSubject, Aspect, Sighting};
use leadyard::model::event::Body;
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::lead::LeadState;
use leadyard::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};
use leadyard::watch::remedy::{Effect, What};
use leadyard::watch::{Scene, Site, WatchState, remedies, sightings, words};
use leadyard::world::Moment;
use leadyard::{model::lang::Lang, watch};
use proptest::prelude::*;

use crate::desk::{Desk, START};
use crate::stream::Stream;

const BOOK: &str = "rule A\n give to team E\nrule B\n give to team E\notherwise wait\n";

fn desk(reps: u32) -> Desk {
    let mut desk = Desk::new(BOOK);
    for rep in 1..=reps {
        desk.hire(&format!("r{rep}"), |r| r.team("E"));
    }
    desk.lead(|l| l);
    desk
}

fn seen(desk: &Desk, stream: &Stream, kind: AlertKind) -> Vec<Sighting> {
    let moment = Moment::at(desk.world.book().zone, stream.now);
    let scene = Scene { world: &desk.world, sums: Some(&stream.sums), site: &Site::NONE, moment: &moment };
    sightings(&scene).into_iter().filter(|s| s.finding.key.kind == kind && s.breach).collect()
}

/// A dice that needs no state but its number.
fn dice(n: u64, sides: u64) -> u64 {
    let mut x = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    x = (x ^ (x >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (x ^ (x >> 29)) % sides
}

/// `turns` leads over five reps; `skew` of ten go to the first rep whatever the dice says.
fn share_out(stream: &mut Stream, turns: u64, skew: u64, at: u64) {
    let free: Vec<RepId> = (1..=5).map(RepId).collect();
    for turn in at..at + turns {
        stream.now = stream.now.plus(7 * MINUTE_MS);
        let lead = stream.lead("官网", |_| {});
        let rep = if dice(turn, 10) < skew { 1 } else { dice(turn + 90_000, 5) + 1 };
        stream.assign(lead, RepId(u32::try_from(rep).unwrap()), &free, &[], &["A"]);
    }
}

#[test]
fn a_rep_who_gets_twice_the_share_is_seen_and_a_fair_week_is_not() {
    let desk = desk(5);
    let mut fair = Stream::new(START);
    for day in 0..20 {
        share_out(&mut fair, 60, 0, day * 60);
        assert_eq!(seen(&desk, &fair, AlertKind::Uneven), [], "day {day}");
    }
    let mut turns = 0;
    while seen(&desk, &fair, AlertKind::Uneven).is_empty() {
        share_out(&mut fair, 5, 4, 100_000 + turns);
        turns += 5;
        assert!(turns < 250, "four of ten more for one rep is not seen in {turns} leads");
    }
    let found = seen(&desk, &fair, AlertKind::Uneven);
    assert_eq!(found[0].finding.key.subject, AlertSubject::Rep(RepId(1)));
    let evidence = found[0].detail.evidence.as_ref().unwrap();
    assert!(evidence.surprise >= evidence.surprise_needed && evidence.samples >= 20);
    let said = words::cause(&desk.world, &found[0].finding, &found[0].detail, Lang::En);
    assert!(said.starts_with("r1 received") && said.ends_with("expected"), "{said}");
}

#[test]
fn value_counts_apart_from_leads() {
    let desk = desk(3);
    let mut stream = Stream::new(START);
    let free = [RepId(1), RepId(2), RepId(3)];
    for turn in 0..180u64 {
        stream.now = stream.now.plus(5 * MINUTE_MS);
        let rep = RepId(u32::try_from(turn % 3).unwrap() + 1);
        let lead =
            stream.lead("官网", |a| a.value = Some(if rep == RepId(2) { 90_000_000 } else { 9_000_000 }));
        stream.assign(lead, rep, &free, &[], &["A"]);
    }
    let found = seen(&desk, &stream, AlertKind::Uneven);
    assert_eq!(found.len(), 1, "equal counts, unequal value");
    assert_eq!(found[0].finding.key.subject, AlertSubject::Rep(RepId(2)));
    assert_eq!(found[0].detail.evidence.as_ref().unwrap().aspect, Aspect::Value);
}

#[test]
fn the_book_moves_the_practical_limit_and_switches_off() {
    let mut desk = desk(5);
    let mut stream = Stream::new(START);
    share_out(&mut stream, 100, 3, 0);
    assert_eq!(seen(&desk, &stream, AlertKind::Uneven).len(), 1);
    desk.publish(&format!("{BOOK}watch uneven when share > 4x fair over 1d warn\n"));
    assert_eq!(seen(&desk, &stream, AlertKind::Uneven), []);
    desk.publish(&format!("{BOOK}watch uneven off\n"));
    assert_eq!(seen(&desk, &stream, AlertKind::Uneven), []);
}

#[test]
fn a_rep_who_is_free_and_gets_nothing_is_seen_after_a_day() {
    let desk = desk(5);
    let mut stream = Stream::new(desk.now);
    let free: Vec<RepId> = (1..=5).map(RepId).collect();
    let mut first = None;
    for turn in 0..120u64 {
        stream.now = stream.now.plus(6 * MINUTE_MS);
        let lead = stream.lead("官网", |_| {});
        stream.assign(lead, RepId(u32::try_from(turn % 4).unwrap() + 1), &free, &[], &["A"]);
        if first.is_none() && !seen(&desk, &stream, AlertKind::Starved).is_empty() {
            first = Some(turn);
        }
    }
    let found = seen(&desk, &stream, AlertKind::Starved);
    assert_eq!(
        found.iter().map(|f| f.finding.key.subject).collect::<Vec<_>>(),
        [AlertSubject::Rep(RepId(5))]
    );
    assert!(first.is_some_and(|turn| (60..100).contains(&turn)), "a working day first: {first:?}");
}

/// Weeks of a source that sends two leads an hour from nine to six, by the dice.
fn weeks(stream: &mut Stream, hours: u64, mut per_hour: impl FnMut(u64) -> u64) {
    for hour in 0..hours {
        let start = stream.now;
        let hour_of_day = (start.0 / HOUR_MS + 8).rem_euclid(24);
        let usual = if (9..18).contains(&hour_of_day) { dice(hour + 7, 5) } else { 0 };
        let n = if per_hour(hour) == 0 { usual } else { per_hour(hour) - 1 };
        for k in 0..n {
            stream.now = start.plus(i64::try_from(k).unwrap() * HOUR_MS / i64::try_from(n).unwrap());
            stream.lead("抖音", |_| {});
        }
        stream.now = start.plus(HOUR_MS);
    }
}

#[test]
fn a_surge_and_a_drought_stand_out_of_the_same_hours_of_other_weeks() {
    let desk = desk(2);
    let mut stream = Stream::new(START);
    for day in 0..42 {
        weeks(&mut stream, 24, |_| 0);
        for kind in [AlertKind::Surge, AlertKind::Drought] {
            assert_eq!(seen(&desk, &stream, kind), [], "{kind:?} on day {day}");
        }
    }
    let mut surge = stream.clone();
    weeks(&mut surge, 6, |hour| if hour == 5 { 31 } else { 0 });
    surge.now = Millis(surge.now.0 - 1);
    let found = seen(&desk, &surge, AlertKind::Surge);
    assert_eq!(found.len(), 1, "thirty in an hour of two");
    assert_eq!(found[0].detail.about, "抖音");
    let mut silent_hours = 0;
    while seen(&desk, &stream, AlertKind::Drought).is_empty() {
        stream.now = stream.now.plus(HOUR_MS);
        silent_hours += 1;
        assert!(silent_hours < 96, "a dead source is not seen in four days");
    }
    // Two an hour are usual from nine on, and the night before counted for nothing.
    assert!((3..12).contains(&silent_hours), "{silent_hours}");
}

#[test]
fn a_rule_that_a_publish_broke_is_named_with_the_publish() {
    let desk = desk(2);
    let mut stream = Stream::new(START);
    let free = [RepId(1), RepId(2)];
    stream.publish();
    let one = |stream: &mut Stream, turn: u64, rules: &[&str]| {
        stream.now = stream.now.plus(10 * MINUTE_MS);
        let lead = stream.lead("官网", |_| {});
        stream.assign(lead, RepId(u32::try_from(turn % 2).unwrap() + 1), &free, &[], rules);
    };
    for turn in 0..400 {
        let hit = dice(turn, 5) == 0;
        one(&mut stream, turn, if hit { &["A"] } else { &["B"] });
        if turn > 60 {
            assert_eq!(seen(&desk, &stream, AlertKind::RuleSilent), [], "turn {turn}");
        }
    }
    stream.publish();
    let mut turns = 0;
    while seen(&desk, &stream, AlertKind::RuleSilent).is_empty() {
        one(&mut stream, turns, &["B"]);
        turns += 1;
        assert!(turns < 150);
    }
    let found = seen(&desk, &stream, AlertKind::RuleSilent);
    assert_eq!(found[0].detail.about, "A");
    assert_eq!(found[0].detail.evidence.as_ref().unwrap().book.unwrap().0, 2);
    let mut shifted = 0;
    // Instead of one in five now three in five.
    while seen(&desk, &stream, AlertKind::RateShift).is_empty() {
        one(&mut stream, shifted, if dice(shifted, 5) < 3 { &["A"] } else { &["B"] });
        shifted += 1;
        assert!(shifted < 200);
    }
    assert_eq!(seen(&desk, &stream, AlertKind::RuleSilent), [], "it matches again");
}

#[test]
fn a_field_that_a_source_no_longer_fills_is_seen() {
    let desk = desk(2);
    let mut stream = Stream::new(START);
    for n in 0..300 {
        stream.now = stream.now.plus(MINUTE_MS);
        stream.lead("官网", |a| a.has_phone = dice(n, 20) != 0);
        assert_eq!(seen(&desk, &stream, AlertKind::DirtyFields), [], "lead {n}");
    }
    let mut broken = 0;
    while seen(&desk, &stream, AlertKind::DirtyFields).is_empty() {
        stream.lead("官网", |a| a.has_phone = dice(broken, 2) != 0);
        broken += 1;
        assert!(broken < 60);
    }
    let found = seen(&desk, &stream, AlertKind::DirtyFields);
    assert_eq!(found[0].detail.evidence.as_ref().unwrap().aspect, Aspect::Contact);
}

#[test]
fn an_outcome_far_below_others_is_a_hint_and_chance_is_none() {
    let desk = desk(4);
    let mut stream = Stream::new(START);
    let free: Vec<RepId> = (1..=4).map(RepId).collect();
    for n in 0..600u64 {
        stream.now = stream.now.plus(10 * MINUTE_MS);
        let rep = RepId(u32::try_from(n % 4).unwrap() + 1);
        let lead = stream.lead("官网", |_| {});
        stream.assign(lead, rep, &free, &[], &["A"]);
        let good = if rep == RepId(3) { dice(n, 100) < 5 } else { dice(n, 100) < 30 };
        stream.end(lead, if good { LeadState::Won } else { LeadState::Lost });
        if n < 100 {
            assert_eq!(seen(&desk, &stream, AlertKind::Conversion), [], "too few: {n}");
        }
    }
    let found = seen(&desk, &stream, AlertKind::Conversion);
    assert_eq!(
        found.iter().map(|f| f.finding.key.subject).collect::<Vec<_>>(),
        [AlertSubject::Rep(RepId(3))]
    );
    assert!(AlertKind::Conversion.is_private());
}

/// Two reps of one rule; the first is nearly full, the second new.
fn lopsided() -> Desk {
    let mut desk = Desk::new("rule E\n give to team E\notherwise wait\n").rep("liu", |r| r.team("E").cap(10));
    for _ in 0..9 {
        desk.lead(|l| l);
    }
    desk.hire("li", |r| r.team("E").cap(10));
    desk
}

fn raised(desk: &mut Desk, kind: AlertKind) -> Alert {
    for _ in 0..3 {
        desk.look();
        desk.wait(6 * MINUTE_MS);
    }
    desk.world.alerts().values().find(|a| a.finding.key.kind == kind).cloned().expect("it fires")
}

#[test]
fn load_uneven_waits_ten_minutes_is_evened_out_by_the_fewest_moves_and_clears() {
    let mut desk = lopsided();
    desk.look();
    assert!(desk.world.alerts().keys().all(|k| k.kind != AlertKind::LoadUneven), "a moment is nobody's work");
    let alert = raised(&mut desk, AlertKind::LoadUneven);
    assert_eq!(alert.finding.figure, 900);
    let offered = remedies(&desk.world, &alert, &desk.moment());
    let best = &offered[0];
    assert_eq!(best.what, What::Move { from: desk.id("liu"), to: vec![(desk.id("li"), 2)] }, "two, not more");
    assert_eq!(best.effect, Some(Effect { before: 900, after: 700, is_milli: true }));
    assert!(matches!(offered[1].what, What::RaiseCap { from: 10, to: 12, .. }));
    assert!(matches!(offered.last().unwrap().what, What::Silence { .. }));
    let said = words::remedy(&desk.world, best, Lang::En);
    assert_eq!(said, "move 2 from liu → li: 90 % → 70 %");
    desk.run(best.intent.clone()).unwrap();
    assert_eq!((desk.load("liu"), desk.load("li")), (7, 2), "exactly as promised");
    let batch = desk.last_batch();
    for _ in 0..3 {
        desk.wait(6 * MINUTE_MS);
        desk.look();
    }
    assert!(desk.world.alerts().keys().all(|k| k.kind != AlertKind::LoadUneven), "seen to clear");
    desk.undo(batch).unwrap();
    assert_eq!((desk.load("liu"), desk.load("li")), (9, 0), "and undone");
}

#[test]
fn evening_out_leaves_contacted_pinned_and_other_rules_leads_alone() {
    let mut desk =
        Desk::new("rule N\n when region = 北京\n give to rep liu\nrule E\n give to team E\notherwise wait\n")
            .rep("liu", |r| r.team("E").cap(10));
    let leads: Vec<LeadId> =
        (0..9).map(|n| desk.lead(|l| l.region(if n < 6 { "北京" } else { "上海" }))).collect();
    desk.hire("li", |r| r.team("E").cap(10));
    desk.place(leads[8], "liu").unwrap();
    desk.progress(leads[7], LeadState::Contacted).unwrap();
    let alert = raised(&mut desk, AlertKind::LoadUneven);
    let offered = remedies(&desk.world, &alert, &desk.moment());
    let What::Move { to, .. } = &offered[0].what else { panic!("{offered:?}") };
    assert_eq!(to[..], [(desk.id("li"), 1)], "only the one that is free for it");
    let li = desk.id("li");
    let refused = desk.run(Intent::Rebalance { moves: vec![(leads[7], li)], reason: "".into() });
    assert!(matches!(refused, Err(Refusal::NotNow { .. })));
    let refused = desk.run(Intent::Rebalance { moves: vec![(leads[0], li)], reason: "".into() });
    assert!(matches!(refused, Err(Refusal::NotNow { .. })), "rule N does not give to li");
}

#[test]
fn who_lets_leads_lie_is_told_of_only_where_replies_are_recorded() {
    let book = "replies from 官网\nrule E\n give to team E\notherwise wait\n";
    let mut desk = Desk::new(book).rep("li", |r| r.team("E"));
    desk.lead(|l| l.source("官网"));
    desk.lead(|l| l.source("抖音"));
    desk.wait(DAY_MS);
    assert!(watch::findings(&desk.world, &desk.moment()).iter().all(|f| f.key.kind != AlertKind::Untouched));
    desk.wait(MINUTE_MS);
    let found = watch::findings(&desk.world, &desk.moment());
    let lying: Vec<_> = found.iter().filter(|f| f.key.kind == AlertKind::Untouched).collect();
    assert_eq!(lying.iter().map(|f| f.count).collect::<Vec<_>>(), [1]);
    let alert = raised(&mut desk, AlertKind::Untouched);
    let offered = remedies(&desk.world, &alert, &desk.moment());
    assert_eq!(offered[0].what, What::Recall { leads: 1 });
}

#[test]
fn one_person_twice_is_merged_by_the_remedy() {
    let mut desk =
        Desk::new("rule E\n give to team E\n").rep("li", |r| r.team("E")).rep("ou", |r| r.team("E"));
    let a = desk.lead(|l| l.phone(5));
    let b = desk.lead(|l| l.phone(5));
    let alert = raised(&mut desk, AlertKind::Duplicate);
    let offered = remedies(&desk.world, &alert, &desk.moment());
    assert_eq!(offered[0].what, What::Merge { into: a, lead: b });
    desk.run(offered[0].intent.clone()).unwrap();
    desk.look();
    assert!(desk.world.alerts().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However orders fall, the sums are those of a fold from zero, and those that were stored half way go on the same way.
    #[test]
    fn sums_follow_the_log(acts in prop::collection::vec((0..7u8, 0..6u8), 1..60), half in 0..60usize) {
        let mut desk = desk(3);
        let mut leads = Vec::new();
        for (act, which) in acts {
            let lead = leads.get(usize::from(which)).copied();
            // Refusals are part of it.
            match (act, lead) {
                (0..=2, _) => leads.push(desk.lead(|l| l.source(["a", "b"][usize::from(which % 2)]))),
                (3, Some(lead)) => drop(desk.place(lead, "r2")),
                (4, Some(lead)) => drop(desk.run(Intent::Recall { leads: vec![lead], reason: "x".into() })),
                (5, Some(lead)) => drop(desk.progress(lead, LeadState::Won)),
                (6, _) if !desk.last.is_empty() => {
                    let batch = desk.last_batch();
                    drop(desk.undo(batch));
                }
                _ => desk.wait(DAY_MS / 7),
            }
        }
        let (mut live, mut stored) = (WatchState::default(), WatchState::default());
        for (at, event) in desk.host.events.iter().enumerate() {
            live.apply(event);
            stored.apply(event);
            if at == half {
                stored = WatchState::decode(&stored.encode().unwrap()).unwrap();
            }
        }
        prop_assert_eq!(live.encode().unwrap(), stored.encode().unwrap());
        let received: i64 = live.shares().buckets().iter().flat_map(|b| &b.reps).map(|s| s.received[0]).sum();
        let turns = desk.host.events.iter().filter(|e| matches!(e.body, Body::LeadAssigned(_))).count();
        prop_assert!(received >= 0 && received <= i64::try_from(turns).unwrap() * 1_000_000);
    }
}

#[test]
fn sums_of_another_version_are_not_read() {
    let bytes = postcard::to_stdvec(&(watch::WATCH_VERSION + 1, WatchState::default())).unwrap();
    assert!(WatchState::decode(&bytes).is_err());
    assert!(WatchState::decode(&bytes[..1]).is_err());
}
