//! Floods, long outages and restarts: nothing is lost, no limit is exceeded, nobody is flooded.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use leadyard::model::alert::Severity;
use leadyard::model::outbox::Stage;
use leadyard::model::time::{HOUR_MS, MINUTE_MS, Millis};
use leadyard::notify::Turn;
use leadyard::notify::courier::Claim;
use leadyard::store::OutboxFilter;

use crate::fake::{Act, Fake, answer, ok, with_header};
use crate::site::{Hand, NOW, Site, channels};

const OK: &str = r#"{"errcode":0}"#;

fn robot(fake: &Fake) -> leadyard::notify::Channels {
    channels(&format!("[channel.one]\nkind = \"wecom\"\nkey = \"k\"\nurl = \"{}\"\n", fake.url()))
}

/// Most of `times` within any minute.
fn most_a_minute(times: &[Millis]) -> usize {
    let within = |at: &Millis| times.iter().filter(|t| **t <= *at && at.since(**t) < MINUTE_MS).count();
    times.iter().map(within).max().unwrap_or(0)
}

#[test]
fn ten_thousand_alerts_stay_below_the_limit_across_restarts() {
    let fake = Fake::always(ok(OK));
    let channels = robot(&fake);
    let mut site = Site::new("notify wecom one on warn");
    site.alerts(9_900, Severity::Warn);
    site.alerts(100, Severity::Page);
    let (mut sent, mut starts) = (Vec::new(), 0);
    loop {
        // A new process each time, and a new term: five restarts in the middle of it.
        starts += 1;
        site.epoch = site.take_lead(&format!("start {starts}"));
        let mut hand = Hand::new(&site, &channels, "one");
        let most = if starts <= 5 { 7 } else { usize::MAX };
        let mut mine = 0;
        let done = loop {
            if mine == most {
                // Killed with a message claimed and not sent.
                let (mut store, world) = (site.store(), site.world());
                let claim = hand.courier.claim(&mut store, &world, site.now(), site.epoch).unwrap();
                if matches!(claim, Claim::Parcel(_)) {
                    sent.push(site.now());
                }
                break false;
            }
            let at = site.now();
            match hand.turn(&site) {
                Turn::Handed { .. } => {
                    sent.push(at);
                    mine += 1;
                }
                Turn::Waits { until } | Turn::Idle { until: Some(until) } => site.clock.turn_to(until),
                Turn::Idle { until: None } => break true,
                Turn::NotLeading => panic!("nobody else leads"),
            }
        };
        if done {
            break;
        }
    }
    assert_eq!(starts, 6);
    assert!(most_a_minute(&sent) <= 18, "{} in a minute", most_a_minute(&sent));
    assert!(sent.windows(2).all(|w| w[1].since(w[0]) >= 3_000));
    let first = fake.seen()[0].json()["text"]["content"].as_str().unwrap().to_owned();
    assert!(first.starts_with("【呼叫】Leadyard · 100 条通知"), "critical first: {first}");
    assert!(fake.seen().len() <= 60, "{} messages for 10,000 alerts", fake.seen().len());
    assert!(site.store().outbox_page(OutboxFilter::Open, 10).unwrap().is_empty());
}

#[test]
fn six_hours_down_lose_nothing_and_flood_nobody() {
    for down in [answer(503, ""), Act::ResetUnread] {
        let is_up = Arc::new(AtomicBool::new(false));
        let up = Arc::clone(&is_up);
        let fake = Fake::start(move |_| if up.load(Ordering::SeqCst) { ok("") } else { down.clone() });
        let text = format!("[channel.hook]\nkind = \"webhook\"\nurl = \"{}\"\nsecret = \"s\"\n", fake.url());
        let channels = channels(&text);
        let mut site = Site::new("notify webhook hook on warn");
        let mut hand = Hand::new(&site, &channels, "hook");
        let mut tries = 0;
        for minute in 0..360 {
            // Something to tell every three minutes.
            if minute % 3 == 0 {
                site.alerts(1, if minute % 30 == 0 { Severity::Page } else { Severity::Warn });
            }
            tries += hand.drive(&site, NOW.plus((minute + 1) * MINUTE_MS)).len();
            site.clock.turn_to(NOW.plus((minute + 1) * MINUTE_MS));
        }
        assert!(tries < 150, "{tries} tries in six hours are a nuisance");
        assert!(
            site.stages().iter().all(|stage| *stage == Stage::Queued),
            "nothing is given up within a day"
        );
        is_up.store(true, Ordering::SeqCst);
        let before = fake.seen().len();
        let handed = hand.drive(&site, NOW.plus(7 * HOUR_MS));
        assert!(site.stages().iter().all(|stage| *stage == Stage::Sent), "{:?}", site.stages());
        assert!(handed.len() <= 12, "{} messages at once", handed.len());
        // Each of the 120 notices once.
        let mut ids: Vec<String> = fake.seen()[before..]
            .iter()
            .flat_map(|r| {
                let body = r.json();
                body["notices"].as_array().unwrap().iter().map(|n| n["id"].to_string()).collect::<Vec<_>>()
            })
            .collect();
        ids.sort();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "one twice");
    }
}

/// What happens to the worker or the vendor between two turns.
#[derive(Debug, Clone)]
enum Mishap {
    /// New process, new term.
    Restart,
    /// Dies after the claim, before or after the vendor got it.
    Kill {
        sent: bool,
    },
    Arrive(u8, bool),
    Wait(i64),
    /// How the vendor answers from now on.
    Vendor(u8),
}

fn mishap() -> impl Strategy<Value = Mishap> {
    prop_oneof![
        1 => Just(Mishap::Restart),
        2 => any::<bool>().prop_map(|sent| Mishap::Kill { sent }),
        4 => (1u8..6, any::<bool>()).prop_map(|(n, page)| Mishap::Arrive(n, page)),
        4 => (0..90_000i64).prop_map(Mishap::Wait),
        3 => (0u8..5).prop_map(Mishap::Vendor),
    ]
}

fn act(vendor: u8) -> Act {
    match vendor {
        0 => with_header(429, "retry-after", "20"),
        1 => answer(503, ""),
        2 => Act::ResetRead,
        _ => answer(200, ""),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Kills, storms of 429, outages, restarts: each notice at least once, always under the message it was first in, never
    /// more in a minute than the limit.
    #[test]
    fn whatever_dies_each_notice_arrives_under_one_id(mishaps in prop::collection::vec(mishap(), 1..30)) {
        let how = Arc::new(std::sync::Mutex::new(3u8));
        let vendor = Arc::clone(&how);
        let fake = Fake::start(move |_| act(*vendor.lock().unwrap()));
        let text = format!("[channel.hook]\nkind = \"webhook\"\nurl = \"{}\"\nsecret = \"s\"\nper_minute = 6\n", fake.url());
        let channels = channels(&text);
        let mut site = Site::new("notify webhook hook on warn");
        let (mut handed, mut starts) = (Vec::new(), 0);
        let mut hand = Hand::new(&site, &channels, "hook");
        for mishap in &mishaps {
            match mishap {
                Mishap::Restart => {
                    starts += 1;
                    site.epoch = site.take_lead(&format!("{starts}"));
                    hand = Hand::new(&site, &channels, "hook");
                }
                Mishap::Kill { sent } => {
                    let (mut store, world, now) = (site.store(), site.world(), site.now());
                    let claim = hand.courier.claim(&mut store, &world, now, hand.epoch).unwrap();
                    if let Claim::Parcel(parcel) = claim {
                        handed.push(now);
                        if *sent {
                            let letter = hand.courier.write(&parcel, &world, &Default::default(), now);
                            let _ = hand.runtime.block_on(hand.courier.hand_over(&parcel, &letter, now));
                        }
                    }
                    starts += 1;
                    site.epoch = site.take_lead(&format!("{starts}"));
                    hand = Hand::new(&site, &channels, "hook");
                }
                Mishap::Arrive(n, page) => {
                    let severity = if *page { Severity::Page } else { Severity::Warn };
                    site.alerts(usize::from(*n), severity);
                }
                Mishap::Wait(ms) => {
                    let until = site.now().plus(*ms);
                    handed.extend(hand.drive(&site, until).into_iter().map(|(at, _)| at));
                    site.clock.turn_to(until);
                }
                Mishap::Vendor(kind) => *how.lock().unwrap() = *kind,
            }
        }
        *how.lock().unwrap() = 4;
        let until = site.now().plus(6 * HOUR_MS);
        handed.extend(hand.drive(&site, until).into_iter().map(|(at, _)| at));
        prop_assert!(most_a_minute(&handed) <= 6);
        let stages = site.stages();
        prop_assert!(stages.iter().all(|s| *s == Stage::Sent), "{:?}", stages);
        // Which messages a notice was in that may have arrived: one, unless its vendor had surely not taken it.
        let mut of_notice: std::collections::BTreeMap<String, Vec<String>> = Default::default();
        for request in fake.seen() {
            let message = request.headers["webhook-id"].clone();
            for notice in request.json()["notices"].as_array().unwrap() {
                of_notice.entry(notice["id"].to_string()).or_default().push(message.clone());
            }
        }
        for row in site.rows() {
            let id = serde_json::json!(row.id.to_string()).to_string();
            let messages = of_notice.get(&id);
            prop_assert!(messages.is_some(), "{id} never arrived");
        }
    }
}
