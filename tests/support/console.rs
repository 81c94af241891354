//! A console without a terminal: presses commands by id, types text, shows the screen as text. No service behind it: what
//! the person asked of the desk is collected, and the test says what the desk answers.

use leadyard::console::command::{Ready, palette, table};
use leadyard::console::desk::{
    AlertId, AlertLine, Desk, Hold, LeadLine, Mode, Presence, RepLine, Stage, State, Summary,
};
use leadyard::console::key::chord;
use leadyard::console::look::Look;
use leadyard::console::model::{Me, Model, Size};
use leadyard::console::msg::{Effect, Msg, News, Order};
use leadyard::console::text::{Say, T};
use leadyard::console::update::update;
use leadyard::console::view::{Painted, view};
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::lang::Lang;
use leadyard::model::time::{MINUTE_MS, Millis, SECOND_MS};
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;

/// The moment of every fixture: 2026-11-01T06:32:00Z, 14:32 in Shanghai.
pub const NOW: Millis = Millis(1_793_514_720_000);

/// A console under test.
pub struct TestConsole {
    pub model: Model,
    pub painted: Painted,
    pub effects: Vec<Effect>,
    pub buf: Buffer,
}

impl TestConsole {
    /// A console of this size showing `desk`.
    pub fn with(cols: u16, rows: u16, lang: Lang, desk: Desk) -> Self {
        let me = Me { name: "王芳".into(), role: T::Coordinator, may_act: true };
        let size = Size { cols, rows };
        let model = Model::new(me, lang, Look::default(), size);
        let buf = Buffer::empty(Rect::new(0, 0, cols, rows));
        let mut console = Self { model, painted: Painted::default(), effects: Vec::new(), buf };
        console.news(News::Desk(Box::new(desk)));
        console
    }

    /// A console showing the promotion day of the fixtures.
    pub fn new(cols: u16, rows: u16, lang: Lang) -> Self {
        Self::with(cols, rows, lang, busy_desk())
    }

    /// Sends one message and draws.
    pub fn send(&mut self, msg: Msg) -> &mut Self {
        let now = NOW;
        self.effects.extend(update(&mut self.model, msg, now));
        self.draw();
        self
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

    /// The orders given so far; forgets them.
    pub fn orders(&mut self) -> Vec<Order> {
        let effects = std::mem::take(&mut self.effects);
        effects
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Order(order) => Some(order),
                _ => None,
            })
            .collect()
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        screen_text(&self.buf)
    }

    /// One line of the screen, counted from 0.
    pub fn line(&self, row: usize) -> String {
        self.screen().lines().nth(row).unwrap_or_default().to_owned()
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

/// A waiting lead that arrived `age_s` seconds ago and is due in `due_s`.
pub fn lead(id: u64, name: &str, source: &str, region: &str, score: i64, age_s: i64, due_s: i64) -> LeadLine {
    LeadLine {
        id: LeadId(id),
        name: name.into(),
        phone: None,
        source: source.into(),
        region: region.into(),
        product: "A 专业版".into(),
        score,
        arrived_at: NOW.plus(-age_s * SECOND_MS),
        due_at: Some(NOW.plus(due_s * SECOND_MS)),
        state: State::Waiting,
        owner: None,
        hold: None,
        is_pinned: false,
        why: vec![Say::verbatim("rule 2 \"East China, hot\": 刘洋 20/20")],
    }
}

/// A rep on duty.
pub fn rep(id: u32, name: &str, team: &str, load: u32, cap: u32) -> RepLine {
    let refusal = (load >= cap).then(|| Say::from(T::Full));
    RepLine {
        id: RepId(id),
        name: name.into(),
        team: team.into(),
        load,
        cap: Some(cap),
        today: load / 2,
        presence: Presence::OnDuty,
        full_in_min: None,
        is_next: false,
        refusal,
    }
}

/// The desk on a promotion day: every kind of row, names long, short and from outside.
pub fn busy_desk() -> Desk {
    let mut leads = vec![
        lead(1, "李雷", "抖音", "上海", 87, 12, 288),
        lead(2, "欧阳娜娜", "官网", "杭州", 64, 31, 269),
        lead(3, "O'Brien Ltd", "referral", "苏州", 91, 125, 175),
        lead(4, "韩梅梅", "抖音", "南京", 55, 220, 80),
        lead(5, "赵六与上海浦东新区某某科技发展有限公司", "email", "上海", 40, 370, -70),
        lead(6, "", "官网", "", 0, 7_300, 600),
    ];
    leads[0].phone = Some("138****0000".into());
    leads[2].owner = Some(RepId(2));
    leads[2].state = State::Assigned;
    leads[2].is_pinned = true;
    leads[3].hold = Some(Hold { by: "王芳".into(), is_mine: true, until: NOW.plus(MINUTE_MS) });
    leads[5].hold = Some(Hold { by: "赵敏".into(), is_mine: false, until: NOW.plus(MINUTE_MS) });
    let mut reps = vec![
        rep(1, "李娜", "East Senior", 11, 20),
        rep(2, "张伟", "East Senior", 16, 20),
        rep(3, "刘洋", "East Senior", 20, 20),
        rep(4, "Chen", "Promo", 3, 20),
        rep(5, "王强", "Promo", 4, 20),
    ];
    reps[0].is_next = true;
    reps[1].full_in_min = Some(24);
    reps[4].presence = Presence::OnLeave;
    let alert = |id, kind, sentence: &str, remedies: &[&str], lead| AlertLine {
        id: AlertId(id),
        kind,
        stage: Stage::Firing,
        is_silenced: false,
        is_acknowledged: false,
        sentence: Say::verbatim(sentence),
        remedies: remedies.iter().map(|text| Say::verbatim(*text)).collect(),
        lead,
    };
    let alerts = vec![
        alert(1, T::Uneven, "East Senior 2.1× fair for 14m", &["刘洋 → 李娜 (7)", "李娜 → 24", "30m"], None),
        alert(2, T::Delayed, "赵六 > 5m", &["→ 李娜"], Some(LeadId(5))),
    ];
    Desk::new(summary(), leads, reps, alerts)
}

/// The header's figures of that day.
pub fn summary() -> Summary {
    Summary {
        file: "promo.db".into(),
        mode: Mode::Auto,
        book: 14,
        banner: Some(Say::both("Double 11 ends 3h 12m", "双 11 还剩 3h 12m")),
        rate_per_min: "18.4".into(),
        rate_history: vec![2, 4, 6, 10, 14, 12, 9],
        waiting: 12,
        held: 3,
        open: 214,
        spread_pct: Some(12),
        undo: Some(Say::LeadAssigned("李雷", "李娜")),
        utc_offset_min: 480,
        ..Summary::default()
    }
}
