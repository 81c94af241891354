//! Which leads the queue shows: a view (waiting, parked, …) and what was typed behind `/`, as words or as a condition of the
//! rule language.

use crate::console::text::{Say, T};
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::lead::{Lead, LeadState};
use crate::rulebook::{Cond, has_errors, parse_condition_in};
use crate::world::{Moment, World};
use rustc_hash::FxHashSet;

/// The views of the queue, in the order of the key that changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Show {
    /// Waiting and parked: what somebody must act on.
    #[default]
    Todo,
    Waiting,
    Parked,
    /// What reps may claim.
    Pool,
    Assigned,
    All,
}

impl Show {
    /// The next view.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Todo => Self::Waiting,
            Self::Waiting => Self::Parked,
            Self::Parked => Self::Pool,
            Self::Pool => Self::Assigned,
            Self::Assigned => Self::All,
            Self::All => Self::Todo,
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn title(self) -> T {
        match self {
            Self::Todo => T::ShowTodo,
            Self::Waiting => T::Waiting,
            Self::Parked => T::Parked,
            Self::Pool => T::ShowPoolView,
            Self::Assigned => T::Assigned,
            Self::All => T::ShowAll,
        }
    }

    /// Whether it shows this lead. What lies in the pool is nobody's work: it has a view of its own.
    #[must_use]
    pub fn shows(self, lead: &Lead) -> bool {
        let is_pooled = lead.pooled_since().is_some();
        self.has(lead.state) && (self == Self::All || is_pooled == (self == Self::Pool))
    }

    /// Whether it may show a lead in this state.
    #[must_use]
    pub fn has(self, state: LeadState) -> bool {
        match self {
            Self::Todo => matches!(state, LeadState::Waiting | LeadState::Parked),
            Self::Waiting => state == LeadState::Waiting,
            Self::Parked | Self::Pool => state == LeadState::Parked,
            Self::Assigned => state.is_load(),
            Self::All => state.is_open(),
        }
    }
}

/// What was typed, read.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    text: String,
    /// Lower-case; all must be found somewhere.
    words: Vec<String>,
    cond: Option<Cond>,
    /// What is wrong with a condition; then it is looked for as words.
    problem: Option<Say>,
    /// Leads whose contact answers to the text, from the file.
    found: FxHashSet<LeadId>,
}

impl Filter {
    /// Reads `text`: a condition where it has the marks of one, words otherwise.
    #[must_use]
    pub fn new(text: &str, world: &World) -> Self {
        let text = text.trim().to_owned();
        let words = text.split_whitespace().map(str::to_lowercase).collect();
        let mut filter = Self { text, words, ..Self::default() };
        if filter.text.is_empty() {
            return filter;
        }
        let (cond, diagnostics) = parse_condition_in(&filter.text, None, world.book());
        if !has_errors(&diagnostics) && cond != Cond::Always {
            filter.cond = Some(cond);
        } else if filter.text.contains(['=', '<', '>'])
            && let Some(first) = diagnostics.first()
        {
            filter.problem = Some(Say::both(first.message(Lang::En), first.message(Lang::Zh)));
        }
        filter
    }

    /// Passes these leads only.
    #[must_use]
    pub fn of_leads(leads: &[LeadId], text: &str) -> Self {
        // A word no text holds: only what was found passes.
        let words = vec!["\u{0}".to_owned()];
        Self { text: text.to_owned(), words, found: leads.iter().copied().collect(), ..Self::default() }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn problem(&self) -> Option<&Say> {
        self.problem.as_ref()
    }

    /// Whether it is a condition of the rule language.
    #[must_use]
    pub fn is_condition(&self) -> bool {
        self.cond.is_some()
    }

    /// Whether the file should be asked for persons of that name or number.
    #[must_use]
    pub fn wants_contacts(&self) -> bool {
        self.cond.is_none() && self.text.chars().count() >= 2
    }

    /// Leads the file found for this text.
    pub fn set_found(&mut self, leads: impl IntoIterator<Item = LeadId>) {
        self.found = leads.into_iter().collect();
    }

    /// Whether `lead` passes; `name` is the person's name where it is known.
    #[must_use]
    pub fn passes(&self, world: &World, moment: &Moment, lead: &Lead, name: &str) -> bool {
        if let Some(cond) = &self.cond {
            return cond.holds_for(&world.view(lead, lead.score, moment));
        }
        if self.words.is_empty() || self.found.contains(&lead.id) {
            return true;
        }
        let a = &lead.attrs;
        let owner = lead.owner.and_then(|id| world.rep(id));
        let (owner_name, login) = owner.map_or(("", ""), |rep| (&*rep.card.name, &*rep.card.login));
        let id = lead.id.to_string();
        let texts = [&*a.source, &a.campaign, &a.region, &a.city, &a.product, &a.company];
        let persons = [name, owner_name, login, &id];
        self.words.iter().all(|word| texts.iter().chain(&persons).any(|text| holds(text, word)))
    }
}

/// Whether lower-case `word` is part of `text`, ASCII case aside; without allocating for what has no case.
fn holds(text: &str, word: &str) -> bool {
    if text.len() < word.len() {
        return false;
    }
    text.as_bytes().windows(word.len()).any(|piece| piece.eq_ignore_ascii_case(word.as_bytes()))
}
