//! How text names a field and what may be asked of it. Custom fields are written `x.name`.

use smol_str::SmolStr;

use super::literal;
use super::tree::Lit;
use crate::model::field::Field;
use crate::model::lang::Lang;

/// What a field holds, as far as comparing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    /// Thousandths.
    Number,
    /// Milliseconds.
    Duration,
    /// 0..23.
    Hour,
    /// 1..7, also by name.
    Weekday,
    /// One of the lead states.
    State,
    /// Known or not, nothing more.
    Flag,
    /// A number where both sides are one, else a text.
    Either,
}

/// English name, Chinese name, what it is and what it holds.
const FIELDS: [(&str, &str, Field, Holds); 18] = [
    ("source", "渠道", Field::Source, Holds::Text),
    ("campaign", "活动", Field::Campaign, Holds::Text),
    ("region", "地区", Field::Region, Holds::Text),
    ("city", "城市", Field::City, Holds::Text),
    ("product", "产品", Field::Product, Holds::Text),
    ("industry", "行业", Field::Industry, Holds::Text),
    ("language", "语言", Field::Language, Holds::Text),
    ("company", "公司", Field::Company, Holds::Text),
    ("score", "评分", Field::Score, Holds::Number),
    ("value", "预计金额", Field::Value, Holds::Number),
    ("phone", "电话", Field::Phone, Holds::Flag),
    ("email", "邮箱", Field::Email, Holds::Flag),
    ("state", "状态", Field::State, Holds::State),
    ("owner", "负责人", Field::Owner, Holds::Text),
    ("team", "团队", Field::Team, Holds::Text),
    ("hour", "到达小时", Field::Hour, Holds::Hour),
    ("weekday", "到达星期", Field::Weekday, Holds::Weekday),
    ("waiting", "已等待", Field::Waiting, Holds::Duration),
];

/// Words of `state`, with the Chinese word each may also be written as.
pub(super) const STATES: [(&str, &str); 9] = [
    ("waiting", "待分配"),
    ("parked", "待人工"),
    ("assigned", "已分配"),
    ("contacted", "已联系"),
    ("qualified", "有效"),
    ("won", "成交"),
    ("lost", "输单"),
    ("invalid", "无效"),
    ("merged", "已合并"),
];

/// The state word a literal means.
pub(super) fn state(text: &str) -> Option<&'static str> {
    let normal = literal::normal(text);
    STATES.iter().find(|(en, zh)| en.eq_ignore_ascii_case(&normal) || *zh == normal).map(|(en, _)| *en)
}

/// Other Chinese names that are understood and never written.
const SYNONYMS: [(&str, Field); 12] = [
    ("来源", Field::Source),
    ("区域", Field::Region),
    ("分数", Field::Score),
    ("金额", Field::Value),
    ("手机", Field::Phone),
    ("邮件", Field::Email),
    ("销售", Field::Owner),
    ("小时", Field::Hour),
    ("时刻", Field::Hour),
    ("星期", Field::Weekday),
    ("等待", Field::Waiting),
    ("语种", Field::Language),
];

/// A built-in field by name, English in either case or Chinese; with its English name.
pub(super) fn built_in(name: &str) -> Option<(&'static str, Field, Holds)> {
    let also = SYNONYMS.iter().find(|(word, _)| *word == name).map(|(_, field)| field);
    let found = FIELDS.iter().find(|(en, zh, field, _)| {
        en.eq_ignore_ascii_case(name) || *zh == name || also.is_some_and(|also| also == field)
    });
    found.map(|(en, _, field, holds)| (*en, field.clone(), *holds))
}

/// The names of the built-in fields, for suggestions and completion.
pub fn field_names() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|(en, ..)| *en)
}

/// The same in a language.
pub fn field_names_in(lang: Lang) -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(move |(en, zh, ..)| match lang {
        Lang::En => *en,
        Lang::Zh => *zh,
    })
}

/// A built-in field's name in a language; anything else as it is.
pub(super) fn name_in(name: &str, lang: Lang) -> &str {
    let known = FIELDS.iter().find(|(en, ..)| *en == name);
    match lang {
        Lang::En => name,
        Lang::Zh => known.map_or(name, |(_, zh, ..)| zh),
    }
}

/// A field as the language writes it.
#[must_use]
pub fn field_text(field: &Field, lang: Lang) -> SmolStr {
    match (field, FIELDS.iter().find(|(_, _, f, _)| f == field)) {
        (Field::Custom(name), _) => smol_str::format_smolstr!("x.{name}"),
        (_, Some((en, zh, ..))) => SmolStr::new_static(if lang == Lang::Zh { zh } else { en }),
        (_, None) => SmolStr::default(),
    }
}

/// The English form of a value that is a word of the language; nothing if it is in that form or no such word.
pub(super) fn canonical(holds: Holds, lit: &Lit) -> Option<SmolStr> {
    if lit.quoted {
        return None;
    }
    let text: SmolStr = match holds {
        Holds::State => SmolStr::new_static(STATES.iter().find(|(_, zh)| *zh == lit.text)?.0),
        Holds::Weekday => SmolStr::new_static(literal::weekday_text(literal::weekday(&lit.text)?, Lang::En)),
        Holds::Duration if !lit.text.is_ascii() => {
            literal::duration_text(literal::duration(&lit.text)?, Lang::En).into()
        }
        _ => return None,
    };
    (text != lit.text).then_some(text)
}

/// A value as a language writes it, if it is a word of the language; of what `canonical` gives back unchanged.
pub(super) fn translated(holds: Holds, lit: &Lit, lang: Lang) -> Option<SmolStr> {
    if lit.quoted || lang == Lang::En {
        return None;
    }
    Some(match holds {
        Holds::State => SmolStr::new_static(STATES.iter().find(|(en, _)| *en == lit.text)?.1),
        Holds::Weekday => {
            let day = literal::weekday(&lit.text)?;
            (lit.text == literal::weekday_text(day, Lang::En))
                .then(|| literal::weekday_text(day, lang).into())?
        }
        Holds::Duration => {
            let ms = literal::duration(&lit.text)?;
            (lit.text == literal::duration_text(ms, Lang::En))
                .then(|| literal::duration_text(ms, lang).into())?
        }
        _ => return None,
    })
}

/// The name under which a custom column is kept and asked for: NFKC, trimmed, ASCII in lower case. Intake must use the same.
#[must_use]
pub fn custom_name(text: &str) -> SmolStr {
    literal::folded(text)
}
