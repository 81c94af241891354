//! The form that builds a rule: answers by command alone, the text as it grows, and a book made from nothing.

use crate::support::{BOOK, NOW, Rig, TestConsole, arrival, card};
use leadyard::console::model::{Overlay, Size};
use leadyard::console::msg::{Msg, Target};
use leadyard::console::update::build::STEP_ITEMS;
use leadyard::engine::Intent;
use leadyard::model::actor::Role;
use leadyard::model::id::BookVersion;
use leadyard::model::lang::Lang;

/// The form over the rules of the promotion day, the cursor in the rule "East China, hot".
fn over_a_rule(cols: u16, rows: u16, lang: Lang) -> TestConsole {
    let mut console = TestConsole::new(cols, rows, lang);
    console.press("rules.open");
    let line = BOOK.lines().position(|line| line.contains("score >= 80")).unwrap();
    console.model.draft.editor.go_to(line, 4);
    console.press("rules.build");
    console
}

/// Three teams and leads of three sources, and no book.
fn bookless() -> Rig {
    let mut rig = Rig::new(NOW);
    rig.admin(Intent::Grant { actor: "王芳".into(), role: Some(Role::Admin) });
    let cards = vec![
        card("lina", "李娜", "East", 20),
        card("chen", "Chen", "Promo", 20),
        card("wu", "吴", "West", 20),
    ];
    rig.admin(Intent::AddReps { cards });
    let leads = [("抖音", "上海"), ("抖音", "江苏"), ("官网", "上海"), ("360", "")];
    let leads = leads.iter().enumerate().map(|(i, (source, region))| {
        arrival(&format!("客户{i}"), &format!("1380000000{i}"), source, region, 10 * i as i32)
    });
    rig.admin(Intent::Receive { leads: leads.collect(), import: None });
    rig
}

fn draft(console: &TestConsole) -> String {
    console.model.draft.editor.text().to_owned()
}

/// Publishes the draft; warnings ask once more.
fn publish(console: &mut TestConsole) {
    console.press("rules.publish").press("publish.now");
    if !console.model.overlays.is_empty() {
        console.press("publish.now");
    }
}

/// The line under the bar.
fn bar(console: &TestConsole) -> String {
    let Some(Overlay::Build(b)) = console.model.overlays.last() else { panic!("{}", console.screen()) };
    b.selected().map_or(String::new(), |choice| choice.label.get(Lang::En).to_owned())
}

#[test]
fn a_book_is_built_from_nothing_by_commands_alone_and_published() {
    let mut console = TestConsole::with(120, 32, Lang::En, bookless());
    console.press("rules.open").press("rules.build");
    console.shows("a book from nothing").press("build.accept");
    console.shows("In which time zone").press("build.accept");
    console.shows("When do people work?").press("build.accept");
    console.shows("By what are leads divided").press("build.accept");
    // Real leads stand beside each value.
    console.shows("抖音").shows("counted over 4 leads");
    console.press("build.all").press("build.accept");
    assert_eq!(bar(&console), "team East");
    console.press("build.accept").press("build.down").press("build.accept").press("build.accept");
    console.shows("How is one of them chosen?").press("build.accept");
    console.shows("What becomes of leads that no rule takes?").shows("no problems").press("build.accept");
    let want = "calendar\n  timezone Asia/Shanghai\n\nrule \"抖音, 官网 → East\"\n  when source in (抖音, 官网)\n  \
                give to team East\n\nrule \"360 → Promo\"\n  when source = \"360\"\n  give to team Promo\n\n\
                otherwise give to team East, team Promo, team West\n";
    assert_eq!(draft(&console), want);
    console.shows("problems: 0");
    publish(&mut console);
    assert_eq!(console.rig.world.published().version, BookVersion(1));
    // What came before there was a rule waits for a person, who is told, and gives it to the engine.
    console.shows("4 parked for want of a rule").press("rules.release").shows("free unmatched?");
    console.press("confirm.yes");
    assert!(console.rig.world.leads().all(|lead| lead.owner.is_some()), "{}", console.screen());
}

#[test]
fn the_form_opens_on_the_rule_under_the_cursor_and_changes_only_what_is_answered() {
    let mut console = over_a_rule(120, 32, Lang::En);
    console.shows("change “East China, hot”").press("build.accept");
    console.shows("question 1 of").shows("region in 华东, score >= 80");
    // To the caps, over what stays as it is.
    console.press("build.next").press("build.next").press("build.next");
    console.shows("Most leads in hand").type_("35").press("build.accept").shows("cap 35 open");
    console.press("build.write");
    assert_eq!(draft(&console), BOOK.replace("by least-loaded\n", "by least-loaded\n  cap 35 open\n"));
    assert!(console.model.overlays.is_empty());
    console.shows("it is in the draft");
    // The cursor stands on the rule.
    let line = BOOK.lines().position(|line| line.contains("\"East China, hot\"")).unwrap();
    assert_eq!(console.model.draft.editor.cursor().0, line);
}

#[test]
fn a_threshold_is_moved_and_a_condition_is_taken_out() {
    let mut console = over_a_rule(120, 32, Lang::En);
    console.press("build.accept").press("build.down").press("build.down");
    assert_eq!(bar(&console), "score >= 80");
    console.press("build.accept").shows("score ◂ is at least ▸").type_("70").press("build.accept");
    console.shows("region in 华东 and score >= 70").press("build.down");
    assert_eq!(bar(&console), "region in 华东");
    console.press("build.remove").shows("  when score >= 70");
    console.press("build.down").press("build.accept").press("build.turn").shows("is below");
    console.press("build.turn-back").shows("is at least").press("build.back");
    console.press("build.write");
    let want = BOOK.replace("region in 华东 and score >= 80", "score >= 70");
    assert_eq!(draft(&console), want);
}

#[test]
fn what_the_form_cannot_ask_is_kept_as_written() {
    let rule = "rule \"odd\"  # mine\n  # why\n  when (source = 抖音 or not region = 上海) and score > 3\n  \
                give to team Promo\n  gvie nothing\n\n";
    let mut console = TestConsole::new(120, 32, Lang::En);
    console.press("rules.open");
    let text = BOOK.replace("rule \"friends\"", &format!("{rule}rule \"friends\""));
    console.model.draft.editor.replace(&text);
    let line = text.lines().position(|line| line.contains("# why")).unwrap();
    console.model.draft.editor.go_to(line, 0);
    console.press("rules.build").press("build.accept");
    console.shows("kept as written: gvie nothing").press("build.down");
    assert_eq!(bar(&console), "source = 抖音 or not region = 上海");
    console.press("build.accept").shows("kept as written; change it in the text");
    console.press("build.next").press("build.next").press("build.next").press("build.next");
    console.shows("Most leads a day").type_("9").press("build.accept").press("build.write");
    let want = text.replace("give to team Promo\n  gvie", "give to team Promo\n  cap 9 per day\n  gvie");
    assert_eq!(draft(&console), want);
}

#[test]
fn esc_goes_back_one_step_and_loses_nothing_without_a_word() {
    let mut console = over_a_rule(100, 30, Lang::En);
    console.press("build.page-down").press("build.page-up").type_("vip");
    assert_eq!(bar(&console), "VIP first");
    console.press("build.back").shows("a new rule below").type_("overfl").press("build.accept");
    console.shows("Which leads does it take?").press("build.accept").shows("Who gets them?");
    console.type_("pro").press("build.tick").shows("team Promo").shows("give to team Promo by least-loaded");
    console.press("build.previous").shows("Which leads does it take?");
    console.press("build.back").shows("What do you want to build?");
    console.press("build.back").shows("Esc once more leaves").press("build.up").press("build.back");
    console.shows("Esc once more leaves").press("build.back");
    assert!(console.model.overlays.is_empty());
    assert_eq!(draft(&console), BOOK);
}

#[test]
fn nothing_is_written_before_somebody_gets_the_leads() {
    let mut console = over_a_rule(100, 30, Lang::En);
    console.press("build.down").press("build.accept");
    console.keys("ctrl-s").shows("say first who gets the leads");
    console.type_("sour").press("build.accept").type_("抖").keys("space").press("build.accept");
    console.shows("when source = 抖音");
    // Words no lead had are taken as typed, and said to be.
    console.type_("source").press("build.accept").type_("百度").shows("no lead has it yet");
    console.press("build.accept").press("build.accept").shows("source in (抖音, 百度)");
    console.press("build.accept").shows("Who gets them?").type_("chen").press("build.accept");
    console.press("build.accept").shows("How is one").keys("ctrl-s");
    assert!(
        draft(&console)
            .contains("rule \"抖音, 百度 → Chen\"\n  when source in (抖音, 百度)\n  give to rep Chen\n")
    );
    // Below the rule it was opened on.
    let rules: Vec<String> =
        draft(&console).lines().filter(|l| l.starts_with("rule ")).map(str::to_owned).collect();
    assert_eq!(rules[2], "rule \"抖音, 百度 → Chen\"");
}

#[test]
fn every_template_makes_a_book_that_can_be_published() {
    let after = |keys: &dyn Fn(&mut TestConsole)| {
        let mut console = over_a_rule(120, 32, Lang::Zh);
        keys(&mut console);
        assert!(console.model.overlays.is_empty(), "{}", console.screen());
        let errors: Vec<_> = console.model.draft.problems.iter().filter(|p| p.is_error).collect();
        assert!(errors.is_empty(), "{errors:?}\n{}", draft(&console));
        let version = console.rig.world.published().version.0;
        publish(&mut console);
        assert_eq!(console.rig.world.published().version.0, version + 1);
        draft(&console)
    };
    let by_source = after(&|c| {
        c.type_("按渠道").press("build.accept").press("build.all").press("build.accept");
        while c.screen().contains("这些线索分给谁") {
            c.press("build.accept");
        }
        c.press("build.accept");
    });
    assert!(by_source.contains("give to team \"East Senior\""), "{by_source}");
    let night = after(&|c| {
        c.type_("夜班").press("build.accept").type_("night").press("build.accept").press("build.accept");
        c.press("build.accept")
            .press("build.down")
            .press("build.accept")
            .press("build.accept")
            .press("build.accept");
    });
    assert!(night.contains("  team Night works Mon..Sun 18:00..09:00\n"), "{night}");
    assert!(night.contains("rule \"夜班\"\n  give to team Night\n\nrule \"everyone else\""), "{night}");
    let hires = after(&|c| {
        c.type_("新人")
            .press("build.accept")
            .press("build.accept")
            .press("build.accept")
            .type_("1")
            .press("build.accept");
    });
    assert!(
        hires.contains("ramp 25% in week 1, 50% in weeks 2..3, 75% in week 4, at least 1 per day\n"),
        "{hires}"
    );
    let promotion = after(&|c| {
        c.type_("大促").press("build.accept").type_("双11").press("build.accept");
        c.type_("next week").press("build.accept").shows("请填日期");
        c.keys("ctrl-u").type_("2026-11-10").press("build.accept").type_("2026-11-12").press("build.accept");
        c.press("build.accept").type_("promo").press("build.accept").press("build.accept");
        c.press("build.accept").type_("60").press("build.accept").press("build.accept");
    });
    assert!(promotion.contains("  window \"双11\" 2026-11-10 .. 2026-11-12\n"), "{promotion}");
    assert!(
        promotion.contains("promotion \"双11\"\n  during \"双11\"\n  cap 60 open for team Promo\n"),
        "{promotion}"
    );
    let vip = after(&|c| {
        c.type_("重点").press("build.accept").press("build.accept").type_("east").press("build.accept");
        c.press("build.accept").press("build.write");
    });
    assert!(
        vip.contains(
            "rule \"重点客户优先\"\n  give to team \"East Senior\"\n  else wait\n\nrule \"friends\""
        ),
        "{vip}"
    );
}

#[test]
fn findings_stand_below_the_text_while_it_grows() {
    let mut console = over_a_rule(120, 32, Lang::En);
    console.type_("vip").press("build.accept").press("build.accept").type_("promo");
    console.press("build.accept").press("build.accept");
    // A rule for every lead that keeps them leaves nothing for those below.
    console.shows("problems: 3").shows("can never").press("build.write");
    assert!(console.model.draft.problems.iter().any(|p| !p.is_error));
}

#[test]
fn a_book_published_meanwhile_is_not_undone_by_the_form() {
    let mut console = over_a_rule(120, 32, Lang::En);
    console.press("build.accept").press("build.next").press("build.next").press("build.next");
    let theirs = BOOK.replace(
        "rule \"friends\"",
        "rule \"theirs\"\n  when source = a\n  give to team Promo\n\nrule \"friends\"",
    );
    let publish = Intent::Publish { text: theirs.as_str().into(), note: "".into(), base: BookVersion(1) };
    let events = console.rig.admin(publish);
    console.news(leadyard::console::msg::News::Events(std::sync::Arc::new(events)));
    console.type_("35").press("build.accept").press("build.write");
    assert_eq!(draft(&console), theirs.replace("by least-loaded\n", "by least-loaded\n  cap 35 open\n"));
}

#[test]
fn the_mouse_chooses_and_goes_to_a_question() {
    let mut console = over_a_rule(120, 32, Lang::En);
    console.send(Msg::Click(Target::Item(0))).shows("question 1 of");
    console.send(Msg::Click(Target::Item(STEP_ITEMS + 2))).shows("Who gets them?");
    console.send(Msg::Click(Target::Item(2))).shows("give to team Night, team Promo by least-loaded");
    console.send(Msg::Wheel(Target::Overlay, 2)).send(Msg::Paste("李".into()));
    assert_eq!(bar(&console), "李娜");
    console.press("build.back").send(Msg::Click(Target::Command("build.write")));
    assert!(draft(&console).contains("give to team Night, team Promo by least-loaded"));
}

#[test]
fn counts_of_all_leads_are_asked_once_and_the_bar_stays() {
    let mut console = over_a_rule(120, 32, Lang::En);
    console.type_("new rule below").press("build.accept").type_("source").press("build.accept");
    console.press("build.down");
    let before = bar(&console);
    let mut counting = leadyard::model::values::Counting::default();
    for (source, count) in [("抖音", 3_114), ("官网", 70_000), ("email", 1)] {
        (0..count).for_each(|_| counting.value(&leadyard::model::field::Field::Source, source));
    }
    counting.lead();
    console.news(leadyard::console::msg::News::Values(Box::new(counting.finish())));
    console.shows("3,114").shows("70,000");
    assert_eq!(bar(&console), before);
}

#[test]
fn the_form_at_the_sizes_people_use() {
    for (cols, rows) in [(80, 24), (120, 32), (200, 60)] {
        for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
            let mut console = over_a_rule(cols, rows, lang);
            insta::assert_snapshot!(format!("build_menu_{cols}x{rows}_{tag}"), console.screen());
            console.press("build.accept").press("build.next").keys("down down").press("build.tick");
            insta::assert_snapshot!(format!("build_who_{cols}x{rows}_{tag}"), console.screen());
            console.press("build.previous").keys("down down down down").press("build.accept");
            insta::assert_snapshot!(format!("build_values_{cols}x{rows}_{tag}"), console.screen());
        }
    }
}

#[test]
fn it_fits_any_screen() {
    for (cols, rows) in [(60, 12), (61, 13), (79, 17), (100, 20), (163, 44)] {
        for lang in [Lang::En, Lang::Zh] {
            let mut console = over_a_rule(120, 32, lang);
            console.send(Msg::Resize(Size { cols, rows })).press("build.accept");
            for _ in 0..12 {
                for line in console.screen().lines() {
                    let width = leadyard::console::widget::fit::width(line);
                    assert!(width <= usize::from(cols), "{cols}: {width} {line}");
                }
                if console.model.overlays.is_empty() {
                    break;
                }
                console.press("build.next");
            }
        }
    }
}
