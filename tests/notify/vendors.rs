//! Every answer a vendor can give, channel by channel: the right class, the right wait, nothing lost.

use leadyard::model::alert::Severity;
use leadyard::model::outbox::Stage;
use leadyard::notify::{Turn, Verdict};

use crate::fake::{Act, Fake, answer, ok, with_header};
use crate::site::{Hand, NOW, Site, channels};

/// A channel's configuration at an address, and what success looks like there.
struct Vendor {
    kind: &'static str,
    rest: &'static str,
    good: &'static str,
    /// Its success is in the body, not in the status.
    tells_in_body: bool,
    idempotent: bool,
}

const VENDORS: &[Vendor] = &[
    Vendor {
        kind: "wecom",
        rest: "key = \"k\"",
        good: r#"{"errcode":0}"#,
        tells_in_body: true,
        idempotent: false,
    },
    Vendor {
        kind: "dingtalk",
        rest: "token = \"t\"\nsecret = \"SECtest\"",
        good: r#"{"errcode":0}"#,
        tells_in_body: true,
        idempotent: true,
    },
    Vendor {
        kind: "feishu",
        rest: "token = \"t\"\nsecret = \"demo\"",
        good: r#"{"code":0}"#,
        tells_in_body: true,
        idempotent: false,
    },
    Vendor { kind: "webhook", rest: "secret = \"s\"", good: "", tells_in_body: false, idempotent: true },
    Vendor { kind: "slack", rest: "", good: "ok", tells_in_body: false, idempotent: false },
    Vendor { kind: "teams", rest: "", good: "", tells_in_body: false, idempotent: false },
    Vendor { kind: "ntfy", rest: "topic = \"t\"", good: "{}", tells_in_body: false, idempotent: false },
    Vendor {
        kind: "bark",
        rest: "key = \"k\"",
        good: r#"{"code":200}"#,
        tells_in_body: true,
        idempotent: false,
    },
    Vendor { kind: "gotify", rest: "token = \"t\"", good: "{}", tells_in_body: false, idempotent: false },
];

fn config(vendor: &Vendor, url: &str) -> leadyard::notify::Channels {
    let Vendor { kind, rest, .. } = vendor;
    channels(&format!("[channel.one]\nkind = \"{kind}\"\nurl = \"{url}\"\ntimeout_s = 1\n{rest}\n"))
}

/// One page through one channel that acts like this: the verdict, and the row after it.
fn one(vendor: &Vendor, acts: Vec<Act>) -> (Verdict, leadyard::model::outbox::OutboxRow, Fake) {
    let fake = Fake::in_turn(acts);
    let config = config(vendor, &fake.url());
    let mut site = Site::new(&format!("notify {} one on page", vendor.kind));
    site.alerts(1, Severity::Page);
    let turn = Hand::new(&site, &config, "one").turn(&site);
    let Turn::Handed { verdict, .. } = turn else { panic!("{}: {turn:?}", vendor.kind) };
    let row = site.rows().remove(0);
    (verdict, row, fake)
}

#[test]
fn success_is_what_the_vendor_calls_success() {
    for vendor in VENDORS {
        let (verdict, row, fake) = one(vendor, vec![ok(vendor.good)]);
        assert!(matches!(verdict, Verdict::Delivered { .. }), "{}: {verdict:?}", vendor.kind);
        assert_eq!((row.stage, fake.seen().len()), (Stage::Sent, 1), "{}", vendor.kind);
    }
}

#[test]
fn statuses_mean_the_same_everywhere() {
    for vendor in VENDORS {
        let kind = vendor.kind;
        for status in [500, 502, 503] {
            let (verdict, row, _) = one(vendor, vec![answer(status, "")]);
            assert!(
                matches!(verdict, Verdict::Transient { written: true, .. }),
                "{kind} {status}: {verdict:?}"
            );
            assert_eq!((row.stage, row.tries), (Stage::Queued, 1), "{kind} {status}");
            assert!(row.due_at > NOW && row.message.is_some(), "{kind} {status}");
        }
        for status in [401, 403, 404, 410] {
            let (verdict, row, _) = one(vendor, vec![answer(status, "")]);
            assert!(
                matches!(verdict, Verdict::Permanent { channel: true, .. }),
                "{kind} {status}: {verdict:?}"
            );
            assert_eq!(row.stage, Stage::Dead, "{kind} {status}");
        }
        let (verdict, row, fake) = one(vendor, vec![with_header(302, "location", "http://127.0.0.1:1/")]);
        assert!(matches!(verdict, Verdict::Permanent { .. }), "{kind}: {verdict:?}");
        assert_eq!((row.stage, fake.seen().len()), (Stage::Dead, 1), "{kind}: not followed");
    }
}

#[test]
fn a_wait_that_is_asked_for_is_kept_and_counts_as_no_try() {
    for vendor in VENDORS {
        let fake = Fake::in_turn(vec![
            with_header(429, "retry-after", "2"),
            with_header(429, "retry-after", "Tue, 10 Nov 2026 02:11:00 GMT"),
            ok(vendor.good),
        ]);
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
fn codes_in_a_good_answer_decide() {
    let of = |kind: &str| VENDORS.iter().find(|v| v.kind == kind).unwrap();
    let verdict = |kind: &str, body: &str| one(of(kind), vec![ok(body)]).0;
    let waits = |verdict: Verdict| match verdict {
        Verdict::Throttled { wait_ms, .. } => wait_ms,
        other => panic!("{other:?}"),
    };
    assert!(waits(verdict("wecom", r#"{"errcode":45009}"#)) >= 60_000);
    assert_eq!(waits(verdict("dingtalk", r#"{"errcode":130101,"errmsg":"send too fast"}"#)), 600_000);
    assert_eq!(waits(verdict("feishu", r#"{"code":11232}"#)), 60_000);
    for (kind, body) in
        [("wecom", r#"{"errcode":-1}"#), ("dingtalk", r#"{"errcode":-1}"#), ("feishu", r#"{"code":2200}"#)]
    {
        assert!(matches!(verdict(kind, body), Verdict::Transient { .. }), "{kind}");
    }
    for (kind, body) in [
        ("wecom", r#"{"errcode":93000}"#),
        ("dingtalk", r#"{"errcode":310000,"errmsg":"sign not match"}"#),
        ("feishu", r#"{"code":19021}"#),
        ("feishu", r#"{"code":19024}"#),
    ] {
        assert!(matches!(verdict(kind, body), Verdict::Permanent { channel: true, .. }), "{kind} {body}");
    }
    assert!(matches!(verdict("feishu", r#"{"code":9499}"#), Verdict::Permanent { channel: false, .. }));
    assert!(matches!(verdict("bark", r#"{"code":400}"#), Verdict::Permanent { channel: false, .. }));
}

#[test]
fn an_answer_that_cannot_be_read_is_no_success_where_the_body_decides() {
    let big = Act::Answer { status: 200, headers: Vec::new(), body: vec![b' '; 5 << 20] };
    for vendor in VENDORS {
        for act in [ok("<html>"), ok(""), big.clone()] {
            let (verdict, ..) = one(vendor, vec![act]);
            let want_unknown = vendor.tells_in_body;
            assert_eq!(
                matches!(verdict, Verdict::Unknown { .. }),
                want_unknown,
                "{}: {verdict:?}",
                vendor.kind
            );
        }
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
fn half_a_body_is_in_doubt_where_the_body_decides() {
    let vendor = &VENDORS[0];
    let (verdict, row, _) = one(vendor, vec![Act::SlowBody]);
    assert!(matches!(verdict, Verdict::Unknown { .. }), "{verdict:?}");
    assert_eq!(row.stage, Stage::Queued);
}

#[test]
fn a_reset_after_reading_is_one_repeat_under_the_same_id() {
    for vendor in VENDORS {
        let fake = Fake::in_turn(vec![Act::ResetRead, ok(vendor.good)]);
        let config = config(vendor, &fake.url());
        let mut site = Site::new(&format!("notify {} one on page", vendor.kind));
        site.alerts(2, Severity::Page);
        Hand::new(&site, &config, "one").drive(&site, NOW.plus(3_600_000));
        let seen = fake.seen();
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
