//! What no check can know of a book before it meets leads: named before a publication, so that nobody takes silence for a yes.

use crate::console::text::{Say, T};
use crate::model::field::Field;
use crate::model::time::Millis;
use crate::rulebook::{Book, Cond, Op, Operand, Test, Vocabulary, custom_name};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// Names listed of a kind; the others are a number.
const NAMES_MAX: usize = 6;

/// What cannot be known of `book` at `now`, one line a kind; `known` are the values leads have.
#[must_use]
pub fn unchecked(book: &Book, known: &Vocabulary, now: Millis) -> Vec<Say> {
    let mut asked = Asked::default();
    book.rules.iter().for_each(|rule| asked.cond(&rule.when));
    book.scores.iter().for_each(|line| asked.cond(&line.when));
    let is_unseen = |(field, value): &&(Field, SmolStr)| {
        let values = known.values.get(field).filter(|values| !values.is_empty());
        values.is_some_and(|values| !values.iter().any(|known| custom_name(known) == custom_name(value)))
    };
    let unseen: BTreeSet<&SmolStr> = asked.values.iter().filter(is_unseen).map(|(_, value)| value).collect();
    let mut out = vec![Say::from(T::UncheckedFuture)];
    for (names, say) in [
        (ahead(book, now), Say::UncheckedWindow as fn(&str) -> Say),
        (asked.custom.iter().collect(), Say::UncheckedCustom),
        (unseen.into_iter().collect(), Say::UncheckedValues),
    ] {
        if !names.is_empty() {
            out.push(say(&list(&names)));
        }
    }
    if asked.texts > 0 {
        out.push(Say::UncheckedText(asked.texts));
    }
    out
}

fn list(names: &[&SmolStr]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMES_MAX).map(|name| name.as_str()).collect();
    let more = names.len().saturating_sub(NAMES_MAX);
    if more > 0 { format!("{} +{more}", shown.join(", ")) } else { shown.join(", ") }
}

/// Windows that begin later than now.
fn ahead(book: &Book, now: Millis) -> Vec<&SmolStr> {
    let Some(now) = chrono::DateTime::from_timestamp_millis(now.0) else { return Vec::new() };
    let local = now.with_timezone(&book.zone).naive_local();
    book.calendar.windows.iter().filter(|window| window.from > local).map(|window| &window.name).collect()
}

/// What conditions ask for that only leads can tell.
#[derive(Default)]
struct Asked {
    custom: BTreeSet<SmolStr>,
    values: Vec<(Field, SmolStr)>,
    texts: usize,
}

impl Asked {
    fn cond(&mut self, cond: &Cond) {
        match cond {
            Cond::Always => {}
            Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|part| self.cond(part)),
            Cond::Not(part) => self.cond(part),
            Cond::Test(test) => self.test(test),
        }
    }

    fn test(&mut self, test: &Test) {
        if let Field::Custom(name) = &test.field {
            self.custom.insert(name.clone());
            return;
        }
        match (test.op, &test.operand) {
            (Op::Contains | Op::StartsWith, _) => self.texts += 1,
            (Op::Is(_), Operand::Text(text)) => self.values.push((test.field.clone(), text.clone())),
            (Op::In | Op::NotIn, Operand::Texts(texts)) => {
                self.values.extend(texts.iter().map(|text| (test.field.clone(), text.clone())));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lang::Lang;

    #[test]
    fn what_only_leads_can_tell_is_named() {
        let book = crate::rulebook::compile(
            "calendar\n  window \"Later\" 2030-01-01 00:00 .. 2030-01-02 00:00\n\nrule \"a\"\n  when x.budget > 3 and source in (抖音, \"抖 音\") and company contains 厂\n  give to team A\n",
        );
        let mut known = Vocabulary::default();
        known.values.insert(Field::Source, vec!["抖音".into()]);
        let said: Vec<String> =
            unchecked(&book, &known, Millis(0)).iter().map(|say| say.get(Lang::En).to_owned()).collect();
        assert_eq!(
            said,
            [
                "what leads will come; a what-if knows past ones only",
                "days that have not come: Later",
                "values of your own columns: budget",
                "values no open lead has: 抖 音",
                "whether texts begin or contain as meant (1 tests)",
            ]
        );
        assert_eq!(unchecked(&Book::default(), &known, Millis(0)).len(), 1);
    }
}
