//! Leads typed on the command line: fields to a draft, with what a file would only be warned of refused. What becomes of a
//! draft is [`crate::intake::taking`]'s affair, the same for every door.

use chrono_tz::Tz;
use smol_str::SmolStr;

use super::args::LeadFields;
use super::context::{CliError, Context, Done};
use crate::intake::csv::RawRow;
use crate::intake::field::Target;
use crate::intake::mapping::{ColumnTarget, Mapping, Why};
use crate::intake::row::{LeadDraft, Rejection, RowReader, Warning, WarningKind};
use crate::intake::state::StateTable;
pub use crate::intake::taking::{Taking, keys, lead_state};
use crate::model::contact::{CountryCode, clean_text, is_blank};
use crate::rulebook::custom_name;

/// A draft of what was typed. What a file would keep with a warning is refused here: the person is still there to mend it.
///
/// # Errors
/// A value that cannot be what its option says, a custom field without a name, an unknown country.
pub fn typed(ctx: &Context, fields: &LeadFields) -> Done<LeadDraft> {
    let country: CountryCode =
        fields.country.parse().map_err(|why| CliError::Usage(format!("--country: {why}")))?;
    let mut columns = Vec::new();
    let mut cells: Vec<String> = Vec::new();
    let mut put = |header: &str, target: Target, text: &str| {
        let (header, example) = (header.to_owned(), SmolStr::default());
        columns.push(ColumnTarget { header, target, why: Why::Given, dates: None, example });
        cells.push(text.to_owned());
    };
    for (header, target, text) in given(fields) {
        put(header, target, text);
    }
    if let Some(score) = fields.score {
        put("--score", Target::Score, &score.to_string());
    }
    for (name, value) in customs(ctx, fields)? {
        put("--x", Target::Custom(name), &value);
    }
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    let row = RawRow::of(1, &cells);
    let headers: Vec<String> = columns.iter().map(|c| c.header.clone()).collect();
    let reader =
        RowReader { mapping: Mapping { columns }, states: StateTable::default(), zone: Tz::UTC, country };
    match reader.read(&row) {
        None => Ok(LeadDraft::default()),
        Some(Ok(draft)) => match draft.warnings.iter().find(|w| is_fatal(w.kind)) {
            Some(warning) => Err(misfit(ctx, warning, &headers)),
            None => Ok(draft),
        },
        Some(Err(rejection)) => Err(CliError::Usage(said(ctx, &rejection))),
    }
}

fn said(ctx: &Context, rejection: &Rejection) -> String {
    rejection.message(ctx.lang)
}

fn is_fatal(kind: WarningKind) -> bool {
    !matches!(kind, WarningKind::SeveralPhones | WarningKind::InvalidWechat)
}

fn misfit(ctx: &Context, warning: &Warning, headers: &[String]) -> CliError {
    let option = warning.column.checked_sub(1).and_then(|i| headers.get(i)).map_or("", String::as_str);
    let value = &warning.value;
    let why = match warning.kind {
        WarningKind::DamagedPhone => ctx.say("a spreadsheet destroyed the digits", "号码已被电子表格破坏"),
        WarningKind::InvalidPhone => {
            ctx.say("this is not a valid phone number; --note can keep it", "不是有效电话号码；可写入 --note")
        }
        WarningKind::InvalidEmail => {
            ctx.say("this is not a mail address; --note can keep it", "不是有效邮箱；可写入 --note")
        }
        WarningKind::Shortened => ctx.say("this is longer than the field may be", "超过字段长度"),
        _ => ctx.say("this does not fit the field", "与字段不符"),
    };
    CliError::Usage(format!("{option} {value:?}: {why}"))
}

/// The plain options that were given, blank ones included.
fn given(fields: &LeadFields) -> Vec<(&'static str, Target, &str)> {
    let all = [
        ("--name", Target::Name, &fields.name),
        ("--phone", Target::Phone, &fields.phone),
        ("--email", Target::Email, &fields.email),
        ("--wechat", Target::Wechat, &fields.wechat),
        ("--company", Target::Company, &fields.company),
        ("--source", Target::Source, &fields.source),
        ("--campaign", Target::Campaign, &fields.campaign),
        ("--region", Target::Region, &fields.region),
        ("--city", Target::City, &fields.city),
        ("--product", Target::Product, &fields.product),
        ("--industry", Target::Industry, &fields.industry),
        ("--language", Target::Language, &fields.language),
        ("--note", Target::Note, &fields.note),
    ];
    all.into_iter()
        .filter_map(|(option, target, text)| text.as_deref().map(|text| (option, target, text)))
        .collect()
}

/// The custom fields that were given, by name; a blank value clears one.
///
/// # Errors
/// When one is not `name=value`.
pub fn customs(ctx: &Context, fields: &LeadFields) -> Done<Vec<(SmolStr, String)>> {
    let bad = |text: &str| {
        CliError::Usage(format!("--x {text:?}: {}", ctx.say("write it as name=value", "请写成 名称=值")))
    };
    let mut found = Vec::new();
    for text in &fields.custom {
        let (name, value) = text.split_once('=').ok_or_else(|| bad(text))?;
        let name = clean_text(name);
        let name = name.strip_prefix("x.").unwrap_or(&name);
        if is_blank(name) || name.chars().any(|c| !(c.is_alphanumeric() || c == '_' || c == '-')) {
            return Err(bad(text));
        }
        found.push((custom_name(name), value.to_owned()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        let common = super::super::args::Common {
            db: Some("unused.db".into()),
            lang: Some("en".into()),
            json: false,
            role: None,
            actor: None,
            config: None,
            color: None,
            glyphs: None,
            channels: None,
        };
        Context::new(&common).unwrap()
    }

    #[test]
    fn a_typed_lead_has_the_keys_of_an_imported_one() {
        let fields = LeadFields {
            phone: Some("138-0013-8000".into()),
            custom: vec!["x.budget=10".into()],
            country: "CN".into(),
            ..LeadFields::default()
        };
        let draft = typed(&context(), &fields).unwrap();
        let secret = [7; 16];
        let imported = LeadDraft {
            phone_key: Some(crate::model::contact::phone("+86 13800138000", CountryCode::CN)),
            ..LeadDraft::default()
        };
        assert_eq!(keys(&draft, &secret), keys(&imported, &secret));
        use crate::intake::taking::attrs;
        assert_eq!(attrs(&draft).custom, vec![("budget".into(), "10".into())]);
        assert!(attrs(&draft).has_phone);
    }

    #[test]
    fn what_cannot_be_a_phone_is_refused_by_hand() {
        let fields = LeadFields { phone: Some("12".into()), country: "CN".into(), ..LeadFields::default() };
        let error = typed(&context(), &fields).unwrap_err();
        assert_eq!(error.code(), 2);
        assert!(error.to_string().contains("--phone"), "{error}");
    }
}
