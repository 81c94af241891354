//! Ways out of the desk as nouns: kinds of channels, and what may be told through them. Addresses and secrets are no part of
//! the model: they never come near the log.

use serde::{Deserialize, Serialize};

/// A kind of channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// A robot in a WeCom group.
    Wecom,
    /// Messages of a WeCom app to members.
    WecomApp,
    /// A custom robot in a DingTalk group.
    Dingtalk,
    /// A custom bot in a Feishu or Lark group.
    Feishu,
    Mail,
    /// Any address that takes signed JSON.
    Webhook,
    /// The consoles themselves.
    Terminal,
    Slack,
    Teams,
    Ntfy,
    Bark,
    Gotify,
    Twilio,
    AliyunSms,
    TencentSms,
    /// The desktop of the machine that leads.
    Desktop,
}

impl ChannelKind {
    /// Every kind, in the order screens list them.
    pub const ALL: [ChannelKind; 16] = [
        Self::Wecom,
        Self::WecomApp,
        Self::Dingtalk,
        Self::Feishu,
        Self::Mail,
        Self::Webhook,
        Self::Terminal,
        Self::Slack,
        Self::Teams,
        Self::Ntfy,
        Self::Bark,
        Self::Gotify,
        Self::Twilio,
        Self::AliyunSms,
        Self::TencentSms,
        Self::Desktop,
    ];

    /// The word in the book, in the file and in the channels' configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Wecom => "wecom",
            Self::WecomApp => "wecom-app",
            Self::Dingtalk => "dingtalk",
            Self::Feishu => "feishu",
            Self::Mail => "mail",
            Self::Webhook => "webhook",
            Self::Terminal => "terminal",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Ntfy => "ntfy",
            Self::Bark => "bark",
            Self::Gotify => "gotify",
            Self::Twilio => "twilio",
            Self::AliyunSms => "aliyun-sms",
            Self::TencentSms => "tencent-sms",
            Self::Desktop => "desktop",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<ChannelKind> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether each message is paid for and goes to one phone: only what pages is worth that.
    #[must_use]
    pub fn is_sms(self) -> bool {
        matches!(self, Self::Twilio | Self::AliyunSms | Self::TencentSms)
    }

    /// Whether a message goes to one person and not to a group.
    #[must_use]
    pub fn is_personal(self) -> bool {
        self.is_sms() || matches!(self, Self::WecomApp | Self::Mail)
    }
}

/// What a `notify` line of the book is sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Alerts that page.
    Page,
    /// Alerts that warn, and louder ones.
    Warn,
    /// All alerts.
    Info,
    /// What happened while the desk was closed, once when it opens.
    Digest,
    /// A rep's own leads: given, nearly late, no longer theirs.
    Assigned,
}
