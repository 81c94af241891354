//! Any bytes as a channels file, as what a vendor answers, and as text for a message: nothing panics, an error has a place
//! within the text and both languages, a fallback leads somewhere, and no message is longer than it may be.

#![no_main]

use leadyard::model::lang::Lang;
use leadyard::model::time::Millis;
use leadyard::notify::channel as vendor;
use leadyard::notify::config::{self, ConfigError};
use leadyard::notify::verdict::{Answer, retry_after};
use leadyard::notify::fit;

const JUDGES: [fn(&Answer) -> leadyard::notify::Verdict; 14] = [
    vendor::aliyun::judge,
    vendor::bark::judge,
    vendor::dingtalk::judge,
    vendor::feishu::judge,
    vendor::gotify::judge,
    vendor::ntfy::judge,
    vendor::slack::judge,
    vendor::teams::judge,
    vendor::tencent::judge,
    vendor::twilio::judge,
    vendor::webhook::judge,
    vendor::wecom::judge,
    vendor::wecom_app::judge,
    |answer| answer.failure(1_000).unwrap_or_else(leadyard::notify::Verdict::delivered),
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let env = |name: &str| (!name.is_empty()).then(|| "x".to_owned());
    match config::read(&text, std::path::Path::new("channels.toml"), &env) {
        Ok(channels) => {
            for channel in &channels.all {
                assert!(channel.fallback.as_ref().is_none_or(|other| channels.named(other).is_some()));
                assert!((1_000..=60_000).contains(&channel.timeout_ms));
            }
        }
        Err(error) => {
            if let ConfigError::Syntax { line, .. } = &error {
                assert!(*line >= 1 && *line <= text.lines().count() + 1);
            }
            assert!(!error.message(Lang::En).is_empty() && !error.message(Lang::Zh).is_empty());
        }
    }
    for status in [200, 400, 429, 503] {
        let answer = Answer { status, body: Some(bytes.to_vec()), ..Answer::default() };
        for judge in JUDGES {
            let _ = judge(&answer);
        }
    }
    let _ = retry_after(&text, Millis(1_700_000_000_000));
    let said = fit::value(&text);
    assert!(said.len() <= fit::VALUE_BYTES_MAX && !said.contains(['@', '<', '>', '\n', '\u{1b}']));
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let more = |n: usize| format!("+{n}");
    for most in [0, 7, 60, 2_048] {
        assert!(fit::assemble(&said, &lines, &more, "#1", most).len() <= most);
    }
});
