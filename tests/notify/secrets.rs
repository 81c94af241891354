//! Secrets: refused when others can read them, and never in an error, a debug text, the desk's file or a log.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use leadyard::model::alert::Severity;
use leadyard::model::lang::Lang;
use leadyard::notify::{ConfigError, config, load};

use crate::fake::{Fake, answer};
use crate::site::{Hand, NOW, Site, channels};

const CANARY: &str = "CANARY-5f3a-secret";

fn file(dir: &Path, mode: u32, text: &str) -> std::path::PathBuf {
    let path = dir.join(format!("channels-{mode:o}.toml"));
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    path
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let text = format!("[channel.a]\nkind = \"wecom\"\nkey = \"{CANARY}\"\n");
    for mode in [0o644, 0o640, 0o604, 0o660, 0o620] {
        let error = load(Some(&file(dir.path(), mode, &text))).unwrap_err();
        assert!(matches!(error, ConfigError::TooOpen { .. }), "{mode:o}: {error:?}");
        for lang in [Lang::En, Lang::Zh] {
            assert!(error.message(lang).contains("chmod 600") && !error.message(lang).contains(CANARY));
        }
    }
    for mode in [0o600, 0o400] {
        assert_eq!(load(Some(&file(dir.path(), mode, &text))).unwrap().all.len(), 1);
    }
}

#[test]
fn secrets_come_from_the_environment_where_they_say_so() {
    let text = "[channel.a]\nkind = \"slack\"\nurl = \"env:HOOK\"\n";
    let found =
        config::read(text, Path::new("c"), &|name| (name == "HOOK").then(|| CANARY.to_owned())).unwrap();
    assert!(!format!("{found:?}").contains(CANARY), "{found:?}");
    let missing = config::read(text, Path::new("c"), &|_| None).unwrap_err();
    assert!(missing.message(Lang::En).contains("url names an environment variable that is not set"));
}

/// Whatever is wrong, the value is not repeated: it could be the secret.
#[test]
fn no_error_repeats_a_value() {
    let wrong = [
        format!("[channel.a]\nkind = \"{CANARY}\"\n"),
        format!("[channel.a]\nkind = \"wecom\"\nkey = [\"{CANARY}\"]\n"),
        format!("[channel.a]\nkind = \"wecom\"\nkey = \"{CANARY}\nurl = 1\n"),
        format!("[channel.a]\nkind = \"wecom\"\nkey = \"{CANARY}\"\ntimeout_s = \"{CANARY}\"\n"),
        format!("[channel.a]\nkind = \"slack\"\nurl = \"env:{CANARY}\"\n"),
        format!("[channel.a]\nkind = \"mail\"\nhost = \"h\"\nfrom = \"{CANARY}\"\n"),
        format!("[channel.a]\nkind = \"slack\"\nurl = \"x\"\nfallback = \"{CANARY}\"\n"),
        format!("[guard]\nallow = [\"{CANARY}\"]\n"),
        format!("[guard]\nallow = [\"127.0.0.1\"]\nx = \"{CANARY}\"\n"),
        format!("[channel.a]\nkind = \"slack\"\nurl = \"x\"\nlang = \"{CANARY}\"\n"),
    ];
    for text in wrong {
        let error = config::read(&text, Path::new("c.toml"), &|_| None).unwrap_err();
        for lang in [Lang::En, Lang::Zh] {
            assert!(!error.message(lang).contains(CANARY), "{}", error.message(lang));
        }
        assert!(!format!("{error:?}").contains(CANARY), "{error:?}");
    }
}

/// Sent, refused, in doubt: neither the file nor anything beside it holds the secret.
#[test]
fn no_secret_comes_into_the_desks_file() {
    let fake = Fake::in_turn(vec![answer(503, CANARY), crate::fake::Act::ResetRead, answer(404, CANARY)]);
    let text = format!(
        "[channel.a]\nkind = \"wecom\"\nkey = \"{CANARY}\"\nurl = \"{}/{CANARY}\"\n[people.lina]\nphone = \"+8613912345678\"\n",
        fake.url()
    );
    let channels = channels(&text);
    let mut site = Site::new("notify wecom a on warn, assigned");
    site.alerts(2, Severity::Page);
    site.lead("欧阳娜娜", "Acme");
    let mut hand = Hand::new(&site, &channels, "a");
    hand.drive(&site, NOW.plus(600_000));
    assert!(fake.seen().len() >= 3);
    assert!(!format!("{hand:?}", hand = hand.courier).contains(CANARY));
    drop(hand);
    for entry in std::fs::read_dir(site.dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes()));
        assert!(!bytes.windows(11).any(|w| w == b"13912345678"), "a rep's phone is not the desk's");
    }
    let store = site.store();
    let told: Vec<String> = store
        .outbox_page(leadyard::store::OutboxFilter::All, 100)
        .unwrap()
        .iter()
        .map(|row| format!("{row:?}"))
        .collect();
    assert!(!told.iter().any(|row| row.contains("13800138000") || row.contains("欧阳")), "{told:?}");
}
