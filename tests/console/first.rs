//! The first page: what stands on screen while the desk is still being opened, what keys do then, and that nothing jumps when
//! the desk is there.

use crate::support::{NOW, Rig, TestConsole, arrival, busy};
use leadyard::console::command::{Ready, Risk, palette, table};
use leadyard::console::desk::first::FirstPage;
use leadyard::console::look::Look;
use leadyard::console::model::{Me, Model, Size};
use leadyard::console::msg::{Ask, Effect, Msg, News};
use leadyard::console::update::update;
use leadyard::engine::{Intent, To};
use leadyard::model::actor::Role;
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::lang::Lang;
use leadyard::world::{Picture, World};

/// What a file holding `rig`'s desk would show first.
fn page(rig: &Rig) -> Box<FirstPage> {
    let world = &rig.world;
    let waiting = world.waiting().iter().map(|key| key.lead);
    let leads: Vec<LeadId> = waiting.chain(world.parked().iter().copied()).collect();
    let picture = Picture {
        seq: world.seq(),
        reps: world.reps().to_vec(),
        version: world.published().version,
        book: world.published().text.clone(),
        alerts: world.alerts().values().cloned().collect(),
        leads: leads.iter().map(|lead| world.lead(*lead).unwrap().clone()).collect(),
    };
    let named = |lead: &LeadId| Some((*lead, rig.host.contacts.get(lead)?.clone()));
    let contacts = leads.iter().filter_map(named).collect();
    let (waiting, parked) = (world.waiting().len(), world.parked().len());
    Box::new(FirstPage { world: World::pictured(picture), waiting, parked, contacts })
}

/// A console that shows the first page of `rig`'s desk.
fn opening(lang: Lang, rig: Rig) -> TestConsole {
    let first = page(&rig);
    let mut console = TestConsole::unopened(120, 32, lang, rig);
    console.news(News::First(first));
    console
}

/// A queue longer than the screen.
fn long() -> Rig {
    let mut rig = busy();
    let leads = (0..90).map(|n| arrival(&format!("客户{n:02}"), &format!("139000{n:05}"), "抖音", "江苏", n));
    rig.admin(Intent::Receive { leads: leads.collect(), import: None });
    rig
}

fn whole(rig: &Rig) -> News {
    News::World(Box::new(rig.world.clone()))
}

#[test]
fn queue_loads_and_alerts_stand_there_and_nothing_unknown_is_claimed() {
    for (lang, loading, waiting) in [(Lang::En, "loading…", "5 waiting"), (Lang::Zh, "载入中…", "待分配 5")]
    {
        let mut console = opening(lang, busy());
        console.shows(loading).shows(waiting).shows("O'Brien").shows("李娜").shows("刘洋");
        let (screen, top) = (console.screen(), console.line(0));
        for unknown in
            ["AUTO", "自动", "leads here", "本机主控", "next ▸", "下一位", "admin", "管理员", "Double 11"]
        {
            assert!(!top.contains(unknown) && !screen.contains(unknown), "{unknown} on\n{screen}");
        }
        assert!(screen.contains("v1"), "{screen}");
        assert!(!console.model.desk.alerts().is_empty(), "alerts as they fired");
        assert!(console.model.lead().is_some_and(|lead| lead.owner.is_none() && lead.due_at.is_none()));
    }
}

#[test]
fn an_empty_desk_is_not_welcomed_before_it_is_known_to_be_empty() {
    let mut console = TestConsole::unopened(120, 32, Lang::En, Rig::new(NOW));
    console.send(Msg::Tick).shows("Opening the desk…");
    assert!(!console.screen().contains("Welcome"));
    assert!(!console.screen().contains("No reps"), "{}", console.screen());
}

#[test]
fn keys_that_need_the_desk_say_why_and_the_others_work() {
    let mut console = opening(Lang::En, long());
    for (key, title) in
        [("a", "assign"), ("m", "mode"), ("u", "undo"), ("/", "filter"), ("e", "rules"), ("f", "jump")]
    {
        console.keys(key);
        let said = console.bottom();
        assert!(said.contains("still loading"), "{key} ({title}): {said}");
        assert!(console.model.is_home(), "{key} changed something");
    }
    assert_eq!(console.orders(), []);
    let first = console.model.queue.selected();
    console.keys("j j pagedown");
    assert_ne!(console.model.queue.selected(), first);
    console.keys("tab").keys("esc").keys("enter").keys("esc");
    console.keys("?").shows("Help").keys("esc");
    console.keys(":").type_("assign").keys("enter");
    assert!(console.bottom().contains("still loading"), "{}", console.bottom());
    console.keys("L").shows("载入中…").keys("q");
    assert!(console.effects.contains(&Effect::Quit));
}

#[test]
fn no_command_that_changes_the_desk_is_ready_before_it_is_there() {
    let console = opening(Lang::En, long());
    for command in table::all().filter(|command| command.risk != Risk::Safe) {
        let ready = palette::ready_here(&console.model, command);
        assert!(matches!(ready, Ready::No(_)), "{} is ready", command.id);
    }
}

#[test]
fn the_desk_takes_the_page_s_place_without_a_jump() {
    let mut console = opening(Lang::En, long());
    console.keys("pagedown pagedown k");
    let rows = |console: &TestConsole| -> Vec<String> {
        let lines = console.screen().lines().map(str::to_owned).collect::<Vec<_>>();
        let name = |line: &String| line.find("客户").map(|at| line[at..].chars().take(4).collect());
        lines.iter().filter_map(name).collect()
    };
    let (selected, before) = (console.model.queue.selected(), rows(&console));
    assert!(before.len() > 10, "{}", console.screen());
    // Somebody more urgent came while it was loading: the rows slide under the window, not through it.
    let lead = arrival("加急", "13911112222", "官网", "上海", 99);
    console.rig.admin(Intent::Receive { leads: vec![lead], import: None });
    let world = whole(&console.rig);
    console.news(world).shows("AUTO");
    assert_eq!(console.model.queue.selected(), selected);
    assert_eq!(rows(&console), before, "{}", console.screen());
    console.press("lead.assign").shows("Assign");
}

#[test]
fn a_lead_that_was_given_away_meanwhile_is_told_and_nothing_else_is_selected() {
    let mut console = opening(Lang::En, long());
    console.keys("j j j");
    let selected = console.model.queue.selected().unwrap();
    let to = To::Rep(RepId(1));
    console.rig.admin(Intent::Place {
        leads: vec![selected],
        to,
        reason: "".into(),
        force: false,
        turn: true,
    });
    let world = whole(&console.rig);
    console.news(world);
    assert_eq!(console.model.queue.selected(), None, "a key meant for one lead never reaches its neighbour");
    assert_eq!(console.model.queue.ghost(), Some(selected));
    console.shows(&format!("{selected}"));
}

#[test]
fn a_later_page_is_shown_and_one_after_the_desk_is_not() {
    let mut console = opening(Lang::En, long());
    let late = page(&console.rig);
    let top = console.rig.world.waiting().iter().next().unwrap().lead;
    let to = To::Rep(RepId(1));
    console.rig.admin(Intent::Place { leads: vec![top], to, reason: "".into(), force: false, turn: true });
    let newer = page(&console.rig);
    console.news(News::First(newer));
    assert!(!console.model.desk.queue().contains(&top), "it has an owner by now");
    console.news(News::Opening { folded: 43_000, total: 100_000 }).shows("loading… 43 %");
    let world = whole(&console.rig);
    console.news(world);
    console.news(News::First(late)).shows("AUTO");
    assert!(!console.model.desk.queue().contains(&top), "the old page is not shown as live");
    assert!(!console.screen().contains("loading"));
}

#[test]
fn a_desk_that_cannot_be_opened_ends_the_console() {
    let mut console = opening(Lang::En, busy());
    console.news(News::NotOpened);
    assert!(console.effects.contains(&Effect::Quit));
}

#[test]
fn alerts_are_looked_for_elsewhere_once_at_a_time() {
    let rig = busy();
    let me = Me { name: "王芳".into(), asked: Role::Admin, role: Role::Admin };
    let mut model = Model::new(me, "promo.db", Lang::En, Look::default(), Size { cols: 120, rows: 32 });
    let looks = |effects: Vec<Effect>| -> Vec<_> {
        effects
            .into_iter()
            .filter_map(|e| if let Effect::Ask(Ask::Alerts(look)) = e { Some(look) } else { None })
            .collect()
    };
    let first = looks(update(&mut model, Msg::News(News::World(Box::new(rig.world.clone()))), NOW));
    assert_eq!(first.len(), 1);
    let shown =
        |model: &Model| model.desk.alerts().iter().map(|alert| alert.sentence.clone()).collect::<Vec<_>>();
    let fired = shown(&model);
    assert!(!fired.is_empty(), "with the numbers they fired with");
    let later = NOW.plus(60_000);
    assert!(looks(update(&mut model, Msg::Tick, later)).is_empty(), "one is under way");
    let findings = first[0].findings();
    assert!(
        looks(update(&mut model, Msg::News(News::Findings(findings)), later)).len() == 1,
        "its turn again"
    );
    let again = leadyard::watch::findings(model.desk.world(), model.desk.moment());
    update(&mut model, Msg::News(News::Findings(again)), later);
    assert_ne!(shown(&model), fired, "the numbers went on");
}
