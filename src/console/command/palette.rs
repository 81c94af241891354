//! The lists behind `:` and `?`: which commands, in which order, for what is typed. No drawing.

use super::{Command, Place, Ready, Scope, table};
use crate::console::model::Model;
use crate::console::text::T;
use crate::model::lang::Lang;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Whether `command` can run from `place`, and if not, why.
#[must_use]
pub fn ready(model: &Model, place: Place, command: &Command) -> Ready {
    if place.stack().contains(&command.scope) || place.offers(command.scope) {
        (command.ready)(model)
    } else {
        Ready::No(T::NotHere.into())
    }
}

/// Numbers of the commands the palette offers, best match first; with nothing typed, in order of nearness.
#[must_use]
pub fn offers(model: &Model, typed: &str) -> Vec<usize> {
    let place = model.place_below();
    let near = |scope: Scope| place.stack().iter().position(|s| *s == scope).unwrap_or(usize::MAX);
    let mut rows: Vec<(usize, &Command)> =
        table::all().enumerate().filter(|(_, command)| place.offers(command.scope)).collect();
    rows.sort_by_key(|(_, command)| near(command.scope));
    rank(model, rows, typed)
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
    let by_name = rank(model, rows, typed);
    by_key.extend(by_name.into_iter().filter(|index| !by_key.contains(index)).collect::<Vec<_>>());
    by_key
}

/// Keeps the rows that match `typed` by title (either language), id or help, best first.
fn rank(model: &Model, rows: Vec<(usize, &Command)>, typed: &str) -> Vec<usize> {
    if typed.trim().is_empty() {
        return rows.into_iter().map(|(index, _)| index).collect();
    }
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buf = Vec::new();
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut buf), &mut matcher);
    let mut scored: Vec<(u32, usize)> = rows
        .into_iter()
        .filter_map(|(index, command)| {
            let names = [command.title.get(Lang::En), command.title.get(Lang::Zh), command.id];
            let name = names
                .map(&mut score)
                .into_iter()
                .flatten()
                .max()
                // A hit in the name outranks any hit in the sentence about it.
                .map(|s| s + 10_000);
            name.or_else(|| score(command.help.get(model.lang))).map(|s| (s, index))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, index)| index).collect()
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
        .filter(|(_, _, command)| (command.ready)(model).is_yes())
        .collect();
    // Rank alone decides: the numbers are chosen so that a pane's own commands come before the desk's.
    rows.sort_by_key(|(depth, rank, _)| (*rank, *depth));
    rows.into_iter().map(|(_, _, command)| command).collect()
}
