//! What an order on several leads would come to, or came to, counted by reason. The engine decides on a copy
//! (`engine::rehearse`); nothing is estimated here.

use super::Desk;
use super::lines::state_word;
use crate::console::msg::Order;
use crate::console::text::{Say, T};
use crate::console::wish::intent;
use crate::engine::{Done, Order as Wish, Papers, Refusal, Theirs, rehearse};
use crate::model::actor::{Actor, Role};
use crate::model::event::{Body, IntentId};
use crate::model::id::{LeadId, RepId};
use crate::model::lang::Lang;

/// Reps named in one line; the others are a number.
const NAMED_MAX: usize = 4;

/// What would become of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    pub words: Say,
    /// Leads that only go because a person insists.
    pub over: usize,
}

impl Desk {
    /// Thinks `order` through as `asked`, the role the person signs with.
    ///
    /// # Errors
    /// What the engine would refuse it with.
    fn think(&self, order: &Order, asked: Role) -> Result<Done, Refusal> {
        let now = self.moment().now;
        let Some((intent, seen)) = intent(order, now) else { return Err(Refusal::NothingToDo) };
        let actor = Actor { name: self.me(), role: asked, console: 0 };
        let wish = Wish { id: IntentId(0), actor, intent, seen };
        rehearse(self.world(), &wish, &mut Papers::default(), now)
    }

    /// What `order`, which names `all` leads, would come to.
    #[must_use]
    pub fn foresee(&self, order: &Order, all: usize, asked: Role) -> Forecast {
        if let Order::Accept { leads, reps } = order {
            // Proposals are the engine's answer already.
            let to = self.split(reps.iter().copied());
            let none = leads.is_empty();
            let words = if none { T::NoneGo.into() } else { Say::Foresee(all, &to) };
            return Forecast { words, over: 0 };
        }
        let done = self.think(order, asked);
        let mut over = 0;
        if let (Ok(done), Order::Place { leads, to, uses_turn, is_forced: true, .. }) = (&done, order) {
            let plain = Order::Place {
                leads: leads.clone(),
                to: to.clone(),
                reason: String::new(),
                is_forced: false,
                uses_turn: *uses_turn,
            };
            let by_rules = self.think(&plain, asked).map_or(0, |done| done.outcome.done.len());
            over = done.outcome.done.len().saturating_sub(by_rules);
        }
        let mut parts: Vec<Say> = Vec::new();
        match &done {
            Ok(done) => {
                parts.push(self.becomes(order, done));
                parts.extend(self.handed_over(order, done));
                if over > 0 {
                    parts.push(Say::Insisted(over));
                }
                parts.extend(kept(&done.outcome.skipped));
            }
            // All for reasons of their own: the first alone would not tell.
            Err(refusal) => parts.push(self.each_refused(order, refusal, asked)),
        }
        let what = join(&parts, "; ", "；");
        let words = if all == 1 { Say::ForeseeOne(&what) } else { Say::Foresee(all, &what) };
        Forecast { words, over }
    }

    /// Nothing can be done: the reasons lead by lead.
    fn each_refused(&self, order: &Order, first: &Refusal, asked: Role) -> Say {
        let Some((_, seen)) = intent(order, self.moment().now) else { return self.refusal(first) };
        if seen.len() < 2 {
            return self.refusal(first);
        }
        let one = |lead| only(order, lead).and_then(|one| self.think(&one, asked).err());
        let why: Vec<(LeadId, Refusal)> = seen.iter().filter_map(|s| Some((s.0, one(*s)?))).collect();
        kept(&why).unwrap_or_else(|| self.refusal(first))
    }

    /// A refusal in both languages.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal) -> Say {
        let clock = |at| super::hour_and_minute(at, self.moment());
        Say::both(refusal.message(Lang::En, &clock), refusal.message(Lang::Zh, &clock))
    }

    /// What an undo would put back.
    #[must_use]
    pub fn undo_words(&self, done: &Done) -> Say {
        let back = done.outcome.done.len();
        let first = if back > 0 { Say::UndoPutsBack(back) } else { T::UndoTakesBack.into() };
        let parts: Vec<Say> = std::iter::once(first).chain(kept(&done.outcome.skipped)).collect();
        join(&parts, "; ", "；")
    }

    /// What those that go become.
    fn becomes(&self, order: &Order, done: &Done) -> Say {
        let count = done.outcome.done.len();
        let what = match order {
            Order::Place { .. } | Order::Deactivate { .. } => {
                let me = self.me();
                let reps = done.events.iter().filter(|e| e.actor == me).filter_map(|e| match &e.body {
                    Body::LeadAssigned(a) => Some(a.rep),
                    _ => None,
                });
                return self.split(reps);
            }
            Order::Recall { .. } => T::BecomeRecalled,
            Order::Return { .. } => T::BecomeReturned,
            Order::Park { .. } => T::BecomeParked,
            Order::Pool { .. } => T::BecomePooled,
            Order::Claim { .. } => T::BecomeClaimed,
            Order::Free { .. } => T::BecomeFree,
            Order::Hold { .. } => T::BecomeHeld,
            Order::Mark { state, .. } => state_word(*state),
            Order::Merge { .. } => T::BecomeMerged,
            _ => T::BecomeReleased,
        };
        Say::Become(count, what)
    }

    /// Of a leaver's leads: what goes over the colleague's cap, and what is parked instead.
    fn handed_over(&self, order: &Order, done: &Done) -> Vec<Say> {
        let Order::Deactivate { theirs: Theirs::To { rep, .. }, .. } = order else { return Vec::new() };
        let count = |is: fn(&Body) -> bool| done.events.iter().filter(|e| is(&e.body)).count();
        let goes = count(|body| matches!(body, Body::LeadAssigned(_)));
        let parked = count(|body| matches!(body, Body::LeadParked { .. }));
        let row = self.world().rep(*rep);
        let room = row.and_then(|row| Some(row.cap_open_at(self.moment().now)?.saturating_sub(row.load)));
        let over = room.map_or(0, |room| u32::try_from(goes).unwrap_or(u32::MAX).saturating_sub(room));
        let parts = [
            (over > 0).then(|| Say::OverCapBy(over)),
            (parked > 0).then(|| Say::Become(parked, T::BecomeParked)),
        ];
        parts.into_iter().flatten().collect()
    }

    /// Who gets how many: `13 → 李娜, 12 → 张伟`.
    fn split(&self, reps: impl Iterator<Item = RepId>) -> Say {
        let mut counts: Vec<(RepId, usize)> = Vec::new();
        for rep in reps {
            match counts.iter_mut().find(|(id, _)| *id == rep) {
                Some((_, count)) => *count += 1,
                None => counts.push((rep, 1)),
            }
        }
        counts.sort_by_key(|(rep, count)| (std::cmp::Reverse(*count), *rep));
        let go = |(rep, count): &(RepId, usize)| Say::GoTo(*count, &self.rep_name(*rep));
        let named: Vec<Say> = counts.iter().take(NAMED_MAX).map(go).collect();
        let rest: usize = counts.iter().skip(NAMED_MAX).map(|(_, count)| count).sum();
        let what = join(&named, ", ", "，");
        if rest > 0 { Say::WithMore(&what, rest) } else { what }
    }
}

/// The same order on one of its leads.
fn only(order: &Order, lead: (LeadId, crate::model::id::Seq)) -> Option<Order> {
    let mut one = order.clone();
    match &mut one {
        Order::Place { leads, .. }
        | Order::Recall { leads }
        | Order::Return { leads, .. }
        | Order::Park { leads, .. }
        | Order::Pool { leads, .. }
        | Order::Claim { leads }
        | Order::Free { leads }
        | Order::Mark { leads, .. } => *leads = vec![lead],
        _ => return None,
    }
    Some(one)
}

/// `2 stay: held by 赵敏`, `3 stay: 2 held by 赵敏, 1 gone`; nothing when all went.
#[must_use]
pub fn kept(skipped: &[(LeadId, Refusal)]) -> Option<Say> {
    let mut reasons: Vec<(Say, usize)> = Vec::new();
    for (_, refusal) in skipped {
        let why = reason(refusal);
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, count)) => *count += 1,
            None => reasons.push((why, 1)),
        }
    }
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    if let [(why, _)] = reasons.as_slice() {
        // The number of those that stay is the number of those it holds of.
        return Some(Say::Stay(skipped.len(), why));
    }
    let words: Vec<Say> = reasons.iter().map(|(why, count)| Say::Because(*count, why)).collect();
    (!words.is_empty()).then(|| Say::Stay(skipped.len(), &join(&words, ", ", "，")))
}

/// Parts in a row, with each language's own mark between them.
#[must_use]
pub fn join(parts: &[Say], en: &str, zh: &str) -> Say {
    let all = |lang| parts.iter().map(|part| part.get(lang)).collect::<Vec<_>>();
    Say::both(all(Lang::En).join(en), all(Lang::Zh).join(zh))
}

/// The reason in a few words, the same for every lead it holds of.
fn reason(refusal: &Refusal) -> Say {
    let word = match refusal {
        Refusal::Held { by, .. } => return Say::WhyHeld(by),
        Refusal::Changed { by, .. } => return Say::WhyChanged(by),
        Refusal::NobodyFree { team } => return Say::WhyNobody(team),
        Refusal::NotNow { state, .. } | Refusal::Closed { state, .. } | Refusal::NotInPool { state, .. } => {
            return Say::WhyState(state_word(*state));
        }
        Refusal::OpenCap { .. } => T::WhyOverCap,
        Refusal::DayCap { .. } => T::WhyOverDay,
        Refusal::OffDuty { .. } => T::WhyOffDuty,
        Refusal::OnLeave { .. } => T::WhyOnLeave,
        Refusal::Inactive { .. } => T::WhyInactive,
        Refusal::AlreadySo { .. } | Refusal::AlreadyMerged { .. } => T::WhyAlready,
        Refusal::DoNotContact { .. } => T::WhyDnc,
        Refusal::NoSuchLead { .. } => T::WhyGone,
        Refusal::NotSeen { .. } => T::WhyNotSeen,
        Refusal::TooNew { .. } => T::WhyTooNew,
        Refusal::ClaimedToday { .. } => T::WhyClaimsUsed,
        Refusal::HandFull { .. } => T::WhyHandFull,
        Refusal::Cooldown { .. } => T::WhyCooldown,
        Refusal::ProposalMoved { .. } => T::WhyMoved,
        other => {
            let clock = |_| String::new();
            return Say::both(other.message(Lang::En, &clock), other.message(Lang::Zh, &clock));
        }
    };
    word.into()
}
