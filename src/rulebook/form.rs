//! One rule as a form asks for it, and back: what the form can hold stands in fields, everything else is kept as it was
//! written. Trees in, trees out; the printer makes text of them. Nothing here knows a screen, the desk's names or its leads.

mod plan;
mod write;

use smol_str::SmolStr;

use super::literal;
use super::print::{Printer, is_bare, spans_text};
use super::tree::{
    CapNode, Clause, ElseNode, Expr, FieldNode, GiveNode, Lit, Name, Noted, OpNode, Place, RespondNode,
    RuleNode, SetNode, StepNode, StrategyNode, TargetNode, TestNode,
};
use crate::model::field::Field;
use crate::model::lang::Lang;

pub use plan::{NewHires, Night, Part, Plan, Promo, Split, hours, moment, rule_name};
pub use write::{Addition, Spot, Written, add_to, replace, rule_at, rule_names};

/// What must all hold of a lead: one comparison a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    Test(TestNode),
    /// Alternatives and negations, which are no comparison: kept as written.
    Kept(Expr),
}

/// When the rule holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum During {
    Window(SmolStr),
    Promotion(SmolStr),
}

/// The response limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Respond {
    pub within_ms: i64,
    pub steps: Vec<StepNode>,
}

/// What the form asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    pub name: SmolStr,
    pub is_disabled: bool,
    pub during: Option<During>,
    pub rows: Vec<Row>,
    /// Empty = not said yet; then `by` and `is_within_team` mean nothing.
    pub to: Vec<TargetNode>,
    pub by: Option<StrategyNode>,
    pub is_within_team: bool,
    pub skills: Vec<SmolStr>,
    pub open_cap: Option<u32>,
    pub day_cap: Option<u32>,
    pub respond: Option<Respond>,
    pub nobody: Option<ElseNode>,
}

/// A rule in the form.
#[derive(Debug, Clone, Default)]
pub struct RuleForm {
    pub asked: Asked,
    /// The lines of the rule it was made from: where each stood, its comments, and those the form does not ask.
    lines: Vec<Noted<Held>>,
}

/// Two forms are equal when they say the same and make the same rule.
impl PartialEq for RuleForm {
    fn eq(&self, other: &Self) -> bool {
        self.asked == other.asked && self.rule() == other.rule()
    }
}

/// A line of the rule.
#[derive(Debug, Clone, PartialEq)]
enum Held {
    Asked(Slot),
    Kept(Clause),
}

/// The clause behind a question, in canonical order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    During,
    When,
    Give,
    Needs,
    Cap,
    Respond,
    Else,
}

impl Slot {
    const ALL: [Slot; 7] =
        [Slot::During, Slot::When, Slot::Give, Slot::Needs, Slot::Cap, Slot::Respond, Slot::Else];

    fn of(clause: &Clause) -> Option<Slot> {
        match clause {
            Clause::During(_) | Clause::DuringPromotion(_) => Some(Slot::During),
            Clause::When(_) => Some(Slot::When),
            Clause::Give(_) => Some(Slot::Give),
            Clause::Needs(_) => Some(Slot::Needs),
            Clause::Cap(_) => Some(Slot::Cap),
            Clause::Respond(_) => Some(Slot::Respond),
            Clause::Else(_) => Some(Slot::Else),
            Clause::Broken(_) => None,
        }
    }
}

impl Held {
    /// Where it belongs; none for a line that could not be read, which stays where it is.
    fn slot(&self) -> Option<Slot> {
        match self {
            Held::Asked(slot) => Some(*slot),
            Held::Kept(clause) => Slot::of(clause),
        }
    }
}

impl RuleForm {
    /// The rule in the form. A second clause of a kind and lines that cannot be read are kept.
    #[must_use]
    pub fn of(rule: &RuleNode) -> RuleForm {
        let mut form = RuleForm::default();
        form.asked.name = rule.name.text.clone();
        form.asked.is_disabled = rule.disabled;
        let mut taken: Vec<Slot> = Vec::new();
        for clause in &rule.clauses {
            let slot = Slot::of(&clause.node).filter(|slot| !taken.contains(slot));
            let held = match slot {
                Some(slot) => {
                    taken.push(slot);
                    form.asked.take(&clause.node);
                    Held::Asked(slot)
                }
                None => Held::Kept(clause.node.clone()),
            };
            form.lines.push(clause.with(held));
        }
        form
    }

    /// The rule of the form. What was said anew stands where the canonical order has it.
    #[must_use]
    pub fn rule(&self) -> RuleNode {
        let mut lines = self.lines.clone();
        for slot in Slot::ALL {
            if self.asked.clause(slot).is_some() && !lines.iter().any(|l| l.node == Held::Asked(slot)) {
                let before = lines.iter().rposition(|l| l.node.slot().is_some_and(|s| s <= slot));
                lines.insert(before.map_or(0, |at| at + 1), bare(Held::Asked(slot)));
            }
        }
        let mut clauses: Vec<Noted<Clause>> = Vec::new();
        // Comments above a line that is gone go to the next one.
        let mut orphans: Vec<SmolStr> = Vec::new();
        for line in &lines {
            let clause = match &line.node {
                Held::Kept(clause) => Some(clause.clone()),
                Held::Asked(slot) => self.asked.clause(*slot),
            };
            match clause {
                None => orphans.extend(line.before.iter().cloned()),
                Some(clause) => {
                    let mut noted = line.with(clause);
                    noted.before.splice(0..0, orphans.drain(..));
                    clauses.push(noted);
                }
            }
        }
        if let Some(last) = clauses.last_mut() {
            last.before.append(&mut orphans);
        }
        RuleNode { name: name(&self.asked.name), disabled: self.asked.is_disabled, clauses }
    }

    /// Takes a row out; alternatives left alone become rows themselves.
    pub fn remove_row(&mut self, index: usize) {
        let rows = &mut self.asked.rows;
        if index < rows.len() {
            rows.remove(index);
        }
        if let [Row::Kept(Expr::And(all))] = rows.as_slice() {
            *rows = all.iter().map(row).collect();
        }
    }

    /// The clauses the form does not ask, as written; rows of the condition not counted.
    #[must_use]
    pub fn kept(&self, keywords: Lang) -> Vec<String> {
        let kept = self.lines.iter().filter_map(|line| match &line.node {
            Held::Kept(clause) => Some(Printer { lang: keywords }.clause(clause)),
            Held::Asked(_) => None,
        });
        kept.collect()
    }
}

impl Asked {
    /// Takes over what a clause says.
    fn take(&mut self, clause: &Clause) {
        match clause {
            Clause::During(window) => self.during = Some(During::Window(window.text.clone())),
            Clause::DuringPromotion(name) => self.during = Some(During::Promotion(name.text.clone())),
            Clause::When(Expr::And(all)) => self.rows = all.iter().map(row).collect(),
            Clause::When(expr) => self.rows = vec![row(expr)],
            Clause::Give(give) => {
                self.to.clone_from(&give.to);
                self.by.clone_from(&give.by);
                self.is_within_team = give.within_team;
            }
            Clause::Needs(skills) => self.skills = skills.iter().map(|s| s.text.clone()).collect(),
            Clause::Cap(cap) => {
                self.open_cap = cap.open.map(|(count, _)| count);
                self.day_cap = cap.day.map(|(count, _)| count);
            }
            Clause::Respond(respond) => {
                let steps = respond.steps.iter().map(|(step, _)| step.clone()).collect();
                self.respond = Some(Respond { within_ms: respond.within_ms, steps });
            }
            Clause::Else(nobody) => self.nobody = Some(nobody.clone()),
            Clause::Broken(_) => {}
        }
    }

    /// The clause of a question that was answered.
    fn clause(&self, slot: Slot) -> Option<Clause> {
        let at = Place::default;
        match slot {
            Slot::During => self.during.as_ref().map(|during| match during {
                During::Window(window) => Clause::During(name(window)),
                During::Promotion(promotion) => Clause::DuringPromotion(name(promotion)),
            }),
            Slot::When => self.condition().map(Clause::When),
            Slot::Give => (!self.to.is_empty()).then(|| {
                Clause::Give(GiveNode {
                    to: self.to.clone(),
                    by: self.by.clone(),
                    within_team: self.is_within_team,
                })
            }),
            Slot::Needs => {
                (!self.skills.is_empty()).then(|| Clause::Needs(self.skills.iter().map(name).collect()))
            }
            Slot::Cap => {
                let (open, day) = (self.open_cap.map(|n| (n, at())), self.day_cap.map(|n| (n, at())));
                (open.is_some() || day.is_some()).then_some(Clause::Cap(CapNode { open, day }))
            }
            Slot::Respond => self.respond.as_ref().map(|respond| {
                let steps = respond.steps.iter().map(|step| (step.clone(), at())).collect();
                Clause::Respond(RespondNode { within_ms: respond.within_ms, steps })
            }),
            Slot::Else => self.nobody.clone().map(Clause::Else),
        }
    }

    /// What must hold of a lead; none = every lead.
    #[must_use]
    pub fn condition(&self) -> Option<Expr> {
        let mut all: Vec<Expr> = self.rows.iter().map(Row::expr).collect();
        match all.len() {
            0 => None,
            1 => all.pop(),
            _ => Some(Expr::And(all)),
        }
    }
}

impl Row {
    /// The row as a condition.
    #[must_use]
    pub fn expr(&self) -> Expr {
        match self {
            Row::Test(test) => Expr::Test(test.clone()),
            Row::Kept(expr) => expr.clone(),
        }
    }

    /// The row as text.
    #[must_use]
    pub fn text(&self, keywords: Lang) -> String {
        super::print::expr_text(&self.expr(), keywords)
    }
}

impl<T> Noted<T> {
    /// The same notes around something else.
    fn with<U>(&self, node: U) -> Noted<U> {
        Noted { before: self.before.clone(), trail: self.trail.clone(), at: self.at, node }
    }
}

fn row(expr: &Expr) -> Row {
    match expr {
        Expr::Test(test) => Row::Test(test.clone()),
        Expr::Or(_) | Expr::And(_) | Expr::Not(_) => Row::Kept(expr.clone()),
    }
}

fn name(text: &SmolStr) -> Name {
    Name { text: text.clone(), at: Place::default() }
}

fn bare<T>(node: T) -> Noted<T> {
    Noted { before: Vec::new(), trail: None, at: Place::default(), node }
}

/// The field as text names it.
#[must_use]
pub fn field_node(field: &Field) -> Option<FieldNode> {
    let at = Place::default();
    if let Field::Custom(name) = field {
        return Some(FieldNode { name: name.clone(), custom: true, at });
    }
    let name = super::field::word(field)?;
    Some(FieldNode { name: SmolStr::new_static(name), custom: false, at })
}

/// The field a node names, if there is one of that name.
#[must_use]
pub fn field_of(node: &FieldNode) -> Option<Field> {
    if node.custom {
        return Some(Field::Custom(super::field::custom_name(&node.name)));
    }
    super::field::built_in(&node.name).map(|(_, field, _)| field)
}

/// What is asked of a field, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Number,
    Weekday,
    /// Only whether it is known.
    Flag,
    /// A custom column: text, or a number.
    Either,
}

/// How the form asks a field; none for fields that mean nothing in a rule made by a form (state, owner, …).
#[must_use]
pub fn field_kind(field: &Field) -> Option<FieldKind> {
    Some(match field {
        Field::Source
        | Field::Campaign
        | Field::Region
        | Field::City
        | Field::Product
        | Field::Industry
        | Field::Language
        | Field::Company => FieldKind::Text,
        Field::Score | Field::Value | Field::Hour => FieldKind::Number,
        Field::Weekday => FieldKind::Weekday,
        Field::Phone | Field::Email => FieldKind::Flag,
        Field::Custom(_) => FieldKind::Either,
        Field::State | Field::Owner | Field::Team | Field::Waiting => return None,
    })
}

/// A value chosen from those leads have: in quotes where it would read as something else, a figure or a list's name.
#[must_use]
pub fn value(field: &Field, text: &str, defines: &[SmolStr]) -> Lit {
    let is_text = field_kind(field) == Some(FieldKind::Text);
    let reads_as_figure = || is_text && literal::decimal(&literal::normal(text)).is_some();
    let quoted = !is_bare(text) || reads_as_figure() || defines.iter().any(|define| define == text);
    Lit { text: text.into(), quoted, at: Place::default() }
}

/// `field = a` for one value, `field in (a, b)` for several; negated likewise.
#[must_use]
pub fn one_of(field: FieldNode, mut values: Vec<Lit>, is_negated: bool) -> TestNode {
    use super::book::Cmp;
    let op = match (values.len(), is_negated) {
        (1, false) => OpNode::Is(Cmp::Eq, values.remove(0)),
        (1, true) => OpNode::Is(Cmp::Ne, values.remove(0)),
        (_, negated) => OpNode::In { negated, set: SetNode::List(values) },
    };
    TestNode { field, op, at: Place::default() }
}

/// A rule as canonical text.
#[must_use]
pub fn rule_text(rule: &RuleNode, keywords: Lang) -> String {
    write::item_text(&super::tree::Item::Rule(rule.clone()), keywords)
}

/// A way of choosing as text.
#[must_use]
pub fn strategy_text(by: &StrategyNode, keywords: Lang) -> String {
    Printer { lang: keywords }.strategy(by)
}

/// The steps after a response limit as text.
#[must_use]
pub fn steps_text(steps: &[StepNode], keywords: Lang) -> String {
    steps.iter().map(|step| Printer { lang: keywords }.step(step)).collect::<Vec<_>>().join(", ")
}

/// A length of time as text.
#[must_use]
pub fn duration_text(ms: i64, keywords: Lang) -> String {
    literal::duration_text(ms, keywords)
}

/// Days of the week as text: `Mon..Fri, Sun`.
#[must_use]
pub fn days_text(days: &[u8], keywords: Lang) -> String {
    Printer { lang: keywords }.weekdays(days)
}

/// Hours of a day as text: `09:00..18:00`.
#[must_use]
pub fn span_text(span: super::book::TimeSpan) -> String {
    spans_text(&[span])
}

/// Days and hours as text, as they stand behind `workdays`.
#[must_use]
pub fn hours_text(hours: &super::tree::HoursNode, keywords: Lang) -> String {
    Printer { lang: keywords }.days_and_hours(hours)
}

/// Days and hours as somebody writes them behind `workdays`; none when they cannot be read.
#[must_use]
pub fn read_hours(text: &str) -> Option<super::tree::HoursNode> {
    use super::tree::{CalendarLine, Item, Line};
    let parsed = super::parse(&format!("calendar\nworkdays {}", text.replace('\n', " ")));
    let [Noted { node: Item::Calendar(lines), .. }] = parsed.tree.items.as_slice() else { return None };
    match lines.as_slice() {
        [Noted { node: Line::Good(CalendarLine::Hours(hours)), .. }] if parsed.diagnostics.is_empty() => {
            Some(hours.clone())
        }
        _ => None,
    }
}

/// Days of the week as somebody writes them, and hours likewise.
#[must_use]
pub fn read_days(text: &str) -> Option<Vec<u8>> {
    read_hours(&format!("{text} 00:00..24:00")).map(|hours| hours.days)
}

/// Hours of a day as somebody writes them.
#[must_use]
pub fn read_span(text: &str) -> Option<super::book::TimeSpan> {
    read_hours(&format!("Mon {text}")).and_then(|hours| hours.spans.first().copied())
}

#[cfg(test)]
mod tests;
