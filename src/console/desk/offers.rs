//! What the engine worked out that would help about alerts. It is thought through on another thread, for the alert that is
//! looked at, and kept until the desk has moved on; the old answer stands until the new one is there.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::lines::{AlertLine, Help};
use super::{Desk, DeskLook};
use crate::console::text::Say;
use crate::model::alert::{AlertKey, AlertKind, Finding};
use crate::model::id::Seq;
use crate::model::lang::Lang;
use crate::model::time::{Millis, SECOND_MS};
use crate::watch::remedy::{REMEDIES_MAX, What};
use crate::watch::{Remedy, remedies, words};

/// The least time between two looks for what would help about the same alert, in milliseconds.
const AGAIN_MS: i64 = 3 * SECOND_MS;

/// What would help about one episode.
#[derive(Debug, Clone)]
struct Offer {
    episode: Seq,
    /// As of which event.
    seq: Seq,
    remedies: Arc<Vec<Remedy>>,
}

/// What was worked out, and what is being worked out.
#[derive(Debug, Clone, Default)]
pub(super) struct Offers {
    known: BTreeMap<AlertKey, Offer>,
    asked: Option<(AlertKey, Seq)>,
    asked_at: Millis,
}

/// Kinds the engine has an answer to besides silence.
fn is_worked_out(kind: AlertKind) -> bool {
    use AlertKind as K;
    matches!(
        kind,
        K::LoadUneven
            | K::Uneven
            | K::AtCap
            | K::Untouched
            | K::Hoarded
            | K::Missed
            | K::Duplicate
            | K::Delayed
            | K::EngineStalled
            | K::RuleSilent
            | K::RateShift
    )
}

impl DeskLook {
    /// What would help about an episode of an alert; none when it is over.
    #[must_use]
    pub fn remedies(&self, key: AlertKey, episode: Seq) -> Vec<Remedy> {
        let alert = self.world.alerts().get(&key).filter(|alert| alert.fired_seq == episode);
        alert.map_or_else(Vec::new, |alert| remedies(&self.world, alert, &self.moment))
    }

    /// As of which event it looks.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.world.seq()
    }
}

impl Desk {
    /// A look for what would help about `key`, where one is due: at once when nothing is known, and again when the desk has
    /// moved on. The answer comes to [`Desk::put_remedies`].
    pub fn look_for_remedies(&mut self, key: AlertKey) -> Option<(DeskLook, Seq)> {
        let episode = self.world.alerts().get(&key)?.fired_seq;
        let (now, seq) = (self.moment.now, self.world.seq());
        if !self.is_loaded || self.offers.asked == Some((key, episode)) {
            return None;
        }
        let known = self.offers.known.get(&key).filter(|offer| offer.episode == episode);
        let age = now.since(self.offers.asked_at);
        let is_due =
            known.is_none_or(|offer| offer.seq != seq && (age >= AGAIN_MS || self.offers.asked_at > now));
        if !is_due {
            return None;
        }
        (self.offers.asked, self.offers.asked_at) = (Some((key, episode)), now);
        Some((self.look(), episode))
    }

    /// Takes what would help about an episode, as of an event.
    pub fn put_remedies(&mut self, key: AlertKey, episode: Seq, seq: Seq, remedies: Vec<Remedy>) {
        if self.offers.asked == Some((key, episode)) {
            self.offers.asked = None;
        }
        let open = &self.world.alerts();
        self.offers.known.retain(|key, offer| open.get(key).is_some_and(|a| a.fired_seq == offer.episode));
        let remedies = Arc::new(remedies);
        self.offers.known.insert(key, Offer { episode, seq, remedies });
        self.refresh_alerts();
    }

    /// What would help about an episode, once it is known.
    #[must_use]
    pub fn offered(&self, key: AlertKey, episode: Seq) -> Option<Arc<Vec<Remedy>>> {
        let offer = self.offers.known.get(&key).filter(|offer| offer.episode == episode);
        offer.map(|offer| Arc::clone(&offer.remedies))
    }

    /// The numbers the last look found of an alert.
    #[must_use]
    pub fn finding(&self, key: AlertKey) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.key == key)
    }

    /// What a remedy does and would come to, in both languages.
    #[must_use]
    pub fn remedy_words(&self, remedy: &Remedy) -> Say {
        let words = |lang| words::remedy(&self.world, remedy, lang);
        Say::both(words(Lang::En), words(Lang::Zh))
    }

    /// Puts what the engine worked out before what a key can only show, and the end of the talk last.
    pub(super) fn put_offers(&self, line: &mut AlertLine) {
        if !self.is_loaded {
            return;
        }
        let Some(episode) = self.world.alerts().get(&line.id).map(|alert| alert.fired_seq) else { return };
        let Some(offered) = self.offered(line.id, episode) else {
            // A key must not change its meaning a moment later.
            line.is_thinking = is_worked_out(line.id.kind);
            if line.is_thinking {
                line.remedies.clear();
            }
            return;
        };
        let all = offered.iter().enumerate().map(|(at, remedy)| {
            (matches!(remedy.what, What::Silence { .. }), (self.remedy_words(remedy), Help::Remedy(at)))
        });
        let (talk, work): (Vec<_>, Vec<_>) = all.partition(|(is_talk, _)| *is_talk);
        let mut help: Vec<(Say, Help)> = work.into_iter().map(|(_, help)| help).collect();
        help.append(&mut line.remedies);
        help.extend(talk.into_iter().map(|(_, help)| help));
        help.truncate(REMEDIES_MAX);
        line.remedies = help;
    }
}
