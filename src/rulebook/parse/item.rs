//! Top-level statements: which block a line belongs to, and the small items that fit on one line.

use smol_str::SmolStr;

use super::super::diagnostic::{DiagCode, Fix, Noun, Want};
use super::super::keyword::{
    CALENDAR_LINES, CLAUSES, CONTACT_KEYS, DUPLICATE_LINES, ITEMS, Kw, MOVE_AT_MOST, PER_HOUR, POOL_LINES,
    PROMOTION_LINES, meaning, spellings, words_of,
};
use super::super::literal;
use super::super::suggest;
use super::super::token::Tok;
use super::super::tree::{
    DefineNode, DupByNode, DupNode, DupThenNode, Item, Line, Lines, Noted, OtherwiseNode, Place, ScoreNode,
    Tree,
};
use super::{Failed, Parser, Read};

/// Score lines beyond this many points are slips of the finger.
const POINTS_MAX: i64 = 1_000_000;

impl Parser<'_> {
    pub(super) fn items(&mut self) -> Tree {
        let mut tree = Tree::default();
        let mut after_broken_rule = false;
        loop {
            self.skip_newlines();
            if self.tok() == Tok::Eof {
                break;
            }
            let orphan = self.kw().is_some_and(|kw| CLAUSES.contains(&kw));
            if orphan && after_broken_rule {
                // The rule's own line was told; its clauses are not at fault.
                self.quiet_until = self.quiet_until.max(self.pos + 1);
            }
            let is_rule = self.kw() == Some(Kw::Rule);
            let header = self
                .statement_until(Self::header, |p| if is_rule { p.end_of_clause() } else { p.end_of_line() });
            let broken = header.node.is_err();
            after_broken_rule = broken && (is_rule || (orphan && after_broken_rule));
            let mut item = into_item(header);
            self.block(&mut item.node);
            tree.items.push(item);
        }
        tree.tail = self.comments_before(usize::MAX);
        tree
    }

    /// The first line of an item; blocks are still empty.
    fn header(&mut self) -> Read<Item> {
        let token = self.peek();
        match self.kw() {
            Some(Kw::Calendar) => self.bare(Item::Calendar(Vec::new())),
            Some(Kw::Score) => self.bare(Item::Score(Vec::new())),
            Some(Kw::Duplicates) => self.bare(Item::Duplicates(Vec::new())),
            Some(Kw::Define) => self.define(),
            Some(Kw::Rule) => self.rule_header(),
            Some(Kw::Otherwise) => self.otherwise(),
            Some(Kw::Watch) => Ok(Item::Watch(self.watch()?)),
            Some(Kw::Replies) => {
                self.next();
                self.expect_kw(Kw::From)?;
                Ok(Item::Replies(self.list(Self::name)?))
            }
            Some(Kw::Draw) => {
                self.next();
                self.expect_kw(Kw::Salt)?;
                Ok(Item::Salt(self.word(Want::WholeNumber, literal::whole)?))
            }
            Some(Kw::Timers) => {
                self.next();
                self.said(MOVE_AT_MOST)?;
                let most = self.counted()?;
                self.said(PER_HOUR)?;
                Ok(Item::Timers(most))
            }
            Some(Kw::Notify) => Ok(Item::Notify(self.notify()?)),
            Some(Kw::Ramp) => self.ramp(),
            Some(Kw::Pool) => self.bare(Item::Pool(Vec::new())),
            Some(Kw::Promotion) => self.promotion_header(),
            Some(kw)
                if CLAUSES.contains(&kw)
                    || CALENDAR_LINES.contains(&kw)
                    || DUPLICATE_LINES.contains(&kw)
                    || POOL_LINES.contains(&kw)
                    || PROMOTION_LINES.contains(&kw) =>
            {
                let word = SmolStr::new_static(kw.word(token.lang));
                Err(self.fail(token.span, DiagCode::Misplaced { word }, None))
            }
            _ => Err(self.unknown_word(&ITEMS)),
        }
    }

    fn bare(&mut self, item: Item) -> Read<Item> {
        self.next();
        Ok(item)
    }

    /// The lines that belong to a header just read.
    fn block(&mut self, item: &mut Item) {
        match item {
            Item::Calendar(lines) => self.lines(lines, &CALENDAR_LINES, Self::calendar_line),
            Item::Score(lines) => self.lines(lines, &[], Self::score_line),
            Item::Duplicates(lines) => self.lines(lines, &DUPLICATE_LINES, Self::duplicate_line),
            Item::Pool(lines) => self.lines(lines, &POOL_LINES, Self::pool_line),
            Item::Promotion(promotion) => {
                self.lines(&mut promotion.lines, &PROMOTION_LINES, Self::promotion_line);
            }
            Item::Rule(rule) => self.clauses(rule),
            Item::Define(_)
            | Item::Otherwise(_)
            | Item::Watch(_)
            | Item::Replies(_)
            | Item::Salt(_)
            | Item::Timers(_)
            | Item::Ramp(_)
            | Item::Notify(_)
            | Item::Broken(_) => {}
        }
    }

    fn lines<T>(&mut self, out: &mut Lines<T>, own: &[Kw], read: fn(&mut Self) -> Read<T>) {
        while self.at_block_line(own) {
            let line = self.statement(read);
            let node = match line.node {
                Ok(good) => Line::Good(good),
                Err(text) => Line::Broken(text),
            };
            out.push(Noted { before: line.before, trail: line.trail, at: line.at, node });
        }
    }

    /// Whether another line of a block follows whose lines start with `own` words.
    pub(super) fn at_block_line(&mut self, own: &[Kw]) -> bool {
        self.skip_newlines();
        let is_own = |kw: Kw| own.contains(&kw) && (kw != Kw::Watch || self.is_indented());
        self.tok() != Tok::Eof && !self.kw().is_some_and(|kw| !is_own(kw) && self.opens_item(kw))
    }

    /// Whether something, if only a blank, stands before the token on its line.
    fn is_indented(&self) -> bool {
        let before = self.text.get(..self.peek().span.start).unwrap_or_default();
        !before.is_empty() && !before.ends_with('\n')
    }

    /// Whether the line opens a new item. `score` is a field too: it opens its block only when it stands alone.
    fn opens_item(&self, kw: Kw) -> bool {
        let alone =
            || matches!(self.tokens.get(self.pos + 1).map(|t| t.tok), None | Some(Tok::Newline | Tok::Eof));
        ITEMS.contains(&kw) && (kw != Kw::Score || alone())
    }

    /// The statement starts with no word that may stand here.
    pub(super) fn unknown_word(&mut self, own: &[Kw]) -> Failed {
        let token = self.peek();
        let word = SmolStr::new(self.slice(token.span));
        let elsewhere = |kw: &Kw| CLAUSES.contains(kw) || CALENDAR_LINES.contains(kw) || *kw == Kw::Weight;
        if let Some(kw) = self.kw().filter(elsewhere) {
            let word = SmolStr::new_static(kw.word(token.lang));
            return self.fail(token.span, DiagCode::Misplaced { word }, None);
        }
        if self.kw().is_some_and(|kw| ITEMS.contains(&kw)) {
            self.next();
            return self.expected(Want::EndOfLine);
        }
        let near = suggest::nearest(&word, spellings(own).chain(spellings(&ITEMS)));
        let fix = near.map(|replacement| Fix { span: token.span, replacement });
        self.fail(token.span, DiagCode::UnknownWord { word }, fix)
    }

    fn define(&mut self) -> Read<Item> {
        self.next();
        let name = self.name()?;
        if !matches!(self.tok(), Tok::Cmp(super::super::book::Cmp::Eq)) {
            return Err(self.expected(Want::Equals));
        }
        self.next();
        Ok(Item::Define(DefineNode { name, values: self.values()? }))
    }

    fn score_line(&mut self) -> Read<ScoreNode> {
        let token = self.peek();
        let signed =
            matches!(token.tok, Tok::Word(_)) && self.slice(token.span).starts_with(['+', '-', '＋', '－']);
        if !signed {
            return Err(if matches!(token.tok, Tok::Word(Some(_))) {
                self.unknown_word(&[])
            } else {
                self.expected(Want::Signs("+30 / -30"))
            });
        }
        let points = self.word(Want::WholeNumber, |word| {
            let thousandths = literal::exact(word)?;
            let whole = thousandths % 1000 == 0 && thousandths.abs() / 1000 <= POINTS_MAX;
            if whole { i32::try_from(thousandths / 1000).ok() } else { None }
        })?;
        self.expect_kw(Kw::When)?;
        Ok(ScoreNode { points, when: self.expr()? })
    }

    fn duplicate_line(&mut self) -> Read<DupNode> {
        let by = match self.kw() {
            Some(Kw::Same) => self.same()?,
            Some(Kw::Company) => {
                self.next();
                self.expect_kw(Kw::Like)?;
                let at = Place(self.peek().span);
                DupByNode::CompanyLike(self.word(Want::Number, literal::exact)?, at)
            }
            _ => return Err(self.unknown_word(&DUPLICATE_LINES)),
        };
        self.expect_kw(Kw::Within)?;
        let within_ms = self.word(Want::Duration, literal::duration)?;
        self.expect(Tok::Arrow, Want::Arrow)?;
        let start = self.pos;
        let then = match self.kw() {
            Some(Kw::Give) => {
                self.next();
                self.expect_kw(Kw::To)?;
                self.expect_kw(Kw::Owner)?;
                DupThenNode::GiveToOwner
            }
            Some(Kw::Park) => {
                self.next();
                DupThenNode::Park(self.quoted()?)
            }
            _ => return Err(self.expected(Want::Words((&[Kw::Give, Kw::Park][..]).into()))),
        };
        Ok(DupNode { by, within_ms, then, at: Place(self.since(start)) })
    }

    /// `same phone or same email`
    fn same(&mut self) -> Read<DupByNode> {
        let mut keys = Vec::new();
        loop {
            self.expect_kw(Kw::Same)?;
            let token = self.peek();
            let Some(key) = meaning(CONTACT_KEYS, self.slice(token.span)) else {
                return Err(self.unknown(Noun::ContactKey, token, words_of(CONTACT_KEYS)));
            };
            self.next_whole();
            if !keys.contains(&key) {
                keys.push(key);
            }
            if !self.eat_kw(Kw::Or) {
                return Ok(DupByNode::Same(keys));
            }
        }
    }

    fn otherwise(&mut self) -> Read<Item> {
        self.next();
        Ok(Item::Otherwise(match self.kw() {
            Some(Kw::Park) => {
                self.next();
                OtherwiseNode::Park(self.quoted()?)
            }
            Some(Kw::Wait) => {
                self.next();
                OtherwiseNode::Wait
            }
            Some(Kw::Give) => OtherwiseNode::Give(self.give()?),
            _ => {
                return Err(self.expected_kw(&[Kw::Park, Kw::Wait, Kw::Give]));
            }
        }))
    }
}

fn into_item(header: Noted<Result<Item, SmolStr>>) -> Noted<Item> {
    let node = header.node.unwrap_or_else(Item::Broken);
    Noted { before: header.before, trail: header.trail, at: header.at, node }
}
