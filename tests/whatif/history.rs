//! The unchanged book over simulated logs: timers, holds, undo, diverts, promotions, pool, modes, imports, a clock that
//! is set.

use leadyard::engine::Intent;
use leadyard::engine::whatif::{Rules, Tell};
use leadyard::model::actor::{ENGINE, Role};
use leadyard::model::event::{Body, Event};
use leadyard::sim::chance::Chance;
use leadyard::sim::crew::{self, Crew};
use leadyard::sim::people::person;
use leadyard::sim::run::Hands;
use leadyard::sim::yard::Yard;

use crate::{assert_same, decisions, fold, replay, tape};

/// The log of a simulated company.
fn simulated(seed: u64, steps: u32) -> Vec<Event> {
    let mut yard = Yard::new();
    let mut chance = Chance::apart(seed, 6);
    let mut hands = Hands::new();
    let mut crew = Crew::new(seed, hands.wall);
    for (actor, wish) in crew::opening(seed.is_multiple_of(2)) {
        yard.ask(actor, wish, hands.wall).unwrap().unwrap();
    }
    for _ in 0..steps {
        hands.pass(&mut chance, seed.is_multiple_of(3));
        let (_, mut wishes) = crew.wishes(yard.world(), hands.wall);
        for (permille, intent) in [(150, Intent::Sweep), (300, Intent::Timers), (100, Intent::TakeQuiet)] {
            if chance.permille(permille) {
                wishes.push((person(ENGINE, Role::Engine, 1), intent));
            }
        }
        for (actor, wish) in wishes {
            if let Ok(outcome) = yard.ask(actor.clone(), wish, hands.wall).unwrap() {
                crew.did(&actor, outcome.batch);
            }
        }
    }
    yard.events().to_vec()
}

/// Where an order begins, at about `milli` thousandths of the log.
fn cut(log: &[Event], milli: usize) -> usize {
    let from = log.len() * milli / 1000;
    (from..log.len()).find(|at| *at == 0 || log[at - 1].intent != log[*at].intent).unwrap_or(log.len())
}

#[test]
fn the_unchanged_book_decides_as_history_did() {
    let (mut placed, mut timers, mut restored, mut others) = (0, 0, 0, 0);
    let (seeds, is_usual) = crate::seeds(0..120);
    // Merged and withdrawn survivors, a pause that ended by itself.
    let known = [145, 215, 380].into_iter().filter(|_| is_usual);
    for seed in seeds.chain(known) {
        let log = simulated(seed, 120);
        for milli in [0, 400] {
            let at = cut(&log, milli);
            let start = fold(&log[..at]);
            let tape = tape(&start, &log[at..]);
            let (side, end) = replay(&tape, &start, &Rules::AsPublished, Tell::All);
            let what = format!("SEED={seed} from event {at}");
            assert_same(&what, &decisions(&log[at..]), &decisions(&side.told), &[&log, &side.told]);
            assert_eq!((side.differing, side.other_owner), (0, 0), "{what}");
            // The replayed desk ends with the same rows in the same hands.
            let live = fold(&log);
            assert_eq!(live.open_count(), end.open_count(), "{what}");
            for lead in live.leads() {
                let here = end.lead(lead.id).expect("open in both");
                let of =
                    |l: &leadyard::model::lead::Lead| (l.state, l.owner, l.score, l.pinned, l.assigned_at);
                assert_eq!(of(lead), of(here), "{what}: {}", lead.id);
            }
            let sums = |w: &leadyard::world::World| -> Vec<_> {
                w.reps().iter().map(|r| (r.load, r.ledger.clone(), r.lifetime_milli)).collect()
            };
            assert_eq!(sums(&live), sums(&end), "{what}");
        }
        for event in &log {
            match &event.body {
                Body::LeadAssigned(_) => placed += 1,
                Body::LeadRecalled { timer: Some(_), .. }
                | Body::LeadEscalated(_)
                | Body::LeadReminded(_) => {
                    timers += 1;
                }
                Body::LeadRestored(_) => restored += 1,
                Body::DivertChanged { .. }
                | Body::ScopeModeSet { .. }
                | Body::PromotionStarted { .. }
                | Body::LeadPooled { .. }
                | Body::LeadHeld { .. }
                | Body::LeadMerged { .. } => others += 1,
                _ => {}
            }
        }
    }
    // A simulation in which nothing happens proves nothing.
    assert!(
        !is_usual || placed > 4_000 && timers > 300 && restored > 300 && others > 500,
        "{placed} {timers} {restored} {others}"
    );
}

#[test]
fn figures_do_not_depend_on_how_much_is_told() {
    for seed in 200..215 {
        let log = simulated(seed, 100);
        let start = fold(&log[..cut(&log, 200)]);
        let tape = tape(&start, &log[cut(&log, 200)..]);
        let draft = Rules::Text(leadyard::sim::company::BOOK.into());
        let (told, _) = replay(&tape, &start, &draft, Tell::All);
        let (lean, _) = replay(&tape, &start, &draft, Tell::Nothing);
        assert_eq!(told.fates, lean.fates, "SEED={seed}");
        assert_eq!(told.parts, lean.parts, "SEED={seed}");
        let counts = |s: &leadyard::engine::whatif::Side| {
            (s.other_owner, s.no_object, s.moved_replies, s.lost_replies, s.differing)
        };
        assert_eq!(counts(&told), counts(&lean), "SEED={seed}");
    }
}
