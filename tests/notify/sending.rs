//! From an event to a message: what is written, merged, corrected, sent again after a crash, and never sent by two.

use leadyard::engine::Intent;
use leadyard::model::alert::Severity;
use leadyard::model::outbox::{LeadWhy, Stage, Told};
use leadyard::notify::courier::Claim;
use leadyard::notify::{Turn, Verdict};

use crate::fake::{Fake, answer, ok};
use crate::site::{Hand, NOW, Site, channels};

const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

fn wecom(fake: &Fake, more: &str) -> leadyard::notify::Channels {
    channels(&format!("[channel.group]\nkind = \"wecom\"\nkey = \"k-1\"\nurl = \"{}\"\n{more}", fake.url()))
}

fn content(fake: &Fake, at: usize) -> String {
    fake.seen()[at].json()["text"]["content"].as_str().unwrap().to_owned()
}

#[test]
fn a_rep_is_told_of_a_lead_with_masked_contact_and_limit() {
    let fake = Fake::always(ok(OK));
    let channels =
        wecom(&fake, "[people.lina]\nwecom = \"LiNa\"\n[people.obrien]\nphone = \"+8613900139000\"\n");
    let mut site = Site::new("notify wecom group on assigned");
    let lead = site.lead("欧阳娜娜", "<@all> 阿里 @所有人");
    assert_eq!(site.stages(), [Stage::Queued]);
    Hand::new(&site, &channels, "group").drive(&site, NOW);
    let (said, request) = (content(&fake, 0), fake.seen()[0].clone());
    assert_eq!(request.path, "/?key=k-1");
    let rep = if said.contains("李娜") { "李娜" } else { "O'Brien" };
    assert!(said.starts_with(&format!("{rep}：线索 {lead} 已分给你\n")), "{said}");
    assert!(
        said.contains("欧** 138****8000")
            && said.contains("30m")
            && said.contains("10:40")
            && said.contains("＜＠all＞ 阿里 ＠所有人"),
        "{said}"
    );
    assert!(!said.contains("13800138000") && !said.contains("娜娜"), "{said}");
    let text = &request.json()["text"];
    if rep == "李娜" {
        assert_eq!(text["mentioned_list"], serde_json::json!(["LiNa"]));
    } else {
        assert_eq!(text["mentioned_mobile_list"], serde_json::json!(["13900139000"]));
    }
    assert_eq!(site.stages(), [Stage::Sent]);
}

#[test]
fn nothing_is_written_without_a_line_of_the_book() {
    let mut site = Site::new("");
    site.lead("a", "b");
    site.alerts(3, Severity::Page);
    assert_eq!(site.rows(), []);
}

#[test]
fn what_came_in_a_burst_goes_as_one_and_what_pages_goes_first() {
    let fake = Fake::always(ok(OK));
    let channels = wecom(&fake, "");
    let mut site = Site::new("notify wecom group on warn");
    site.alerts(7, Severity::Warn);
    site.alerts(2, Severity::Page);
    site.alerts(1, Severity::Info);
    assert_eq!(site.rows().len(), 9, "nobody asked for info");
    let handed = Hand::new(&site, &channels, "group").drive(&site, NOW.plus(60_000));
    assert_eq!(fake.seen().len(), 2);
    assert!(content(&fake, 0).starts_with("【呼叫】Leadyard · 2 条通知"), "{}", content(&fake, 0));
    let second = content(&fake, 1);
    assert!(second.starts_with("【警告】Leadyard · 7 条通知"), "{second}");
    assert!(second.contains("其余 2 条见控制台"), "{second}");
    assert!(second.contains("#1 #2 #3 #4 #5 #6 #7"), "ids are never cut: {second}");
    assert!(handed[1].0.since(handed[0].0) >= 3_000, "spacing");
}

#[test]
fn who_was_told_is_corrected_and_who_was_not_is_not_bothered() {
    let fake = Fake::always(ok(OK));
    let channels = wecom(&fake, "");
    let mut site = Site::new("notify wecom group on assigned");
    let batch = {
        site.lead("a", "Acme");
        site.desk.store().batches(None, 1).unwrap()[0].id
    };
    let mut hand = Hand::new(&site, &channels, "group");
    hand.drive(&site, NOW);
    // Told, then undone: told better.
    site.ask(Intent::Undo { batch });
    let rows = site.rows();
    let whys: Vec<_> = rows
        .iter()
        .map(|r| match &r.told {
            Told::Lead(n) => n.why,
            _ => panic!(),
        })
        .collect();
    assert_eq!(whys, [LeadWhy::Given, LeadWhy::Undone]);
    hand.drive(&site, NOW.plus(10_000));
    assert!(content(&fake, 1).contains("更正"), "{}", content(&fake, 1));
    // Not told yet, then moved on: only the last owner hears of it, and nobody of what is no longer so.
    let lead = site.lead("b", "Beta");
    let owner = site.desk.world().lead(lead).unwrap().owner.unwrap();
    let other = site.desk.world().reps().iter().find(|r| r.id != owner).unwrap().id;
    let to = leadyard::engine::To::Rep(other);
    site.ask(Intent::Place { leads: vec![lead], to, reason: "x".into(), force: false, turn: false });
    let before = fake.seen().len();
    hand.drive(&site, site.now().plus(10_000));
    let said: Vec<String> = (before..fake.seen().len()).map(|at| content(&fake, at)).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(site.rows().iter().any(|row| row.stage == Stage::Dropped && row.last_error == "no longer so"));
}

#[test]
fn a_lead_that_closed_before_anybody_was_told_is_not_told() {
    let fake = Fake::always(ok(OK));
    let channels = wecom(&fake, "");
    let mut site = Site::new("notify wecom group on assigned");
    let lead = site.lead("a", "Acme");
    let items = vec![leadyard::engine::Progress {
        lead,
        to: leadyard::model::lead::LeadState::Invalid,
        happened_at: None,
    }];
    site.ask(Intent::Progress { items, note: "".into() });
    assert_eq!(Hand::new(&site, &channels, "group").drive(&site, NOW), []);
    assert_eq!((site.stages(), fake.seen().len()), (vec![Stage::Dropped], 0));
}

/// A worker that dies between claim and answer: the next one sends the very same message.
#[test]
fn killed_between_claim_and_answer_it_goes_again_under_the_same_id() {
    let fake = Fake::always(answer(204, ""));
    let text = format!(
        "[channel.hook]\nkind = \"webhook\"\nurl = \"{}\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
        fake.url()
    );
    let channels = channels(&text);
    let mut site = Site::new("notify webhook hook on page");
    site.alerts(3, Severity::Page);
    let mut hand = Hand::new(&site, &channels, "hook");
    let world = site.world();
    let claim = hand.courier.claim(&mut hand.store.lock().unwrap(), &world, NOW, site.epoch).unwrap();
    let Claim::Parcel(parcel) = claim else { panic!("{claim:?}") };
    // It hands the message over and dies before it can note the answer.
    let letter = hand.courier.write(&parcel, &world, &Default::default(), NOW);
    let sent = hand.runtime.block_on(hand.courier.hand_over(&parcel, &letter, NOW));
    assert!(matches!(sent, Verdict::Delivered { .. }));
    drop(hand);
    assert_eq!(site.stages(), [Stage::Claimed; 3]);
    // More comes meanwhile; then another leads.
    site.alerts(2, Severity::Page);
    site.epoch = site.take_lead("second");
    Hand::new(&site, &channels, "hook").drive(&site, NOW.plus(60_000));
    let ids: Vec<String> = fake.seen().iter().map(|r| r.headers["webhook-id"].clone()).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[0], ids[1], "the same message under the same id");
    assert_eq!(fake.seen()[0].json()["notices"], fake.seen()[1].json()["notices"]);
    assert_ne!(ids[1], ids[2]);
    assert!(site.stages().iter().all(|stage| *stage == Stage::Sent));
}

/// A text message may have been sent when its sender died, and is paid for: not again. What pages goes by the fallback.
#[test]
fn a_text_message_whose_sender_died_is_not_sent_twice() {
    let (sms, hook) = (Fake::always(answer(201, r#"{"sid":"SM1"}"#)), Fake::always(answer(204, "")));
    let text = format!(
        "[channel.pager]\nkind = \"twilio\"\naccount = \"AC1\"\ntoken = \"t\"\nfrom = \"+1\"\nto = [\"+2\"]\nurl = \"{}\"\nfallback = \"hook\"\n\
         [channel.hook]\nkind = \"webhook\"\nurl = \"{}\"\nsecret = \"s\"\n",
        sms.url(),
        hook.url()
    );
    let channels = channels(&text);
    let mut site = Site::new("notify twilio pager on page");
    site.alerts(2, Severity::Page);
    let mut hand = Hand::new(&site, &channels, "pager");
    let world = site.world();
    let claim = hand.courier.claim(&mut hand.store.lock().unwrap(), &world, NOW, site.epoch).unwrap();
    let Claim::Parcel(parcel) = claim else { panic!("{claim:?}") };
    let letter = hand.courier.write(&parcel, &world, &Default::default(), NOW);
    let _ = hand.runtime.block_on(hand.courier.hand_over(&parcel, &letter, NOW));
    drop(hand);
    site.epoch = site.take_lead("second");
    Hand::new(&site, &channels, "pager").drive(&site, NOW.plus(60_000));
    Hand::new(&site, &channels, "hook").drive(&site, NOW.plus(120_000));
    assert_eq!((sms.seen().len(), hook.seen().len()), (1, 1));
    let rows = site.rows();
    let given_up: Vec<_> = rows.iter().filter(|row| row.channel == "pager").collect();
    assert!(given_up.iter().all(|row| row.stage == Stage::Dead && row.last_error.contains("not sent twice")));
}

/// Who is meant anyway is not named twice, and a crowd leaves room for the text.
#[test]
fn nobody_is_mentioned_twice_and_a_crowd_does_not_push_the_text_out() {
    let fake = Fake::always(ok(r#"{"code":0}"#));
    let crowd: Vec<String> = (0..400).map(|n| format!("\"p{n}\"")).collect();
    let people: String =
        (0..400).map(|n| format!("[people.p{n}]\nfeishu = \"ou_{n:0>40}\"\n")).collect::<String>();
    let text = format!(
        "[channel.group]\nkind = \"feishu\"\ntoken = \"t\"\nurl = \"{}\"\nmention = [\"p7\", {}, \"p7\"]\n{people}",
        fake.url(),
        crowd.join(", ")
    );
    let channels = channels(&text);
    let mut site = Site::new("notify feishu group on page");
    site.alerts(1, Severity::Page);
    Hand::new(&site, &channels, "group").drive(&site, NOW);
    let said = fake.seen()[0].json()["content"]["text"].as_str().unwrap().to_owned();
    assert!(said.contains("线索遗漏") && said.len() < 9_000, "{} {said}", said.len());
    assert_eq!(said.matches(&format!("ou_{:0>40}", 7)).count(), 1, "{said}");
    assert!((20..=50).contains(&said.matches("<at ").count()), "{said}");
}

#[test]
fn who_no_longer_leads_claims_nothing_and_notes_nothing() {
    let fake = Fake::always(ok(OK));
    let channels = wecom(&fake, "");
    let mut site = Site::new("notify wecom group on warn");
    site.alerts(1, Severity::Warn);
    let mut old = Hand::new(&site, &channels, "group");
    let world = site.world();
    let claim = old.courier.claim(&mut old.store.lock().unwrap(), &world, NOW, site.epoch).unwrap();
    let Claim::Parcel(parcel) = claim else { panic!("{claim:?}") };
    let epoch = site.epoch;
    site.epoch = site.take_lead("second");
    let noted = old.courier.note(&mut old.store.lock().unwrap(), &parcel, &Verdict::delivered(), NOW, epoch);
    assert!(!noted.unwrap());
    assert_eq!(site.stages(), [Stage::Claimed]);
    site.alerts(1, Severity::Warn);
    site.clock.turn_to(NOW.plus(5_000));
    assert_eq!(old.turn(&site), Turn::NotLeading);
    assert_eq!(fake.seen().len(), 0);
}

#[test]
fn a_message_to_one_person_holds_only_theirs_in_their_language() {
    let fake = Fake::in_turn(vec![
        ok(r#"{"errcode":0,"access_token":"t-1","expires_in":7200}"#),
        ok(r#"{"errcode":0,"msgid":"m"}"#),
    ]);
    let text = format!(
        "[channel.app]\nkind = \"wecom-app\"\ncorp = \"c\"\nagent = 7\nsecret = \"s\"\nurl = \"{}\"\nto = [\"boss\"]\n\
         [people.lina]\nwecom = \"lina1\"\nlang = \"zh\"\n[people.obrien]\nwecom = \"ob1\"\nlang = \"en\"\n",
        fake.url()
    );
    let channels = channels(&text);
    let mut site = Site::new("notify wecom-app app on assigned");
    for n in 0..4 {
        site.lead("a", &format!("Firm {n}"));
    }
    Hand::new(&site, &channels, "app").drive(&site, NOW.plus(60_000));
    let seen = fake.seen();
    assert_eq!(seen.len(), 3, "one token, two messages");
    assert!(seen[0].path.starts_with("/gettoken?corpid=c&corpsecret=s"));
    for request in &seen[1..] {
        let body = request.json();
        let said = body["text"]["content"].as_str().unwrap();
        let wants = if body["touser"] == "lina1" { "条通知" } else { "notices" };
        assert!(said.contains(wants) && said.lines().count() == 4, "{said}");
        assert_eq!(body["enable_duplicate_check"], 1);
    }
    assert_ne!(seen[1].json()["touser"], seen[2].json()["touser"]);
}

#[test]
fn a_person_without_an_address_is_said_and_blocks_nobody() {
    let fake = Fake::in_turn(vec![ok(r#"{"errcode":0,"access_token":"t","expires_in":7200}"#), ok(OK)]);
    let text = format!(
        "[channel.app]\nkind = \"wecom-app\"\ncorp = \"c\"\nagent = 7\nsecret = \"s\"\nurl = \"{}\"\n\
         [people.obrien]\nwecom = \"ob1\"\n",
        fake.url()
    );
    let channels = channels(&text);
    let mut site = Site::new("notify wecom-app app on assigned");
    site.lead("a", "A");
    site.lead("b", "B");
    Hand::new(&site, &channels, "app").drive(&site, NOW.plus(60_000));
    let rows = site.rows();
    let lost = rows.iter().find(|row| row.receiver == "lina").unwrap();
    assert_eq!(lost.stage, Stage::Dead);
    assert!(lost.last_error.contains("lina has no address"), "{}", lost.last_error);
    assert_eq!(rows.iter().find(|row| row.receiver == "obrien").unwrap().stage, Stage::Sent);
}

#[test]
fn a_digest_keeps_away_from_full_hours() {
    use leadyard::engine::AlertStep;
    use leadyard::model::actor::{Actor, ENGINE, Role};
    use leadyard::model::alert::{Notice, NoticeWhy};
    let fake = Fake::always(ok(OK));
    let channels = wecom(&fake, "");
    let mut site = Site::new("notify wecom group on digest");
    // 11:00 sharp.
    site.clock.turn_to(NOW.plus(50 * 60_000));
    let (why, severity) = (NoticeWhy::Digest, Severity::Warn);
    let notice = Notice { group: None, why, severity, firing: 0, resolved: 4, keys: Vec::new() };
    let steps = vec![AlertStep::Notice(Box::new(notice))];
    site.ask_as(Actor { name: ENGINE.into(), role: Role::Engine, console: 0 }, Intent::Watch { steps });
    let eleven = site.now();
    let handed = Hand::new(&site, &channels, "group").drive(&site, eleven.plus(20 * 60_000));
    let late = handed[0].0.since(eleven);
    assert!((7 * 60_000..9 * 60_000).contains(&late), "{late}");
    assert!(content(&fake, 0).contains("期间另有 4 条"), "{}", content(&fake, 0));
}

#[test]
fn what_is_retried_or_dropped_by_hand_says_who_did_it() {
    use leadyard::store::ByHand;
    let fake = Fake::in_turn(vec![answer(404, "")]);
    let channels = wecom(&fake, "");
    let mut site = Site::new("notify wecom group on warn");
    site.alerts(1, Severity::Warn);
    let mut hand = Hand::new(&site, &channels, "group");
    hand.turn(&site);
    let row = &site.rows()[0];
    assert_eq!((row.stage, row.last_error.as_str()), (Stage::Dead, "HTTP 404"));
    let mut store = site.store();
    // What the watch is told, for its alert of notices that do not get out.
    let state = |store: &leadyard::store::Store| store.outbox_state().unwrap();
    assert_eq!((state(&store).oldest, state(&store).given_up), (None, 1));
    let mut txn = store.begin().unwrap();
    assert!(txn.by_hand(row.id, ByHand::Retry, "王芳", NOW.plus(1)).unwrap());
    txn.unblock_channel_of(row.id).unwrap();
    txn.commit_upkeep().unwrap();
    let again = &site.rows()[0];
    assert_eq!((again.stage, again.handled_by.as_str(), again.tries), (Stage::Queued, "王芳", 0));
    assert_eq!((state(&store).oldest, state(&store).given_up), (Some(again.created_at), 0));
    site.clock.turn_to(NOW.plus(5_000));
    assert!(
        matches!(hand.turn(&site), Turn::Handed { .. }),
        "nothing waits for the rest of a blocked channel"
    );
    let mut txn = store.begin().unwrap();
    assert!(txn.by_hand(row.id, ByHand::Drop, "王芳", NOW.plus(2)).unwrap());
    txn.commit_upkeep().unwrap();
    assert_eq!(site.stages(), [Stage::Dropped]);
    assert_eq!((state(&store).oldest, state(&store).given_up), (None, 0));
}

#[test]
fn old_rows_are_removed_and_young_ones_are_not() {
    let fake = Fake::always(ok(OK));
    let channels = wecom(&fake, "");
    let mut site = Site::new("notify wecom group on warn");
    site.alerts(2, Severity::Warn);
    Hand::new(&site, &channels, "group").drive(&site, NOW);
    site.clock.turn_to(NOW.plus(3 * 86_400_000));
    site.alerts(1, Severity::Warn);
    let mut store = site.store();
    let mut prune = |days: i64| {
        let mut txn = store.begin().unwrap();
        let gone = txn.prune_outbox(NOW.plus(days * 86_400_000)).unwrap();
        txn.commit_upkeep().unwrap();
        gone
    };
    assert_eq!((prune(6), prune(8)), (0, 2));
    assert_eq!(site.stages(), [Stage::Queued]);
}

#[test]
fn a_test_goes_the_real_path_and_counts() {
    use leadyard::model::channel::{ChannelKind, Topic};
    use leadyard::model::outbox::{NoticeId, OutboxRow};
    let fake = Fake::always(ok(OK));
    let channels = wecom(&fake, "keyword = \"线索台\"\n");
    let site = Site::new("");
    let hand = Hand::new(&site, &channels, "group");
    let row = OutboxRow {
        id: NoticeId(9),
        kind: ChannelKind::Wecom,
        channel: "group".into(),
        topic: Topic::Info,
        severity: Severity::Info,
        receiver: "".into(),
        told: Told::Test { by: "王芳".into() },
        cause: leadyard::model::id::Seq(0),
        created_at: NOW,
        due_at: NOW,
        stage: Stage::Queued,
        tries: 0,
        last_error: "".into(),
        alone: true,
        message: None,
        sent_at: None,
        handled_by: "".into(),
    };
    let world = site.world();
    let sent = hand.runtime.block_on(hand.courier.test(&hand.store, &world, row.clone(), NOW)).unwrap();
    assert_eq!(sent, Ok(Verdict::delivered()));
    assert!(content(&fake, 0).contains("线索台") && content(&fake, 0).contains("王芳 正在测试"));
    // A second one at once must wait for the spacing.
    let again = hand.runtime.block_on(hand.courier.test(&hand.store, &world, row, NOW)).unwrap();
    assert_eq!(again, Err(3_000));
    assert_eq!(fake.seen().len(), 1);
}

#[test]
fn what_waited_longer_than_a_day_is_news_no_more() {
    let fake = Fake::always(ok(OK));
    let channels = wecom(&fake, "");
    let mut site = Site::new("notify wecom group on warn");
    site.alerts(2, Severity::Page);
    site.clock.turn_to(NOW.plus(25 * 3_600_000));
    site.alerts(1, Severity::Page);
    let now = site.now();
    Hand::new(&site, &channels, "group").drive(&site, now);
    assert_eq!(site.stages(), [Stage::Dead, Stage::Dead, Stage::Sent]);
    assert_eq!(fake.seen().len(), 1);
}

#[test]
fn who_gets_a_lead_back_by_an_undo_is_told_so() {
    let fake = Fake::always(ok(OK));
    let channels = wecom(&fake, "");
    let mut site = Site::new("notify wecom group on assigned");
    let lead = site.lead("a", "Acme");
    let owner = site.desk.world().lead(lead).unwrap().owner.unwrap();
    let other = site.desk.world().reps().iter().find(|r| r.id != owner).unwrap().id;
    let mut hand = Hand::new(&site, &channels, "group");
    hand.drive(&site, NOW);
    let to = leadyard::engine::To::Rep(other);
    let moved =
        site.ask(Intent::Place { leads: vec![lead], to, reason: "x".into(), force: true, turn: false });
    hand.drive(&site, NOW.plus(20_000));
    site.ask(Intent::Undo { batch: moved.batch.unwrap() });
    hand.drive(&site, NOW.plus(40_000));
    let world = site.world();
    let told: Vec<(bool, LeadWhy)> = site
        .rows()
        .iter()
        .map(|row| match &row.told {
            Told::Lead(news) => (news.rep == owner, news.why),
            other => panic!("{other:?}"),
        })
        .collect();
    let is_back = world.lead(lead).unwrap().owner == Some(owner);
    assert!(is_back, "{:?}", world.lead(lead));
    for want in
        [(true, LeadWhy::Given), (true, LeadWhy::Moved), (false, LeadWhy::Given), (false, LeadWhy::Undone)]
    {
        assert!(told.contains(&want), "{want:?} in {told:?}");
    }
    assert_eq!(told.iter().filter(|one| **one == (true, LeadWhy::Given)).count(), 2, "{told:?}");
    assert!(site.stages().iter().all(|stage| *stage == Stage::Sent));
}

/// The worker's world hears of a commit a moment after the row is there: what it does not know it must not drop.
#[test]
fn what_the_world_has_not_heard_of_waits_for_it() {
    let fake = Fake::always(ok(OK));
    let channels = wecom(&fake, "");
    let mut site = Site::new("notify wecom group on assigned");
    let before = site.world();
    site.lead("a", "Acme");
    let mut hand = Hand::new(&site, &channels, "group");
    let claim = hand.courier.claim(&mut hand.store.lock().unwrap(), &before, NOW, site.epoch).unwrap();
    assert!(matches!(claim, Claim::Nothing(Turn::Waits { .. })), "{claim:?}");
    assert_eq!(site.stages(), [Stage::Queued]);
    assert!(matches!(hand.turn(&site), Turn::Handed { .. }));
}

/// A notice is written with its cause or not at all.
#[test]
fn a_crash_before_the_commit_leaves_neither_lead_nor_notice() {
    let mut site = Site::new("notify wecom group on assigned");
    let seq = site.desk.world().seq();
    let mut left = 1;
    site.desk.plant(Box::new(move |at| at == "before commit" && std::mem::take(&mut left) == 1));
    assert!(site.try_lead("a", "Acme").is_err());
    assert_eq!((site.rows(), site.store().last_seq().unwrap()), (vec![], seq));
    site.try_lead("a", "Acme").unwrap();
    assert_eq!(site.stages(), [Stage::Queued]);
}
