//! Filling a draft from the cells of a row, column by column.

use super::hash::content_hash;
use super::{
    LeadDraft, MAX_CUSTOM_CHARS, MAX_FIELD_CHARS, MAX_NOTE_CHARS, Reason, Rejection, Warning, WarningKind,
};
use crate::intake::amount;
use crate::intake::csv::{RawRow, RowFault};
use crate::intake::dates::{self, DateEvidence};
use crate::intake::field::Target;
use crate::intake::mapping::Mapping;
use crate::intake::state::{StateTable, StateWord, forbids_contact, is_yes};
use crate::model::contact::{CountryCode, PhoneFault, cleaned, email, is_blank, is_damaged, phone, wechat};
use chrono_tz::Tz;
use smol_str::SmolStr;

/// Turns rows of one file into drafts.
#[derive(Debug, Clone)]
pub struct RowReader {
    pub mapping: Mapping,
    pub states: StateTable,
    /// Local times are read in this zone.
    pub zone: Tz,
    /// Numbers without `+` are of this country.
    pub country: CountryCode,
}

/// A draft being filled.
#[derive(Default)]
struct Filling {
    draft: LeadDraft,
    first: String,
    last: String,
    /// What could not be a field but must not be lost.
    leftovers: Vec<String>,
    custom_minutes: Vec<(usize, i64)>,
    /// A cell other than an ignored one had content.
    any: bool,
}

impl RowReader {
    /// The draft of a row, the reason for refusing it, or `None` for a row with nothing in it.
    #[must_use]
    pub fn read(&self, row: &RawRow) -> Option<Result<LeadDraft, Rejection>> {
        if row.fault.is_none() && row.cells().all(|cell| is_blank(&cleaned(cell))) {
            return None;
        }
        Some(self.shape(row).and_then(|short| self.fill(row, short)))
    }

    /// Checks the shape; says whether the row is short of cells.
    fn shape(&self, row: &RawRow) -> Result<bool, Rejection> {
        let (expected, found) = (self.mapping.columns.len(), row.len());
        match row.fault {
            Some(RowFault::Torn { line, column }) => {
                return Err(Rejection { line, ..self.refuse(row, column, Reason::Torn) });
            }
            Some(RowFault::TooLong { line, column }) => {
                return Err(Rejection { line, ..self.refuse(row, column, Reason::TooLong) });
            }
            Some(RowFault::TooMany { .. }) => return Err(self.refuse(row, 0, Reason::TooManyColumns)),
            Some(RowFault::NotJson { column, .. }) => {
                return Err(self.refuse(row, 0, Reason::NotJson { column }));
            }
            None => {}
        }
        let overhang = (expected..found).any(|i| !row.get(i).trim().is_empty());
        if overhang || (found == 1 && expected >= 3) {
            return Err(self.refuse(row, 0, Reason::Ragged { expected, found }));
        }
        Ok(found < expected)
    }

    fn refuse(&self, row: &RawRow, column: usize, reason: Reason) -> Rejection {
        let index = column.checked_sub(1);
        let header =
            index.and_then(|i| self.mapping.columns.get(i)).map(|c| SmolStr::from(c.header.as_str()));
        Rejection {
            line: row.line,
            column,
            field: header.unwrap_or_default(),
            value: index.map(|i| Rejection::shorten(row.get(i))).unwrap_or_default(),
            reason,
            cells: row.cells().map(str::to_string).collect(),
        }
    }

    fn fill(&self, row: &RawRow, short: bool) -> Result<LeadDraft, Rejection> {
        let mut filling = Filling::default();
        filling.draft.line = row.line;
        if short {
            filling.warn(0, WarningKind::ShortRow, "");
        }
        for (index, column) in self.mapping.columns.iter().enumerate() {
            let cell = unguarded(cleaned(row.get(index)).into_owned());
            if is_blank(&cell) || column.target == Target::Ignore {
                continue;
            }
            if cell.starts_with("<test lead: dummy data") {
                return Err(self.refuse(row, index + 1, Reason::TestLead));
            }
            filling.any = true;
            if column.target == Target::ExternalId && is_damaged(&cell.to_lowercase()) {
                return Err(self.refuse(row, index + 1, Reason::DamagedId));
            }
            if column.target == Target::ExternalId && cell.chars().count() > MAX_FIELD_CHARS {
                return Err(self.refuse(row, index + 1, Reason::LongId));
            }
            if column.target == Target::ReceivedAt {
                let reading = column.dates.unwrap_or_else(|| DateEvidence::default().reading(None));
                filling.draft.received_at = dates::parse(&cell, reading, self.zone)
                    .map_err(|fault| self.refuse(row, index + 1, Reason::BadDate(fault)))?;
                continue;
            }
            self.place(&mut filling, index, cell);
        }
        if !filling.any {
            return Err(self.refuse(row, 0, Reason::NothingToKeep));
        }
        Ok(filling.finish())
    }

    fn place(&self, filling: &mut Filling, index: usize, cell: String) {
        let Some(column) = self.mapping.columns.get(index) else { return };
        let at = index + 1;
        match &column.target {
            Target::ExternalId => filling.draft.external_id = Some(bare_id(cell)),
            Target::Name => filling.draft.name = filling.bounded(at, cell, MAX_FIELD_CHARS),
            Target::FirstName => filling.first = filling.bounded(at, cell, MAX_FIELD_CHARS),
            Target::LastName => filling.last = filling.bounded(at, cell, MAX_FIELD_CHARS),
            Target::Phone => self.place_phone(filling, at, cell),
            Target::Email => filling.place_email(at, cell),
            Target::Wechat => filling.place_wechat(at, cell),
            Target::Company => filling.draft.company = filling.bounded(at, cell, MAX_FIELD_CHARS),
            Target::Source => filling.draft.source = filling.short(at, cell),
            Target::Campaign => filling.draft.campaign = filling.short(at, cell),
            Target::Region => filling.draft.region = filling.short(at, cell),
            Target::City => filling.draft.city = filling.short(at, cell),
            Target::Product => filling.draft.product = filling.short(at, cell),
            Target::Industry => filling.draft.industry = filling.short(at, cell),
            Target::Language => filling.draft.language = filling.short(at, cell),
            Target::Owner => filling.draft.owner = Some(filling.bounded(at, cell, MAX_FIELD_CHARS)),
            Target::Note => filling.draft.note = filling.bounded(at, cell, MAX_NOTE_CHARS),
            Target::Score => match amount::score(&cell) {
                Some(score) => filling.draft.score = Some(score),
                None => filling.odd(at, WarningKind::BadNumber, "score", cell),
            },
            Target::Value => match amount::thousandths(&cell) {
                Some(value) => filling.draft.value = Some(value),
                None => filling.odd(at, WarningKind::BadNumber, "value", cell),
            },
            Target::State => self.place_state(filling, at, cell),
            Target::DoNotContact => {
                filling.draft.do_not_contact |= is_yes(&cell) || forbids_contact(&cell);
                let name = SmolStr::from(crate::intake::mapping::custom_name(&column.header, index));
                filling.custom(at, name, cell);
            }
            Target::Custom(name) => {
                let minute = column
                    .dates
                    .and_then(|reading| dates::parse(&cell, reading, self.zone).ok().flatten())
                    .map(|moment| moment.0.div_euclid(60_000));
                if let Some(minute) = minute {
                    filling.custom_minutes.push((filling.draft.custom.len(), minute));
                }
                filling.custom(at, name.clone(), cell);
            }
            Target::ReceivedAt | Target::Ignore => {}
        }
    }

    fn place_phone(&self, filling: &mut Filling, at: usize, cell: String) {
        let key = phone(&cell, self.country);
        match key.fault {
            Some(fault) => {
                let kind = match fault {
                    PhoneFault::Damaged => WarningKind::DamagedPhone,
                    _ => WarningKind::InvalidPhone,
                };
                filling.warn(at, kind, &cell);
                filling.leftovers.push(format!("phone: {cell}"));
            }
            None => {
                if key.several {
                    filling.warn(at, WarningKind::SeveralPhones, &cell);
                }
                filling.draft.phone = filling.bounded(at, cell, MAX_FIELD_CHARS);
                filling.draft.phone_key = Some(key);
            }
        }
    }

    fn place_state(&self, filling: &mut Filling, at: usize, cell: String) {
        filling.draft.do_not_contact |= forbids_contact(&cell);
        match self.states.lookup(&cell) {
            Some(state) => filling.draft.state = Some(state),
            None => filling.odd(at, WarningKind::UnknownState, "state", cell),
        }
    }
}

impl Filling {
    fn warn(&mut self, column: usize, kind: WarningKind, value: &str) {
        self.draft.warnings.push(Warning { column, kind, value: Rejection::shorten(value) });
    }

    /// A value its field cannot take: warned of, and kept as a custom column of the field's name.
    fn odd(&mut self, column: usize, kind: WarningKind, field: &'static str, cell: String) {
        self.warn(column, kind, &cell);
        self.custom(column, SmolStr::new_static(field), cell);
    }

    fn bounded(&mut self, column: usize, cell: String, most: usize) -> String {
        match cell.char_indices().nth(most) {
            None => cell,
            Some((cut, _)) => {
                self.warn(column, WarningKind::Shortened, &cell);
                cell.get(..cut).unwrap_or_default().trim_end().to_string()
            }
        }
    }

    fn short(&mut self, column: usize, cell: String) -> SmolStr {
        SmolStr::from(self.bounded(column, cell, MAX_FIELD_CHARS))
    }

    fn custom(&mut self, column: usize, name: SmolStr, cell: String) {
        let text = SmolStr::from(self.bounded(column, cell, MAX_CUSTOM_CHARS));
        self.draft.custom.push((name, text));
    }

    fn place_email(&mut self, at: usize, cell: String) {
        match email(&cell) {
            Some(key) => {
                self.draft.email = self.bounded(at, cell, MAX_FIELD_CHARS);
                self.draft.email_key = Some(key);
            }
            None => {
                self.warn(at, WarningKind::InvalidEmail, &cell);
                self.leftovers.push(format!("email: {cell}"));
            }
        }
    }

    fn place_wechat(&mut self, at: usize, cell: String) {
        self.draft.wechat_key = wechat(&cell);
        if self.draft.wechat_key.is_none() {
            self.warn(at, WarningKind::InvalidWechat, &cell);
        }
        self.draft.wechat = self.bounded(at, cell, MAX_FIELD_CHARS);
    }

    fn finish(mut self) -> LeadDraft {
        if self.draft.name.is_empty() {
            self.draft.name = full_name(&self.first, &self.last);
        }
        for leftover in self.leftovers {
            if !self.draft.note.is_empty() {
                self.draft.note.push_str("; ");
            }
            self.draft.note.push_str(&leftover);
        }
        if self.draft.do_not_contact {
            self.draft.state = Some(StateWord::Invalid);
        }
        self.draft.content_hash = content_hash(&self.draft, &self.custom_minutes);
        self.draft
    }
}

/// 张 + 三 → 张三; Ann + Lee → Ann Lee.
fn full_name(first: &str, last: &str) -> String {
    let chinese = |t: &str| t.chars().any(|c| ('\u{3400}'..='\u{9FFF}').contains(&c));
    match (first.is_empty(), last.is_empty()) {
        (false, false) if chinese(first) && chinese(last) => format!("{last}{first}"),
        (false, false) => format!("{first} {last}"),
        _ => format!("{first}{last}"),
    }
}

/// An export of ours guards formulas with a leading quote; exactly that quote is taken off again.
fn unguarded(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(crate::intake::rejects::FORMULA_STARTS) => rest.to_string(),
        _ => cell,
    }
}

/// `l:1000…` as an Ads Manager download writes it → the id its webhook sends.
fn bare_id(id: String) -> String {
    match id.strip_prefix("l:") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.to_string()
        }
        _ => id,
    }
}
