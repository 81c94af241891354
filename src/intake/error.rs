//! What can keep a whole file from being read. A single bad row is a [`super::row::Rejection`], not an error.

use crate::model::contact::clean_text;
use crate::model::lang::Lang;
use std::path::PathBuf;

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
    /// A zip container (xlsx) or another binary under a text name.
    Binary {
        path: PathBuf,
        looks_like: &'static str,
    },
    UnknownEncoding {
        given: String,
    },
    Undecodable {
        path: PathBuf,
        encoding: String,
        forced: bool,
        offset: u64,
        line: u64,
        column: u64,
        hint: Option<String>,
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
        // a path or an option may hold anything; what is shown may not
        clean_text(&match lang {
            Lang::En => self.english(),
            Lang::Zh => self.chinese(),
        })
    }

    fn english(&self) -> String {
        match self {
            Self::Missing { path } => {
                format!(
                    "{} does not exist. Nothing was read. Check the spelling and the folder you are in.",
                    path.display()
                )
            }
            Self::Directory { path } => {
                format!("{} is a folder. Nothing was read. Name one file in it.", path.display())
            }
            Self::Unreadable { path, why } => {
                format!("{} cannot be read: {why}. Check who may read it and try again.", path.display())
            }
            Self::Empty { path } => {
                format!(
                    "{} is empty. Nothing was read. Export it again; a header row and one row are the least.",
                    path.display()
                )
            }
            Self::HeaderOnly { path, columns } => {
                format!(
                    "{} has a header of {columns} columns and no rows. Nothing was read. Check the filter of the export.",
                    path.display()
                )
            }
            Self::Binary { path, looks_like } => {
                format!(
                    "{} is {looks_like}, not a CSV. Nothing was read. Save it as \"CSV UTF-8\" and import that.",
                    path.display()
                )
            }
            Self::UnknownEncoding { given } => {
                format!(
                    "unknown encoding {given:?}. Nothing was read. Known: {}.",
                    super::encoding::known_names()
                )
            }
            Self::Undecodable { path, encoding, forced, offset, line, column, hint } => {
                let said = if *forced { "as you asked" } else { "as it seems to be" };
                let cure = hint.as_ref().map_or_else(
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
                    path.display()
                )
            }
            Self::TooManyColumns { path, columns } => format!(
                "{}: {columns} columns, at most {} are read. Nothing was imported. Remove the ones you do not need, or check the delimiter with --delimiter.",
                path.display(),
                super::csv::MAX_COLUMNS
            ),
            Self::BadHeader { path, line, column } => format!(
                "{}: the header row is torn or too long (line {line}, column {column}). Nothing was imported. A quote is probably missing.",
                path.display()
            ),
            Self::BadOption { option, given, why, suggestion, known } => {
                let suggestion =
                    suggestion.as_ref().map(|s| format!(" Did you mean {s:?}?")).unwrap_or_default();
                format!("{option} {given:?}: {why}.{suggestion} Known: {known}.")
            }
            Self::SameLogin { path, login, first_line, second_line } => format!(
                "{}: the login {login:?} stands on line {first_line} and again on line {second_line}. Nobody was added. Give one of them another login (a column named login decides).",
                path.display()
            ),
            Self::NeedsColumn { path, what, headers } => {
                format!(
                    "{}: no column for {what}. Nothing was read. Say which one with --map \"Column={what}\". Columns: {headers}.",
                    path.display()
                )
            }
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Missing { path } => {
                format!("找不到 {}，未读取任何内容。请检查文件名和所在目录。", path.display())
            }
            Self::Directory { path } => {
                format!("{} 是文件夹，未读取任何内容。请指定其中一个文件。", path.display())
            }
            Self::Unreadable { path, why } => {
                format!("无法读取 {}：{why}。请检查读取权限后重试。", path.display())
            }
            Self::Empty { path } => {
                format!("{} 是空文件，未读取任何内容。请重新导出，至少要有表头和一行数据。", path.display())
            }
            Self::HeaderOnly { path, columns } => {
                format!(
                    "{} 只有 {columns} 列表头，没有数据行，未读取任何内容。请检查导出时的筛选条件。",
                    path.display()
                )
            }
            Self::Binary { path, looks_like } => {
                format!(
                    "{} 是 {looks_like}，不是 CSV，未读取任何内容。请另存为“CSV UTF-8”后再导入。",
                    path.display()
                )
            }
            Self::UnknownEncoding { given } => {
                format!("未知编码 {given:?}，未读取任何内容。可用：{}。", super::encoding::known_names())
            }
            Self::Undecodable { path, encoding, forced, offset, line, column, hint } => {
                let said = if *forced { "指定" } else { "推测" };
                let cure = hint.as_ref().map_or_else(
                    || {
                        format!(
                            "请另存为 UTF-8，或用 --encoding 指定编码（{}）。",
                            super::encoding::known_names()
                        )
                    },
                    |hint| format!("如果它是 {hint}，请加 --encoding {hint}；否则请另存为 UTF-8。"),
                );
                format!(
                    "{}：第 {offset} 字节（第 {line} 行第 {column} 列）不符合{said}的编码 {encoding}。未导入任何内容。{cure}",
                    path.display()
                )
            }
            Self::TooManyColumns { path, columns } => format!(
                "{}：共 {columns} 列，最多读取 {} 列。未导入任何内容。请删去不需要的列，或用 --delimiter 检查分隔符。",
                path.display(),
                super::csv::MAX_COLUMNS
            ),
            Self::BadHeader { path, line, column } => {
                format!(
                    "{}：表头残缺或过长（第 {line} 行第 {column} 列）。未导入任何内容。可能缺少一个引号。",
                    path.display()
                )
            }
            Self::BadOption { option, given, why, suggestion, known } => {
                let suggestion = suggestion.as_ref().map(|s| format!("是否想写 {s:?}？")).unwrap_or_default();
                format!("{option} {given:?}：{why}。{suggestion}可用：{known}。")
            }
            Self::SameLogin { path, login, first_line, second_line } => format!(
                "{}：登录名 {login:?} 同时出现在第 {first_line} 行和第 {second_line} 行。未添加任何人。请为其中一人另设登录名（以 login 列为准）。",
                path.display()
            ),
            Self::NeedsColumn { path, what, headers } => {
                format!(
                    "{}：没有 {what} 列，未读取任何内容。请用 --map \"列名={what}\" 指定。现有列：{headers}。",
                    path.display()
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
