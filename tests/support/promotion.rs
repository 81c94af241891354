//! A promotion day on a file: the fixtures' roster and book, leads that wait, a full rep, one off duty. For programs that
//! need a desk of their own; times are those of the machine.

use crate::console::{BOOK, arrival, busy};
use leadyard::desk::clock::{fresh_id, os_user};
use leadyard::desk::{Clock, Desk, DeskOptions};
use leadyard::engine::{Intent, Order, To};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::id::{BookVersion, LeadId, RepId};
use leadyard::store::Store;
use std::path::Path;

/// Founds it in `dir` and returns the file.
pub fn promotion(dir: &Path) -> String {
    let path = dir.join("desk.db");
    let store = Store::create(&path, Clock::Machine.now()).unwrap();
    let options = DeskOptions { clock: Clock::Machine, may_lead: false, console: 7 };
    let desk = Desk::start(store, options, &mut |_, _| {}).unwrap();
    let user = os_user();
    // The leave of the fixtures is of another year.
    let cards = busy().world.reps().iter().map(|rep| rep.card.clone()).collect();
    let leads = [
        ("李雷", "13800000000", "抖音", "上海", 87),
        ("欧阳娜娜", "13800000001", "官网", "浙江", 64),
        ("O'Brien Ltd", "+14155550100", "referral", "江苏", 51),
        ("韩梅梅", "13600000000", "抖音", "江苏", 40),
        ("何静", "13900000001", "官网", "上海", 30),
        ("孙莉", "13900000002", "官网", "上海", 20),
    ];
    let leads = leads.map(|(name, phone, source, region, score)| arrival(name, phone, source, region, score));
    for intent in [
        Intent::Grant { actor: user.as_str().into(), role: Some(Role::Admin) },
        Intent::AddReps { cards },
        Intent::Publish { text: BOOK.into(), note: "start".into(), base: BookVersion(0) },
        Intent::Duty { rep: RepId(6), on: false },
        Intent::Receive { leads: leads.to_vec(), import: None },
        // 刘洋 takes two at most: now full.
        Intent::Place {
            leads: vec![LeadId(5), LeadId(6)],
            to: To::Rep(RepId(3)),
            reason: "".into(),
            force: false,
            turn: true,
        },
    ] {
        let actor = Actor { name: user.as_str().into(), role: Role::Admin, console: 7 };
        desk.handle().submit_and_wait(Order { id: fresh_id(), actor, intent, seen: Vec::new() }).unwrap();
    }
    path.to_str().unwrap().to_owned()
}
