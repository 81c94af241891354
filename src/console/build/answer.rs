//! Answering: taking a choice, going on, going back. Every step can be left both ways, and nothing that was answered is lost
//! by going back.

use super::{Asks, Building, Choice, Kind, Pick, RowEdit, Step, choices};
use crate::console::text::{Say, T};
use crate::console::widget::field::Field as Line;
use crate::console::widget::list::{ListState, Motion};
use crate::rulebook::form::{self, Asked, FieldKind, Respond, RuleForm};
use crate::rulebook::tree::{ElseNode, Item, Lit, StrategyNode};

/// Values ticked in one question; a list longer than this belongs into a `define`.
const TICKED_MAX: usize = 200;
/// Shares of the first weeks unless the person says otherwise, in thousandths.
const WEEKS_MILLI: [i64; 4] = [250, 500, 500, 750];

/// What became of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    Stayed,
    /// The last question is answered.
    Finished,
    /// There is nothing further back.
    Left,
}

impl Building {
    /// To a question: its choices, the one taken already under the bar.
    pub fn go(&mut self, step: Step, page: usize) {
        self.keep_text();
        self.step = step;
        if step != Step::Values {
            self.row = None;
        }
        self.line = Line::new(&self.prefilled());
        let is_nobody_known = self.facts.reps.is_empty() && self.facts.teams.is_empty();
        let asks_whom = matches!(step, Step::Who | Step::PartTo(_));
        self.said = (is_nobody_known && asks_whom).then(|| T::NoRoster.into());
        self.is_leaving = false;
        self.renew(page);
        let chosen = |choice: &Choice| self.asks() == Asks::One && self.is_chosen(&choice.pick);
        let here = match step {
            // Leads are chosen: the way on lies under the bar.
            Step::Which | Step::Menu => None,
            _ => self.offers().iter().position(chosen),
        };
        if let Some(here) = here {
            let rows: Vec<usize> = (0..self.offers().len()).collect();
            self.list.select(here, &rows, page);
        }
    }

    /// The choices anew, the first under the bar.
    pub fn renew(&mut self, page: usize) {
        self.choices = choices::of(self);
        self.narrow(page);
    }

    /// What was typed changed.
    pub fn narrow(&mut self, page: usize) {
        self.list = ListState::default();
        let rows: Vec<usize> = (0..self.offers().len()).collect();
        self.list.sync(&rows, page);
    }

    /// The file told what leads had: choices of values are made anew, the bar stays on its words.
    pub fn recount(&mut self, page: usize) {
        let here = self.selected().map(|choice| choice.label);
        self.renew(page);
        let rows: Vec<usize> = (0..self.offers().len()).collect();
        if let Some(at) = self.offers().iter().position(|choice| Some(&choice.label) == here.as_ref()) {
            self.list.select(at, &rows, page);
        }
    }

    /// Moves the bar.
    pub fn shift(&mut self, motion: Motion, page: usize) {
        self.is_leaving = false;
        let rows: Vec<usize> = (0..self.offers().len()).collect();
        self.list.go(motion, &rows, page);
    }

    /// The choice under the bar.
    #[must_use]
    pub fn selected(&self) -> Option<Choice> {
        self.list.selected().and_then(|index| self.offers().get(index).cloned())
    }

    /// A line that is an answer holds the present one.
    fn prefilled(&self) -> String {
        let asked = self.asked();
        match self.step {
            Step::Name => asked.name.to_string(),
            Step::Reason => match &asked.nobody {
                Some(ElseNode::Park(reason)) => reason.to_string(),
                _ => String::new(),
            },
            Step::From => self.extra.from.clone(),
            Step::Until => self.extra.to.clone(),
            Step::Values => match &self.row {
                Some(row) if !row.how.takes_many() && matches!(row.kind, FieldKind::Text) => {
                    row.values.first().map_or_else(String::new, |lit| lit.text.to_string())
                }
                _ => String::new(),
            },
            _ => String::new(),
        }
    }

    /// Takes the typed line as the answer it is.
    fn keep_text(&mut self) {
        let text = self.line.text().trim().to_owned();
        match self.step {
            Step::Name => self.form.asked.name = text.into(),
            Step::Reason => self.form.asked.nobody = Some(ElseNode::Park(text.into())),
            Step::From => self.extra.from = text,
            Step::Until => self.extra.to = text,
            _ => return,
        }
        self.write();
    }

    /// Something was typed.
    pub fn typed_on(&mut self, page: usize) {
        self.is_leaving = false;
        self.said = None;
        if self.asks() == Asks::Text {
            self.keep_text();
        } else {
            self.narrow(page);
        }
    }

    /// What is built is chosen; answers given before for the same stay.
    fn begin(&mut self, kind: Kind) {
        if self.kind.as_ref() == Some(&kind) {
            return;
        }
        let word = |text: T| text.get(self.facts.lang).into();
        let mut form = RuleForm::default();
        let mut extra = super::Extra::default();
        match &kind {
            Kind::Change(index) => {
                if let Some(Item::Rule(rule)) = self.draft.items.get(*index).map(|item| &item.node) {
                    form = RuleForm::of(rule);
                }
            }
            Kind::Vip => {
                form.asked =
                    Asked { name: word(T::BuildVip), nobody: Some(ElseNode::Wait), ..Asked::default() };
            }
            Kind::Overflow => {
                form.asked = Asked {
                    name: word(T::BuildOverflow),
                    by: Some(StrategyNode::LeastLoaded),
                    ..Asked::default()
                };
            }
            Kind::Night => {
                form.asked.name = word(T::BuildNight);
                extra.days = (1..=7).collect();
            }
            Kind::Split(field) => extra.field = Some(field.clone()),
            Kind::NewHires => extra.weeks_milli = WEEKS_MILLI.to_vec(),
            Kind::New(_) | Kind::Start | Kind::Promotion => {}
        }
        (self.kind, self.form, self.extra) = (Some(kind), form, extra);
        self.write();
    }

    /// Enter: takes what is under the bar and goes on.
    pub fn accept(&mut self, page: usize) -> Went {
        self.is_leaving = false;
        let choice = self.selected();
        match (self.asks(), choice) {
            (Asks::Text, _) => match self.wrong_text() {
                Some(why) => self.stay(why),
                None => self.forward(page),
            },
            (Asks::Many, choice) => self.accept_many(choice, page),
            (Asks::One, None) if self.step == Step::Values => self.close_row(page),
            (Asks::One, None) => self.stay(T::NothingFits),
            (Asks::One, Some(choice)) => self.accept_one(choice.pick, page),
        }
    }

    pub(super) fn stay(&mut self, why: impl Into<Say>) -> Went {
        self.said = Some(why.into());
        Went::Stayed
    }

    fn accept_one(&mut self, pick: Pick, page: usize) -> Went {
        match pick {
            Pick::Kind(kind) => {
                self.begin(kind);
                self.forward(page)
            }
            Pick::Next => self.forward(page),
            Pick::Row(index) => {
                let row = self.asked().rows.get(index).and_then(|row| RowEdit::of(index, row));
                match row {
                    Some(row) => self.open_row(row, page),
                    None => self.stay(T::KeptRow),
                }
            }
            Pick::Field(field) if self.step == Step::Which => {
                let Some(row) = self.row_for(field) else { return self.stay(T::NothingFits) };
                self.open_row(row, page)
            }
            pick => {
                self.take(pick);
                if self.step == Step::Values { self.close_row(page) } else { self.forward(page) }
            }
        }
    }

    /// Enter among ticks: a word typed is ticked first; without any tick the choice under the bar is meant.
    fn accept_many(&mut self, choice: Option<Choice>, page: usize) -> Went {
        let is_typed = !self.line.text().trim().is_empty();
        if is_typed {
            let Some(choice) = choice else { return self.stay(T::NothingFits) };
            if !self.is_chosen(&choice.pick) {
                self.take(choice.pick);
            }
            self.line.clear();
            self.renew(page);
            return Went::Stayed;
        }
        let is_none_ticked = !self.choices.iter().any(|choice| self.is_chosen(&choice.pick));
        if is_none_ticked && self.step != Step::Skills {
            let Some(choice) = choice else { return self.stay(T::NothingFits) };
            self.take(choice.pick);
        }
        if self.step == Step::Values { self.close_row(page) } else { self.forward(page) }
    }

    /// Space: ticks or unticks.
    pub fn tick(&mut self, page: usize) {
        self.is_leaving = false;
        let Some(choice) = self.selected() else { return };
        if self.asks() == Asks::Many {
            // On to the next one, as marking does.
            let here = self.list.index().map_or(0, |index| index + 1);
            let is_typed = !self.line.text().trim().is_empty();
            self.take(choice.pick);
            self.line.clear();
            self.renew(page);
            if !is_typed {
                let rows: Vec<usize> = (0..self.offers().len()).collect();
                self.list.select(here.min(rows.len().saturating_sub(1)), &rows, page);
            }
        } else if !matches!(choice.pick, Pick::Kind(_) | Pick::Next | Pick::Row(_))
            && (self.step != Step::Which && self.step != Step::Values)
        {
            self.take(choice.pick);
        }
    }

    /// Ticks everything on offer, or takes every tick back.
    pub fn tick_all(&mut self, page: usize) {
        let offers = self.offers();
        let is_all = offers.iter().all(|choice| self.is_chosen(&choice.pick));
        for choice in offers.into_iter().take(TICKED_MAX) {
            if self.is_chosen(&choice.pick) == is_all {
                self.take(choice.pick);
            }
        }
        self.line.clear();
        self.renew(page);
    }

    /// The way of comparing, where there is one.
    pub fn turn(&mut self, forward: bool, page: usize) -> bool {
        let Some(row) = self.row.as_mut().filter(|_| self.step == Step::Values) else { return false };
        row.turn(forward);
        self.said = None;
        self.write();
        self.renew(page);
        true
    }

    /// Takes the row under the bar out of the rule, or every tick of the question.
    pub fn remove(&mut self, page: usize) {
        match (self.step, self.selected().map(|choice| choice.pick)) {
            (Step::Which, Some(Pick::Row(index))) => {
                self.form.remove_row(index);
                self.write();
                self.renew(page);
            }
            (Step::Values, _) => {
                if let Some(row) = &mut self.row {
                    row.values.clear();
                }
                self.write();
                self.renew(page);
            }
            _ if self.asks() == Asks::Many => {
                let taken: Vec<Choice> =
                    self.choices.iter().filter(|choice| self.is_chosen(&choice.pick)).cloned().collect();
                taken.into_iter().for_each(|choice| self.take(choice.pick));
                self.renew(page);
            }
            _ => {}
        }
    }

    /// Tab: to the next question, as it stands.
    pub fn forward(&mut self, page: usize) -> Went {
        if self.step == Step::Values {
            return self.close_row(page);
        }
        self.keep_text();
        if self.step == Step::Menu
            && self.kind.is_none()
            && let Some(Choice { pick: Pick::Kind(kind), .. }) = self.selected()
        {
            self.begin(kind);
        }
        let steps = self.steps();
        match steps.get(self.place() + 1) {
            Some(next) => {
                self.go(*next, page);
                Went::Stayed
            }
            None if self.is_whole() => Went::Finished,
            None => {
                let why = self.lacks();
                self.stay(why)
            }
        }
    }

    /// What is not answered yet.
    #[must_use]
    pub fn lacks(&self) -> T {
        let asked = self.asked();
        match &self.kind {
            None => T::AskMenu,
            Some(Kind::Promotion) if asked.name.is_empty() => T::LacksName,
            Some(Kind::Promotion) if form::moment(&self.extra.from).is_none() => T::BadMoment,
            Some(Kind::Promotion) if form::moment(&self.extra.to).is_none() => T::BadMoment,
            Some(Kind::Start | Kind::Split(_)) if self.extra.parts.is_empty() => T::LacksParts,
            Some(Kind::Night) if !asked.to.is_empty() => T::LacksHours,
            Some(_) => T::LacksWho,
        }
    }

    /// Esc: a word typed goes first, then back one question, out of the menu.
    pub fn backward(&mut self, page: usize) -> Went {
        if self.asks() != Asks::Text && !self.line.is_empty() {
            self.line.clear();
            self.narrow(page);
            return Went::Stayed;
        }
        self.previous(page)
    }

    /// Back one question.
    pub fn previous(&mut self, page: usize) -> Went {
        if self.step == Step::Values {
            // What was ticked is not taken over.
            self.line.clear();
            self.row = None;
            self.write();
            self.go(Step::Which, page);
            return Went::Stayed;
        }
        let before = self.place().checked_sub(1).and_then(|at| self.steps().get(at).copied());
        match before {
            Some(step) => {
                self.go(step, page);
                Went::Stayed
            }
            None if self.is_touched() && !self.is_leaving => {
                self.is_leaving = true;
                self.said = Some(T::EscLeaves.into());
                Went::Stayed
            }
            None => Went::Left,
        }
    }

    /// What is wrong with the line as an answer.
    fn wrong_text(&self) -> Option<T> {
        let text = self.line.text().trim();
        match self.step {
            Step::From | Step::Until if form::moment(text).is_none() => Some(T::BadMoment),
            Step::Reason if text.is_empty() => Some(T::LacksReason),
            Step::Name if text.is_empty() && self.kind == Some(Kind::Promotion) => Some(T::LacksName),
            _ => None,
        }
    }

    /// Takes a choice: sets the one answer, or turns a tick.
    fn take(&mut self, pick: Pick) {
        let turn = |all: &mut Vec<_>, one| match all.iter().position(|own| *own == one) {
            Some(at) => drop(all.remove(at)),
            None if all.len() < TICKED_MAX => all.push(one),
            None => {}
        };
        let is_tick = matches!(pick, Pick::Value(_) | Pick::Target(_) | Pick::Skill(_));
        if !is_tick && self.is_chosen(&pick) {
            // What is in force already stays as it was written.
            return;
        }
        let asked = &mut self.form.asked;
        match pick {
            Pick::Kind(_) | Pick::Row(_) | Pick::Next => {}
            Pick::Field(field) => {
                if self.extra.field.as_ref() != Some(&field) {
                    self.extra.parts.clear();
                }
                self.extra.field = Some(field);
            }
            Pick::Value(lit) if self.step == Step::Parts => self.take_part(&lit),
            Pick::Value(lit) => {
                if let Some(row) = &mut self.row {
                    if row.how.takes_many() {
                        turn_lit(&mut row.values, lit);
                    } else {
                        row.values = vec![lit];
                    }
                }
            }
            Pick::Target(target) => match self.step {
                Step::PartTo(index) => {
                    if let Some((_, to)) = self.extra.parts.get_mut(index) {
                        turn(to, target);
                    }
                }
                _ => turn(&mut asked.to, target),
            },
            Pick::Skill(skill) => match asked.skills.iter().position(|own| *own == skill) {
                Some(at) => drop(asked.skills.remove(at)),
                None => asked.skills.push(skill),
            },
            Pick::By(by, within) => (asked.by, asked.is_within_team) = (by, within),
            Pick::Count(count) => match self.step {
                Step::OpenCap => asked.open_cap = count,
                Step::DayCap => asked.day_cap = count,
                _ => self.extra.at_least = count,
            },
            Pick::Limit(None) => asked.respond = None,
            Pick::Limit(Some(within_ms)) => match &mut asked.respond {
                Some(respond) => respond.within_ms = within_ms,
                None => asked.respond = Some(Respond { within_ms, steps: Vec::new() }),
            },
            Pick::Late(steps) => {
                if let Some(respond) = &mut asked.respond {
                    respond.steps = steps;
                }
            }
            Pick::When(during) => asked.during = during,
            Pick::Nobody(nobody) => asked.nobody = nobody,
            Pick::Zone(zone) => self.extra.zone = zone,
            Pick::Hours(text) => self.extra.hours = text.and_then(|text| form::read_hours(&text)),
            Pick::Days(days) => self.extra.days = days,
            Pick::Span(text) => self.extra.span = form::read_span(&text),
            Pick::Rest(rest) => self.extra.rest = Some(rest),
            Pick::Team(team) => self.extra.team = team,
            Pick::Shares(weeks) => self.extra.weeks_milli = weeks,
        }
        self.write();
    }

    /// A value becomes a part, in the order leads have them, or is one no more.
    fn take_part(&mut self, lit: &Lit) {
        let parts = &mut self.extra.parts;
        if let Some(at) = parts.iter().position(|(value, _)| *value == lit.text) {
            parts.remove(at);
            return;
        }
        if parts.len() >= TICKED_MAX {
            return;
        }
        let seen = self.extra.field.as_ref().map_or(&[][..], |field| self.facts.values.of(field));
        let rank = |value: &str| seen.iter().position(|(own, _)| own == value).unwrap_or(usize::MAX);
        let at = parts.iter().position(|(value, _)| rank(value) > rank(&lit.text)).unwrap_or(parts.len());
        parts.insert(at, (lit.text.clone(), Vec::new()));
    }
}

fn turn_lit(values: &mut Vec<Lit>, lit: Lit) {
    match values.iter().position(|own| *own == lit) {
        Some(at) => drop(values.remove(at)),
        None if values.len() < TICKED_MAX => values.push(lit),
        None => {}
    }
}
