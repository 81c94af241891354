//! What can keep a whole file from being read. A single bad row is a [`super::row::Rejection`], not an error.

use crate::model::contact::clean_text;
use crate::model::lang::Lang;
use std::path::{Path, PathBuf};

/// Why a file, an option or a mapping was refused. Nothing has been imported when one is returned from opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntakeError {
    Missing {
        path: PathBuf,
    },
    Directory {
        path: PathBuf,
    },
    Unreadable {
        path: PathBuf,
        why: String,
    },
    Empty {
        path: PathBuf,
    },
    HeaderOnly {
        path: PathBuf,
        columns: usize,
    },
    /// A workbook that cannot be read, or must not be.
    Workbook {
        path: PathBuf,
        fault: Box<WorkbookFault>,
    },
    /// One JSON array where one object a line is read.
    JsonArray {
        path: PathBuf,
    },
    /// More comes in at standard input than is held.
    TooMuchInput {
        bytes: u64,
    },
    /// An archive or another binary under a text name.
    Binary {
        path: PathBuf,
        looks_like: Kind,
    },
    UnknownEncoding {
        given: String,
    },
    Undecodable {
        path: PathBuf,
        misfit: Box<Undecodable>,
    },
    TooManyColumns {
        path: PathBuf,
        columns: usize,
    },
    /// The header row itself cannot be read.
    BadHeader {
        path: PathBuf,
        line: u64,
        column: usize,
    },
    BadOption {
        option: &'static str,
        given: String,
        why: String,
        suggestion: Option<String>,
        known: String,
    },
    /// Two rows of a roster with one login.
    SameLogin {
        path: PathBuf,
        login: String,
        first_line: u64,
        second_line: u64,
    },
    NeedsColumn {
        path: PathBuf,
        what: &'static str,
        headers: String,
    },
}

impl IntakeError {
    /// The sentence for the person: what happened, what is safe, what to do.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Missing { path } => {
                format!(
                    "{} does not exist. Nothing was read. Check the spelling and the folder you are in.",
                    shown(path)
                )
            }
            Self::Directory { path } => {
                format!("{} is a folder. Nothing was read. Name one file in it.", shown(path))
            }
            Self::Unreadable { path, why } => {
                format!("{} cannot be read: {why}. Check who may read it and try again.", shown(path))
            }
            Self::Empty { path } => {
                format!(
                    "{} is empty. Nothing was read. Export it again; a header row and one row are the least.",
                    shown(path)
                )
            }
            Self::HeaderOnly { path, columns } => {
                format!(
                    "{} has a header of {columns} columns and no rows. Nothing was read. Check the filter of the export.",
                    shown(path)
                )
            }
            Self::Binary { path, looks_like } => {
                format!(
                    "{} is {}, neither a CSV nor a workbook. Nothing was read. Save it as XLSX or \"CSV UTF-8\" and import that.",
                    shown(path),
                    looks_like.en
                )
            }
            Self::Workbook { path, fault } => fault.english(path),
            Self::JsonArray { path } => format!(
                "{} is one JSON array. Nothing was read. Write one object a line (JSON lines), as jq -c '.[]' does.",
                shown(path)
            ),
            Self::TooMuchInput { bytes } => format!(
                "more than {} MB came in. Nothing was read. Write it to a file and import that.",
                bytes >> 20
            ),
            Self::UnknownEncoding { given } => {
                format!(
                    "unknown encoding {given:?}. Nothing was read. Known: {}.",
                    super::encoding::known_names()
                )
            }
            Self::Undecodable { path, misfit } => misfit.english(path),
            Self::TooManyColumns { path, columns } => format!(
                "{}: {columns} columns, at most {} are read. Nothing was imported. Remove the ones you do not need, or check the delimiter with --delimiter.",
                shown(path),
                super::csv::MAX_COLUMNS
            ),
            Self::BadHeader { path, line, column } => format!(
                "{}: the header row is torn or too long (line {line}, column {column}). Nothing was imported. A quote is probably missing.",
                shown(path)
            ),
            Self::BadOption { option, given, why, suggestion, known } => {
                let suggestion =
                    suggestion.as_ref().map(|s| format!(" Did you mean {s:?}?")).unwrap_or_default();
                format!("{option} {given:?}: {why}.{suggestion} Known: {known}.")
            }
            Self::SameLogin { path, login, first_line, second_line } => format!(
                "{}: the login {login:?} stands on line {first_line} and again on line {second_line}. Nobody was added. Give one of them another login (a column named login decides).",
                shown(path)
            ),
            Self::NeedsColumn { path, what, headers } => {
                format!(
                    "{}: no column for {what}. Nothing was read. Say which one with --map \"Column={what}\". Columns: {headers}.",
                    shown(path)
                )
            }
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Missing { path } => {
                format!("找不到 {}，未读取任何内容。请检查文件名和所在目录。", shown(path))
            }
            Self::Directory { path } => {
                format!("{} 是文件夹，未读取任何内容。请指定其中一个文件。", shown(path))
            }
            Self::Unreadable { path, why } => {
                format!("无法读取 {}：{why}。请检查读取权限后重试。", shown(path))
            }
            Self::Empty { path } => {
                format!("{} 是空文件，未读取任何内容。请重新导出，至少要有表头和一行数据。", shown(path))
            }
            Self::HeaderOnly { path, columns } => {
                format!(
                    "{} 只有 {columns} 列表头，没有数据行，未读取任何内容。请检查导出时的筛选条件。",
                    shown(path)
                )
            }
            Self::Binary { path, looks_like } => {
                format!(
                    "{} 是{}，不是 CSV，也不是工作簿，未读取任何内容。请另存为 XLSX 或“CSV UTF-8”后再导入。",
                    shown(path),
                    looks_like.zh
                )
            }
            Self::Workbook { path, fault } => fault.chinese(path),
            Self::JsonArray { path } => format!(
                "{} 是一个 JSON 数组，未读取任何内容。请改为每行一个对象（JSON lines），如 jq -c '.[]' 的输出。",
                shown(path)
            ),
            Self::TooMuchInput { bytes } => {
                format!("输入超过 {} MB，未读取任何内容。请先存成文件再导入。", bytes >> 20)
            }
            Self::UnknownEncoding { given } => {
                format!("未知编码 {given:?}，未读取任何内容。可用：{}。", super::encoding::known_names())
            }
            Self::Undecodable { path, misfit } => misfit.chinese(path),
            Self::TooManyColumns { path, columns } => format!(
                "{}：共 {columns} 列，最多读取 {} 列。未导入任何内容。请删去不需要的列，或用 --delimiter 检查分隔符。",
                shown(path),
                super::csv::MAX_COLUMNS
            ),
            Self::BadHeader { path, line, column } => {
                format!(
                    "{}：表头残缺或过长（第 {line} 行第 {column} 列）。未导入任何内容。可能缺少一个引号。",
                    shown(path)
                )
            }
            Self::BadOption { option, given, why, suggestion, known } => {
                let suggestion = suggestion.as_ref().map(|s| format!("是否想写 {s:?}？")).unwrap_or_default();
                format!("{option} {given:?}：{why}。{suggestion}可用：{known}。")
            }
            Self::SameLogin { path, login, first_line, second_line } => format!(
                "{}：登录名 {login:?} 同时出现在第 {first_line} 行和第 {second_line} 行。未添加任何人。请为其中一人另设登录名（以 login 列为准）。",
                shown(path)
            ),
            Self::NeedsColumn { path, what, headers } => {
                format!(
                    "{}：没有 {what} 列，未读取任何内容。请用 --map \"列名={what}\" 指定。现有列：{headers}。",
                    shown(path)
                )
            }
        }
    }
}

impl std::fmt::Display for IntakeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for IntakeError {}

/// Why a workbook is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkbookFault {
    /// Larger than is opened.
    TooLarge {
        bytes: u64,
    },
    /// It would unpack, or spread, to more than is held in memory.
    Expands,
    TooManyRows,
    Protected,
    NoSheet {
        given: String,
        known: Vec<String>,
    },
    /// No sheet has anything in it.
    Empty,
    Damaged {
        why: String,
    },
}

impl WorkbookFault {
    fn english(&self, path: &Path) -> String {
        let said = match self {
            Self::TooLarge { bytes } => format!(
                "has {} MB, at most {} are opened. Nothing was read. Split it, or save it as CSV, which has no such limit.",
                bytes >> 20,
                super::workbook::WORKBOOK_BYTES_MAX >> 20
            ),
            Self::Expands => "would unpack to more than is held in memory. Nothing was read. Save the sheet as CSV and import that.".to_owned(),
            Self::TooManyRows => format!(
                "has more than {} rows. Nothing was imported. Save the sheet as CSV, which has no such limit.",
                super::workbook::SHEET_ROWS_MAX
            ),
            Self::Protected => "is protected by a password. Nothing was read. Save it without one and import that.".to_owned(),
            Self::NoSheet { given, known } => format!(
                "has no sheet {given:?}. Nothing was read. Sheets: {}.",
                known.iter().map(|n| clean_text(n)).collect::<Vec<_>>().join(", ")
            ),
            Self::Empty => "has no sheet with anything in it. Nothing was read. Check the export; --sheet names a hidden one.".to_owned(),
            Self::Damaged { why } => format!(
                "cannot be read as a workbook ({}). Nothing was imported. Open it in a spreadsheet, save it anew and try again.",
                clean_text(why)
            ),
        };
        format!("{} {said}", shown(path))
    }

    fn chinese(&self, path: &Path) -> String {
        let said = match self {
            Self::TooLarge { bytes } => format!(
                "有 {} MB，最大可打开 {} MB，未读取任何内容。请拆分文件，或另存为不受此限的 CSV。",
                bytes >> 20,
                super::workbook::WORKBOOK_BYTES_MAX >> 20
            ),
            Self::Expands => "解压后过大，未读取任何内容。请把工作表另存为 CSV 后再导入。".to_owned(),
            Self::TooManyRows => format!(
                "超过 {} 行，未导入任何内容。请把工作表另存为不受此限的 CSV。",
                super::workbook::SHEET_ROWS_MAX
            ),
            Self::Protected => "有密码保护，未读取任何内容。请另存为无密码的文件后再导入。".to_owned(),
            Self::NoSheet { given, known } => format!(
                "没有工作表 {given:?}，未读取任何内容。现有：{}。",
                known.iter().map(|n| clean_text(n)).collect::<Vec<_>>().join("、")
            ),
            Self::Empty => {
                "的工作表都是空的，未读取任何内容。请检查导出；隐藏的工作表可用 --sheet 指定。".to_owned()
            }
            Self::Damaged { why } => format!(
                "无法作为工作簿读取（{}），未导入任何内容。请用电子表格软件打开并重新保存后再试。",
                clean_text(why)
            ),
        };
        format!("{} {said}", shown(path))
    }
}

/// What a file is instead of text, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    pub en: &'static str,
    pub zh: &'static str,
}

/// A file name may hold anything; what is shown of it may not.
fn shown(path: &Path) -> String {
    clean_text(&path.display().to_string())
}

/// Where a file stops fitting its encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecodable {
    pub encoding: String,
    /// The person named the encoding.
    pub forced: bool,
    /// Byte from 0.
    pub offset: u64,
    pub line: u64,
    pub column: u64,
    /// What the bytes look like, for the person to confirm.
    pub hint: Option<String>,
}

impl Undecodable {
    fn english(&self, path: &Path) -> String {
        let Self { encoding, offset, line, column, .. } = self;
        let said = if self.forced { "as you asked" } else { "as it seems to be" };
        let cure = self.hint.as_ref().map_or_else(
            || {
                format!(
                    "Save it as UTF-8, or name its encoding with --encoding ({}).",
                    super::encoding::known_names()
                )
            },
            |hint| format!("If it is {hint}, say --encoding {hint}; otherwise save it as UTF-8."),
        );
        format!(
            "{}: byte {offset} (line {line}, column {column}) is not valid {encoding}, {said}. Nothing was imported. {cure}",
            shown(path)
        )
    }

    fn chinese(&self, path: &Path) -> String {
        let Self { encoding, offset, line, column, .. } = self;
        let said = if self.forced { "指定" } else { "推测" };
        let cure = self.hint.as_ref().map_or_else(
            || format!("请另存为 UTF-8，或用 --encoding 指定编码（{}）。", super::encoding::known_names()),
            |hint| format!("如果它是 {hint}，请加 --encoding {hint}；否则请另存为 UTF-8。"),
        );
        format!(
            "{}：第 {offset} 字节（第 {line} 行第 {column} 列）不符合{said}的编码 {encoding}。未导入任何内容。{cure}",
            shown(path)
        )
    }
}
