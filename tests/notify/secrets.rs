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

/// Whose mode is wrong is told so before anything else about it, and one that is too long is not read to its end.
#[test]
fn the_mode_is_looked_at_first_and_the_length_is_bounded() {
    use leadyard::notify::secret::{FileTrouble, read_private};
    let dir = tempfile::tempdir().unwrap();
    let long = "x".repeat(2_000);
    assert_eq!(read_private(&file(dir.path(), 0o644, &long), 1_000), Err(FileTrouble::TooOpen(0o644)));
    assert_eq!(read_private(&file(dir.path(), 0o600, &long), 1_999), Err(FileTrouble::TooLong(1_999)));
    assert_eq!(read_private(&file(dir.path(), 0o600, &long), 2_000), Ok(long));
    assert!(matches!(read_private(&dir.path().join("none"), 9), Err(FileTrouble::Unreadable(_))));
    // Its own length says nothing of what is read.
    if Path::new("/dev/zero").exists() {
        let link = dir.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        assert!(matches!(read_private(&link, 9), Err(FileTrouble::TooOpen(_))));
    }
}

/// What a value should be is said in the reader's language: no two English words stand next to each other in a Chinese error.
#[test]
fn what_is_wanted_is_said_in_chinese_too() {
    let mail = "[channel.a]\nkind = \"mail\"\nhost = \"h\"\n";
    for text in [
        "[guard]\nallow = [\"127.0.0.1\"]\n".to_owned(),
        "[guard]\nallow = 3\n".to_owned(),
        "[channel.a]\nkind = \"terminal\"\ntimeout_s = 0\n".to_owned(),
        "[channel.a]\nkind = \"terminal\"\ntimeout_s = \"x\"\n".to_owned(),
        "[channel.a]\nkind = 1\n".to_owned(),
        "[people]\nwang = 1\n".to_owned(),
        format!("{mail}from = \"nobody\"\nto = [\"a@b.co\"]\n"),
        format!("{mail}from = \"a@b.co\"\nto = [\"nobody\"]\n"),
        format!("{mail}from = \"a@b.co\"\nto = [\"a@b.co\"]\nport = 70000\n"),
    ] {
        let said = config::read(&text, Path::new("f"), &|_| None).unwrap_err().message(Lang::Zh);
        let words: Vec<bool> =
            said.split([' ', '：']).map(|word| word.chars().all(|c| c.is_ascii_lowercase())).collect();
        assert!(!words.windows(2).any(|pair| pair[0] && pair[1]), "{said}");
    }
}

#[test]
fn what_could_not_be_counted_or_signed_with_is_refused() {
    let sms = |per_day: &str| {
        let text = format!(
            "[channel.a]\nkind = \"twilio\"\naccount = \"A\"\ntoken = \"t\"\nfrom = \"+1\"\n{per_day}\n"
        );
        config::read(&text, Path::new("c"), &|_| None).map(|_| ())
    };
    assert_eq!((sms("per_day = 1"), sms("per_day = 2000")), (Ok(()), Ok(())));
    for wrong in ["per_day = 0", "per_day = 2001"] {
        let message = sms(wrong).unwrap_err().message(Lang::En);
        assert!(message.contains("per_day") && message.contains("1 to 2000"), "{message}");
    }
    let empty = "[channel.a]\nkind = \"dingtalk\"\ntoken = \"t\"\nsecret = \"\"\n";
    let message = config::read(empty, Path::new("c"), &|_| None).unwrap_err().message(Lang::En);
    assert!(message.contains("secret is missing"), "{message}");
    let other =
        "[channel.a]\nkind = \"webhook\"\nurl = \"https://x.example\"\nsecret = \"whsec_no base64\"\n";
    let message = config::read(other, Path::new("c"), &|_| None).unwrap_err().message(Lang::En);
    assert!(message.contains("base64 behind `whsec_`") && !message.contains("no base64"), "{message}");
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
