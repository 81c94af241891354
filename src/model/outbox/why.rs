//! Why a notice did not get out, in the reader's language. Channels note it in English, once, in the outbox; what is a bare code
//! there gets what it usually means here. It decides nothing.

use std::borrow::Cow;

use super::super::lang::Lang;

/// What starts every sentence about a wrong clock.
const CLOCK: &str = "this machine's clock ";

/// What is noted, and the same in Chinese; each `{}` is a word of it.
const SENTENCES: &[(&str, &str)] = &[
    ("no connection in time", "连接超时"),
    ("no connection", "无法建立连接"),
    ("no answer in time", "等待应答超时"),
    ("the connection ended without an answer", "连接中断，没有应答"),
    ("an answer that cannot be read", "应答无法识别"),
    ("it redirects, which is not followed", "对方要求跳转，不予跟随"),
    ("TLS cannot be set up on this machine", "本机无法建立 TLS"),
    ("the request cannot be built", "请求无法生成：请检查地址与密钥"),
    (
        "its certificate is for another name: check the address; nothing was sent",
        "对方证书属于另一个域名：请检查地址；内容未发出",
    ),
    (
        "its certificate is not valid now: it ran out, or this machine's clock is wrong; nothing was sent",
        "对方证书不在有效期内：证书过期，或本机时钟不准；内容未发出",
    ),
    (
        "its certificate comes from nobody this machine trusts: nothing was sent",
        "对方证书的签发者不受本机信任；内容未发出",
    ),
    ("its certificate is refused: nothing was sent", "对方证书不可接受；内容未发出"),
    (
        "this machine's clock is {} min ahead of theirs, more than they allow: set it (NTP); they said {}",
        "本机时钟比对方快 {} 分钟，超出允许范围：请校准时钟（NTP）；对方应答 {}",
    ),
    (
        "this machine's clock is {} min behind theirs, more than they allow: set it (NTP); they said {}",
        "本机时钟比对方慢 {} 分钟，超出允许范围：请校准时钟（NTP）；对方应答 {}",
    ),
    (
        "this machine's clock is off, they say: set it (NTP); {}",
        "对方认为本机时钟不准：请校准时钟（NTP）；{}",
    ),
    ("the channel names nobody to send this to: give it `to`", "通道没有收件人：请配置 to"),
    ("{} has no address for this channel under [people]", "[people] 中没有 {} 在此通道的地址"),
    ("the address cannot be read", "地址无法识别"),
    (
        "only https is allowed; http only to a host on the allow list",
        "只允许 https；http 仅限允许列表中的主机",
    ),
    ("a user name or password in an address is not allowed", "地址中不允许包含用户名或密码"),
    (
        "{} is {}, which is not on the public internet; allow it under [guard] if it is meant",
        "{} 指向 {}，不在公共互联网上；如确需使用，请在 [guard] 中允许",
    ),
    ("{} is not known to the name service", "域名服务查不到 {}"),
    ("no readable answer from the mail server", "邮件服务器没有可识别的应答"),
    ("no connection to the mail server", "无法连接邮件服务器"),
    ("TLS with the mail server failed", "与邮件服务器建立 TLS 失败"),
    ("the mail cannot be built", "邮件无法生成"),
    ("`from` is no mail address", "from 不是邮件地址"),
    ("a recipient is no mail address", "收件人不是邮件地址"),
    ("no token in the answer", "应答中没有令牌"),
    ("no token", "没有令牌"),
    ("no longer so", "情况已变，不再发送"),
    ("older than a day: news no more", "已超过一天，不再发送"),
    ("its sender stopped before it knew the answer", "发送进程在得到应答前停止"),
    (
        "its sender stopped before it knew the answer; a text message is not sent twice",
        "发送进程在得到应答前停止；短信不重复发送",
    ),
    ("it would have waited {} min: {} takes it over", "需等待 {} 分钟，改由 {} 发送"),
    (
        "{} is not on this machine: install it, or give the channel `program`",
        "本机没有 {}：请安装，或为通道配置 program",
    ),
    ("{} may not be run: check its permissions", "无法运行 {}：请检查权限"),
    (
        "no desktop answers here ({}): a service without a session has none",
        "此处没有桌面应答（{}）：未登录桌面的服务没有桌面会话",
    ),
];

/// What a bare code usually means.
const CODES: &[(&str, &str, &str)] = &[
    ("errcode 93000", "wrong key", "key 有误"),
    ("errcode 45009", "too much was sent", "发送过于频繁"),
    (
        "errcode 60020",
        "this machine is not on the app's list of trusted addresses",
        "本机地址不在应用的可信 IP 中",
    ),
    ("errcode 310000", "secret, keyword, address list or clock", "加签密钥、关键词、IP 白名单或时钟不符"),
    ("errcode 130101", "too much was sent", "发送过于频繁"),
    ("code 19021", "secret or clock", "签名密钥或时钟不符"),
    ("code 19022", "this machine's address is not allowed", "本机 IP 不在白名单"),
    ("code 19024", "the keyword is missing", "缺少关键词"),
    ("code 11232", "too much was sent", "发送过于频繁"),
    ("HTTP 401", "wrong secret", "密钥有误"),
    ("HTTP 403", "not allowed", "没有权限"),
    ("HTTP 404", "no such address", "地址不存在"),
    ("HTTP 410", "the address is gone for good", "地址已停用"),
    ("HTTP 413", "too long", "内容过长"),
    ("HTTP 429", "too much was sent", "发送过于频繁"),
    ("SMTP 535", "wrong user or password", "用户名或密码（授权码）有误"),
];

/// What was noted, to be read.
#[must_use]
pub fn why_in(why: &str, lang: Lang) -> Cow<'_, str> {
    if let Some((_, en, zh)) = CODES.iter().find(|(code, ..)| *code == why) {
        return match lang {
            Lang::En => format!("{why}: {en}").into(),
            Lang::Zh => format!("{why}：{zh}").into(),
        };
    }
    if lang == Lang::En {
        return why.into();
    }
    let said = SENTENCES.iter().find_map(|(en, zh)| Some(filled(zh, &words(en, why)?)));
    said.map_or(Cow::Borrowed(why), Cow::Owned)
}

/// Whether it is this machine's clock that is to be set.
#[must_use]
pub fn is_clock(why: &str) -> bool {
    why.starts_with(CLOCK)
}

/// The words that stand in `text` where `pattern` has its `{}`; none when it is another sentence.
fn words<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let at = if parts.peek().is_none() && part.is_empty() { rest.len() } else { rest.find(part)? };
        found.push(rest.get(..at)?);
        rest = rest.get(at + part.len()..)?;
    }
    rest.is_empty().then_some(found)
}

fn filled(pattern: &str, words: &[&str]) -> String {
    let mut words = words.iter();
    let mut out = String::new();
    for (n, part) in pattern.split("{}").enumerate() {
        if n > 0 {
            out.push_str(words.next().copied().unwrap_or_default());
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sentence_is_said_in_both_languages_with_its_words() {
        for (en, zh) in SENTENCES {
            assert_eq!(en.matches("{}").count(), zh.matches("{}").count(), "{en}");
            let said = filled(en, &["12", "x.example"]);
            let wanted = filled(zh, &["12", "x.example"]);
            assert_eq!(why_in(&said, Lang::Zh), wanted);
            assert_eq!(why_in(&said, Lang::En), said);
        }
        assert_eq!(
            why_in("errcode 310000", Lang::Zh),
            "errcode 310000：加签密钥、关键词、IP 白名单或时钟不符"
        );
        assert_eq!(why_in("isv.OUT_OF_SERVICE", Lang::Zh), "isv.OUT_OF_SERVICE");
    }

    #[test]
    fn a_clock_matter_is_known_as_one() {
        let clocks = SENTENCES.iter().filter(|(en, _)| is_clock(en)).count();
        assert_eq!(clocks, 3);
        assert!(!is_clock("errcode 310000"));
    }
}
