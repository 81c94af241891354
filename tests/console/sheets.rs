//! Sheets over the desk: diverts, proposals, duplicates, the history of batches, forms, the handover note.

use crate::support::{BOOK, NOW, Rig, TestConsole, arrival, busy};
use leadyard::console::msg::{Msg, Order};
use leadyard::console::update::sheet;
use leadyard::engine::{Intent, To};
use leadyard::model::id::{BatchId, LeadId, RepId};
use leadyard::model::lang::Lang;
use leadyard::model::lead::LeadState;
use leadyard::model::mode::Mode;
use leadyard::model::time::{HOUR_MS, MINUTE_MS};

fn console() -> TestConsole {
    TestConsole::new(120, 32, Lang::En)
}

#[test]
fn a_divert_is_set_from_a_lead_listed_and_ended() {
    let mut console = console();
    console.select(4).press("lead.divert").shows("New divert").shows("source = 抖音");
    console.shows("1 of those waiting now match");
    console.press("form.accept").shows("to whom?").type_("李娜, nobody").press("form.accept");
    console.shows("no rep or team is called nobody");
    console.keys("ctrl-u").type_("李娜").press("form.next").keys("ctrl-u").type_("x").press("form.accept");
    console.shows("how long?").keys("ctrl-u").type_("1h30m").press("form.next").type_("live show");
    console.press("form.accept").shows("divert: source = 抖音 → 李娜 until 11-01 16:02");
    assert_eq!(console.lead(4), (LeadState::Assigned, Some(RepId(1))), "what waited goes at once");
    console.press("divert.list").shows("D1  1h 30m").shows("live show").press("divert.end");
    console.shows("divert D1 ended").shows("No divert is in force").press("overlay.close");
    console.press("desk.undo").press("divert.list").shows("D1  1h 30m");
    console.press("divert.new").shows("New divert").press("form.previous").press("form.close");
    console.press("overlay.close");
    assert!(console.model.is_home());
}

#[test]
fn a_divert_goes_to_whoever_is_selected_in_the_picker() {
    let mut console = console();
    console.select(4).press("lead.assign").type_("chen").press("assign.divert").shows("to whom  Chen");
    console.press("form.close").shows("Assign 李雷").press("assign.divert").press("form.accept");
    console.shows("divert: source = 抖音 → Chen");
    assert!(console.model.is_home(), "the picker has served");
    assert_eq!(console.model.desk.summary().held, 1, "only what 赵敏 holds");
}

/// A desk whose rules have two promotions: one by its window, one by hand.
fn promoted(cols: u16, rows: u16, lang: Lang) -> TestConsole {
    let mut rig = busy();
    let promotions = "\
promotion \"双十二\"
  during \"Double 12\"
  cap 60 open, 20 per day for team Promo
  cap 40 open
  weight 2 for team Promo

promotion 直播
  # a note
  cap 80 open for team Promo
  watch delayed when waiting > 15m warn

otherwise park";
    let window = "\n  window \"Double 12\" 2026-12-12 00:00 .. 2026-12-13 00:00\n\ndefine";
    let text = BOOK.replace("otherwise park", promotions).replace("\n\ndefine", window);
    let base = rig.world.published().version;
    rig.admin(Intent::Publish { text: text.into(), note: "promotions".into(), base });
    TestConsole::with(cols, rows, lang, rig)
}

#[test]
fn a_promotion_is_switched_on_with_an_end_shown_in_the_header_and_stopped() {
    let mut console = promoted(160, 40, Lang::En);
    console.press("promotion.list").shows("双十二").shows("comes 12-12 00:00 to 12-13 00:00");
    console.shows("cap 60 open, 20 per day for team Promo").press("list.down").shows("off").shows("by hand");
    assert!(!console.screen().contains("a note"));
    console.press("promotion.start").shows("Switch on: 直播").shows("ends 11-01 17:32");
    console.keys("ctrl-u").type_("soon").press("form.accept").shows("until when? 3h, 23:00");
    console.keys("ctrl-u").type_("14:00").shows("ends 11-02 14:00");
    console.keys("ctrl-u").type_("18:00").press("form.next").type_("live show").press("form.accept");
    console
        .shows("直播 is on until 18:00")
        .shows("on until 11-01 18:00")
        .shows("switched by 王芳 11-01 14:32 live show");
    console.press("overlay.close").shows("⚑").shows("直播 until 18:00: cap 80, alert limits");
    // Again: the end moves.
    console.press("promotion.list").press("promotion.start").keys("ctrl-u").type_("1h").press("form.accept");
    console.shows("on until 11-01 15:32").press("overlay.close").press("desk.undo");
    console
        .press("promotion.list")
        .shows("on until 11-01 18:00")
        .press("promotion.stop")
        .shows("直播 is over");
    console.press("overlay.close").press("desk.undo").press("promotion.list").shows("on until 11-01 18:00");
    console.press("overlay.close");
    assert!(console.model.is_home());
}

#[test]
fn a_promotions_report_stands_beside_the_time_before() {
    let mut console = promoted(100, 30, Lang::En);
    let start =
        Intent::StartPromotion { promotion: "直播".into(), until: NOW.plus(HOUR_MS), reason: "".into() };
    console.other(start);
    for n in 0..3 {
        console.wait(MINUTE_MS);
        let one = arrival("新", "", "转介绍", "上海", n);
        console.other(Intent::Receive { leads: vec![one], import: None });
    }
    console.wait(MINUTE_MS);
    console.press("promotion.list").press("promotion.report").shows("Report ─ 直播").shows("so far");
    let line = |console: &TestConsole, what: &str| {
        let screen = console.screen();
        let found = screen.lines().find(|line| line.contains(what)).map(str::to_owned);
        found.unwrap_or_else(|| panic!("no {what} on\n{screen}"))
    };
    let figures: Vec<String> = line(&console, "arrivals")
        .split_whitespace()
        .filter(|w| w.parse::<u32>().is_ok())
        .map(str::to_owned)
        .collect();
    assert_eq!(figures, ["5", "3"], "five in the four minutes before");
    console.press("list.down").press("list.end").press("list.home").press("overlay.close");
    console.press("list.home").keys("r").shows("the promotion has not run yet").press("overlay.close");
}

#[test]
fn promotions_are_within_reach_of_the_picker_and_the_palette() {
    let mut console = promoted(80, 24, Lang::En);
    console
        .select(4)
        .press("lead.assign")
        .press("assign.promotion")
        .shows("Promotions")
        .press("overlay.close");
    console.shows("Assign 李雷").press("picker.close");
    console.press("app.palette").type_("zhibo").press("picker.accept").shows("▸   直播");
    console.press("overlay.close");
    let mut bare = TestConsole::new(80, 24, Lang::En);
    bare.press("promotion.list")
        .shows("The rules have no promotion")
        .keys("enter")
        .shows("no promotion is selected");
}

#[test]
fn the_header_says_what_a_divert_sends_whom_and_how_many_so_far() {
    let mut rig = busy();
    let wish = |scope: &str, rep: u32| leadyard::engine::DivertWish {
        scope: scope.into(),
        to: vec![leadyard::model::overlay::DivertTo::Rep(RepId(rep))],
        by: leadyard::model::overlay::DivertBy::Fair,
        until: NOW.plus(HOUR_MS),
        reason: "".into(),
    };
    rig.admin(Intent::SetDivert(wish("source = 抖音", 1)));
    let mut console = TestConsole::with(160, 40, Lang::En, rig);
    console.shows("source = 抖音 → 李娜 until 15:32 (1 so far)");
    let one = arrival("新", "", "抖音", "广东", 5);
    console.other(Intent::Receive { leads: vec![one], import: None });
    console.shows("source = 抖音 → 李娜 until 15:32 (2 so far)").press("divert.list").shows("2 so far");
    console.press("overlay.close");
    // Several at 80 columns: the newest is said, the others are counted.
    console.other(Intent::SetDivert(wish("region = 江苏", 2)));
    for lang in [Lang::En, Lang::Zh] {
        let mut narrow = TestConsole::with(80, 24, lang, std::mem::replace(&mut console.rig, busy()));
        let header = narrow.line(0);
        assert!(header.contains("⚑ region") && header.contains("+"), "{header}");
        console.rig = std::mem::replace(&mut narrow.rig, busy());
    }
}

/// On assist, with somebody on duty the rules give to.
fn assisted(cols: u16, lang: Lang) -> TestConsole {
    let mut rig = busy();
    rig.admin(Intent::SetMode(Mode::Assist));
    rig.admin(Intent::Duty { rep: RepId(6), on: true });
    TestConsole::with(cols, 32, lang, rig)
}

#[test]
fn proposals_are_worked_through_by_enter_or_all_at_once() {
    let mut console = assisted(120, Lang::En);
    let count = console.model.desk.proposed().len();
    assert!(count >= 3, "{count}");
    console.press("proposal.list").shows(&format!("{count} proposed")).shows("夜班");
    let first = console.model.desk.proposed()[0].lead;
    console.press("proposal.accept").shows("accepted");
    assert!(console.rig.world.lead(first).unwrap().owner.is_some());
    assert_eq!(console.model.desk.proposed().len(), count - 1);
    console.keys("enter");
    assert_eq!(console.model.desk.proposed().len(), count - 2, "the next one was selected");
    console.press("proposal.accept-all");
    if console.model.desk.proposed().len() > 1 {
        console.shows("→ 夜班").press("confirm.yes");
    }
    console.shows("The engine proposes nothing now").press("overlay.close");
    let mut console = assisted(120, Lang::En);
    console.press("proposal.list").press("proposal.elsewhere").shows("Assign ").press("picker.close");
}

/// Two leads of one person.
fn doubled(lang: Lang, rows: u16) -> TestConsole {
    let mut rig: Rig = busy();
    rig.now = NOW.plus(-5 * 1000);
    rig.admin(Intent::Receive {
        leads: vec![arrival("李磊", "13800000000", "官网", "上海", 10)],
        import: None,
    });
    rig.now = NOW;
    TestConsole::with(100, rows, lang, rig)
}

#[test]
fn duplicates_stand_side_by_side_are_merged_and_unmerged() {
    let mut console = doubled(Lang::En, 32);
    console.press("lead.twins").shows("L4 李雷  =  L10 李磊").shows("抖音");
    console.press("twins.keep-first").shows("1 merged into 李雷");
    assert!(console.rig.world.lead(LeadId(10)).is_none());
    console.shows("No open leads of one person");
    console.press("twins.unmerge").type_("x").press("prompt.accept").shows("write the lead's number");
    console.press("twins.unmerge").type_("L10").press("prompt.accept").shows("a lead of its own again");
    assert!(console.rig.world.lead(LeadId(10)).is_some());
    console.press("twins.keep-second").shows("merged into 李磊").press("overlay.close").press("desk.undo");
    assert!(console.rig.world.lead(LeadId(4)).is_some());
    // Any two can be compared.
    console.select(5).press("lead.mark").select(7).press("lead.mark").press("lead.twins");
    console.shows("L5 欧阳娜娜  =  L7 赵六").press("overlay.close");
}

/// The last batch of `actor` that names so many leads.
fn batch_of(console: &TestConsole, actor: &str, leads: usize) -> BatchId {
    let events = &console.rig.host.events;
    let count = |batch| events.iter().filter(|e| e.batch == batch && e.body.lead().is_some()).count();
    let found = events.iter().rev().find(|e| e.actor == actor && count(e.batch) == leads);
    found.unwrap().batch
}

/// Selects a batch in the history.
fn find(console: &mut TestConsole, batch: BatchId) -> &mut TestConsole {
    console.press("list.home");
    for _ in 0..40 {
        if sheet::selected_batch(&console.model) == Some(batch) {
            return console;
        }
        console.press("list.down");
    }
    panic!("{batch} is not listed");
}

#[test]
fn the_history_says_who_did_what_and_what_can_be_undone_and_why_not() {
    let mut console = console();
    console.press("batch.list").shows("赵敏").shows("assigned").shows("2 leads");
    // 赵敏 placed two leads and nobody touched them since.
    let at = batch_of(&console, "赵敏", 2);
    find(&mut console, at).shows("u puts 2 back").press("overlay.close");
    let to = To::Rep(RepId(1));
    let place = Intent::Place { leads: vec![LeadId(1)], to, reason: "".into(), force: false, turn: true };
    console.other(place).press("batch.list");
    find(&mut console, at).shows("u puts 1 back; 1 stay: changed by 赵敏 since");
    console.press("batch.undo").shows("undone by 王芳");
    // One's own only, and everybody's again.
    console.press("batch.mine").shows("History ─ yours").press("batch.mine").shows("╭ History ─────");
    assert_eq!(console.lead(2).0, LeadState::Parked);
    find(&mut console, at).shows("was undone by 王芳").press("overlay.close");
}

#[test]
fn a_lead_is_taken_in_by_hand_and_a_chat_is_pasted() {
    let mut console = console();
    console.press("lead.add").shows("New lead").press("form.accept").shows("write a name or a phone first");
    console.send(Msg::Paste("钱七 13500000001 微信：qian7 想看 A 专业版".into()));
    console.shows("钱七").shows("13500000001").shows("qian7").shows("想看 A 专业版");
    console.press("form.accept").shows("taken in: L10 钱七");
    let card = console.rig.host.contacts[&LeadId(10)].clone();
    assert_eq!((card.phone.as_str(), card.wechat.as_str()), ("13500000001", "qian7"));
    assert!(matches!(console.orders().as_slice(), [Order::Enter { .. }]));
    console.press("lead.add").type_("孙八").press("form.next").type_("12").press("form.accept");
    console.shows("12 is no phone").press("form.previous").press("form.close");
    assert!(console.model.is_home());
    console.press("desk.undo");
    assert!(console.rig.world.lead(LeadId(10)).is_none(), "an arrival by hand is undone like any");
}

#[test]
fn a_lead_is_corrected_and_its_phone_stays_masked() {
    let mut console = console();
    console.select(4).press("lead.edit").shows("Edit 李雷").shows("138****0000; empty leaves it");
    assert!(!console.screen().contains("13800000000"));
    console.press("form.accept").shows("nothing is changed");
    for _ in 0..6 {
        console.press("form.next");
    }
    console.keys("ctrl-u").type_("广州").press("form.accept").shows("李雷 corrected");
    assert_eq!(console.rig.world.lead(LeadId(4)).unwrap().attrs.region, "广州");
}

#[test]
fn whoever_comes_back_is_told_what_happened() {
    let mut rig = busy();
    rig.now = NOW.plus(HOUR_MS);
    let to = To::Rep(RepId(1));
    let place = Intent::Place { leads: vec![LeadId(8)], to, reason: "".into(), force: false, turn: true };
    rig.give("赵敏", leadyard::model::actor::Role::Coordinator, 2, place);
    rig.now = NOW.plus(HOUR_MS + 10 * MINUTE_MS);
    let mut console = TestConsole::with(120, 32, Lang::En, rig);
    console.shows("1 assigned, 1 of yours moved").press("desk.since").shows("Since you left: 11-01 14:31");
    console.shows("赵敏: 1 by hand").shows("L8 → 李娜 by 赵敏").press("overlay.close");
    let mut fresh = TestConsole::new(120, 32, Lang::En);
    fresh.keys("g s").shows("nothing to tell");
}

#[test]
fn sheets_at_two_sizes_in_both_languages() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let mut console = doubled(lang, 24);
        insta::assert_snapshot!(format!("twins_{tag}"), console.press("lead.twins").screen());
        console.press("overlay.close").press("batch.list");
        insta::assert_snapshot!(format!("batches_{tag}"), console.screen());
        console.press("overlay.close").select(4).press("lead.divert");
        insta::assert_snapshot!(format!("divert_{tag}"), console.screen());
        console.press("form.close").press("lead.add");
        insta::assert_snapshot!(format!("add_{tag}"), console.screen());
        let mut console = promoted(80, 24, lang);
        console.press("promotion.list").press("list.down");
        insta::assert_snapshot!(format!("promotions_{tag}"), console.screen());
        let mut console = assisted(80, lang);
        insta::assert_snapshot!(format!("proposals_{tag}"), console.press("proposal.list").screen());
        let mut console = TestConsole::new(80, 24, lang);
        for lead in [4, 5, 9] {
            console.select(lead).press("lead.mark");
        }
        console.press("lead.assign");
        insta::assert_snapshot!(format!("bulk_{tag}"), console.screen());
    }
}
