//! A file of reps → drafts of reps: login, name, teams, caps, weight, skills. Headers are guessed in English and Chinese.
//! It is small, so it is read whole; who already exists is decided where the desk is known.

use super::amount;
use super::csv::{MAX_COLUMNS, RawRow};
use super::dates::DateFault;
use super::error::IntakeError;
use super::guess;
use super::row::{Reason, Rejection};
use super::source::{Reading, Source};
use super::state::is_yes;
use crate::model::contact::{clean_text, email, fold, is_blank};
use crate::model::time::DayNo;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// The most reps one file may hold.
pub const MAX_REPS: usize = 10_000;

/// What a column of a roster fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RosterField {
    Login,
    Name,
    FirstName,
    LastName,
    Team,
    Manager,
    Cap,
    DayCap,
    Weight,
    Skills,
    Email,
    Phone,
    Active,
    Status,
    Deleted,
    ExternalId,
    Started,
}

const FIELDS: &[(&str, RosterField)] = &[
    ("login", RosterField::Login),
    ("name", RosterField::Name),
    ("first-name", RosterField::FirstName),
    ("last-name", RosterField::LastName),
    ("team", RosterField::Team),
    ("manager", RosterField::Manager),
    ("cap", RosterField::Cap),
    ("day-cap", RosterField::DayCap),
    ("weight", RosterField::Weight),
    ("skills", RosterField::Skills),
    ("email", RosterField::Email),
    ("phone", RosterField::Phone),
    ("active", RosterField::Active),
    ("status", RosterField::Status),
    ("deleted", RosterField::Deleted),
    ("id", RosterField::ExternalId),
    ("started", RosterField::Started),
];

static NAMES: LazyLock<guess::Aliases<RosterField>> = LazyLock::new(|| guess::Aliases::of(ALIASES));

const ALIASES: &[(RosterField, &[&str])] = &[
    (RosterField::Login, &["login", "user name", "username", "account", "登录名", "用户名", "账号", "工号"]),
    (
        RosterField::Name,
        &[
            "real name",
            "name",
            "full name",
            "sales agent",
            "rep",
            "sales rep",
            "agent",
            "employee",
            "姓名",
            "销售",
            "销售姓名",
            "昵称",
            "nick name",
        ],
    ),
    (RosterField::FirstName, &["first name", "名"]),
    (RosterField::LastName, &["last name", "surname", "姓"]),
    (
        RosterField::Team,
        &[
            "team",
            "teams",
            "regional office",
            "office",
            "group",
            "department",
            "dept",
            "dept id",
            "dept name",
            "role",
            "团队",
            "部门",
            "小组",
            "所属团队",
            "所属部门",
        ],
    ),
    (RosterField::Manager, &["manager", "supervisor", "上级", "主管", "经理"]),
    (RosterField::Cap, &["cap", "open cap", "max open", "limit", "在手上限", "上限", "持有上限", "容量"]),
    (RosterField::DayCap, &["day cap", "daily cap", "per day", "daily limit", "日上限", "每日上限"]),
    (RosterField::Weight, &["weight", "share", "权重"]),
    (RosterField::Skills, &["skills", "skill", "tags", "技能", "标签", "擅长"]),
    (RosterField::Email, &["email", "e-mail", "mail", "邮箱"]),
    (RosterField::Phone, &["phone", "mobile", "tel", "手机", "手机号", "电话"]),
    (RosterField::Active, &["active", "is active", "enabled", "在职", "启用", "是否启用", "是否在职"]),
    (RosterField::Status, &["status", "state", "状态"]),
    (RosterField::Deleted, &["del flag", "deleted", "is deleted", "删除标志", "已删除"]),
    (RosterField::ExternalId, &["user id", "employee id", "id", "rep id", "编号", "员工编号"]),
    (RosterField::Started, &["started", "hire date", "入职日期"]),
];

/// A rep as a file tells it. `None` = the file does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepDraft {
    pub line: u64,
    pub login: String,
    /// The login was made from the name.
    pub login_derived: bool,
    pub name: String,
    pub teams: Vec<String>,
    pub manager: Option<String>,
    pub cap: Option<u32>,
    pub day_cap: Option<u32>,
    /// 1000 = 1.0.
    pub weight_milli: Option<u32>,
    pub skills: Vec<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub active: bool,
    /// The id other files name this rep by (`OwnerEmployeeId`, `user_id`).
    pub external_id: Option<String>,
    /// Day of hire.
    pub started: Option<DayNo>,
}

/// A whole roster.
#[derive(Debug, Clone)]
pub struct Roster {
    pub headers: Vec<String>,
    /// What each column fills; `None` = not used.
    pub columns: Vec<Option<RosterField>>,
    pub reps: Vec<RepDraft>,
    /// Rows that name nobody, or are torn.
    pub rejected: Vec<Rejection>,
}

/// Reads a roster. `maps` are `Column=field`, as for leads.
///
/// # Errors
/// What [`Source::open`] refuses, an unknown column or field, no column for a login or name, one login twice.
pub fn read(path: &Path, how: &Reading<'_>, maps: &[String]) -> Result<Roster, IntakeError> {
    let source = Source::open(path, how)?;
    let mut columns = NAMES.assign(&source.headers);
    for map in maps {
        guess::apply_override(&source.headers, &mut columns, FIELDS, map)?;
    }
    let named = [
        RosterField::Login,
        RosterField::Name,
        RosterField::FirstName,
        RosterField::LastName,
        RosterField::Email,
    ];
    if !columns.iter().flatten().any(|f| named.contains(f)) {
        return Err(IntakeError::NeedsColumn {
            path: path.to_path_buf(),
            what: "login",
            headers: source.headers.join(", "),
        });
    }
    let mut roster =
        Roster { headers: source.headers.clone(), columns, reps: Vec::new(), rejected: Vec::new() };
    let mut rows = source.rows()?;
    let mut row = RawRow::default();
    let mut logins: BTreeMap<String, u64> = BTreeMap::new();
    loop {
        match rows.read(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(e) => {
                return Err(IntakeError::Unreadable { path: path.to_path_buf(), why: e.to_string() });
            }
        }
        if roster.reps.len() >= MAX_REPS {
            let why = format!("more than {MAX_REPS} reps: this is probably not a roster");
            return Err(IntakeError::Unreadable { path: path.to_path_buf(), why });
        }
        if row.fault.is_none() && row.cells().all(|c| is_blank(&clean_text(c))) {
            continue;
        }
        match rep(&row, &roster.columns) {
            Ok(rep) => {
                if let Some(first_line) = logins.insert(rep.login.to_lowercase(), rep.line) {
                    let (login, second_line) = (rep.login, rep.line);
                    return Err(IntakeError::SameLogin {
                        path: path.to_path_buf(),
                        login,
                        first_line,
                        second_line,
                    });
                }
                roster.reps.push(rep);
            }
            Err(reason) => {
                let cells = row.cells().map(str::to_string).collect();
                roster.rejected.push(Rejection { line: row.line, reason, cells, ..Rejection::whole_row() });
            }
        }
    }
    Ok(roster)
}

fn rep(row: &RawRow, columns: &[Option<RosterField>]) -> Result<RepDraft, Reason> {
    if row.fault.is_some() || row.len() > MAX_COLUMNS {
        return Err(Reason::Torn);
    }
    let cell = |field: RosterField| -> Option<String> {
        let index = columns.iter().position(|c| *c == Some(field))?;
        let text = clean_text(row.get(index));
        (!is_blank(&text)).then_some(text)
    };
    let number = |field| cell(field).and_then(|t| amount::score(&t)).and_then(|n| u32::try_from(n).ok());
    let mail = cell(RosterField::Email).filter(|t| email(t).is_some()).map(|t| t.to_lowercase());
    let parts = [cell(RosterField::FirstName), cell(RosterField::LastName)];
    let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = cell(RosterField::Name).or_else(|| (!joined.is_empty()).then_some(joined));
    let given = cell(RosterField::Login);
    let derived = given.is_none();
    let login = given
        .map(|l| l.to_lowercase())
        .or_else(|| name.as_deref().and_then(login_from_name))
        .or_else(|| mail.as_deref().and_then(|m| m.split('@').next()).map(str::to_string))
        .ok_or(Reason::NothingToKeep)?;
    Ok(RepDraft {
        line: row.line,
        name: name.unwrap_or_else(|| login.clone()),
        login,
        login_derived: derived,
        teams: cell(RosterField::Team).map(|t| list(&t)).unwrap_or_default(),
        manager: cell(RosterField::Manager),
        cap: number(RosterField::Cap),
        day_cap: number(RosterField::DayCap),
        weight_milli: cell(RosterField::Weight)
            .and_then(|t| amount::thousandths(&t))
            .and_then(|n| u32::try_from(n).ok()),
        skills: cell(RosterField::Skills).map(|t| list(&t)).unwrap_or_default(),
        email: mail,
        phone: cell(RosterField::Phone),
        active: active(cell(RosterField::Active), cell(RosterField::Status), cell(RosterField::Deleted)),
        external_id: cell(RosterField::ExternalId),
        started: match cell(RosterField::Started) {
            Some(text) => Some(day_of(&text).ok_or(Reason::BadDate(DateFault::Unreadable))?),
            None => None,
        },
    })
}

/// A date with the year first; others leave open what is day and what is month, and a roster is too small to tell.
#[must_use]
pub fn day_of(text: &str) -> Option<DayNo> {
    let text = clean_text(text);
    let day = text.split([' ', 'T']).next()?;
    let plain = day.replace(['/', '.', '年', '月'], "-").replace('日', "");
    let date = chrono::NaiveDate::parse_from_str(&plain, "%Y-%m-%d").ok()?;
    if !(1900..2200).contains(&chrono::Datelike::year(&date)) {
        return None;
    }
    let days = date.signed_duration_since(chrono::NaiveDate::default()).num_days();
    i32::try_from(days).ok().map(DayNo)
}

/// Anna Snelling → anna.snelling; 张三 stays 张三.
fn login_from_name(name: &str) -> Option<String> {
    let lower = fold(name);
    let words: Vec<String> = lower
        .split(' ')
        .map(|w| w.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect::<String>())
        .filter(|w| !w.is_empty())
        .collect();
    (!words.is_empty()).then(|| words.join("."))
}

fn list(text: &str) -> Vec<String> {
    let parts = text.split([',', ';', '|', '、', '/']).map(str::trim).filter(|p| !p.is_empty());
    let mut out: Vec<String> = Vec::new();
    for part in parts {
        if !out.iter().any(|o| o == part) {
            out.push(part.to_string());
        }
    }
    out
}

/// Active unless the file says otherwise; numbers in a status column mean different things elsewhere and are not read.
fn active(active: Option<String>, status: Option<String>, deleted: Option<String>) -> bool {
    let gone = deleted.is_some_and(|d| !matches!(fold(&d).as_str(), "0" | "no" | "false" | "否" | "n"));
    let left = status.is_some_and(|s| {
        matches!(
            fold(&s).as_str(),
            "inactive" | "disabled" | "left" | "离职" | "停用" | "禁用" | "已离职" | "terminated"
        )
    });
    let on = active.is_none_or(|a| is_yes(&a) || matches!(fold(&a).as_str(), "active" | "在职" | "启用"));
    on && !gone && !left
}
