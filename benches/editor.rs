//! What the rule editor claims about speed: on a book of 1,000 rules a key and its frame take at most 10 ms at the 95th of a
//! hundred, whatever the key; the check, which runs beside it, says how long a person waits for its answer. `cargo bench
//! --bench editor`; exits 1 when a stated limit is missed.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a benchmark times things")]

#[path = "../tests/support/nothing.rs"]
mod nothing;

use leadyard::console::look::Look;
use leadyard::console::model::{Me, Model, Screen, Size};
use leadyard::console::msg::{Ask, Effect, Go, Msg, News};
use leadyard::console::runtime::reader::look;
use leadyard::console::update::update;
use leadyard::console::view::view;
use leadyard::engine::{Intent, Order, execute};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::event::IntentId;
use leadyard::model::id::BookVersion;
use leadyard::model::lang::Lang;
use leadyard::model::rep::RepCard;
use leadyard::model::time::Millis;
use leadyard::world::World;
use nothing::nothing;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::fmt::Write;
use std::time::{Duration, Instant};

const NOW: Millis = Millis(1_795_000_000_000);
const RULES: usize = 1_000;
const REPS: usize = 200;
const TEAMS: usize = 20;

/// 60 % ask for one value, a quarter for one of several, the rest for a range.
fn book() -> String {
    let mut text =
        String::from("calendar\n  timezone Asia/Shanghai\n\ndefine 华东 = (上海, 江苏, 浙江, 安徽)\n\n");
    for i in 0..RULES {
        let when = match i % 20 {
            0..12 => format!("source = 渠道{} and product = \"A {}\"", i % 97, i % 31),
            12..17 => format!("region in 华东 and city in (城{}, 城{}, 城{})", i, i + 1, i + 2),
            _ => format!("score >= {} and value < {}", i % 100, i * 10),
        };
        let team = i % TEAMS;
        let _ = write!(
            text,
            "# 第 {i} 条\nrule \"rule {i}\"\n  when {when}\n  give to team T{team} by least-loaded\n  cap 40 open, 12 per day\n\n"
        );
    }
    text.push_str("otherwise park \"nobody matched\"\n");
    text
}

fn ms(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

fn at(mut figures: Vec<f64>, per_cent: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[(figures.len() - 1) * per_cent / 100]
}

fn world() -> World {
    let mut world = World::new();
    let cards = (0..REPS).map(|i| {
        let mut card = RepCard::new(&format!("rep{i}"), &format!("销售 {i}"));
        card.teams = vec![format!("T{}", i % TEAMS).as_str().into()];
        card.tidy()
    });
    let publish = Intent::Publish { text: book().into(), note: "".into(), base: BookVersion(0) };
    for intent in [Intent::AddReps { cards: cards.collect() }, publish] {
        let actor = Actor { name: "bench".into(), role: Role::Admin, console: 1 };
        let order = Order { id: IntentId(1), actor, intent, seen: Vec::new() };
        execute(&mut world, &mut nothing(), &order, NOW).map_err(|_| "refused").unwrap();
    }
    world
}

/// The editor on that book, drawn into cells; questions are answered between the keys, as the reader's thread would.
struct Desk {
    model: Model,
    terminal: Terminal<TestBackend>,
    checks: Vec<f64>,
}

impl Desk {
    fn new() -> Desk {
        let me = Me { name: "bench".into(), asked: Role::Admin, role: Role::Admin };
        let model = Model::new(me, "bench.db", Lang::En, Look::default(), Size { cols: 160, rows: 50 });
        let terminal = Terminal::new(TestBackend::new(160, 50)).unwrap();
        let mut desk = Desk { model, terminal, checks: Vec::new() };
        desk.step(Msg::News(News::World(Box::new(world()))));
        desk.step(Msg::Go(Go::Screen(Screen::Rules)));
        desk
    }

    /// A message with its frame; what it asks is answered after the clock has stopped.
    fn step(&mut self, msg: Msg) -> f64 {
        let start = Instant::now();
        let effects = update(&mut self.model, msg, NOW);
        self.terminal
            .draw(|frame| {
                let painted = view(&self.model, frame.area(), frame.buffer_mut());
                self.model.pages = painted.pages;
            })
            .unwrap();
        let took = ms(start.elapsed());
        for effect in effects {
            if let Effect::Ask(Ask::Check { text, facts }) = effect {
                let start = Instant::now();
                let (problems, named) = look(&text, &facts);
                self.checks.push(ms(start.elapsed()));
                update(&mut self.model, Msg::News(News::Checked { text, problems, named }), NOW);
            }
        }
        took
    }

    fn keys(&mut self, keys: &str, rounds: usize) -> Vec<f64> {
        let keys: Vec<&str> = keys.split(' ').cycle().take(rounds).collect();
        keys.into_iter().map(|key| self.step(Msg::Key(key.parse().unwrap()))).collect()
    }
}

fn main() {
    let mut desk = Desk::new();
    let lines = desk.model.draft.editor.lines().len();
    println!("     {RULES} rules, {lines} lines, {} KB", desk.model.draft.editor.text().len() / 1024);
    let mut missed = false;
    let mut at_most = |what: &str, figures: Vec<f64>, limit: f64| {
        let (p50, p95) = (at(figures.clone(), 50), at(figures, 95));
        missed |= p95 > limit;
        let ok = if p95 <= limit { "ok  " } else { "MISS" };
        println!("{ok} {what}: p50 {p50:.2} ms, p95 {p95:.2} ms (at most {limit})");
    };
    for (place, line) in [("at the top", 6), ("in the middle", lines / 2), ("at the end", lines - 4)] {
        desk.model.draft.editor.go_to(line, 0);
        desk.keys("end", 1);
        at_most(&format!("typing {place}"), desk.keys("a 华 space b backspace x", 120), 10.0);
        at_most(&format!("line breaks {place}"), desk.keys("enter backspace", 60), 10.0);
        at_most(&format!("moving {place}"), desk.keys("up down left right pagedown pageup", 120), 10.0);
        at_most(&format!("a rule moved {place}"), desk.keys("f8 f7", 40), 10.0);
        at_most(&format!("a step back and forth {place}"), desk.keys("ctrl-u ctrl-y", 40), 10.0);
    }
    desk.keys("ctrl-f", 1);
    at_most(
        "looking for a text while it is typed",
        desk.keys("r u l e space 9 9 backspace backspace", 90),
        10.0,
    );
    desk.keys("esc f5", 2);
    at_most("the outline's filter", desk.keys("9 8 backspace backspace", 60), 10.0);
    let checks = std::mem::take(&mut desk.checks);
    println!(
        "     the check beside it: p50 {:.1} ms, p95 {:.1} ms over {} checks",
        at(checks.clone(), 50),
        at(checks.clone(), 95),
        checks.len()
    );
    if missed {
        std::process::exit(1);
    }
}
