//! What every import shares before the desk is involved: options to intake's words, the mapping table, file names.

use std::path::Path;

use chrono_tz::Tz;
use unicode_width::UnicodeWidthStr;

use super::super::args::MappingArgs;
use super::super::context::{CliError, Context, Done};
use crate::intake::error::IntakeError;
use crate::intake::field::Target;
use crate::intake::file::{LeadFile, Options};
use crate::intake::source::{Form, STDIN};
use crate::model::contact::{clean_text, mask_email, mask_phone};
use crate::model::lang::Lang;
use crate::rulebook::custom_name;

/// Widest a cell of the mapping table gets.
const CELL_WIDTH_MAX: usize = 32;

/// Settles the options of a file; `zone` is that of the desk's book.
///
/// # Errors
/// An option that cannot mean anything, whatever the file.
pub fn options(ctx: &Context, args: &MappingArgs, zone: Tz) -> Done<Options> {
    let zone = match &args.zone {
        Some(text) => text.parse().map_err(|_| {
            let why =
                ctx.say("is no time zone; write it like Asia/Shanghai", "不是时区；请写成 Asia/Shanghai");
            CliError::Usage(format!("--zone {text:?} {why}"))
        })?,
        None => zone,
    };
    let delimiter = match args.delimiter {
        Some(sign) => Some(u8::try_from(sign).ok().filter(u8::is_ascii).ok_or_else(|| {
            let why = ctx.say("must be one ASCII character", "必须是一个 ASCII 字符");
            CliError::Usage(format!("--delimiter {sign:?} {why}"))
        })?),
        None => None,
    };
    let dates = match &args.dates {
        Some(text) => Some(text.parse().map_err(|why| CliError::Usage(format!("--dates: {why}")))?),
        None => None,
    };
    let country = args.country.parse().map_err(|why| CliError::Usage(format!("--country: {why}")))?;
    Ok(Options {
        encoding: args.encoding.clone(),
        delimiter,
        sheet: args.sheet.clone(),
        maps: args.map.clone(),
        states: args.state.clone(),
        dates,
        zone,
        country,
    })
}

/// A file that cannot be read at all, in words.
pub fn unreadable(ctx: &Context, error: &IntakeError) -> CliError {
    CliError::Input(error.message(ctx.lang))
}

/// The system external ids belong to: as given, else the file's name without path and ending.
#[must_use]
pub fn system_of(args: &MappingArgs, file: &Path) -> String {
    let given = args.system.as_deref().map(clean_text).filter(|name| !name.is_empty());
    given.unwrap_or_else(|| {
        let name = if is_stdin(file) { None } else { file.file_stem() };
        name.map_or_else(|| "stdin".to_owned(), |s| clean_text(&s.to_string_lossy()))
    })
}

/// Whether standard input is meant.
#[must_use]
pub fn is_stdin(file: &Path) -> bool {
    file == Path::new(STDIN)
}

/// How the file is read, as a person would say it: encoding and delimiter, or sheet, or that it is lines of JSON.
#[must_use]
pub fn form_line(ctx: &Context, file: &LeadFile) -> String {
    match file.form() {
        Form::Text => {
            let delimiter = match file.delimiter() {
                b'\t' => "tab".to_owned(),
                sign => format!("{:?}", char::from(sign)),
            };
            format!("{} · {} {delimiter}", file.encoding_name(), ctx.say("delimiter", "分隔符"))
        }
        Form::Workbook { sheet, sheets } if *sheets > 1 => match ctx.lang {
            Lang::En => format!("sheet {sheet:?}, one of {sheets} (--sheet names another)"),
            Lang::Zh => format!("工作表 {sheet:?}，共 {sheets} 个（--sheet 可另选）"),
        },
        Form::Workbook { sheet, .. } => format!("{} {sheet:?}", ctx.say("sheet", "工作表")),
        Form::JsonLines => ctx.say("JSON lines", "JSON lines（每行一个对象）").to_owned(),
    }
}

/// The file as it is shown.
#[must_use]
pub fn shown(file: &Path) -> String {
    if is_stdin(file) {
        return "stdin".to_owned();
    }
    clean_text(&file.display().to_string())
}

/// The mapping as lines of a table.
#[must_use]
pub fn mapping_lines(ctx: &Context, file: &LeadFile) -> Vec<String> {
    let rows = table(ctx, file);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|r| r.get(column));
        cells.map(|c| c.width()).max().unwrap_or(0).min(CELL_WIDTH_MAX)
    };
    let widths: Vec<usize> = (0..5).map(width).collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
                if at + 1 == row.len() {
                    return cell.clone();
                }
                let cell = cut(cell, *width);
                let pad = width.saturating_sub(cell.width());
                format!("{cell}{}", " ".repeat(pad))
            });
            format!("  {}", cells.collect::<Vec<_>>().join("  ")).trim_end().to_owned()
        })
        .collect()
}

/// The mapping as JSON.
#[must_use]
pub fn mapping_json(ctx: &Context, file: &LeadFile) -> serde_json::Value {
    let rows = table(ctx, file);
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    rows.iter()
        .skip(1)
        .map(|row| {
            serde_json::json!({"column": cell(row, 1), "field": cell(row, 2), "example": cell(row, 3), "why": cell(row, 4)})
        })
        .collect()
}

/// Titles and rows; examples of phones and mail addresses are masked, custom fields named as rules ask for them.
fn table(ctx: &Context, file: &LeadFile) -> Vec<Vec<String>> {
    let mut rows = file.mapping().to_table(ctx.lang);
    for (row, column) in rows.iter_mut().skip(1).zip(&file.mapping().columns) {
        if let (Target::Custom(name), Some(field)) = (&column.target, row.get_mut(2)) {
            *field = format!("x.{}", custom_name(name));
        }
        if let Some(example) = row.get_mut(3) {
            match column.target {
                Target::Phone => *example = mask_phone(example),
                Target::Email => *example = mask_email(example),
                _ => {}
            }
        }
    }
    rows
}

fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for sign in text.chars() {
        out.push(sign);
        if out.width() >= width {
            out.pop();
            break;
        }
    }
    out.push('…');
    out
}
