//! Which leads the queue shows: a view (waiting, parked, …) and what was typed behind `/`, as words or as a condition of the
//! rule language.

use crate::console::text::{Say, T};
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::lead::{Lead, LeadState};
use crate::rulebook::{
    Cond, Diagnostic, Severity, is_condition_begun, is_condition_like, parse_condition_in,
};
use crate::world::{Moment, World};
use memchr::memchr2_iter;
use memchr::memmem::Finder;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// The views of the queue, in the order of the key that changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    /// In the order of the key that changes it.
    pub const ALL: [Show; 6] =
        [Show::Todo, Show::Waiting, Show::Parked, Show::Pool, Show::Assigned, Show::All];

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

/// What is wrong with a condition, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Counted from 1, in characters.
    pub column: usize,
    /// Characters it covers; at least one.
    pub cells: usize,
    pub sentence: Say,
}

/// What was typed, read.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    text: String,
    /// All must be found somewhere.
    words: Vec<Word>,
    cond: Option<Cond>,
    /// What is wrong with a condition; as long as it stands, the last one that could be read is in force.
    trouble: Option<Trouble>,
    /// That last one: what a condition half written falls back on, and not the words it began as.
    base: Option<Cond>,
    /// Leads whose contact answers to the text, from the file.
    found: FxHashSet<LeadId>,
}

impl Filter {
    /// Reads `text`: a condition where it compares something, words otherwise.
    #[must_use]
    pub fn new(text: &str, world: &World) -> Self {
        Self::after(&Self::default(), text, world)
    }

    /// The same; while the text is a condition that cannot be read yet, the rows stay those of the last that could.
    #[must_use]
    pub fn after(before: &Filter, text: &str, world: &World) -> Self {
        let text = text.to_owned();
        let words = text.split_whitespace().map(Word::new).collect();
        let is_read = before.cond.is_some() && before.trouble.is_none();
        let base = if is_read { before.cond.clone() } else { before.base.clone() };
        let mut filter = Self { text, words, base, ..Self::default() };
        if filter.words.is_empty() {
            filter.base = None;
        }
        if is_condition_begun(&filter.text) {
            filter.words.clear();
            filter.cond.clone_from(&filter.base);
            return filter;
        }
        if !is_condition_like(&filter.text) {
            return filter;
        }
        let (cond, diagnostics) = parse_condition_in(&filter.text, None, world.book());
        match diagnostics.iter().find(|d| d.severity == Severity::Error) {
            None => filter.cond = Some(cond),
            Some(first) => {
                filter.trouble = Some(trouble(&filter.text, first));
                filter.words.clear();
                filter.cond.clone_from(&filter.base);
            }
        }
        filter
    }

    /// Passes these leads only.
    #[must_use]
    pub fn of_leads(leads: &[LeadId], text: &str) -> Self {
        // A word no text holds: only what was found passes.
        let words = vec![Word::new("\u{0}")];
        Self { text: text.to_owned(), words, found: leads.iter().copied().collect(), ..Self::default() }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// Whether a condition of the rule language is in force.
    #[must_use]
    pub fn is_condition(&self) -> bool {
        self.cond.is_some()
    }

    /// Whether the file should be asked for persons of that name or number.
    #[must_use]
    pub fn wants_contacts(&self) -> bool {
        self.cond.is_none() && self.trouble.is_none() && self.text.trim().chars().count() >= 2
    }

    /// Leads the file found for this text.
    pub fn set_found(&mut self, leads: impl IntoIterator<Item = LeadId>) {
        self.found = leads.into_iter().collect();
    }

    /// Leads it passes because the file found them.
    pub fn found(&self) -> impl Iterator<Item = LeadId> {
        self.found.iter().copied()
    }

    /// Whether all that passes it passes `wider` too, so that the rows of that one are enough to look at.
    #[must_use]
    pub fn narrows(&self, wider: &Filter) -> bool {
        let is_whole = wider.cond.is_none() && wider.words.is_empty();
        let has_no_cond = self.cond.is_none() && wider.cond.is_none() && !self.words.is_empty();
        let is_part = |word: &Word| self.words.iter().any(|other| other.text.contains(&word.text));
        self.found.is_empty() && (is_whole || has_no_cond && wider.words.iter().all(is_part))
    }

    /// Whether `lead` passes; `name` gives the person's name where it is known.
    #[must_use]
    pub fn passes<'a>(
        &self,
        world: &World,
        moment: &Moment,
        lead: &Lead,
        name: impl FnOnce() -> &'a str,
    ) -> bool {
        if let Some(cond) = &self.cond {
            return cond.holds_for(&world.view(lead, lead.score, moment));
        }
        if self.words.is_empty() || self.found.contains(&lead.id) {
            return true;
        }
        let a = &lead.attrs;
        let texts = [&*a.source, &a.campaign, &a.region, &a.city, &a.product, &a.company];
        let in_texts = |word: &Word| texts.iter().any(|text| word.is_in(text));
        let Some(missing) = self.words.iter().position(|word| !in_texts(word)) else { return true };
        let owner = lead.owner.and_then(|id| world.rep(id));
        let (owner_name, login) = owner.map_or(("", ""), |rep| (&*rep.card.name, &*rep.card.login));
        let persons = [name(), owner_name, login];
        let in_persons = |word: &Word| persons.iter().any(|text| word.is_in(text)) || word.is_in_id(lead.id);
        self.words.iter().skip(missing).all(|word| in_texts(word) || in_persons(word))
    }
}

/// One word of a filter, read once for all the leads it is looked for in.
#[derive(Debug, Clone)]
struct Word {
    /// Lower-case.
    text: String,
    /// For what has no case in ASCII: as it stands, which is the quickest to find.
    exact: Option<Finder<'static>>,
    /// It may be part of a lead's number.
    is_id: bool,
}

impl Word {
    fn new(text: &str) -> Self {
        let text = text.to_lowercase();
        let has_case = text.bytes().any(|byte| byte.is_ascii_alphabetic());
        let exact = (!has_case).then(|| Finder::new(text.as_bytes()).into_owned());
        let digits = text.strip_prefix('l').unwrap_or(&text);
        let is_id = digits.bytes().all(|byte| byte.is_ascii_digit());
        Self { text, exact, is_id }
    }

    /// Whether it is part of `text`, ASCII case aside; without allocating.
    fn is_in(&self, text: &str) -> bool {
        let (text, word) = (text.as_bytes(), self.text.as_bytes());
        if text.len() < word.len() {
            return false;
        }
        match (&self.exact, word.first()) {
            (Some(finder), _) => finder.find(text).is_some(),
            (None, Some(first)) => {
                let last = text.len() - word.len();
                let begins = text.get(..=last).unwrap_or_default();
                let mut starts = memchr2_iter(*first, first.to_ascii_uppercase(), begins);
                starts.any(|at| {
                    text.get(at..at + word.len()).is_some_and(|piece| piece.eq_ignore_ascii_case(word))
                })
            }
            (None, None) => true,
        }
    }

    fn is_in_id(&self, lead: LeadId) -> bool {
        self.is_id && self.is_in(&lead.to_string())
    }
}

fn trouble(text: &str, found: &Diagnostic) -> Trouble {
    let word = |lang| match found.hint(lang) {
        Some(hint) => format!("{} {} {hint}", found.message(lang), if lang == Lang::Zh { "·" } else { "-" }),
        None => found.message(lang),
    };
    Trouble {
        column: usize::try_from(found.column).unwrap_or(1),
        cells: text.get(found.span.start..found.span.end).map_or(1, |part| part.chars().count().max(1)),
        sentence: Say::both(word(Lang::En), word(Lang::Zh)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_word_is_found_where_a_plain_search_finds_it(
            text in "[a-cA-C上海L0-3 ]{0,12}",
            word in "[a-cA-C上海L0-3]{1,4}",
        ) {
            let plain = text.to_ascii_lowercase().contains(&word.to_ascii_lowercase());
            prop_assert_eq!(Word::new(&word).is_in(&text), plain);
        }
    }

    #[test]
    fn a_longer_text_narrows_and_another_does_not() {
        let world = World::new();
        let filter = |text: &str| Filter::new(text, &world);
        assert!(filter("上海").narrows(&filter("上")));
        assert!(filter("上").narrows(&filter("")));
        assert!(filter("上海 官网").narrows(&filter("海")));
        assert!(filter("source = 官网").narrows(&filter("")));
        assert!(!filter("上").narrows(&filter("上海")), "a letter taken back brings rows back");
        assert!(!filter("").narrows(&filter("上")));
        assert!(!filter("source = 官网").narrows(&filter("s")), "another question");
        let mut found = filter("上海");
        found.set_found([LeadId(1)]);
        assert!(!found.narrows(&filter("上")), "what the file found may stand outside");
    }
}
