//! Finding: conditions with completion, sorting, kept views, jumping, the palette, lists to files.

use crate::support::{Rig, TestConsole, busy};
use leadyard::console::command::{Ready, palette, table};
use leadyard::console::desk::sieve::Show;
use leadyard::console::model::Pane;
use leadyard::model::id::LeadId;
use leadyard::model::lang::Lang;

fn console() -> TestConsole {
    TestConsole::new(120, 32, Lang::En)
}

fn ids(console: &TestConsole) -> Vec<u64> {
    console.model.desk.queue().iter().map(|id| id.0).collect()
}

#[test]
fn a_condition_is_completed_word_by_word_with_a_live_count() {
    let mut console = console();
    console.press("queue.filter").shows("words, or a condition");
    console.press("filter.complete").shows("campaign");
    let all = ids(&console);
    console.type_("source");
    assert_eq!(ids(&console), all, "a condition begun hides nothing yet");
    console.keys("ctrl-u").type_("so").shows("source").press("filter.complete");
    assert_eq!(console.model.filter.text(), "source ");
    console.press("filter.next-offer").press("filter.next-offer").press("filter.previous-offer");
    console.press("filter.done");
    assert_eq!(console.model.filter.text(), "source = ", "Enter takes the offer that was chosen");
    console.type_("抖").press("filter.complete").shows("2 match");
    assert_eq!(ids(&console).len(), 2);
    console.press("filter.done").shows("filter: source = 抖音");
    assert!(!console.model.is_filtering);
    console.keys("esc");
    assert_eq!(ids(&console).len(), 6);
}

#[test]
fn what_cannot_be_read_is_shown_below_with_its_column_and_the_rows_stay() {
    let mut console = console();
    console.press("queue.filter").type_("score >= 60");
    let before = ids(&console);
    console.type_(" and scroe > 3").shows("column 17").shows("rows as before").shows("score");
    assert_eq!(ids(&console), before);
    let done = table::by_id("filter.done").unwrap();
    assert!(matches!(palette::ready(&console.model, console.model.place(), done), Ready::No(_)));
    console.keys("enter");
    assert!(console.model.is_filtering, "a condition that cannot be read is not kept");
    console.keys("esc");
    assert_eq!(ids(&console).len(), 6);
}

#[test]
fn escape_drops_the_offer_then_the_filter_then_order_and_view() {
    let mut console = console();
    console.press("queue.sort").press("queue.show").press("queue.filter").type_("sc").keys("down esc");
    assert!(console.model.is_filtering && console.model.find.chosen.is_none());
    console.keys("esc");
    assert!(!console.model.is_filtering && console.model.filter.is_empty());
    assert!(console.model.is_arranged());
    console.keys("esc");
    assert!(!console.model.is_arranged() && console.model.is_home());
}

#[test]
fn the_queue_is_sorted_by_any_column_and_keeps_its_selection() {
    let mut console = console();
    console.select(4);
    let serving = ids(&console);
    console.press("queue.sort").shows("by age");
    assert_eq!(ids(&console).first(), Some(&4), "the oldest first");
    assert_eq!(console.model.queue.selected(), Some(LeadId(4)));
    console.press("queue.sort-reverse");
    assert_eq!(ids(&console).last(), Some(&4));
    let mut seen = Vec::new();
    for _ in 0..20 {
        console.press("queue.sort");
        seen.push(ids(&console));
        if !console.model.is_arranged() {
            break;
        }
    }
    assert_eq!(seen.last(), Some(&serving), "the round ends with the order of serving");
    assert_eq!(seen.len(), 9);
    // By score: highest first, and a new lead finds its place.
    let one = crate::support::arrival("新", "", "官网", "上海", 62);
    while console.model.desk.sort().by != leadyard::console::finding::SortBy::Score {
        console.press("queue.sort");
    }
    console.other(leadyard::engine::Intent::Receive { leads: vec![one], import: None });
    let scores: Vec<i32> =
        ids(&console).iter().map(|id| console.model.desk.lead(LeadId(*id)).unwrap().score).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
}

#[test]
fn a_view_is_kept_under_a_number_and_comes_back() {
    let mut console = console();
    console.press("queue.filter").type_("source = 抖音").press("filter.done");
    console.press("queue.show").press("queue.sort");
    console.press("view.save").type_("Douyin").press("prompt.accept").shows("Douyin is on key 1");
    console.keys("esc esc esc esc");
    assert!(console.model.is_home());
    console.press("view.1").shows("1 Douyin");
    assert_eq!((console.model.filter.text(), console.model.desk.show()), ("source = 抖音", Show::Waiting));
    // Another console of the same person has it too.
    let mut rig: Rig = busy();
    rig.views.clone_from(&console.rig.views);
    let mut other = TestConsole::with(120, 32, Lang::En, rig);
    other.press("view.list").shows("Saved views").type_("dou").press("picker.accept").shows("1 Douyin");
    other.press("view.list").press("view.remove");
    assert!(other.model.find.views.is_empty() && other.rig.views.is_empty());
}

#[test]
fn each_number_key_has_its_view_and_says_so_when_there_is_none() {
    let mut console = console();
    console.keys("7").shows("nothing is kept under this number");
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i"] {
        console.press("view.save").type_(name).press("prompt.accept");
    }
    console.press("view.save").type_("j").press("prompt.accept").shows("all nine numbers are taken");
    for id in ["view.1", "view.2", "view.3", "view.4", "view.5", "view.6", "view.7", "view.8", "view.9"] {
        console.press(id);
    }
}

#[test]
fn a_lead_is_found_by_number_by_the_end_of_its_phone_and_by_a_rough_name() {
    for (typed, lead) in [("L8", 8), ("4", 4), ("0000001", 1), ("欧娜", 5), ("obrien", 6), ("孙莉", 2)] {
        let mut console = console();
        console.press("desk.jump").shows("end of the phone").type_(typed).press("picker.accept");
        assert_eq!(console.model.queue.selected(), Some(LeadId(lead)), "{typed}\n{}", console.screen());
    }
    let mut console = console();
    console.press("desk.jump").type_("nobody at all").shows("Nothing found");
    console.press("picker.accept").press("picker.close");
    assert!(console.model.is_home());
}

#[test]
fn chinese_names_are_found_by_their_letters_in_jump_picker_and_palette() {
    for (typed, lead) in [("oynn", 5), ("ouyangnana", 5), ("sunli", 2), ("hmm", 9), ("zliu", 7)] {
        let mut console = console();
        console.press("desk.jump").type_(typed).press("picker.accept");
        assert_eq!(console.model.queue.selected(), Some(LeadId(lead)), "{typed}\n{}", console.screen());
    }
    let mut console = console();
    console.select(4).press("lead.assign").type_("zw").shows("▸ 张伟");
    console.press("picker.close").press("app.palette").type_("lina").shows("李娜").press("picker.accept");
    console.shows("Rep ─ 李娜");
}

#[test]
fn a_closed_lead_is_found_and_its_card_tells_its_story() {
    use leadyard::engine::{Intent, Progress};
    use leadyard::model::lead::LeadState;
    let mut console = console();
    let won = Progress { lead: LeadId(1), to: LeadState::Won, happened_at: None };
    console.other(Intent::Progress { items: vec![won], note: "".into() });
    assert!(console.rig.world.lead(LeadId(1)).is_none());
    for typed in ["何静", "L1"] {
        console.press("desk.jump").type_(typed).shows("won").shows("139****0001").press("picker.accept");
        console.shows("Lead ─ 何静").shows("This lead is closed").shows("owner 刘洋").shows("by 赵敏");
        console.press("overlay.close");
    }
    assert!(console.model.is_home(), "the queue stays as it is");
}

#[test]
fn the_queue_stands_by_name_and_a_newcomer_finds_its_place() {
    use leadyard::console::finding::SortBy;
    let mut console = console();
    while console.model.desk.sort().by != SortBy::Name {
        console.press("queue.sort");
    }
    console.shows("by name");
    let names = |console: &TestConsole| -> Vec<String> {
        let queue = console.model.desk.queue();
        queue.iter().map(|id| console.model.desk.lead(*id).unwrap().name).collect()
    };
    let long = "赵六与上海浦东新区某某科技发展有限公司";
    // By syllables; who left no name comes last.
    assert_eq!(names(&console), ["韩梅梅", "李雷", "O'Brien Ltd", "欧阳娜娜", long, ""]);
    let one = crate::support::arrival("孟婷", "", "官网", "上海", 10);
    console.other(leadyard::engine::Intent::Receive { leads: vec![one], import: None });
    assert_eq!(names(&console)[2], "孟婷");
    console.press("queue.sort-reverse");
    assert_eq!(names(&console)[..2], [long.to_owned(), "欧阳娜娜".to_owned()]);
    assert_eq!(names(&console).last().unwrap(), "", "without a name last either way");
}

#[test]
fn the_palette_reaches_reps_teams_and_views() {
    let mut console = console();
    console.press("app.palette").type_("liuyang").press("picker.accept");
    assert_eq!(
        (console.model.focus, console.model.rep().map(|rep| rep.name.clone())),
        (Pane::Loads, Some("刘洋".into()))
    );
    console.press("app.palette").type_("已分配").press("picker.accept");
    assert_eq!(console.model.desk.show(), Show::Assigned);
}

#[test]
fn a_prefix_opens_a_window_of_what_may_follow() {
    let mut console = console();
    console.keys("g").shows("╭ g …");
    assert!(console.screen().contains("saved views") && console.screen().contains("lead details"));
    console.keys("esc");
    assert!(!console.screen().contains("╭ g …"));
}

#[test]
fn the_list_shown_goes_to_a_file_guarded_and_masked() {
    let dir = tempfile::tempdir().unwrap();
    for (pane, name) in
        [("pane.queue", "queue.csv"), ("pane.loads", "load.csv"), ("pane.alerts", "alerts.csv")]
    {
        let mut console = console();
        let path = dir.path().join(name);
        console.press(pane).press("list.export").shows("rows to this file");
        console.keys("ctrl-u").type_(&path.display().to_string()).press("prompt.accept").shows("rows in");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with('\u{FEFF}') && !text.contains("13800000000"), "{text}");
        let rows =
            csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes()).into_records().count();
        assert_eq!(
            rows,
            leadyard::console::update::export::rows(&console.model, console.model.focus),
            "{text}"
        );
    }
    let text = std::fs::read_to_string(dir.path().join("queue.csv")).unwrap();
    assert!(text.contains("李雷") && text.contains("138****0000"), "{text}");
}

#[test]
fn finding_looks_the_same_in_both_languages() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let mut console = TestConsole::new(100, 24, lang);
        console.press("queue.filter").type_("region in (上海) and so");
        insta::assert_snapshot!(format!("filter_{tag}"), console.screen());
        console.keys("esc esc").press("queue.sort").keys("g");
        insta::assert_snapshot!(format!("prefix_{tag}"), console.screen());
        console.keys("esc").press("desk.jump").type_("000");
        insta::assert_snapshot!(format!("jump_{tag}"), console.screen());
    }
}
