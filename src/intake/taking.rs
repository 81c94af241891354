//! From a checked draft to what the engine takes: `NewLead`, `Attrs`, `ContactCard`. One normalisation for every door, so that
//! the same person posted by a form and imported from a file is the same person. Pure.

use smol_str::SmolStr;

use super::row::LeadDraft;
use super::state::StateWord;
use crate::engine::NewLead;
use crate::model::contact::KeyKind;
use crate::model::contact_card::ContactCard;
use crate::model::key::{ContactKind, KeyHash};
use crate::model::lead::{ArrivalKind, Attrs, LeadState};
use crate::model::time::{DAY_MS, Millis};
use crate::rulebook::custom_name;

/// What a draft does not know: where it comes from and how this desk hashes keys.
#[derive(Debug, Clone)]
pub struct Taking {
    pub secret: [u8; 16],
    pub system: SmolStr,
    /// Fixed by the person; otherwise the age of the lead decides.
    pub kind: Option<ArrivalKind>,
    pub now: Millis,
}

impl Taking {
    /// The lead at the door. `owner` is the login the file's owner resolves to.
    #[must_use]
    pub fn lead(&self, draft: LeadDraft, owner: Option<SmolStr>) -> NewLead {
        let kind = self.kind.unwrap_or_else(|| kind_by_age(draft.received_at, self.now));
        NewLead {
            attrs: attrs(&draft),
            keys: keys(&draft, &self.secret),
            system: self.system.clone(),
            external_id: draft.key().into(),
            received_at: draft.received_at,
            kind,
            state: draft.state.map_or(LeadState::Waiting, lead_state),
            owner,
            do_not_contact: draft.do_not_contact,
            contact: contact(draft),
        }
    }
}

/// Older than a day is backlog: its response clock ran out before it reached us.
#[must_use]
pub fn kind_by_age(received_at: Option<Millis>, now: Millis) -> ArrivalKind {
    match received_at {
        Some(at) if now.since(at) > DAY_MS => ArrivalKind::Backlog,
        _ => ArrivalKind::Live,
    }
}

/// The desk's state for an imported word.
#[must_use]
pub fn lead_state(word: StateWord) -> LeadState {
    match word {
        StateWord::Waiting => LeadState::Waiting,
        StateWord::Assigned => LeadState::Assigned,
        StateWord::Contacted => LeadState::Contacted,
        StateWord::Qualified => LeadState::Qualified,
        StateWord::Won => LeadState::Won,
        StateWord::Lost => LeadState::Lost,
        StateWord::Invalid => LeadState::Invalid,
    }
}

/// What rules may ask about.
#[must_use]
pub fn attrs(draft: &LeadDraft) -> Attrs {
    // Rules ask for custom fields by the rule book's spelling of their name.
    let mut custom: Vec<_> =
        draft.custom.iter().map(|(name, text)| (custom_name(name), text.clone())).collect();
    custom.sort();
    // One answer a name: two columns of one name keep the first in order.
    custom.dedup_by(|later, first| later.0 == first.0);
    Attrs {
        source: draft.source.clone(),
        campaign: draft.campaign.clone(),
        region: draft.region.clone(),
        city: draft.city.clone(),
        product: draft.product.clone(),
        industry: draft.industry.clone(),
        language: draft.language.clone(),
        company: draft.company.as_str().into(),
        base_score: draft.score.unwrap_or(0),
        value: draft.value,
        has_phone: !draft.phone.is_empty(),
        has_email: !draft.email.is_empty(),
        custom,
    }
}

/// The keys that identify a person; a company only suggests and is looked up by name.
#[must_use]
pub fn keys(draft: &LeadDraft, secret: &[u8; 16]) -> Vec<KeyHash> {
    let kind = |kind| match kind {
        KeyKind::Phone => Some(ContactKind::Phone),
        KeyKind::Email => Some(ContactKind::Email),
        KeyKind::Wechat => Some(ContactKind::Wechat),
        KeyKind::Company => None,
    };
    draft
        .key_hashes(secret)
        .into_iter()
        .filter_map(|(of, hash)| kind(of).map(|kind| KeyHash { kind, hash }))
        .collect()
}

/// What identifies the person, in texts.
#[must_use]
pub fn contact(draft: LeadDraft) -> ContactCard {
    ContactCard {
        name: draft.name,
        phone: draft.phone,
        email: draft.email,
        wechat: draft.wechat,
        note: draft.note,
        raw: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_decides_between_live_and_backlog() {
        let now = Millis(10 * DAY_MS);
        assert_eq!(kind_by_age(None, now), ArrivalKind::Live);
        assert_eq!(kind_by_age(Some(Millis(9 * DAY_MS)), now), ArrivalKind::Live);
        assert_eq!(kind_by_age(Some(Millis(9 * DAY_MS - 1)), now), ArrivalKind::Backlog);
    }
}
