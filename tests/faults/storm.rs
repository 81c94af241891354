//! Many at once: races for one lead, writers by the dozen, readers that stand still, backups under load, a week of trouble.

use std::process::Stdio;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use leadyard::desk::{Denied, Interlock};
use leadyard::engine::{Intent, Order, Refusal, To};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::id::{LeadId, RepId};
use leadyard::sim::{Options, run};
use leadyard::store::Store;

use crate::site::{
    NOW, ask, csv, found, is_sound, leads, leadyard, me, open, order, quiet, receive, scratch,
};

#[expect(clippy::disallowed_methods, reason = "measures how long somebody waits")]
fn instant() -> Instant {
    Instant::now()
}

fn wants(id: u128, name: &str, lead: LeadId, rep: u32, desk: &Interlock) -> Order {
    let to = To::Rep(RepId(rep));
    let intent = Intent::Place { leads: vec![lead], to, reason: "".into(), force: false, turn: false };
    let seen = vec![(lead, desk.world().lead(lead).unwrap().touched.seq)];
    Order { actor: Actor { name: name.into(), role: Role::Admin, console: 1 }, seen, ..order(id, intent) }
}

#[test]
fn of_two_who_want_one_lead_one_wins_and_the_other_is_told() {
    let dir = scratch();
    let path = dir.path().join("desk");
    let mut one = found(&path);
    let lead = ask(&mut one, &receive(900, leads(1, 1)), NOW).unwrap().taken[0].lead();
    let mut two = open(&path);
    let (mut won, mine) = ([0, 0], me());
    for round in 0..1_000u32 {
        one.catch_up().unwrap();
        two.catch_up().unwrap();
        let names = [mine.as_str(), "wang.fang"];
        let id = 1_000 + u128::from(round) * 2;
        let orders = [
            wants(id, names[0], lead, round * 2 % 14 + 1, &one),
            wants(id + 1, names[1], lead, (round * 2 + 1) % 14 + 1, &two),
        ];
        let before = one.world().seq().0;
        let barrier = Barrier::new(2);
        let answers: Vec<_> = std::thread::scope(|scope| {
            let asked: Vec<_> = [&mut one, &mut two]
                .into_iter()
                .zip(&orders)
                .map(|(desk, order)| {
                    let barrier = &barrier;
                    scope.spawn(move || {
                        barrier.wait();
                        ask(desk, order, NOW)
                    })
                })
                .collect();
            asked.into_iter().map(|a| a.join().unwrap()).collect()
        });
        let winner = usize::from(answers[0].is_err());
        assert!(answers[winner].is_ok(), "round {round}: {answers:?}");
        match &answers[1 - winner] {
            Err(Denied::Refused(Refusal::Changed { by, at, .. })) => {
                assert_eq!((by.as_str(), *at), (names[winner], NOW));
            }
            other => panic!("round {round}: {other:?}"),
        }
        assert_eq!(one.store().last_seq().unwrap().0, before + 1, "one event for one placement");
        won[winner] += 1;
    }
    println!("won {won:?}");
    drop((one, two));
    is_sound(&path);
}

#[test]
fn eight_processes_lose_nothing_and_complain_of_nothing() {
    let dir = scratch();
    let path = dir.path().join("desk");
    drop(found(&path));
    let children: Vec<_> = (0..8)
        .map(|n| {
            let rows = dir.path().join(format!("leads-{n}.csv"));
            csv(&rows, &format!("p{n}"), 200);
            let mut command = leadyard(&path);
            command.args(["import", "leads"]).arg(rows).args(["--each", "--as", "live"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let out = child.wait_with_output().unwrap();
        let wrong = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{wrong}");
        assert!(!wrong.contains("locked") && !wrong.contains("another process"), "{wrong}");
    }
    let world = Store::open(&path).unwrap().load_world(&mut quiet).unwrap();
    assert_eq!(world.next_lead().0 - 1, 8 * 200);
    is_sound(&path);
}

#[test]
fn eight_writers_wait_less_than_a_second() {
    let dir = scratch();
    let path = dir.path().join("desk");
    drop(found(&path));
    let mut waits: Vec<Duration> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8u64)
            .map(|n| {
                let path = &path;
                scope.spawn(move || {
                    let mut desk = open(path);
                    let mut waits = Vec::new();
                    for (at, lead) in leads(n, 100).into_iter().enumerate() {
                        let order = receive(u128::from(n + 1) << 32 | at as u128, vec![lead]);
                        let began = instant();
                        ask(&mut desk, &order, NOW).unwrap();
                        waits.push(began.elapsed());
                    }
                    waits
                })
            })
            .collect();
        writers.into_iter().flat_map(|w| w.join().unwrap()).collect()
    });
    waits.sort_unstable();
    let p99 = waits[waits.len() * 99 / 100];
    println!("p99 {p99:?}, longest {:?}", waits.last().unwrap());
    assert!(p99 < Duration::from_secs(1), "{p99:?}");
    is_sound(&path);
}

#[test]
fn a_reader_that_stands_still_keeps_nobody_waiting() {
    let dir = scratch();
    let path = dir.path().join("desk");
    let mut desk = found(&path);
    // A console as Ctrl-Z leaves it: connected, a world in hand, no question under way.
    let reader = Store::open_readonly(&path).unwrap();
    let stopped = reader.load_world(&mut quiet).unwrap();
    let (mut longest, mut wal) = (Duration::ZERO, 0);
    for round in 0..48u64 {
        let began = instant();
        ask(&mut desk, &receive(900 + u128::from(round), leads(round, 500)), NOW).unwrap();
        longest = longest.max(began.elapsed());
        let name = format!("{}-wal", path.display());
        wal = wal.max(std::fs::metadata(name).unwrap().len());
    }
    println!("longest write {longest:?}, write-ahead log {} MB", wal >> 20);
    assert!(wal < 64 << 20 && longest < Duration::from_secs(2), "{wal} bytes, {longest:?}");
    assert!(std::fs::metadata(&path).unwrap().len() > 8 << 20, "the log was never moved into the file");
    // Woken, it goes on from where it stood.
    let mut world = stopped;
    while !reader.tail(&mut world, 5_000).unwrap().is_empty() {}
    assert_eq!(world.digest(), desk.world().digest());
}

#[test]
fn twenty_backups_under_load_are_each_a_beginning_of_the_log() {
    let dir = scratch();
    let path = dir.path().join("desk");
    let mut desk = found(&path);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (done, reader) = (&done, Store::open_readonly(&path).unwrap());
        let dir = dir.path();
        scope.spawn(move || {
            for n in 0..20 {
                reader.backup(&dir.join(format!("copy-{n}"))).unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
        let mut id = 900;
        while !done.load(Ordering::Relaxed) {
            id += 1;
            ask(&mut desk, &receive(id, leads(u64::try_from(id).unwrap(), 2)), NOW).unwrap();
        }
    });
    let mut last = 0;
    for n in 0..20 {
        let copy = dir.path().join(format!("copy-{n}"));
        is_sound(&copy);
        let world = Store::open(&copy).unwrap().load_world(&mut quiet).unwrap();
        let then = desk.store().world_at(world.seq(), &mut quiet).unwrap();
        assert_eq!(world.digest(), then.digest());
        assert!(world.seq().0 >= last);
        last = world.seq().0;
    }
}

#[test]
fn seven_days_of_trouble_leave_a_sound_file() {
    let mut troubles = std::collections::BTreeSet::new();
    for seed in [46, 47] {
        let folder = scratch();
        let options = Options { steps: 200, folder: Some(folder.path().into()), ..Options::default() };
        let report = run(seed, &options).unwrap();
        assert!(report.events > 500, "{report:?}");
        troubles.extend(report.troubles.into_keys());
    }
    assert!(troubles.len() > 4, "{troubles:?}");
}

#[test]
fn a_short_soak_comes_out_level() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().to_str().unwrap();
    let args = ["sim", "--soak", "0.2", "--folder", folder, "--json"];
    let out = leadyard(&dir.path().join("unused")).args(args).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let figures: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert!(figures["leads"].as_u64() > Some(5), "{figures}");
    assert!(figures["wait_ms_beside_stopped"]["orders"].as_u64() > Some(1), "{figures}");
}
