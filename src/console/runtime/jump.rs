//! Looking for one lead: by number, by the end of a phone, by a name typed roughly or, in Chinese, by its letters. Names of
//! open leads are read from the file once a search and matched by nucleo; closed leads are the library's own search.

use super::reader::Library;
use crate::console::msg::News;
use crate::console::pinyin;
use crate::model::id::LeadId;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::sync::Arc;

/// Leads shown for one text; who sees more types on.
pub const JUMP_MAX: usize = 50;
/// Fewest digits that make a phone's end.
const TAIL_DIGITS_MIN: usize = 3;
/// Contacts asked of the library at once.
const CONTACTS_MAX: usize = 400;

struct Person {
    lead: LeadId,
    name: String,
    digits: String,
}

/// The persons behind the open leads, as of the search they were read for.
#[derive(Default)]
pub(super) struct Persons {
    of: Option<Arc<Vec<LeadId>>>,
    all: Vec<Person>,
}

impl Persons {
    /// The answer to a search: open leads best first, then closed ones as the library finds them.
    pub(super) fn jump(&mut self, library: &mut dyn Library, text: String, open: &Arc<Vec<LeadId>>) -> News {
        let mut leads = self.search(library, &text, open);
        let mut closed = Vec::new();
        let named = number(text.trim());
        if leads.len() < JUMP_MAX {
            let bare = named.map_or_else(|| text.trim().to_owned(), |lead| lead.0.to_string());
            for lead in library.find(&bare, JUMP_MAX) {
                let Some(row) = library.closed(lead).filter(|row| !row.state.is_open()) else { continue };
                if leads.len() < JUMP_MAX && !leads.contains(&lead) {
                    leads.push(lead);
                    closed.push(row);
                }
            }
        }
        // Whoever types a number means that lead, open or closed.
        if let Some(at) = leads.iter().position(|lead| Some(*lead) == named) {
            leads.get_mut(..=at).unwrap_or_default().rotate_right(1);
        }
        News::Jumped { text, leads, closed }
    }

    /// The leads of `open` that answer to `text`, best first.
    pub(super) fn search(
        &mut self,
        library: &mut dyn Library,
        text: &str,
        open: &Arc<Vec<LeadId>>,
    ) -> Vec<LeadId> {
        if !self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, open)) {
            self.read(library, open);
        }
        let text = text.trim();
        let mut found: Vec<LeadId> = Vec::new();
        if let Some(id) = number(text)
            && open.contains(&id)
        {
            found.push(id);
        }
        let is_number = text.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if is_number && digits.len() >= TAIL_DIGITS_MIN {
            let tails = self.all.iter().rev().filter(|person| person.digits.ends_with(&digits));
            found.extend(tails.map(|person| person.lead).take(JUMP_MAX));
            let parts = self.all.iter().rev().filter(|person| person.digits.contains(&digits));
            found.extend(parts.map(|person| person.lead).take(JUMP_MAX));
        }
        if !is_number {
            found.extend(self.by_name(text));
        }
        let mut seen = rustc_hash::FxHashSet::default();
        found.retain(|lead| seen.insert(*lead));
        found.truncate(JUMP_MAX);
        found
    }

    fn by_name(&self, text: &str) -> Vec<LeadId> {
        let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buf = Vec::new();
        let mut scored: Vec<(u32, LeadId)> = self
            .all
            .iter()
            .filter_map(|person| {
                let score = pattern.score(Utf32Str::new(&person.name, &mut buf), &mut matcher)?;
                Some((score, person.lead))
            })
            .collect();
        // Of equals the newest is the likelier.
        scored.sort_unstable_by_key(|(score, lead)| std::cmp::Reverse((*score, *lead)));
        let mut found: Vec<LeadId> = scored.into_iter().take(JUMP_MAX).map(|(_, lead)| lead).collect();
        // Typed as letters, Chinese names come behind what really says so.
        let words: Vec<&str> = text.split_whitespace().collect();
        let spelt = |person: &&Person| words.iter().all(|word| pinyin::spells(&person.name, word));
        found.extend(self.all.iter().rev().filter(spelt).take(JUMP_MAX).map(|person| person.lead));
        found
    }

    fn read(&mut self, library: &mut dyn Library, open: &Arc<Vec<LeadId>>) {
        self.all.clear();
        for chunk in open.chunks(CONTACTS_MAX) {
            self.all.extend(library.contacts(chunk).into_iter().map(|(lead, card)| Person {
                lead,
                name: format!("{} {}", card.name, card.email).trim().to_owned(),
                digits: card.phone.chars().filter(char::is_ascii_digit).collect(),
            }));
        }
        self.all.sort_unstable_by_key(|person| person.lead);
        self.of = Some(Arc::clone(open));
    }
}

/// `L12`, `l12` and `12` name a lead.
fn number(text: &str) -> Option<LeadId> {
    let digits = text.strip_prefix(['L', 'l']).unwrap_or(text);
    digits.parse().ok().map(LeadId)
}
