//! A console without a terminal on a real desk in memory: presses commands by id, types text, shows the screen as text.
//! What the console asks is carried out at once by the engine, as the service would.

#[path = "shelf.rs"]
mod shelf;

use leadyard::console::command::{Ready, palette, table};
use leadyard::console::draft::keep::{Editing, Kept};
use leadyard::console::finding::SavedViews;
use leadyard::console::key::chord;
use leadyard::console::look::Look;
use leadyard::console::model::{Me, Model, Size};
use leadyard::console::msg::{Ask, Effect, Msg, News, Order, Reply};
use leadyard::console::runtime::reader::answer;
use leadyard::console::runtime::whatif::Thinker;
use leadyard::console::runtime::wire::{Sample, sample, wish};
use leadyard::console::update::update;
use leadyard::console::view::{Painted, view};
use leadyard::console::whatif::{Question, What};
use leadyard::desk::clock::fresh_id;
use leadyard::engine::memory::Memory;
use leadyard::engine::{Intent, NewLead, Order as Wish, Refusal, Stop, execute};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::Event;
use leadyard::model::id::{BookVersion, LeadId, RepId};
use leadyard::model::key::{ContactKind, KeyHash};
use leadyard::model::lang::Lang;
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::outbox::OutboxRow;
use leadyard::model::rep::{Leave, RepCard};
use leadyard::model::time::{DAY_MS, MINUTE_MS, Millis, SECOND_MS};
use leadyard::world::{Moment, World};
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;
use shelf::{LogShelf, Shelf};
use std::sync::Arc;

/// The moment of every fixture: 2026-11-01T06:32:00Z, 14:32 in Shanghai.
pub const NOW: Millis = Millis(1_793_514_720_000);

/// The rules of the fixtures.
pub const BOOK: &str = "\
calendar
  timezone Asia/Shanghai
  workdays Mon..Sun 00:00..24:00
  window \"Double 11\" 2026-11-01 00:00 .. 2026-11-12 00:00

define 华东 = (上海, 江苏, 浙江)

score
  +30 when source in (官网, 转介绍)

rule \"friends\"
  when source = 转介绍
  give to team Promo

rule \"East China, hot\"
  when region in 华东 and score >= 80
  give to team Night by least-loaded
  else wait

rule \"everyone else\"
  give to team Night
  else wait

otherwise park \"nobody matched\"
";

/// A book any roster can have.
const SAMPLE: &str = "rule \"all\"\n  give to team \"East Senior\"\n\notherwise wait\n";

/// An event log in memory with the engine over it, and a clock to turn.
pub struct Rig {
    pub world: World,
    pub host: Memory,
    pub now: Millis,
    /// The views kept by the person at the console.
    pub views: SavedViews,
    /// The draft of the rules on their disk.
    pub kept: Option<Kept>,
    /// Who else writes rules.
    pub others: Vec<Editing>,
    /// Notices on their way out, newest first.
    pub outbox: Vec<OutboxRow>,
}

impl Rig {
    pub fn new(now: Millis) -> Rig {
        Rig {
            world: World::new(),
            host: Memory::default(),
            now,
            views: SavedViews::new(),
            kept: None,
            others: Vec::new(),
            outbox: Vec::new(),
        }
    }

    /// Carries out a wish; the events it made are committed.
    pub fn give(&mut self, actor: &str, role: Role, console: u32, intent: Intent) -> Vec<Event> {
        let actor = Actor { name: actor.into(), role, console };
        let order = Wish { id: fresh_id(), actor, intent, seen: Vec::new() };
        match execute(&mut self.world, &mut self.host, &order, self.now) {
            Ok(done) => done.events,
            Err(Stop::Refused(refusal)) => panic!("{refusal:?}"),
            Err(Stop::Host(never)) => match never {},
        }
    }

    pub fn admin(&mut self, intent: Intent) -> Vec<Event> {
        self.give("王芳", Role::Admin, 1, intent)
    }
}

/// A lead at the door.
pub fn arrival(name: &str, phone: &str, source: &str, region: &str, score: i32) -> NewLead {
    let contact = ContactCard { name: name.into(), phone: phone.into(), ..ContactCard::default() };
    let hash = phone.bytes().fold(7u64, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b)));
    let keys = if phone.is_empty() { Vec::new() } else { vec![KeyHash { kind: ContactKind::Phone, hash }] };
    NewLead {
        attrs: Attrs {
            source: source.into(),
            region: region.into(),
            product: "A 专业版".into(),
            base_score: score,
            has_phone: !phone.is_empty(),
            ..Attrs::default()
        },
        contact,
        keys,
        system: "test".into(),
        external_id: format!("{name}-{phone}-{source}-{score}").into(),
        received_at: None,
        kind: ArrivalKind::Live,
        state: LeadState::Waiting,
        owner: None,
        do_not_contact: false,
    }
}

/// A rep of the fixtures.
pub fn card(login: &str, name: &str, team: &str, cap: u32) -> RepCard {
    let mut card = RepCard::new(login, name);
    card.teams = vec![team.into()];
    card.cap_open = Some(cap);
    card.tidy()
}

/// A promotion day: a full rep, one on leave, one off duty whom the rules give to, so that leads wait; parked, held and
/// owned ones; names long, short, from outside and missing.
pub fn busy() -> Rig {
    let mut rig = Rig::new(NOW.plus(-20 * MINUTE_MS));
    rig.admin(Intent::Grant { actor: "王芳".into(), role: Some(Role::Admin) });
    rig.admin(Intent::Grant { actor: "赵敏".into(), role: Some(Role::Coordinator) });
    let cards = vec![
        card("lina", "李娜", "East Senior", 20),
        card("zhangwei", "张伟", "East Senior", 20),
        card("liuyang", "刘洋", "East Senior", 2),
        card("chen", "Chen", "Promo", 20),
        card("wangqiang", "王强", "Promo", 20),
        card("night", "夜班", "Night", 20),
    ];
    rig.admin(Intent::AddReps { cards });
    rig.admin(Intent::Publish { text: BOOK.into(), note: "start".into(), base: BookVersion(0) });
    rig.admin(Intent::Duty { rep: RepId(6), on: false });
    let leaves = vec![Leave { from: rig.now, to: NOW.plus(3 * DAY_MS), reason: "年假".into() }];
    rig.admin(Intent::SetLeaves { rep: RepId(5), leaves });
    let arrivals = [
        ("何静", "13900000001", "官网", "上海", 60, 19 * 60),
        ("孙莉", "13900000002", "官网", "杭州", 60, 19 * 60),
        ("周敏", "13900000003", "转介绍", "杭州", 60, 18 * 60),
        ("李雷", "13800000000", "抖音", "上海", 87, 13 * 60),
        ("欧阳娜娜", "", "官网", "浙江", 64, 60),
        ("O'Brien Ltd", "+14155550100", "referral", "江苏", 91, 55),
        ("赵六与上海浦东新区某某科技发展有限公司", "13700000000", "email", "上海", 40, 50),
        ("", "", "官网", "", 0, 40),
        ("韩梅梅", "13600000000", "抖音", "江苏", 55, 30),
    ];
    for (name, phone, source, region, score, age_s) in arrivals {
        rig.now = NOW.plus(-age_s * SECOND_MS);
        rig.admin(Intent::Receive { leads: vec![arrival(name, phone, source, region, score)], import: None });
    }
    let to = leadyard::engine::To::Rep(RepId(3));
    let leads = vec![LeadId(1), LeadId(2)];
    rig.now = NOW.plus(-28 * SECOND_MS);
    rig.give(
        "赵敏",
        Role::Coordinator,
        2,
        Intent::Place { leads, to, reason: "".into(), force: false, turn: true },
    );
    rig.now = NOW.plus(-25 * SECOND_MS);
    rig.admin(Intent::Park { leads: vec![LeadId(8)], reason: "call first".into() });
    let until = NOW.plus(5 * MINUTE_MS);
    rig.give("赵敏", Role::Coordinator, 2, Intent::Hold { leads: vec![LeadId(9)], until });
    rig.now = NOW;
    let moment = Moment::at(rig.world.book().zone, NOW);
    let look = leadyard::watch::look(&leadyard::watch::Scene::exact(&rig.world, &moment), true, false);
    rig.give("engine", Role::Engine, 1, Intent::Watch { steps: look.steps });
    rig
}

/// A console under test.
pub struct TestConsole {
    pub model: Model,
    pub painted: Painted,
    /// What was asked that is no order and no question: quitting, the mouse, …
    pub effects: Vec<Effect>,
    pub orders: Vec<Order>,
    pub buf: Buffer,
    pub rig: Rig,
    /// Whether orders are carried out, or only collected.
    pub is_carried_out: bool,
    /// Where lists go that are exported under a bare name, as a person's own folder would be.
    exports: Option<tempfile::TempDir>,
    /// Thinks what-if through, while the editor is open.
    thinker: Option<Thinker>,
}

impl TestConsole {
    /// A console of this size on `rig`.
    pub fn with(cols: u16, rows: u16, lang: Lang, rig: Rig) -> Self {
        Self::of("王芳", Role::Admin, cols, rows, lang, rig)
    }

    /// The same for somebody else.
    pub fn of(name: &str, role: Role, cols: u16, rows: u16, lang: Lang, rig: Rig) -> Self {
        let world = rig.world.clone();
        let mut console = Self::before(name, role, cols, rows, lang, rig);
        console.news(News::World(Box::new(world)));
        // A second look, now that the size of each list is known.
        console.send(Msg::Tick);
        console
    }

    /// A console before anything of `rig`'s desk was told.
    pub fn unopened(cols: u16, rows: u16, lang: Lang, rig: Rig) -> Self {
        Self::before("王芳", Role::Admin, cols, rows, lang, rig)
    }

    fn before(name: &str, role: Role, cols: u16, rows: u16, lang: Lang, rig: Rig) -> Self {
        let me = Me { name: name.into(), asked: role, role };
        let model = Model::new(me, "promo.db", lang, Look::default(), Size { cols, rows });
        let buf = Buffer::empty(Rect::new(0, 0, cols, rows));
        let mut console = Self {
            model,
            painted: Painted::default(),
            effects: Vec::new(),
            orders: Vec::new(),
            buf,
            rig,
            is_carried_out: true,
            exports: None,
            thinker: None,
        };
        console.draw();
        console
    }

    /// A console on the promotion day of the fixtures.
    pub fn new(cols: u16, rows: u16, lang: Lang) -> Self {
        Self::with(cols, rows, lang, busy())
    }

    /// Sends one message, carries out what it asks, and draws.
    pub fn send(&mut self, msg: Msg) -> &mut Self {
        let effects = update(&mut self.model, msg, self.rig.now);
        for effect in effects {
            self.perform(effect);
        }
        self.draw();
        self
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Order(order) => {
                self.orders.push(order.clone());
                if self.is_carried_out {
                    self.carry_out(order);
                }
            }
            Effect::Ask(Ask::WhatIf(asked)) => self.think(asked),
            Effect::Ask(ask) => {
                let ask = self.kept_out_of_the_tree(ask);
                if let Some(news) = answer(&mut Shelf(&mut self.rig), ask) {
                    self.send(Msg::News(news));
                }
            }
            Effect::Reload => {
                let world = Box::new(self.rig.world.clone());
                self.send(Msg::News(News::World(world)));
            }
            other => self.effects.push(other),
        }
    }

    /// The folder lists are exported to under a bare name; made when first asked for.
    pub fn exports(&mut self) -> std::path::PathBuf {
        let folder = self.exports.get_or_insert_with(|| tempfile::tempdir().unwrap());
        folder.path().to_owned()
    }

    /// The tests run in the source tree: what is to be written relative to it goes elsewhere.
    fn kept_out_of_the_tree(&mut self, ask: Ask) -> Ask {
        let Ask::Export(mut list) = ask else { return ask };
        let path = std::path::Path::new(&list.path);
        // Made of whatever keys were pressed, it may name any place; only a test that says an absolute one means it.
        if !path.starts_with(std::env::temp_dir()) {
            let bare = list.path.replace(['/', '\\', '~', '\0'], "_");
            list.path = self.exports().join(bare).display().to_string();
        }
        Ask::Export(list)
    }

    /// As the thread for what-if does, on the log in memory.
    fn think(&mut self, asked: Option<Box<Question>>) {
        let Some(question) = asked else {
            self.thinker = None;
            return;
        };
        let log = LogShelf { events: self.rig.host.events.clone() };
        let now = self.rig.now;
        let thinker = self.thinker.get_or_insert_with(|| Thinker::new(Box::new(log)));
        let mut told = Vec::new();
        thinker.think(&question, now, &mut |what| told.push(what), &mut || true);
        for mut what in told {
            if let What::Answer(shown) = &mut what.what {
                // How long it took is the machine's, not the test's.
                Arc::make_mut(shown).took_ms = 7;
            }
            self.send(Msg::News(News::WhatIf(Box::new(what))));
        }
    }

    /// As the service does: the events first or the answer first, it must not matter; here the events.
    fn carry_out(&mut self, order: Order) {
        let name = self.model.me.name.as_str().into();
        let actor = Actor { name, role: self.model.me.asked, console: 1 };
        let now = self.rig.now;
        let wishes = match &order {
            Order::Sample => {
                let mine =
                    Sample { cards: vec![card("lina", "李娜", "East Senior", 20)], book: SAMPLE.into() };
                sample(&mine, &actor)
            }
            order => wish(order, &actor, now).into_iter().collect(),
        };
        let mut reply = Reply::Refused(Refusal::NothingToDo);
        for wish in wishes {
            reply = match execute(&mut self.rig.world, &mut self.rig.host, &wish, now) {
                Ok(done) => {
                    self.send(Msg::News(News::Events(Arc::new(done.events))));
                    Reply::Done(Box::new(done.outcome))
                }
                Err(Stop::Refused(refusal)) => Reply::Refused(refusal),
                Err(Stop::Host(never)) => match never {},
            };
        }
        self.send(Msg::News(News::Answered { order: Box::new(order), reply }));
    }

    /// Somebody else does something on another console.
    pub fn other(&mut self, intent: Intent) -> &mut Self {
        let events = self.rig.give("赵敏", Role::Coordinator, 2, intent);
        self.news(News::Events(Arc::new(events)))
    }

    /// Time passes.
    pub fn wait(&mut self, ms: i64) -> &mut Self {
        self.rig.now = self.rig.now.plus(ms);
        self.send(Msg::Tick)
    }

    /// Draws anew without anything having happened.
    pub fn draw_again(&mut self) {
        self.draw();
    }

    fn draw(&mut self) {
        let area = Rect::new(0, 0, self.model.size.cols, self.model.size.rows);
        self.buf = Buffer::empty(area);
        self.painted = view(&self.model, area, &mut self.buf);
        self.model.pages = self.painted.pages;
    }

    /// What the service tells.
    pub fn news(&mut self, news: News) -> &mut Self {
        self.send(Msg::News(news))
    }

    /// Runs a command by id; it must be within reach and ready.
    #[track_caller]
    pub fn press(&mut self, id: &'static str) -> &mut Self {
        let command = table::by_id(id).unwrap_or_else(|| panic!("no command is called {id}"));
        match palette::ready(&self.model, self.model.place(), command) {
            Ready::Yes => self.send(Msg::Run(id)),
            Ready::No(why) => panic!("{id}: {}\n{}", why.get(Lang::En), self.screen()),
        }
    }

    /// Presses keys as they are written in the table, separated by spaces.
    #[track_caller]
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in chord(keys).unwrap() {
            self.send(Msg::Key(key));
        }
        self
    }

    /// Types characters one by one.
    pub fn type_(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let code = leadyard::console::key::Code::Char(c);
            self.send(Msg::Key(leadyard::console::key::Key::plain(code)));
        }
        self
    }

    /// Selects a lead, whatever is shown.
    pub fn select(&mut self, lead: u64) -> &mut Self {
        self.send(Msg::Go(leadyard::console::msg::Go::Lead(LeadId(lead))))
    }

    /// The orders given so far, without those that only hold leads for a picker; forgets them.
    pub fn orders(&mut self) -> Vec<Order> {
        let mut orders = std::mem::take(&mut self.orders);
        orders.retain(|order| {
            !matches!(order, Order::Hold { is_quiet: true, .. } | Order::Release { is_quiet: true, .. })
        });
        orders
    }

    /// The state and owner of a lead on the desk.
    #[track_caller]
    pub fn lead(&self, lead: u64) -> (LeadState, Option<RepId>) {
        let row = self.rig.world.lead(LeadId(lead)).unwrap_or_else(|| panic!("L{lead} is closed"));
        (row.state, row.owner)
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        screen_text(&self.buf)
    }

    /// One line of the screen, counted from 0.
    pub fn line(&self, row: usize) -> String {
        self.screen().lines().nth(row).unwrap_or_default().to_owned()
    }

    /// The bottom line.
    pub fn bottom(&self) -> String {
        self.line(usize::from(self.model.size.rows) - 1)
    }

    /// Fails with the screen when it does not show `text`.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        assert!(self.screen().contains(text), "no {text:?} on\n{}", self.screen());
        self
    }

    /// Fails with the screen when it shows `text`.
    #[track_caller]
    pub fn hides(&mut self, text: &str) -> &mut Self {
        assert!(!self.screen().contains(text), "{text:?} on\n{}", self.screen());
        self
    }
}

/// The buffer as text: cells covered by a wide glyph are skipped, the right side is trimmed.
pub fn screen_text(buf: &Buffer) -> String {
    let area = buf.area();
    let mut lines = Vec::new();
    for y in area.top()..area.bottom() {
        let (mut line, mut x) = (String::new(), area.left());
        while x < area.right() {
            let symbol = buf[(x, y)].symbol();
            line.push_str(symbol);
            x += symbol.cell_width().max(1);
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}
