//! `doctor`: looks at everything the desk rests on (file, room, clock, leader, channels, terminal) and says of each whether it
//! is well, and if not what to do. Changes nothing.

use std::io::IsTerminal;
use std::path::Path;

use serde_json::json;

use super::context::{CliError, Context, Done};
use crate::desk::Clock;
use crate::engine::timers::CLOCK_SUSPECT;
use crate::model::outbox::{is_clock, why_in};
use crate::model::time::MINUTE_MS;
use crate::notify::channel::Endpoint;
use crate::notify::{self, Channels};
use crate::store::{SCHEMA_VERSION, Store, StoreError, WAL_LARGE_BYTES};
use crate::world::World;

/// Free bytes below which it is bad, and below which it is worth saying.
const FREE_BAD: u64 = 100 << 20;
const FREE_WARN: u64 = 1 << 30;
/// A log that ends so much later than now is dated in the future, in milliseconds.
const FUTURE_MS: i64 = 2 * MINUTE_MS;
/// The earliest year a clock can show that was set at all: 2025-01-01, in milliseconds.
const CLOCK_MIN_MS: i64 = 1_735_689_600_000;
/// Least size of a terminal the console has room in.
const COLUMNS_MIN: u16 = 60;
const ROWS_MIN: u16 = 16;

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Ok,
    Warn,
    Bad,
}

/// One line of the examination.
struct Line {
    state: State,
    what: &'static str,
    says: String,
    /// What to do; empty when nothing is to be done.
    todo: String,
}

struct Doctor<'c> {
    ctx: &'c Context,
    lines: Vec<Line>,
}

/// Examines; exit code 1 when something is bad.
///
/// # Errors
/// [`CliError::Findings`] when a line is bad.
pub fn doctor(ctx: &Context) -> Done {
    let mut doctor = Doctor { ctx, lines: Vec::new() };
    let store = doctor.file();
    let world = store.as_ref().and_then(|store| doctor.log(store));
    if let Some(store) = &store {
        doctor.room(store);
        doctor.leader(store);
    }
    doctor.clock(world.as_ref());
    doctor.channels(store.as_ref(), world.as_ref());
    doctor.terminal();
    doctor.tell()
}

impl Doctor<'_> {
    fn ok(&mut self, what: &'static str, says: String) {
        self.lines.push(Line { state: State::Ok, what, says, todo: String::new() });
    }

    fn say(&mut self, state: State, what: &'static str, says: String, en: &str, zh: &str) {
        let todo = self.ctx.say(en, zh).to_owned();
        self.lines.push(Line { state, what, says, todo });
    }

    fn file(&mut self) -> Option<Store> {
        let path = self.ctx.db.clone();
        let store = match Store::open_readonly(&path) {
            Ok(store) => store,
            Err(error) => {
                let (en, zh) = match &error {
                    StoreError::Missing { .. } => (
                        "open the console or import something: that makes it",
                        "打开控制台或导入数据即可创建",
                    ),
                    StoreError::OlderSchema { .. } => (
                        "open the console once: it is brought up to date, with a copy kept",
                        "打开一次控制台即可升级，旧文件会保留副本",
                    ),
                    StoreError::Damaged { .. } | StoreError::Foreign { .. } => (
                        "do not write to it; restore the last backup: leadyard restore FILE",
                        "请勿写入，用最近的备份恢复：leadyard restore FILE",
                    ),
                    _ => ("see what the sentence says", "请按提示处理"),
                };
                self.say(State::Bad, "file", error.to_string(), en, zh);
                return None;
            }
        };
        match store.quick_check() {
            Ok(()) => self.ok("file", path.display().to_string()),
            Err(error) => {
                let (en, zh) = (
                    "restore the last backup: leadyard restore FILE",
                    "用最近的备份恢复：leadyard restore FILE",
                );
                self.say(State::Bad, "file", error.to_string(), en, zh);
            }
        }
        self.mode(&path);
        match store.newer_schema() {
            Some(found) => self.say(
                State::Bad,
                "schema",
                format!("{found} > {SCHEMA_VERSION}"),
                "a newer Leadyard wrote this file: update this one",
                "此文件由更新版本写入，请升级本程序",
            ),
            None => self.ok("schema", SCHEMA_VERSION.to_string()),
        }
        Some(store)
    }

    /// Who else may read the file: it holds contacts.
    fn mode(&mut self, path: &Path) {
        use std::os::unix::fs::PermissionsExt;
        let Ok(found) = std::fs::metadata(path) else { return };
        let mode = found.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let says = format!("{} {mode:03o}", path.display());
            let (en, zh) =
                ("others may read contacts in it: chmod 600", "其他用户可读取其中的联系方式：请 chmod 600");
            self.say(State::Warn, "permissions", says, en, zh);
        }
    }

    fn log(&mut self, store: &Store) -> Option<World> {
        match store.load_world(&mut |_, _| {}) {
            Ok(world) => {
                let (events, leads) = (world.seq().0, world.open_count());
                self.ok("log", format!("{events} events, {leads} open leads"));
                Some(world)
            }
            Err(error) => {
                let (en, zh) = ("run: leadyard check", "请运行：leadyard check");
                self.say(State::Bad, "log", error.to_string(), en, zh);
                None
            }
        }
    }

    fn room(&mut self, store: &Store) {
        let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
        if let Ok(free) = store.disk_free() {
            let says = format!("{} free", mib(free));
            let (en, zh) = ("make room: a full disk stops every write", "请清理空间，磁盘满后无法写入");
            match free {
                ..FREE_BAD => self.say(State::Bad, "disk", says, en, zh),
                FREE_BAD..FREE_WARN => self.say(State::Warn, "disk", says, en, zh),
                _ => self.ok("disk", says),
            }
        }
        let mut wal = store.path().as_os_str().to_owned();
        wal.push("-wal");
        let size = std::fs::metadata(&wal).map_or(0, |m| m.len());
        if size > WAL_LARGE_BYTES {
            let (en, zh) =
                ("some program keeps an old read open: close it", "有程序一直占用旧的读取，请关闭它");
            self.say(State::Warn, "write-ahead log", mib(size), en, zh);
        }
    }

    fn leader(&mut self, store: &Store) {
        let boot = crate::desk::clock::boot_id();
        let held = store.lease().ok().flatten().filter(|l| l.is_held(&boot, Clock::Machine.boot_ms()));
        match held {
            Some(lease) => {
                let process = lease.holder.split('-').next().unwrap_or_default().to_owned();
                self.ok("leader", format!("process {process}, term {}", lease.epoch));
            }
            None => self.say(
                State::Warn,
                "leader",
                self.ctx.say("nobody", "无").to_owned(),
                "timers, alerts and notices rest: open a console, or start `leadyard run` or, for leads by HTTP, `leadyard serve`",
                "计时、提醒和通知均已停止：请打开控制台，或启动 leadyard run；需要通过 HTTP 收线索则启动 leadyard serve",
            ),
        }
    }

    fn clock(&mut self, world: Option<&World>) {
        let now = Clock::Machine.now();
        let says = now.to_rfc3339();
        let (en, zh) = ("set this machine's clock (NTP)", "请校准本机时钟（NTP）");
        let is_future = world.is_some_and(|w| w.last_at().since(now) > FUTURE_MS);
        let is_suspect = world.is_some_and(|w| w.alerts().contains_key(&CLOCK_SUSPECT));
        if now.0 < CLOCK_MIN_MS {
            self.say(State::Bad, "clock", says, en, zh);
        } else if is_future {
            let says = format!("{says}; the log ends later");
            self.say(State::Bad, "clock", says, en, zh);
        } else if is_suspect {
            let (en, zh) = (
                "it stepped and timers stand still: set it right, or leadyard confirm-clock",
                "时钟曾跳变，计时已停止：请校准，或运行 leadyard confirm-clock",
            );
            self.say(State::Warn, "clock", says, en, zh);
        } else {
            self.ok("clock", says);
        }
    }

    fn channels(&mut self, store: Option<&Store>, world: Option<&World>) {
        let channels = match notify::load(self.ctx.channels.as_deref()) {
            Ok(channels) => channels,
            Err(error) => {
                let says = error.message(self.ctx.lang);
                let (en, zh) = ("no notices are sent until that is right", "修正之前不会发送任何通知");
                self.say(State::Bad, "channels", says, en, zh);
                return;
            }
        };
        let routes = world.map_or(&[][..], |w| w.book().notify.as_slice());
        let missing: Vec<String> = routes
            .iter()
            .filter(|r| r.kind != crate::model::channel::ChannelKind::Terminal)
            .filter(|r| !channels.all.iter().any(|c| c.kind == r.kind && c.name == r.name))
            .map(|r| format!("{} {}", r.kind.word(), r.name))
            .collect();
        if missing.is_empty() {
            self.ok("channels", format!("{} set up, {} routes", channels.all.len(), routes.len()));
        } else {
            let (en, zh) = (
                "the book sends through them and this machine cannot: add them to channels.toml",
                "规则要求使用，但本机未配置：请加入 channels.toml",
            );
            self.say(State::Bad, "channels", missing.join(", "), en, zh);
        }
        self.programs(&channels);
        self.queues(store, &channels);
    }

    /// What a channel calls on this machine.
    fn programs(&mut self, channels: &Channels) {
        for channel in &channels.all {
            let Endpoint::Desktop(desktop) = &channel.endpoint else { continue };
            let Some(why) = desktop.missing() else { continue };
            let says = format!("desktop {}: {}", channel.name, why_in(&why, self.ctx.lang));
            let (en, zh) =
                ("Debian and Ubuntu: apt install libnotify-bin", "Debian、Ubuntu：apt install libnotify-bin");
            self.say(State::Bad, "channel", says, en, zh);
        }
    }

    fn queues(&mut self, store: Option<&Store>, channels: &Channels) {
        let Some(figures) = store.and_then(|store| store.outbox_figures().ok()) else { return };
        for one in figures.iter().filter(|f| channels.named(&f.channel).is_some()) {
            let why = why_in(&one.state.last_error, self.ctx.lang);
            let says = format!("{} {}: {why}", one.kind.word(), one.channel);
            if one.state.failures > 0 && is_clock(&one.state.last_error) {
                let (en, zh) = (
                    "set this machine's clock (NTP), then: leadyard channel test NAME",
                    "请校准本机时钟（NTP），然后：leadyard channel test NAME",
                );
                self.say(State::Bad, "channel", says, en, zh);
            } else if one.state.failures > 0 {
                let (en, zh) = ("try it: leadyard channel test NAME", "请测试：leadyard channel test NAME");
                self.say(State::Bad, "channel", says, en, zh);
            } else if one.dead > 0 {
                let says = format!("{} {}: {}", one.kind.word(), one.channel, one.dead);
                let (en, zh) = (
                    "given up: leadyard outbox list, then retry or drop",
                    "有通知发送失败：leadyard outbox list 查看后重发或放弃",
                );
                self.say(State::Warn, "outbox", says, en, zh);
            }
        }
    }

    fn terminal(&mut self) {
        let name = std::env::var("TERM").unwrap_or_default();
        if !std::io::stdout().is_terminal() {
            let says = self.ctx.say("none here", "当前不是终端").to_owned();
            self.ok("terminal", says);
            return;
        }
        let size = rustix::termios::tcgetwinsize(std::io::stdout()).map(|s| (s.ws_col, s.ws_row));
        let (columns, rows) = size.unwrap_or((0, 0));
        let says = format!("{name}, {columns}×{rows}");
        if matches!(name.as_str(), "" | "dumb") {
            let (en, zh) = ("set TERM, for example to xterm-256color", "请设置 TERM，例如 xterm-256color");
            self.say(State::Warn, "terminal", says, en, zh);
        } else if columns < COLUMNS_MIN || rows < ROWS_MIN {
            let (en, zh) = ("make the window larger", "请放大窗口");
            self.say(State::Warn, "terminal", says, en, zh);
        } else {
            self.ok("terminal", says);
        }
    }

    /// Prints the lines; a bad one makes the command fail.
    fn tell(self) -> Done {
        let word = |state: State| match state {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Bad => "bad",
        };
        if self.ctx.json {
            let lines: Vec<_> = self
                .lines
                .iter()
                .map(|l| json!({"state": word(l.state), "what": l.what, "says": l.says, "do": l.todo}))
                .collect();
            println!("{}", serde_json::Value::from(lines));
        } else {
            for line in &self.lines {
                println!("{:<5} {:<16} {}", word(line.state), line.what, line.says);
                if !line.todo.is_empty() {
                    println!("      → {}", line.todo);
                }
            }
        }
        let bad = self.lines.iter().filter(|line| line.state == State::Bad).count();
        if bad == 0 {
            return Ok(());
        }
        Err(CliError::Findings(match self.ctx.lang {
            crate::model::lang::Lang::En => format!("{bad} bad"),
            crate::model::lang::Lang::Zh => format!("{bad} 项有问题"),
        }))
    }
}
