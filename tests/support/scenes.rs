//! Scenes of a desk whose fairness is measured, by the benchmark at full size and by the tests at a small one: the real
//! engine on a host that keeps nothing, a virtual clock, seeds fixed. They measure; limits are the callers'.
#![allow(clippy::unwrap_used, reason = "a scene stops at the first surprise")]

#[path = "nothing.rs"]
mod nothing;

use leadyard::engine::{Intent, NewLead, Order, execute};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::{Body, Event, IntentId};
use leadyard::model::id::{BookVersion, RepId};
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::rep::{Leave, RepCard};
use leadyard::model::share::LEAD_MICRO;
use leadyard::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};
use leadyard::report::spread::{parts, spread_milli};
use leadyard::world::{Moment, World};
use nothing::nothing;
use smol_str::SmolStr;

/// 2026-11-10 00:00 in Shanghai.
const MIDNIGHT: Millis = Millis(1_794_240_000_000);

/// A sequence of draws, the same in every run.
struct Draws(u64);

impl Draws {
    /// A number below `n`.
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// A desk with a clock to turn.
struct Floor {
    world: World,
    now: Millis,
}

impl Floor {
    fn new() -> Floor {
        Floor { world: World::new(), now: MIDNIGHT }
    }

    fn order(&mut self, intent: Intent) -> Vec<Event> {
        let actor = Actor { name: "王芳".into(), role: Role::Admin, console: 1 };
        let order = Order { id: IntentId(1), actor, intent, seen: Vec::new() };
        execute(&mut self.world, &mut nothing(), &order, self.now).map_err(|_| "refused").unwrap().events
    }

    fn publish(&mut self, book: &str) {
        let base = BookVersion(0);
        let text = format!("calendar\n timezone Asia/Shanghai\n{book}");
        self.order(Intent::Publish { text: text.into(), note: "".into(), base });
    }

    fn hire(&mut self, teams: &[&str]) -> RepId {
        let id = self.world.next_rep();
        let mut card = RepCard::new(&format!("rep{}", id.0), "欧阳娜娜");
        card.teams = teams.iter().map(SmolStr::new).collect();
        self.order(Intent::AddReps { cards: vec![card] });
        id
    }

    /// A lead arrives; who got it.
    fn lead(&mut self, region: &str) -> RepId {
        let lead = NewLead {
            attrs: Attrs { region: region.into(), ..Attrs::default() },
            contact: ContactCard::default(),
            keys: Vec::new(),
            system: "scene".into(),
            external_id: "".into(),
            received_at: None,
            kind: ArrivalKind::Live,
            state: LeadState::Waiting,
            owner: None,
            do_not_contact: false,
        };
        let events = self.order(Intent::Receive { leads: vec![lead], import: None });
        let given = events.iter().find_map(|e| match &e.body {
            Body::LeadAssigned(a) => Some(a.rep),
            _ => None,
        });
        given.unwrap()
    }

    fn spread(&self) -> i64 {
        spread_milli(&self.world, &self.moment()).unwrap()
    }

    fn moment(&self) -> Moment {
        Moment::at(self.world.book().zone, self.now)
    }
}

/// How a pool's leads come in.
#[derive(Clone, Copy)]
pub enum Mix {
    /// As many for each pool, shuffled.
    Even,
    /// Drawn by chance, each pool as likely.
    Chance,
    /// Half of all for one pool, a quarter for each of the others.
    Lopsided,
}

fn six() -> Floor {
    let mut floor = Floor::new();
    for at in 0..6 {
        floor.hire(&[["A", "B"], ["B", "C"], ["C", "A"]][at % 3]);
    }
    floor.publish(
        "rule A\n when region = A\n give to team A\nrule B\n when region = B\n give to team B\n\
         rule C\n when region = C\n give to team C\n",
    );
    floor
}

fn shuffled(leads: usize, draws: &mut Draws, mix: Mix) -> Vec<&'static str> {
    let pools = ["A", "B", "C"];
    let mut regions: Vec<&str> = (0..leads)
        .map(|n| match mix {
            Mix::Even => pools[n % 3],
            Mix::Chance => pools[draws.below(3) as usize],
            Mix::Lopsided => ["A", "A", "B", "C"][n % 4],
        })
        .collect();
    for at in (1..leads).rev() {
        regions.swap(at, draws.below(at as u64 + 1) as usize);
    }
    regions
}

/// Six reps, three pools, each rep in two of them: the spread in thousandths after `leads`, and (max − min) of what they
/// got in thousandths of the mean.
pub fn overlapping(leads: usize, mix: Mix) -> (i64, i64) {
    let mut floor = six();
    let mut got = [0i64; 6];
    for region in shuffled(leads, &mut Draws(1), mix) {
        floor.now = floor.now.plus(5 * MINUTE_MS);
        got[floor.lead(region).0 as usize - 1] += 1;
    }
    let range = got.iter().max().unwrap() - got.iter().min().unwrap();
    (floor.spread(), range * 6_000 / leads as i64)
}

/// The one who returns.
pub struct Return {
    pub of_next_100: usize,
    pub in_a_row: usize,
    /// Most and fewest in a hundred of the five weeks after.
    pub later: (usize, usize),
}

/// One of six comes back from two weeks' leave, on the hour.
pub fn back_from_leave(seed: u64) -> Return {
    let mut floor = six();
    let mut draws = Draws(seed);
    let mut run = |floor: &mut Floor, count: u64| -> Vec<RepId> {
        (0..count)
            .map(|_| {
                floor.now = floor.now.plus(20 * MINUTE_MS);
                floor.lead(["A", "B", "C"][draws.below(3) as usize])
            })
            .collect()
    };
    run(&mut floor, 72 * 20);
    let rep = RepId(3);
    let leave = Leave { from: floor.now, to: floor.now.plus(14 * DAY_MS), reason: "年假".into() };
    floor.order(Intent::SetLeaves { rep, leaves: vec![leave] });
    let away = run(&mut floor, 72 * 14 - 1);
    assert!(!away.contains(&rep));
    let next = run(&mut floor, 100);
    let of = |who: &[RepId]| who.iter().filter(|r| **r == rep).count();
    let later: Vec<usize> = (0..25).map(|_| of(&run(&mut floor, 100))).collect();
    Return {
        of_next_100: of(&next),
        in_a_row: next.split(|r| *r != rep).map(<[RepId]>::len).max().unwrap_or(0),
        later: (*later.iter().max().unwrap(), *later.iter().min().unwrap()),
    }
}

/// Leads a day for a new hire as fourth in a team of twelve a day, beside one of 84: on the first day, and fewest and most
/// on any of the 35 days after.
pub fn new_hire() -> (usize, (usize, usize)) {
    let mut floor = Floor::new();
    (0..6).for_each(|at| {
        floor.hire(&[["Slow", "Fast"][at / 3]]);
    });
    floor.publish("rule Slow\n when region = S\n give to team Slow\nrule Fast\n give to team Fast\n");
    let day = |floor: &mut Floor, rep: RepId| -> usize {
        (0..96)
            .filter(|n| {
                floor.now = floor.now.plus(15 * MINUTE_MS);
                floor.lead(if n % 8 == 0 { "S" } else { "F" }) == rep
            })
            .count()
    };
    for _ in 0..30 {
        day(&mut floor, RepId(0));
    }
    let new = floor.hire(&["Slow"]);
    let first = day(&mut floor, new);
    let rest: Vec<usize> = (0..35).map(|_| day(&mut floor, new)).collect();
    (first, (*rest.iter().min().unwrap(), *rest.iter().max().unwrap()))
}

/// A big desk over the 28 days of the ledger.
#[derive(Clone, Copy)]
pub struct Crowd {
    pub teams: usize,
    pub per_team: usize,
    pub leads: usize,
    /// One pool of all, or each team's own leads `by fair within team`.
    pub within_team: bool,
    /// An hour off duty a day: half of them at twelve, half at one.
    pub lunches: bool,
}

/// How far the one who is furthest off is from what was due, in thousandths of a lead: at most, at least; and the spread.
pub struct Off {
    pub most: i64,
    pub least: i64,
    pub spread: i64,
    /// Furthest from the mean ledger (of the pool, or of the team), in thousandths of a turn.
    pub ledger: i64,
}

/// Everybody has a day off a week, one in ten two weeks of leave.
pub fn crowd(size: Crowd, seed: u64) -> Off {
    const DAYS: i64 = 28;
    let mut floor = Floor::new();
    let mut draws = Draws(seed);
    let names: Vec<String> = (0..size.teams).map(|t| format!("T{t}")).collect();
    let book: String = if size.within_team {
        let rule =
            |t: &String| format!("rule {t}\n when region = {t}\n give to team {t} by fair within team\n");
        names.iter().map(rule).collect()
    } else {
        let all: Vec<String> = names.iter().map(|t| format!("team {t}")).collect();
        format!("rule All\n give to {}\n", all.join(", "))
    };
    let reps: Vec<RepId> =
        (0..size.teams * size.per_team).map(|n| floor.hire(&[&names[n % size.teams]])).collect();
    floor.publish(&book);
    let at = |day: i64| MIDNIGHT.plus(day * DAY_MS);
    let leave = |from: i64, days: i64| Leave { from: at(from), to: at(from + days), reason: "".into() };
    let absences: Vec<Vec<Leave>> = reps
        .iter()
        .map(|rep| {
            let long = (rep.0 % 10 == 0).then(|| 2 + draws.below(10) as i64);
            let mut leaves: Vec<Leave> = (0..4)
                .map(|week| week * 7 + draws.below(7) as i64)
                .filter(|day| long.is_none_or(|from| *day < from || *day >= from + 14))
                .filter(|day| *day < DAYS - 1)
                .map(|day| leave(day, 1))
                .collect();
            leaves.extend(long.map(|from| leave(from, 14)));
            leaves.sort_by_key(|l| l.from);
            leaves
        })
        .collect();
    for (rep, leaves) in reps.iter().zip(&absences) {
        floor.order(Intent::SetLeaves { rep: *rep, leaves: leaves.clone() });
    }
    let present = |rep: &RepId, now: Millis| {
        absences.get(rep.0 as usize - 1).is_some_and(|ls| ls.iter().all(|l| now < l.from || now >= l.to))
    };
    for day in 0..DAYS {
        // Nine to six, at moments drawn by chance.
        let mut arrivals: Vec<(i64, u64)> = (0..size.leads as u64 / DAYS as u64)
            .map(|_| (9 * HOUR_MS + draws.below(9 * 3600) as i64 * 1000, draws.below(size.teams as u64)))
            .collect();
        arrivals.sort_unstable();
        let mut shifts =
            [(12, 0, false), (13, 0, true), (13, 1, false), (14, 1, true)].into_iter().peekable();
        for (time, team) in arrivals {
            while let Some((hour, half, on)) = shifts.next_if(|(hour, ..)| hour * HOUR_MS <= time) {
                floor.now = at(day).plus(hour * HOUR_MS);
                for rep in reps.iter().filter(|r| (r.0 as usize / size.teams) % 2 == half) {
                    if size.lunches && present(rep, floor.now) {
                        floor.order(Intent::Duty { rep: *rep, on });
                    }
                }
            }
            floor.now = at(day).plus(time);
            floor.lead(&names[team as usize]);
        }
    }
    let parts = parts(&floor.world, floor.moment().day);
    let off = parts.iter().map(|p| (p.received_micro - p.due_micro) * 1000 / LEAD_MICRO);
    let ledgers = names.iter().flat_map(|team| {
        let scope = size.within_team.then_some(team.as_str());
        let mut all: Vec<(bool, i64)> = Vec::new();
        for rep in floor.world.reps() {
            all.push((rep.in_team(team), rep.ledger_sum(scope, floor.moment().day)));
        }
        all.retain(|(here, _)| *here || !size.within_team);
        let mean = all.iter().map(|(_, sum)| sum).sum::<i64>() / all.len().max(1) as i64;
        all.into_iter().map(move |(_, sum)| (sum - mean).abs())
    });
    Off {
        most: off.clone().max().unwrap(),
        least: off.min().unwrap(),
        spread: floor.spread(),
        ledger: ledgers.max().unwrap(),
    }
}
