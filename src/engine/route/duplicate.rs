//! The `duplicates` lines: whether the person, or a company of like name, is here already, and what the book says then.

use super::{Answer, Gift, LeadFacts, Router};
use crate::engine::eligible::{Limits, left_out};
use crate::engine::host::Hit;
use crate::model::id::{LeadId, RepId};
use crate::model::key::ContactKind;
use crate::model::lead::ParkReason;
use crate::model::why::{LeftOut, Verdict};
use crate::rulebook::{Book, ContactKey, DupBy, DupThen};

impl Router<'_> {
    /// The `duplicates` lines, in order.
    pub(super) fn duplicate(&self, book: &Book, facts: &LeadFacts) -> Option<(Answer, Verdict)> {
        if facts.hits.is_empty() && facts.companies.is_empty() {
            return None;
        }
        book.duplicates.iter().enumerate().find_map(|(index, line)| {
            let line_no = u16::try_from(index).unwrap_or(u16::MAX);
            let (of, owner, similarity_milli) = match &line.by {
                DupBy::Same(kinds) => {
                    let giving = line.then == DupThen::GiveToOwner;
                    let (of, owner) = self.hit(facts, kinds, line.within_ms, giving)?;
                    (of, owner, 1000)
                }
                DupBy::CompanyLike(at_least) => {
                    let hit = facts.companies.iter().find(|c| {
                        c.similarity_milli >= u32::from(*at_least)
                            && self.moment.now.since(c.arrived_at) <= line.within_ms
                    })?;
                    (hit.lead, None, hit.similarity_milli)
                }
            };
            let by_company = matches!(line.by, DupBy::CompanyLike(_));
            Some(self.duplicate_verdict(&line.then, (of, owner), similarity_milli, line_no, by_company))
        })
    }

    /// The newest earlier lead of the same person with its owner. When it is to go to the owner, closed leads that nobody
    /// active owns are passed by: there is nobody to give it to and nobody to collide with.
    fn hit(
        &self,
        facts: &LeadFacts,
        kinds: &[ContactKey],
        within_ms: i64,
        giving: bool,
    ) -> Option<(LeadId, Option<RepId>)> {
        facts.hits.iter().filter(|hit| self.names_hit(facts, kinds, within_ms, hit)).find_map(|hit| {
            // The hit was gathered before this order placed anything; the world knows better.
            let (owner, open) = match self.world.lead(hit.lead) {
                Some(lead) => (lead.owner, true),
                None => (hit.owner, hit.state.is_open()),
            };
            let reachable = owner.and_then(|id| self.world.rep(id)).is_some_and(|r| r.active);
            (!giving || open || reachable).then_some((hit.lead, owner))
        })
    }

    fn names_hit(&self, facts: &LeadFacts, kinds: &[ContactKey], within_ms: i64, hit: &Hit) -> bool {
        let kind = facts.keys.iter().find(|k| k.hash == hit.key).map(|k| k.kind);
        let named = kind.is_some_and(|kind| kinds.iter().any(|k| contact_kind(*k) == kind));
        named && hit.lead != self.lead.id && self.moment.now.since(hit.arrived_at) <= within_ms
    }

    fn duplicate_verdict(
        &self,
        then: &DupThen,
        (of, owner): (LeadId, Option<RepId>),
        similarity_milli: u32,
        line: u16,
        by_company: bool,
    ) -> (Answer, Verdict) {
        let parked = Verdict::Duplicate { of, line, similarity_milli };
        match then {
            DupThen::GiveToOwner => {
                let owner_state = owner
                    .and_then(|id| self.world.rep(id))
                    .map(|rep| (rep.id, left_out(rep, self.lead, &Limits::default(), self.moment)));
                match owner_state {
                    Some((rep, None)) => {
                        let gift = Gift { rep, rule: None, divert: None, team: None, turn: None };
                        (Answer::Give(gift), Verdict::GivenToOwner { rep, of, line })
                    }
                    // Nothing needs a person's judgement: they come to work, and then it is theirs.
                    Some((rep, Some(LeftOut::OutOfHours))) => {
                        (Answer::Wait, Verdict::OwnerOutOfHours { rep, of, line })
                    }
                    // Giving the same person to a second rep is the very thing to avoid: a person decides.
                    _ => (Answer::Park(ParkReason::Duplicate { of, owner }), parked),
                }
            }
            DupThen::Park(_) if by_company => {
                (Answer::Park(ParkReason::SimilarCompany { of, similarity_milli }), parked)
            }
            DupThen::Park(_) => (Answer::Park(ParkReason::Duplicate { of, owner }), parked),
        }
    }
}

fn contact_kind(key: ContactKey) -> ContactKind {
    match key {
        ContactKey::Phone => ContactKind::Phone,
        ContactKey::Email => ContactKind::Email,
        ContactKey::Wechat => ContactKind::Wechat,
    }
}
