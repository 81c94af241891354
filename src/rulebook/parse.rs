//! Tokens to a tree and findings. Never fails and never recurses deeper than `NESTING_MAX`: a line that cannot be read is
//! kept word for word as a broken line. Whether names exist and values fit is for `lower` and `check`.

mod calendar;
mod expr;
mod item;
mod notify;
mod pool;
mod promotion;
mod ramp;
mod rule;
mod watch;

use std::sync::Arc;

use smol_str::SmolStr;

use super::diagnostic::{DiagCode, Diagnostic, Fix, Limit, Noun, Severity, Span, Want};
use super::keyword::{Kw, Said, spellings};
use super::token::{Comment, Lexed, Tok, Token, lex, unquote};
use super::tree::{Expr, Lit, Name, Noted, Place, Source, Tree};
use super::{BOOK_BYTES_MAX, DIAGNOSTICS_MAX, literal, suggest};
use crate::model::lang::Lang;

/// What a text says, and what is wrong with it. The tree remembers the diagnostics too, so that `check` can list all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    pub tree: Tree,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a text. Never fails: what cannot be read is kept as broken lines.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let mut parser = Parser::new(text);
    let mut tree = parser.items();
    let (diagnostics, keywords) = parser.finish();
    let diagnostics_shared = Arc::from(diagnostics.as_slice());
    tree.source = Source { text: Arc::from(text), diagnostics: diagnostics_shared, keywords };
    Parsed { tree, diagnostics }
}

/// One condition, its findings and the language of its keywords.
pub(super) type ReadExpr = (Result<Option<Expr>, ()>, Vec<Diagnostic>, Lang);

/// Reads one condition and nothing else. `Ok(None)` for an empty text.
pub(super) fn parse_expr(text: &str) -> ReadExpr {
    let mut parser = Parser::new(text);
    // A filter is one line; a pasted line break in it means nothing.
    parser.tokens.retain(|t| t.tok != Tok::Newline);
    let read = if parser.tok() == Tok::Eof {
        Ok(None)
    } else {
        parser.expr().and_then(|e| parser.end_of_line().map(|()| Some(e))).map_err(|Failed| ())
    };
    let (diagnostics, keywords) = parser.finish();
    // An unclosed quote was read to the end; the reader may have meant something else.
    let sound = !diagnostics.iter().any(|d| d.severity == Severity::Error);
    (if sound { read } else { Err(()) }, diagnostics, keywords)
}

/// The finding is recorded already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failed;

type Read<T> = Result<T, Failed>;

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    pos: usize,
    comments: Vec<Comment>,
    next_comment: usize,
    findings: Findings<'a>,
    /// Statements that start before this token belong to a failure that was told already.
    quiet_until: usize,
    depth: usize,
    /// Keywords read as such, English and Chinese.
    written: [usize; 2],
    /// The word the statement being read opens with.
    statement_kw: Option<Kw>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let Lexed { tokens, comments, unclosed } = lex(text);
        let mut findings = Findings::new(text, Lang::En);
        if text.len() > BOOK_BYTES_MAX {
            let code = DiagCode::TooMuch { limit: Limit::BookBytes, max: BOOK_BYTES_MAX };
            findings.add(Severity::Error, Span::default(), code, None);
        }
        for span in unclosed {
            let fix = Fix { span: Span::new(span.end, span.end), replacement: SmolStr::new_static("\"") };
            findings.add(Severity::Error, span, DiagCode::UnclosedQuote, Some(fix));
        }
        let (quiet_until, written) = (0, [0, 0]);
        let statement_kw = None;
        Parser {
            text,
            tokens,
            pos: 0,
            comments,
            next_comment: 0,
            findings,
            quiet_until,
            depth: 0,
            written,
            statement_kw,
        }
    }

    fn finish(mut self) -> (Vec<Diagnostic>, Lang) {
        let keywords = self.keywords();
        self.findings.keywords = keywords;
        (self.findings.finish(), keywords)
    }

    /// In which language most keywords were written until here.
    fn keywords(&self) -> Lang {
        let [english, chinese] = self.written;
        if chinese > english { Lang::Zh } else { Lang::En }
    }

    /// Notes a word of the language that the text is written in.
    fn note_lang(&mut self, lang: Lang) {
        let [english, chinese] = &mut self.written;
        match lang {
            Lang::En => *english += 1,
            Lang::Zh => *chinese += 1,
        }
    }

    fn peek(&self) -> Token {
        let end = Span::new(self.text.len(), self.text.len());
        let eof = Token { tok: Tok::Eof, span: end, lang: Lang::En };
        self.tokens.get(self.pos).copied().unwrap_or(eof)
    }

    fn tok(&self) -> Tok {
        self.peek().tok
    }

    fn kw(&self) -> Option<Kw> {
        match self.tok() {
            Tok::Word(kw) => kw,
            _ => None,
        }
    }

    fn next(&mut self) -> Token {
        let token = self.peek();
        if matches!(token.tok, Tok::Word(Some(_))) {
            self.note_lang(token.lang);
        }
        if token.tok != Tok::Eof {
            self.pos += 1;
        }
        token
    }

    /// Goes past the next token, or a whole word that means only itself, whatever keywords it spells.
    fn next_whole(&mut self) {
        let span = self.whole_span();
        while self.peek().tok != Tok::Eof && self.peek().span.end <= span.end {
            self.pos += 1;
        }
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The text from the token at `start` to the last one read.
    fn since(&self, start: usize) -> Span {
        let first = self.tokens.get(start).map_or_else(|| self.peek().span, |t| t.span);
        let last = self.pos.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(first, |t| t.span);
        if last.end < first.end { first } else { first.to(last) }
    }

    fn at_line_end(&self) -> bool {
        matches!(self.tok(), Tok::Newline | Tok::Eof)
    }

    fn eat(&mut self, tok: Tok) -> bool {
        let found = self.tok() == tok;
        if found {
            self.next();
        }
        found
    }

    fn eat_kw(&mut self, kw: Kw) -> bool {
        let found = self.kw() == Some(kw);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, tok: Tok, want: Want) -> Read<()> {
        if self.eat(tok) { Ok(()) } else { Err(self.expected(want)) }
    }

    fn expect_kw(&mut self, kw: Kw) -> Read<()> {
        if self.eat_kw(kw) { Ok(()) } else { Err(self.expected_kw(kw.alone())) }
    }

    fn end_of_line(&mut self) -> Read<()> {
        if self.at_line_end() { Ok(()) } else { Err(self.expected(Want::EndOfLine)) }
    }

    /// Records that something else was expected here.
    fn expected(&mut self, want: Want) -> Failed {
        self.expected_one_of(want, std::iter::empty())
    }

    /// Records that one of these keywords was expected here, and proposes the nearest.
    fn expected_kw(&mut self, kws: &'static [Kw]) -> Failed {
        self.expected_one_of(Want::Words(kws.into()), spellings(kws))
    }

    /// The same of whatever is wanted.
    fn expected_one_of(&mut self, want: Want, words: impl IntoIterator<Item = &'static str>) -> Failed {
        let token = self.peek();
        let found = if self.at_line_end() { "" } else { self.slice(token.span) };
        let span = if self.at_line_end() { self.end_of_previous() } else { token.span };
        let near = if matches!(token.tok, Tok::Word(_)) { suggest::nearest(found, words) } else { None };
        let fix = near.map(|replacement| Fix { span, replacement });
        self.fail(span, DiagCode::Expected { want, found: SmolStr::new(found) }, fix)
    }

    /// Where a missing word would stand: right after what was read last.
    fn end_of_previous(&self) -> Span {
        let end = self.pos.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(0, |t| t.span.end);
        Span::new(end, end)
    }

    fn fail(&mut self, span: Span, code: DiagCode, fix: Option<Fix>) -> Failed {
        if self.pos >= self.quiet_until {
            self.findings.add(Severity::Error, span, code, fix);
        }
        Failed
    }

    /// A word that should have been one of `words`.
    fn unknown(&mut self, noun: Noun, token: Token, words: impl IntoIterator<Item = &'static str>) -> Failed {
        let name = SmolStr::new(self.slice(token.span));
        let fix = suggest::nearest(&name, words).map(|replacement| Fix { span: token.span, replacement });
        self.fail(token.span, DiagCode::Unknown { noun, name }, fix)
    }

    /// A name: quoted, or one word that is not reserved.
    fn name(&mut self) -> Read<Name> {
        let Lit { text, at, .. } = self.value(Want::Name)?;
        Ok(Name { text, at })
    }

    /// A value: quoted, or one word that is not reserved.
    fn value(&mut self, want: Want) -> Read<Lit> {
        let token = self.peek();
        let span = self.whole_span();
        let raw = self.slice(span);
        let (text, quoted) = match token.tok {
            Tok::Word(_) if token.is_free_word() => (SmolStr::new(raw), false),
            Tok::Quoted => (unquote(raw), true),
            _ => return Err(self.expected(want)),
        };
        self.next_whole();
        Ok(Lit { text, quoted, at: Place(span) })
    }

    /// A text in quotes.
    fn quoted(&mut self) -> Read<SmolStr> {
        let token = self.peek();
        if token.tok != Tok::Quoted {
            return Err(self.expected(Want::QuotedText));
        }
        self.next();
        Ok(unquote(self.slice(token.span)))
    }

    /// A bare word that `read` understands.
    fn word<T>(&mut self, want: Want, read: impl Fn(&str) -> Option<T>) -> Read<T> {
        let value = match self.tok() {
            Tok::Word(_) => read(self.slice(self.whole_span())),
            _ => None,
        };
        match value {
            Some(value) => {
                self.next_whole();
                Ok(value)
            }
            None => Err(self.expected(want)),
        }
    }

    /// Words that mean something only here.
    fn said(&mut self, said: Said) -> Read<()> {
        if self.is_word(said.zh) {
            self.next_whole();
            self.note_lang(Lang::Zh);
            return Ok(());
        }
        for word in said.en {
            // One day is a working day too.
            let singular = word.strip_suffix('s').filter(|_| *word == "days");
            if !self.is_word(word) && !singular.is_some_and(|s| self.is_word(s)) {
                return Err(self.expected_one_of(Want::Said(said.into()), [*word, said.zh]));
            }
            self.next_whole();
        }
        Ok(())
    }

    /// Whether a bare word spelled like this comes next.
    fn is_word(&self, word: &str) -> bool {
        let token = self.peek();
        matches!(token.tok, Tok::Word(_)) && self.slice(token.span).eq_ignore_ascii_case(word)
    }

    /// A whole number; a measure word may be written against it (`2次`).
    fn whole(&mut self) -> Read<u32> {
        let token = self.peek();
        let count = match token.tok {
            Tok::Word(None) => literal::whole(self.slice(token.span)).and_then(|n| u32::try_from(n).ok()),
            _ => None,
        };
        match count {
            Some(count) => {
                self.next();
                Ok(count)
            }
            None => Err(self.expected(Want::WholeNumber)),
        }
    }

    /// The next word with what is written against it.
    fn whole_span(&self) -> Span {
        let token = self.peek();
        let rest = self.tokens.get(self.pos + 1..).unwrap_or_default().iter();
        let glued = rest.take_while(|t| matches!(t.tok, Tok::Word(_))).scan(token.span, |so_far, t| {
            let same = t.span == *so_far || t.span.start == so_far.end;
            *so_far = so_far.to(t.span);
            same.then_some(*so_far)
        });
        if matches!(token.tok, Tok::Word(_)) { glued.last().unwrap_or(token.span) } else { token.span }
    }

    /// `read`, at least once, between commas.
    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut all = vec![read(self)?];
        while self.eat(Tok::Comma) {
            self.skip_breaks();
            all.push(read(self)?);
        }
        Ok(all)
    }

    /// Inside brackets and after a comma or joining word a line may end, unless the next one opens a statement.
    fn skip_breaks(&mut self) {
        let mut next = self.pos;
        while self.tokens.get(next).is_some_and(|t| t.tok == Tok::Newline) {
            next += 1;
        }
        if !self.opens_statement(next) {
            self.pos = next;
        }
    }

    /// Whether the token opens a statement. A Chinese word may also be a value of a list: then a comma, a bracket or the end
    /// of the line follows.
    fn opens_statement(&self, at: usize) -> bool {
        let Some(Token { tok: Tok::Word(Some(kw)), span, lang }) = self.tokens.get(at).copied() else {
            return false;
        };
        let rest = self.tokens.iter().skip(at).find(|t| t.span != span).map(|t| t.tok);
        let is_listed = matches!(rest, None | Some(Tok::Comma | Tok::Close | Tok::Newline | Tok::Eof));
        kw.opens_statement() && (lang == Lang::En || !is_listed)
    }

    fn skip_newlines(&mut self) {
        while self.eat(Tok::Newline) {}
    }

    /// Comments that stand before the token at `end`, not yet given to a statement.
    fn comments_before(&mut self, end: usize) -> Vec<SmolStr> {
        let mut out = Vec::new();
        while let Some(comment) = self.comments.get(self.next_comment).filter(|c| c.before < end) {
            out.push(comment.text.clone());
            self.next_comment += 1;
        }
        out
    }

    /// Reads one statement up to the end of its line, with its comments; a failed one comes back as its text.
    fn statement<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Noted<Result<T, SmolStr>> {
        self.statement_until(read, Self::end_of_line)
    }

    /// The same up to whatever `end` takes for one.
    fn statement_until<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Read<T>,
        end: impl FnOnce(&mut Self) -> Read<()>,
    ) -> Noted<Result<T, SmolStr>> {
        let start = self.pos;
        self.statement_kw = self.kw();
        let mut before = self.comments_before(start);
        match read(self).and_then(|t| end(self).map(|()| t)) {
            Ok(node) => {
                let at = Place(self.since(start));
                before.extend(self.comments_before(self.pos));
                let trail = self.comments_before(self.pos + 1).into_iter().next();
                Noted { before, trail, at, node: Ok(node) }
            }
            Err(Failed) => {
                let text = self.recover(start);
                Noted { before, trail: None, at: Place(self.since(start)), node: Err(text) }
            }
        }
    }

    /// Goes on after the first line of a failed statement, which it gives back as written, comment and all. The rest of
    /// what was read gets another chance line by line, but what fails there is not told again.
    fn recover(&mut self, start: usize) -> SmolStr {
        self.depth = 0;
        self.quiet_until = self.quiet_until.max(self.pos);
        let mut end = start;
        while !matches!(self.tokens.get(end).map(|t| t.tok), None | Some(Tok::Newline | Tok::Eof)) {
            end += 1;
        }
        self.pos = end;
        let from = self.tokens.get(start).map_or(self.text.len(), |t| t.span.start);
        self.comments_before(end + 1);
        let line = self.slice(Span::new(from, self.peek().span.start));
        SmolStr::new(line.trim_end())
    }
}

/// Findings as they come; counts lines only once, at the end.
pub(super) struct Findings<'a> {
    text: &'a str,
    all: Vec<Diagnostic>,
    /// The language of the text's keywords, for what is proposed.
    pub(super) keywords: Lang,
}

impl<'a> Findings<'a> {
    pub(super) fn new(text: &'a str, keywords: Lang) -> Self {
        Findings { text, all: Vec::new(), keywords }
    }

    /// Whether more would only be thrown away; saves looking for suggestions.
    pub(super) fn is_full(&self) -> bool {
        self.all.len() >= DIAGNOSTICS_MAX
    }

    pub(super) fn add(&mut self, severity: Severity, span: Span, code: DiagCode, suggestion: Option<Fix>) {
        // Errors are kept beyond the limit as one, so that a full list of warnings cannot hide that there are any.
        let (code, suggestion) = if self.all.len() < DIAGNOSTICS_MAX {
            (code, suggestion)
        } else if severity == Severity::Error && self.all.len() == DIAGNOSTICS_MAX {
            (DiagCode::TooMuch { limit: Limit::Diagnostics, max: DIAGNOSTICS_MAX }, None)
        } else {
            return;
        };
        let keywords = self.keywords;
        self.all.push(Diagnostic { severity, span, line: 1, column: 1, code, suggestion, keywords });
    }

    /// All findings in the order of the text, with lines and columns.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        let mut all = self.all;
        all.sort_by_key(|d| (d.span, std::cmp::Reverse(d.severity)));
        let (mut at, mut line, mut line_start) = (0, 1, 0);
        for finding in &mut all {
            finding.keywords = self.keywords;
            let target = finding.span.start.min(self.text.len());
            for (i, _) in self.text.get(at..target).unwrap_or_default().match_indices('\n') {
                line += 1;
                line_start = at + i + 1;
            }
            at = target;
            finding.line = line;
            let column = self.text.get(line_start..target).unwrap_or_default().chars().count() + 1;
            finding.column = u32::try_from(column).unwrap_or(u32::MAX);
        }
        all
    }
}

#[cfg(test)]
mod tests;
