//! One line of a book for the eye: what each word on it is, and which statement it opens. Reads the parser's own tokens, which
//! never cross a line; whether the line means anything is the parser's affair.

use smol_str::SmolStr;

use super::book::Cmp;
use super::diagnostic::Span;
use super::field;
use super::keyword::{CLAUSES, Kw};
use super::token::{Tok, Token, lex, unquote};
use crate::model::lang::Lang;

/// What a word on a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// A word of the language.
    Keyword,
    /// A field of a lead.
    Field,
    /// A comparison, a bracket, an arrow.
    Sign,
    /// A quoted text.
    Quoted,
    /// A number, a length of time, a date.
    Number,
    /// A name or a value.
    Word,
    Comment,
}

/// The words of a line with their places in bytes, in order; blanks are none.
#[must_use]
pub fn shades(line: &str) -> Vec<(Span, Shade)> {
    let lexed = lex(line);
    let mut out: Vec<(Span, Shade)> = Vec::with_capacity(lexed.tokens.len());
    let mut is_operand = false;
    let mut tokens: Vec<&Token> =
        lexed.tokens.iter().filter(|t| !matches!(t.tok, Tok::Newline | Tok::Eof)).collect();
    // A Chinese word that spells several keywords is one word to the eye.
    tokens.dedup_by_key(|t| t.span);
    for (index, token) in tokens.iter().enumerate() {
        let text = slice(line, token);
        // `team`, `score` and `company` are words of the language too; a field is what is compared.
        let is_compared = tokens.get(index + 1).is_some_and(|next| compares(next.tok));
        let shade = match token.tok {
            Tok::Quoted => Shade::Quoted,
            Tok::Open | Tok::Close | Tok::Comma | Tok::Cmp(_) | Tok::Dots | Tok::Arrow => Shade::Sign,
            _ if text.starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c)) => Shade::Number,
            // After a comparison stands a value, whatever it is called.
            Tok::Word(_) if is_operand => Shade::Word,
            Tok::Word(kw) if is_field(text) && (kw.is_none() || is_compared) => Shade::Field,
            Tok::Word(Some(_)) => Shade::Keyword,
            _ => Shade::Word,
        };
        is_operand = matches!(token.tok, Tok::Cmp(Cmp::Eq | Cmp::Ne));
        out.push((token.span, shade));
    }
    if let Some(comment) = comment_at(line, &lexed.tokens) {
        out.push((comment, Shade::Comment));
    }
    // `x.` and the quoted name behind it are one field.
    out.dedup_by(|later, first| {
        let is_custom = first.1 == Shade::Field && later.1 == Shade::Quoted && first.0.end == later.0.start;
        if is_custom {
            first.0.end = later.0.end;
        }
        is_custom
    });
    out
}

/// Whether a comparison begins here.
fn compares(tok: Tok) -> bool {
    matches!(tok, Tok::Cmp(_) | Tok::Word(Some(Kw::In | Kw::Contains | Kw::Starts | Kw::Is | Kw::Not)))
}

fn is_field(word: &str) -> bool {
    word.starts_with("x.") || word.starts_with("X.") || field::built_in(word).is_some()
}

fn slice<'a>(line: &'a str, token: &Token) -> &'a str {
    line.get(token.span.start..token.span.end).unwrap_or_default()
}

/// Where the line's comment begins: a `#` behind the last token.
fn comment_at(line: &str, tokens: &[Token]) -> Option<Span> {
    let from = tokens.iter().rev().find(|t| t.tok != Tok::Eof).map_or(0, |t| t.span.end);
    let at = line.get(from..)?.find('#')? + from;
    Some(Span::new(at, line.len()))
}

/// The first line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its first word as English writes it, or as it stands there where the language does not know it.
    pub word: SmolStr,
    /// What is named: the rule's name, the list's; empty where nothing is.
    pub name: SmolStr,
    pub is_rule: bool,
    pub is_disabled: bool,
}

/// The statement that a line opens: one at the left edge that is neither comment nor a clause of the statement above.
#[must_use]
pub fn head(line: &str) -> Option<Head> {
    if line.starts_with(|c: char| c.is_whitespace() || c == '#') || line.is_empty() {
        return None;
    }
    let tokens = lex(line).tokens;
    let first = tokens.first().filter(|t| t.tok != Tok::Eof)?;
    let kw = match first.tok {
        Tok::Word(kw) => kw,
        _ => None,
    };
    if kw.is_some_and(|kw| CLAUSES.contains(&kw)) {
        return None;
    }
    let second = tokens.iter().find(|t| t.span != first.span);
    let second = second.filter(|t| matches!(t.tok, Tok::Word(_) | Tok::Quoted));
    let name = second.map_or_else(SmolStr::default, |t| match t.tok {
        Tok::Quoted => unquote(slice(line, t)),
        _ => slice(line, t).into(),
    });
    let word = kw.map_or_else(|| slice(line, first).into(), |kw| SmolStr::new_static(kw.word(Lang::En)));
    let is_disabled = tokens.iter().skip(2).any(|t| t.tok == Tok::Word(Some(Kw::Disabled)));
    Some(Head { word, name, is_rule: kw == Some(Kw::Rule), is_disabled })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_its_shade() {
        let line = "  when region in 华东 and x.\"a b\" = source and score >= 80  # hot";
        let seen: Vec<(&str, Shade)> =
            shades(line).into_iter().map(|(s, shade)| (&line[s.start..s.end], shade)).collect();
        use Shade as S;
        assert_eq!(
            seen,
            [
                ("when", S::Keyword),
                ("region", S::Field),
                ("in", S::Keyword),
                ("华东", S::Word),
                ("and", S::Keyword),
                ("x.\"a b\"", S::Field),
                ("=", S::Sign),
                ("source", S::Word),
                ("and", S::Keyword),
                ("score", S::Field),
                (">=", S::Sign),
                ("80", S::Number),
                ("# hot", S::Comment),
            ]
        );
        let line = "  give to team score";
        assert!(shades(line).iter().all(|(_, shade)| *shade == S::Keyword));
        let line = "  分配给 团队 华东 按 最少负载";
        let seen: Vec<Shade> = shades(line).into_iter().map(|(_, shade)| shade).collect();
        assert_eq!(seen, [S::Keyword, S::Keyword, S::Word, S::Keyword, S::Keyword]);
        assert_eq!(shades("# only"), [(Span::new(0, 6), S::Comment)]);
        assert!(shades("\"open # no comment").iter().all(|(_, shade)| *shade == S::Quoted));
    }

    #[test]
    fn a_head_opens_a_statement() {
        let rule = head("rule \"East China, hot\" disabled  # x").unwrap();
        assert_eq!((rule.name.as_str(), rule.is_rule, rule.is_disabled), ("East China, hot", true, true));
        assert_eq!(
            head("define 华东 = (上海)").map(|h| (h.word, h.name)),
            Some(("define".into(), "华东".into()))
        );
        assert_eq!(
            head("规则 \"华东\"").map(|h| (h.word, h.name, h.is_rule)),
            Some(("rule".into(), "华东".into(), true))
        );
        assert_eq!(head("junk here").map(|h| h.word), Some("junk".into()));
        for line in ["", "  when x", "# rule", "when source = 抖音", "give to team A"] {
            assert_eq!(head(line), None, "{line}");
        }
    }
}
