//! Text to tokens. Every character belongs to a token, a comment or the blanks between; nothing fails. Full-width
//! punctuation counts as its ASCII twin. Words are generous: all that is no blank, bracket, comma, comparison or quote.

use smol_str::SmolStr;

use super::book::Cmp;
use super::diagnostic::Span;
use super::keyword::{Kw, spelled};
use crate::model::lang::Lang;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tok {
    Newline,
    Word(Option<Kw>),
    Quoted,
    Open,
    Close,
    Comma,
    Cmp(Cmp),
    Dots,
    Arrow,
    Eof,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub tok: Tok,
    pub span: Span,
    /// Of a keyword's spelling; a Chinese word that spells several keywords is several tokens of one span.
    pub lang: Lang,
}

impl Token {
    /// Whether it can stand for a name or value without quotes.
    pub(super) fn is_free_word(&self) -> bool {
        match self.tok {
            Tok::Word(kw) => self.lang == Lang::Zh || !kw.is_some_and(Kw::is_reserved),
            _ => false,
        }
    }
}

/// A comment, and the index of the token that follows it: a newline or the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comment {
    pub text: SmolStr,
    pub before: usize,
}

#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub tokens: Vec<Token>,
    pub comments: Vec<Comment>,
    /// Quoted texts that ran into the end of their line.
    pub unclosed: Vec<Span>,
}

/// Cuts a text into tokens; the last one is always `Eof`.
pub(super) fn lex(text: &str) -> Lexed {
    let mut out = Lexed::default();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        let rest = &text[at..];
        at += c.len_utf8();
        let tok = match c {
            '\n' => Tok::Newline,
            _ if is_blank(c) || is_colon(c) => continue,
            '#' => {
                at = start + rest.find('\n').unwrap_or(rest.len());
                let text = SmolStr::new(text[start + 1..at].trim());
                out.comments.push(Comment { text, before: out.tokens.len() });
                continue;
            }
            '"' | '＂' | '“' | '”' => {
                let (len, closed) = quoted_len(rest, c);
                at = start + len;
                if !closed {
                    out.unclosed.push(Span::new(start, at));
                }
                Tok::Quoted
            }
            _ => match sign(rest, c) {
                Some((tok, len)) => {
                    at = start + len;
                    tok
                }
                None => {
                    at = start + word_len(rest);
                    push_word(&mut out.tokens, text, Span::new(start, at));
                    continue;
                }
            },
        };
        out.tokens.push(Token { tok, span: Span::new(start, at), lang: Lang::En });
    }
    out.tokens.push(Token { tok: Tok::Eof, span: Span::new(text.len(), text.len()), lang: Lang::En });
    out
}

/// Chinese measure words, which people write against their figure; such a word is two tokens without a blank between.
const MEASURES: [&str; 3] = ["次", "周", "个工作日"];

/// The tokens of a bare word.
fn push_word(tokens: &mut Vec<Token>, text: &str, span: Span) {
    let word = &text[span.start..span.end];
    let figure = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if figure > 0 && MEASURES.contains(&&word[figure..]) {
        let cut = span.start + figure;
        push_word(tokens, text, Span::new(span.start, cut));
        push_word(tokens, text, Span::new(cut, span.end));
        return;
    }
    match spelled(word) {
        Some(word) => {
            let token = |kw: &Kw| Token { tok: Tok::Word(Some(*kw)), span, lang: word.lang };
            tokens.extend(word.kws.iter().map(token));
        }
        None => tokens.push(Token { tok: Tok::Word(None), span, lang: Lang::En }),
    }
}

/// Blanks, and what no reader can see.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{FEFF}' | '\u{200B}')
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

fn is_equals(c: Option<char>) -> bool {
    matches!(c, Some('=' | '＝'))
}

/// A punctuation token at the start of `rest`, with its length in bytes.
fn sign(rest: &str, c: char) -> Option<(Tok, usize)> {
    let len = c.len_utf8();
    let next = rest[len..].chars().next();
    let two = len + next.map_or(0, char::len_utf8);
    Some(match c {
        '(' | '（' => (Tok::Open, len),
        ')' | '）' => (Tok::Close, len),
        ',' | '，' | '、' => (Tok::Comma, len),
        '=' | '＝' if is_equals(next) => (Tok::Cmp(Cmp::Eq), two),
        '=' | '＝' => (Tok::Cmp(Cmp::Eq), len),
        '!' | '！' if is_equals(next) => (Tok::Cmp(Cmp::Ne), two),
        '<' | '＜' if is_equals(next) => (Tok::Cmp(Cmp::Le), two),
        '<' | '＜' if matches!(next, Some('>' | '＞')) => (Tok::Cmp(Cmp::Ne), two),
        '<' | '＜' => (Tok::Cmp(Cmp::Lt), len),
        '>' | '＞' if is_equals(next) => (Tok::Cmp(Cmp::Ge), two),
        '>' | '＞' => (Tok::Cmp(Cmp::Gt), len),
        '≠' => (Tok::Cmp(Cmp::Ne), len),
        '≤' => (Tok::Cmp(Cmp::Le), len),
        '≥' => (Tok::Cmp(Cmp::Ge), len),
        '→' => (Tok::Arrow, len),
        '-' if matches!(next, Some('>' | '＞')) => (Tok::Arrow, two),
        '.' if next == Some('.') => (Tok::Dots, two),
        _ => return None,
    })
}

/// Whether `c`, followed by `rest`, ends a word.
fn ends_word(c: char, rest: &str) -> bool {
    if is_blank(c) || matches!(c, '"' | '＂' | '“' | '”') {
        return true;
    }
    if is_colon(c) {
        // A colon inside 09:00 belongs to the word; one at its end is decoration.
        return rest.chars().next().is_none_or(|n| is_colon(n) || ends_word(n, &rest[n.len_utf8()..]));
    }
    // Look-ahead of one character is all a sign needs.
    match c {
        '!' | '！' => is_equals(rest.chars().next()),
        '-' => rest.starts_with(['>', '＞']),
        '.' => rest.starts_with('.'),
        _ => matches!(
            c,
            '(' | '（'
                | ')'
                | '）'
                | ','
                | '，'
                | '、'
                | '='
                | '＝'
                | '<'
                | '＜'
                | '>'
                | '＞'
                | '≠'
                | '≤'
                | '≥'
                | '→'
        ),
    }
}

/// The length in bytes of the word at the start of `rest`: at least one character.
fn word_len(rest: &str) -> usize {
    let ends = |(i, c): &(usize, char)| ends_word(*c, &rest[i + c.len_utf8()..]);
    rest.char_indices().skip(1).find(ends).map_or(rest.len(), |(i, _)| i)
}

/// The length in bytes of the quoted text at the start of `rest`, quotes included, and whether it is closed.
fn quoted_len(rest: &str, open: char) -> (usize, bool) {
    let curly = matches!(open, '“' | '”');
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        let closes = matches!(c, '"' | '＂') || (curly && matches!(c, '“' | '”'));
        match c {
            '\n' => return (rest[..i].trim_end().len(), false),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if closes => return (i + c.len_utf8(), true),
            _ => {}
        }
    }
    (rest.trim_end().len(), false)
}

/// The text inside a quoted token.
pub(super) fn unquote(token: &str) -> SmolStr {
    let mut inner = token.chars();
    inner.next();
    let mut out = String::with_capacity(token.len());
    let mut chars = inner.peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek().copied()) {
            ('\\', Some(next)) if matches!(next, '"' | '＂' | '“' | '”' | '\\' | 'n' | 't' | 'r') => {
                chars.next();
                out.push(match next {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                });
            }
            // The closing quote; an unclosed text has none and simply ends.
            ('"' | '＂' | '“' | '”', None) => {}
            _ => out.push(c),
        }
    }
    out.into()
}

/// `text` in ASCII quotes, such that `unquote` gives it back.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '＂' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether `text` reads as one word that needs no quotes as a name: it is no keyword of that language, nor an English one.
pub(super) fn is_plain(text: &str, lang: Lang) -> bool {
    let free = |t: &Token| t.tok == Tok::Word(None) || (lang == Lang::En && t.lang == Lang::Zh);
    !text.starts_with('#') && is_one_word(text).is_some_and(|token| free(&token))
}

/// The first token of a text that is a single word.
pub(super) fn is_one_word(text: &str) -> Option<Token> {
    let tokens = lex(text).tokens;
    let (first, rest) = tokens.split_first()?;
    let (mut end, mut whole) = (first.span.end, first.span.start == 0);
    for token in rest.iter().filter(|t| t.tok != Tok::Eof) {
        let glued =
            matches!(token.tok, Tok::Word(_)) && (token.span == first.span || token.span.start == end);
        whole &= glued;
        end = token.span.end;
    }
    (matches!(first.tok, Tok::Word(_)) && whole && end == text.len()).then_some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        lex(text).tokens.iter().map(|t| &text[t.span.start..t.span.end]).collect()
    }

    #[test]
    fn words_stop_where_they_should() {
        for (text, cut) in [
            ("Mon..Fri 09:00..18:00", &["Mon", "..", "Fri", "09:00", "..", "18:00", ""][..]),
            ("90d->give", &["90d", "->", "give", ""]),
            ("a!=b<=c", &["a", "!=", "b", "<=", "c", ""]),
            ("规则（上海，江苏）：", &["规则", "（", "上海", "，", "江苏", "）", ""]),
            ("-40 +30 1.8x 90%", &["-40", "+30", "1.8x", "90%", ""]),
            ("C# # remark", &["C#", ""]),
            ("“国庆 节” x", &["“国庆 节”", "x", ""]),
            ("\"a\\\"b\" c", &["\"a\\\"b\"", "c", ""]),
            ("x.\"two words\"", &["x.", "\"two words\"", ""]),
        ] {
            assert_eq!(words(text), cut, "{text}");
        }
    }

    #[test]
    fn quotes_round_trip() {
        for text in ["", "a", "say \"hi\"", "back\\slash", "new\nline", "＂full＂", "“curly”", "\\", "\\n"]
        {
            assert_eq!(unquote(&quote(text)), text, "{text:?}");
            let lexed = lex(&quote(text));
            assert_eq!((lexed.tokens.len(), lexed.unclosed.len()), (2, 0), "{text:?}");
        }
        assert_eq!(unquote("\"open"), "open");
    }

    #[test]
    fn plain_words() {
        for text in ["Promo", "华东", "3M", "C#", "zhang.wei", "O'Brien"] {
            assert!(is_plain(text, Lang::En) && is_plain(text, Lang::Zh), "{text}");
        }
        for text in ["团队", "分配给", "且"] {
            assert!(is_plain(text, Lang::En) && !is_plain(text, Lang::Zh), "{text}");
        }
        for text in ["", "East Senior", "rule", "#1", "a,b", "a..b", "x:", ":x", "a->b", "\u{FEFF}"] {
            assert!(!is_plain(text, Lang::En), "{text}");
        }
    }
}
