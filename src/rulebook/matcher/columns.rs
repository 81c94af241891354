//! Stored leads by column, each distinct value once, and a matcher laid over them: what a clause says of a value is asked
//! once a value, not once a lead. For replays over many leads under one book.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::asker::Asker;
use super::{Matcher, WORD, all_of_word};
use crate::model::field::{Field, Subject, Value};

/// Fields answered by rows: the built-in ones and some custom ones. What is asked beyond them is asked of each lead.
pub(super) const ROWS_MAX: usize = 32;
/// Words that are AND-ed at once: what a vector unit takes.
const BLOCK: usize = 4;

/// A value as a column keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Held {
    Empty,
    Present,
    Text(SmolStr),
    Number(i64),
}

impl Held {
    fn of(value: Value<'_>) -> Held {
        match value {
            Value::Empty | Value::Text("") => Held::Empty,
            Value::Present => Held::Present,
            Value::Text(text) => Held::Text(text.into()),
            Value::Number(number) => Held::Number(number),
        }
    }

    /// The same, as conditions see it.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        match self {
            Held::Empty => Value::Empty,
            Held::Present => Value::Present,
            Held::Text(text) => Value::Text(text),
            Held::Number(number) => Value::Number(*number),
        }
    }
}

/// One field of many leads.
#[derive(Debug, Clone)]
pub struct Column {
    field: Field,
    /// Which of `values` each lead has.
    codes: Vec<u32>,
    values: Vec<Held>,
    known: FxHashMap<Held, u32>,
}

/// Leads by column.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    columns: Vec<Column>,
    leads: usize,
}

impl Columns {
    /// Room for leads of which `fields` can be asked; everything else is empty.
    #[must_use]
    pub fn new(fields: impl IntoIterator<Item = Field>) -> Columns {
        let column =
            |field| Column { field, codes: Vec::new(), values: Vec::new(), known: FxHashMap::default() };
        Columns { columns: fields.into_iter().map(column).collect(), leads: 0 }
    }

    /// Adds a lead; it is known by the number of leads before it.
    pub fn push<S: Subject + ?Sized>(&mut self, lead: &S) {
        for column in &mut self.columns {
            let held = Held::of(lead.value(&column.field));
            let next = u32::try_from(column.values.len()).unwrap_or(u32::MAX);
            let code = *column.known.entry(held).or_insert_with_key(|held| {
                column.values.push(held.clone());
                next
            });
            column.codes.push(code);
        }
        self.leads += 1;
    }

    /// How many leads there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.leads
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.leads == 0
    }
}

/// One lead of the columns.
struct Row<'a> {
    columns: &'a Columns,
    at: usize,
}

impl Subject for Row<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        let column = self.columns.columns.iter().find(|c| c.field == *field);
        let held = column.and_then(|c| c.values.get(*c.codes.get(self.at)? as usize));
        held.map_or(Value::Empty, Held::value)
    }
}

/// A matcher laid over columns.
#[derive(Debug)]
pub struct Over<'a> {
    matcher: &'a Matcher,
    columns: &'a Columns,
    fields: Vec<Laid<'a>>,
    /// What fields that the columns do not have leave possible.
    always: Vec<Block>,
    /// Whether there are more fields than rows: then the clauses on one field are asked of the lead as well.
    is_short: bool,
}

/// Words that are AND-ed at once.
type Block = [u64; BLOCK];

/// One field: for each distinct value at which block its row starts.
#[derive(Debug)]
struct Laid<'a> {
    codes: &'a [u32],
    starts: Vec<u32>,
    rows: Vec<Block>,
}

/// Rows of `words` words in whole blocks.
fn blocks(rows: &[u64], words: usize) -> Vec<Block> {
    let mut out = Vec::with_capacity(rows.len().div_ceil(BLOCK));
    for row in rows.chunks(words.max(1)) {
        for chunk in row.chunks(BLOCK) {
            let mut block = [0; BLOCK];
            block.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            out.push(block);
        }
    }
    out
}

impl Matcher {
    /// Answers every clause on one field for every distinct value of `columns`.
    #[must_use]
    pub fn over<'a>(&'a self, columns: &'a Columns) -> Over<'a> {
        let mut asked: Vec<&Field> = self.fields.iter().map(|index| &index.field).collect();
        for (field, _) in self.rest.iter().flat_map(|rest| &rest.single) {
            if !asked.contains(&field) {
                asked.push(field);
            }
        }
        let is_short = asked.len() > ROWS_MAX;
        asked.truncate(ROWS_MAX);
        let mut always: Vec<u64> = (0..self.words).map(|at| all_of_word(self.rules, at)).collect();
        let mut fields = Vec::new();
        for field in asked {
            let asker = Asker::new(self, field);
            match columns.columns.iter().find(|column| column.field == *field) {
                Some(column) => {
                    let (mut starts, rows) = asker.lay(&column.values);
                    // From words to blocks: every row is padded to whole ones.
                    let words = u32::try_from(self.words).unwrap_or(u32::MAX).max(1);
                    let many = words.div_ceil(BLOCK as u32);
                    starts.iter_mut().for_each(|start| *start = *start / words * many);
                    fields.push(Laid { codes: &column.codes, starts, rows: blocks(&rows, self.words) });
                }
                None => always.iter_mut().zip(asker.row(&Held::Empty)).for_each(|(all, word)| *all &= word),
            }
        }
        let always = blocks(&always, self.words);
        Over { matcher: self, columns, fields, always, is_short }
    }
}

impl Over<'_> {
    /// The first condition that holds of lead `at`.
    #[must_use]
    pub fn first(&self, at: usize) -> Option<usize> {
        self.find(at, |_| true)
    }

    /// The first condition that holds of lead `at` and that `suits`.
    pub fn find(&self, at: usize, mut suits: impl FnMut(usize) -> bool) -> Option<usize> {
        let mut starts = [0_u32; ROWS_MAX];
        for (start, laid) in starts.iter_mut().zip(&self.fields) {
            let code = laid.codes.get(at).copied().unwrap_or(0);
            *start = laid.starts.get(code as usize).copied().unwrap_or(0);
        }
        for (index, all) in self.always.iter().enumerate() {
            let mut block = *all;
            for (start, laid) in starts.iter().zip(&self.fields) {
                let row = laid.rows.get(*start as usize + index).unwrap_or(&[0; BLOCK]);
                block.iter_mut().zip(row).for_each(|(word, other)| *word &= other);
            }
            for (at_word, mut word) in block.into_iter().enumerate().filter(|(_, word)| *word != 0) {
                while word != 0 {
                    let rule = (index * BLOCK + at_word) * WORD + word.trailing_zeros() as usize;
                    word &= word - 1;
                    if self.rest_holds(rule, at) && suits(rule) {
                        return Some(rule);
                    }
                }
            }
        }
        None
    }

    fn rest_holds(&self, rule: usize, at: usize) -> bool {
        let lead = Row { columns: self.columns, at };
        if self.is_short {
            self.matcher.rest_holds(rule, &lead)
        } else {
            self.matcher.mixed_holds(rule, &lead)
        }
    }
}
