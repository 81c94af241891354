//! Conditions: `or` binds loosest, then `and`, then `not`. A line may end inside brackets and around `and` and `or`.

use smol_str::SmolStr;

use super::super::NESTING_MAX;
use super::super::book::Cmp;
use super::super::diagnostic::{DiagCode, Limit, Want};
use super::super::field;
use super::super::keyword::{COMPARISONS, Kw, meaning, spellings};
use super::super::token::{Tok, unquote};
use super::super::tree::{Expr, FieldNode, Lit, OpNode, Place, SetNode, TestNode};
use super::{Parser, Read};
use crate::model::lang::Lang;

/// Words an operator may begin with.
const OPERATORS: [Kw; 5] = [Kw::Contains, Kw::Starts, Kw::In, Kw::Is, Kw::Not];

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> Read<Expr> {
        self.joined(Kw::Or, |p| p.joined(Kw::And, Self::factor, Expr::And), Expr::Or)
    }

    fn joined(
        &mut self,
        kw: Kw,
        mut read: impl FnMut(&mut Self) -> Read<Expr>,
        join: fn(Vec<Expr>) -> Expr,
    ) -> Read<Expr> {
        let first = read(self)?;
        if !self.at_joint(kw) {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.at_joint(kw) {
            self.next();
            self.skip_breaks();
            all.push(read(self)?);
        }
        Ok(join(all))
    }

    /// Whether `kw` comes next, perhaps at the start of the next line; goes there if so.
    fn at_joint(&mut self, kw: Kw) -> bool {
        let mut next = self.pos;
        while self.tokens.get(next).is_some_and(|t| t.tok == Tok::Newline) {
            next += 1;
        }
        let found = self.tokens.get(next).is_some_and(|t| t.tok == Tok::Word(Some(kw)));
        if found {
            self.pos = next;
        }
        found
    }

    fn factor(&mut self) -> Read<Expr> {
        let (is_not, is_open) = (self.kw() == Some(Kw::Not), self.tok() == Tok::Open);
        if !is_not && !is_open {
            return self.test().map(Expr::Test);
        }
        if self.depth >= NESTING_MAX {
            let code = DiagCode::TooMuch { limit: Limit::Nesting, max: NESTING_MAX };
            return Err(self.fail(self.peek().span, code, None));
        }
        self.next();
        self.depth += 1;
        let read = if is_not {
            self.factor().map(|inner| Expr::Not(Box::new(inner)))
        } else {
            self.skip_breaks();
            self.expr().and_then(|inner| {
                self.skip_breaks();
                self.expect(Tok::Close, Want::Close).map(|()| inner)
            })
        };
        self.depth = self.depth.saturating_sub(1);
        read
    }

    fn test(&mut self) -> Read<TestNode> {
        let field = self.field()?;
        let start = self.pos;
        let mut op = self.operator()?;
        if !field.custom {
            canonical_values(&field.name, &mut op);
        }
        Ok(TestNode { field, op, at: Place(self.since(start)) })
    }

    fn field(&mut self) -> Read<FieldNode> {
        let token = self.peek();
        let Tok::Word(kw) = token.tok else { return Err(self.expected(Want::Field)) };
        if kw.is_some_and(Kw::is_reserved) {
            return Err(self.expected(Want::Field));
        }
        let span = self.whole_span();
        let word = self.slice(span);
        self.next_whole();
        let Some(rest) = word.strip_prefix("x.").or_else(|| word.strip_prefix("X.")) else {
            let known = field::built_in(word);
            if let Some((name, ..)) = known {
                self.note_lang(if name.eq_ignore_ascii_case(word) { Lang::En } else { Lang::Zh });
            }
            let name = known.map_or(word, |(name, ..)| name);
            return Ok(FieldNode { name: SmolStr::new(name), custom: false, at: Place(span) });
        };
        let quoted = self.peek();
        if rest.is_empty() && quoted.tok == Tok::Quoted && quoted.span.start == span.end {
            self.next();
            let name = unquote(self.slice(quoted.span));
            return Ok(FieldNode { name, custom: true, at: Place(span.to(quoted.span)) });
        }
        if rest.is_empty() {
            return Err(self.expected(Want::Name));
        }
        Ok(FieldNode { name: SmolStr::new(rest), custom: true, at: Place(span) })
    }

    fn operator(&mut self) -> Read<OpNode> {
        if let Tok::Cmp(cmp) = self.tok() {
            self.next();
            return self.comparison(cmp);
        }
        if let Tok::Word(None) = self.tok()
            && let Some(cmp) = meaning(COMPARISONS, self.slice(self.whole_span()))
        {
            self.next();
            self.note_lang(Lang::Zh);
            return self.comparison(cmp);
        }
        match self.kw() {
            Some(Kw::In) => {
                self.next();
                Ok(OpNode::In { negated: false, set: self.set()? })
            }
            Some(Kw::Not) => {
                self.next();
                self.expect_kw(Kw::In)?;
                Ok(OpNode::In { negated: true, set: self.set()? })
            }
            Some(Kw::Contains) => {
                self.next();
                Ok(OpNode::Contains(self.value(Want::Value)?))
            }
            Some(Kw::Starts) => {
                self.next();
                self.expect_kw(Kw::With)?;
                Ok(OpNode::StartsWith(self.value(Want::Value)?))
            }
            Some(Kw::Is) => {
                self.next();
                let negated = self.eat_kw(Kw::Not);
                self.expect_kw(Kw::Empty)?;
                Ok(OpNode::Empty { negated })
            }
            _ => Err(self.expected_one_of(Want::Operator, spellings(&OPERATORS))),
        }
    }

    fn comparison(&mut self, cmp: Cmp) -> Read<OpNode> {
        Ok(OpNode::Is(cmp, self.value(Want::Value)?))
    }

    fn set(&mut self) -> Read<SetNode> {
        if self.tok() == Tok::Open {
            Ok(SetNode::List(self.values()?))
        } else {
            Ok(SetNode::Define(self.name()?))
        }
    }

    /// `(a, b, "c d")`, over several lines if need be.
    pub(super) fn values(&mut self) -> Read<Vec<Lit>> {
        self.expect(Tok::Open, Want::Signs("("))?;
        self.skip_breaks();
        let all = self.list(|p| {
            let value = p.value(Want::Value)?;
            p.skip_breaks();
            Ok(value)
        })?;
        self.expect(Tok::Close, Want::Close)?;
        Ok(all)
    }
}

/// Values that are words of the language (weekdays, states, durations) in their English form, so that a condition is the
/// same whichever language it was written in. What stands in quotes is left alone.
fn canonical_values(field: &str, op: &mut OpNode) {
    let Some((_, _, holds)) = field::built_in(field) else { return };
    let mend = |lit: &mut Lit| {
        if let Some(text) = field::canonical(holds, lit) {
            lit.text = text;
        }
    };
    match op {
        OpNode::Is(_, value) | OpNode::Contains(value) | OpNode::StartsWith(value) => mend(value),
        OpNode::In { set: SetNode::List(values), .. } => values.iter_mut().for_each(mend),
        OpNode::In { set: SetNode::Define(_), .. } | OpNode::Empty { .. } => {}
    }
}
