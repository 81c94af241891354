//! A desk on a file with the company of the demo, and the program to run on it.

use std::path::{Path, PathBuf};
use std::process::Command;

use leadyard::desk::Interlock;
use leadyard::desk::interlock::Answer;
use leadyard::engine::{Intent, NewLead, Order};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::event::IntentId;
use leadyard::model::time::Millis;
use leadyard::sim::arrivals::{ArrivalOptions, Arrivals};
use leadyard::sim::{company, demo};
use leadyard::store::Store;

/// 2026-11-10 10:00 in Shanghai.
pub const NOW: Millis = Millis(1_794_276_000_000);

pub fn quiet(_: u64, _: u64) {}

/// The user of this machine: whom commands sign with.
pub fn me() -> String {
    leadyard::desk::clock::os_user()
}

pub fn order(id: u128, intent: Intent) -> Order {
    let actor = Actor { name: me().into(), role: Role::Admin, console: 1 };
    Order { id: IntentId(id), actor, intent, seen: Vec::new() }
}

pub fn open(path: &Path) -> Interlock {
    Interlock::new(Store::open(path).unwrap(), &mut quiet).unwrap()
}

pub fn ask(desk: &mut Interlock, order: &Order, now: Millis) -> Answer {
    desk.group(std::slice::from_ref(order), now).answers.remove(0)
}

/// A new desk with reps who take whatever comes.
pub fn found(path: &Path) -> Interlock {
    let mut desk = Interlock::new(Store::create(path, NOW).unwrap(), &mut quiet).unwrap();
    let mut cards = company::cards();
    for card in &mut cards {
        (card.cap_open, card.cap_day) = (None, None);
    }
    for (at, (_, intent)) in demo::opening(&me(), cards, company::BOOK).into_iter().enumerate() {
        ask(&mut desk, &order(at as u128 + 1, intent), NOW).unwrap();
    }
    desk
}

/// Leads of a seed, each with an external id of its own.
pub fn leads(seed: u64, count: usize) -> Vec<NewLead> {
    let options = ArrivalOptions { system: format!("s{seed}").into(), ..ArrivalOptions::default() };
    let mut arrivals = Arrivals::new(seed, options, NOW);
    (0..count).map(|_| arrivals.one_more(NOW)).collect()
}

pub fn receive(id: u128, leads: Vec<NewLead>) -> Order {
    order(id, Intent::Receive { leads, import: None })
}

/// A folder in memory where there is one: syncing costs nothing there.
pub fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

pub fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_leadyard").into()
}

pub fn leadyard(db: &Path) -> Command {
    let mut command = Command::new(program());
    command.env_remove("LEADYARD_DB").env("LEADYARD_LANG", "en").arg("--db").arg(db);
    command
}

/// Leads as a file, external ids `PREFIX-0` and on.
pub fn csv(path: &Path, prefix: &str, rows: usize) {
    let mut text = String::from("lead id,name,phone,source,region\n");
    for i in 0..rows {
        text += &format!("{prefix}-{i},欧阳{i},172{i:08},抖音,上海\n");
    }
    std::fs::write(path, text).unwrap();
}

pub fn is_sound(path: &Path) {
    let report = leadyard::store::check(path, &mut quiet).unwrap();
    assert!(report.is_sound(), "{:?}", report.findings);
}
