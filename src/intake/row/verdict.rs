//! Why a row was refused, or what was odd about it, in words for a person.

use crate::intake::csv::{MAX_CELL_BYTES, MAX_COLUMNS};
use crate::intake::dates::DateFault;
use crate::intake::row::MAX_FIELD_CHARS;
use crate::model::contact::clean_text;
use crate::model::lang::Lang;
use smol_str::SmolStr;

/// The most characters of a refused value that are shown.
const SHOWN_CHARS: usize = 60;

/// Why a row was refused. Closed: every reason has its sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    BadDate(DateFault),
    /// The file ends inside quotes that were opened here.
    Torn,
    TooLong,
    TooManyColumns,
    /// More cells than headers, or a lone cell where many belong.
    Ragged {
        expected: usize,
        found: usize,
    },
    /// A spreadsheet cut the digits of the id: several leads would be taken for one.
    DamagedId,
    /// Longer than an id may be: cut, it would make one lead of several.
    LongId,
    /// A line of a JSON file that is no JSON object, as of this character.
    NotJson {
        column: usize,
    },
    /// No contact, no id, no field.
    NothingToKeep,
    /// The placeholder an advertising platform sends to test a form.
    TestLead,
    /// A state word nobody knows, in a file that is about states.
    UnknownState,
    /// The file could no longer be read; the rows after it were not seen.
    Unreadable(String),
}

/// A row that was kept out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    pub line: u64,
    /// From 1; 0 = the whole row.
    pub column: usize,
    /// Header or field; empty for the whole row.
    pub field: SmolStr,
    /// Cleaned and shortened.
    pub value: String,
    pub reason: Reason,
    /// The cells as they stood, to be written back for repair.
    pub cells: Vec<String>,
}

impl Rejection {
    /// Whether nothing after this row was seen.
    #[must_use]
    pub fn ends_the_file(&self) -> bool {
        matches!(self.reason, Reason::Unreadable(_) | Reason::Torn)
    }

    /// A refusal of a whole row, to be filled in.
    #[must_use]
    pub fn whole_row() -> Self {
        Self {
            line: 0,
            column: 0,
            field: SmolStr::default(),
            value: String::new(),
            reason: Reason::NothingToKeep,
            cells: Vec::new(),
        }
    }

    /// What is shown of a refused value.
    #[must_use]
    pub fn shorten(raw: &str) -> String {
        let clean = clean_text(raw);
        if clean.chars().count() <= SHOWN_CHARS {
            return clean;
        }
        clean.chars().take(SHOWN_CHARS - 1).chain(['…']).collect()
    }

    /// Where, what and why, with the cure.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let place = match (lang, self.column) {
            (Lang::En, 0) => format!("line {}", self.line),
            (Lang::Zh, 0) => format!("第 {} 行", self.line),
            (Lang::En, column) => format!("line {}, column {column} ({})", self.line, self.field),
            (Lang::Zh, column) => format!("第 {} 行第 {column} 列（{}）", self.line, self.field),
        };
        match lang {
            Lang::En => format!("{place}: {}", self.english()),
            Lang::Zh => format!("{place}：{}", self.chinese()),
        }
    }

    fn english(&self) -> String {
        let value = &self.value;
        match &self.reason {
            Reason::BadDate(DateFault::Unreadable) => {
                format!("{value:?} is not a date. Write it as 2026-01-31 or 2026-01-31 09:30.")
            }
            Reason::BadDate(DateFault::Impossible) => {
                format!("there is no day or time {value:?} in the order of this column. Check it, or set --dates dmy|mdy|ymd.")
            }
            Reason::BadDate(DateFault::ExcelSerial) => {
                format!("{value:?} is a spreadsheet day number among dates. Format the whole column as a date and export again.")
            }
            Reason::BadDate(DateFault::OutOfRange) => format!("{value:?} is before 1900 or after 2199. Check the year."),
            Reason::Torn => "the file ends inside quotes opened here; what follows was not read. It is probably cut short: export it again.".to_string(),
            Reason::TooLong => {
                format!("a cell is over {} KB, or the row over 1 MB. A closing quote is probably missing.", MAX_CELL_BYTES / 1024)
            }
            Reason::TooManyColumns => format!("more than {MAX_COLUMNS} columns. Check the delimiter and the quotes."),
            Reason::Ragged { expected, found } => {
                format!("{found} cells where the header has {expected}. Put text that contains the delimiter in quotes.")
            }
            Reason::DamagedId => format!("{value:?} is what a spreadsheet left of a long number; as an id it would make one lead of several. Export it again with the id as text, or drop the column with --map."),
            Reason::LongId => format!("the id is longer than {MAX_FIELD_CHARS} characters; cut, it would make one lead of several. Send a shorter one, or drop the column with --map."),
            Reason::NotJson { column } => format!("no JSON object as of character {column}. Write one object a line, like {{\"name\": \"Ann\", \"phone\": \"…\"}}."),
            Reason::NothingToKeep => "no contact, no id and no known field. Map a column with --map, or drop the row.".to_string(),
            Reason::TestLead => format!("{value:?} is a platform's test lead; nobody should be given it."),
            Reason::UnknownState => format!("{value:?} is not a known state. Say what it means with --state \"{value}=contacted\"."),
            Reason::Unreadable(why) => {
                format!("the file cannot be read any further ({why}). Rows before this line are good; import it again when the file is whole.")
            }
        }
    }

    fn chinese(&self) -> String {
        let value = &self.value;
        match &self.reason {
            Reason::BadDate(DateFault::Unreadable) => {
                format!("{value:?} 不是日期。请写成 2026-01-31 或 2026-01-31 09:30。")
            }
            Reason::BadDate(DateFault::Impossible) => {
                format!("按本列的日期顺序，{value:?} 不存在。请核对，或用 --dates dmy|mdy|ymd 指定顺序。")
            }
            Reason::BadDate(DateFault::ExcelSerial) => {
                format!("{value:?} 是电子表格的日期序号。请把整列设为日期格式后重新导出。")
            }
            Reason::BadDate(DateFault::OutOfRange) => {
                format!("{value:?} 早于 1900 年或晚于 2199 年。请核对年份。")
            }
            Reason::Torn => {
                "此处的引号直到文件末尾都未闭合，其后内容未读取。文件可能被截断，请重新导出。".to_string()
            }
            Reason::TooLong => {
                format!("单元格超过 {} KB，或整行超过 1 MB。可能缺少右引号。", MAX_CELL_BYTES / 1024)
            }
            Reason::TooManyColumns => format!("超过 {MAX_COLUMNS} 列。请检查分隔符和引号。"),
            Reason::Ragged { expected, found } => {
                format!("表头有 {expected} 列，此行有 {found} 个单元格。含分隔符的文本请加引号。")
            }
            Reason::DamagedId => {
                format!(
                    "{value:?} 是被电子表格截断的长数字；用作编号会把多条线索当成一条。请把编号列设为文本后重新导出，或用 --map 忽略此列。"
                )
            }
            Reason::LongId => {
                format!(
                    "编号超过 {MAX_FIELD_CHARS} 个字符；截断后会把多条线索当成一条。请改用较短的编号，或用 --map 忽略此列。"
                )
            }
            Reason::NotJson { column } => {
                format!(
                    "从第 {column} 个字符起不是 JSON 对象。请每行写一个对象，如 {{\"name\": \"李雷\", \"phone\": \"…\"}}。"
                )
            }
            Reason::NothingToKeep => {
                "没有联系方式、编号或任何已知字段。请用 --map 指定列，或删除此行。".to_string()
            }
            Reason::TestLead => format!("{value:?} 是平台的测试线索，不应分给任何人。"),
            Reason::UnknownState => {
                format!("{value:?} 不是已知状态。请用 --state \"{value}=contacted\" 说明其含义。")
            }
            Reason::Unreadable(why) => {
                format!("文件无法继续读取（{why}）。此行之前的数据有效；文件完整后请重新导入。")
            }
        }
    }
}

/// What is odd about a row that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WarningKind {
    /// A spreadsheet destroyed the phone; kept in the note.
    DamagedPhone,
    /// Not a phone of any numbering plan; kept in the note.
    InvalidPhone,
    /// Several phones in one cell; the first is the key, all stand in the cell's text.
    SeveralPhones,
    /// Not a mail address; kept in the note.
    InvalidEmail,
    /// Not a WeChat id; kept as text without a key.
    InvalidWechat,
    /// Not one of the known state words; kept as a custom column.
    UnknownState,
    /// Not a number; kept as a custom column.
    BadNumber,
    /// Fewer cells than headers; the rest is taken as empty.
    ShortRow,
    /// Cut to the length a field may have.
    Shortened,
    /// Named as a moment and none that can be read; kept as a custom column. A file's table of columns says it for all rows.
    NotADate,
    /// Day and month could be either way round and no other row settles it. A file's table says it, and `--dates` does.
    AssumedDate,
}

impl WarningKind {
    pub const ALL: [Self; 11] = [
        Self::DamagedPhone,
        Self::InvalidPhone,
        Self::SeveralPhones,
        Self::InvalidEmail,
        Self::InvalidWechat,
        Self::UnknownState,
        Self::BadNumber,
        Self::ShortRow,
        Self::Shortened,
        Self::NotADate,
        Self::AssumedDate,
    ];

    /// What it means, for a count of them.
    #[must_use]
    pub fn text(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Self::DamagedPhone => (
                "phone destroyed by a spreadsheet (1.38E+10); kept in the note",
                "手机号被电子表格破坏（1.38E+10），保留在备注",
            ),
            Self::InvalidPhone => ("not a valid phone; kept in the note", "无效电话，保留在备注"),
            Self::SeveralPhones => {
                ("several phones in one cell; the first is used", "一格多个电话，采用第一个")
            }
            Self::InvalidEmail => ("not a mail address; kept in the note", "无效邮箱，保留在备注"),
            Self::InvalidWechat => ("not a WeChat id; kept as text", "无效微信号，仅保留文本"),
            Self::UnknownState => (
                "unknown state word; kept as a custom column (--state \"Word=state\" maps it)",
                "未知状态，保留为自定义列（可用 --state \"词=状态\" 指定）",
            ),
            Self::BadNumber => ("not a number; kept as a custom column", "不是数字，保留为自定义列"),
            Self::ShortRow => ("fewer cells than headers; the rest is empty", "单元格少于表头，其余视为空"),
            Self::Shortened => ("longer than a field may be; cut", "超过字段长度，已截断"),
            Self::NotADate => {
                ("not a date that can be read; kept as a custom column", "无法识别的日期，保留为自定义列")
            }
            Self::AssumedDate => (
                "day and month could be either way round; write 2026-01-31",
                "日和月的先后无法确定；请写成 2026-01-31",
            ),
        };
        match lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}

/// One oddity of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// From 1; 0 = the whole row.
    pub column: usize,
    pub kind: WarningKind,
    /// Cleaned and shortened.
    pub value: String,
}
