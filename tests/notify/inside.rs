//! Addresses that lead into this machine or its network are refused before anything connects.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use leadyard::model::alert::Severity;
use leadyard::model::outbox::Stage;
use leadyard::notify::guard::{Guard, Resolver};
use leadyard::notify::{Turn, Verdict, Wire, config};

use crate::fake::{Fake, ok};
use crate::site::{Hand, NOW, Site};

/// One page to a webhook at `url` in a configuration without any switch.
fn strict(url: &str, resolver: Resolver, guard: Guard) -> (Verdict, Stage) {
    let text =
        format!("[channel.hook]\nkind = \"webhook\"\nurl = \"{url}\"\nsecret = \"s\"\ntimeout_s = 1\n");
    let channels = config::read(&text, std::path::Path::new("c"), &|_| None).unwrap();
    let mut site = Site::new("notify webhook hook on page");
    site.alerts(1, Severity::Page);
    let mut wire = Wire::new(guard, Duration::from_secs(1));
    wire.resolver = resolver;
    let turn = Hand::by(&site, &channels, "hook", wire).turn(&site);
    let Turn::Handed { verdict, .. } = turn else { panic!("{turn:?}") };
    (verdict, site.stages()[0])
}

#[test]
fn literal_addresses_inside_are_refused_in_every_spelling() {
    let trap = Fake::always(ok(""));
    let port = trap.port;
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0177.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "[fd00:ec2::254]",
        "[64:ff9b::7f00:1]",
        "0.0.0.0",
    ] {
        let (verdict, stage) = strict(&format!("https://{host}:{port}/"), Resolver::System, Guard::default());
        let Verdict::Permanent { why, channel: true } = verdict else { panic!("{host}: {verdict:?}") };
        assert!(why.contains("not on the public internet"), "{host}: {why}");
        assert_eq!(stage, Stage::Dead, "{host}");
    }
    let plain = strict(&format!("http://127.0.0.1:{port}/"), Resolver::System, Guard::default()).0;
    assert!(plain.why().unwrap().contains("only https"), "{plain:?}");
    assert_eq!(trap.seen().len(), 0);
}

#[test]
fn a_name_is_looked_at_anew_each_time_and_one_bad_address_is_enough() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    // Public at first, inside later: the second send is refused although the first was not.
    let rebinding = Resolver::Stub(Arc::new(move |_| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        vec![if first { "192.0.2.1" } else { "127.0.0.1" }.parse().unwrap()]
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let guard = Guard::default();
    for _ in 0..2 {
        let found = runtime.block_on(guard.resolve(&rebinding, "evil.example", 443, false));
        assert!(found.is_err(), "192.0.2.1 is for documentation, 127.0.0.1 is this machine");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let mixed: Vec<IpAddr> = vec!["8.8.8.8".parse().unwrap(), "127.0.0.1".parse().unwrap()];
    let stub = Resolver::Stub(Arc::new(move |_| mixed.clone()));
    let (verdict, _) = strict("https://mixed.example/", stub, guard);
    assert!(matches!(verdict, Verdict::Permanent { channel: true, .. }), "{verdict:?}");
}

/// The connection goes to the address that was looked at, whatever the name means a moment later.
#[test]
fn it_connects_to_the_address_that_was_checked() {
    let fake = Fake::always(ok(""));
    let here: IpAddr = "127.0.0.1".parse().unwrap();
    let stub = Resolver::Stub(Arc::new(move |_| vec![here]));
    let guard = Guard { loopback_for_tests: true, ..Guard::default() };
    let (verdict, _) = strict(&format!("http://no-such-name.invalid:{}/", fake.port), stub, guard);
    assert!(matches!(verdict, Verdict::Delivered { .. }), "{verdict:?}");
    assert_eq!(fake.seen()[0].headers["host"], format!("no-such-name.invalid:{}", fake.port));
    // However the name is written: none of these is asked of the machine's name service, which knows none of them.
    for written in ["NO-such.INVALID", "no-such-name.invalid.", "例子.invalid", "a_b.invalid"] {
        let stub = Resolver::Stub(Arc::new(move |_| vec![here]));
        let guard = Guard { loopback_for_tests: true, ..Guard::default() };
        let (verdict, _) = strict(&format!("http://{written}:{}/", fake.port), stub, guard);
        assert!(matches!(verdict, Verdict::Delivered { .. }), "{written}: {verdict:?}");
    }
}

#[test]
fn a_redirect_into_the_machine_is_not_followed() {
    let trap = Fake::always(ok(""));
    let fake = Fake::always(crate::fake::with_header(302, "location", &trap.url()));
    let guard = Guard { loopback_for_tests: true, ..Guard::default() };
    let (verdict, _) = strict(&fake.url(), Resolver::System, guard);
    assert!(matches!(verdict, Verdict::Permanent { .. }), "{verdict:?}");
    assert_eq!((fake.seen().len(), trap.seen().len()), (1, 0));
}

#[test]
fn an_unknown_name_is_tried_again() {
    let stub = Resolver::Stub(Arc::new(|_| Vec::new()));
    let (verdict, stage) = strict("https://gone.example/", stub, Guard::default());
    assert!(matches!(verdict, Verdict::Transient { written: false, .. }), "{verdict:?}");
    assert_eq!(stage, Stage::Queued);
    let _ = NOW;
}
