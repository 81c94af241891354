//! Which values the desk's leads had, and how often: what a form offers and a checker compares names with.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::field::Field;

/// Values counted of one field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ValuesOf {
    /// The most frequent first; of equally frequent ones in the order of the text.
    pub counts: Vec<(SmolStr, u64)>,
    /// Whether every value any counted lead had is among them; `false` after a limit.
    pub is_whole: bool,
}

/// Values by field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values {
    /// Leads that were counted.
    pub leads: u64,
    /// Text fields and custom columns that held something.
    pub fields: BTreeMap<Field, ValuesOf>,
}

impl Values {
    /// What leads had in this field.
    #[must_use]
    pub fn of(&self, field: &Field) -> &[(SmolStr, u64)] {
        self.fields.get(field).map_or(&[], |values| values.counts.as_slice())
    }
}

/// Counts values as leads come by, within limits.
#[derive(Debug, Default)]
pub struct Counting {
    leads: u64,
    fields: BTreeMap<Field, (rustc_hash::FxHashMap<SmolStr, u64>, bool)>,
}

/// Values told apart in one field; further ones are not counted.
pub const DISTINCT_MAX: usize = 50_000;
/// Custom columns told apart.
pub const COLUMNS_MAX: usize = 200;
/// Values of one field that are kept.
pub const VALUES_MAX: usize = 1_000;

impl Counting {
    /// One lead more.
    pub fn lead(&mut self) {
        self.leads += 1;
    }

    /// A value of the lead; empty ones are none.
    pub fn value(&mut self, field: &Field, value: &str) {
        if value.is_empty() {
            return;
        }
        if !self.fields.contains_key(field) {
            if self.fields.len() >= COLUMNS_MAX {
                return;
            }
            self.fields.insert(field.clone(), (rustc_hash::FxHashMap::default(), true));
        }
        let Some((counts, is_whole)) = self.fields.get_mut(field) else { return };
        if let Some(count) = counts.get_mut(value) {
            *count += 1;
        } else if counts.len() < DISTINCT_MAX {
            counts.insert(SmolStr::new(value), 1);
        } else {
            *is_whole = false;
        }
    }

    /// What came of it.
    #[must_use]
    pub fn finish(self) -> Values {
        let sorted = |(counts, is_whole): (rustc_hash::FxHashMap<SmolStr, u64>, bool)| {
            let is_whole = is_whole && counts.len() <= VALUES_MAX;
            let mut counts: Vec<(SmolStr, u64)> = counts.into_iter().collect();
            counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
            counts.truncate(VALUES_MAX);
            ValuesOf { counts, is_whole }
        };
        let fields = self.fields.into_iter().map(|(field, counted)| (field, sorted(counted))).collect();
        Values { leads: self.leads, fields }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_come_first_and_a_limit_is_told() {
        let mut counting = Counting::default();
        for value in ["b", "a", "b", "", "c"] {
            counting.lead();
            counting.value(&Field::Source, value);
        }
        for i in 0..=VALUES_MAX {
            counting.value(&Field::Company, &i.to_string());
        }
        let values = counting.finish();
        let want = [("b".into(), 2), ("a".into(), 1), ("c".into(), 1)];
        assert_eq!((values.leads, values.of(&Field::Source)), (5, want.as_slice()));
        assert!(values.fields[&Field::Source].is_whole && !values.fields[&Field::Company].is_whole);
        assert_eq!(values.of(&Field::Company).len(), VALUES_MAX);
        assert!(values.of(&Field::City).is_empty());
    }
}
