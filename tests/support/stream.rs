//! Events made by hand for the watch's sums: leads of sources, turns given fairly or not, rules that match or stop. No engine,
//! so that a fault is exactly what was put in.

use leadyard::model::actor::Role;
use leadyard::model::event::{Assigned, Body, Event, IntentId, Placer, Received};
use leadyard::model::id::{BatchId, BookVersion, LeadId, RepId, Seq};
use leadyard::model::lead::{ArrivalKind, Attrs, Charge, LeadState};
use leadyard::model::time::{DayNo, Millis};
use leadyard::model::why::{Explanation, RuleTrace, TieBreak, Verdict};
use leadyard::watch::WatchState;

/// A stream of events and the sums it leads to.
#[derive(Clone)]
pub struct Stream {
    pub sums: WatchState,
    pub now: Millis,
    seq: u64,
    leads: u64,
    version: u32,
}

#[allow(dead_code, reason = "each user needs a part")]
impl Stream {
    pub fn new(now: Millis) -> Stream {
        Stream { sums: WatchState::default(), now, seq: 0, leads: 0, version: 0 }
    }

    pub fn event(&mut self, body: Body) -> Event {
        self.seq += 1;
        let event = Event {
            seq: Seq(self.seq),
            at: self.now,
            actor: "engine".into(),
            role: Role::Engine,
            console: 0,
            intent: IntentId(0),
            batch: BatchId(self.seq),
            undoes: None,
            body,
        };
        self.sums.apply(&event);
        event
    }

    /// A lead comes in.
    pub fn lead(&mut self, source: &str, change: impl FnOnce(&mut Attrs)) -> LeadId {
        self.leads += 1;
        let lead = LeadId(self.leads);
        let mut attrs = Attrs { source: source.into(), has_phone: true, ..Attrs::default() };
        attrs.region = "上海".into();
        change(&mut attrs);
        self.event(Body::LeadReceived(Box::new(Received {
            lead,
            attrs,
            received_at: self.now,
            kind: ArrivalKind::Live,
            system: "stream".into(),
            external_id: lead.to_string().into(),
            key_hashes: Vec::new(),
            state: LeadState::Waiting,
            owner: None,
            known_owner: None,
            twin: None,
            do_not_contact: false,
        })));
        lead
    }

    fn why(&self, rep: Option<RepId>, free: &[RepId], weights: &[u32], rules: &[&str]) -> Box<Explanation> {
        let trace = |(at, name): (usize, &&str)| RuleTrace {
            rule: u16::try_from(at).ok(),
            name: (*name).into(),
            values: Vec::new(),
            left_out: Vec::new(),
            free: free.iter().map(|rep| (*rep, 0)).collect(),
            weights: weights.to_vec(),
            measure: None,
            overlay: None,
        };
        let mut traces: Vec<RuleTrace> = rules.iter().enumerate().map(trace).collect();
        if traces.is_empty() {
            traces.push(RuleTrace { rule: None, ..trace((0, &"otherwise")) });
        }
        let verdict = match rep {
            Some(rep) => Verdict::Chosen { rep, tie: TieBreak::ByMeasure },
            None => Verdict::NobodyFree,
        };
        Box::new(Explanation { book: BookVersion(self.version), score: 0, rules: traces, verdict })
    }

    /// The engine gives it to `rep`, who was one of `free`.
    pub fn assign(
        &mut self,
        lead: LeadId,
        rep: RepId,
        free: &[RepId],
        weights: &[u32],
        rules: &[&str],
    ) -> Event {
        let why = self.why(Some(rep), free, weights, rules);
        self.event(Body::LeadAssigned(Assigned {
            lead,
            rep,
            from: None,
            by: Placer::Engine { rule: rules.last().map(|r| (*r).into()) },
            book: BookVersion(self.version),
            score: 0,
            charge: Charge { rep, team: None, day: DayNo(0), milli: 1000, placements: 1, claims: 0 },
            turn: None,
            why: Some(why),
            clock: None,
            readmit: None,
        }))
    }

    /// The rules found nobody: those of `rules` matched, none = only `otherwise` did.
    pub fn wait(&mut self, lead: LeadId, rules: &[&str]) -> Event {
        let why = Explanation { verdict: Verdict::NobodyFree, ..*self.why(None, &[], &[], rules) };
        self.event(Body::LeadWaits { lead, why: Some(Box::new(why)), score: 0 })
    }

    /// A book is published.
    pub fn publish(&mut self) {
        self.version += 1;
        let version = BookVersion(self.version);
        self.event(Body::BookPublished { version, text: "".into(), note: "".into() });
    }

    /// A lead's end.
    pub fn end(&mut self, lead: LeadId, to: LeadState) {
        let (from, happened_at) = (LeadState::Contacted, self.now);
        self.event(Body::LeadProgressed { lead, from, to, happened_at, note: "".into(), readmit: None });
    }
}
