//! The channels' configuration: one TOML file, readable by its owner alone, outside the desk's file. Secrets may stand in it
//! or in the environment (`env:NAME`); an error never repeats a value, since it could be one. Which notices go where is the
//! rule book's to say.

mod fields;

use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use self::fields::Fields;
use super::channel::{
    Channel, Endpoint, aliyun, bark, desktop, dingtalk, feishu, gotify, mail, ntfy, slack, teams, tencent,
    twilio, webhook, wecom, wecom_app,
};
use super::guard::{Guard, Net, may_be_allowed};
use super::limit::{self, Limits};
use super::people::{People, Person};
use super::secret::{FileTrouble, read_private};
use super::sign;
use crate::model::channel::ChannelKind;
use crate::model::lang::Lang;

/// Bytes of the file at most.
pub const FILE_BYTES_MAX: u64 = 256 << 10;
/// Channels at most, and people.
pub const CHANNELS_MAX: usize = 50;
pub const PEOPLE_MAX: usize = 2_000;
/// Seconds one message may take, and without a word.
const TIMEOUT_S_MAX: u64 = 60;
const TIMEOUT_S: u64 = 15;
/// Text messages a day, where the file does not say.
const SMS_PER_DAY: usize = 50;

/// Everything the file says.
#[derive(Debug, Default)]
pub struct Channels {
    pub all: Vec<Channel>,
    pub people: People,
    pub guard: Guard,
}

impl Channels {
    /// The channel of a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Channel> {
        self.all.iter().find(|channel| channel.name == name)
    }
}

/// Why the file is not used. Nothing of it is used then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    Unreadable {
        path: PathBuf,
        why: String,
    },
    /// Others than its owner may read or write it.
    TooOpen {
        path: PathBuf,
        mode: u32,
    },
    /// It is no TOML from this line on.
    Syntax {
        path: PathBuf,
        line: usize,
    },
    /// Something in a section is missing, unknown or unfit.
    Wrong {
        path: PathBuf,
        section: String,
        what: Wrong,
    },
}

/// What is wrong in a section; keys are named, values never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    Missing(&'static str),
    Unknown(String),
    /// Another kind of value is wanted: what kind.
    Type(String, Want),
    /// The environment has no such variable.
    NoVariable(String),
    /// A value that cannot be: which, and what could.
    Value(String, Want),
    TooMany(usize),
    /// Falls back on itself, or on nothing.
    Fallback,
}

/// What a value should be, in English and in Chinese.
pub type Want = (&'static str, &'static str);

const SECRET: Want = ("base64 behind `whsec_`, or any other text", "`whsec_` 后接 base64，或其他任意文本");

/// What reads the same in both.
const fn both(text: &'static str) -> Want {
    (text, text)
}

impl ConfigError {
    /// What happened and what to do.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Unreadable { path, why }, Lang::En) => format!("{} cannot be read: {why}", path.display()),
            (Self::Unreadable { path, why }, Lang::Zh) => format!("无法读取 {}：{why}", path.display()),
            (Self::TooOpen { path, mode }, Lang::En) => format!(
                "{p} may be read by others (mode {mode:03o}) and holds secrets: nothing is sent. chmod 600 {p}",
                p = path.display()
            ),
            (Self::TooOpen { path, mode }, Lang::Zh) => format!(
                "{p} 可被其他用户读取（权限 {mode:03o}），其中含有密钥，因此不发送任何通知。请执行 chmod 600 {p}",
                p = path.display()
            ),
            (Self::Syntax { path, line }, Lang::En) => {
                format!("{}, line {line}: this is no TOML", path.display())
            }
            (Self::Syntax { path, line }, Lang::Zh) => {
                format!("{} 第 {line} 行：不是合法的 TOML", path.display())
            }
            (Self::Wrong { path, section, what }, Lang::En) => {
                format!("{} [{section}]: {}", path.display(), what.message(lang))
            }
            (Self::Wrong { path, section, what }, Lang::Zh) => {
                format!("{} [{section}]：{}", path.display(), what.message(lang))
            }
        }
    }
}

impl Wrong {
    fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Missing(key), Lang::En) => format!("{key} is missing"),
            (Self::Missing(key), Lang::Zh) => format!("缺少 {key}"),
            (Self::Unknown(key), Lang::En) => format!("{key} is not known here"),
            (Self::Unknown(key), Lang::Zh) => format!("不认识 {key}"),
            (Self::Type(key, want), Lang::En) => format!("{key} must be {}", want.0),
            (Self::Type(key, want), Lang::Zh) => format!("{key} 应为{}", want.1),
            (Self::NoVariable(key), Lang::En) => {
                format!("{key} names an environment variable that is not set")
            }
            (Self::NoVariable(key), Lang::Zh) => format!("{key} 所指的环境变量未设置"),
            (Self::Value(key, want), Lang::En) => format!("{key} cannot be that; it may be {}", want.0),
            (Self::Value(key, want), Lang::Zh) => format!("{key} 的值不可用，应为：{}", want.1),
            (Self::TooMany(most), Lang::En) => format!("more than {most}"),
            (Self::TooMany(most), Lang::Zh) => format!("超过 {most} 个"),
            (Self::Fallback, Lang::En) => "fallback must name another channel of this file".into(),
            (Self::Fallback, Lang::Zh) => "fallback 应为本文件中的另一个通道".into(),
        }
    }
}

/// Where the file is when nobody says; `None` for a user without a home.
#[must_use]
pub fn default_path() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.config_dir().join("leadyard").join("channels.toml"))
}

/// Reads the file. One that is not there is a desk without channels, unless it was asked for by name.
///
/// # Errors
/// See [`ConfigError`].
pub fn load(named: Option<&Path>) -> Result<Channels, ConfigError> {
    let path = match (named, default_path()) {
        (Some(path), _) => path.to_owned(),
        (None, Some(path)) if path.exists() => path,
        (None, _) => return Ok(Channels::default()),
    };
    let text = read_private(&path, FILE_BYTES_MAX).map_err(|trouble| {
        let path = path.clone();
        match trouble {
            FileTrouble::TooOpen(mode) => ConfigError::TooOpen { path, mode },
            FileTrouble::Unreadable(why) => ConfigError::Unreadable { path, why },
            FileTrouble::TooLong(most) => {
                ConfigError::Unreadable { path, why: format!("more than {most} bytes") }
            }
        }
    })?;
    read(&text, &path, &|name| std::env::var(name).ok())
}

/// Reads the text of a file; `env` looks an environment variable up.
///
/// # Errors
/// See [`ConfigError`].
pub fn read(text: &str, path: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Channels, ConfigError> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let line = text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1;
        ConfigError::Syntax { path: path.to_owned(), line }
    })?;
    let wrong = |section: &str, what: Wrong| ConfigError::Wrong {
        path: path.to_owned(),
        section: section.to_owned(),
        what,
    };
    let mut channels = Channels::default();
    for (part, value) in table {
        let toml::Value::Table(sections) = value else {
            return Err(wrong(&part, Wrong::Unknown(part.clone())));
        };
        match part.as_str() {
            "guard" => {
                let mut fields = Fields::new(sections, env);
                channels.guard = guard(&mut fields).map_err(|what| wrong("guard", what))?;
            }
            "channel" => {
                if sections.len() > CHANNELS_MAX {
                    return Err(wrong("channel", Wrong::TooMany(CHANNELS_MAX)));
                }
                for (name, value) in sections {
                    let section = format!("channel.{name}");
                    let toml::Value::Table(table) = value else {
                        return Err(wrong(&section, Wrong::Type(name, ("a table", "一个表"))));
                    };
                    let mut fields = Fields::new(table, env);
                    channels.all.push(channel(&name, &mut fields).map_err(|what| wrong(&section, what))?);
                }
            }
            "people" => {
                if sections.len() > PEOPLE_MAX {
                    return Err(wrong("people", Wrong::TooMany(PEOPLE_MAX)));
                }
                for (login, value) in sections {
                    let section = format!("people.{login}");
                    let toml::Value::Table(table) = value else {
                        return Err(wrong(&section, Wrong::Type(login, ("a table", "一个表"))));
                    };
                    let mut fields = Fields::new(table, env);
                    let person = person(&mut fields).map_err(|what| wrong(&section, what))?;
                    channels.people.insert(login.into(), person);
                }
            }
            _ => return Err(wrong(&part, Wrong::Unknown(part.clone()))),
        }
    }
    for channel in &channels.all {
        let Some(other) = &channel.fallback else { continue };
        if *other == channel.name || channels.named(other).is_none() {
            return Err(wrong(&format!("channel.{}", channel.name), Wrong::Fallback));
        }
    }
    Ok(channels)
}

fn guard(fields: &mut Fields<'_>) -> Result<Guard, Wrong> {
    let mut allow = Vec::new();
    for text in fields.texts("allow")? {
        let range = (
            "an address or range of a private network, such as 192.168.1.10 or 10.0.0.0/8",
            "内网的地址或网段，如 192.168.1.10 或 10.0.0.0/8",
        );
        let net = text.parse::<Net>().ok().filter(|net| may_be_allowed(*net));
        allow.push(net.ok_or(Wrong::Value("allow".into(), range))?);
    }
    let loopback_for_tests = fields.flag("loopback_for_tests")?;
    fields.end()?;
    Ok(Guard { allow, loopback_for_tests })
}

fn lang(fields: &mut Fields<'_>) -> Result<Option<Lang>, Wrong> {
    match fields.text("lang")?.as_deref() {
        None => Ok(None),
        Some("en") => Ok(Some(Lang::En)),
        Some("zh") => Ok(Some(Lang::Zh)),
        Some(_) => Err(Wrong::Value("lang".into(), both("en, zh"))),
    }
}

fn person(fields: &mut Fields<'_>) -> Result<Person, Wrong> {
    let person = Person {
        lang: lang(fields)?,
        mail: fields.text("mail")?.unwrap_or_default(),
        phone: fields.text("phone")?.unwrap_or_default(),
        wecom: fields.text("wecom")?.unwrap_or_default(),
        dingtalk: fields.text("dingtalk")?.unwrap_or_default(),
        feishu: fields.text("feishu")?.unwrap_or_default(),
        slack: fields.text("slack")?.unwrap_or_default(),
    };
    fields.end()?;
    Ok(person)
}

fn channel(name: &str, fields: &mut Fields<'_>) -> Result<Channel, Wrong> {
    let word = fields.needed("kind")?;
    let kinds = both(
        "wecom, wecom-app, dingtalk, feishu, mail, webhook, terminal, slack, teams, ntfy, bark, gotify, twilio, \
         aliyun-sms, tencent-sms, desktop",
    );
    let kind = ChannelKind::from_word(&word).ok_or(Wrong::Value("kind".into(), kinds))?;
    let mut limits = limits(kind, fields)?;
    if let Some(most) = fields.number("per_minute")? {
        limits = limits.lowered(usize::try_from(most).unwrap_or(usize::MAX));
    }
    let timeout_s = fields.number("timeout_s")?.unwrap_or(TIMEOUT_S);
    if !(1..=TIMEOUT_S_MAX).contains(&timeout_s) {
        return Err(Wrong::Value("timeout_s".into(), ("1 to 60", "1 到 60")));
    }
    let channel = Channel {
        name: SmolStr::new(name),
        kind,
        lang: lang(fields)?.unwrap_or(Lang::Zh),
        limits,
        keyword: fields.text("keyword")?.unwrap_or_default(),
        fallback: fields.text("fallback")?.map(SmolStr::from),
        mention: fields.texts("mention")?.into_iter().map(SmolStr::from).collect(),
        mention_all: fields.flag("mention_all")?,
        timeout_ms: timeout_s * 1_000,
        endpoint: endpoint(kind, fields)?,
    };
    fields.end()?;
    Ok(channel)
}

fn limits(kind: ChannelKind, fields: &mut Fields<'_>) -> Result<Limits, Wrong> {
    Ok(match kind {
        ChannelKind::Wecom | ChannelKind::Dingtalk => limit::robot(),
        ChannelKind::Feishu => limit::feishu(),
        ChannelKind::WecomApp => limit::wecom_app(),
        ChannelKind::Twilio | ChannelKind::AliyunSms | ChannelKind::TencentSms => {
            let per_day = fields.number("per_day")?.map_or(Ok(SMS_PER_DAY), usize::try_from);
            // More than is remembered could not be counted.
            let counted = per_day.ok().filter(|most| (1..=limit::RECENT_MAX).contains(most));
            limit::sms(counted.ok_or(Wrong::Value("per_day".into(), ("1 to 2000", "1 到 2000")))?)
        }
        ChannelKind::Ntfy => Limits::per_minute(12, 1_000).and(crate::model::time::DAY_MS, 240),
        ChannelKind::Mail
        | ChannelKind::Webhook
        | ChannelKind::Terminal
        | ChannelKind::Slack
        | ChannelKind::Teams
        | ChannelKind::Bark
        | ChannelKind::Gotify
        | ChannelKind::Desktop => limit::one_a_second(),
    })
}

fn endpoint(kind: ChannelKind, fields: &mut Fields<'_>) -> Result<Endpoint, Wrong> {
    Ok(match kind {
        ChannelKind::Wecom => {
            Endpoint::Wecom(wecom::Robot { base: fields.base(wecom::BASE)?, key: fields.secret("key")? })
        }
        ChannelKind::WecomApp => Endpoint::WecomApp(wecom_app::App {
            base: fields.base(wecom_app::BASE)?,
            corp: fields.needed("corp")?,
            agent: fields
                .number("agent")?
                .and_then(|n| i64::try_from(n).ok())
                .ok_or(Wrong::Missing("agent"))?,
            secret: fields.secret("secret")?,
            to: fields.texts("to")?,
            token: std::sync::Mutex::new(None),
        }),
        ChannelKind::Dingtalk => Endpoint::Dingtalk(dingtalk::Robot {
            base: fields.base(dingtalk::BASE)?,
            token: fields.secret("token")?,
            secret: fields.secret_or_none("secret")?,
        }),
        ChannelKind::Feishu => Endpoint::Feishu(feishu::Bot {
            base: fields.base(feishu::BASE)?,
            token: fields.secret("token")?,
            secret: fields.secret_or_none("secret")?,
        }),
        ChannelKind::Mail => mailbox(fields)?,
        ChannelKind::Webhook => {
            let (url, secret) = (fields.secret("url")?, fields.secret("secret")?);
            if sign::webhook_key(&secret).is_none() {
                return Err(Wrong::Value("secret".into(), SECRET));
            }
            Endpoint::Webhook(webhook::Hook { url, secret })
        }
        ChannelKind::Terminal => Endpoint::Terminal,
        ChannelKind::Slack => Endpoint::Slack(slack::Hook { url: fields.secret("url")? }),
        ChannelKind::Teams => Endpoint::Teams(teams::Flow { url: fields.secret("url")? }),
        ChannelKind::Ntfy => Endpoint::Ntfy(ntfy::Topic {
            base: fields.base(ntfy::BASE)?,
            topic: fields.secret("topic")?,
            token: fields.secret_or_none("token")?,
        }),
        ChannelKind::Bark => {
            Endpoint::Bark(bark::Device { base: fields.base(bark::BASE)?, key: fields.secret("key")? })
        }
        ChannelKind::Gotify => {
            Endpoint::Gotify(gotify::App { base: fields.needed_base()?, token: fields.secret("token")? })
        }
        ChannelKind::Twilio => Endpoint::Twilio(twilio::Account {
            base: fields.base(twilio::BASE)?,
            account: fields.needed("account")?,
            token: fields.secret("token")?,
            from: fields.needed("from")?,
            to: fields.texts("to")?,
        }),
        ChannelKind::AliyunSms => Endpoint::Aliyun(aliyun::Account {
            base: fields.base(aliyun::BASE)?,
            key: fields.needed("key")?,
            secret: fields.secret("secret")?,
            signature: fields.needed("signature")?,
            template: fields.needed("template")?,
            to: fields.texts("to")?,
        }),
        ChannelKind::TencentSms => tencent_sms(fields)?,
        ChannelKind::Desktop => {
            let program = fields.text("program")?.filter(|program| !program.is_empty());
            Endpoint::Desktop(desktop::Desktop {
                program: program.unwrap_or_else(|| desktop::PROGRAM.to_owned()),
            })
        }
    })
}

fn tencent_sms(fields: &mut Fields<'_>) -> Result<Endpoint, Wrong> {
    Ok(Endpoint::Tencent(tencent::Account {
        base: fields.base(tencent::BASE)?,
        id: fields.needed("id")?,
        key: fields.secret("key")?,
        region: fields.text("region")?.unwrap_or_else(|| "ap-guangzhou".to_owned()),
        app: fields.needed("app")?,
        signature: fields.needed("signature")?,
        template: fields.needed("template")?,
        to: fields.texts("to")?,
    }))
}

fn mailbox(fields: &mut Fields<'_>) -> Result<Endpoint, Wrong> {
    let (security, port) = match fields.text("security")?.as_deref() {
        None | Some("tls") => (mail::Security::Tls, 465),
        Some("starttls") => (mail::Security::StartTls, 587),
        Some("plain") => (mail::Security::Plain, 25),
        Some(_) => return Err(Wrong::Value("security".into(), both("tls, starttls, plain"))),
    };
    let port = fields.number("port")?.map_or(Ok(port), |n| {
        u16::try_from(n).map_err(|_| Wrong::Value("port".into(), ("1 to 65535", "1 到 65535")))
    })?;
    let login = match (fields.text("user")?, fields.secret_or_none("password")?) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        (Some(_), None) => return Err(Wrong::Missing("password")),
        (None, Some(_)) => return Err(Wrong::Missing("user")),
    };
    let to = fields.texts("to")?;
    if to.len() > mail::RECIPIENTS_MAX {
        return Err(Wrong::TooMany(mail::RECIPIENTS_MAX));
    }
    let from = fields.needed("from")?;
    let is_address = |text: &str| text.parse::<lettre::message::Mailbox>().is_ok();
    if !is_address(&from) {
        return Err(Wrong::Value("from".into(), ("a mail address", "一个邮件地址")));
    }
    if !to.iter().all(|one| is_address(one)) {
        return Err(Wrong::Value("to".into(), ("mail addresses", "邮件地址")));
    }
    Ok(Endpoint::Mail(mail::Mailbox { host: fields.needed("host")?, port, security, login, from, to }))
}
