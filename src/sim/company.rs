//! The company of the demo: roster, rule book, sample leads and word lists, embedded so that a single binary can show them.
//! All of it is invented. Phones are of the data-only range 172 or of ranges kept for drama; mail goes to example.com.

use smol_str::SmolStr;

use super::chance::Chance;
use crate::model::rep::RepCard;

/// The roster as a file.
pub const ROSTER: &str = include_str!("../../assets/demo/roster.csv");
/// The rule book.
pub const BOOK: &str = include_str!("../../assets/demo/book.rules");
/// Sample leads with English headers.
pub const LEADS: &str = include_str!("../../assets/demo/leads.csv");
/// Sample leads with Chinese headers.
pub const LEADS_ZH: &str = include_str!("../../assets/demo/leads-zh.csv");
const WORDS: &str = include_str!("../../assets/demo/words.txt");

/// One word with its share and what belongs to it (a source's campaign, a region's city).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: SmolStr,
    pub second: SmolStr,
    pub weight: u64,
}

/// A list of words to draw from.
#[derive(Debug, Clone, Default)]
pub struct WordList {
    words: Vec<Word>,
    weights: Vec<u64>,
}

impl WordList {
    /// Draws one by weight.
    pub fn draw(&self, chance: &mut Chance) -> Word {
        self.draw_with(chance, |_| 1)
    }

    /// Draws one by weight × `times`.
    pub fn draw_with(&self, chance: &mut Chance, times: impl Fn(&Word) -> u64) -> Word {
        let weights: Vec<u64> = self.words.iter().map(|w| w.weight * times(w)).collect();
        let at = chance.weighted(&weights);
        self.words.get(at).cloned().unwrap_or(Word {
            text: SmolStr::default(),
            second: SmolStr::default(),
            weight: 0,
        })
    }

    /// The share of `text` in thousandths.
    #[must_use]
    pub fn share_milli(&self, text: &str) -> u64 {
        let all: u64 = self.weights.iter().sum();
        let own: u64 = self.words.iter().filter(|w| w.text == text).map(|w| w.weight).sum();
        own * 1000 / all.max(1)
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }
}

/// Every list of `assets/demo/words.txt`.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub surnames: WordList,
    pub given: WordList,
    pub english: WordList,
    pub companies: WordList,
    pub products: WordList,
    pub industries: WordList,
    pub sources: WordList,
    pub regions: WordList,
    pub overseas: WordList,
}

impl Words {
    /// Reads the embedded lists.
    #[must_use]
    pub fn load() -> Words {
        let mut words = Words::default();
        let mut section = "";
        for line in WORDS.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                section = name;
                continue;
            }
            let Some(list) = words.list_mut(section) else { continue };
            let (text, weight) = line.split_once('|').unwrap_or((line, "1"));
            let (text, second) = text.trim().split_once('/').unwrap_or((text.trim(), ""));
            let weight = weight.trim().parse().unwrap_or(1);
            list.words.push(Word { text: text.into(), second: second.into(), weight });
            list.weights.push(weight);
        }
        words
    }

    fn list_mut(&mut self, section: &str) -> Option<&mut WordList> {
        Some(match section {
            "surnames" => &mut self.surnames,
            "given" => &mut self.given,
            "english" => &mut self.english,
            "companies" => &mut self.companies,
            "products" => &mut self.products,
            "industries" => &mut self.industries,
            "sources" => &mut self.sources,
            "regions" => &mut self.regions,
            "overseas" => &mut self.overseas,
            _ => return None,
        })
    }
}

/// The reps of the demo roster as cards. A row that cannot be read is left out; a test reads all of them.
#[must_use]
pub fn cards() -> Vec<RepCard> {
    let mut reader = csv::Reader::from_reader(ROSTER.as_bytes());
    reader.records().filter_map(Result::ok).filter_map(|row| card(&row)).collect()
}

fn card(row: &csv::StringRecord) -> Option<RepCard> {
    let cell = |at: usize| row.get(at).map(str::trim).filter(|c| !c.is_empty());
    let list = |at: usize| cell(at).unwrap_or_default().split(';').map(|t| SmolStr::new(t.trim())).collect();
    let mut card = RepCard::new(cell(0)?, cell(1)?);
    card.teams = list(2);
    card.cap_open = cell(3).and_then(|c| c.parse().ok());
    card.cap_day = cell(4).and_then(|c| c.parse().ok());
    if let Some(weight) = cell(5) {
        let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
        let part: u32 = format!("{part:0<3}").get(..3)?.parse().ok()?;
        card.weight_milli = whole.parse::<u32>().ok()? * 1000 + part;
    }
    card.skills = list(6);
    Some(card.tidy())
}
