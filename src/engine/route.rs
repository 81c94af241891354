//! The decision for one lead: duplicates, then the rules from top to bottom, then `otherwise`. The same function serves
//! arrivals, sweeps, previews and what-if.
//!
//! It appends nothing and changes nothing; placing, charging and recording follow from its answer.

mod duplicate;

use smol_str::SmolStr;

use super::eligible::{Limits, barred, left_out};
use super::host::{CompanyHit, Hit};
use super::pick::{Ground, Pick, choose, figure, measure, protected};
use super::promotion;
use crate::model::id::{DivertId, RepId};
use crate::model::key::KeyHash;
use crate::model::lead::{Lead, LeadView, ParkReason};
use crate::model::mode::Mode;
use crate::model::trial::Share;
use crate::model::why::{Explanation, LeftOut, Overlay, RuleTrace, Verdict};
use crate::rulebook::matcher::Matcher;
use crate::rulebook::{Book, Cond, During, ElseDo, FairScope, Fallback, Rule, Strategy, Target};
use crate::world::moment::is_between;
use crate::world::ramp::weight_milli;
use crate::world::{Moment, Pool, RepState, TrialState, World};

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

/// The rules that are asked: those of the book in force, or a draft's.
struct Play<'a> {
    book: &'a Book,
    matcher: &'a Matcher,
    pools: &'a [Pool],
    otherwise: &'a Pool,
    is_draft: bool,
}

impl<'a> Play<'a> {
    fn live(world: &'a World) -> Play<'a> {
        let pools = world.pools();
        let matcher = &world.published().matcher;
        Play {
            book: world.book(),
            matcher,
            pools: &pools.rules,
            otherwise: &pools.otherwise,
            is_draft: false,
        }
    }

    fn draft(state: &'a TrialState) -> Play<'a> {
        let (book, matcher, pools, otherwise) = state.play();
        Play { book, matcher, pools, otherwise, is_draft: true }
    }
}

/// One question to the router.
struct Asked<'a> {
    world: &'a World,
    lead: &'a Lead,
    facts: &'a LeadFacts,
    moment: &'a Moment,
    exhausted: &'a mut Exhausted,
    depth: Depth,
    is_diverted: bool,
    score: i32,
}

/// Answer, what decided, and the rules that held.
type Answered = (Answer, Verdict, Vec<RuleTrace>);

impl Asked<'_> {
    fn of(&mut self, play: &Play<'_>) -> Answered {
        let Asked { world, lead, moment, depth, is_diverted, score, .. } = *self;
        let mut router = Router {
            world,
            play,
            lead,
            moment,
            exhausted: self.exhausted,
            depth,
            explain: depth == Depth::Told,
            is_diverted,
            score,
            rules: Vec::new(),
            scratch: Vec::new(),
            told: Vec::new(),
        };
        let (answer, verdict) = router.answer(play.book, self.facts);
        (answer, verdict, router.rules)
    }

    /// The canary's draft decides the leads of its share; what the desk's pause, a divert or a `duplicates` line decides stays
    /// theirs.
    ///
    /// With it, whether the book in force would have given the lead to somebody: then the next placement may make it another's,
    /// and the draft's no longer.
    fn on_trial(&mut self, state: &TrialState, share: &Share) -> (Answered, bool) {
        let is_its = match share {
            Share::Leads { .. } => share.draws(self.lead.id),
            Share::Team(team) => {
                let depth = std::mem::replace(&mut self.depth, Depth::Bare);
                let (answer, ..) = self.of(&Play::live(self.world));
                self.depth = depth;
                let rep = if let Answer::Give(gift) = &answer { self.world.rep(gift.rep) } else { None };
                rep.is_some_and(|rep| rep.in_team(team))
            }
        };
        if !is_its {
            return (self.of(&Play::live(self.world)), false);
        }
        let others = matches!(share, Share::Team(_));
        let (answer, verdict, rules) = self.of(&Play::draft(state));
        let by_rules = matches!(verdict, Verdict::Chosen { .. } | Verdict::NobodyFree | Verdict::Parked)
            && !matches!(&answer, Answer::Give(gift) if gift.divert.is_some());
        if !by_rules {
            return ((answer, verdict, rules), others);
        }
        let (trial, would) = (state.trial().id, Box::new(verdict));
        ((answer, Verdict::Tried { would, trial, share: share.clone() }, rules), others)
    }
}

/// What the modes make of an answer: a placement may become a proposal, or be withheld. Parking is no placement.
fn under_modes(
    world: &World,
    lead: &Lead,
    moment: &Moment,
    answer: Answer,
    verdict: Verdict,
) -> (Answer, Verdict) {
    if world.modes().is_empty() && world.mode() == Mode::Auto {
        return (answer, verdict);
    }
    let Answer::Give(gift) = answer else { return (answer, verdict) };
    let Some(rep) = world.rep(gift.rep) else { return (Answer::Give(gift), verdict) };
    let source = lead.attrs.source.as_str();
    let (mode, scope) = world.mode_for(source, gift.rule.as_deref(), rep, moment.now);
    match mode {
        Mode::Auto => (Answer::Give(gift), verdict),
        Mode::Assist => (Answer::Propose(gift), Verdict::Proposed { would: Box::new(verdict), scope }),
        Mode::Paused => (Answer::Wait, Verdict::Withheld { would: Box::new(verdict), scope }),
    }
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

    /// Whether the reason was not told with an earlier rule; those that do not depend on the rule are told once.
    fn is_news(&mut self, index: u32, rep: &RepState, why: &LeftOut) -> bool {
        let of_rule = match why {
            LeftOut::LacksSkill(_) => true,
            LeftOut::OpenCap { cap } => rep.cap_open_at(self.moment.now) != Some(*cap),
            LeftOut::DayCap { cap } => rep.cap_day_at(self.moment.now) != Some(*cap),
            LeftOut::Inactive
            | LeftOut::OffDuty
            | LeftOut::OnLeave
            | LeftOut::OutOfHours
            | LeftOut::PromotionOpenCap { .. }
            | LeftOut::PromotionDayCap { .. }
            | LeftOut::HadIt => false,
        };
        if of_rule {
            return true;
        }
        let (word, bit) = (index as usize / 64, 1u64 << (index % 64));
        if self.told.len() <= word {
            self.told.resize(word + 1, 0);
        }
        let Some(slot) = self.told.get_mut(word) else { return true };
        let news = *slot & bit == 0;
        *slot |= bit;
        news
    }

    /// What [`route_counted`] keeps of an offer.
    fn count(&mut self, offer: &Offer<'_>, ground: &Ground<'_>, pick: Option<Pick>) {
        let capped = |&i: &u32| {
            let rep = ground.reps.get(i as usize)?;
            let why = left_out(rep, self.lead, &offer.limits, self.moment)?;
            why.is_cap().then(|| (why, vec![rep.id]))
        };
        let left_out = if pick.is_none() {
            offer.pool.reps.iter().find_map(capped).into_iter().collect()
        } else {
            Vec::new()
        };
        let mut free = Vec::with_capacity(self.scratch.len());
        free.extend(self.scratch.iter().filter_map(|&i| ground.reps.get(i as usize)).map(|rep| (rep.id, 0)));
        self.rules.push(RuleTrace {
            rule: offer.index.and_then(|i| u16::try_from(i).ok()),
            name: offer.name.clone(),
            values: Vec::new(),
            left_out,
            free,
            weights: self.weights(ground),
            measure: None,
            overlay: None,
        });
    }

    fn trace(
        &mut self,
        offer: &Offer<'_>,
        view: &LeadView<'_>,
        ground: &Ground<'_>,
        pick: Option<Pick>,
        left_out: Vec<(LeftOut, Vec<RepId>)>,
    ) {
        // A sticky rule that fell back compared its people by the inner strategy.
        let mut strategy = offer.strategy;
        while let Strategy::Sticky(then) = strategy {
            if pick.is_some_and(|p| p.measure == crate::model::why::Measure::KnownOwner) {
                break;
            }
            strategy = then;
        }
        let free = self
            .scratch
            .iter()
            .filter_map(|&i| ground.reps.get(i as usize))
            .map(|rep| (rep.id, figure(strategy, rep, ground)))
            .collect();
        let weights = self.weights(ground);
        let chosen = pick.and_then(|p| ground.reps.get(p.rep as usize));
        let values =
            offer.when.explain(view).into_iter().map(|c| (brief(c.text), brief(seen(c.value)))).collect();
        self.rules.push(RuleTrace {
            rule: offer.index.and_then(|i| u16::try_from(i).ok()),
            name: offer.name.clone(),
            values,
            left_out,
            free,
            weights,
            measure: Some(measure(strategy)),
            overlay: promotion::lay_over(
                self.world,
                self.moment,
                offer.promotion,
                chosen,
                offer.overlay.clone(),
            ),
        });
    }

    /// Weights of those in `scratch` as the ledger counts them; empty when all are alike, as on most desks.
    fn weights(&self, ground: &Ground<'_>) -> Vec<u32> {
        let weights = || {
            let reps = self.scratch.iter().filter_map(|&i| ground.reps.get(i as usize));
            reps.map(|rep| weight_milli(ground.ramps, rep, ground.moment).max(1))
        };
        let mut all = weights();
        let first = all.next();
        if all.all(|weight| Some(weight) == first) { Vec::new() } else { weights().collect() }
    }
}

fn seen(value: crate::rulebook::Seen) -> SmolStr {
    match value {
        crate::rulebook::Seen::Nothing => SmolStr::default(),
        crate::rulebook::Seen::Known => SmolStr::new_static("✓"),
        crate::rulebook::Seen::Text(text) => text,
    }
}

/// Texts of an explanation are kept to a line: the book's version holds them whole.
fn brief(text: SmolStr) -> SmolStr {
    const BYTES_MAX: usize = 96;
    if text.len() <= BYTES_MAX {
        return text;
    }
    let end = (0..=BYTES_MAX).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    format!("{}…", &text[..end]).into()
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
