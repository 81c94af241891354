//! Mail, by a small server on the loopback that can refuse and break off.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use leadyard::model::alert::Severity;
use leadyard::model::outbox::Stage;
use leadyard::notify::{Turn, Verdict};

use crate::site::{Hand, NOW, Site, channels};

/// What the server says: to a recipient, and after the mail.
#[derive(Clone)]
struct Script {
    rcpt: fn(&str) -> &'static str,
    /// None = it breaks off instead of answering.
    data: Option<&'static str>,
}

fn server(script: Script) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mails = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&mails);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (script, kept) = (script.clone(), Arc::clone(&kept));
            std::thread::spawn(move || {
                let stream = stream.unwrap();
                let mut out = stream.try_clone().unwrap();
                let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).is_ok();
                say("220 fake");
                let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
                while let Some(line) = lines.next() {
                    let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
                    match verb.as_str() {
                        "RCPT" => _ = say((script.rcpt)(&line)),
                        "DATA" => {
                            say("354 go on");
                            let mail: Vec<String> = lines.by_ref().take_while(|l| l != ".").collect();
                            kept.lock().unwrap().push(mail.join("\n"));
                            let Some(answer) = script.data else { return };
                            say(answer);
                        }
                        "QUIT" => {
                            say("221 bye");
                            return;
                        }
                        _ => _ = say("250 ok"),
                    }
                }
            });
        }
    });
    (port, mails)
}

fn mailed(script: Script, to: &str) -> (Verdict, Stage, Vec<String>) {
    let (port, mails) = server(script);
    let text = format!(
        "[channel.post]\nkind = \"mail\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"plain\"\ntimeout_s = 2\n\
         from = \"Leadyard <desk@example.com>\"\nto = [{to}]\n"
    );
    let channels = channels(&text);
    let mut site = Site::new("notify mail post on page");
    site.alerts(1, Severity::Page);
    let turn = Hand::new(&site, &channels, "post").turn(&site);
    let Turn::Handed { verdict, .. } = turn else { panic!("{turn:?}") };
    let mails = mails.lock().unwrap().clone();
    (verdict, site.stages()[0], mails)
}

const FINE: Script = Script { rcpt: |_| "250 ok", data: Some("250 taken") };

#[test]
fn each_recipient_gets_a_mail_of_its_own_with_a_fixed_id() {
    let (verdict, stage, mails) = mailed(FINE, "\"a@example.com\", \"b@example.com\"");
    assert_eq!((verdict, stage), (Verdict::delivered(), Stage::Sent));
    assert_eq!(mails.len(), 2);
    let id = |mail: &str| mail.lines().find(|l| l.starts_with("Message-ID: ")).unwrap().to_owned();
    assert!(id(&mails[0]).ends_with("@example.com>") && id(&mails[0]) != id(&mails[1]));
    assert!(mails[0].contains("To: a@example.com") && mails[1].contains("To: b@example.com"));
    assert!(mails[0].contains("Subject: =?utf-8?b?"), "{}", mails[0]);
}

#[test]
fn one_bad_address_spoils_nothing_for_the_others() {
    let rcpt = |line: &str| if line.contains("a@") { "550 no such user" } else { "250 ok" };
    let (verdict, stage, mails) = mailed(Script { rcpt, ..FINE }, "\"a@example.com\", \"b@example.com\"");
    assert_eq!(verdict, Verdict::Delivered { vendor: "refused: recipient 1".into() });
    assert_eq!((stage, mails.len()), (Stage::Sent, 1));
}

#[test]
fn refusals_for_now_and_for_good_are_told_apart() {
    let one = "\"a@example.com\"";
    let (verdict, stage, _) = mailed(Script { rcpt: |_| "451 later", ..FINE }, one);
    assert!(matches!(verdict, Verdict::Transient { written: false, .. }), "{verdict:?}");
    assert_eq!(stage, Stage::Queued);
    let (verdict, stage, _) = mailed(Script { rcpt: |_| "550 never", ..FINE }, one);
    assert!(matches!(verdict, Verdict::Permanent { channel: false, .. }), "{verdict:?}");
    assert_eq!(stage, Stage::Dead);
}

#[test]
fn a_mail_whose_answer_is_lost_goes_again_under_the_same_id() {
    let (port, mails) = server(Script { data: None, ..FINE });
    let text = format!(
        "[channel.post]\nkind = \"mail\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"plain\"\ntimeout_s = 2\n\
         from = \"desk@example.com\"\nto = [\"a@example.com\"]\n"
    );
    let channels = channels(&text);
    let mut site = Site::new("notify mail post on page");
    site.alerts(1, Severity::Page);
    let mut hand = Hand::new(&site, &channels, "post");
    let handed = hand.drive(&site, NOW.plus(60_000));
    assert!(handed.len() >= 2, "{handed:?}");
    let ids: Vec<String> = mails
        .lock()
        .unwrap()
        .iter()
        .map(|mail| mail.lines().find(|l| l.starts_with("Message-ID: ")).unwrap().to_owned())
        .collect();
    assert!(ids.len() >= 2 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}
