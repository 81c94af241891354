//! What a stored explanation holds, and how little room it takes.

use leadyard::engine::{Intent, timers, words};
use leadyard::model::lang::Lang;
use leadyard::model::rep::Leave;
use leadyard::model::time::HOUR_MS;
use leadyard::model::why::{Explanation, LeftOut, Measure, TieBreak, Verdict};

use crate::desk::Desk;

fn bytes(why: &Explanation) -> usize {
    let bytes = leadyard_postcard(why);
    bytes.len()
}

fn leadyard_postcard(why: &Explanation) -> Vec<u8> {
    let bytes = postcard::to_stdvec(why).unwrap();
    let back: Explanation = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(&back, why, "what is stored reads back");
    let json = serde_json::to_string(why).unwrap();
    assert_eq!(&serde_json::from_str::<Explanation>(&json).unwrap(), why);
    bytes
}

#[test]
fn every_rep_left_out_has_their_reason() {
    let book = "rule DE\n when source = 官网\n give to team T\n needs skill 德语\n cap 2 open\n";
    let book = if leadyard::rulebook::compile(book).rules[0].needs_skills.is_empty() {
        "rule DE\n when source = 官网\n give to team T needing 德语\n cap 2 open\n"
    } else {
        book
    };
    let mut desk = Desk::new(book);
    for login in ["gone", "off", "away", "had", "full", "lacks", "free"] {
        desk = desk.rep(login, |r| if login == "lacks" { r.team("T") } else { r.team("T").skill("德语") });
    }
    desk.duty("off", false);
    let (from, to) = (desk.now, desk.now.plus(HOUR_MS));
    let rep = desk.id("away");
    desk.run(Intent::SetLeaves { rep, leaves: vec![Leave { from, to, reason: "".into() }] }).unwrap();
    let lead = desk.lead(|l| l.source("官网"));
    desk.place(lead, "had").unwrap();
    for _ in 0..2 {
        let other = desk.lead(|l| l.source("官网"));
        desk.place(other, "full").unwrap();
    }
    let rep = desk.id("gone");
    desk.run(Intent::Deactivate { rep, theirs: leadyard::engine::Theirs::Keep }).unwrap();
    desk.run(Intent::Recall { leads: vec![lead], reason: "".into() }).unwrap();
    let why = desk.why(lead).unwrap();
    let reasons: Vec<(String, LeftOut)> = why.rules[0]
        .left_out
        .iter()
        .flat_map(|(why, reps)| reps.iter().map(move |r| (*r, why.clone())))
        .map(|(r, why)| (desk.world.rep(r).unwrap().card.login.to_string(), why))
        .collect();
    for (login, want) in [
        ("off", LeftOut::OffDuty),
        ("away", LeftOut::OnLeave),
        ("had", LeftOut::HadIt),
        ("full", LeftOut::OpenCap { cap: 2 }),
    ] {
        assert!(reasons.contains(&(login.to_owned(), want.clone())), "{login}: {want:?} in {reasons:?}");
    }
    assert_eq!(desk.at(lead), "free");
    assert_eq!(why.rules[0].values, [("source = 官网".into(), "官网".into())]);
    assert!(matches!(why.verdict, Verdict::Chosen { tie: TieBreak::OnlyOne, .. }), "{:?}", why.verdict);
    assert_eq!(why.rules[0].measure, Some(Measure::Ledger));
}

#[test]
fn a_typical_one_is_small_and_two_hundred_reps_under_many_rules_fit_in_4_kb() {
    let mut small =
        Desk::new("rule \"East China, hot\"\n when region = 上海 and score >= 10\n give to team T\n");
    for at in 0..25 {
        small = small.rep(&format!("r{at}"), |r| r.team("T"));
    }
    small.duty("r3", false);
    let lead = small.lead(|l| l.region("上海").score(40));
    let size = bytes(small.why(lead).unwrap());
    assert!(size <= 512, "{size} bytes");

    let cities: Vec<String> = (0..60).map(|i| format!("很远的城市{i}")).collect();
    let rules: String = (1..21)
        .map(|i| {
            format!(
                "rule \"规则 {i}\"\n when region in (上海, {})\n give to team T\n cap {i} open\n",
                cities.join(", ")
            )
        })
        .collect();
    let mut big = Desk::new(&format!("{rules}rule Last\n give to team T, team U\n"));
    for at in 0..200u32 {
        let team = if at % 2 == 0 { "T" } else { "U" };
        big = big.rep(&format!("rep{at}"), |r| r.team(team).cap(20 + at));
    }
    for at in (0..200).filter(|at| at % 3 == 0) {
        big.duty(&format!("rep{at}"), false);
    }
    let leads: Vec<_> = (0..60).map(|_| big.lead(|l| l.region("上海"))).collect();
    let worst = leads.iter().filter_map(|l| big.why(*l)).map(bytes).max().unwrap();
    assert!(worst <= 4096, "{worst} bytes");
    // Everybody off duty: told once, not once a rule.
    for at in (0..200).filter(|at| at % 3 != 0) {
        big.duty(&format!("rep{at}"), false);
    }
    let lead = big.lead(|l| l.region("上海"));
    let why = big.why(lead).unwrap();
    assert_eq!(why.rules.len(), 21);
    assert!(bytes(why) <= 4096, "{} bytes", bytes(why));
}

#[test]
fn a_timer_tells_its_story_in_both_languages() {
    let mut desk = Desk::new(
        "rule East\n give to team East\n respond within 30m, else reassign 1 times\nreplies from crm\notherwise wait\n",
    )
    .rep("li", |r| r.name("李雷").team("East"))
    .rep("ouyang", |r| r.name("欧阳娜娜").team("East"));
    let lead = desk.lead(|l| l.source("crm"));
    for minutes in [15, 15, 15, 15] {
        desk.wait(minutes * 60_000);
        desk.engine(Intent::Timers).unwrap();
    }
    let said = |lang| {
        let own = desk.host.events.iter().filter(|e| e.body.lead() == Some(lead));
        own.map(|e| words::history(&desk.world, e, lang)).collect::<Vec<_>>()
    };
    let (en, zh) = (said(Lang::En), said(Lang::Zh));
    assert_eq!(
        en,
        [
            "received",
            "rule “East” → 李雷",
            "reminded 李雷 (rule “East”: 30m to answer, 15m passed; reminded)",
            "recalled from 李雷 (rule “East”: 30m to answer, 30m passed; reassigned, 1 of 1)",
            "rule “East” → 欧阳娜娜",
            "reminded 欧阳娜娜 (rule “East”: 30m to answer, 15m passed; reminded)",
            "overdue with 欧阳娜娜 (rule “East”: 30m to answer, 30m passed; escalated)",
        ]
    );
    assert_eq!(zh.len(), en.len());
    assert_eq!(zh[3], "回收自 李雷 (规则「East」：应在 30m 内响应，已过 30m；转派，第 1 次（最多 1 次）)");
    let story = timers::story(&desk.world, lead, desk.now).unwrap();
    let line = words::timer_story(&desk.world, desk.row(lead).owner, &story, None, Lang::En);
    assert!(line.ends_with("escalated, nothing follows"), "{line}");
}
