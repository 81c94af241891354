//! A file of what became of leads: id, state word, time, owner → drafts of state changes, streamed.
//! Whether the lead exists and may go there is decided where the desk is known.

use super::csv::RawRow;
use super::dates::{self, DateEvidence, DateReading};
use super::error::IntakeError;
use super::file::Options;
use super::guess::{self, plain};
use super::row::{Reason, Rejection};
use super::source::{Rows, Source};
use super::state::{StateTable, StateWord, forbids_contact};
use crate::model::contact::{clean_text, is_blank};
use crate::model::time::Millis;
use smol_str::SmolStr;
use std::path::Path;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ActivityField {
    ExternalId,
    State,
    At,
    Owner,
    Note,
}

const FIELDS: &[(&str, ActivityField)] = &[
    ("id", ActivityField::ExternalId),
    ("state", ActivityField::State),
    ("at", ActivityField::At),
    ("owner", ActivityField::Owner),
    ("note", ActivityField::Note),
];

static NAMES: LazyLock<guess::Aliases<ActivityField>> = LazyLock::new(|| guess::Aliases::of(ALIASES));

const ALIASES: &[(ActivityField, &[&str])] = &[
    (
        ActivityField::ExternalId,
        &[
            "external id",
            "lead id",
            "mql id",
            "线索编号",
            "线索id",
            "clue id",
            "assign id",
            "opportunity id",
            "case id",
            "id",
        ],
    ),
    (
        ActivityField::State,
        &[
            "state",
            "status",
            "lead status",
            "stage",
            "deal stage",
            "activity",
            "event",
            "状态",
            "阶段",
            "结果",
        ],
    ),
    (
        ActivityField::At,
        &[
            "at",
            "time",
            "changed at",
            "won date",
            "lost date",
            "qualified date",
            "contacted at",
            "contacted date",
            "close date",
            "closed at",
            "timestamp",
            "date",
            "updated at",
            "create time",
            "created time",
            "跟进时间",
            "更新时间",
            "成交时间",
            "签约时间",
            "时间",
            "日期",
        ],
    ),
    (
        ActivityField::Owner,
        &[
            "owner",
            "lead owner",
            "sr id",
            "rep",
            "sales agent",
            "resource",
            "user name",
            "负责人",
            "跟进人",
            "销售",
            "owner employee id",
        ],
    ),
    (ActivityField::Note, &["note", "record", "remark", "comment", "备注", "跟进记录"]),
];

/// A date column whose name tells the state, for files without a state column.
const IMPLIED: &[(&str, StateWord)] = &[
    ("won", StateWord::Won),
    ("成交", StateWord::Won),
    ("签约", StateWord::Won),
    ("lost", StateWord::Lost),
    ("qualified", StateWord::Qualified),
    ("contacted", StateWord::Contacted),
    ("跟进", StateWord::Contacted),
];

/// One state change a file tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityDraft {
    pub line: u64,
    pub external_id: String,
    pub state: StateWord,
    pub at: Option<Millis>,
    pub owner: Option<String>,
    pub note: String,
    pub do_not_contact: bool,
}

/// A file of activity, ready to be streamed.
#[derive(Debug, Clone)]
pub struct ActivityFile {
    pub source: Source,
    columns: Vec<Option<ActivityField>>,
    reading: DateReading,
    /// The state of every row, when the file has no state column.
    pub implied: Option<StateWord>,
    states: StateTable,
    options: Options,
}

impl ActivityFile {
    /// Opens the file and finds its columns. `options.maps` are `Column=id|state|at|owner|note|ignore`.
    ///
    /// # Errors
    /// What [`Source::open`] refuses; no id column; neither a state column nor a date column that implies one.
    pub fn open(path: &Path, options: &Options) -> Result<Self, IntakeError> {
        Self::open_meaning(path, options, None)
    }

    /// Opens a file whose rows all mean `state`, where it has no state column of its own.
    ///
    /// # Errors
    /// As [`ActivityFile::open`].
    pub fn open_meaning(
        path: &Path,
        options: &Options,
        state: Option<StateWord>,
    ) -> Result<Self, IntakeError> {
        let source = Source::open(path, &options.reading())?;
        let mut columns = NAMES.assign(&source.headers);
        for map in &options.maps {
            guess::apply_override(&source.headers, &mut columns, FIELDS, map)?;
        }
        let mut states = StateTable::default();
        for state in &options.states {
            states.apply_override(state)?;
        }
        let find = |field| columns.iter().position(|c| *c == Some(field));
        let needs = |what| IntakeError::NeedsColumn {
            path: path.to_path_buf(),
            what,
            headers: source.headers.join(", "),
        };
        if find(ActivityField::ExternalId).is_none() {
            return Err(needs("id"));
        }
        let at = find(ActivityField::At);
        let implied = match find(ActivityField::State) {
            Some(_) => None,
            None => {
                let of_header = || at.and_then(|i| implied_state(source.headers.get(i)?));
                Some(state.or_else(of_header).ok_or_else(|| needs("state"))?)
            }
        };
        let mut evidence = DateEvidence::default();
        if let Some(at) = at {
            let (mut rows, mut row) = (source.rows()?, RawRow::default());
            while matches!(rows.read(&mut row), Ok(true)) {
                evidence.observe(row.get(at));
            }
        }
        let reading = evidence.reading(options.dates);
        Ok(Self { source, columns, reading, implied, states, options: options.clone() })
    }

    /// A fresh pass over all rows.
    ///
    /// # Errors
    /// When the file can no longer be opened.
    pub fn rows(&self) -> Result<ActivityRows<'_>, IntakeError> {
        Ok(ActivityRows { rows: self.source.rows()?, file: self, row: RawRow::default(), ended: false })
    }

    fn read(&self, row: &RawRow) -> Result<ActivityDraft, Rejection> {
        let refuse = |index: Option<usize>, reason| {
            Err(Rejection {
                line: row.line,
                column: index.map_or(0, |i| i + 1),
                field: index.and_then(|i| self.source.headers.get(i)).map(SmolStr::from).unwrap_or_default(),
                value: index.map(|i| Rejection::shorten(row.get(i))).unwrap_or_default(),
                reason,
                cells: row.cells().map(str::to_string).collect(),
            })
        };
        if row.fault.is_some() {
            return refuse(None, Reason::Torn);
        }
        let index = |field| self.columns.iter().position(|c| *c == Some(field));
        let cell = |field| -> Option<String> {
            let text = clean_text(row.get(index(field)?));
            (!is_blank(&text)).then_some(text)
        };
        let Some(external_id) = cell(ActivityField::ExternalId) else {
            return refuse(index(ActivityField::ExternalId), Reason::NothingToKeep);
        };
        let word = cell(ActivityField::State);
        let do_not_contact = word.as_deref().is_some_and(forbids_contact);
        let state = match (self.implied, word) {
            (Some(state), _) => Some(state),
            (None, Some(word)) => self.states.lookup(&word).or(do_not_contact.then_some(StateWord::Invalid)),
            (None, None) => None,
        };
        let Some(state) = state else {
            return refuse(index(ActivityField::State), Reason::UnknownState);
        };
        let at = match cell(ActivityField::At).map(|t| dates::parse(&t, self.reading, self.options.zone)) {
            None => None,
            Some(Ok(at)) => at,
            Some(Err(fault)) => return refuse(index(ActivityField::At), Reason::BadDate(fault)),
        };
        Ok(ActivityDraft {
            line: row.line,
            external_id,
            state,
            at,
            owner: cell(ActivityField::Owner),
            note: cell(ActivityField::Note).unwrap_or_default(),
            do_not_contact,
        })
    }
}

fn implied_state(header: &str) -> Option<StateWord> {
    let header = plain(header);
    IMPLIED.iter().find(|(word, _)| header.starts_with(word)).map(|(_, state)| *state)
}

/// One pass: `(line, draft or rejection)`.
pub struct ActivityRows<'a> {
    rows: Rows,
    file: &'a ActivityFile,
    row: RawRow,
    ended: bool,
}

impl ActivityRows<'_> {
    /// Bytes read so far, of the source's `total_bytes`.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.rows.consumed()
    }
}

impl Iterator for ActivityRows<'_> {
    type Item = (u64, Result<ActivityDraft, Rejection>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.rows.read(&mut self.row) {
                Ok(true)
                    if self.row.fault.is_none() && self.row.cells().all(|c| is_blank(&clean_text(c))) => {}
                Ok(true) => return Some((self.row.line, self.file.read(&self.row))),
                Ok(false) => self.ended = true,
                Err(e) => {
                    self.ended = true;
                    let reason = Reason::Unreadable(e.to_string());
                    let rejection = Rejection { line: self.row.line, reason, ..Rejection::whole_row() };
                    return Some((self.row.line, Err(rejection)));
                }
            }
        }
        None
    }
}
