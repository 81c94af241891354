//! What of the choices is taken, what typed words stand for, and what is on offer under them.

use super::choices::choice;
use super::{Building, Choice, Pick, Step};
use crate::console::text::{Say, T};
use crate::model::lang::Lang;
use crate::rulebook::form::{self, FieldKind};
use crate::rulebook::tree::{ElseNode, StrategyNode, TargetNode};
use std::str::FromStr;

/// Whether two picks mean the same, said or unsaid.
pub(super) fn is_same(a: &Pick, b: &Pick) -> bool {
    match (a, b) {
        (Pick::By(one, in_one), Pick::By(other, in_other)) => {
            let by = |by: &Option<StrategyNode>| by.clone().unwrap_or(StrategyNode::Fair);
            by(one) == by(other) && in_one == in_other
        }
        (Pick::Nobody(one), Pick::Nobody(other)) => {
            let nobody = |nobody: &Option<ElseNode>| match nobody {
                None | Some(ElseNode::Pass) => 0,
                Some(ElseNode::Wait) => 1,
                Some(ElseNode::Park(_)) => 2,
            };
            nobody(one) == nobody(other)
        }
        (a, b) => a == b,
    }
}

impl Building {
    /// Who was chosen in the question at hand.
    #[must_use]
    pub fn targets(&self) -> &[TargetNode] {
        match self.step {
            Step::PartTo(index) => self.extra.parts.get(index).map_or(&[], |(_, to)| to.as_slice()),
            _ => &self.asked().to,
        }
    }

    /// Whether a choice is taken.
    #[must_use]
    pub fn is_chosen(&self, pick: &Pick) -> bool {
        let (asked, extra) = (self.asked(), &self.extra);
        match pick {
            Pick::Kind(kind) => self.kind.as_ref() == Some(kind),
            Pick::Row(_) => true,
            Pick::Next => false,
            Pick::Field(field) => self.step == Step::SplitBy && extra.field.as_ref() == Some(field),
            Pick::Value(lit) if self.step == Step::Parts => extra.parts.iter().any(|(v, _)| *v == lit.text),
            Pick::Value(lit) => self.row.as_ref().is_some_and(|row| row.values.contains(lit)),
            Pick::Target(target) => self.targets().contains(target),
            Pick::Skill(skill) => asked.skills.contains(skill),
            Pick::By(..) => is_same(pick, &Pick::By(asked.by.clone(), asked.is_within_team)),
            Pick::Count(count) => match self.step {
                Step::OpenCap => asked.open_cap == *count,
                Step::DayCap => asked.day_cap == *count,
                _ => extra.at_least == *count,
            },
            Pick::Limit(limit) => asked.respond.as_ref().map(|respond| respond.within_ms) == *limit,
            Pick::Late(steps) => asked.respond.as_ref().is_some_and(|respond| respond.steps == *steps),
            Pick::When(during) => asked.during == *during,
            Pick::Nobody(_) => is_same(pick, &Pick::Nobody(asked.nobody.clone())),
            Pick::Zone(zone) => extra.zone == *zone,
            Pick::Hours(text) => extra.hours == text.as_ref().and_then(|text| form::read_hours(text)),
            Pick::Days(days) => extra.days == *days,
            Pick::Span(text) => extra.span.is_some() && extra.span == form::read_span(text),
            Pick::Rest(rest) => extra.rest.as_ref() == Some(rest),
            Pick::Team(team) => extra.team == *team,
            Pick::Shares(weeks) => extra.weeks_milli == *weeks,
        }
    }

    /// What typed words stand for where they are an answer themselves.
    #[must_use]
    pub fn typed(&self) -> Option<Choice> {
        let text = self.line.text().trim();
        if text.is_empty() {
            return None;
        }
        let count = || u32::from_str(text).ok().filter(|n| *n > 0).map(|n| Pick::Count(Some(n)));
        let pick = match self.step {
            Step::OpenCap | Step::DayCap | Step::AtLeast => count()?,
            Step::Limit => Pick::Limit(Some(crate::rulebook::duration_ms(text).filter(|ms| *ms > 0)?)),
            Step::Hours => Pick::Hours(Some(form::read_hours(text).map(|_| text.into())?)),
            Step::Days => Pick::Days(form::read_days(text)?),
            Step::Span => Pick::Span(form::read_span(text).map(|_| text.into())?),
            Step::Values | Step::Parts => {
                let field = match &self.row {
                    Some(row) if self.step == Step::Values => &row.field,
                    _ => self.extra.field.as_ref()?,
                };
                Pick::Value(form::value(field, text, &self.facts.defines))
            }
            _ => return None,
        };
        let is_offered = |c: &Choice| match (&c.pick, &pick) {
            (Pick::Value(own), Pick::Value(typed)) => own.text.to_lowercase() == typed.text.to_lowercase(),
            (own, typed) => own == typed,
        };
        if self.choices.iter().any(is_offered) {
            return None;
        }
        let is_text = match &self.row {
            Some(row) if self.step == Step::Values => {
                matches!(row.kind, FieldKind::Text) && row.how.takes_many()
            }
            _ => self.step == Step::Parts,
        };
        let typed = choice(pick, Say::TypedIs(text));
        Some(if is_text { typed.note(T::NoLeadHas) } else { typed })
    }

    /// What is on offer under the words typed, in order; the last may be the words themselves.
    #[must_use]
    pub fn offers(&self) -> Vec<Choice> {
        let typed = self.line.text().trim().to_lowercase();
        let words = |choice: &Choice| {
            let mut all = String::new();
            for lang in [Lang::En, Lang::Zh] {
                all.push_str(choice.label.get(lang));
                all.push(' ');
                let is_named = matches!(choice.pick, Pick::Target(_) | Pick::Kind(_));
                all.push_str(choice.note.as_ref().filter(|_| is_named).map_or("", |note| note.get(lang)));
                all.push(' ');
            }
            all.to_lowercase()
        };
        let fits = |choice: &&Choice| {
            typed.is_empty() || {
                let all = words(choice);
                typed.split_whitespace().all(|word| all.contains(word))
            }
        };
        let mut offers: Vec<Choice> = self.choices.iter().filter(fits).cloned().collect();
        if let Some(choice) = self.typed() {
            // A figure, a length or a part of a text is meant as typed; a value may be the beginning of one that is there.
            let is_figure =
                self.row.as_ref().is_some_and(|row| self.step == Step::Values && !row.how.takes_many());
            let is_meant = is_figure || !matches!(choice.pick, Pick::Value(_));
            let at = if is_meant { 0 } else { offers.len() };
            offers.insert(at, choice);
        }
        offers
    }
}
