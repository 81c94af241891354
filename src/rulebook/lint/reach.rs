//! Which rules can never win a lead, and which rules above take all of theirs. A search for a lead that the rule would win:
//! the fields' values fall into few classes that the book can tell apart, and whatever class fails is left for another. If
//! every one fails the rule is dead; if the search finds a lead, or too much work, nothing is said.
//!
//! Sound for every book: a rule told of never wins. Complete where fields are compared by `=`, `in`, order and `is empty`;
//! patterns and custom columns hold values without end, so that nothing is concluded from having tried some of them. What
//! fields say of each other (a won lead has an owner) is not known here, nor who is in which team.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::super::book::{Book, ElseDo, Rule, Target};
use super::super::cond::{Cond, Op, Operand, Test};
use super::super::field::STATES;
use super::super::matcher::Matcher;
use crate::model::field::{Field, Subject, Value};

/// Classes of values of one field that are looked at; a field with more is treated as one without end.
const POINTS_MAX: usize = 20_000;
/// Work spent on one rule: leads tried, and rules asked about each.
const RULE_WORK_MAX: u64 = 40_000;
/// Work spent on a whole book.
const BOOK_WORK_MAX: u64 = 12_000_000;
/// Rules tried one by one when several together take all, to find one that would do alone.
const SINGLES_MAX: usize = 8;

/// What becomes of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Fate {
    /// It wins some lead, or nobody knows.
    Open,
    /// No lead meets its condition.
    Never,
    /// Rules above take every lead that does; by their place in the book.
    Taken(Vec<usize>),
}

/// The fate of every rule of a book, in its order. Rules switched off are left open.
pub(in super::super) fn fates(book: &Book) -> Vec<Fate> {
    let field = Fields::of(book);
    let matcher = Matcher::compile(book.rules.iter().map(|r| &r.when));
    let mut work = 0;
    (0..book.rules.len())
        .map(|index| {
            let Some(rule) = book.rules.get(index).filter(|r| !r.disabled && work < BOOK_WORK_MAX) else {
                return Fate::Open;
            };
            let mut search = Search::new(book, &field, &matcher, index, rule);
            let fate = search.fate();
            work += search.work;
            fate
        })
        .collect()
}

/// A value that stands for its class.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Point {
    Empty,
    Present,
    Text(SmolStr),
    Number(i64),
}

impl Point {
    fn value(&self) -> Value<'_> {
        match self {
            Point::Empty => Value::Empty,
            Point::Present => Value::Present,
            Point::Text(text) => Value::Text(text),
            Point::Number(number) => Value::Number(*number),
        }
    }
}

/// The classes of one field.
#[derive(Debug)]
struct Axis {
    field: Field,
    /// The likeliest to be free of every rule first.
    points: Vec<Point>,
    places: FxHashMap<Point, usize>,
    /// There are values that no point stands for.
    endless: bool,
}

#[derive(Debug)]
struct Fields {
    axes: Vec<Axis>,
    places: FxHashMap<Field, usize>,
}

impl Fields {
    fn of(book: &Book) -> Self {
        let mut tests: Vec<(Field, Vec<&Test>)> = Vec::new();
        let mut places: FxHashMap<Field, usize> = FxHashMap::default();
        for rule in book.rules.iter().filter(|r| !r.disabled) {
            rule.when.each_test(&mut |test| {
                let place = *places.entry(test.field.clone()).or_insert_with(|| {
                    tests.push((test.field.clone(), Vec::new()));
                    tests.len() - 1
                });
                if let Some((_, all)) = tests.get_mut(place) {
                    all.push(test);
                }
            });
        }
        Fields { axes: tests.into_iter().map(|(field, tests)| Axis::of(field, &tests)).collect(), places }
    }

    /// The axes that a condition asks about.
    fn asked(&self, cond: &Cond) -> Vec<usize> {
        let mut out = Vec::new();
        cond.each_test(&mut |test| {
            if let Some(axis) = self.places.get(&test.field)
                && !out.contains(axis)
            {
                out.push(*axis);
            }
        });
        out
    }
}

impl Axis {
    fn of(field: Field, tests: &[&Test]) -> Self {
        let mut texts: BTreeSet<SmolStr> = BTreeSet::new();
        let mut numbers: BTreeSet<i64> = BTreeSet::new();
        let mut endless = matches!(field, Field::Custom(_));
        for test in tests {
            endless |= matches!(test.op, Op::Contains | Op::StartsWith);
            match &test.operand {
                Operand::Nothing => {}
                Operand::Text(text) => drop(texts.insert(text.clone())),
                Operand::Texts(all) => texts.extend(all.iter().cloned()),
                Operand::Number(number) => drop(numbers.insert(*number)),
                Operand::Numbers(all) => numbers.extend(all.iter()),
                Operand::Either(loose) => drop(texts.insert(loose.text.clone())),
                Operand::Eithers(all) => texts.extend(all.iter().map(|l| l.text.clone())),
            }
        }
        let mut points = points(&field, texts, &numbers);
        endless |= points.len() > POINTS_MAX;
        points.truncate(POINTS_MAX);
        let places = points.iter().enumerate().map(|(i, p)| (p.clone(), i)).collect();
        Axis { field, points, places, endless }
    }

    /// The points of which `cond`, which asks this field alone, holds.
    fn allowed(&self, cond: &Cond, work: &mut u64) -> Vec<usize> {
        let named = |texts: &[SmolStr]| {
            texts.iter().filter_map(|t| self.places.get(&Point::Text(t.clone()))).copied().collect()
        };
        if let (Cond::Test(test), false) = (cond, self.endless) {
            match (&test.op, &test.operand) {
                (Op::Is(super::super::book::Cmp::Eq), Operand::Text(text)) => {
                    return named(std::slice::from_ref(text));
                }
                (Op::In, Operand::Texts(texts)) => {
                    *work += texts.len() as u64;
                    return named(texts);
                }
                _ => {}
            }
        }
        *work += self.points.len() as u64;
        let holds = |point: &Point| cond.holds_for(&One { field: &self.field, point });
        self.points.iter().enumerate().filter(|(_, p)| holds(p)).map(|(i, _)| i).collect()
    }
}

/// Points for every class that the tests of a field tell apart.
fn points(field: &Field, texts: BTreeSet<SmolStr>, numbers: &BTreeSet<i64>) -> Vec<Point> {
    let around = |step: i64, least: i64| {
        let floor = move |n: i64| n.div_euclid(step) * step;
        let near =
            numbers.iter().flat_map(move |n| [-1, 0, 1, 2].map(|k| floor(*n).saturating_add(k * step)));
        let all: BTreeSet<i64> = near.chain([least.max(0)]).filter(|n| *n >= least).collect();
        all.into_iter().map(Point::Number)
    };
    match field {
        Field::Phone | Field::Email => vec![Point::Present, Point::Empty],
        Field::State => STATES.iter().map(|(en, _)| Point::Text(SmolStr::new_static(en))).collect(),
        Field::Hour => (0..24).map(|h| Point::Number(h * 1000)).collect(),
        Field::Weekday => (1..=7).map(|d| Point::Number(d * 1000)).collect(),
        // Points are whole: nothing lies between two of them.
        Field::Score => around(1000, i64::MIN).collect(),
        Field::Value => [Point::Empty].into_iter().chain(around(1, i64::MIN)).collect(),
        Field::Waiting => around(1, 0).chain([Point::Empty]).collect(),
        _ => {
            let mut other = SmolStr::new_static("\u{1}");
            while texts.contains(&other) {
                other = smol_str::format_smolstr!("{other}\u{1}");
            }
            let named = texts.into_iter().filter(|t| !t.is_empty()).map(Point::Text);
            [Point::Text(other), Point::Empty].into_iter().chain(named).collect()
        }
    }
}

/// A lead of which one field is known.
struct One<'a> {
    field: &'a Field,
    point: &'a Point,
}

impl Subject for One<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        if field == self.field { self.point.value() } else { Value::Empty }
    }
}

/// A lead by the point of each field.
struct Made<'a> {
    fields: &'a Fields,
    at: &'a [usize],
}

impl Subject for Made<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        let Some(axis) = self.fields.places.get(field) else { return Value::Empty };
        let point = self.fields.axes.get(*axis).zip(self.at.get(*axis)).and_then(|(a, i)| a.points.get(*i));
        point.map_or(Value::Empty, Point::value)
    }
}

/// What a search came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Lead,
    None,
    Unknown,
}

/// Which rules above count as takers.
#[derive(Debug, Clone, Copy)]
enum Takers<'a> {
    Nobody,
    /// Those that keep what they match, or that give to this target too, who alone is free.
    WhileFree(&'a Target),
    /// Of those this one only.
    Just(&'a Target, usize),
}

struct Search<'a> {
    book: &'a Book,
    fields: &'a Fields,
    matcher: &'a Matcher,
    index: usize,
    rule: &'a Rule,
    /// What is left of each field once the rule's own clauses on it alone are met; `None` = all of it.
    left: Vec<Option<Vec<usize>>>,
    /// Fields settled on the way down.
    fixed: Vec<Option<usize>>,
    used: BTreeSet<usize>,
    work: u64,
}

impl<'a> Search<'a> {
    fn new(book: &'a Book, fields: &'a Fields, matcher: &'a Matcher, index: usize, rule: &'a Rule) -> Self {
        let mut work = 0;
        let mut left: Vec<Option<Vec<usize>>> = vec![None; fields.axes.len()];
        each_clause(&rule.when, &mut |clause| {
            let [axis] = fields.asked(clause)[..] else { return };
            let (Some(slot), Some(on)) = (left.get_mut(axis), fields.axes.get(axis)) else { return };
            let allowed = on.allowed(clause, &mut work);
            match slot {
                Some(had) => had.retain(|p| allowed.binary_search(p).is_ok()),
                None => *slot = Some(allowed),
            }
        });
        // What is looked up by name comes in the order of the names.
        left.iter_mut().flatten().for_each(|points| points.sort_unstable());
        let fixed = vec![None; fields.axes.len()];
        Search { book, fields, matcher, index, rule, left, fixed, used: BTreeSet::new(), work }
    }

    fn fate(&mut self) -> Fate {
        match self.look(Takers::Nobody) {
            Found::None => return Fate::Never,
            Found::Unknown => return Fate::Open,
            Found::Lead => {}
        }
        self.used.clear();
        let give = &self.rule.give;
        for target in give {
            if self.look(Takers::WhileFree(target)) != Found::None {
                return Fate::Open;
            }
        }
        let used: Vec<usize> = self.used.iter().copied().collect();
        if used.len() > 1 {
            let alone = |one: &&usize| give.iter().all(|t| self.look(Takers::Just(t, **one)) == Found::None);
            if let Some(one) = used.iter().take(SINGLES_MAX).find(alone) {
                return Fate::Taken(vec![*one]);
            }
        }
        if used.is_empty() { Fate::Open } else { Fate::Taken(used) }
    }

    /// Looks for a lead that the rule wins from `takers`.
    fn look(&mut self, takers: Takers<'_>) -> Found {
        self.fixed.fill(None);
        let empty = |(axis, left): (&Axis, &Option<Vec<usize>>)| {
            left.as_ref().filter(|points| points.is_empty()).map(|_| axis.endless)
        };
        let mut impossible = self.fields.axes.iter().zip(&self.left).filter_map(empty);
        match impossible.next() {
            Some(first) if first && impossible.all(|endless| endless) => Found::Unknown,
            Some(_) => Found::None,
            None => self.descend(takers),
        }
    }

    fn descend(&mut self, takers: Takers<'_>) -> Found {
        self.work += 1;
        if self.work > RULE_WORK_MAX {
            return Found::Unknown;
        }
        let at: Vec<usize> = (0..self.fields.axes.len()).map(|axis| self.pick(axis)).collect();
        let lead = Made { fields: self.fields, at: &at };
        let failed = if self.rule.when.holds_for(&lead) {
            let mut asked = 0;
            let taker = self.matcher.matches(&lead).take_while(|i| *i < self.index).find(|i| {
                asked += 1;
                self.takes(takers, *i)
            });
            self.work += asked;
            match taker {
                None => return Found::Lead,
                Some(taker) => Some(taker),
            }
        } else {
            None
        };
        let cond = failed.and_then(|i| self.book.rules.get(i)).map_or(&self.rule.when, |taker| &taker.when);
        // The narrowest field first.
        let open =
            self.fields.asked(cond).into_iter().filter(|axis| matches!(self.fixed.get(*axis), Some(None)));
        match open.min_by_key(|axis| self.width(*axis)) {
            Some(axis) => self.branch(axis, takers),
            None => {
                self.used.extend(failed);
                Found::None
            }
        }
    }

    /// Tries every point of a field that is left.
    fn branch(&mut self, axis: usize, takers: Takers<'_>) -> Found {
        let endless = self.fields.axes.get(axis).is_none_or(|a| a.endless);
        let mut found = if endless { Found::Unknown } else { Found::None };
        let left = self.left.get_mut(axis).and_then(Option::take);
        for i in 0..left.as_ref().map_or_else(|| self.width(axis), Vec::len) {
            let point = left.as_ref().map_or(Some(i), |points| points.get(i).copied());
            if let Some(slot) = self.fixed.get_mut(axis) {
                *slot = point;
            }
            match self.descend(takers) {
                Found::None => {}
                Found::Lead => {
                    found = Found::Lead;
                    break;
                }
                Found::Unknown => found = Found::Unknown,
            }
            if self.work > RULE_WORK_MAX {
                found = Found::Unknown;
                break;
            }
        }
        if let (Some(slot), Some(fixed)) = (self.left.get_mut(axis), self.fixed.get_mut(axis)) {
            (*slot, *fixed) = (left, None);
        }
        found
    }

    /// The point a field has now.
    fn pick(&self, axis: usize) -> usize {
        let first = || self.left.get(axis)?.as_ref()?.first().copied();
        self.fixed.get(axis).copied().flatten().or_else(first).unwrap_or(0)
    }

    fn width(&self, axis: usize) -> usize {
        let left = self.left.get(axis).and_then(Option::as_ref).map(Vec::len);
        left.or_else(|| self.fields.axes.get(axis).map(|a| a.points.len())).unwrap_or(0)
    }

    /// Whether a rule above leaves none of what it matches to this one.
    fn takes(&self, takers: Takers<'_>, index: usize) -> bool {
        let free = match takers {
            Takers::Nobody => return false,
            Takers::Just(_, only) if only != index => return false,
            Takers::WhileFree(free) | Takers::Just(free, _) => free,
        };
        let Some(above) = self.book.rules.get(index).filter(|r| !r.disabled) else { return false };
        // Windows can be shut and promotions off, unless this rule too holds only then.
        let on = above.during.is_none() || above.during == self.rule.during;
        on && (above.otherwise != ElseDo::PassOn
            || (above.give.contains(free) && is_looser(above, self.rule)))
    }
}

/// Whether whoever may take a lead under `below` may take it under `above`.
fn is_looser(above: &Rule, below: &Rule) -> bool {
    let cap = |above: Option<u32>, below: Option<u32>| above.is_none_or(|a| below.is_some_and(|b| b <= a));
    let skilled = above.needs_skills.iter().all(|s| below.needs_skills.contains(s));
    skilled && cap(above.cap_open, below.cap_open) && cap(above.cap_day, below.cap_day)
}

/// Every clause that must hold by itself.
fn each_clause<'c>(cond: &'c Cond, visit: &mut impl FnMut(&'c Cond)) {
    match cond {
        Cond::Always => {}
        Cond::All(all) => all.iter().for_each(|c| each_clause(c, visit)),
        Cond::Any(_) | Cond::Not(_) | Cond::Test(_) => visit(cond),
    }
}
