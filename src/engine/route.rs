//! The decision for one lead: duplicates, then the rules from top to bottom, then `otherwise`. The same function serves
//! arrivals, sweeps, previews and what-if.
//!
//! It appends nothing and changes nothing; placing, charging and recording follow from its answer. `play`: whose rules are
//! asked. `duplicate`: who was here before. `account`: what is told of it.

mod account;
mod duplicate;
mod play;

use smol_str::SmolStr;

use super::eligible::{Limits, barred, left_out};
use super::host::{CompanyHit, Hit};
use super::pick::{Ground, choose, protected};
use crate::model::id::{DivertId, RepId};
use crate::model::key::KeyHash;
use crate::model::lead::{Lead, LeadView, ParkReason};
use crate::model::mode::Mode;
use crate::model::why::{Explanation, LeftOut, Overlay, RuleTrace, Verdict};
use crate::rulebook::{Book, Cond, During, ElseDo, FairScope, Fallback, Rule, Strategy, Target};
use crate::world::moment::is_between;
use crate::world::{Moment, Pool, TrialState, World};
use play::{Asked, Play, under_modes};

/// Facts about one lead that the world does not hold.
#[derive(Debug, Clone, Default)]
pub struct LeadFacts {
    pub keys: Vec<KeyHash>,
    /// Newest first.
    pub hits: Vec<Hit>,
    /// Most similar first.
    pub companies: Vec<CompanyHit>,
}

/// What shall become of the lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Give(Gift),
    /// It waits for a person to accept this.
    Propose(Gift),
    Wait,
    Park(ParkReason),
}

/// A placement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gift {
    pub rep: RepId,
    pub rule: Option<SmolStr>,
    /// The divert that gave it, instead of a rule.
    pub divert: Option<DivertId>,
    pub team: Option<SmolStr>,
    /// Round-robin: the rule's pointer before, when it moves.
    pub turn: Option<(SmolStr, Option<RepId>)>,
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub answer: Answer,
    pub score: i32,
    pub why: Option<Box<Explanation>>,
    /// Somebody would get it, were it not for a mode or for a draft that tries its hand at a team's leads.
    pub held_back: bool,
}

/// Remembers within one sweep which pools have nobody free whatever the lead; placements only take capacity away.
#[derive(Debug, Clone, Default)]
pub struct Exhausted {
    /// Of the book in force, and of a draft on trial.
    rules: [Vec<Option<bool>>; 2],
}

impl Exhausted {
    /// Forgets everything: somebody was placed, so a pool that had someone may have nobody now.
    pub fn forget_live(&mut self) {
        for slot in self.rules.iter_mut().flatten() {
            if *slot == Some(false) {
                *slot = None;
            }
        }
    }

    fn is_dead(&mut self, is_draft: bool, index: usize, ask: impl FnOnce() -> bool) -> bool {
        let [live, draft] = &mut self.rules;
        let rules = if is_draft { draft } else { live };
        if rules.len() <= index {
            rules.resize(index + 1, None);
        }
        match rules.get_mut(index) {
            Some(slot) => *slot.get_or_insert_with(ask),
            None => false,
        }
    }
}

/// One rule or `otherwise`, as the loop below sees either.
struct Offer<'a> {
    index: Option<usize>,
    name: &'a SmolStr,
    when: &'a Cond,
    give: &'a [Target],
    strategy: &'a Strategy,
    scope: FairScope,
    pool: &'a Pool,
    limits: Limits<'a>,
    overlay: Option<Overlay>,
    /// The promotion it holds during.
    promotion: Option<&'a SmolStr>,
}

/// Score of `lead` by the book in force: imported base plus matched lines, saturating.
#[must_use]
pub fn score(world: &World, lead: &Lead, moment: &Moment) -> i32 {
    world.score_of(lead, moment.now)
}

/// Decides `lead`. With `explain` the answer carries its explanation.
#[must_use]
pub fn route(
    world: &World,
    lead: &Lead,
    facts: &LeadFacts,
    moment: &Moment,
    exhausted: &mut Exhausted,
    explain: bool,
) -> Decision {
    let depth = if explain { Depth::Told } else { Depth::Bare };
    run_router(world, lead, facts, moment, exhausted, depth, true)
}

/// As [`route`], with an explanation that says no more than figures need: the rules that held, who was free under the last
/// of them, and one cap that kept somebody out where nobody was free.
#[must_use]
pub fn route_counted(
    world: &World,
    lead: &Lead,
    facts: &LeadFacts,
    moment: &Moment,
    exhausted: &mut Exhausted,
) -> Decision {
    run_router(world, lead, facts, moment, exhausted, Depth::Counted, true)
}

/// What the book alone would do with `lead`, diverts left aside; with its explanation.
#[must_use]
pub fn route_by_book(world: &World, lead: &Lead, moment: &Moment) -> Decision {
    run_router(world, lead, &LeadFacts::default(), moment, &mut Exhausted::default(), Depth::Told, false)
}

/// How much of an explanation is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Nothing.
    Bare,
    /// What figures need.
    Counted,
    /// Everything.
    Told,
}

fn run_router(
    world: &World,
    lead: &Lead,
    facts: &LeadFacts,
    moment: &Moment,
    exhausted: &mut Exhausted,
    depth: Depth,
    is_diverted: bool,
) -> Decision {
    let score = score(world, lead, moment);
    let mut asked = Asked { world, lead, facts, moment, exhausted, depth, is_diverted, score };
    let trial = world.trial().and_then(|state| Some((state, state.share_at(moment.now)?)));
    let ((answer, verdict, rules), others) = match trial {
        Some((state, share)) => asked.on_trial(state, share),
        None => (asked.of(&Play::live(world)), false),
    };
    let gives = others || matches!(answer, Answer::Give(_));
    let (answer, verdict) = under_modes(world, lead, moment, answer, verdict);
    let held_back = gives && !matches!(answer, Answer::Give(_));
    let why = (depth != Depth::Bare)
        .then(|| Box::new(Explanation { book: world.published().version, score, rules, verdict }));
    Decision { answer, score, why, held_back }
}

/// What the draft on trial would do with `lead`, modes left aside; explained neither to the lead nor to anybody.
#[must_use]
pub fn route_by_draft(
    world: &World,
    state: &TrialState,
    lead: &Lead,
    facts: &LeadFacts,
    moment: &Moment,
) -> Decision {
    let exhausted = &mut Exhausted::default();
    let score = score(world, lead, moment);
    let mut asked =
        Asked { world, lead, facts, moment, exhausted, depth: Depth::Bare, is_diverted: true, score };
    let (answer, _, _) = asked.of(&Play::draft(state));
    Decision { answer, score, why: None, held_back: false }
}

struct Router<'a> {
    world: &'a World,
    play: &'a Play<'a>,
    lead: &'a Lead,
    moment: &'a Moment,
    exhausted: &'a mut Exhausted,
    depth: Depth,
    /// Whether everything is to be told.
    explain: bool,
    /// Whether diverts are asked.
    is_diverted: bool,
    score: i32,
    rules: Vec<RuleTrace>,
    scratch: Vec<u32>,
    /// A bit a rep whose reason was told and does not depend on the rule.
    told: Vec<u64>,
}

impl Router<'_> {
    fn answer(&mut self, book: &Book, facts: &LeadFacts) -> (Answer, Verdict) {
        if self.world.mode_at(self.moment.now) == Mode::Paused {
            return (Answer::Wait, Verdict::Paused);
        }
        if let Some(found) = self.duplicate(book, facts) {
            return found;
        }
        let view = self.world.view(self.lead, self.score, self.moment);
        let mut passed_over = false;
        if self.is_diverted
            && let Some(found) = self.diverted(&view, book.salt, &mut passed_over)
        {
            return found;
        }
        let (world, play) = (self.world, self.play);
        for index in play.matcher.matches(&view) {
            let Some(rule) = book.rules.get(index) else { continue };
            if rule.disabled || !during(world, rule, self.moment) {
                continue;
            }
            let Some(pool) = play.pools.get(index) else { continue };
            let offer = Offer {
                index: Some(index),
                name: &rule.name,
                when: &rule.when,
                give: &rule.give,
                strategy: &rule.strategy,
                scope: rule.scope,
                pool,
                limits: Limits { cap_open: rule.cap_open, cap_day: rule.cap_day, skills: &rule.needs_skills },
                overlay: None,
                promotion: match &rule.during {
                    Some(During::Promotion(name)) => Some(name),
                    Some(During::Window(_)) | None => None,
                },
            };
            if let Some(gift) = self.offer(&offer, &view, book.salt) {
                return gift;
            }
            passed_over |= self.may_yet_take(&offer);
            match &rule.otherwise {
                ElseDo::PassOn => {}
                ElseDo::Wait => return (Answer::Wait, Verdict::NobodyFree),
                ElseDo::Park(reason) => {
                    return (Answer::Park(ParkReason::Rule(reason.clone())), Verdict::Parked);
                }
            }
        }
        self.otherwise(book, &view, passed_over)
    }

    /// The diverts in force, newest first. One whose people are all taken passes the lead on, which then waits rather than
    /// being parked as unmatched.
    fn diverted(
        &mut self,
        view: &LeadView<'_>,
        salt: u64,
        passed_over: &mut bool,
    ) -> Option<(Answer, Verdict)> {
        let world = self.world;
        for state in world.diverts_at(self.moment.now).filter(|d| d.when.holds_for(view)) {
            let divert = &state.divert;
            let offer = Offer {
                index: None,
                name: &state.name,
                when: &state.when,
                give: &[],
                strategy: &state.strategy,
                scope: FairScope::Org,
                pool: &state.pool,
                limits: Limits::default(),
                overlay: self.explain.then(|| Overlay::Divert {
                    divert: divert.id,
                    set_by: divert.set_by.clone(),
                    until: divert.until,
                }),
                promotion: None,
            };
            if let Some((Answer::Give(gift), verdict)) = self.offer(&offer, view, salt) {
                return Some((Answer::Give(Gift { divert: Some(divert.id), ..gift }), verdict));
            }
            *passed_over |= !state.pool.reps.is_empty();
        }
        None
    }

    /// Whether somebody may be free for this offer later. A rule that gives to the owner alone says nothing about a person
    /// nobody knows yet.
    fn may_yet_take(&self, offer: &Offer<'_>) -> bool {
        let owner_only = offer.give.iter().all(|t| *t == Target::Owner);
        let owner = self.lead.known_owner.and_then(|id| self.world.rep(id));
        !owner_only || owner.is_some_and(|r| r.active && self.lead.not_to.binary_search(&r.id).is_err())
    }

    fn otherwise(&mut self, book: &Book, view: &LeadView<'_>, passed_over: bool) -> (Answer, Verdict) {
        match &book.otherwise {
            // A rule matched but all its people are taken: that lead is unassigned, not unmatched, and waits.
            Fallback::Park(_) if passed_over => (Answer::Wait, Verdict::NobodyFree),
            Fallback::Park(reason) if reason == crate::rulebook::NO_CATCH_ALL => {
                (Answer::Park(ParkReason::Unmatched), Verdict::Parked)
            }
            Fallback::Park(reason) => (Answer::Park(ParkReason::Rule(reason.clone())), Verdict::Parked),
            Fallback::Wait => (Answer::Wait, Verdict::NobodyFree),
            Fallback::Give { to, strategy, scope } => {
                let name = SmolStr::new_static("otherwise");
                let offer = Offer {
                    index: None,
                    name: &name,
                    when: &Cond::Always,
                    give: to,
                    strategy,
                    scope: *scope,
                    pool: self.play.otherwise,
                    limits: Limits::default(),
                    overlay: None,
                    promotion: None,
                };
                self.offer(&offer, view, book.salt).unwrap_or((Answer::Wait, Verdict::NobodyFree))
            }
        }
    }

    /// Offers the lead to a rule's pool.
    fn offer(&mut self, offer: &Offer<'_>, view: &LeadView<'_>, salt: u64) -> Option<(Answer, Verdict)> {
        let owner_too = offer.give.contains(&Target::Owner);
        if let (Some(index), Depth::Bare, false) = (offer.index, self.depth, owner_too) {
            let (world, moment) = (self.world, self.moment);
            let nobody = || {
                let reps = world.reps();
                let mut pool = offer.pool.reps.iter().filter_map(|&i| reps.get(i as usize));
                pool.all(|rep| barred(rep, &offer.limits, moment).is_some())
            };
            if self.exhausted.is_dead(self.play.is_draft, index, nobody) {
                return None;
            }
        }
        let mut out: Vec<(LeftOut, Vec<RepId>)> = Vec::new();
        self.gather(offer, owner_too, &mut out);
        let ground = Ground {
            reps: self.world.reps(),
            moment: self.moment,
            limits: &offer.limits,
            team: offer.pool.team.as_deref().filter(|_| offer.scope == FairScope::WithinTeam),
            lead: self.lead.id,
            salt,
            known_owner: self.lead.known_owner,
            last_turn: if *offer.strategy == Strategy::RoundRobin {
                self.world.last_turn(offer.name)
            } else {
                None
            },
            ramps: &self.world.book().ramps,
        };
        let pick = protected(offer.strategy, &self.scratch, &offer.pool.reps, &ground)
            .or_else(|| choose(offer.strategy, &self.scratch, &ground));
        match self.depth {
            Depth::Bare => {}
            Depth::Counted => self.count(offer, &ground, pick),
            Depth::Told => self.trace(offer, view, &ground, pick, out),
        }
        let pick = pick?;
        let rep = self.world.reps().get(pick.rep as usize)?;
        let gift = Gift {
            rep: rep.id,
            rule: offer.index.map(|_| offer.name.clone()),
            divert: None,
            team: offer.pool.team.clone(),
            turn: pick.turn.then(|| (offer.name.clone(), ground.last_turn)),
        };
        Some((Answer::Give(gift), Verdict::Chosen { rep: rep.id, tie: pick.tie }))
    }

    /// Fills `scratch` with the free reps of the pool and, when explaining, `out` with the others and their reasons.
    fn gather(&mut self, offer: &Offer<'_>, owner_too: bool, out: &mut Vec<(LeftOut, Vec<RepId>)>) {
        self.scratch.clear();
        self.scratch.reserve(offer.pool.reps.len());
        let owner = self.lead.known_owner.filter(|_| owner_too).map(|id| id.0.saturating_sub(1));
        let extra = owner.filter(|i| !offer.pool.reps.contains(i));
        for &i in offer.pool.reps.iter().chain(extra.iter()) {
            let Some(rep) = self.world.reps().get(i as usize) else { continue };
            match left_out(rep, self.lead, &offer.limits, self.moment) {
                None => self.scratch.push(i),
                Some(why) if self.explain && self.is_news(i, rep, &why) => {
                    match out.iter_mut().find(|(w, _)| *w == why) {
                        Some((_, reps)) => reps.push(rep.id),
                        None => out.push((why, vec![rep.id])),
                    }
                }
                Some(_) => {}
            }
        }
        if extra.is_some() {
            self.scratch.sort_unstable();
            out.iter_mut().for_each(|(_, reps)| reps.sort_unstable());
        }
    }
}

/// The first rule whose condition `lead` meets, whoever is free.
#[must_use]
pub fn matching<'w>(world: &'w World, lead: &Lead, moment: &Moment) -> Option<&'w Rule> {
    let book = world.book();
    let view = world.view(lead, score(world, lead, moment), moment);
    let mut holds = world.published().matcher.matches(&view).filter_map(|index| book.rules.get(index));
    holds.find(|rule| !rule.disabled && during(world, rule, moment))
}

/// Whether the rule's window is open or its promotion on now, if it names one.
fn during(world: &World, rule: &Rule, moment: &Moment) -> bool {
    let name = match &rule.during {
        None => return true,
        Some(During::Promotion(name)) => return world.is_promoted(name, moment.now),
        Some(During::Window(name)) => name,
    };
    let mut windows = world.book().calendar.windows.iter();
    windows.any(|w| w.name == *name && is_between(moment.zone, moment.now, w.from, w.to))
}

/// Whether anybody at all could take some lead now, leaving rules aside.
#[must_use]
pub fn anybody_free(world: &World, moment: &Moment) -> bool {
    world.reps().iter().any(|rep| barred(rep, &Limits::default(), moment).is_none())
}
