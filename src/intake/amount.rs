//! Numbers as files write them: amounts in thousandths, whole scores. No floats, no currency conversion.

use crate::model::contact::fold;

/// `1054`, `$22,700.00`, `$1,117.10K`, `¥1.5万`, `1.234,56`, `(200)` → thousandths. `None` when it is no number.
#[must_use]
pub fn thousandths(raw: &str) -> Option<i64> {
    // Most cells are words; folding makes a digit of nothing but a number.
    if !raw.chars().any(char::is_numeric) {
        return None;
    }
    let folded = fold(raw);
    let mut text = folded.as_str();
    let mut sign = 1;
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        text = inner;
        sign = -1;
    }
    for mark in ["rmb", "cny", "usd", "eur", "gbp", "us$", "r$", "hk$", "$", "¥", "€", "£", "₹", "元"]
    {
        text = text.trim().strip_prefix(mark).unwrap_or(text.trim());
        text = text.strip_suffix(mark).unwrap_or(text).trim();
    }
    if let Some(rest) = text.strip_prefix('-') {
        text = rest.trim();
        sign = -sign;
    }
    let (body, unit) = unit(text);
    let (whole, fraction) = split_decimal(body)?;
    let mut digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let mut fraction: String = fraction.to_string();
    fraction.truncate(9);
    let places = u32::try_from(fraction.len()).ok()?;
    digits.push_str(&fraction);
    let number: i128 = digits.parse().ok()?;
    let value = number.checked_mul(unit)?.checked_mul(1000)? / 10_i128.pow(places);
    i64::try_from(value).ok().map(|v| v * sign)
}

/// A whole number; `87`, `87.0`, `87%`. `None` when it is not whole or not a number.
#[must_use]
pub fn score(raw: &str) -> Option<i32> {
    let value = thousandths(raw.trim().trim_end_matches(['%', '分']))?;
    if value % 1000 != 0 {
        return None;
    }
    i32::try_from(value / 1000).ok()
}

/// A plain decimal without idle zeros (`0.0` → `0`, `1.50` → `1.5`), so that a file saved again hashes the same.
#[must_use]
pub fn canonical(text: &str) -> Option<&str> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.')?;
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    (digits(whole) && digits(fraction)).then(|| text.trim_end_matches('0').trim_end_matches('.'))
}

fn unit(text: &str) -> (&str, i128) {
    for (mark, unit) in [
        ("million", 1_000_000),
        ("mn", 1_000_000),
        ("k", 1000),
        ("m", 1_000_000),
        ("bn", 1_000_000_000),
        ("万", 10_000),
        ("亿", 100_000_000),
        ("千", 1000),
    ] {
        if let Some(body) = text.strip_suffix(mark) {
            return (body.trim(), unit);
        }
    }
    (text, 1)
}

/// Whole part with its group marks, and the digits after the decimal mark.
fn split_decimal(body: &str) -> Option<(&str, &str)> {
    if !body.bytes().any(|b| b.is_ascii_digit())
        || !body.bytes().all(|b| b.is_ascii_digit() || b",. ".contains(&b))
    {
        return None;
    }
    let last = body.rfind(['.', ',']);
    let Some(at) = last else { return Some((body, "")) };
    let (whole, tail) = (body.get(..at)?, body.get(at + 1..)?);
    let mark = body.as_bytes().get(at).copied()?;
    let other = if mark == b'.' { ',' } else { '.' };
    let again = whole.contains(char::from(mark));
    // `1,234` is a group, `1,5` and `1.234,56` are decimals; `1.234` is a decimal as dots are the custom here
    let decimal = if mark == b'.' { !again } else { !again && (tail.len() != 3 || whole.contains(other)) };
    if !tail.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if decimal { Some((if whole.is_empty() { "0" } else { whole }, tail)) } else { Some((body, "")) }
}
