//! A form of one-line fields: a lead by hand, a divert. What its words mean is decided where it is handed in.

use crate::console::text::{Say, T};
use crate::console::widget::field::Field;
use crate::engine::Intent;
use crate::model::alert::AlertKey;
use crate::model::id::{LeadId, Seq};
use smol_str::SmolStr;
use std::sync::Arc;

/// What a field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    Name,
    Phone,
    Wechat,
    Email,
    Company,
    Source,
    Region,
    Product,
    Note,
    /// Of a divert: which leads, to whom, how long, why.
    Scope,
    To,
    Long,
    Reason,
    /// Of a promotion or a silence: when it ends.
    Until,
    /// Of a trial: for whom the draft decides, and when it is published.
    Whom,
    Terms,
    /// Of a silence: which alerts.
    Match,
}

impl Slot {
    /// The fields of a lead, in the order of the form.
    pub const OF_LEAD: [Slot; 9] = [
        Slot::Name,
        Slot::Phone,
        Slot::Wechat,
        Slot::Email,
        Slot::Company,
        Slot::Source,
        Slot::Region,
        Slot::Product,
        Slot::Note,
    ];
    /// The fields of a divert.
    pub const OF_DIVERT: [Slot; 4] = [Slot::Scope, Slot::To, Slot::Long, Slot::Reason];
    /// The fields of a promotion that is switched on.
    pub const OF_PROMOTION: [Slot; 2] = [Slot::Until, Slot::Reason];

    /// Of things there is one of for each field of a lead, in the order of [`Slot::OF_LEAD`], this field's; none for a field of
    /// another form.
    pub fn pick<X>(self, of_lead: [X; Slot::OF_LEAD.len()]) -> Option<X> {
        let at = Slot::OF_LEAD.iter().position(|slot| *slot == self)?;
        of_lead.into_iter().nth(at)
    }

    /// Its label.
    #[must_use]
    pub const fn title(self) -> T {
        match self {
            Self::Name => T::SlotName,
            Self::Phone => T::Phone,
            Self::Wechat => T::SlotWechat,
            Self::Email => T::SlotEmail,
            Self::Company => T::SlotCompany,
            Self::Source => T::Source,
            Self::Region => T::Region,
            Self::Product => T::Product,
            Self::Note => T::SlotNote,
            Self::Scope => T::SlotScope,
            Self::To => T::SlotTo,
            Self::Long => T::SlotLong,
            Self::Reason => T::SlotReason,
            Self::Until => T::SlotUntil,
            Self::Whom => T::SlotWhom,
            Self::Terms => T::SlotTerms,
            Self::Match => T::SlotMatch,
        }
    }
}

/// What becomes of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKind {
    Add,
    Edit {
        lead: LeadId,
        rev: Seq,
    },
    Divert,
    Promotion,
    Trial,
    /// A silence by the example of an alert.
    Silence {
        key: AlertKey,
        episode: Seq,
    },
}

/// A form in progress.
#[derive(Debug, Clone)]
pub struct Form {
    pub kind: FormKind,
    /// What it is about by name: a promotion's.
    pub about: SmolStr,
    pub fields: Vec<(Slot, Field)>,
    /// The field that has the keyboard.
    pub at: usize,
    /// What each field held when the form was opened.
    pub before: Vec<String>,
    pub problem: Option<Say>,
    /// Handed in and not answered yet.
    pub is_asked: bool,
}

impl Form {
    /// A form with these fields filled in.
    #[must_use]
    pub fn new(kind: FormKind, fields: &[(Slot, &str)]) -> Self {
        Self {
            kind,
            about: SmolStr::default(),
            fields: fields.iter().map(|(slot, text)| (*slot, Field::new(text))).collect(),
            at: 0,
            before: fields.iter().map(|(_, text)| (*text).to_owned()).collect(),
            problem: None,
            is_asked: false,
        }
    }

    /// What a field holds.
    #[must_use]
    pub fn text(&self, slot: Slot) -> &str {
        self.fields.iter().find(|(s, _)| *s == slot).map_or("", |(_, field)| field.text().trim())
    }

    /// The field that is typed in.
    pub fn field(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.at).map(|(_, field)| field)
    }

    /// To the next or the previous field.
    pub fn step(&mut self, forward: bool) {
        let count = self.fields.len().max(1);
        self.at = (self.at + if forward { 1 } else { count - 1 }) % count;
    }

    /// Puts `text` into a field that is still empty.
    pub fn fill(&mut self, slot: Slot, text: &str) {
        if let Some((_, field)) = self.fields.iter_mut().find(|(s, f)| *s == slot && f.is_empty()) {
            field.insert(text);
        }
    }
}

/// A lead as typed: what was changed in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The lead that is corrected, with what was seen of it; none = a new one.
    pub lead: Option<(LeadId, Seq)>,
    pub values: Vec<(Slot, String)>,
}

/// An entry made ready for the engine: normalised, with its contact keys.
#[derive(Debug, Clone)]
pub struct Ready(pub Arc<Intent>);

impl PartialEq for Ready {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Puts pasted text into the fields it speaks of: a number, an address, a WeChat name after its word; the first of the other
/// words is the name and the rest the note. `None` when it holds no such thing and is just text.
#[must_use]
pub fn sort_out(text: &str) -> Option<Vec<(Slot, String)>> {
    let marks = |c: char| c.is_whitespace() || "，,；;|、".contains(c);
    let words: Vec<&str> = text.split(marks).filter(|word| !word.is_empty()).collect();
    let mut found: Vec<(Slot, String)> = Vec::new();
    let mut rest: Vec<&str> = Vec::new();
    let mut next: Option<Slot> = None;
    for word in words {
        let (label, value) = labelled(word);
        let slot = label.or_else(|| next.take());
        match slot {
            Some(slot) if value.is_empty() => next = Some(slot),
            Some(slot) => found.push((slot, value.to_owned())),
            None if is_phone(word) => found.push((Slot::Phone, word.to_owned())),
            None if word.contains('@') && word.contains('.') => found.push((Slot::Email, word.to_owned())),
            None => rest.push(word),
        }
    }
    if found.is_empty() {
        return None;
    }
    if !found.iter().any(|(slot, _)| *slot == Slot::Name) && !rest.is_empty() {
        found.push((Slot::Name, rest.remove(0).to_owned()));
    }
    if !rest.is_empty() {
        found.push((Slot::Note, rest.join(" ")));
    }
    Some(found)
}

/// `微信:abc` as the field and what follows.
fn labelled(word: &str) -> (Option<Slot>, &str) {
    const LABELS: [(&str, Slot); 12] = [
        ("微信号", Slot::Wechat),
        ("微信", Slot::Wechat),
        ("wechat", Slot::Wechat),
        ("电话", Slot::Phone),
        ("手机", Slot::Phone),
        ("phone", Slot::Phone),
        ("姓名", Slot::Name),
        ("name", Slot::Name),
        ("邮箱", Slot::Email),
        ("地区", Slot::Region),
        ("产品", Slot::Product),
        ("公司", Slot::Company),
    ];
    let lower = word.to_lowercase();
    for (label, slot) in LABELS {
        if let Some(tail) = lower.strip_prefix(label) {
            let kept = word.get(word.len().saturating_sub(tail.len())..).unwrap_or_default();
            let value = kept.trim_start_matches([':', '：', '=']);
            // A name that merely begins so is a name.
            if value.len() < kept.len() || kept.is_empty() {
                return (Some(slot), value);
            }
        }
    }
    (None, word)
}

fn is_phone(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    digits >= 7 && word.chars().all(|c| c.is_ascii_digit() || "+-()（）".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(text: &str) -> Vec<(Slot, String)> {
        sort_out(text).unwrap_or_default()
    }

    #[test]
    fn what_a_chat_says_goes_into_its_fields() {
        let found = sorted("张三 138-1234-5678 微信：zs_88 想了解 A 专业版");
        let want = [
            (Slot::Phone, "138-1234-5678"),
            (Slot::Wechat, "zs_88"),
            (Slot::Name, "张三"),
            (Slot::Note, "想了解 A 专业版"),
        ];
        assert_eq!(found, want.map(|(slot, text)| (slot, text.to_owned())));
        assert_eq!(sorted("电话 13812345678")[0], (Slot::Phone, "13812345678".to_owned()));
        assert_eq!(sorted("a@b.cn\tO'Brien")[1], (Slot::Name, "O'Brien".to_owned()));
    }

    #[test]
    fn plain_words_stay_where_they_are_pasted() {
        assert_eq!(sort_out("上海 浦东"), None);
        assert_eq!(sort_out("Namewood"), None);
    }
}
