//! What may come next where somebody writes a condition: the one source for the queue's filter, scopes and the rule editor.
//! Reads the same tokens as the parser; which values the desk knows is given, as names are to the checker.

mod line;

pub use line::complete_line;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::book::Cmp;
use super::diagnostic::Span;
use super::field::{self, Holds};
use super::keyword::{COMPARISONS, Kw, Phrase, meaning, sign_of};
use super::literal;
use super::print::name_text;
use super::token::{Tok, Token, is_plain, lex, quote};
use crate::model::field::Field;
use crate::model::lang::Lang;
use crate::model::time::MINUTE_MS;

/// Most offers made at once; who sees more types on.
pub const OFFERS_MAX: usize = 40;

/// What the desk's leads hold, for offering values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// Values by field, the most frequent first. `Owner` and `Team` by login and name.
    pub values: BTreeMap<Field, Vec<SmolStr>>,
    /// Names of custom columns.
    pub custom: Vec<SmolStr>,
    /// Lists of the rule book.
    pub defines: Vec<SmolStr>,
    pub windows: Vec<SmolStr>,
    pub promotions: Vec<SmolStr>,
    pub skills: Vec<SmolStr>,
    /// Channels set up on this machine.
    pub channels: Vec<SmolStr>,
    /// The keyword language offered where the text before the cursor shows none.
    pub keywords: Lang,
}

/// What an offer stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferKind {
    Field,
    Operator,
    Value,
    /// A list of the rule book.
    Define,
    /// `and`, `or`, `not`, a bracket.
    Joint,
    /// A word of the language.
    Keyword,
    /// A team, a rep, a window, …
    Name,
}

/// One thing that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub kind: OfferKind,
    /// As it would be written, quoted where it must be.
    pub text: String,
    /// What of the text it replaces: the word begun, or nothing.
    pub span: Span,
}

/// What the reader has come to.
#[derive(Debug, Clone, PartialEq)]
enum At {
    Field,
    Operator(Option<Asked>),
    /// After `field not`.
    In(Asked),
    With(Asked),
    /// After `is`, and whether `not` followed.
    Empty {
        not: bool,
    },
    Value(Asked),
    Set(Asked),
    /// Within the brackets of a set.
    Item(Asked),
    AfterItem(Asked),
    Joint,
    /// Nothing can be offered after this.
    Lost,
}

/// The field a comparison asks.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    field: Field,
    holds: Holds,
}

/// What may stand at `cursor` (bytes), best first, in the keyword language of the text before it. Nothing where the word
/// before the cursor is whole already and means only itself.
#[must_use]
pub fn complete(text: &str, cursor: usize, words: &Vocabulary) -> Vec<Offer> {
    let Some(head) = text.get(..cursor) else { return Vec::new() };
    let mut tokens = lex(head).tokens;
    tokens.retain(|t| !matches!(t.tok, Tok::Eof | Tok::Newline));
    let is_begun = |t: &Token| t.span.end == head.len() && is_word(t.tok, slice(head, t));
    let begun = tokens.last().copied().filter(is_begun).map(|t| t.span);
    if let Some(span) = begun {
        tokens.retain(|t| t.span != span);
    }
    let (mut at, mut depth, mut written) = (At::Field, 0usize, None);
    let mut rest = tokens.as_slice();
    while let Some((token, after)) = rest.split_first() {
        let word = slice(head, token);
        let is_value = matches!(at, At::Value(_) | At::Item(_) | At::Set(_));
        if !is_value && let Some(lang) = language(token, word) {
            written = Some(lang);
        }
        at = step(at, token.tok, word, &mut depth);
        // A value means only itself, whatever keywords its word spells.
        let same = |t: &&Token| is_value && t.span == token.span;
        rest = after.get(after.iter().take_while(same).count()..).unwrap_or_default();
    }
    let span = begun.unwrap_or(Span::new(cursor, cursor));
    let typed = literal::normal(head.get(span.start..).unwrap_or_default().trim_start_matches('"'));
    let lang = written.unwrap_or(if typed.is_ascii() { words.keywords } else { Lang::Zh });
    let found = pick(offers(&at, depth, words, lang), &typed, span);
    if !found.is_empty() || typed.is_empty() {
        return found;
    }
    let other = if lang == Lang::En { Lang::Zh } else { Lang::En };
    pick(offers(&at, depth, words, other), &typed, span)
}

/// The language of a keyword or a field's name.
fn language(token: &Token, word: &str) -> Option<Lang> {
    match token.tok {
        Tok::Word(Some(_)) => Some(token.lang),
        Tok::Word(None) if field::built_in(word).is_some() => {
            Some(if word.is_ascii() { Lang::En } else { Lang::Zh })
        }
        _ => None,
    }
}

/// Whether `text` is meant as a condition and not as words to look for: it compares something.
#[must_use]
pub fn is_condition_like(text: &str) -> bool {
    let tokens = lex(text).tokens;
    let names_field = |t: &Token| matches!(t.tok, Tok::Word(_)) && asked(slice(text, t)).is_some();
    let compares = |t: &Token| match t.tok {
        Tok::Word(Some(Kw::In | Kw::Contains | Kw::Starts | Kw::Is | Kw::Not)) => true,
        Tok::Word(None) => meaning(COMPARISONS, slice(text, t)).is_some(),
        _ => false,
    };
    tokens.iter().any(|t| matches!(t.tok, Tok::Cmp(_)))
        || tokens.windows(2).any(|two| matches!(two, [a, b] if names_field(a) && compares(b)))
}

/// Whether `text` is a field's name and at most the beginning of a comparison: not a condition yet, and no words to look for
/// either.
#[must_use]
pub fn is_condition_begun(text: &str) -> bool {
    let mut tokens = lex(text).tokens;
    tokens.retain(|t| !matches!(t.tok, Tok::Eof | Tok::Newline | Tok::Open));
    match tokens.as_slice() {
        [one] => matches!(one.tok, Tok::Word(_)) && asked(slice(text, one)).is_some(),
        [one, two] => {
            let operator = slice(text, two).to_ascii_lowercase();
            let begins = |word: &String| word.len() > operator.len() && word.starts_with(&operator);
            let all = [Lang::En, Lang::Zh]
                .map(|lang| operators(Holds::Text, lang).chain(operators(Holds::Number, lang)));
            matches!(one.tok, Tok::Word(_))
                && asked(slice(text, one)).is_some()
                && two.tok == Tok::Word(None)
                && all.into_iter().flatten().any(|word| begins(&word))
        }
        _ => false,
    }
}

fn slice<'a>(text: &'a str, token: &Token) -> &'a str {
    text.get(token.span.start..token.span.end).unwrap_or_default()
}

/// A word, or a quoted text still open: something the cursor may be in the middle of.
fn is_word(tok: Tok, text: &str) -> bool {
    let is_open = || text.chars().count() < 2 || !text.ends_with(['"', '”', '＂']);
    matches!(tok, Tok::Word(_)) || (tok == Tok::Quoted && is_open())
}

/// The field a word names.
fn asked(word: &str) -> Option<Asked> {
    if let Some(name) = word.strip_prefix("x.").or_else(|| word.strip_prefix("X.")) {
        return Some(Asked { field: Field::Custom(field::custom_name(name)), holds: Holds::Either });
    }
    field::built_in(word).map(|(_, field, holds)| Asked { field, holds })
}

fn step(at: At, tok: Tok, word: &str, depth: &mut usize) -> At {
    let kw = match tok {
        Tok::Word(kw) => kw,
        _ => None,
    };
    match (at, tok) {
        (At::Field, Tok::Open) => {
            *depth += 1;
            At::Field
        }
        (At::Field, _) if kw == Some(Kw::Not) => At::Field,
        (At::Field, Tok::Word(_)) => At::Operator(asked(word)),
        (At::Operator(Some(asked)), Tok::Cmp(_)) => At::Value(asked),
        (At::Operator(Some(asked)), Tok::Word(None)) if meaning(COMPARISONS, word).is_some() => {
            At::Value(asked)
        }
        (At::Operator(Some(asked)), _) => match kw {
            Some(Kw::In) => At::Set(asked),
            Some(Kw::Not) => At::In(asked),
            Some(Kw::Contains) => At::Value(asked),
            Some(Kw::Starts) => At::With(asked),
            Some(Kw::Is) => At::Empty { not: false },
            _ => At::Lost,
        },
        (At::In(asked), _) if kw == Some(Kw::In) => At::Set(asked),
        (At::With(asked), _) if kw == Some(Kw::With) => At::Value(asked),
        (At::Empty { .. }, _) if kw == Some(Kw::Not) => At::Empty { not: true },
        (At::Empty { .. }, _) if kw == Some(Kw::Empty) => At::Joint,
        (At::Set(asked), Tok::Open) => At::Item(asked),
        (At::Set(_) | At::Value(_), Tok::Word(_) | Tok::Quoted) => At::Joint,
        (At::Item(asked), Tok::Word(_) | Tok::Quoted) => At::AfterItem(asked),
        (At::AfterItem(asked), Tok::Comma) => At::Item(asked),
        (At::AfterItem(_), Tok::Close) => At::Joint,
        (At::Joint, Tok::Close) if *depth > 0 => {
            *depth -= 1;
            At::Joint
        }
        (At::Joint, _) if matches!(kw, Some(Kw::And | Kw::Or)) => At::Field,
        _ => At::Lost,
    }
}

fn offers(at: &At, depth: usize, words: &Vocabulary, lang: Lang) -> Vec<(OfferKind, String)> {
    let kw = |kind: OfferKind, kw: Kw| (kind, kw.word(lang).to_owned());
    let sign = |sign: &str| (OfferKind::Joint, sign.to_owned());
    match at {
        At::Field => {
            let fields = field::field_names_in(lang).map(|name| (OfferKind::Field, name.to_owned()));
            let custom = words.custom.iter().map(|name| (OfferKind::Field, custom(name)));
            fields.chain(custom).chain([kw(OfferKind::Joint, Kw::Not), sign("(")]).collect()
        }
        At::Operator(Some(asked)) => operators(asked.holds, lang).map(|o| (OfferKind::Operator, o)).collect(),
        At::In(_) => vec![kw(OfferKind::Operator, Kw::In)],
        At::With(_) => vec![kw(OfferKind::Operator, Kw::With)],
        At::Empty { not } => {
            let not_empty = format!("{} {}", Kw::Not.word(lang), Kw::Empty.word(lang));
            let not_empty = (!not).then_some((OfferKind::Operator, not_empty));
            std::iter::once(kw(OfferKind::Operator, Kw::Empty)).chain(not_empty).collect()
        }
        At::Value(asked) | At::Item(asked) => values(asked, words, lang),
        At::Set(asked) => {
            let defines = words.defines.iter().map(|name| (OfferKind::Define, name_text(name, lang)));
            let whole = values(asked, words, lang).into_iter().map(|(kind, text)| (kind, format!("({text}")));
            defines.chain([sign("(")]).chain(whole).collect()
        }
        At::AfterItem(_) => vec![sign(","), sign(")")],
        At::Joint => {
            let close = (depth > 0).then(|| sign(")"));
            [Kw::And, Kw::Or].map(|word| kw(OfferKind::Joint, word)).into_iter().chain(close).collect()
        }
        At::Operator(None) | At::Lost => Vec::new(),
    }
}

/// What may follow a field, the likeliest first.
fn operators(holds: Holds, lang: Lang) -> std::vec::IntoIter<String> {
    let is = |cmps: &[Cmp]| cmps.iter().map(|c| sign_of(*c).to_owned()).collect::<Vec<_>>();
    let (within, not_in) = (Kw::In.word(lang).to_owned(), Phrase::NotIn.text(lang));
    let empty = [Phrase::IsEmpty.text(lang), Phrase::IsNotEmpty.text(lang)];
    match holds {
        Holds::Text | Holds::Either => {
            let contains = Kw::Contains.word(lang).to_owned();
            let [empty, not_empty] = empty;
            let ne = sign_of(Cmp::Ne).to_owned();
            let starts = Phrase::StartsWith.text(lang);
            vec![sign_of(Cmp::Eq).to_owned(), within, contains, starts, ne, not_in, empty, not_empty]
        }
        Holds::Number | Holds::Duration | Holds::Hour => {
            is(&[Cmp::Ge, Cmp::Le, Cmp::Gt, Cmp::Lt, Cmp::Eq, Cmp::Ne])
        }
        Holds::Weekday | Holds::State => {
            vec![sign_of(Cmp::Eq).to_owned(), within, sign_of(Cmp::Ne).to_owned(), not_in]
        }
        Holds::Flag => empty.to_vec(),
    }
    .into_iter()
}

fn values(asked: &Asked, words: &Vocabulary, lang: Lang) -> Vec<(OfferKind, String)> {
    let fixed: Vec<String> = match asked.holds {
        Holds::State => field::STATES
            .iter()
            .map(|(en, zh)| if lang == Lang::Zh { zh } else { en })
            .map(|w| (*w).to_owned())
            .collect(),
        Holds::Weekday => (1..=7).map(|day| literal::weekday_text(day, lang).to_owned()).collect(),
        Holds::Duration => {
            [5, 10, 30, 60, 1440].map(|minutes| literal::duration_text(minutes * MINUTE_MS, lang)).to_vec()
        }
        Holds::Text | Holds::Number | Holds::Hour | Holds::Flag | Holds::Either => Vec::new(),
    };
    let fixed = fixed.into_iter().map(|text| (OfferKind::Value, text));
    fixed.chain(values_of(&asked.field, words)).collect()
}

/// Values the desk's leads have in a field.
fn values_of(field: &Field, words: &Vocabulary) -> Vec<(OfferKind, String)> {
    let known = words.values.get(field).into_iter().flatten();
    known.map(|value| (OfferKind::Value, written(value))).collect()
}

/// A value as the language writes it.
fn written(value: &str) -> String {
    if is_plain(value, Lang::En) { value.to_owned() } else { quote(value) }
}

fn custom(name: &str) -> String {
    let plain = format!("x.{name}");
    if is_plain(&plain, Lang::En) { plain } else { format!("x.{}", quote(name)) }
}

/// Keeps what begins as typed, then what holds it somewhere; a sole offer that is typed already is none.
fn pick(all: Vec<(OfferKind, String)>, typed: &str, span: Span) -> Vec<Offer> {
    let bare = |text: &str| literal::normal(text.trim_start_matches(['"', '('])).to_lowercase();
    let typed = typed.to_lowercase();
    let typed = typed.trim_start_matches('(');
    let (begin, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, t)| bare(t).starts_with(typed));
    let hold = rest.into_iter().filter(|(_, t)| typed.chars().count() > 1 && bare(t).contains(typed));
    let found: Vec<Offer> = begin
        .into_iter()
        .chain(hold)
        .map(|(kind, text)| Offer { kind, text, span })
        .take(OFFERS_MAX)
        .collect();
    match found.as_slice() {
        [only] if bare(&only.text) == typed => Vec::new(),
        _ => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vocabulary {
        let mut words = Vocabulary::default();
        words.values.insert(Field::Source, vec!["抖音".into(), "官网".into(), "trade fair".into()]);
        words.custom = vec!["budget".into()];
        words.defines = vec!["华东".into()];
        words
    }

    fn at_end(text: &str) -> Vec<String> {
        complete(text, text.len(), &words()).into_iter().map(|offer| offer.text).collect()
    }

    #[test]
    fn each_place_offers_what_the_grammar_takes_there() {
        for (text, first) in [
            ("reg", "region"),
            ("source ", "="),
            ("score ", ">="),
            ("phone ", "is empty"),
            ("source = ", "抖音"),
            ("source = 官", "官网"),
            ("source = tra", "\"trade fair\""),
            ("source = \"tr", "\"trade fair\""),
            ("source in ", "华东"),
            ("source in (", "抖音"),
            ("source in (抖音", ""),
            ("source in (抖音 ", ","),
            ("source not ", "in"),
            ("source = 抖音 ", "and"),
            ("source = 抖音 and sc", "score"),
            ("(source = 抖音 ", "and"),
            ("x.b", "x.budget"),
            ("state = par", "parked"),
            ("source is ", "empty"),
            ("source starts ", "with"),
            ("weekday = ", "Mon"),
            ("渠", "渠道"),
            ("渠道 ", "="),
            ("评分 ", ">="),
            ("电话 ", "为空"),
            ("渠道 属于 ", "华东"),
            ("渠道 不", "不属于"),
            ("渠道 = 抖音 ", "且"),
            ("渠道 = 为空 ", "且"),
            ("渠道 = 抖音 且 评", "评分"),
            ("(渠道 等于 抖音 ", "且"),
            ("状态 = 待", "待分配"),
            ("公司 开头是 ", ""),
            ("到达星期 = ", "周一"),
            ("渠道 = 抖音 且 sc", "score"),
        ] {
            let offers = at_end(text);
            assert_eq!(offers.first().map_or("", String::as_str), first, "{text}: {offers:?}");
        }
        assert!(at_end("(source = 抖音 ").contains(&")".to_owned()));
        assert!(at_end("李雷 ").is_empty() && at_end("source = 抖音 nonsense ").is_empty());
    }

    #[test]
    fn an_offer_replaces_the_word_begun_and_the_result_reads() {
        let text = "source = tra and score > 3";
        let offer = complete(text, 12, &words()).remove(0);
        assert_eq!((offer.span.start, offer.span.end), (9, 12));
        let mended = format!("{}{}{}", &text[..9], offer.text, &text[12..]);
        assert!(super::super::parse_condition(&mended, None).1.is_empty(), "{mended}");
        assert!(complete("é", 1, &words()).is_empty(), "a cursor within a character");
    }

    #[test]
    fn a_condition_begun_is_neither_words_nor_a_condition() {
        for text in
            ["source", "source ", "source cont", "(region", "x.budget", "渠道", "渠道 包", "区域 不属"]
        {
            assert!(is_condition_begun(text) && !is_condition_like(text), "{text}");
        }
        for text in ["sourc", "source of truth", "李雷", "", "source = 抖音"] {
            assert!(!is_condition_begun(text), "{text}");
        }
    }

    #[test]
    fn a_comparison_is_told_from_words() {
        for text in [
            "score > 3",
            "source in (抖音)",
            "region is empty",
            "not source = 官网",
            "x.a contains b",
            "电话 为空",
            "评分 大于 3",
        ] {
            assert!(is_condition_like(text), "{text}");
        }
        for text in ["李雷", "region", "source in", "上海 A 专业版", "made in china", ""] {
            assert!(!is_condition_like(text) || text == "source in", "{text}");
        }
    }
}
