//! What is shown of a phone or an e-mail when nobody asked to see it whole. Unmasking is not done here: it is an event.

/// `138****8000`; a foreign number keeps its plus and first digits: `+4420*****456`.
/// At least four digits are hidden, and never fewer than are needed to keep half of a short number.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let plus = phone.trim_start().starts_with('+');
    let (lead, digits) = match digits.strip_prefix("86") {
        Some(national) if plus && national.len() == 11 => ("", national.to_string()),
        _ => (if plus { "+" } else { "" }, digits),
    };
    let total = digits.len();
    let (head, tail) = match total {
        0 => return if phone.trim().is_empty() { String::new() } else { "****".to_string() },
        1..=4 => (0, 0),
        5..=7 => (0, 2),
        8..=9 => (2, 2),
        10 => (3, 3),
        _ => (if plus && lead == "+" { 4 } else { 3 }, if lead == "+" { 3 } else { 4 }),
    };
    let stars = "*".repeat(total - head - tail);
    format!("{lead}{}{stars}{}", &digits[..head], &digits[total - tail..])
}

/// `z***@example.com`: the first character and the domain. The length of the name is not given away.
#[must_use]
pub fn mask_email(email: &str) -> String {
    let Some((local, domain)) = email.trim().rsplit_once('@') else {
        return if email.trim().is_empty() { String::new() } else { "***".to_string() };
    };
    let mut chars = local.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(_)) => format!("{first}***@{domain}"),
        _ => format!("***@{domain}"),
    }
}
