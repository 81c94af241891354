//! Channel by behaviour: what each channel makes of everything a vendor, or the way there, can do. A cell that is missing
//! fails, and so does a channel without a line.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use leadyard::model::alert::Severity;
use leadyard::model::channel::ChannelKind;
use leadyard::model::lang::Lang;
use leadyard::model::outbox::{NoticeId, is_clock, why_in};
use leadyard::notify::channel::To;
use leadyard::notify::guard::Resolver;
use leadyard::notify::letter::Letter;
use leadyard::notify::{Channels, Verdict, Wire};

use crate::fake::{Act, Fake, answer, ok, with_header};
use crate::site::{NOW, channels};

/// How a channel is set up, and its vendor's own ways of saying things.
pub struct Vendor {
    pub kind: &'static str,
    pub rest: &'static str,
    pub good: &'static str,
    pub idempotent: bool,
    /// Told with status 200, where it does that: something is wrong.
    error: &'static str,
    /// Too much was sent; a status, and a body.
    limit: (u16, &'static str),
    secret: (u16, &'static str),
    /// The signature's time is too far off; None = nothing is signed by time.
    clock: Option<(u16, &'static str)>,
    long: (u16, &'static str),
    /// A letter for each of [`BEHAVIOURS`], see [`class`].
    cells: &'static str,
}

/// What is done to a message, in the order of the cells.
const BEHAVIOURS: [Behaviour; 25] = {
    use Behaviour as B;
    [
        B::Good,
        B::ErrorInside,
        B::Limit,
        B::WaitSeconds,
        B::WaitDate,
        B::Busy,
        B::E500,
        B::E502,
        B::E503,
        B::E404,
        B::E410,
        B::Elsewhere,
        B::NotJson,
        B::Empty,
        B::Huge,
        B::SlowHeaders,
        B::SlowBody,
        B::ResetUnread,
        B::ResetRead,
        B::Refused,
        B::NoName,
        B::OtherName,
        B::Clock,
        B::Secret,
        B::Long,
    ]
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    Good,
    ErrorInside,
    /// And then it recovers.
    Limit,
    WaitSeconds,
    WaitDate,
    /// 503 that says for how long.
    Busy,
    E500,
    E502,
    E503,
    E404,
    E410,
    Elsewhere,
    NotJson,
    Empty,
    Huge,
    SlowHeaders,
    SlowBody,
    ResetUnread,
    ResetRead,
    Refused,
    NoName,
    /// A certificate for another name: tried by `tls`.
    OtherName,
    /// Two hours off.
    Clock,
    Secret,
    Long,
}

/// One line a channel; the letters are those of [`class`].
pub const VENDORS: &[Vendor] = &[
    Vendor {
        kind: "wecom",
        rest: "key = \"k\"",
        good: r#"{"errcode":0}"#,
        idempotent: false,
        error: r#"{"errcode":40058}"#,
        limit: (200, r#"{"errcode":45009}"#),
        secret: (200, r#"{"errcode":93000}"#),
        clock: None,
        long: (200, r#"{"errcode":45002}"#),
        cells: "DpTTTT RRR PPP ??? ?? ?? rr P DPp",
    },
    Vendor {
        kind: "wecom-app",
        rest: "corp = \"c\"\nagent = 7\nsecret = \"s\"\nto = [\"boss\"]",
        good: r#"{"errcode":0,"msgid":"m"}"#,
        idempotent: true,
        error: r#"{"errcode":60020}"#,
        limit: (200, r#"{"errcode":45009}"#),
        secret: (200, r#"{"errcode":40001}"#),
        clock: None,
        long: (200, r#"{"errcode":45002}"#),
        cells: "DPTTTT RRR PPP ??? ?? ?? rr P DPp",
    },
    Vendor {
        kind: "dingtalk",
        rest: "token = \"t\"\nsecret = \"SECtest\"",
        good: r#"{"errcode":0}"#,
        idempotent: true,
        error: r#"{"errcode":400105}"#,
        limit: (200, r#"{"errcode":130101,"errmsg":"send too fast"}"#),
        secret: (200, r#"{"errcode":310000,"errmsg":"sign not match"}"#),
        clock: Some((200, r#"{"errcode":310000,"errmsg":"invalid timestamp"}"#)),
        long: (200, r#"{"errcode":460101}"#),
        cells: "DpTTTT RRR PPP ??? ?? ?? rr P CPp",
    },
    Vendor {
        kind: "feishu",
        rest: "token = \"t\"\nsecret = \"demo\"",
        good: r#"{"code":0}"#,
        idempotent: false,
        error: r#"{"code":19002}"#,
        limit: (200, r#"{"code":11232}"#),
        secret: (200, r#"{"code":19021}"#),
        clock: Some((400, r#"{"code":19021}"#)),
        long: (400, r#"{"code":9499}"#),
        cells: "DpTTTT RRR PPP ??? ?? ?? rr P CPp",
    },
    Vendor {
        kind: "webhook",
        rest: "secret = \"s\"",
        good: "",
        idempotent: true,
        error: r#"{"error":"no"}"#,
        limit: (429, ""),
        secret: (401, ""),
        clock: Some((400, "")),
        long: (413, ""),
        cells: "DDTTTT RRR PPP DDD ?D ?? rr P CPp",
    },
    Vendor {
        kind: "slack",
        rest: "",
        good: "ok",
        idempotent: false,
        error: "ok",
        limit: (429, ""),
        secret: (403, "invalid_token"),
        clock: None,
        long: (400, "invalid_payload"),
        cells: "DDTTTT RRR PPP DDD ?D ?? rr P DPp",
    },
    Vendor {
        kind: "teams",
        rest: "",
        good: "",
        idempotent: false,
        error: "Webhook message delivery failed: Microsoft Teams endpoint returned HTTP error 400 with",
        limit: (
            200,
            "Webhook message delivery failed: Microsoft Teams endpoint returned HTTP error 429 with",
        ),
        secret: (401, ""),
        clock: None,
        long: (200, "Webhook message delivery failed: Microsoft Teams endpoint returned HTTP error 413 with"),
        cells: "DpTTTT RRR PPP DDD ?D ?? rr P DPp",
    },
    Vendor {
        kind: "ntfy",
        rest: "topic = \"t\"",
        good: "{}",
        idempotent: false,
        error: "{}",
        limit: (429, r#"{"code":42901}"#),
        secret: (403, r#"{"code":40301}"#),
        clock: None,
        long: (400, r#"{"code":40057}"#),
        cells: "DDTTTT RRR PPP DDD ?D ?? rr P DPp",
    },
    Vendor {
        kind: "bark",
        rest: "key = \"k\"",
        good: r#"{"code":200}"#,
        idempotent: false,
        error: r#"{"code":400,"message":"failed to get device token"}"#,
        limit: (200, r#"{"code":429}"#),
        secret: (400, r#"{"code":400,"message":"failed to get device token"}"#),
        clock: None,
        long: (500, r#"{"code":500,"message":"push failed: PayloadTooLarge"}"#),
        cells: "DPTTTT RRR PPP ??? ?? ?? rr P DPR",
    },
    Vendor {
        kind: "gotify",
        rest: "token = \"t\"",
        good: "{}",
        idempotent: false,
        error: "{}",
        limit: (429, ""),
        secret: (401, ""),
        clock: None,
        long: (400, ""),
        cells: "DDTTTT RRR PPP DDD ?D ?? rr P DPp",
    },
    Vendor {
        kind: "twilio",
        rest: "account = \"AC1\"\ntoken = \"t\"\nfrom = \"+15005550006\"\nto = [\"+8613800138000\"]",
        good: r#"{"sid":"SM1"}"#,
        idempotent: false,
        error: "{}",
        limit: (429, r#"{"code":20429}"#),
        secret: (401, r#"{"code":20003}"#),
        clock: None,
        long: (400, r#"{"code":21617}"#),
        cells: "DDTTTT RRR PPP DDD ?D ?? rr P DPp",
    },
    Vendor {
        kind: "aliyun-sms",
        rest: "key = \"k\"\nsecret = \"s\"\nsignature = \"n\"\ntemplate = \"t\"\nto = [\"+8613800138000\"]",
        good: r#"{"Code":"OK","BizId":"b"}"#,
        idempotent: false,
        error: r#"{"Code":"isv.OUT_OF_SERVICE"}"#,
        limit: (200, r#"{"Code":"isv.BUSINESS_LIMIT_CONTROL"}"#),
        secret: (400, r#"{"Code":"SignatureDoesNotMatch"}"#),
        clock: Some((400, r#"{"Code":"InvalidTimeStamp.Expired"}"#)),
        long: (200, r#"{"Code":"isv.PARAM_LENGTH_LIMIT"}"#),
        cells: "DPTTTT RRR PPP ??? ?? ?? rr P CPp",
    },
    Vendor {
        kind: "tencent-sms",
        rest: "id = \"i\"\nkey = \"k\"\napp = \"a\"\nsignature = \"n\"\ntemplate = \"t\"\nto = [\"+8613800138000\"]",
        good: r#"{"Response":{"SendStatusSet":[{"Code":"Ok","SerialNo":"s"}]}}"#,
        idempotent: false,
        error: r#"{"Response":{"Error":{"Code":"FailedOperation.InsufficientBalanceInSmsPackage"}}}"#,
        limit: (200, r#"{"Response":{"SendStatusSet":[{"Code":"LimitExceeded.PhoneNumberDailyLimit"}]}}"#),
        secret: (200, r#"{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure"}}}"#),
        clock: Some((200, r#"{"Response":{"Error":{"Code":"AuthFailure.SignatureExpire"}}}"#)),
        long: (
            200,
            r#"{"Response":{"Error":{"Code":"InvalidParameterValue.TemplateParameterLengthLimit"}}}"#,
        ),
        cells: "DPTTTT RRR PPP ??? ?? ?? rr P CPp",
    },
];

/// Cells tried at a time.
const SIDE_BY_SIDE: usize = 8;

/// D delivered · T throttled · R transient, r surely not taken · ? unknown · P permanent, p of this message only · C permanent
/// and told as a matter of the clock.
fn class(verdict: &Verdict) -> char {
    match verdict {
        Verdict::Delivered { .. } => 'D',
        Verdict::Throttled { .. } => 'T',
        Verdict::Transient { written: true, .. } => 'R',
        Verdict::Transient { written: false, .. } => 'r',
        Verdict::Unknown { .. } => '?',
        Verdict::Permanent { why, .. } if is_clock(why) => 'C',
        Verdict::Permanent { channel: true, .. } => 'P',
        Verdict::Permanent { channel: false, .. } => 'p',
    }
}

pub fn config(vendor: &Vendor, url: &str) -> Channels {
    let Vendor { kind, rest, .. } = vendor;
    channels(&format!("[channel.one]\nkind = \"{kind}\"\nurl = \"{url}\"\ntimeout_s = 1\n{rest}\n"))
}

/// Plays an act; whoever asks for a token first gets one.
pub fn fake(vendor: &Vendor, acts: Vec<Act>) -> Fake {
    let is_app = vendor.kind == "wecom-app";
    let mut at = 0;
    Fake::start(move |request| {
        if is_app && request.path.starts_with("/gettoken") {
            return ok(r#"{"errcode":0,"access_token":"t-1","expires_in":7200}"#);
        }
        let act = acts[at.min(acts.len() - 1)].clone();
        at += 1;
        act
    })
}

pub fn letter() -> Letter {
    Letter {
        id: NoticeId(0x0192_0000_0000_0000_0000_0000_0000_0042),
        lang: Lang::Zh,
        severity: Severity::Page,
        title: "【呼叫】Leadyard · 线索遗漏".into(),
        lines: vec!["官网：3 条线索无人负责 (#1)".into()],
        foot: "#1 ·ABCDEF".into(),
        mention: Vec::new(),
        everybody: false,
        count: 1,
        data: Vec::new(),
    }
}

fn dated(status: u16, body: &str, date: &str) -> Act {
    Act::Answer { status, headers: vec![("date", date.to_owned())], body: body.as_bytes().to_vec() }
}

/// The moment of [`NOW`], and two hours before it.
const RIGHT: &str = "Tue, 10 Nov 2026 02:10:00 GMT";
const TWO_HOURS_BEFORE: &str = "Tue, 10 Nov 2026 00:10:00 GMT";

fn acts(vendor: &Vendor, behaviour: Behaviour) -> Vec<Act> {
    use Behaviour as B;
    let told = |(status, body): (u16, &str)| dated(status, body, RIGHT);
    vec![match behaviour {
        B::Good | B::Refused | B::NoName | B::OtherName => ok(vendor.good),
        B::ErrorInside => ok(vendor.error),
        B::Limit => return vec![told(vendor.limit), ok(vendor.good)],
        B::WaitSeconds => with_header(429, "retry-after", "2"),
        B::WaitDate => with_header(429, "retry-after", "Tue, 10 Nov 2026 02:11:00 GMT"),
        B::Busy => with_header(503, "retry-after", "120"),
        B::E500 => answer(500, ""),
        B::E502 => answer(502, "<html>bad gateway</html>"),
        B::E503 => answer(503, ""),
        B::E404 => answer(404, ""),
        B::E410 => answer(410, ""),
        B::Elsewhere => with_header(302, "location", "http://127.0.0.1:1/"),
        B::NotJson => ok("<html>"),
        B::Empty => ok(""),
        B::Huge => Act::Answer { status: 200, headers: Vec::new(), body: vec![b' '; 5 << 20] },
        B::SlowHeaders => Act::SlowHeaders,
        B::SlowBody => Act::SlowBody,
        B::ResetUnread => Act::ResetUnread,
        B::ResetRead => Act::ResetRead,
        B::Clock => match vendor.clock {
            Some((status, body)) => dated(status, body, TWO_HOURS_BEFORE),
            None => dated(200, vendor.good, TWO_HOURS_BEFORE),
        },
        B::Secret => told(vendor.secret),
        B::Long => told(vendor.long),
    }]
}

async fn sent(channels: &Channels, wire: &Wire, letter: &Letter) -> Verdict {
    let to = To { people: &BTreeMap::new(), receiver: "", mention: &letter.mention, everybody: false };
    channels.all[0].send(wire, letter, to, NOW).await
}

/// What comes of one cell, and what is wrong with it besides its class.
async fn cell(vendor: &Vendor, behaviour: Behaviour) -> (Verdict, Option<String>) {
    let fake = fake(vendor, acts(vendor, behaviour));
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = match behaviour {
        Behaviour::Refused => format!("http://127.0.0.1:{closed}"),
        Behaviour::NoName => "http://gone.example".to_owned(),
        _ => fake.url(),
    };
    let channels = config(vendor, &url);
    let is_slow = matches!(behaviour, Behaviour::SlowHeaders | Behaviour::SlowBody);
    let timeout = Duration::from_secs(if is_slow { 1 } else { 30 });
    let mut wire = Wire::new(channels.guard.clone(), timeout);
    wire.resolver = Resolver::Stub(Arc::new(|_| Vec::<IpAddr>::new()));
    let letter = letter();
    let verdict = sent(&channels, &wire, &letter).await;
    let mut wrong = None;
    match (&verdict, behaviour) {
        (_, Behaviour::Limit) => {
            let again = sent(&channels, &wire, &letter).await;
            wrong = (class(&again) != 'D').then(|| format!("does not recover: {again:?}"));
        }
        (Verdict::Throttled { wait_ms, .. }, _) => {
            let least = match behaviour {
                Behaviour::WaitSeconds => 2_000,
                Behaviour::WaitDate => 60_000,
                _ => 120_000,
            };
            wrong = (*wait_ms != least).then(|| format!("waits {wait_ms} instead of {least}"));
        }
        _ => {}
    }
    if let Some(why) = verdict.why() {
        let is_code =
            why.starts_with("isv.") || why.chars().all(|c| c.is_ascii_alphanumeric() || ". _".contains(c));
        let zh = why_in(why, Lang::Zh);
        if !is_code && zh.is_ascii() {
            wrong = Some(format!("{why:?} is not said in Chinese"));
        }
    }
    (verdict, wrong)
}

#[test]
fn each_channel_makes_of_each_behaviour_what_the_table_says() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut wrong = Vec::new();
    let mut cells = Vec::new();
    for vendor in VENDORS {
        let wanted: Vec<char> = vendor.cells.chars().filter(|c| *c != ' ').collect();
        assert_eq!(wanted.len(), BEHAVIOURS.len(), "{}: a cell is missing", vendor.kind);
        for (behaviour, want) in BEHAVIOURS.into_iter().zip(wanted) {
            if behaviour != Behaviour::OtherName {
                cells.push(async move { (vendor.kind, behaviour, want, cell(vendor, behaviour).await) });
            }
        }
    }
    // Some side by side: those that say nothing take their time.
    let cells = futures_util::stream::iter(cells).buffered(SIDE_BY_SIDE).collect::<Vec<_>>();
    for (kind, behaviour, want, (verdict, fault)) in runtime.block_on(cells) {
        if class(&verdict) != want || fault.is_some() {
            wrong.push(format!(
                "{kind} {behaviour:?}: {want} wanted, {verdict:?} {}",
                fault.unwrap_or_default()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Those that are not sent by HTTP have tables of their own.
#[test]
fn no_channel_is_without_a_line() {
    let apart = [ChannelKind::Mail, ChannelKind::Terminal, ChannelKind::Desktop];
    for kind in ChannelKind::ALL.into_iter().filter(|kind| !apart.contains(kind)) {
        assert!(VENDORS.iter().any(|vendor| vendor.kind == kind.word()), "{}", kind.word());
    }
}

/// The longest letter there can be, in characters of three and four bytes: what is sent is no longer than the vendor takes,
/// and still says what it is about.
#[test]
fn no_message_is_longer_than_the_vendor_takes() {
    let mut long = letter();
    long.title = format!("【呼叫】{}", "线索😀".repeat(200));
    long.lines = (0..400).map(|n| format!("{n} {}", "遗漏😀".repeat(30))).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for vendor in VENDORS {
        let fake = fake(vendor, vec![ok(vendor.good)]);
        let channels = config(vendor, &fake.url());
        let wire = Wire::new(channels.guard.clone(), Duration::from_secs(5));
        let verdict = runtime.block_on(sent(&channels, &wire, &long));
        assert_eq!(class(&verdict), 'D', "{}: {verdict:?}", vendor.kind);
        let request = fake.seen().pop().unwrap();
        let (body, bytes) = (request.json(), request.body.len());
        let text = |at: &str| body.pointer(at).unwrap().as_str().unwrap().to_owned();
        let (said, most) = match vendor.kind {
            "wecom" | "wecom-app" => (text("/text/content"), 2_048),
            "dingtalk" => (text("/text/content"), 20_000),
            "feishu" => (text("/content/text"), 20_000 - (bytes - text("/content/text").len())),
            "webhook" => (text("/text"), 20_000 - (bytes - text("/text").len())),
            "slack" => (text("/text"), 40_000),
            "teams" => (request.text(), 21_000),
            "ntfy" => (text("/message"), 4_095),
            "bark" => (request.text(), 4_096),
            "gotify" => (text("/message"), 16_000),
            // Characters, and each of these is one of three bytes at least but for the ids.
            "twilio" => (request.text(), 1_600 * 3),
            "aliyun-sms" => (request.path.clone(), 2_000),
            "tencent-sms" => (text("/TemplateParamSet/0") + &text("/TemplateParamSet/2"), 72),
            other => panic!("{other}: how long may it be?"),
        };
        assert!(said.len() <= most, "{}: {} > {most}", vendor.kind, said.len());
        assert!(said.contains("ABCDEF"), "{}: the foot is never cut: {said}", vendor.kind);
    }
}
