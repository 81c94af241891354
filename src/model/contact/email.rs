//! E-mail and WeChat keys. Syntax and habit only: nothing is looked up, nobody is written to.

use super::text::clean_text;

/// An e-mail in the form it is compared in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailKey {
    /// Lower case; dots and `+tag` dropped only where the host is known to ignore them (gmail).
    pub canonical: String,
    /// A role mailbox (info@, sales@ …): several people, so never an identity.
    pub shared: bool,
}

const ROLES: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "administrator",
    "billing",
    "career",
    "careers",
    "contact",
    "contactus",
    "customerservice",
    "desk",
    "enquiries",
    "enquiry",
    "finance",
    "hello",
    "help",
    "helpdesk",
    "hi",
    "hr",
    "info",
    "information",
    "inquiries",
    "inquiry",
    "invoice",
    "invoices",
    "it",
    "jobs",
    "kefu",
    "legal",
    "mail",
    "mailbox",
    "marketing",
    "media",
    "newsletter",
    "no-reply",
    "noreply",
    "no_reply",
    "office",
    "order",
    "orders",
    "postmaster",
    "pr",
    "press",
    "privacy",
    "purchase",
    "purchasing",
    "reception",
    "sales",
    "security",
    "service",
    "services",
    "shop",
    "spam",
    "support",
    "team",
    "tech",
    "test",
    "webmaster",
    "xiaoshou",
    "zhaopin",
    "shichang",
    "caigou",
];

/// The key of a mail address, or `None` when it is none. Takes `mailto:x`, `Name <x>`, full-width letters.
#[must_use]
pub fn email(raw: &str) -> Option<EmailKey> {
    let mut text = clean_text(raw).replace('。', ".").to_lowercase();
    if let (Some(open), Some(close)) = (text.rfind('<'), text.rfind('>'))
        && open < close
    {
        text = text[open + 1..close].to_string();
    }
    let text = text.trim().trim_start_matches("mailto:");
    let text = text.trim_start_matches(|c: char| " ,;:'\"<>()[]".contains(c));
    let text = text.trim_end_matches(|c: char| " .,;:'\"<>()[]".contains(c));
    let (local, domain) = text.split_once('@')?;
    if !valid_local(local) || !valid_domain(domain) {
        return None;
    }
    let (local, domain) = match domain {
        "gmail.com" | "googlemail.com" => {
            let plain: String =
                local.split('+').next().unwrap_or(local).chars().filter(|c| *c != '.').collect();
            if plain.is_empty() {
                return None;
            }
            (plain, "gmail.com")
        }
        _ => (local.to_string(), domain),
    };
    let role = local.split('+').next().unwrap_or(&local);
    let shared = ROLES.contains(&role);
    Some(EmailKey { canonical: format!("{local}@{domain}"), shared })
}

fn valid_local(local: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    !local.is_empty()
        && local.len() <= 64
        && local.chars().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn valid_domain(domain: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(label)
        && top.chars().count() >= 2
        && !top.chars().all(|c| c.is_ascii_digit())
}

/// A WeChat id in the form it is compared in: lower case, 6 to 20 of letters, digits, `-`, `_`, beginning with a letter;
/// or the bare QQ or mobile number many people still use. `None` for "same as phone" and other prose.
#[must_use]
pub fn wechat(raw: &str) -> Option<String> {
    const PREFIXES: &[&str] =
        &["微信号", "微信", "wechat id", "wechat", "weixin", "wx id", "wxid:", "wx:", "vx:", "v:"];
    let folded = clean_text(raw).to_lowercase();
    let mut text = folded.as_str();
    for prefix in PREFIXES {
        if let Some(rest) = text.strip_prefix(prefix)
            && (prefix.ends_with(':') || rest.starts_with([':', ' ', '-']) || !prefix.is_ascii())
        {
            text = rest.trim_start_matches([':', ' ', '-']);
            break;
        }
    }
    let letters = text.starts_with(|c: char| c.is_ascii_lowercase());
    let digits = text.chars().all(|c| c.is_ascii_digit());
    let allowed = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    let size = text.len();
    let fits = (letters && allowed && (6..=20).contains(&size)) || (digits && (5..=11).contains(&size));
    (fits && !super::text::is_blank(text)).then(|| text.to_string())
}
