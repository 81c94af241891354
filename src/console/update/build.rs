//! The form that builds a rule: opening it over the draft, keys in it, and writing what came of it into the draft.

use super::rules;
use crate::console::build::{Asks, Build, Building, Facts, Went};
use crate::console::key::{Code, Key};
use crate::console::model::{Model, Overlay, Severity};
use crate::console::msg::{Ask, Effect, Order, Problem};
use crate::console::text::{Say, T};
use crate::console::widget::list::Motion;
use crate::engine::intent::LEADS_MAX;
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::time::MINUTE_MS;
use crate::model::values::Values;
use crate::rulebook;
use std::sync::Arc;

/// Leads given to the engine in one go, each [`LEADS_MAX`] a batch of their own.
const RELEASED_MAX: usize = 10_000;
/// Counts of values older than this are asked of the file again.
const VALUES_AGE_MS: i64 = 5 * MINUTE_MS;

/// The form on top.
fn top(model: &mut Model) -> Option<&mut Building> {
    match model.overlays.last_mut() {
        Some(Overlay::Build(building)) => Some(building),
        _ => None,
    }
}

pub(super) fn build(model: &mut Model, step: Build) -> Vec<Effect> {
    let page = model.pages.overlay;
    match step {
        Build::Open => return open(model),
        Build::Release => return release(model),
        _ => {}
    }
    let Some(b) = top(model) else { return Vec::new() };
    let before = b.written.text.clone();
    let went = match step {
        Build::Open | Build::Release => Went::Stayed,
        Build::Accept => b.accept(page),
        Build::Next => b.forward(page),
        Build::Previous => b.previous(page),
        Build::Back => b.backward(page),
        Build::Write => {
            // A line being typed counts.
            b.go(b.step, page);
            Went::Finished
        }
        Build::Tick | Build::All | Build::Turn { .. } | Build::Remove | Build::Move(_) => {
            edit(b, step, page);
            Went::Stayed
        }
    };
    match went {
        Went::Stayed => check(model, &before),
        Went::Left => {
            model.overlays.pop();
            rules::checked(model)
        }
        Went::Finished => finish(model),
    }
}

fn edit(b: &mut Building, step: Build, page: usize) {
    match step {
        Build::Tick => b.tick(page),
        Build::All => b.tick_all(page),
        Build::Remove => b.remove(page),
        Build::Move(motion) => b.shift(motion, page),
        Build::Turn { forward } => {
            if !b.turn(forward, page) {
                b.line.press(Key::plain(if forward { Code::Right } else { Code::Left }));
            }
        }
        Build::Open
        | Build::Release
        | Build::Accept
        | Build::Next
        | Build::Previous
        | Build::Back
        | Build::Write => {}
    }
}

/// Opens the form over the draft; the rule under the cursor is the first it offers.
fn open(model: &mut Model) -> Vec<Effect> {
    let draft = draft_tree(model.draft.editor.text(), model.lang);
    let here = rulebook::form::rule_at(&draft, model.draft.editor.cursor().0);
    let mut facts = Facts::of(model.desk.world(), &draft, model.lang);
    let mut effects = Vec::new();
    match &model.values {
        Some((at, values)) if model.now.since(*at) < VALUES_AGE_MS => {
            (facts.values, facts.is_all) = (Values::clone(values), true);
        }
        _ => effects.push(Effect::Ask(Ask::Values)),
    }
    model.notice = None;
    let mut building = Building::new(draft, here, facts);
    building.narrow(model.pages.overlay);
    model.overlays.push(Overlay::Build(Box::new(building)));
    effects
}

/// The draft's tree; a text that says nothing yet is written in the language of the screen.
fn draft_tree(text: &str, lang: Lang) -> rulebook::Tree {
    let mut tree = rulebook::parse(text).tree;
    if tree.items.is_empty() {
        tree.source.keywords = lang;
    }
    tree
}

/// Leads that came before there was a rule for them wait for a person; after a book is published they may go to the engine.
fn release(model: &mut Model) -> Vec<Effect> {
    let leads: Vec<_> = model.desk.unmatched().take(RELEASED_MAX).collect();
    let with_rev = |lead: &LeadId| model.desk.rev(*lead).map(|rev| (*lead, rev));
    let orders = leads.chunks(LEADS_MAX).map(|some| some.iter().filter_map(with_rev).collect());
    let orders: Vec<Effect> = orders.map(|leads| Effect::Order(Order::Free { leads })).collect();
    model.say(Severity::Done, Say::Releasing(leads.len()));
    orders
}

/// The file told what leads had.
pub(super) fn values_came(model: &mut Model, values: Values) -> Vec<Effect> {
    if values.leads == 0 {
        return Vec::new();
    }
    let values = Arc::new(values);
    model.values = Some((model.now, Arc::clone(&values)));
    let page = model.pages.overlay;
    if let Some(b) = top(model) {
        (b.facts.values, b.facts.is_all) = (Values::clone(&values), true);
        b.recount(page);
    }
    rules::known_more(model)
}

/// A key that is no command: typed into the line, or a tick.
pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    let page = model.pages.overlay;
    let Some(b) = top(model) else { return Vec::new() };
    let before = b.written.text.clone();
    let is_empty = b.line.is_empty();
    match key.typed() {
        Some(' ') if b.asks() == Asks::Many || (b.asks() == Asks::One && is_empty) => b.tick(page),
        None if key.code == Code::Delete && is_empty && b.asks() != Asks::Text => b.remove(page),
        _ if b.line.press(key) => b.typed_on(page),
        _ => {}
    }
    check(model, &before)
}

/// Pasted text goes into the line.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let page = model.pages.overlay;
    let Some(b) = top(model) else { return Vec::new() };
    let before = b.written.text.clone();
    b.line.insert(text);
    b.typed_on(page);
    check(model, &before)
}

/// A click on a question goes to it; one on a choice does what Enter or space would.
pub(super) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    let page = model.pages.overlay;
    let Some(b) = top(model) else { return Vec::new() };
    if let Some(step) = index.checked_sub(STEP_ITEMS) {
        if let Some(step) = b.steps().get(step).copied() {
            b.go(step, page);
        }
        return Vec::new();
    }
    let rows: Vec<usize> = (0..b.offers().len()).collect();
    b.list.select(index, &rows, page);
    let step = if b.asks() == Asks::Many { Build::Tick } else { Build::Accept };
    build(model, step)
}

/// Item numbers from here on are questions, below they are choices.
pub const STEP_ITEMS: usize = 1_000_000;

/// The wheel and paging.
pub(super) fn shift(model: &mut Model, motion: Motion) {
    let page = model.pages.overlay;
    if let Some(b) = top(model) {
        b.shift(motion, page);
    }
}

/// Asks what the checker says of the text, where it changed.
fn check(model: &mut Model, before: &str) -> Vec<Effect> {
    let facts = rules::facts(model);
    let (world, moment) = (model.desk.world(), model.desk.moment());
    let Some(Overlay::Build(b)) = model.overlays.last_mut() else { return Vec::new() };
    if b.takes.is_none() || b.written.text != before {
        b.count(world, moment);
    }
    if b.written.text == before {
        return Vec::new();
    }
    b.problems = None;
    vec![Effect::Ask(Ask::Check { text: b.written.text.as_str().into(), facts })]
}

/// The checker answered: what it says of the new lines, and what is wrong elsewhere because of them.
pub(super) fn checked(model: &mut Model, text: &str, problems: &[Problem]) {
    let Some(Overlay::Build(b)) = model.overlays.last_mut() else { return };
    if b.written.text == text {
        let (first, last) = (b.written.first_line, b.written.last_line);
        let was = &model.draft.problems;
        let is_new = |p: &&Problem| was.iter().all(|old| old.sentence != p.sentence);
        let own = problems.iter().filter(|p| (first..=last).contains(&p.line) || is_new(p));
        b.problems = Some(own.cloned().collect());
    }
}

/// Writes it into the draft as one step that can be taken back.
fn finish(model: &mut Model) -> Vec<Effect> {
    let now = model.draft.editor.text().to_owned();
    let Some(Overlay::Build(mut b)) = model.overlays.pop() else { return Vec::new() };
    if now != *b.draft.source.text {
        // The draft moved on under the form: a book was published elsewhere.
        b.rebase(draft_tree(&now, model.lang));
    }
    b.write();
    if b.written.text == now {
        model.say(Severity::Done, T::BuildSame);
        return rules::checked(model);
    }
    model.draft.editor.replace(&b.written.text);
    model.draft.editor.go_to(b.written.first_line, 0);
    model.say(Severity::Done, T::BuildDone);
    rules::checked(model)
}
