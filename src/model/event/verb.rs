//! The closed list of verbs as the file stores them: codes, formats, words; payloads to bytes and back.
//!
//! Payloads are postcard, one format version per verb; a changed struct gets a new version and a decoder for the old one.

use serde::Deserialize;

use super::{Body, Placer, old};
use crate::model::id::{LeadId, RepId};

macro_rules! verbs {
    ($($variant:ident = $code:literal, $version:literal, $word:literal;)*) => {
        /// The closed list of verbs. Codes are what the file stores; they never change meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb { $($variant),* }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Verb] = &[$(Verb::$variant),*];

            /// The number stored in the file.
            #[must_use]
            pub fn code(self) -> u8 { match self { $(Verb::$variant => $code),* } }

            /// The payload format this build writes.
            #[must_use]
            pub fn version(self) -> u8 { match self { $(Verb::$variant => $version),* } }

            /// `lead.assigned` …: the word in logs and views.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Verb::$variant => $word),* } }

            /// The verb of a stored code; `None` when a newer Leadyard wrote it.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Verb> { match code { $($code => Some(Verb::$variant),)* _ => None } }
        }

        impl Body {
            /// Which verb this is.
            #[must_use]
            pub fn verb(&self) -> Verb { match self { $(Body::$variant { .. } => Verb::$variant),* } }
        }
    };
}

verbs! {
    LeadReceived = 1, 1, "lead.received";
    LeadEdited = 2, 1, "lead.edited";
    LeadAssigned = 3, 2, "lead.assigned";
    LeadWaits = 4, 1, "lead.waits";
    LeadParked = 5, 1, "lead.parked";
    LeadRecalled = 6, 2, "lead.recalled";
    LeadReturned = 7, 1, "lead.returned";
    LeadHeld = 8, 1, "lead.held";
    LeadReleased = 9, 1, "lead.released";
    LeadFreed = 10, 1, "lead.freed";
    LeadProgressed = 11, 1, "lead.progressed";
    LeadRestored = 12, 2, "lead.restored";
    LeadUnmasked = 13, 1, "lead.unmasked";
    LeadMerged = 16, 1, "lead.merged";
    RepAdded = 20, 1, "rep.added";
    RepEdited = 21, 1, "rep.edited";
    RepDuty = 22, 1, "rep.duty";
    RepLeave = 23, 1, "rep.leave";
    RepActive = 24, 1, "rep.active";
    LedgerEntered = 30, 1, "ledger.entered";
    BookPublished = 40, 1, "book.published";
    ModeSet = 41, 1, "mode.set";
    RoleGranted = 42, 1, "role.granted";
    DivertChanged = 43, 1, "divert.changed";
    ScopeModeSet = 44, 1, "mode.scope-set";
    AlertFired = 50, 2, "alert.fired";
    AlertCleared = 51, 2, "alert.cleared";
    ImportBegan = 60, 1, "import.began";
    ImportEnded = 61, 1, "import.ended";
    BatchUndone = 62, 1, "batch.undone";
    LeadPooled = 14, 1, "lead.pooled";
    LeadReminded = 70, 1, "lead.reminded";
    LeadEscalated = 71, 1, "lead.escalated";
    TimersResumed = 72, 1, "timers.resumed";
    PromotionStarted = 75, 1, "promotion.started";
    PromotionStopped = 76, 1, "promotion.stopped";
    AlertPending = 52, 1, "alert.pending";
    AlertDropped = 53, 1, "alert.dropped";
    AlertCondition = 54, 1, "alert.condition";
    AlertHandled = 55, 1, "alert.handled";
    AlertNoted = 56, 1, "alert.noted";
    SilenceSet = 57, 1, "silence.set";
    AlertNoticed = 58, 1, "alert.noticed";
    AlertRemedied = 59, 1, "alert.remedied";
    TrialChanged = 85, 1, "trial.changed";
    TrialDiffered = 86, 1, "trial.differed";
    ComplaintRaised = 17, 1, "complaint.raised";
    ComplaintRuled = 18, 1, "complaint.ruled";
}

/// Why a stored payload could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    #[error("verb code {code} is unknown to this Leadyard; a newer one wrote it")]
    NewerVerb { code: u8 },
    #[error("{verb} in format {version} is unknown to this Leadyard; a newer one wrote it")]
    NewerFormat { verb: &'static str, version: u8 },
    #[error("the payload of {verb} is damaged: {why}")]
    Damaged { verb: &'static str, why: String },
}

impl Body {
    /// The payload as stored, without the verb (that stands in its own column).
    ///
    /// # Errors
    /// Only when postcard refuses, which these types do not give it cause to.
    pub fn encode(&self) -> Result<Vec<u8>, PayloadError> {
        self.encode_into(Vec::new())
    }

    /// As [`Body::encode`], into the room of a vector that is no longer wanted.
    ///
    /// # Errors
    /// As [`Body::encode`].
    pub fn encode_into(&self, mut room: Vec<u8>) -> Result<Vec<u8>, PayloadError> {
        room.clear();
        // The enum's own tag is postcard's first varint; keeping it costs one byte and makes a swapped column visible.
        postcard::to_extend(self, room)
            .map_err(|e| PayloadError::Damaged { verb: self.verb().word(), why: e.to_string() })
    }

    /// Reads a stored payload back.
    ///
    /// # Errors
    /// A verb or format this build does not know, or damaged bytes.
    pub fn decode(code: u8, version: u8, payload: &[u8]) -> Result<Body, PayloadError> {
        let verb = Verb::from_code(code).ok_or(PayloadError::NewerVerb { code })?;
        if version > verb.version() {
            return Err(PayloadError::NewerFormat { verb: verb.word(), version });
        }
        let damaged = |why: String| PayloadError::Damaged { verb: verb.word(), why };
        let old = payload.get(1..).filter(|_| version == 1).and_then(|tail| old::decode_v1(verb, tail));
        let read = old.unwrap_or_else(|| postcard::from_bytes(payload));
        let body: Body = read.map_err(|e| damaged(e.to_string()))?;
        if body.verb() == verb { Ok(body) } else { Err(damaged(format!("it holds {}", body.verb().word()))) }
    }

    /// Lead, rep and placer of a stored `lead.assigned`, without reading the rest of it; `None` for another verb or damaged
    /// bytes.
    #[must_use]
    pub fn placement_head(code: u8, payload: &[u8]) -> Option<(LeadId, RepId, Placer)> {
        #[derive(Deserialize)]
        struct Head {
            lead: LeadId,
            rep: RepId,
            _from: Option<RepId>,
            by: Placer,
        }
        if code != Verb::LeadAssigned.code() {
            return None;
        }
        // The head is the same in every format of the verb.
        let (head, _) = postcard::take_from_bytes::<Head>(payload.get(1..)?).ok()?;
        Some((head.lead, head.rep, head.by))
    }
}
