//! Every answer a vendor can give, channel by channel: the right class, the right wait, nothing lost.

use leadyard::model::alert::Severity;
use leadyard::model::channel::ChannelKind;
use leadyard::model::outbox::{Stage, is_clock};
use leadyard::notify::{Turn, Verdict};

use crate::fake::{Act, Fake, Request, answer, ok, with_header};
use crate::site::{Hand, NOW, Site, channels};
use crate::table::{VENDORS, Vendor, config, fake};

/// One page through one channel that acts like this: the verdict, and the row after it.
fn one(vendor: &Vendor, acts: Vec<Act>) -> (Verdict, leadyard::model::outbox::OutboxRow, Fake) {
    let fake = fake(vendor, acts);
    let config = config(vendor, &fake.url());
    let mut site = Site::new(&format!("notify {} one on page", vendor.kind));
    site.alerts(1, Severity::Page);
    let turn = Hand::new(&site, &config, "one").turn(&site);
    let Turn::Handed { verdict, .. } = turn else { panic!("{}: {turn:?}", vendor.kind) };
    let row = site.rows().remove(0);
    (verdict, row, fake)
}

/// What was asked but for tokens.
fn messages(fake: &Fake) -> Vec<Request> {
    fake.seen().into_iter().filter(|request| !request.path.starts_with("/gettoken")).collect()
}

fn is_paid(vendor: &Vendor) -> bool {
    ChannelKind::from_word(vendor.kind).unwrap().is_sms()
}

#[test]
fn what_is_not_taken_now_waits_and_what_never_is_does_not() {
    for vendor in VENDORS {
        let kind = vendor.kind;
        let (verdict, row, _) = one(vendor, vec![answer(503, "")]);
        assert!(matches!(verdict, Verdict::Transient { written: true, .. }), "{kind}: {verdict:?}");
        assert_eq!((row.stage, row.tries), (Stage::Queued, 1), "{kind}");
        assert!(row.due_at > NOW && row.message.is_some(), "{kind}");
        let (verdict, row, fake) = one(vendor, vec![with_header(302, "location", "http://127.0.0.1:1/")]);
        assert!(matches!(verdict, Verdict::Permanent { channel: true, .. }), "{kind}: {verdict:?}");
        assert_eq!((row.stage, messages(&fake).len()), (Stage::Dead, 1), "{kind}: not followed");
    }
}

#[test]
fn a_wait_that_is_asked_for_is_kept_and_counts_as_no_try() {
    for vendor in VENDORS {
        let acts = vec![
            with_header(429, "retry-after", "2"),
            with_header(429, "retry-after", "Tue, 10 Nov 2026 02:11:00 GMT"),
            ok(vendor.good),
        ];
        let fake = fake(vendor, acts);
        let config = config(vendor, &fake.url());
        let mut site = Site::new(&format!("notify {} one on page", vendor.kind));
        site.alerts(1, Severity::Page);
        let mut hand = Hand::new(&site, &config, "one");
        let handed = hand.drive(&site, NOW.plus(600_000));
        let waits: Vec<i64> = handed.windows(2).map(|w| w[1].0.since(w[0].0)).collect();
        assert_eq!(handed.len(), 3, "{}", vendor.kind);
        assert!(waits[0] >= 2_000 && handed[2].0.since(NOW) >= 60_000, "{}: {waits:?}", vendor.kind);
        let row = &site.rows()[0];
        assert_eq!((row.stage, row.tries), (Stage::Sent, 0), "{}", vendor.kind);
    }
}

#[test]
fn silence_after_the_request_is_in_doubt_and_refused_connections_are_not() {
    for vendor in VENDORS.iter().filter(|v| ["wecom", "webhook"].contains(&v.kind)) {
        for act in [Act::Stall, Act::SlowHeaders, Act::ResetRead] {
            let (verdict, row, _) = one(vendor, vec![act.clone()]);
            assert!(matches!(verdict, Verdict::Unknown { .. }), "{} {act:?}: {verdict:?}", vendor.kind);
            assert_eq!((row.stage, row.message), (Stage::Queued, Some(row.id)), "{} {act:?}", vendor.kind);
        }
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for vendor in VENDORS {
        let config = config(vendor, &format!("http://127.0.0.1:{closed}"));
        let mut site = Site::new(&format!("notify {} one on page", vendor.kind));
        site.alerts(1, Severity::Page);
        let turn = Hand::new(&site, &config, "one").turn(&site);
        let Turn::Handed { verdict, .. } = turn else { panic!("{turn:?}") };
        assert!(matches!(verdict, Verdict::Transient { written: false, .. }), "{}: {verdict:?}", vendor.kind);
        assert_eq!(site.rows()[0].message, None, "may be merged anew");
    }
}

#[test]
fn a_reset_after_reading_is_one_repeat_under_the_same_id() {
    for vendor in VENDORS {
        let fake = fake(vendor, vec![Act::ResetRead, ok(vendor.good)]);
        let config = config(vendor, &fake.url());
        let mut site = Site::new(&format!("notify {} one on page", vendor.kind));
        site.alerts(2, Severity::Page);
        Hand::new(&site, &config, "one").drive(&site, NOW.plus(3_600_000));
        let seen = messages(&fake);
        if is_paid(vendor) {
            assert_eq!(
                (seen.len(), site.stages()),
                (1, vec![Stage::Dead; 2]),
                "{}: not in doubt",
                vendor.kind
            );
            continue;
        }
        assert_eq!(seen.len(), 2, "{}: at most one visible duplicate", vendor.kind);
        let ids = match vendor.kind {
            "webhook" => seen.iter().map(|r| r.headers["webhook-id"].clone()).collect(),
            "dingtalk" => seen.iter().map(|r| r.json()["msgUuid"].to_string()).collect(),
            _ => vec![String::new(); 2],
        };
        assert_eq!(ids[0], ids[1], "{}", vendor.kind);
        // Who cannot know a repeat by an id is told which try it is.
        let second = seen[1].text();
        assert_eq!(second.contains("第 2 次发送"), !vendor.idempotent, "{}: {second}", vendor.kind);
        assert_eq!(site.stages(), [Stage::Sent; 2]);
    }
}

#[test]
fn in_doubt_for_ever_it_is_given_up_after_one_repeat() {
    let fake = Fake::always(Act::ResetRead);
    let config = config(&VENDORS[0], &fake.url());
    let mut site = Site::new("notify wecom one on page");
    site.alerts(1, Severity::Page);
    Hand::new(&site, &config, "one").drive(&site, NOW.plus(3_600_000));
    assert_eq!((fake.seen().len(), site.stages()), (2, vec![Stage::Dead]));
}

#[test]
fn one_that_is_refused_spoils_nothing_for_the_others() {
    // A message with the third alert is not taken, whatever else is in it.
    let fake =
        Fake::start(
            |request| {
                if request.text().contains("#3") { answer(400, "") } else { ok(r#"{"errcode":0}"#) }
            },
        );
    let config = config(&VENDORS[0], &fake.url());
    let mut site = Site::new("notify wecom one on page");
    site.alerts(4, Severity::Page);
    Hand::new(&site, &config, "one").drive(&site, NOW.plus(3_600_000));
    let stages = site.stages();
    assert_eq!(stages.iter().filter(|s| **s == Stage::Sent).count(), 3, "{stages:?}");
    assert_eq!(stages.iter().filter(|s| **s == Stage::Dead).count(), 1, "{stages:?}");
    assert_eq!(fake.seen().len(), 5);
}

#[test]
fn what_pages_and_is_given_up_goes_to_the_other_channel_once() {
    let (bad, good) = (Fake::always(answer(404, "")), Fake::always(answer(200, "")));
    let text = format!(
        "[channel.one]\nkind = \"wecom\"\nkey = \"k\"\nurl = \"{}\"\nfallback = \"two\"\n\
         [channel.two]\nkind = \"webhook\"\nsecret = \"s\"\nurl = \"{}\"\n",
        bad.url(),
        good.url()
    );
    let config = channels(&text);
    let mut site = Site::new("notify wecom one on warn");
    site.alerts(1, Severity::Page);
    site.alerts(1, Severity::Warn);
    Hand::new(&site, &config, "one").drive(&site, NOW.plus(3_600_000));
    Hand::new(&site, &config, "two").drive(&site, NOW.plus(7_200_000));
    assert_eq!(good.seen().len(), 1, "what warns is not worth it");
    assert_eq!(good.seen()[0].json()["severity"], "page");
}

#[test]
fn signatures_are_what_the_vendor_works_out() {
    let fake = Fake::always(ok(r#"{"errcode":0,"code":0}"#));
    for kind in ["dingtalk", "feishu"] {
        let vendor = VENDORS.iter().find(|v| v.kind == kind).unwrap();
        let config = config(vendor, &fake.url());
        let mut site = Site::new(&format!("notify {kind} one on page"));
        site.alerts(1, Severity::Page);
        Hand::new(&site, &config, "one").turn(&site);
    }
    let seen = fake.seen();
    let secret = leadyard::notify::secret::Secret::new("SECtest".into());
    let sign = leadyard::notify::sign::percent(&leadyard::notify::sign::dingtalk(NOW.0, &secret));
    assert_eq!(seen[0].path, format!("/?access_token=t&timestamp={}&sign={sign}", NOW.0));
    let secret = leadyard::notify::secret::Secret::new("demo".into());
    assert_eq!(seen[1].path, "/t");
    assert_eq!(seen[1].json()["timestamp"], (NOW.0 / 1000).to_string());
    assert_eq!(seen[1].json()["sign"], leadyard::notify::sign::feishu(NOW.0 / 1000, &secret));
}

/// A channel with a fallback to a hook, and what became of a page and a warning within a minute.
fn beside(first: &str, pages: usize) -> (Vec<Stage>, Vec<Request>) {
    let good = Fake::always(answer(200, ""));
    let text = format!(
        "[channel.one]\n{first}\nfallback = \"two\"\n[channel.two]\nkind = \"webhook\"\nsecret = \"s\"\nurl = \"{}\"\n",
        good.url()
    );
    let config = channels(&text);
    let kind = config.named("one").unwrap().kind;
    let topic = if kind.is_sms() { "page" } else { "warn" };
    let mut site = Site::new(&format!("notify {} one on {topic}", kind.word()));
    let mut hand = Hand::new(&site, &config, "one");
    for _ in 0..pages {
        site.alerts(1, Severity::Page);
        hand.drive(&site, site.now().plus(10_000));
    }
    site.alerts(1, Severity::Warn);
    hand.drive(&site, NOW.plus(60_000));
    Hand::new(&site, &config, "two").drive(&site, NOW.plus(120_000));
    let one = site.rows().into_iter().filter(|row| row.channel == "one");
    (one.map(|row| row.stage).collect(), good.seen())
}

/// Ten minutes' silence of a robot, or the day's last text message: what pages does not wait for it.
#[test]
fn what_pages_goes_by_the_fallback_when_it_would_wait_long() {
    let limited = Fake::always(ok(r#"{"errcode":130101}"#));
    let robot = format!("kind = \"dingtalk\"\ntoken = \"t\"\nurl = \"{}\"", limited.url());
    let (stages, seen) = beside(&robot, 1);
    assert_eq!(stages, [Stage::Dead, Stage::Queued], "what warns waits");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].json()["severity"], "page");
    let taken = Fake::always(answer(201, r#"{"sid":"SM1"}"#));
    let sms = format!(
        "kind = \"twilio\"\naccount = \"AC1\"\ntoken = \"t\"\nfrom = \"+1\"\nto = [\"+2\"]\nper_day = 1\nurl = \"{}\"",
        taken.url()
    );
    let (stages, seen) = beside(&sms, 2);
    assert_eq!((stages, seen.len(), taken.seen().len()), (vec![Stage::Sent, Stage::Dead], 1, 1));
}

/// One message to several phones, answered number by number.
fn texted(answers: &'static [(u16, &'static str)]) -> (Verdict, usize) {
    let mut at = 0;
    let fake = Fake::start(move |_| {
        let (status, body) = answers[at];
        at += 1;
        if status == 0 { Act::ResetRead } else { answer(status, body) }
    });
    let text = format!(
        "[channel.one]\nkind = \"twilio\"\naccount = \"AC1\"\ntoken = \"t\"\nfrom = \"MG1\"\ntimeout_s = 1\n\
         to = [\"+8613800138001\", \"+8613800138002\", \"+8613800138003\"]\nurl = \"{}\"\n",
        fake.url()
    );
    let config = channels(&text);
    let mut site = Site::new("notify twilio one on page");
    site.alerts(1, Severity::Page);
    let turn = Hand::new(&site, &config, "one").turn(&site);
    let Turn::Handed { verdict, .. } = turn else { panic!("{turn:?}") };
    assert!(
        fake.seen()
            .iter()
            .enumerate()
            .all(|(n, r)| r.text().contains(&format!("To=%2B861380013800{}", n + 1)))
    );
    (verdict, fake.seen().len())
}

#[test]
fn one_phone_that_cannot_be_reached_keeps_nobody_else_from_a_text_message() {
    const SENT: (u16, &str) = (201, r#"{"sid":"SM1"}"#);
    const GONE: (u16, &str) = (400, r#"{"code":21610}"#);
    let vendor = |text: &str| Verdict::Delivered { vendor: text.into() };
    assert_eq!(texted(&[SENT, SENT, SENT]), (vendor("SM1"), 3));
    assert_eq!(texted(&[GONE, SENT, SENT]), (vendor("SM1; not recipient 1"), 3));
    // In doubt: not again, and the others still get theirs.
    assert_eq!(texted(&[SENT, (0, ""), SENT]), (vendor("SM1; not recipient 2"), 3));
    // The account: the rest would fare no better, and who has it must not get it twice.
    assert_eq!(texted(&[SENT, (503, "")]), (vendor("SM1; not recipient 2, 3"), 2));
    let (verdict, asked) = texted(&[(0, ""), (503, "")]);
    assert!(matches!(verdict, Verdict::Unknown { .. }) && asked == 2, "{verdict:?}");
    let (verdict, asked) = texted(&[(503, "")]);
    assert!(matches!(verdict, Verdict::Transient { .. }) && asked == 1, "{verdict:?}");
    let (verdict, asked) = texted(&[GONE, GONE, GONE]);
    assert!(matches!(verdict, Verdict::Permanent { channel: false, .. }) && asked == 3, "{verdict:?}");
}

/// Numbers of one request: one that took it is enough, and one that may be tried again is.
#[test]
fn results_number_by_number_are_summed_up() {
    let tencent = VENDORS.iter().find(|v| v.kind == "tencent-sms").unwrap();
    let of =
        |codes: &str| one(tencent, vec![ok(&format!(r#"{{"Response":{{"SendStatusSet":[{codes}]}}}}"#))]).0;
    let both = of(
        r#"{"Code":"FailedOperation.PhoneNumberInBlacklist"},{"Code":"LimitExceeded.PhoneNumberDailyLimit"}"#,
    );
    assert!(matches!(both, Verdict::Throttled { .. }), "{both:?}");
    let one_of =
        of(r#"{"Code":"LimitExceeded.PhoneNumberDailyLimit"},{"Code":"Ok","SerialNo":"s\u001b[2J"}"#);
    assert_eq!(one_of, Verdict::Delivered { vendor: "s[2J; 1 refused".into() });
}

/// Signed by a clock two hours off: the whole way, and it is the clock that is told of, in the outbox and by its word.
#[test]
fn a_wrong_clock_is_told_as_one_and_not_as_a_wrong_secret() {
    let before = "Tue, 10 Nov 2026 00:10:00 GMT";
    let after = "Tue, 10 Nov 2026 04:10:00 GMT";
    let answers = [
        ("dingtalk", 200, r#"{"errcode":310000}"#),
        ("feishu", 200, r#"{"code":19021}"#),
        ("webhook", 401, ""),
    ];
    for (kind, status, body) in answers {
        let vendor = VENDORS.iter().find(|v| v.kind == kind).unwrap();
        for (date, side) in [(before, "ahead of"), (after, "behind")] {
            let act = Act::Answer {
                status,
                headers: vec![("date", date.to_owned())],
                body: body.as_bytes().to_vec(),
            };
            let (verdict, row, _) = one(vendor, vec![act]);
            assert!(matches!(verdict, Verdict::Permanent { channel: true, .. }), "{kind}: {verdict:?}");
            assert_eq!(row.stage, Stage::Dead, "{kind}");
            assert!(is_clock(&row.last_error), "{kind}: {}", row.last_error);
            assert!(row.last_error.contains(&format!("120 min {side} theirs")), "{kind}: {}", row.last_error);
            assert!(row.last_error.contains("set it (NTP)"), "{kind}: {}", row.last_error);
        }
    }
}
