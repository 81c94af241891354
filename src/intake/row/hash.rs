//! The content hash of a draft: the same for every spelling of the same content.

use super::LeadDraft;
use crate::intake::amount;
use siphasher::sip::SipHasher24;
use std::hash::Hasher;

/// Whole minutes: a file saved again by a spreadsheet loses its seconds.
const MINUTE_MS: i64 = 60_000;

/// Hashes what a lead is; owner and state are left out because they change while the lead stays the same.
/// `custom_minutes` holds, for custom columns of dates, the moment instead of its spelling.
pub fn content_hash(draft: &LeadDraft, custom_minutes: &[(usize, i64)]) -> u64 {
    let mut hasher = SipHasher24::new();
    let mut put = |tag: &str, text: &str| {
        if !text.is_empty() {
            hasher.write(tag.as_bytes());
            hasher.write(&[0x1e]);
            hasher.write(text.as_bytes());
            hasher.write(&[0x1f]);
        }
    };
    put("id", draft.external_id.as_deref().unwrap_or_default());
    if let Some(at) = draft.received_at {
        put("received", &at.0.div_euclid(MINUTE_MS).to_string());
    }
    put("name", &draft.name.to_lowercase());
    match draft.phone_key.as_ref().and_then(|p| p.e164.as_deref()) {
        Some(number) => put("phone", number),
        None => put("phone", &draft.phone),
    }
    put("email", draft.email_key.as_ref().map_or(draft.email.as_str(), |m| &m.canonical));
    put("wechat", draft.wechat_key.as_deref().unwrap_or(&draft.wechat));
    put("company", &draft.company.to_lowercase());
    for (tag, text) in [
        ("source", &draft.source),
        ("campaign", &draft.campaign),
        ("region", &draft.region),
        ("city", &draft.city),
        ("product", &draft.product),
        ("industry", &draft.industry),
        ("language", &draft.language),
    ] {
        put(tag, &text.to_lowercase());
    }
    put("score", &draft.score.map(|s| s.to_string()).unwrap_or_default());
    put("value", &draft.value.map(|v| v.to_string()).unwrap_or_default());
    put("note", &draft.note);
    for (index, (name, text)) in draft.custom.iter().enumerate() {
        let minute = custom_minutes.iter().find(|(i, _)| *i == index).map(|(_, m)| m.to_string());
        let text = minute.as_deref().unwrap_or_else(|| amount::canonical(text).unwrap_or(text));
        put(&format!("x.{name}"), text);
    }
    hasher.finish()
}
