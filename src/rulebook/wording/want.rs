//! What the parser hoped to read, in words of the text's own language where it is a word of the language.

use super::super::diagnostic::{OneOf, Want, either};
use super::super::keyword::{Kw, LOUDNESSES, Phrase, SPREAD_OVER, word_for};
use super::super::literal::weekday_text;
use crate::model::lang::Lang;

const OPERATORS: [Phrase; 4] = [Phrase::NotIn, Phrase::StartsWith, Phrase::IsEmpty, Phrase::IsNotEmpty];

/// What is wanted where it is a word or sign of the language itself.
fn want_word(want: Want, kl: Lang) -> Option<String> {
    Some(match want {
        Want::Target => OneOf::from(&[Kw::Team, Kw::Rep, Kw::Owner][..]).text(kl),
        Want::Dots => "..".to_owned(),
        Want::Arrow => "->".to_owned(),
        Want::Relief => {
            let (reassign, recall) = (Kw::Reassign.word(kl), Kw::Recall.word(kl));
            format!("{reassign} / {recall} / {}", SPREAD_OVER.text(kl))
        }
        Want::Equals => "=".to_owned(),
        Want::Signs(signs) => signs.to_owned(),
        Want::Severity => {
            LOUDNESSES.iter().map(|(l, ..)| word_for(LOUDNESSES, *l, kl)).collect::<Vec<_>>().join(" / ")
        }
        Want::Words(words) => words.text(kl),
        Want::Said(said) => said.text(kl),
        Want::Operator => {
            let words = OPERATORS.map(|p| p.text(kl)).join(" / ");
            format!("= / != / < / <= / > / >= / {} / {} / {words}", Kw::In.word(kl), Kw::Contains.word(kl))
        }
        Want::Weekday => format!("{} / … / {}", weekday_text(1, kl), weekday_text(7, kl)),
        _ => return None,
    })
}

pub(super) fn want_en(want: Want, kl: Lang) -> String {
    match want {
        Want::Target => return OneOf::from(&[Kw::Team, Kw::Rep, Kw::Owner][..]).either(kl),
        Want::Severity => {
            let words = LOUDNESSES.iter().map(|(l, ..)| word_for(LOUDNESSES, *l, kl).to_owned());
            return either(&words.collect::<Vec<_>>());
        }
        _ => {}
    }
    if let Some(word) = want_word(want, kl) {
        return word;
    }
    match (want, kl) {
        (Want::Name, _) => "a name",
        (Want::QuotedText, _) => "a text in quotes",
        (Want::Number, _) => "a number",
        (Want::WholeNumber, _) => "a whole number",
        (Want::Duration, Lang::En) => "a duration such as 10m",
        (Want::Duration, Lang::Zh) => "a duration such as 10分钟",
        (Want::Date, _) => "a date such as 2026-10-01",
        (Want::Time, _) => "a time such as 09:00",
        (Want::Comparison, _) => "a comparison (< <= > >=)",
        (Want::Value, _) => "a value",
        (Want::Field, _) => "a field",
        (Want::Close, _) => "a closing bracket",
        (Want::EndOfLine, _) => "the end of the line",
        (Want::Amount, _) => "a figure such as 90%, 1.8x, 5m or 20",
        _ => "",
    }
    .to_owned()
}

pub(super) fn want_zh(want: Want, kl: Lang) -> String {
    if let Some(word) = want_word(want, kl) {
        return format!(" {word}");
    }
    match (want, kl) {
        (Want::Name, _) => "名称",
        (Want::QuotedText, _) => "带引号的文字",
        (Want::Number, _) => "数字",
        (Want::WholeNumber, _) => "整数",
        (Want::Duration, Lang::En) => "时长（如 10m）",
        (Want::Duration, Lang::Zh) => "时长（如 10分钟）",
        (Want::Date, _) => "日期（如 2026-10-01）",
        (Want::Time, _) => "时间（如 09:00）",
        (Want::Comparison, _) => "比较符（< <= > >=）",
        (Want::Value, _) => "值",
        (Want::Field, _) => "字段",
        (Want::Close, _) => "右括号",
        (Want::EndOfLine, _) => "行尾",
        (Want::Amount, _) => "数值（如 90%、1.8x、5m、20）",
        _ => "",
    }
    .to_owned()
}
