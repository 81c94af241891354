//! Leads that come in bursts: a rate that wanders (gamma), arrivals that bring arrivals (Hawkes), a daily curve, promotions.
//!
//! Minute by minute: expected = base × hour × mood + stir. The base is what is left of the rate after what arrivals
//! themselves will bring, so the mean over a flat day is the rate asked for.

use std::collections::{BTreeSet, VecDeque};

use chrono::Timelike;
use smol_str::SmolStr;

use super::chance::Chance;
use super::company::{Word, Words};
use crate::engine::NewLead;
use crate::model::contact::{KeyKind, hash_key};
use crate::model::contact_card::ContactCard;
use crate::model::key::{ContactKind, KeyHash};
use crate::model::lead::{ArrivalKind, Attrs, LeadState};
use crate::model::time::{MINUTE_MS, Millis};

/// Of the stir of a minute this much is left in the next, in thousandths.
const STIR_KEPT_MILLI: u64 = 600;
/// What one arrival adds to the next minute's expectation, in thousandths of a lead.
const STIR_ADDED_MILLI: u64 = 200;
/// Leads that one lead brings in the end: added ÷ (1 − kept).
const BROUGHT_MILLI: u64 = STIR_ADDED_MILLI * 1000 / (1000 - STIR_KEPT_MILLI);
/// How long one mood lasts, in minutes.
const MOOD_MIN: i64 = 10;
/// Persons remembered, of whom some come again.
const PERSONS_MAX: usize = 200;
/// Most leads of one minute, whatever was asked for.
const MINUTE_LEADS_MAX: u32 = 2_000;
/// After so many minutes without a lead the generator says that none comes (three weeks).
const QUIET_MINUTES_MAX: u32 = 21 * 24 * 60;

/// Share of the mean rate by hour, in percent: an office day with an evening of people at home.
const OFFICE_DAY: [u64; 24] = [
    25, 12, 8, 5, 5, 8, 20, 50, 110, 190, 220, 200, 120, 130, 190, 200, 180, 150, 120, 130, 170, 180, 120, 60,
];

/// A time in which one source sends more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promotion {
    pub from: Millis,
    /// Exclusive.
    pub to: Millis,
    pub source: SmolStr,
    pub times: u64,
}

impl Promotion {
    /// 抖音 sends ten times as much.
    #[must_use]
    pub fn livestream(from: Millis, to: Millis) -> Promotion {
        Promotion { from, to, source: SmolStr::new_static("抖音"), times: 10 }
    }

    fn times_at(&self, at: Millis, source: &str) -> u64 {
        if self.from <= at && at < self.to && self.source == source { self.times } else { 1 }
    }
}

/// What comes and how much of it.
#[derive(Debug, Clone)]
pub struct ArrivalOptions {
    /// Mean leads a minute, in thousandths.
    pub rate_milli: u64,
    /// Hours of this zone shape the day; `None` = every hour alike.
    pub day_of: Option<chrono_tz::Tz>,
    pub promotions: Vec<Promotion>,
    /// Leads of somebody who came before.
    pub repeat_permille: u32,
    pub without_phone_permille: u32,
    pub overseas_permille: u32,
    /// The system named in each lead; with the running number it is unique.
    pub system: SmolStr,
    /// Key of the hashes of contact keys.
    pub secret: [u8; 16],
}

impl Default for ArrivalOptions {
    fn default() -> Self {
        ArrivalOptions {
            rate_milli: 3_000,
            day_of: None,
            promotions: Vec::new(),
            repeat_permille: 40,
            without_phone_permille: 80,
            overseas_permille: 90,
            system: SmolStr::new_static("demo"),
            secret: *b"leadyard-demo-00",
        }
    }
}

/// Whom a lead is about.
#[derive(Debug, Clone)]
struct Person {
    name: String,
    phone: String,
    email: String,
    company: SmolStr,
    industry: SmolStr,
    region: Word,
    language: SmolStr,
}

/// The stream of arrivals of a seed.
#[derive(Debug, Clone)]
pub struct Arrivals {
    seed: u64,
    options: ArrivalOptions,
    words: Words,
    when: Chance,
    what: Chance,
    /// Start of the next minute to draw.
    minute: Millis,
    drawn_minutes: i64,
    mood_milli: u64,
    stir_milli: u64,
    ready: VecDeque<(Millis, NewLead)>,
    persons: VecDeque<Person>,
    count: u64,
}

impl Arrivals {
    /// Arrivals from `start` on.
    #[must_use]
    pub fn new(seed: u64, options: ArrivalOptions, start: Millis) -> Arrivals {
        Arrivals {
            seed,
            options,
            words: Words::load(),
            when: Chance::apart(seed, 1),
            what: Chance::apart(seed, 2),
            minute: start,
            drawn_minutes: 0,
            mood_milli: 1000,
            stir_milli: 0,
            ready: VecDeque::new(),
            persons: VecDeque::new(),
            count: 0,
        }
    }

    /// When the next lead comes; `None` when none does.
    pub fn next_at(&mut self) -> Option<Millis> {
        let mut quiet = 0;
        while self.ready.is_empty() && quiet < QUIET_MINUTES_MAX {
            self.draw_minute();
            quiet += 1;
        }
        self.ready.front().map(|(at, _)| *at)
    }

    /// The leads that have come up to `now`, with the moment each came.
    pub fn due(&mut self, now: Millis) -> Vec<(Millis, NewLead)> {
        let mut due = Vec::new();
        while self.next_at().is_some_and(|at| at <= now) {
            due.extend(self.ready.pop_front());
        }
        due
    }

    /// As [`Arrivals::due`], but at most `most`: the others come with the next call.
    pub fn due_up_to(&mut self, now: Millis, most: usize) -> Vec<(Millis, NewLead)> {
        let mut due = Vec::new();
        while due.len() < most && self.next_at().is_some_and(|at| at <= now) {
            due.extend(self.ready.pop_front());
        }
        due
    }

    /// Another lead at once, outside the stream's time.
    pub fn one_more(&mut self, at: Millis) -> NewLead {
        self.lead(at)
    }

    fn hour_percent(&self, at: Millis) -> u64 {
        let hour = self.options.day_of.and_then(|zone| {
            let utc = chrono::DateTime::from_timestamp_millis(at.0)?;
            Some(utc.with_timezone(&zone).hour() as usize)
        });
        hour.and_then(|h| OFFICE_DAY.get(h)).copied().unwrap_or(100)
    }

    /// How much more than usual comes now, in thousandths: only the promoted source's share grows.
    fn promoted_milli(&self, at: Millis) -> u64 {
        let extra = self.options.promotions.iter().map(|p| {
            let times = p.times_at(at, &p.source);
            self.words.sources.share_milli(&p.source) * (times - 1)
        });
        1000 + extra.sum::<u64>()
    }

    fn draw_minute(&mut self) {
        let start = self.minute;
        if self.drawn_minutes % MOOD_MIN == 0 {
            // A gamma of shape 2 and mean 1: two waits.
            let drawn = self.when.wait(500).saturating_add(self.when.wait(500));
            self.mood_milli = u64::try_from(drawn).unwrap_or(1000);
        }
        let base = self.options.rate_milli * (1000 - BROUGHT_MILLI) / 1000;
        let calm = base * self.hour_percent(start) / 100 * self.mood_milli / 1000
            * self.promoted_milli(start)
            / 1000;
        let count = self.when.count(calm + self.stir_milli).min(MINUTE_LEADS_MAX);
        let mut at: Vec<i64> = (0..count).map(|_| self.when.between(0, MINUTE_MS - 1)).collect();
        at.sort_unstable();
        for ms in at {
            let at = start.plus(ms);
            let lead = self.lead(at);
            self.ready.push_back((at, lead));
        }
        self.stir_milli = self.stir_milli * STIR_KEPT_MILLI / 1000 + u64::from(count) * STIR_ADDED_MILLI;
        self.minute = start.plus(MINUTE_MS);
        self.drawn_minutes += 1;
    }

    fn lead(&mut self, at: Millis) -> NewLead {
        self.count += 1;
        let again = self.what.permille(self.options.repeat_permille);
        let known = if again { self.what.below(self.persons.len().max(1) as u64) } else { u64::MAX };
        let known = usize::try_from(known).ok().and_then(|i| self.persons.get(i)).cloned();
        let person = match known {
            Some(person) => person,
            None => self.person(),
        };
        let promotions = &self.options.promotions;
        let times = |w: &Word| promotions.iter().map(|p| p.times_at(at, &w.text)).product();
        let source = self.words.sources.draw_with(&mut self.what, times);
        let product = self.words.products.draw(&mut self.what).text;
        let value = self.what.permille(450).then(|| self.what.between(2, 80) * 10_000 * 1000);
        let attrs = Attrs {
            source: source.text,
            campaign: source.second,
            region: person.region.text.clone(),
            city: person.region.second.clone(),
            product,
            industry: person.industry.clone(),
            language: person.language.clone(),
            company: person.company.clone(),
            base_score: i32::try_from(self.what.below(5)).unwrap_or(0) * 5,
            value,
            has_phone: !person.phone.is_empty(),
            has_email: !person.email.is_empty(),
            custom: Vec::new(),
        };
        let note = if again { "又来咨询一次 · asked again".to_owned() } else { String::new() };
        NewLead {
            keys: self.keys(&person),
            contact: ContactCard {
                name: person.name,
                phone: person.phone,
                email: person.email,
                note,
                ..ContactCard::default()
            },
            attrs,
            system: self.options.system.clone(),
            external_id: format!("{:04x}-{:06}", self.seed & 0xffff_ffff, self.count).into(),
            received_at: Some(at),
            kind: ArrivalKind::Live,
            state: LeadState::Waiting,
            owner: None,
            do_not_contact: false,
        }
    }

    fn keys(&self, person: &Person) -> Vec<KeyHash> {
        let secret = &self.options.secret;
        let mut keys = Vec::new();
        if !person.phone.is_empty() {
            let digits: String = person.phone.chars().filter(char::is_ascii_digit).collect();
            let hash = hash_key(secret, KeyKind::Phone, &format!("+{digits}"));
            keys.push(KeyHash { kind: ContactKind::Phone, hash });
        }
        if !person.email.is_empty() {
            let hash = hash_key(secret, KeyKind::Email, &person.email);
            keys.push(KeyHash { kind: ContactKind::Email, hash });
        }
        keys
    }

    fn person(&mut self) -> Person {
        let overseas = self.what.permille(self.options.overseas_permille);
        let number = self.count;
        let words = &self.words;
        let chance = &mut self.what;
        let (name, region, language, dialled) = if overseas {
            let name = words.english.draw(chance).text.to_string();
            // 020 7946 0 is kept for drama; nobody answers.
            (name, words.overseas.draw(chance), "en", format!("+44 20 7946 0{:03}", number % 1000))
        } else {
            let name = format!("{}{}", words.surnames.draw(chance).text, words.given.draw(chance).text);
            (
                name,
                words.regions.draw(chance),
                "zh",
                format!("+86 172 0{:03} {:04}", number / 9000, number % 9000),
            )
        };
        let no_phone = chance.permille(self.options.without_phone_permille);
        let mailed = no_phone && chance.permille(850) || !no_phone && chance.permille(400);
        let company =
            if chance.permille(550) { words.companies.draw(chance).text } else { SmolStr::default() };
        let industry =
            if company.is_empty() { SmolStr::default() } else { words.industries.draw(chance).text };
        let person = Person {
            name,
            phone: if no_phone { String::new() } else { dialled },
            email: if mailed {
                format!("p{:x}.{number}@example.com", self.seed & 0xffff)
            } else {
                String::new()
            },
            company,
            industry,
            region,
            language: SmolStr::new_static(language),
        };
        if self.persons.len() >= PERSONS_MAX {
            self.persons.pop_front();
        }
        self.persons.push_back(person.clone());
        person
    }
}

/// Sources a set of leads came from, for reports.
#[must_use]
pub fn sources_of(leads: &[(Millis, NewLead)]) -> BTreeSet<SmolStr> {
    leads.iter().map(|(_, lead)| lead.attrs.source.clone()).collect()
}

#[cfg(test)]
mod tests;
