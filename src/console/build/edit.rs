//! One comparison on its way into the rule: opened from the list of conditions, shown in the text while it is made, and
//! closed into the rule.

use super::{Building, How, RowEdit, Step, Went};
use crate::console::text::Say;
use crate::model::field::Field;
use crate::model::lang::Lang;
use crate::rulebook::form::{self, Row, RuleForm};
use crate::rulebook::tree::Lit;
use crate::rulebook::{Book, Severity, parse_condition_in};

impl Building {
    /// A new comparison of a field; of a text or a day of the week there is only one.
    pub(super) fn row_for(&self, field: Field) -> Option<RowEdit> {
        let rows = self.asked().rows.iter().enumerate();
        let same = rows
            .filter_map(|(i, row)| RowEdit::of(i, row))
            .find(|edit| edit.field == field && edit.how.takes_many() && edit.how != How::NoneOf);
        same.or_else(|| RowEdit::new(field))
    }

    pub(super) fn open_row(&mut self, row: RowEdit, page: usize) -> Went {
        self.row = Some(row);
        self.go(Step::Values, page);
        Went::Stayed
    }

    /// The comparison at hand goes into the rule; one that says nothing is taken out of it.
    pub(super) fn close_row(&mut self, page: usize) -> Went {
        let text = self.line.text().trim().to_owned();
        if let Some(row) = &mut self.row
            && row.values.is_empty()
            && !text.is_empty()
            && !row.how.takes_nothing()
        {
            row.values.push(form::value(&row.field, &text, &self.facts.defines));
        }
        let test = self.row.as_ref().and_then(|row| row.test(|lit| self.is_list(lit)));
        if let Some(why) = test.and_then(|test| wrong(&Row::Test(test), &self.facts.book)) {
            return self.stay(why);
        }
        self.form = self.in_progress();
        self.row = None;
        self.line.clear();
        self.write();
        self.go(Step::Which, page);
        Went::Stayed
    }

    /// Whether a bare word names a list of the draft.
    fn is_list(&self, lit: &Lit) -> bool {
        self.facts.defines.contains(&lit.text)
    }

    /// The rule with the comparison at hand in it.
    pub(super) fn in_progress(&self) -> RuleForm {
        let mut form = self.form.clone();
        let Some(row) = &self.row else { return form };
        match (row.index, row.test(|lit| self.is_list(lit))) {
            // What says the same stays as it was written.
            (Some(index), Some(_))
                if form.asked.rows.get(index).and_then(|was| RowEdit::of(index, was)).as_ref()
                    == Some(row) => {}
            (Some(index), Some(test)) => {
                if let Some(place) = form.asked.rows.get_mut(index) {
                    *place = Row::Test(test);
                }
            }
            (Some(index), None) => form.remove_row(index),
            (None, Some(test)) => form.asked.rows.push(Row::Test(test)),
            (None, None) => {}
        }
        form
    }
}

/// What the language says against a comparison.
fn wrong(row: &Row, book: &Book) -> Option<Say> {
    let (_, found) = parse_condition_in(&row.text(Lang::En), None, book);
    let worst = found.into_iter().find(|d| d.severity == Severity::Error)?;
    Some(Say::both(worst.message(Lang::En), worst.message(Lang::Zh)))
}
