//! A rule built by answering questions: which question stands, what was answered, what is offered. State and choices only;
//! what keys do is `update::build`'s affair, what answers mean as text is `rulebook::form`'s.

mod answer;
mod choices;
mod edit;
pub mod facts;
mod offers;
mod row;
mod steps;

pub use answer::Went;
pub use choices::{Choice, Pick};
pub use facts::Facts;
pub use row::{How, RowEdit};
pub use steps::{Asks, Step, field_words};

use crate::console::msg::Problem;
use crate::console::text::{Say, T};
use crate::console::widget::field::Field as Line;
use crate::console::widget::list::{ListState, Motion};
use crate::model::field::Field;
use crate::model::lang::Lang;
use crate::rulebook::form::{
    Addition, Asked, NewHires, Night, Part, Plan, Promo, RuleForm, Split, Spot, Written,
};
use crate::rulebook::tree::{HoursNode, Item, OtherwiseNode, TargetNode, Tree};
use crate::rulebook::{TimeSpan, form};
use crate::world::{Moment, World};
use smol_str::SmolStr;

/// Open leads looked at for how many a rule takes.
const LOOK_MAX: usize = 20_000;

/// What is built.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// The rule that is this item of the draft.
    Change(usize),
    New(Spot),
    Vip,
    Overflow,
    /// A whole book, from nothing.
    Start,
    Split(Field),
    NewHires,
    Night,
    Promotion,
}

/// Answers that are no clause of one rule.
#[derive(Debug, Clone, Default)]
pub struct Extra {
    pub zone: Option<SmolStr>,
    pub hours: Option<HoursNode>,
    /// Which field the book is split by.
    pub field: Option<Field>,
    /// Values with who gets their leads.
    pub parts: Vec<(SmolStr, Vec<TargetNode>)>,
    pub rest: Option<OtherwiseNode>,
    pub days: Vec<u8>,
    pub span: Option<TimeSpan>,
    /// A promotion's first and last moment, as typed.
    pub from: String,
    pub to: String,
    /// Whose new hires; none = everybody's.
    pub team: Option<SmolStr>,
    pub weeks_milli: Vec<i64>,
    pub at_least: Option<u32>,
}

/// The form in progress.
#[derive(Debug, Clone)]
pub struct Building {
    /// The draft it stands over, as it was when the form was opened.
    pub draft: Tree,
    pub facts: Facts,
    /// Nothing yet while the menu stands.
    pub kind: Option<Kind>,
    pub form: RuleForm,
    pub extra: Extra,
    pub step: Step,
    /// The comparison being made, while one is.
    pub row: Option<RowEdit>,
    /// What is typed: an answer, or words that narrow the choices.
    pub line: Line,
    /// What is offered for this question, before it is narrowed.
    pub choices: Vec<Choice>,
    pub list: ListState<usize>,
    /// The draft with the answers in it.
    pub written: Written,
    /// What the checker says of the new lines; none while it has not answered.
    pub problems: Option<Vec<Problem>>,
    /// How many of the open leads the condition takes, of how many looked at.
    pub takes: Option<(usize, usize)>,
    /// What stands in the way of going on.
    pub said: Option<Say>,
    /// Esc was pressed where it would leave; once more does.
    pub is_leaving: bool,
    /// The rule on which the form was opened.
    pub here: Option<usize>,
}

/// A form is a place on screen: none is like another.
impl PartialEq for Building {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl Building {
    /// The language the draft's keywords are in; what is built is written in it.
    #[must_use]
    pub fn keywords(&self) -> Lang {
        self.draft.source.keywords
    }

    /// A form over a draft; `here` is the rule under the cursor, an item of its tree.
    #[must_use]
    pub fn new(draft: Tree, here: Option<usize>, facts: Facts) -> Building {
        let mut building = Building {
            draft,
            facts,
            kind: None,
            form: RuleForm::default(),
            extra: Extra::default(),
            step: Step::Menu,
            row: None,
            line: Line::default(),
            choices: Vec::new(),
            list: ListState::default(),
            written: Written::default(),
            problems: None,
            takes: None,
            said: None,
            is_leaving: false,
            here,
        };
        building.written.text = building.draft.source.text.to_string();
        building.choices = choices::of(&building);
        building
    }

    /// The answers about one rule.
    #[must_use]
    pub fn asked(&self) -> &Asked {
        &self.form.asked
    }

    /// Whether something would be lost by leaving.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        self.kind.is_some() && self.written.text != *self.draft.source.text
    }

    /// Whether the answers make something whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match self.kind {
            None => false,
            Some(Kind::Change(_) | Kind::New(_) | Kind::Vip | Kind::Overflow) => !self.asked().to.is_empty(),
            Some(Kind::Start | Kind::Split(_) | Kind::NewHires | Kind::Night | Kind::Promotion) => {
                self.plan().is_some()
            }
        }
    }

    /// The template with what was answered; none while it is not whole.
    #[must_use]
    pub fn plan(&self) -> Option<Plan> {
        let (form, extra) = (self.in_progress(), &self.extra);
        let asked = &form.asked;
        match self.kind.as_ref()? {
            Kind::Start | Kind::Split(_) => {
                let field = extra.field.clone()?;
                let lit = |text: &SmolStr| form::value(&field, text, &self.facts.defines);
                let given = extra.parts.iter().filter(|(_, to)| !to.is_empty());
                let parts: Vec<Part> =
                    given.map(|(value, to)| Part { values: vec![lit(value)], to: to.clone() }).collect();
                if parts.is_empty() {
                    return None;
                }
                Some(Plan::Split(Split {
                    field: form::field_node(&field)?,
                    parts,
                    by: asked.by.clone(),
                    zone: extra.zone.clone(),
                    hours: extra.hours.clone(),
                    rest: extra.rest.clone(),
                }))
            }
            Kind::NewHires => (!extra.weeks_milli.is_empty()).then(|| {
                Plan::NewHires(NewHires {
                    team: extra.team.clone(),
                    weeks_milli: extra.weeks_milli.clone(),
                    at_least: extra.at_least,
                })
            }),
            Kind::Night => {
                let team = |target: &TargetNode| match target {
                    TargetNode::Team(name) => Some(name.text.clone()),
                    TargetNode::Rep(_) | TargetNode::Owner => None,
                };
                let teams: Vec<SmolStr> = asked.to.iter().filter_map(team).collect();
                if teams.is_empty() || extra.days.is_empty() {
                    return None;
                }
                let (name, days, by) = (asked.name.clone(), extra.days.clone(), asked.by.clone());
                Some(Plan::Night(Night { name, teams, days, hours: extra.span?, by }))
            }
            Kind::Promotion => {
                if asked.to.is_empty() || asked.name.is_empty() {
                    return None;
                }
                Some(Plan::Promotion(Promo {
                    name: asked.name.clone(),
                    from: form::moment(&extra.from)?,
                    to: form::moment(&extra.to)?,
                    rows: asked.rows.clone(),
                    targets: asked.to.clone(),
                    by: asked.by.clone(),
                    open_cap: asked.open_cap,
                    day_cap: asked.day_cap,
                }))
            }
            Kind::Change(_) | Kind::New(_) | Kind::Vip | Kind::Overflow => None,
        }
    }

    /// The name the rule has, or would get if none is given.
    #[must_use]
    pub fn name(&self) -> SmolStr {
        if !self.asked().name.is_empty() {
            return self.asked().name.clone();
        }
        let name = form::rule_name(&self.in_progress().asked, &self.taken());
        if name.is_empty() { T::Unnamed.get(self.facts.lang).into() } else { name }
    }

    /// Names of the draft's other rules.
    fn taken(&self) -> Vec<SmolStr> {
        let mut taken = form::rule_names(&self.draft);
        if let Some(Kind::Change(index)) = self.kind
            && let Some(item) = self.draft.items.get(index)
            && let Item::Rule(own) = &item.node
        {
            taken.retain(|name| *name != own.name.text);
        }
        taken
    }

    /// Writes the answers into the draft's text anew.
    pub fn write(&mut self) {
        let mut form = self.in_progress();
        form.asked.name = self.name();
        let added = |spot: Spot| form::add_to(&self.draft, &[Addition::Rules(vec![form.rule()], spot)]);
        let is_begun = !form.asked.to.is_empty() || !form.asked.rows.is_empty();
        self.written = match (&self.kind, self.plan()) {
            (Some(Kind::Change(index)), _) => form::replace(&self.draft, *index, &form.rule()),
            (Some(Kind::New(spot)), _) if is_begun => added(*spot),
            (Some(Kind::Vip), _) if is_begun => added(Spot::Top),
            (Some(Kind::Overflow), _) if is_begun => added(Spot::Bottom),
            (_, Some(plan)) => form::add_to(&self.draft, &plan.additions(&self.taken())),
            (_, None) => Written { text: self.draft.source.text.to_string(), ..Written::default() },
        };
    }

    /// Counts how many of the open leads the rule's condition takes, among the first that are looked at.
    pub fn count(&mut self, world: &World, moment: &Moment) {
        let is_rule = matches!(
            self.kind,
            Some(Kind::Change(_) | Kind::New(_) | Kind::Vip | Kind::Overflow | Kind::Promotion)
        );
        self.takes = is_rule.then(|| {
            let rows = self.in_progress().asked.rows;
            let texts: Vec<String> = rows.iter().map(|row| format!("({})", row.text(Lang::En))).collect();
            let (cond, _) = crate::rulebook::parse_condition_in(&texts.join(" and "), None, &self.facts.book);
            let all = || world.leads().take(LOOK_MAX);
            (
                all().filter(|lead| cond.holds_for(&world.view(lead, lead.score, moment))).count(),
                all().count(),
            )
        });
    }

    /// Puts the answers over another draft: rules are found again by name, what is gone is new.
    pub fn rebase(&mut self, draft: Tree) {
        let named = |index: usize| {
            let Item::Rule(old) = &self.draft.items.get(index)?.node else { return None };
            draft
                .items
                .iter()
                .position(|item| matches!(&item.node, Item::Rule(rule) if rule.name == old.name))
        };
        self.kind = self.kind.take().map(|kind| match kind {
            Kind::Change(index) => named(index).map_or(Kind::New(Spot::Bottom), Kind::Change),
            Kind::New(Spot::After(index)) => Kind::New(named(index).map_or(Spot::Bottom, Spot::After)),
            other => other,
        });
        self.draft = draft;
    }

    /// The lines that are new.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let (first, last) = (self.written.first_line, self.written.last_line);
        let is_new = self.kind.is_some() && (self.is_touched() || matches!(self.kind, Some(Kind::Change(_))));
        let count = if is_new { last + 1 - first } else { 0 };
        self.written.text.lines().enumerate().skip(first).take(count)
    }
}

/// What a person does in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    Open,
    /// Leads that were parked for want of a rule go to the engine.
    Release,
    Accept,
    Tick,
    /// Ticks everything on offer, or nothing.
    All,
    Next,
    Previous,
    Back,
    /// The next or the previous way of comparing.
    Turn {
        forward: bool,
    },
    Remove,
    /// Into the draft, as it stands.
    Write,
    Move(Motion),
}
