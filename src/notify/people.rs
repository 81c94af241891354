//! Where people are reached, by login: what only the channels' configuration knows. Not the roster: that is in the desk's
//! file, this is not.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::model::lang::Lang;

/// How one person is reached; what is empty is not known.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// None = the channel's language.
    pub lang: Option<Lang>,
    pub mail: String,
    /// With country code, `+86…`.
    pub phone: String,
    /// Member id in WeCom.
    pub wecom: String,
    /// User id in DingTalk.
    pub dingtalk: String,
    /// `open_id` in Feishu.
    pub feishu: String,
    /// Member id in Slack.
    pub slack: String,
}

impl std::fmt::Debug for Person {
    /// Without phone and mail.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("lang", &self.lang).finish_non_exhaustive()
    }
}

/// Everybody who can be reached, by login.
pub type People = BTreeMap<SmolStr, Person>;

/// The phone number of a mainland subscriber without its country code, as robots want it to mention somebody.
#[must_use]
pub fn national(phone: &str) -> &str {
    phone.strip_prefix("+86").unwrap_or(phone)
}
