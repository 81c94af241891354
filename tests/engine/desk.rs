//! A desk for tests, pleasant to build: `Desk::new(book).rep("li", |r| r.team("East").cap(20))`, then `desk.lead(|l| …)`.
//! Every order is followed by the accounts' own check; on drop the log is folded from zero and compared.

use leadyard::engine::memory::Memory;
use leadyard::engine::{
    AlertStep, Intent, NewLead, Order, Outcome, Progress, Refusal, Stop, Taken, To, execute,
};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::alert::{AlertKey, Finding};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::{Body, Event, IntentId};
use leadyard::model::id::{BatchId, LeadId, RepId, Seq};
use leadyard::model::key::{ContactKind, KeyHash};
use leadyard::model::lead::{ArrivalKind, Attrs, Lead, LeadState};
use leadyard::model::rep::RepCard;
use leadyard::model::time::{DayNo, Millis};
use leadyard::model::why::Explanation;
use leadyard::watch;
use leadyard::world::{Moment, RepState, World};

/// 2026-11-10 09:00 in Shanghai, a Tuesday.
pub const START: Millis = Millis(1_794_272_400_000);

pub struct Desk {
    pub world: World,
    pub host: Memory,
    pub now: Millis,
    pub last: Vec<Event>,
    me: Actor,
    book: Option<String>,
    count: u64,
}

pub struct RepForm(pub RepCard);

impl RepForm {
    pub fn name(mut self, name: &str) -> Self {
        self.0.name = name.into();
        self
    }
    pub fn team(mut self, team: &str) -> Self {
        self.0.teams.push(team.into());
        self
    }
    pub fn cap(mut self, cap: u32) -> Self {
        self.0.cap_open = Some(cap);
        self
    }
    pub fn day(mut self, cap: u32) -> Self {
        self.0.cap_day = Some(cap);
        self
    }
    pub fn weight(mut self, milli: u32) -> Self {
        self.0.weight_milli = milli;
        self
    }
    pub fn started(mut self, day: DayNo) -> Self {
        self.0.started = Some(day);
        self
    }
    pub fn skill(mut self, skill: &str) -> Self {
        self.0.skills.push(skill.into());
        self
    }
}

pub struct LeadForm(pub NewLead);

impl LeadForm {
    pub fn source(mut self, text: &str) -> Self {
        self.0.attrs.source = text.into();
        self
    }
    pub fn region(mut self, text: &str) -> Self {
        self.0.attrs.region = text.into();
        self
    }
    pub fn company(mut self, text: &str) -> Self {
        self.0.attrs.company = text.into();
        self
    }
    pub fn score(mut self, points: i32) -> Self {
        self.0.attrs.base_score = points;
        self
    }
    pub fn phone(mut self, number: u64) -> Self {
        self.0.attrs.has_phone = true;
        self.0.keys.push(KeyHash { kind: ContactKind::Phone, hash: number });
        self
    }
    pub fn ext(mut self, id: &str) -> Self {
        self.0.external_id = id.into();
        self
    }
    /// Left by the sender on this day (`2020-05-01`), whenever it arrives.
    pub fn left(mut self, day: &str) -> Self {
        let at = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").unwrap().and_time(chrono::NaiveTime::MIN);
        self.0.received_at = Some(Millis(at.and_utc().timestamp_millis()));
        self
    }
    pub fn kind(mut self, kind: ArrivalKind) -> Self {
        self.0.kind = kind;
        self
    }
    pub fn in_hand(mut self, owner: &str, state: LeadState) -> Self {
        self.0.owner = Some(owner.into());
        self.0.state = state;
        self
    }
}

impl Desk {
    pub fn new(book: &str) -> Desk {
        Desk {
            world: World::new(),
            host: Memory::default(),
            now: START,
            last: Vec::new(),
            me: Actor { name: "王芳".into(), role: Role::Admin, console: 1 },
            book: Some(book.to_owned()),
            count: 0,
        }
    }

    pub fn rep(mut self, login: &str, form: impl FnOnce(RepForm) -> RepForm) -> Desk {
        self.hire(login, form);
        self
    }

    pub fn hire(&mut self, login: &str, form: impl FnOnce(RepForm) -> RepForm) -> RepId {
        let card = form(RepForm(RepCard::new(login, login))).0;
        self.run(Intent::AddReps { cards: vec![card] }).unwrap().reps[0]
    }

    /// Speaks as somebody else from now on.
    pub fn speak(&mut self, name: &str, role: Role) {
        self.me = Actor { name: name.into(), role, console: 1 };
    }

    pub fn engine(&mut self, intent: Intent) -> Result<Outcome, Refusal> {
        let me =
            std::mem::replace(&mut self.me, Actor { name: "engine".into(), role: Role::Engine, console: 0 });
        let done = self.run(intent);
        self.me = me;
        done
    }

    /// Raises an alert as the leader would.
    pub fn raise(&mut self, finding: Finding) {
        let step = watch::raise(&self.world, &self.moment(), finding);
        self.engine(Intent::Watch { steps: vec![step] }).unwrap();
    }

    pub fn clear(&mut self, key: AlertKey) {
        let step = watch::clear(&self.world, key).expect("an open alert");
        self.engine(Intent::Watch { steps: vec![step] }).unwrap();
    }

    /// One look of the watch without sums, as the leader does every ten seconds; returns its steps.
    pub fn look(&mut self) -> Vec<AlertStep> {
        let moment = self.moment();
        let look = watch::look(&watch::Scene::exact(&self.world, &moment), true, false);
        if !look.steps.is_empty() {
            self.engine(Intent::Watch { steps: look.steps.clone() }).unwrap();
        }
        look.steps
    }

    pub fn publish(&mut self, text: &str) {
        let base = self.world.published().version;
        self.run(Intent::Publish { text: text.into(), note: "".into(), base }).unwrap();
    }

    pub fn run(&mut self, intent: Intent) -> Result<Outcome, Refusal> {
        self.run_seen(intent, Vec::new())
    }

    pub fn run_seen(&mut self, intent: Intent, seen: Vec<(LeadId, Seq)>) -> Result<Outcome, Refusal> {
        if !matches!(intent, Intent::AddReps { .. })
            && let Some(book) = self.book.take()
        {
            self.publish(&book);
        }
        self.count += 1;
        let order = Order { id: IntentId(u128::from(self.count)), actor: self.me.clone(), intent, seen };
        let before = self.world.seq();
        let done = execute(&mut self.world, &mut self.host, &order, self.now);
        assert_eq!(self.world.inconsistencies(), Vec::<String>::new());
        match done {
            Ok(done) => {
                self.last = done.events;
                Ok(done.outcome)
            }
            Err(Stop::Refused(refusal)) => {
                assert_eq!(self.world.seq(), before, "a refusal appends nothing: {refusal:?}");
                self.last = Vec::new();
                Err(refusal)
            }
            Err(Stop::Host(never)) => match never {},
        }
    }

    pub fn new_lead(&mut self, form: impl FnOnce(LeadForm) -> LeadForm) -> NewLead {
        self.count += 1;
        form(LeadForm(NewLead {
            attrs: Attrs::default(),
            contact: ContactCard::default(),
            keys: Vec::new(),
            system: "test".into(),
            external_id: format!("auto {}", self.count).into(),
            received_at: None,
            kind: ArrivalKind::Live,
            state: LeadState::Waiting,
            owner: None,
            do_not_contact: false,
        }))
        .0
    }

    pub fn lead(&mut self, form: impl FnOnce(LeadForm) -> LeadForm) -> LeadId {
        let lead = self.new_lead(form);
        match self.receive(vec![lead])[0] {
            Taken::New(id) => id,
            Taken::Known(id) => panic!("{id} was known"),
        }
    }

    pub fn receive(&mut self, leads: Vec<NewLead>) -> Vec<Taken> {
        self.run(Intent::Receive { leads, import: None }).unwrap().taken
    }

    pub fn wait(&mut self, ms: i64) {
        self.now = self.now.plus(ms);
    }

    pub fn sweep(&mut self) -> Outcome {
        self.engine(Intent::Sweep).unwrap()
    }

    pub fn id(&self, login: &str) -> RepId {
        self.world.rep_named(login).unwrap_or_else(|| panic!("no rep {login}")).id
    }

    pub fn state_of(&self, login: &str) -> &RepState {
        self.world.rep(self.id(login)).unwrap()
    }

    pub fn load(&self, login: &str) -> u32 {
        self.state_of(login).load
    }

    pub fn moment(&self) -> Moment {
        Moment::at(self.world.book().zone, self.now)
    }

    pub fn ledger(&self, login: &str) -> i64 {
        self.state_of(login).ledger_sum(None, self.moment().day)
    }

    pub fn row(&self, lead: LeadId) -> &Lead {
        self.world.lead(lead).unwrap_or_else(|| panic!("{lead} is not open"))
    }

    /// Login of the owner, or the state word of a lead nobody has.
    pub fn at(&self, lead: LeadId) -> String {
        match self.world.lead(lead) {
            None => "closed".into(),
            Some(row) => match row.owner.and_then(|id| self.world.rep(id)) {
                Some(rep) => rep.card.login.to_string(),
                None => row.state.word().to_owned(),
            },
        }
    }

    /// The newest stored explanation of a lead.
    pub fn why(&self, lead: LeadId) -> Option<&Explanation> {
        self.host.events.iter().rev().find_map(|e| match &e.body {
            Body::LeadAssigned(a) if a.lead == lead => a.why.as_deref(),
            Body::LeadWaits { lead: l, why, .. } | Body::LeadParked { lead: l, why, .. } if *l == lead => {
                why.as_deref()
            }
            _ => None,
        })
    }

    /// The batch of the newest event.
    pub fn last_batch(&self) -> BatchId {
        self.last.first().expect("an order that did something").batch
    }

    pub fn undo(&mut self, batch: BatchId) -> Result<Outcome, Refusal> {
        self.run(Intent::Undo { batch })
    }

    pub fn place(&mut self, lead: LeadId, login: &str) -> Result<Outcome, Refusal> {
        let to = To::Rep(self.id(login));
        self.run(Intent::Place { leads: vec![lead], to, reason: "".into(), force: false, turn: true })
    }

    /// `login` claims, in the role of a rep.
    pub fn claim(&mut self, lead: LeadId, login: &str) -> Result<Outcome, Refusal> {
        let me = std::mem::replace(&mut self.me, Actor { name: login.into(), role: Role::Rep, console: 2 });
        let done = self.run(Intent::Claim { leads: vec![lead] });
        self.me = me;
        done
    }

    pub fn pool(&mut self, lead: LeadId) -> Result<Outcome, Refusal> {
        self.run(Intent::ToPool { leads: vec![lead], reason: "".into() })
    }

    /// Waiting leads in serving order, of any world.
    pub fn queue(world: &World) -> Vec<LeadId> {
        world.waiting().iter().map(|key| key.lead).collect()
    }

    pub fn duty(&mut self, login: &str, on: bool) {
        let rep = self.id(login);
        self.run(Intent::Duty { rep, on }).unwrap();
    }

    pub fn progress(&mut self, lead: LeadId, to: LeadState) -> Result<Outcome, Refusal> {
        self.run(Intent::Progress { items: vec![Progress { lead, to, happened_at: None }], note: "".into() })
    }

    pub fn edit(&mut self, lead: LeadId, change: impl FnOnce(&mut Attrs)) -> Result<Outcome, Refusal> {
        let mut attrs = self.row(lead).attrs.clone();
        change(&mut attrs);
        self.run(Intent::Edit { lead, attrs: Box::new(attrs), contact: None, keys: None })
    }

    /// The world folded from zero.
    pub fn replayed(&self) -> World {
        let mut world = World::new();
        for event in &self.host.events {
            world.apply(event);
        }
        world
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.replayed().digest(), self.world.digest(), "the log folds to the live world");
            let bytes = self.world.encode().unwrap();
            assert_eq!(World::decode(&bytes).unwrap().digest(), self.world.digest());
        }
    }
}
