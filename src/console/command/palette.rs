//! The lists behind `:` and `?`: which commands, views, teams and reps, in which order, for what is typed. No drawing.

use super::{Command, Place, Ready, Scope, table};
use crate::console::desk::sieve::Show;
use crate::console::model::Model;
use crate::console::pinyin;
use crate::console::text::T;
use crate::model::id::RepId;
use crate::model::lang::Lang;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What a hit in the name, and in a name spelt by its letters, counts more than any in the sentence about it.
const NAME_SCORE: u32 = 10_000;
const SPELT_SCORE: u32 = 9_000;

/// Whether `command` can run from `place`, and if not, why.
#[must_use]
pub fn ready(model: &Model, place: Place, command: &Command) -> Ready {
    if place.stack().contains(&command.scope) || place.offers(command.scope) {
        ready_here(model, command)
    } else {
        Ready::No(T::NotHere.into())
    }
}

/// The same for a command that is known to be within reach.
#[must_use]
pub fn ready_here(model: &Model, command: &Command) -> Ready {
    if !model.desk.is_loaded() && needs_desk(command) {
        return Ready::No(T::StillLoading.into());
    }
    (command.ready)(model)
}

/// Whether a command asks anything of the desk: all do but looking about, and leaving.
fn needs_desk(command: &Command) -> bool {
    match command.scope {
        Scope::Screen | Scope::Global | Scope::List | Scope::Overlay | Scope::Picker | Scope::Confirm => {
            false
        }
        Scope::Main => !command.id.starts_with("pane."),
        Scope::Queue => command.id != "lead.open",
        _ => true,
    }
}

/// Where the palette can lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A command, by its number in the table.
    Command(usize),
    /// A view of the queue.
    Show(Show),
    /// A view kept under a number.
    View(u8),
    /// A team, by its number among the desk's.
    Team(usize),
    Rep(RepId),
    /// A promotion, by its place in the book.
    Promotion(usize),
}

/// What the palette offers, best match first; with nothing typed, commands in order of nearness, then views, teams, reps.
#[must_use]
pub fn offers(model: &Model, typed: &str) -> Vec<Goal> {
    let place = model.place_below();
    let near = |scope: Scope| place.stack().iter().position(|s| *s == scope).unwrap_or(usize::MAX);
    let mut rows: Vec<(usize, &Command)> =
        table::all().enumerate().filter(|(_, command)| place.offers(command.scope)).collect();
    rows.sort_by_key(|(_, command)| near(command.scope));
    let mut all: Vec<Candidate<'_, Goal>> =
        rows.into_iter().map(|(index, command)| named(model, Goal::Command(index), command)).collect();
    let show = |show: Show| (Goal::Show(show), [show.title().get(Lang::En), show.title().get(Lang::Zh), ""]);
    let has_pool = model.desk.world().book().pool.is_some();
    let shows = Show::ALL.into_iter().filter(|view| has_pool || *view != Show::Pool);
    all.extend(shows.map(show).map(bare));
    all.extend(model.find.views.iter().map(|(key, view)| bare((Goal::View(*key), [&view.name, "", ""]))));
    let teams = model.desk.teams().iter().enumerate();
    all.extend(teams.map(|(index, team)| bare((Goal::Team(index), [team.name.as_str(), "", ""]))));
    let login = |id| model.desk.world().rep(id).map_or("", |rep| rep.card.login.as_str());
    let reps = model.desk.reps().iter();
    all.extend(reps.map(|rep| bare((Goal::Rep(rep.id), [rep.name.as_str(), login(rep.id), ""]))));
    let promotions = model.desk.promotions().iter().enumerate();
    all.extend(promotions.map(|(index, p)| bare((Goal::Promotion(index), [p.name.as_str(), "", ""]))));
    rank(all, typed)
}

/// Something that can be found by its names, or by a sentence about it.
struct Candidate<'a, K> {
    key: K,
    names: [&'a str; 3],
    about: &'a str,
}

fn bare<K>((key, names): (K, [&str; 3])) -> Candidate<'_, K> {
    Candidate { key, names, about: "" }
}

fn named<'a, K>(model: &Model, key: K, command: &'a Command) -> Candidate<'a, K> {
    let names = [command.title.get(Lang::En), command.title.get(Lang::Zh), command.id];
    Candidate { key, names, about: command.help.get(model.lang) }
}

/// Numbers of the commands help lists: those of the place first, then every other.
#[must_use]
pub fn help(model: &Model, typed: &str) -> Vec<usize> {
    let stack = model.place_below().stack();
    let near = |scope: Scope| stack.iter().position(|s| *s == scope).unwrap_or(usize::MAX);
    let mut rows: Vec<(usize, &Command)> = table::all().enumerate().collect();
    rows.sort_by_key(|(_, command)| near(command.scope));
    // A typed key finds its command before any name does.
    let key = typed.trim();
    let mut by_key: Vec<usize> = rows
        .iter()
        .filter(|(_, c)| model.keymap.keys(c).iter().any(|k| k == key))
        .map(|(index, _)| *index)
        .collect();
    let by_name = rank(rows.into_iter().map(|(index, c)| named(model, index, c)).collect(), typed);
    by_key.extend(by_name.into_iter().filter(|index| !by_key.contains(index)).collect::<Vec<_>>());
    by_key
}

/// Keeps what matches `typed` by a name or by the sentence about it, best first.
fn rank<K>(rows: Vec<Candidate<'_, K>>, typed: &str) -> Vec<K> {
    if typed.trim().is_empty() {
        return rows.into_iter().map(|row| row.key).collect();
    }
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buf = Vec::new();
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut buf), &mut matcher);
    let mut scored: Vec<(u32, K)> = rows
        .into_iter()
        .filter_map(|row| {
            // A hit in the name outranks any hit in the sentence about it.
            let name = row.names.map(&mut score).into_iter().flatten().max().map(|s| s + NAME_SCORE);
            // Between the two: a Chinese name by its letters.
            let is_spelt = || words.iter().all(|word| row.names.iter().any(|n| pinyin::spells(n, word)));
            let spelt = || is_spelt().then_some(SPELT_SCORE);
            // A sentence must say the words: almost any holds the letters somewhere.
            let about = row.about.to_lowercase();
            let is_said = || words.iter().all(|word| about.contains(&word.to_lowercase()));
            let said = || is_said().then_some(0);
            name.or_else(spelt).or_else(said).map(|s| (s, row.key))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, key)| key).collect()
}

/// The commands of the hint bar, in its order: enabled, ranked, of the place that has the keyboard.
#[must_use]
pub fn hints(model: &Model) -> Vec<&'static Command> {
    let place = model.place();
    let rank_of = |command: &Command| match command.hint {
        super::Hint::Rank(rank) => Some(rank),
        super::Hint::Hidden => None,
    };
    let mut rows: Vec<(usize, u8, &Command)> = table::all()
        .filter(|command| !model.keymap.keys(command).is_empty())
        .filter_map(|command| {
            let depth = place.stack().iter().position(|scope| *scope == command.scope)?;
            Some((depth, rank_of(command)?, command))
        })
        .filter(|(_, _, command)| ready_here(model, command).is_yes())
        .collect();
    // Rank alone decides: the numbers are chosen so that a pane's own commands come before the desk's.
    rows.sort_by_key(|(depth, rank, _)| (*rank, *depth));
    rows.into_iter().map(|(_, _, command)| command).collect()
}
