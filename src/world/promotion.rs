//! Promotions 大促 as the world carries them: what was switched by hand, and what follows from that and the book in force:
//! when each is on, and the caps and weights each rep has meanwhile.
//!
//! Worked out once a publication, switch or roster change; at a decision it is one look-up by moment. An end is never an
//! event. Hours are `hours`' affair, who may switch is the engine's.

pub mod history;

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::moment::instant_of;
use super::{RepState, World};
use crate::model::id::RepId;
use crate::model::overlay::{OVERLAY_MAX_MS, PromotionSwitch};
use crate::model::time::Millis;
use crate::rulebook::{Book, Metric, Promotion, Target, WatchKind, WatchLine, line_for};

/// A figure and the promotion that gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub value: u32,
    pub promotion: SmolStr,
}

/// What a rep has instead of what their card says. Weights in thousandths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    pub open: Option<Given>,
    pub day: Option<Given>,
    pub weight: Option<Given>,
}

/// The terms of one rep over time. All are equal: they follow from the book, the switches and the roster.
#[derive(Debug, Clone, Default)]
pub struct TermsPlan(Option<Arc<(Edges, Vec<Terms>)>>);

impl PartialEq for TermsPlan {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for TermsPlan {}

impl TermsPlan {
    /// What holds at `now`; `None` when the card does.
    #[must_use]
    pub fn at(&self, now: Millis) -> Option<&Terms> {
        let (edges, terms) = &**self.0.as_ref()?;
        terms.get(edges.partition_point(|edge| *edge <= now))
    }
}

type Edges = Arc<[Millis]>;

/// A stretch of time in which a promotion is on; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub from: Millis,
    pub until: Millis,
}

/// When the promotions of the book are on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Promos {
    /// By place in the book; ascending and apart.
    runs: Vec<Vec<Run>>,
    /// Moments at which one begins or ends, ascending.
    edges: Edges,
    /// Places of those that are on before the first edge, between it and the second, and so on.
    on: Vec<Vec<usize>>,
}

impl Promos {
    fn of(book: &Book, switches: &BTreeMap<SmolStr, PromotionSwitch>) -> Promos {
        let runs: Vec<Vec<Run>> =
            book.promotions.iter().map(|p| runs_of(book, p, switches.get(&p.name))).collect();
        let mut edges: Vec<Millis> = runs.iter().flatten().flat_map(|r| [r.from, r.until]).collect();
        edges.sort_unstable();
        edges.dedup();
        if edges.is_empty() {
            return Promos::default();
        }
        let is_on = |runs: &[Run], at: Millis| runs.iter().any(|r| r.from <= at && at < r.until);
        let on_at = |at: Millis| (0..runs.len()).filter(|i| is_on(&runs[*i], at)).collect::<Vec<_>>();
        let on = std::iter::once(Vec::new()).chain(edges.iter().map(|edge| on_at(*edge))).collect();
        Promos { runs, edges: edges.into(), on }
    }

    /// Places of the promotions that are on at `now`.
    fn on_at(&self, now: Millis) -> &[usize] {
        if self.edges.is_empty() {
            return &[];
        }
        self.on.get(self.edges.partition_point(|edge| *edge <= now)).map_or(&[], Vec::as_slice)
    }

    /// Each stretch between two edges with the places of those that are on, where any is.
    pub(super) fn stretches(&self) -> impl Iterator<Item = (Millis, Millis, &[usize])> {
        let pairs = self.edges.windows(2).zip(self.on.iter().skip(1));
        pairs.filter_map(|(pair, on)| match pair {
            [from, until] if !on.is_empty() => Some((*from, *until, on.as_slice())),
            _ => None,
        })
    }
}

/// The window a promotion is bound to, as instants.
fn window_of(book: &Book, promotion: &Promotion) -> Option<Run> {
    let name = promotion.during.as_ref()?;
    let window = book.calendar.windows.iter().find(|w| w.name == *name)?;
    Some(Run { from: instant_of(book.zone, window.from)?, until: instant_of(book.zone, window.to)? })
}

/// When a promotion is on: as it was switched by hand, and while its window is open after that.
fn runs_of(book: &Book, promotion: &Promotion, switch: Option<&PromotionSwitch>) -> Vec<Run> {
    let by_hand = switch.map(|s| Run { from: s.from, until: s.until });
    let rest = switch.map_or(Millis(i64::MIN), |s| s.quiet_until);
    let window = window_of(book, promotion).map(|w| Run { from: w.from.max(rest), until: w.until });
    let mut out: Vec<Run> = Vec::new();
    for run in by_hand.into_iter().chain(window).filter(|r| r.from < r.until) {
        match out.last_mut() {
            Some(last) if run.from <= last.until => last.until = last.until.max(run.until),
            _ => out.push(run),
        }
    }
    out
}

/// Whom a line of a promotion means, with names looked up.
enum Whose<'b> {
    Everybody,
    Team(&'b SmolStr),
    Rep(Option<RepId>),
}

impl Whose<'_> {
    fn of<'b>(world: &World, target: Option<&'b Target>) -> Whose<'b> {
        match target {
            None => Whose::Everybody,
            Some(Target::Team(name)) => Whose::Team(name),
            Some(Target::Rep(name)) => Whose::Rep(world.rep_named(name).map(|r| r.id)),
            Some(Target::Owner) => Whose::Rep(None),
        }
    }

    /// How closely it means `rep`: the closest line counts. `None` = not at all.
    fn rank(&self, rep: &RepState) -> Option<u8> {
        match self {
            Whose::Rep(id) if *id == Some(rep.id) => Some(0),
            Whose::Team(name) if rep.in_team(name) => Some(1),
            Whose::Everybody => Some(2),
            Whose::Rep(_) | Whose::Team(_) => None,
        }
    }
}

/// Whose, open cap and day cap.
type CapLine<'b> = (Whose<'b>, Option<u32>, Option<u32>);

/// What one promotion says about caps and weights.
struct Lines<'b> {
    name: &'b SmolStr,
    caps: Vec<CapLine<'b>>,
    weights: Vec<(Whose<'b>, u32)>,
}

impl<'b> Lines<'b> {
    fn of(world: &World, promotion: &'b Promotion) -> Lines<'b> {
        let whose = |target| Whose::of(world, target);
        Lines {
            name: &promotion.name,
            caps: promotion.caps.iter().map(|c| (whose(c.whose.as_ref()), c.open, c.day)).collect(),
            weights: promotion.weights.iter().map(|(t, milli)| (whose(Some(t)), *milli)).collect(),
        }
    }

    fn given(&self, value: Option<u32>) -> Option<Given> {
        value.map(|value| Given { value, promotion: self.name.clone() })
    }

    /// Fills what no promotion above said.
    fn fill(&self, rep: &RepState, terms: &mut Terms) {
        let cap = |pick: fn(&CapLine<'b>) -> Option<u32>| {
            let fits = self.caps.iter().filter_map(|c| Some((c.0.rank(rep)?, pick(c)?)));
            self.given(fits.min_by_key(|(rank, _)| *rank).map(|(_, value)| value))
        };
        if terms.open.is_none() {
            terms.open = cap(|c| c.1);
        }
        if terms.day.is_none() {
            terms.day = cap(|c| c.2);
        }
        if terms.weight.is_none() {
            let fits = self.weights.iter().filter_map(|(whose, milli)| Some((whose.rank(rep)?, *milli)));
            terms.weight = self.given(fits.min_by_key(|(rank, _)| *rank).map(|(_, milli)| milli));
        }
    }
}

impl RepState {
    /// What promotions give them at `now` instead of what their card says.
    #[must_use]
    pub fn terms_at(&self, now: Millis) -> Option<&Terms> {
        self.terms.at(now)
    }

    /// Their own open cap at `now`; `None` = no limit.
    #[must_use]
    pub fn cap_open_at(&self, now: Millis) -> Option<u32> {
        self.terms.at(now).and_then(|t| t.open.as_ref()).map_or(self.card.cap_open, |g| Some(g.value))
    }

    /// Their own day cap at `now`; `None` = no limit.
    #[must_use]
    pub fn cap_day_at(&self, now: Millis) -> Option<u32> {
        self.terms.at(now).and_then(|t| t.day.as_ref()).map_or(self.card.cap_day, |g| Some(g.value))
    }

    /// Their own weight at `now` in thousandths, ramp left aside.
    #[must_use]
    pub fn weight_at(&self, now: Millis) -> u32 {
        self.terms.at(now).and_then(|t| t.weight.as_ref()).map_or(self.card.weight_milli, |g| g.value)
    }
}

impl World {
    /// Promotions of the book that are on at `now`, with their present run; in the order of the book.
    pub fn promotions_at(&self, now: Millis) -> impl Iterator<Item = (&Promotion, Run)> {
        self.promos.on_at(now).iter().filter_map(move |place| {
            let run = self.promos.runs.get(*place)?.iter().find(|r| r.from <= now && now < r.until)?;
            Some((self.book().promotions.get(*place)?, *run))
        })
    }

    /// Whether the promotion of this name is on at `now`.
    #[must_use]
    pub fn is_promoted(&self, name: &str, now: Millis) -> bool {
        let on = self.promos.on_at(now).iter().filter_map(|place| self.book().promotions.get(*place));
        on.into_iter().any(|promotion| promotion.name == name)
    }

    /// The stretches of time in which a promotion of the book was, is or will be on, as far as is known now.
    #[must_use]
    pub fn promotion_runs(&self, name: &str) -> &[Run] {
        let place = self.book().promotion(name).map(|(place, _)| place);
        place.and_then(|place| self.promos.runs.get(place)).map_or(&[], Vec::as_slice)
    }

    /// The run that is on at `now`, or the last before.
    #[must_use]
    pub fn last_run(&self, name: &str, now: Millis) -> Option<Run> {
        self.promotion_runs(name).iter().rev().find(|r| r.from <= now).copied()
    }

    /// The window the promotion of this name is bound to, whatever was switched by hand.
    #[must_use]
    pub fn promotion_window(&self, name: &str) -> Option<Run> {
        self.book().promotion(name).and_then(|(_, promotion)| window_of(self.book(), promotion))
    }

    /// How promotions were switched by hand, by name; those long over are forgotten.
    #[must_use]
    pub fn promotion_switches(&self) -> &BTreeMap<SmolStr, PromotionSwitch> {
        &self.switches
    }

    /// The line for this figure of a detector that holds at `now`: of the first promotion that has one, else the book's.
    #[must_use]
    pub fn watch_line(&self, kind: WatchKind, figure: Option<Metric>, now: Millis) -> Option<&WatchLine> {
        let on = self.promos.on_at(now).iter().filter_map(|place| self.book().promotions.get(*place));
        let mut over = on.filter_map(|p| line_for(&p.watch, kind, figure));
        over.next().or_else(|| self.book().watch_line(kind, figure))
    }

    /// The next moment after `now` at which a promotion begins or ends.
    pub(super) fn next_promotion_edge(&self, now: Millis) -> Millis {
        let next = self.promos.edges.partition_point(|edge| *edge <= now);
        self.promos.edges.get(next).copied().unwrap_or(Millis(i64::MAX))
    }

    /// Switches a promotion, or takes its switch away; long ended ones are forgotten when another is set.
    pub(super) fn switch_promotion(&mut self, name: &SmolStr, after: Option<&PromotionSwitch>, at: Millis) {
        // Forgetting a switch changes hours as well as setting one does.
        let hours = self.book().promotions.iter().any(Promotion::has_hours);
        if hours {
            self.settle_clocks(None, at);
        }
        self.switches.retain(|_, switch| at.since(switch.quiet_until) < OVERLAY_MAX_MS);
        match after {
            Some(switch) => self.switches.insert(name.clone(), switch.clone()),
            None => self.switches.remove(name),
        };
        self.refresh_promotions();
        if hours {
            self.refresh_hours();
            self.refresh_quiet();
            self.set_timers(None);
        }
    }

    /// Works out when promotions are on and what they give each rep; part of refreshing the pools.
    pub(super) fn refresh_promotions(&mut self) {
        let book = Arc::clone(&self.published.book);
        self.promos = Promos::of(&book, &self.switches);
        let lines: Vec<Lines<'_>> = if self.promos.edges.is_empty() {
            Vec::new()
        } else {
            book.promotions.iter().map(|p| Lines::of(self, p)).collect()
        };
        let plans: Vec<TermsPlan> = self.reps.iter().map(|rep| self.promos.plan(&lines, rep)).collect();
        for (rep, plan) in self.reps.iter_mut().zip(plans) {
            rep.terms = plan;
        }
    }
}

impl Promos {
    fn plan(&self, lines: &[Lines<'_>], rep: &RepState) -> TermsPlan {
        if lines.iter().all(|l| l.caps.is_empty() && l.weights.is_empty()) {
            return TermsPlan::default();
        }
        let terms: Vec<Terms> = self
            .on
            .iter()
            .map(|on| {
                let mut terms = Terms::default();
                on.iter().filter_map(|place| lines.get(*place)).for_each(|l| l.fill(rep, &mut terms));
                terms
            })
            .collect();
        if terms.iter().all(|t| *t == Terms::default()) {
            return TermsPlan::default();
        }
        TermsPlan(Some(Arc::new((Arc::clone(&self.edges), terms))))
    }
}
