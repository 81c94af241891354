//! The channels, one file each: what a message looks like there, what an answer means, whom it can reach. None of them keeps
//! a queue, a limit or a try: that is the courier's.

pub mod aliyun;
pub mod bark;
pub mod desktop;
pub mod dingtalk;
pub mod feishu;
pub mod gotify;
pub mod mail;
pub mod ntfy;
pub mod slack;
pub mod teams;
pub mod tencent;
pub mod twilio;
pub mod webhook;
pub mod wecom;
pub mod wecom_app;

use smol_str::SmolStr;

use super::letter::Letter;
use super::limit::Limits;
use super::people::{People, Person};
use super::verdict::{Answer, Verdict};
use super::wire::{Outgoing, Wire};
use crate::model::channel::ChannelKind;
use crate::model::lang::Lang;
use crate::model::time::Millis;

/// People mentioned in one message at most: more is a shout, and would take the text's room.
const MENTIONED_MAX: usize = 50;
/// Notices merged into one message at most.
pub const MERGED_MAX: usize = 200;

/// Where a channel leads and with which secrets.
pub enum Endpoint {
    Wecom(wecom::Robot),
    WecomApp(wecom_app::App),
    Dingtalk(dingtalk::Robot),
    Feishu(feishu::Bot),
    Mail(mail::Mailbox),
    Webhook(webhook::Hook),
    /// The consoles show it: nothing is sent.
    Terminal,
    Slack(slack::Hook),
    Teams(teams::Flow),
    Ntfy(ntfy::Topic),
    Bark(bark::Device),
    Gotify(gotify::App),
    Twilio(twilio::Account),
    Aliyun(aliyun::Account),
    Tencent(tencent::Account),
    Desktop(desktop::Desktop),
}

impl std::fmt::Debug for Endpoint {
    /// Nothing: an address can be a secret too, and somebody will paste one where only a key belongs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Endpoint")
    }
}

/// One configured channel.
#[derive(Debug)]
pub struct Channel {
    pub name: SmolStr,
    pub kind: ChannelKind,
    pub lang: Lang,
    pub endpoint: Endpoint,
    pub limits: Limits,
    /// Stands in every message; empty = none.
    pub keyword: String,
    /// The channel that takes over what pages when this one gives up.
    pub fallback: Option<SmolStr>,
    /// Logins mentioned when something pages.
    pub mention: Vec<SmolStr>,
    pub mention_all: bool,
    /// From the start of a request to the end of its answer, in milliseconds.
    pub timeout_ms: u64,
}

/// Whom a message goes to, for channels that reach one person.
#[derive(Debug, Clone, Copy)]
pub struct To<'a> {
    pub people: &'a People,
    /// Login; empty = whoever the channel names.
    pub receiver: &'a str,
    /// Logins to be mentioned.
    pub mention: &'a [SmolStr],
    pub everybody: bool,
}

impl<'a> To<'a> {
    /// The ids of those to be mentioned, as one vendor knows them.
    pub(super) fn ids(&self, id: impl Fn(&'a Person) -> &'a str) -> Vec<&'a str> {
        let known = self.mention.iter().filter_map(|login| self.people.get(login));
        known.map(id).filter(|id| !id.is_empty()).take(MENTIONED_MAX).collect()
    }

    /// What one vendor knows the receiver by; the channel's own list for what is nobody's in particular. `None` = the
    /// receiver cannot be reached.
    pub(super) fn addresses(
        &self,
        own: &'a [String],
        id: impl Fn(&'a Person) -> &'a str,
    ) -> Option<Vec<&'a str>> {
        if self.receiver.is_empty() {
            return Some(own.iter().map(String::as_str).collect()).filter(|all: &Vec<_>| !all.is_empty());
        }
        let known = self.people.get(self.receiver).map(id).filter(|id| !id.is_empty());
        known.map(|id| vec![id])
    }
}

/// Nobody to send it to.
pub(super) fn unreachable(receiver: &str) -> Verdict {
    let why = if receiver.is_empty() {
        "the channel names nobody to send this to: give it `to`".into()
    } else {
        smol_str::format_smolstr!("{receiver} has no address for this channel under [people]")
    };
    Verdict::Permanent { why, channel: false }
}

/// The number a vendor puts its result in; an unreadable answer may be to a message that arrived.
pub(super) fn code(answer: &Answer, field: &str) -> Result<i64, Verdict> {
    let number = answer.json().and_then(|json| json.get(field)?.as_i64());
    number.ok_or(Verdict::Unknown { why: "an answer that cannot be read".into() })
}

impl Channel {
    /// Whether the vendor or the receiver knows a repeat by its id, so that trying again in doubt does no harm.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        matches!(
            self.endpoint,
            Endpoint::Dingtalk(_) | Endpoint::Webhook(_) | Endpoint::WecomApp(_) | Endpoint::Mail(_)
        )
    }

    /// Notices one message may hold. Programs get each as data and must not miss one; people read the first few.
    #[must_use]
    pub fn merged_max(&self) -> usize {
        if matches!(self.endpoint, Endpoint::Webhook(_)) { webhook::NOTICES_MAX } else { MERGED_MAX }
    }

    /// Hands a message over and judges the answer.
    pub async fn send(&self, wire: &Wire, letter: &Letter, to: To<'_>, now: Millis) -> Verdict {
        match &self.endpoint {
            Endpoint::Wecom(robot) => posted(wire, robot.build(letter, to), wecom::judge, now).await,
            Endpoint::WecomApp(app) => app.send(wire, letter, to, now).await,
            Endpoint::Dingtalk(robot) => {
                posted(wire, robot.build(letter, to, now), dingtalk::judge, now).await
            }
            Endpoint::Feishu(bot) => posted(wire, bot.build(letter, to, now), feishu::judge, now).await,
            Endpoint::Mail(mailbox) => mailbox.send(wire, letter, to, now).await,
            Endpoint::Webhook(hook) => posted(wire, hook.build(letter, to, now), webhook::judge, now).await,
            Endpoint::Terminal => Verdict::delivered(),
            Endpoint::Slack(hook) => posted(wire, hook.build(letter, to), slack::judge, now).await,
            Endpoint::Teams(flow) => posted(wire, flow.build(letter), teams::judge, now).await,
            Endpoint::Ntfy(topic) => posted(wire, topic.build(letter), ntfy::judge, now).await,
            Endpoint::Bark(device) => posted(wire, device.build(letter), bark::judge, now).await,
            Endpoint::Gotify(app) => posted(wire, app.build(letter), gotify::judge, now).await,
            Endpoint::Twilio(account) => account.send(wire, letter, to, now).await,
            Endpoint::Aliyun(account) => match to.addresses(&account.to, |p| &p.phone) {
                Some(phones) => posted(wire, account.build(letter, &phones, now), aliyun::judge, now).await,
                None => unreachable(to.receiver),
            },
            Endpoint::Tencent(account) => match to.addresses(&account.to, |p| &p.phone) {
                Some(phones) => posted(wire, account.build(letter, &phones, now), tencent::judge, now).await,
                None => unreachable(to.receiver),
            },
            Endpoint::Desktop(desktop) => desktop.send(wire, letter).await,
        }
    }
}

/// One request and what its answer means.
pub(super) async fn posted(
    wire: &Wire,
    out: Outgoing,
    judge: impl Fn(&Answer) -> Verdict,
    now: Millis,
) -> Verdict {
    match wire.send(out, now).await {
        Ok(answer) => judge(&answer),
        Err(verdict) => verdict,
    }
}
