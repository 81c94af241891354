//! Whether a remedy keeps its promise: exactly at the instant, nearly so half an hour later while the desk goes on, and whether
//! undo takes it back.

use leadyard::engine::{Intent, Progress};
use leadyard::model::actor::Role;
use leadyard::model::alert::AlertKind;
use leadyard::model::id::LeadId;
use leadyard::model::lead::LeadState;
use leadyard::model::time::{MINUTE_MS, Millis};
use leadyard::watch::remedies;
use leadyard::world::Moment;

use super::arrivals::Dice;
use super::floor::Floor;

const BOOK: &str = "rule A\n give to team E by least-loaded\notherwise wait\n";
const CAP: u32 = 20;

/// A minute in which a lead comes with this chance in a thousand, and one ends with the same.
fn go_on(floor: &mut Floor, dice: &mut Dice, permille: u64) {
    floor.now = floor.now.plus(MINUTE_MS);
    if dice.below(1000) < permille {
        floor.receive(|_| {});
    }
    if dice.below(1000) < permille {
        let mut open: Vec<LeadId> = floor.world.leads().filter(|l| l.owner.is_some()).map(|l| l.id).collect();
        open.sort_unstable();
        if let Some(lead) = open.get(usize::try_from(dice.below(open.len() as u64)).unwrap_or(0)) {
            let items = vec![Progress { lead: *lead, to: LeadState::Lost, happened_at: None }];
            floor.give(Role::Coordinator, Intent::Progress { items, note: "".into() });
        }
    }
}

/// How often leads come and end while the desk goes on.
#[derive(Clone, Copy)]
pub enum Pace {
    /// Eight a rep and day as on the synthetic desks, an hour's rate drawn anew.
    Usual,
    /// One of each every three minutes: a lead lasts an hour or two.
    Hectic,
}

impl Pace {
    fn permille(self, reps: usize, dice: &mut Dice) -> u64 {
        match self {
            Pace::Usual => (reps as f64 * 8.0 / 540.0 * dice.gamma3() * 1000.0) as u64,
            Pace::Hectic => 333,
        }
    }
}

/// What came of the promises of some desks.
#[derive(Default)]
pub struct Kept {
    pub desks: usize,
    pub exact: usize,
    pub near_later: usize,
    pub undone: usize,
}

/// The first rep was alone for a while; then others came, and the alert offers to even out.
pub fn keep(start: Millis, seeds: u64, pace: Pace) -> Kept {
    let mut kept = Kept::default();
    for seed in 0..seeds {
        let mut dice = Dice::new(seed + 77);
        let mut floor = Floor::new(start);
        floor.hire(1, Some(CAP));
        floor.publish(BOOK);
        for _ in 0..18 + dice.below(3) {
            floor.receive(|_| {});
        }
        for n in 2..4 + u32::try_from(dice.below(4)).unwrap_or(0) {
            floor.hire(n, Some(CAP));
        }
        for _ in 0..3 {
            floor.look(true);
            floor.now = floor.now.plus(6 * MINUTE_MS);
        }
        let Some(alert) = floor.alert(AlertKind::LoadUneven) else { continue };
        let moment = Moment::at(floor.world.book().zone, floor.now);
        let Some(best) = remedies(&floor.world, &alert, &moment).into_iter().next() else { continue };
        let Some(effect) = best.effect else { continue };
        kept.desks += 1;
        let before = floor.loads();
        let batch = floor.give(Role::Coordinator, best.intent.clone());
        kept.exact += usize::from(floor.share(CAP) == effect.after);
        if let Some(batch) = batch {
            floor.give(Role::Coordinator, Intent::Undo { batch });
        }
        kept.undone += usize::from(floor.loads() == before);
        floor.give(Role::Coordinator, best.intent);
        let permille = pace.permille(floor.loads().len(), &mut dice);
        for _ in 0..30 {
            go_on(&mut floor, &mut dice, permille);
        }
        let off = (floor.share(CAP) - effect.after).abs();
        kept.near_later += usize::from(off * 5 <= effect.after);
    }
    kept
}
