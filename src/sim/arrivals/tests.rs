//! What the stream of arrivals promises: the same for a seed, the rate asked for, bursts, promotions, repeats.

use std::collections::BTreeSet;

use super::*;
use crate::model::time::{DAY_MS, HOUR_MS};

/// 2026-11-10 00:00 in Shanghai.
const START: Millis = Millis(1_794_240_000_000);

fn day(seed: u64, options: ArrivalOptions) -> Vec<(Millis, NewLead)> {
    Arrivals::new(seed, options, START).due(START.plus(DAY_MS - 1))
}

fn per_minute(leads: &[(Millis, NewLead)]) -> Vec<u64> {
    let mut counts = vec![0; usize::try_from(DAY_MS / MINUTE_MS).unwrap()];
    for (at, _) in leads {
        counts[usize::try_from(at.since(START) / MINUTE_MS).unwrap()] += 1;
    }
    counts
}

#[test]
fn a_seed_gives_the_same_leads_however_often_one_asks() {
    let whole = day(5, ArrivalOptions::default());
    let mut stream = Arrivals::new(5, ArrivalOptions::default(), START);
    let mut pieces = Vec::new();
    let mut at = START;
    while at < START.plus(DAY_MS - 1) {
        at = at.plus(7 * MINUTE_MS + 13).min(START.plus(DAY_MS - 1));
        pieces.extend(stream.due(at));
    }
    assert_eq!(format!("{whole:?}"), format!("{pieces:?}"));
    assert_ne!(format!("{:?}", day(6, ArrivalOptions::default())), format!("{whole:?}"));
    assert!(whole.windows(2).all(|w| w[0].0 <= w[1].0), "in order of time");
}

#[test]
fn the_rate_is_kept_and_minutes_are_more_uneven_than_chance_alone() {
    for seed in 0..5 {
        let counts = per_minute(&day(seed, ArrivalOptions::default()));
        let n = counts.len() as u64;
        let sum: u64 = counts.iter().sum();
        let mean_milli = sum * 1000 / n;
        assert!((2_300..3_800).contains(&mean_milli), "seed {seed}: {mean_milli} of 3000");
        // Variance ÷ mean is 1 for a Poisson stream; bursts lift it.
        let squares: u64 = counts.iter().map(|c| (c * 1000).abs_diff(mean_milli).pow(2)).sum();
        let fano_milli = squares / n / mean_milli;
        assert!((1_500..20_000).contains(&fano_milli), "seed {seed}: {fano_milli}");
    }
}

#[test]
fn a_promotion_multiplies_its_source_and_no_other() {
    let (from, to) = (START.plus(10 * HOUR_MS), START.plus(14 * HOUR_MS));
    let promotions = vec![Promotion::livestream(from, to)];
    let count = |promotions: Vec<Promotion>, douyin: bool| -> usize {
        (0..6)
            .flat_map(|seed| {
                day(seed, ArrivalOptions { promotions: promotions.clone(), ..Default::default() })
            })
            .filter(|(at, lead)| from <= *at && *at < to && (lead.attrs.source == "抖音") == douyin)
            .count()
    };
    let (usual, promoted) = (count(vec![], true), count(promotions.clone(), true));
    assert!((6 * usual..15 * usual).contains(&promoted), "{usual} → {promoted}");
    let (others, beside) = (count(vec![], false), count(promotions, false));
    assert!((others / 2..others * 2).contains(&beside), "{others} → {beside}");
}

#[test]
fn nights_are_quiet_in_an_office_day() {
    let options = ArrivalOptions { day_of: Some(chrono_tz::Asia::Shanghai), ..Default::default() };
    let leads: Vec<_> = (0..4).flat_map(|seed| day(seed, options.clone())).collect();
    let of_hours = |from: i64, to: i64| {
        leads.iter().filter(|(at, _)| (from * HOUR_MS..to * HOUR_MS).contains(&at.since(START))).count()
    };
    assert!(of_hours(9, 12) > 8 * of_hours(2, 5), "{} by day, {} by night", of_hours(9, 12), of_hours(2, 5));
}

#[test]
fn leads_are_unique_some_persons_come_again_and_some_lack_a_phone() {
    let leads = day(9, ArrivalOptions::default());
    let ids: BTreeSet<_> = leads.iter().map(|(_, l)| l.external_id.clone()).collect();
    assert_eq!(ids.len(), leads.len());
    let keys: Vec<u64> = leads.iter().flat_map(|(_, l)| &l.keys).map(|k| k.hash).collect();
    let different: BTreeSet<_> = keys.iter().collect();
    let twice = keys.len() - different.len();
    assert!(twice * 100 > keys.len() && twice * 10 < keys.len(), "{twice} of {} keys come again", keys.len());
    let bare = leads.iter().filter(|(_, l)| !l.attrs.has_phone).count();
    assert!(bare * 100 > leads.len() * 4 && bare * 100 < leads.len() * 14, "{bare} of {}", leads.len());
    assert!(
        leads.iter().all(|(_, l)| l.attrs.has_phone == l.keys.iter().any(|k| k.kind == ContactKind::Phone))
    );
    assert_eq!(sources_of(&leads).len(), 7);
}
