//! Which column fills which field: guessed from headers and samples, corrected by `--map`, shown as a table.
//! A mapping says why it believes each column, so that a person can check it before anything is imported.

use std::borrow::Cow;

use super::amount;
use super::csv::RawRow;
use super::dates::{DateEvidence, DateOrder, DateReading};
use super::error::IntakeError;
use super::field::{NAMED, NAMES, Target};
use super::guess::{did_you_mean, plain};
use super::state::StateTable;
use crate::model::contact::{CountryCode, clean_text, cleaned, email, is_blank, phone};
use crate::model::lang::Lang;
use smol_str::SmolStr;

/// The longest name a custom column gets.
const MAX_CUSTOM_NAME: usize = 64;

/// Why a column has its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The header is a known name.
    Header,
    /// The header is a known name in another sense, or a weak one; the values agree.
    Weak,
    /// The values look like it; the header does not say so.
    Content,
    /// The person said so.
    Given,
    /// The header would fit, but the values do not.
    ValuesDiffer,
    /// Another column took the field.
    Displaced,
    /// No name fits: kept as a custom column.
    Unknown,
    /// No header and no values.
    Empty,
}

/// How sure the guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    Low,
    Medium,
    High,
}

/// What one column fills, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnTarget {
    pub header: String,
    pub target: Target,
    pub why: Why,
    /// For columns of dates: how they are read.
    pub dates: Option<DateReading>,
    /// The first value, for the table.
    pub example: SmolStr,
}

impl ColumnTarget {
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        match self.why {
            Why::Header | Why::Given | Why::Empty => Confidence::High,
            Why::Weak | Why::Unknown | Why::Displaced => Confidence::Medium,
            Why::Content | Why::ValuesDiffer => Confidence::Low,
        }
    }
}

/// The meaning of every column of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    pub columns: Vec<ColumnTarget>,
}

impl Mapping {
    /// Guesses from headers and sample rows.
    #[must_use]
    pub fn guess(headers: &[String], sample: &[RawRow]) -> Self {
        let plain: Vec<String> = headers.iter().map(|header| plain(header)).collect();
        let named = NAMES.assign_plain(&plain);
        let mut columns = Vec::with_capacity(headers.len());
        for (index, ((header, plain), target)) in headers.iter().zip(&plain).zip(named).enumerate() {
            let values = Values::of(sample, index, target.as_ref());
            let (target, why) = match target {
                Some(target) => values.check(plain, target),
                None if header.is_empty() && values.filled == 0 => (Some(Target::Ignore), Why::Empty),
                None => (None, Why::Unknown),
            };
            let dates = values.dates.mostly_dates() || target == Some(Target::ReceivedAt);
            columns.push(ColumnTarget {
                header: header.clone(),
                target: target.unwrap_or(Target::Custom(SmolStr::default())),
                why,
                dates: dates.then(|| values.dates.reading(None)),
                example: values.example,
            });
        }
        let mut mapping = Self { columns };
        mapping.region_from_state();
        mapping.by_content(sample);
        mapping.name_customs();
        mapping
    }

    /// The column that fills `target`.
    #[must_use]
    pub fn find(&self, target: &Target) -> Option<usize> {
        self.columns.iter().position(|c| c.target == *target)
    }

    /// Applies one `--map "Column=field"`. The column is named by its header or as `#3`; `x.name` keeps it as a custom
    /// column, `ignore` drops it. A field taken from another column leaves that one as a custom column.
    ///
    /// # Errors
    /// Unknown column or field, with the nearest known name.
    pub fn apply_override(&mut self, text: &str) -> Result<(), IntakeError> {
        let bad = |why: &str, suggestion: Option<String>, known: String| IntakeError::BadOption {
            option: "--map",
            given: text.to_string(),
            why: why.to_string(),
            suggestion,
            known,
        };
        let fields = || {
            let names: Vec<&str> = NAMED.iter().map(|(n, _)| *n).collect();
            names.join(", ") + ", x.<name>"
        };
        let headers = || self.columns.iter().map(|c| c.header.as_str()).filter(|h| !h.is_empty());
        let Some((column, field)) = text.rsplit_once('=') else {
            return Err(bad("write it as Column=field", None, fields()));
        };
        let Some(index) = self.column(column) else {
            let near = did_you_mean(column, headers()).map(str::to_string);
            return Err(bad("the file has no such column", near, headers().collect::<Vec<_>>().join(", ")));
        };
        let Some(target) = Target::by_name(field) else {
            let near = did_you_mean(field, NAMED.iter().map(|(n, _)| *n)).map(str::to_string);
            return Err(bad("there is no such field", near, fields()));
        };
        if !matches!(target, Target::Custom(_) | Target::Ignore) {
            for other in self.columns.iter_mut().filter(|c| c.target == target) {
                other.target = Target::Custom(SmolStr::default());
                other.why = Why::Displaced;
            }
        }
        if let Some(column) = self.columns.get_mut(index) {
            if target == Target::ReceivedAt && column.dates.is_none() {
                column.dates = Some(DateEvidence::default().reading(None));
            }
            column.target = target;
            column.why = Why::Given;
        }
        self.name_customs();
        Ok(())
    }

    /// Reads every date column in this order (`--dates`).
    pub fn force_dates(&mut self, order: DateOrder) {
        for reading in self.columns.iter_mut().filter_map(|c| c.dates.as_mut()) {
            *reading = DateReading { order, assumed: false, ..*reading };
        }
    }

    fn column(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        if let Some(number) = name.strip_prefix('#').and_then(|n| n.parse::<usize>().ok()) {
            return number.checked_sub(1).filter(|i| *i < self.columns.len());
        }
        let exact = self.columns.iter().position(|c| c.header == clean_text(name));
        let wanted = plain(name);
        exact.or_else(|| self.columns.iter().position(|c| !wanted.is_empty() && plain(&c.header) == wanted))
    }

    /// A column called "state" that holds no state words is a region when no other is.
    fn region_from_state(&mut self) {
        if self.find(&Target::Region).is_some() {
            return;
        }
        let differs = |c: &&mut ColumnTarget| c.why == Why::ValuesDiffer && plain(&c.header) == "state";
        if let Some(column) = self.columns.iter_mut().find(differs) {
            column.target = Target::Region;
            column.why = Why::Weak;
        }
    }

    /// Finds a mail or phone column whose header says nothing.
    fn by_content(&mut self, sample: &[RawRow]) {
        for target in [Target::Email, Target::Phone] {
            if self.find(&target).is_some() {
                continue;
            }
            let fits = |text: &str| match target {
                Target::Email => email(text).is_some(),
                _ => {
                    text.len() >= 11
                        && phone(text, CountryCode::CN).identity().is_some_and(|n| n.starts_with("+861"))
                }
            };
            let found = (0..self.columns.len()).find(|i| {
                let unknown =
                    self.columns.get(*i).is_some_and(|c| c.why == Why::Unknown && c.dates.is_none());
                let cells: Vec<Cow<'_, str>> = Values::filled_cells(sample, *i).collect();
                unknown
                    && !cells.is_empty()
                    && cells.iter().filter(|c| fits(c)).count() * 10 >= cells.len() * 8
            });
            if let Some(column) = found.and_then(|i| self.columns.get_mut(i)) {
                column.target = target;
                column.why = Why::Content;
            }
        }
    }

    /// Gives every custom column without a name one of its own.
    fn name_customs(&mut self) {
        let taken = |columns: &[ColumnTarget], name: &str| {
            columns.iter().any(|c| matches!(&c.target, Target::Custom(n) if n.eq_ignore_ascii_case(name)))
        };
        for index in 0..self.columns.len() {
            let Some(column) = self.columns.get(index) else { continue };
            if !matches!(&column.target, Target::Custom(name) if name.is_empty()) {
                continue;
            }
            let base = custom_name(&column.header, index);
            let name = std::iter::once(base.clone())
                .chain((2..).map(|n| format!("{base}_{n}")))
                .find(|n| !taken(&self.columns, n))
                .unwrap_or(base);
            if let Some(column) = self.columns.get_mut(index) {
                column.target = Target::Custom(SmolStr::from(name));
            }
        }
    }

    /// Rows to be shown, the first being the titles: number, column, field, example, why.
    #[must_use]
    pub fn to_table(&self, lang: Lang) -> Vec<Vec<String>> {
        let titles = match lang {
            Lang::En => ["#", "column", "field", "example", "why"],
            Lang::Zh => ["#", "列", "字段", "示例", "依据"],
        };
        let mut rows = vec![titles.map(str::to_string).to_vec()];
        for (index, column) in self.columns.iter().enumerate() {
            let mut why = why_text(column.why, lang).to_string();
            if let Some(note) = column.dates.and_then(|d| date_note(d, lang)) {
                why.push_str(match lang {
                    Lang::En => "; ",
                    Lang::Zh => "；",
                });
                why.push_str(&note);
            }
            rows.push(vec![
                (index + 1).to_string(),
                column.header.clone(),
                column.target.name().to_string(),
                column.example.chars().take(32).collect(),
                why,
            ]);
        }
        rows
    }
}

/// A name rules can use: letters and digits of the header, anything else as `_`.
pub(super) fn custom_name(header: &str, index: usize) -> String {
    let spelled: String = header.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let name: String = spelled.trim_matches('_').chars().take(MAX_CUSTOM_NAME).collect();
    if name.is_empty() { format!("column_{}", index + 1) } else { name }
}

fn why_text(why: Why, lang: Lang) -> &'static str {
    let (en, zh) = match why {
        Why::Header => ("known header", "表头可识别"),
        Why::Weak => ("header in a second sense, please check", "表头含义较弱，请核对"),
        Why::Content => ("values look like it, please check", "根据内容推测，请核对"),
        Why::Given => ("you said so", "手动指定"),
        Why::ValuesDiffer => {
            ("header fits, values do not; kept as custom", "表头相符但内容不符，保留为自定义列")
        }
        Why::Displaced => {
            ("another column has the field; kept as custom", "字段已由其他列占用，保留为自定义列")
        }
        Why::Unknown => ("no known name; kept as custom", "未识别，保留为自定义列"),
        Why::Empty => ("empty column", "空列"),
    };
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

fn date_note(reading: DateReading, lang: Lang) -> Option<String> {
    let order = reading.order.name();
    let (en, zh) = if reading.serials {
        ("assumed: spreadsheet day numbers".to_string(), "假定为电子表格日期序号".to_string())
    } else if reading.mixed {
        (
            format!("dates contradict each other; read as {order}, the rest is rejected"),
            format!("日期顺序互相矛盾，按 {order} 读取，其余拒收"),
        )
    } else if reading.assumed {
        (
            format!("assumed {order}; --dates dmy|mdy|ymd decides"),
            format!("假定为 {order}，可用 --dates dmy|mdy|ymd 指定"),
        )
    } else {
        return None;
    };
    Some(match lang {
        Lang::En => en,
        Lang::Zh => zh,
    })
}

/// What the sample says about one column.
struct Values {
    filled: usize,
    numbers: usize,
    scores: usize,
    states: usize,
    dates: DateEvidence,
    example: SmolStr,
}

impl Values {
    fn filled_cells(sample: &[RawRow], index: usize) -> impl Iterator<Item = Cow<'_, str>> {
        sample.iter().map(move |row| cleaned(row.get(index))).filter(|cell| !is_blank(cell))
    }

    /// Counts what [`Values::check`] and [`Mapping::by_content`] ask of a column whose header says `target`.
    fn of(sample: &[RawRow], index: usize, target: Option<&Target>) -> Self {
        let is_asked = matches!(target, None | Some(Target::Score | Target::Value | Target::State));
        // Of the others none is read as a date.
        let may_be_date = is_asked || target == Some(&Target::ReceivedAt);
        let mut values = Self {
            filled: 0,
            numbers: 0,
            scores: 0,
            states: 0,
            dates: DateEvidence::default(),
            example: SmolStr::default(),
        };
        let words = StateTable::default();
        for cell in Self::filled_cells(sample, index) {
            values.filled += 1;
            if is_asked {
                values.numbers += usize::from(amount::thousandths(&cell).is_some());
                values.scores += usize::from(amount::score(&cell).is_some());
                values.states += usize::from(words.lookup(&cell).is_some());
            }
            if may_be_date {
                values.dates.observe(&cell);
            }
            if values.example.is_empty() {
                values.example = SmolStr::new(cell);
            }
        }
        values
    }

    /// Whether the values can be what the header, in its plain form, says.
    fn check(&self, plain: &str, target: Target) -> (Option<Target>, Why) {
        let most = |count: usize| count * 10 >= self.filled * 5;
        let fits = self.filled == 0
            || match target {
                Target::Score => most(self.scores),
                Target::Value => most(self.numbers),
                Target::ReceivedAt => {
                    most(usize::try_from(self.dates.dates).unwrap_or(0)) || self.dates.reading(None).serials
                }
                Target::State => plain != "state" || self.states * 10 >= self.filled * 3,
                _ => true,
            };
        let weak = matches!(plain, "timezone" | "时区" | "id" | "date" | "timestamp" | "country" | "国家");
        match (fits, weak) {
            (true, false) => (Some(target), Why::Header),
            (true, true) => (Some(target), Why::Weak),
            (false, _) => (None, Why::ValuesDiffer),
        }
    }
}
