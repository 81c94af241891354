//! A desk on a temporary file, with events made by hand.

use std::path::PathBuf;

use leadyard::engine::Host;
use leadyard::model::actor::Role;
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::{Assigned, Body, Event, IntentId, Placer, Received};
use leadyard::model::id::{BatchId, BookVersion, LeadId, RepId, Seq};
use leadyard::model::key::{ContactKind, KeyHash};
use leadyard::model::lead::{ArrivalKind, Attrs, Charge, LeadState};
use leadyard::model::rep::RepCard;
use leadyard::model::time::{DayNo, Millis};
use leadyard::model::why::{Explanation, LeftOut, Measure, RuleTrace, TieBreak, Verdict};
use leadyard::store::{Store, StoreError, Txn};
use leadyard::world::World;

/// 2026-11-11 04:00 UTC.
pub const T0: i64 = 1_794_369_600_000;

pub struct Desk {
    pub dir: tempfile::TempDir,
    pub store: Store,
    pub world: World,
    pub now: Millis,
    pub intents: u128,
}

impl Desk {
    pub fn new() -> Desk {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create(&dir.path().join("desk.db"), Millis(T0)).unwrap();
        Desk { dir, store, world: World::new(), now: Millis(T0), intents: 0 }
    }

    /// A desk with two reps.
    pub fn with_reps() -> Desk {
        let mut desk = Desk::new();
        let cards = [RepCard::new("zhangwei", "张伟"), RepCard::new("obrien", "O'Brien")];
        let bodies = cards
            .into_iter()
            .enumerate()
            .map(|(at, card)| Body::RepAdded { rep: RepId(at as u32 + 1), card })
            .collect();
        desk.write(bodies);
        desk
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("desk.db")
    }

    /// One transaction, one batch, one intent.
    pub fn write(&mut self, bodies: Vec<Body>) -> Vec<Event> {
        self.try_write(bodies).unwrap()
    }

    pub fn try_write(&mut self, bodies: Vec<Body>) -> Result<Vec<Event>, StoreError> {
        self.intents += 1;
        let intent = IntentId((1 << 100) + self.intents);
        let mut txn = self.store.begin()?;
        txn.catch_up(&mut self.world)?;
        let batch = BatchId(self.world.seq().0 + 1);
        let mut events = Vec::new();
        for body in bodies {
            self.now = self.now.plus(1_000);
            events.push(record(&mut txn, &mut self.world, self.now, intent, batch, body));
        }
        txn.commit(&self.world)?;
        Ok(events)
    }

    /// A lead received and given to a rep.
    pub fn take(&mut self, rep: u32) -> LeadId {
        let lead = self.world.next_lead();
        self.write(vec![received(lead), assigned(lead, RepId(rep))]);
        lead
    }
}

/// Applies and records one event.
pub fn record(
    txn: &mut Txn<'_>,
    world: &mut World,
    now: Millis,
    intent: IntentId,
    batch: BatchId,
    body: Body,
) -> Event {
    let event = Event {
        seq: Seq(world.seq().0 + 1),
        at: now,
        actor: "王芳".into(),
        role: Role::Coordinator,
        console: 7,
        intent,
        batch,
        undoes: None,
        body,
    };
    if let Body::LeadReceived(r) = &event.body {
        txn.keep_contact(r.lead, &card(r.lead)).unwrap();
    }
    let touched = world.apply(&event);
    txn.record(world, &event, &touched).unwrap();
    event
}

pub fn card(lead: LeadId) -> ContactCard {
    ContactCard {
        name: format!("李雷{}", lead.0),
        phone: format!("+86138{:08}", lead.0),
        email: format!("lilei{}@example.com", lead.0),
        ..ContactCard::default()
    }
}

pub fn key(hash: u64) -> KeyHash {
    KeyHash { kind: ContactKind::Phone, hash }
}

/// A hash spread over all 64 bits, as a real one is.
pub fn spread(value: u64) -> u64 {
    value.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

pub fn attrs(lead: LeadId) -> Attrs {
    Attrs {
        source: "抖音".into(),
        campaign: "双十一 预热".into(),
        region: "上海".into(),
        city: "浦东".into(),
        product: "CRM Pro".into(),
        industry: "教育".into(),
        language: "zh".into(),
        company: format!("明德教育咨询{}", lead.0).into(),
        base_score: 40,
        value: Some(120_000),
        has_phone: true,
        has_email: true,
        custom: vec![("budget".into(), "50k".into())],
    }
}

pub fn arrival(lead: LeadId) -> Received {
    Received {
        lead,
        attrs: attrs(lead),
        received_at: Millis(T0 - 5_000),
        kind: ArrivalKind::Live,
        system: "官网".into(),
        external_id: format!("ext-{:06}", lead.0).into(),
        key_hashes: vec![key(spread(lead.0)), key(spread(lead.0 + (1 << 40)))],
        state: LeadState::Waiting,
        owner: None,
        known_owner: None,
        twin: None,
        do_not_contact: false,
    }
}

pub fn received(lead: LeadId) -> Body {
    Body::LeadReceived(Box::new(arrival(lead)))
}

/// Given by a rule, with an explanation of typical size.
pub fn assigned(lead: LeadId, rep: RepId) -> Body {
    let values = [("region", "上海"), ("score", "87"), ("source", "抖音")];
    Body::LeadAssigned(Assigned {
        lead,
        rep,
        from: None,
        by: Placer::Engine { rule: Some("East China, hot".into()) },
        book: BookVersion(1),
        score: 87,
        charge: Charge {
            rep,
            team: Some("East Senior".into()),
            day: DayNo(20_768),
            milli: 1000,
            placements: 1,
            claims: 0,
        },
        turn: None,
        clock: None,
        why: Some(Box::new(Explanation {
            book: BookVersion(1),
            score: 87,
            rules: vec![RuleTrace {
                rule: Some(0),
                name: "East China, hot".into(),
                values: values.map(|(k, v)| (k.into(), v.into())).to_vec(),
                left_out: vec![
                    (LeftOut::OffDuty, (3..9).map(RepId).collect()),
                    (LeftOut::OpenCap { cap: 40 }, vec![RepId(11), RepId(12)]),
                ],
                free: (13..25).map(|r| (RepId(r), i64::from(r) * 1000)).collect(),
                weights: vec![],
                measure: Some(Measure::Ledger),
                overlay: None,
            }],
            verdict: Verdict::Chosen { rep, tie: TieBreak::ByMeasure },
        })),
        readmit: None,
    })
}

pub fn progressed(lead: LeadId, from: LeadState, to: LeadState) -> Body {
    Body::LeadProgressed { lead, from, to, happened_at: Millis(T0), note: "电话".into(), readmit: None }
}

pub fn book(version: u32, text: &str) -> Body {
    Body::BookPublished { version: BookVersion(version), text: text.into(), note: "first".into() }
}
