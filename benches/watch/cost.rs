//! What an event, a look and a storm cost.

use std::time::Instant;

use leadyard::engine::Intent;
use leadyard::model::actor::Role;
use leadyard::model::alert::{AlertKey, AlertKind, AlertSubject, Detail, Finding, Sighting};
use leadyard::model::event::Body;
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::time::DAY_MS;
use leadyard::watch::lifecycle::{notices, steps};
use leadyard::watch::{Scene, Site, look};
use leadyard::world::Moment;

use super::Table;
use super::arrivals::{Arrivals, Dice};
use super::rig::{Rig, START};
use super::stream::Stream;

/// An event, a look, a storm.
pub fn costs(table: &mut Table) {
    println!("cost at 200 reps");
    let arrivals = Arrivals::clumped(START, 200, 21, 7);
    let everybody: Vec<RepId> = (1..=200).map(RepId).collect();
    let mut stream = Stream::new(START);
    let mut dice = Dice::new(3);
    let (mut events, mut spent) = (0u32, 0.0);
    let mut kept = Vec::new();
    for (when, source, _) in &arrivals.leads {
        stream.now = *when;
        let lead = stream.lead(&format!("source {source}"), |_| {});
        let rep = RepId(u32::try_from(dice.below(200) + 1).unwrap_or(1));
        kept.push(stream.assign(lead, rep, &everybody, &[], &["B"]));
    }
    let mut sums = leadyard::watch::WatchState::default();
    for event in &kept {
        let begun = Instant::now();
        sums.apply(event);
        spent += begun.elapsed().as_secs_f64();
        events += 1;
    }
    let each = spent * 1e6 / f64::from(events);
    table.line("  an assignment with 200 free, folded", &format!("{each:.1} µs"), "≤ 20 µs", each <= 20.0);
    let mut rig = Rig::new(200);
    let mut worst: f64 = 0.0;
    for _ in 0..20 {
        stream.now = stream.now.plus(10_000);
        let begun = Instant::now();
        let moment = Moment::at(rig.world.book().zone, stream.now);
        let scene = Scene { world: &rig.world, sums: Some(&stream.sums), site: &Site::NONE, moment: &moment };
        let _ = look(&scene, true, false);
        worst = worst.max(begun.elapsed().as_secs_f64() * 1e3);
    }
    table.line("  a look, the worst of 20", &format!("{worst:.1} ms"), "≤ 50 ms", worst <= 50.0);
    let bytes = stream.sums.encode().map_or(0, |b| b.len());
    table.note("  the sums in a checkpoint", &format!("{} KiB", bytes >> 10));
    storm(table, &mut rig);
}

fn storm(table: &mut Table, rig: &mut Rig) {
    let now = START.plus(DAY_MS);
    let seen: Vec<Sighting> = (1..=10_000)
        .map(|lead| Sighting {
            finding: Finding {
                key: AlertKey { kind: AlertKind::Duplicate, subject: AlertSubject::Lead(LeadId(lead)) },
                count: 2,
                leads: vec![LeadId(lead)],
                figure: 2,
                limit: 1,
            },
            detail: Detail::default(),
            breach: true,
        })
        .collect();
    let (mut longest, mut told, mut at) = (0.0_f64, 0, now);
    let all = Instant::now();
    loop {
        let begun = Instant::now();
        let moment = Moment::at(rig.world.book().zone, at);
        let look = steps(&rig.world, &moment, &seen, &|_| true, false);
        let mut all = notices(&rig.world, &moment);
        told += all.len();
        all.extend(look.steps);
        if all.is_empty() {
            break;
        }
        rig.give(Role::Engine, Intent::Watch { steps: all }, at);
        longest = longest.max(begun.elapsed().as_secs_f64());
        at = at.plus(if look.more { 100 } else { 31_000 });
    }
    let whole = all.elapsed().as_secs_f64();
    let open = rig.world.alerts().len();
    println!("storm of 10,000 breaching keys");
    table.line("  taken in, all looks together", &format!("{whole:.2} s"), "< 1 s", whole < 1.0);
    table.line("  the longest look", &format!("{:.1} ms", longest * 1e3), "≤ 50 ms", longest <= 0.05);
    table.line("  notices for one group", &told.to_string(), "1", told == 1 && open == 10_000);
    let cleared = rig.host.events.iter().filter(|e| matches!(e.body, Body::AlertNoticed(_))).count();
    table.note("  notices in the log", &cleared.to_string());
}
