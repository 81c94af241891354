//! A phone as people and spreadsheets write it → one E.164 form, or the reason why not.
//! It never guesses: digits that a spreadsheet destroyed stay destroyed, an impossible number gets no key.

use super::text::{clean_text, is_blank};
use phonenumber::Mode;
use phonenumber::metadata::DATABASE;
use serde::{Deserialize, Serialize};

/// ISO 3166 country whose habits a number without `+` is read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// China, the default.
    pub const CN: Self = Self(*b"CN");
    /// United States.
    pub const US: Self = Self(*b"US");

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("CN")
    }

    fn id(self) -> Option<phonenumber::country::Id> {
        self.as_str().parse().ok()
    }
}

impl Default for CountryCode {
    fn default() -> Self {
        Self::CN
    }
}

impl std::str::FromStr for CountryCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.trim().to_ascii_uppercase();
        match upper.as_bytes() {
            [a, b] if Self([*a, *b]).id().is_some() => Ok(Self([*a, *b])),
            _ => Err(format!(
                "unknown country {text:?}: use the two letters of ISO 3166, such as CN, US or GB"
            )),
        }
    }
}

/// Why a phone gave no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PhoneFault {
    /// Nothing in the cell.
    Empty,
    /// A spreadsheet destroyed the digits (`1.38E+10`, `#####`); the number cannot be known.
    Damaged,
    /// Prose, not a number.
    NotANumber,
    /// Digits that no numbering plan has.
    Invalid,
}

/// What is known of one phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneKey {
    /// `+8613800138000`, when it is a valid number.
    pub e164: Option<String>,
    /// Extension digits, when given.
    pub ext: Option<String>,
    /// Reached by several people (400/800, toll-free, switchboard with extension): never an identity.
    pub shared: bool,
    /// The cleaned text as given.
    pub shown: String,
    /// Why there is no `e164`.
    pub fault: Option<PhoneFault>,
    /// More numbers stood in the cell; the first was read.
    pub several: bool,
}

impl PhoneKey {
    /// What may identify a person: the E.164 form of a number that is not shared.
    #[must_use]
    pub fn identity(&self) -> Option<&str> {
        if self.shared { None } else { self.e164.as_deref() }
    }

    /// Whether a spreadsheet destroyed the number.
    #[must_use]
    pub fn damaged(&self) -> bool {
        self.fault == Some(PhoneFault::Damaged)
    }

    fn fault(shown: String, fault: PhoneFault) -> Self {
        Self { e164: None, ext: None, shared: false, shown, fault: Some(fault), several: false }
    }
}

/// Reads one phone cell. A number without `+` or `00` is one of `default_country`.
#[must_use]
pub fn phone(raw: &str, default_country: CountryCode) -> PhoneKey {
    let shown = clean_text(raw);
    if is_blank(&shown) {
        return PhoneKey::fault(shown, PhoneFault::Empty);
    }
    let lower = western_digits(&shown.to_lowercase());
    let bare = strip_wrapping(&lower);
    if is_damaged(bare) {
        return PhoneKey::fault(shown, PhoneFault::Damaged);
    }
    let bare = strip_prefix(bare);
    let (first, several) = first_of_several(bare);
    let (body, ext) = split_extension(first, default_country);
    let compact = match compact(body) {
        Ok(compact) => compact,
        Err(fault) => return PhoneKey { several, ..PhoneKey::fault(shown, fault) },
    };
    match resolve(&compact, default_country) {
        Some((e164, kind_shared)) => {
            let shared = kind_shared || ext.is_some();
            PhoneKey { e164: Some(e164), ext, shared, shown, fault: None, several }
        }
        None => PhoneKey { ext, several, ..PhoneKey::fault(shown, PhoneFault::Invalid) },
    }
}

/// Arabic-Indic, Persian and Devanagari digits; full-width ones are already plain after NFKC.
fn western_digits(text: &str) -> String {
    let digit = |c: char, zero: u32| char::from_digit(c as u32 - zero, 10).unwrap_or(c);
    text.chars()
        .map(|c| match c {
            '\u{660}'..='\u{669}' => digit(c, 0x660),
            '\u{6F0}'..='\u{6F9}' => digit(c, 0x6F0),
            '\u{966}'..='\u{96F}' => digit(c, 0x966),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | 'ー' => '-',
            c => c,
        })
        .collect()
}

/// Spreadsheet wrappings: `'138…`, `="138…"`, `"138…"`, a whole number stored as `138….0`.
fn strip_wrapping(text: &str) -> &str {
    let text = text.trim_start_matches('=').trim_matches(['"', '\'', '`', ' ', '\u{2018}', '\u{2019}']);
    match text.strip_suffix(".0") {
        Some(whole) if (7..=15).contains(&whole.len()) && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => text,
    }
}

/// Whether a spreadsheet destroyed a number: `1.38e+10`, `1.38001e10`, `#######`, `#value!`. Takes lower case.
#[must_use]
pub fn is_damaged(text: &str) -> bool {
    if text.starts_with('#') {
        return !text.bytes().any(|b| b.is_ascii_digit());
    }
    let Some((mantissa, exponent)) = text.split_once('e') else { return false };
    let exponent = exponent.trim_start_matches(['+', '-']);
    let number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let mantissa = mantissa.trim_start_matches(['+', '-']).replacen(['.', ','], "", 1);
    number(&mantissa) && number(exponent) && exponent.len() <= 3
}

fn strip_prefix(text: &str) -> &str {
    const PREFIXES: &[&str] = &[
        "p:",
        "tel:",
        "tel.",
        "tel",
        "phone:",
        "phone",
        "mobile:",
        "mobile",
        "mob:",
        "cell:",
        "cell",
        "t:",
        "m:",
        "ph:",
        "whatsapp:",
        "手机号码",
        "手机号",
        "手机",
        "联系电话",
        "电话号码",
        "电话",
        "座机",
        "固话",
        "热线",
    ];
    let mut rest = text;
    for prefix in PREFIXES {
        if let Some(after) = rest.strip_prefix(prefix) {
            rest = after.trim_start_matches([':', ' ', '.', '/']);
            break;
        }
    }
    rest
}

/// The first of `138… / 139…`; a second part must itself look like a number.
fn first_of_several(text: &str) -> (&str, bool) {
    for separator in ["/", "、", "|", ";", ",", " or ", " 或 ", "或"] {
        if let Some((first, rest)) = text.split_once(separator) {
            let count = |t: &str| t.bytes().filter(u8::is_ascii_digit).count();
            if count(first) >= 7 && count(rest) >= 7 {
                return (first.trim(), true);
            }
        }
    }
    (text, false)
}

/// `转801`, `ext 12`, `x12`, `#12`, `;ext=12`, and the Chinese `010-12345678-801`.
fn split_extension(text: &str, country: CountryCode) -> (&str, Option<String>) {
    const MARKS: &[&str] = &[
        "转分机",
        "转机",
        "分机号",
        "分机",
        "转",
        "轉",
        "内线",
        "extension",
        "extn",
        ";ext=",
        "ext.",
        "ext",
        "x",
        "#",
        ",",
    ];
    for mark in MARKS {
        let Some((body, tail)) = text.split_once(mark) else { continue };
        let digits: String = tail.chars().filter(char::is_ascii_digit).collect();
        let filler = tail.chars().all(|c| c.is_ascii_digit() || " .:#-()=".contains(c));
        if filler && (1..=7).contains(&digits.len()) && body.bytes().any(|b| b.is_ascii_digit()) {
            return (body.trim().trim_end_matches([';', ',', '-', '(']).trim(), Some(digits));
        }
    }
    if country == CountryCode::CN
        && let Some((body, tail)) = text.rsplit_once('-')
        && (1..=6).contains(&tail.len())
        && tail.bytes().all(|b| b.is_ascii_digit())
    {
        let digits = body.bytes().filter(u8::is_ascii_digit).count();
        let area = body.starts_with('0') && body.contains('-') && (10..=12).contains(&digits);
        let hotline = (body.starts_with("400") || body.starts_with("800")) && digits == 10;
        if area || hotline {
            return (body, Some(tail.to_string()));
        }
    }
    (text, None)
}

/// `+` and digits only; anything that is not number punctuation makes it prose.
fn compact(body: &str) -> Result<String, PhoneFault> {
    let body = body.split(';').next().unwrap_or(body).trim();
    let foreign = body.trim_start_matches('(').starts_with('+');
    let body = if foreign { body.replace("(0)", "") } else { body.to_string() };
    let mut out = String::with_capacity(body.len());
    for c in body.chars() {
        match c {
            '0'..='9' => out.push(c),
            '+' if out.is_empty() => out.push('+'),
            ' ' | '-' | '(' | ')' | '.' | '/' | '_' | '[' | ']' => {}
            _ => return Err(PhoneFault::NotANumber),
        }
    }
    match out.bytes().filter(u8::is_ascii_digit).count() {
        0 => Err(PhoneFault::NotANumber),
        1..=4 => Err(PhoneFault::Invalid),
        n if n > 18 => Err(PhoneFault::Invalid),
        _ => Ok(out),
    }
}

fn resolve(compact: &str, country: CountryCode) -> Option<(String, bool)> {
    if let Some(digits) = compact.strip_prefix('+') {
        return international(digits.trim_start_matches("00"));
    }
    if country == CountryCode::CN && plain_cn_mobile(compact) {
        return Some((format!("+86{compact}"), false));
    }
    let national = phonenumber::parse(country.id(), compact).ok().and_then(|number| {
        let code = number.code().value();
        let national = number.national().to_string();
        let kind = classify(code, &national)?;
        Some((number.format().mode(Mode::E164).to_string(), kind == Kind::Shared))
    });
    national
        .or_else(|| by_plan(compact, country))
        .or_else(|| compact.strip_prefix("00").and_then(international))
}

/// The digits as they stand, or without the trunk prefix once: what the parser loses when a number begins like one
/// (8 800 in Russia, 250 in Rwanda).
fn by_plan(digits: &str, country: CountryCode) -> Option<(String, bool)> {
    let plan = DATABASE.by_id(country.as_str())?;
    let code = plan.country_code();
    let trimmed = plan.national_prefix().and_then(|prefix| digits.strip_prefix(prefix));
    [Some(digits), trimmed].into_iter().flatten().find_map(|national| {
        let kind = classify(code, national)?;
        Some((format!("+{code}{national}"), kind == Kind::Shared))
    })
}

/// Prefixes that are mobile in their whole range; the rest asks the numbering plan.
fn plain_cn_mobile(digits: &str) -> bool {
    digits.len() == 11
        && digits.starts_with('1')
        && matches!(digits.as_bytes(), [_, b'3' | b'8', ..] | [_, b'5', b'0'..=b'3' | b'5'..=b'9', ..])
        && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Digits after `+`: the E.164 form is these digits, if some plan of their country code has them.
fn international(digits: &str) -> Option<(String, bool)> {
    for size in 1..=3 {
        let (code, national) = digits.split_at_checked(size)?;
        let code: u16 = code.parse().ok()?;
        if DATABASE.region(&code).is_none() {
            continue;
        }
        if let Some(kind) = classify(code, national) {
            return Some((format!("+{digits}"), kind == Kind::Shared));
        }
        // a trunk zero kept by mistake: +44 020 …
        let trimmed = national.strip_prefix('0')?;
        return classify(code, trimmed).map(|kind| (format!("+{code}{trimmed}"), kind == Kind::Shared));
    }
    None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Personal,
    Shared,
}

/// Which kind of number the numbering plans of `code` say `national` is.
fn classify(code: u16, national: &str) -> Option<Kind> {
    let plans = DATABASE.by_code(&code)?;
    let fits = |d: Option<&phonenumber::metadata::Descriptor>| d.is_some_and(|d| d.is_match(national));
    let china_hotline = code == 86 && (national.starts_with("400") || national.starts_with("800"));
    let mut personal = false;
    for plan in &plans {
        let kinds = plan.descriptors();
        if !kinds.general().is_match(national) {
            continue;
        }
        let shared =
            [kinds.toll_free(), kinds.shared_cost(), kinds.premium_rate(), kinds.uan(), kinds.voicemail()];
        if shared.into_iter().any(fits) {
            return Some(Kind::Shared);
        }
        let own = [kinds.mobile(), kinds.fixed_line(), kinds.voip(), kinds.personal_number(), kinds.pager()];
        personal = personal || own.into_iter().any(fits);
    }
    personal.then_some(if china_hotline { Kind::Shared } else { Kind::Personal })
}
