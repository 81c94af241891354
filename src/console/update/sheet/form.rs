//! Forms: a lead by hand, a correction, a divert. The fields are text; what they mean is read when they are handed in, and
//! what is wrong is said in the form.

use super::super::give;
use crate::console::desk::Choice;
use crate::console::handwork::form::{Entry, Form, FormKind, Ready, Slot, sort_out};
use crate::console::handwork::sheet::Sheet;
use crate::console::model::{Model, Overlay};
use crate::console::msg::{Ask, Effect, Order};
use crate::console::text::{Say, T};
use crate::console::widget::field::Field;
use crate::engine::DivertWish;
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::overlay::{DivertBy, DivertTo};
use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};
use crate::rulebook::{Severity, parse_condition_in};
use crate::world::moment::instant_of;
use chrono::Datelike;

/// How long a divert lasts unless the person says otherwise.
const LONG: &str = "2h";

fn top(model: &mut Model) -> Option<&mut Form> {
    match super::top(model) {
        Some(Sheet::Form(form)) => Some(form),
        _ => None,
    }
}

/// The field of the form on top.
pub(in crate::console::update) fn field(model: &mut Model) -> Option<&mut Field> {
    top(model).and_then(Form::field)
}

pub(super) fn open_add(model: &mut Model) -> Vec<Effect> {
    let fields: Vec<(Slot, &str)> = Slot::OF_LEAD.iter().map(|slot| (*slot, "")).collect();
    super::push(model, Sheet::Form(Form::new(FormKind::Add, &fields)));
    Vec::new()
}

/// The stored texts, but for the phone: it stays masked until somebody asks for it, and empty means unchanged.
pub(super) fn open_edit(model: &mut Model) -> Vec<Effect> {
    let Some(line) = model.lead() else { return Vec::new() };
    let card = model.desk.card(line.id).unwrap_or_default();
    let phone = if model.unmasked == Some(line.id) { card.phone.as_str() } else { "" };
    let texts = [
        card.name.as_str(),
        phone,
        card.wechat.as_str(),
        card.email.as_str(),
        line.company.as_str(),
        line.source.as_str(),
        line.region.as_str(),
        line.product.as_str(),
        card.note.as_str(),
    ];
    let fields: Vec<(Slot, &str)> = Slot::OF_LEAD.into_iter().zip(texts).collect();
    let kind = FormKind::Edit { lead: line.id, rev: line.rev };
    super::push(model, Sheet::Form(Form::new(kind, &fields)));
    Vec::new()
}

/// A divert of leads like the selected one: from its source, to `to` if the person has chosen somebody.
pub(super) fn open_divert(model: &mut Model, to: Option<String>) -> Vec<Effect> {
    let source = model.lead().map(|line| line.source.to_string()).unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let value = if source.chars().all(is_word) { source.clone() } else { format!("\"{source}\"") };
    let scope = if source.is_empty() { String::new() } else { format!("source = {value}") };
    let to = to.unwrap_or_default();
    let texts = [(Slot::Scope, scope.as_str()), (Slot::To, &to), (Slot::Long, LONG), (Slot::Reason, "")];
    let mut form = Form::new(FormKind::Divert, &texts);
    // What is filled in already need not be typed again.
    form.at = if to.is_empty() { 1 } else { 2 };
    super::push(model, Sheet::Form(form));
    Vec::new()
}

/// From the picker: a divert to whoever is selected there.
pub(in crate::console::update) fn divert_here(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Assign(assigning)) = model.overlays.last() else { return Vec::new() };
    let to = match assigning.picker.list.selected() {
        Some(Choice::Rep(rep)) => Some(model.desk.rep_name(rep)),
        Some(Choice::Team(index)) => assigning.teams.get(index).map(ToString::to_string),
        Some(Choice::Engine) | None => None,
    };
    // The form stands over the picker, and Esc leads back to the choice.
    open_divert(model, to)
}

/// Pasted text that speaks of several fields is put where it belongs while the form is young.
pub(in crate::console::update) fn paste(model: &mut Model, text: &str) -> bool {
    let Some(form) = top(model).filter(|form| form.kind == FormKind::Add) else { return false };
    let Some(found) = sort_out(text) else { return false };
    // One thing alone goes where the cursor is, if that is its place.
    if let [(slot, _)] = found.as_slice()
        && form.fields.get(form.at).is_some_and(|(here, _)| here == slot)
    {
        return false;
    }
    for (slot, value) in &found {
        form.fill(*slot, value);
    }
    true
}

/// Hands the form in.
pub(in crate::console::update) fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(form) = top(model) else { return Vec::new() };
    form.problem = None;
    let (lead, form) = match form.kind {
        FormKind::Divert => return divert(model),
        FormKind::Promotion => return super::promotion::accept(model),
        FormKind::Trial => return super::trial::accept(model),
        FormKind::Silence { .. } => return super::super::watching::accept_silence(model),
        FormKind::Add => (None, form),
        FormKind::Edit { lead, rev } => (Some((lead, rev)), form),
    };
    let changed = form.fields.iter().zip(&form.before).filter(|((_, field), before)| field.text() != *before);
    let values: Vec<(Slot, String)> =
        changed.map(|((slot, field), _)| (*slot, field.text().trim().to_owned())).collect();
    if values.iter().all(|(_, text)| text.is_empty()) && lead.is_none() || values.is_empty() {
        form.problem = Some(if lead.is_none() { T::FormEmpty } else { T::FormUnchanged }.into());
        return Vec::new();
    }
    form.is_asked = true;
    vec![Effect::Ask(Ask::Entry(Box::new(Entry { lead, values })))]
}

/// The entry was read: the order goes out, or the form says what is wrong.
pub(in crate::console::update) fn answered(
    model: &mut Model,
    entry: Box<Entry>,
    result: Result<Ready, Say>,
) -> Vec<Effect> {
    let Some(form) = top(model).filter(|form| form.is_asked) else { return Vec::new() };
    form.is_asked = false;
    match result {
        Ok(ready) => {
            model.overlays.pop();
            give(model, Order::Enter { entry, ready })
        }
        Err(why) => {
            form.problem = Some(why);
            Vec::new()
        }
    }
}

fn divert(model: &mut Model) -> Vec<Effect> {
    let Some(form) = top(model) else { return Vec::new() };
    let form = form.clone();
    match wish(model, &form) {
        Ok(wish) => {
            model.overlays.pop();
            // A picker below has served: the divert takes what waits.
            let mut effects = Vec::new();
            if let Some(Overlay::Assign(assigning)) = model.overlays.last() {
                let leads = assigning.holds.clone();
                model.overlays.pop();
                if !leads.is_empty() {
                    effects.push(Effect::Order(Order::Release { leads, is_quiet: true }));
                }
            }
            effects.extend(give(model, Order::Divert(Box::new(wish))));
            effects
        }
        Err(why) => {
            if let Some(form) = top(model) {
                form.problem = Some(why);
            }
            Vec::new()
        }
    }
}

fn wish(model: &Model, form: &Form) -> Result<DivertWish, Say> {
    let scope = form.text(Slot::Scope);
    let (_, found) = parse_condition_in(scope, None, model.desk.world().book());
    if let Some(wrong) = found.iter().find(|d| d.severity == Severity::Error).filter(|_| !scope.is_empty()) {
        return Err(Say::both(wrong.message(Lang::En), wrong.message(Lang::Zh)));
    }
    let names = form.text(Slot::To).split([',', '，', '、']).map(str::trim).filter(|name| !name.is_empty());
    let to: Vec<DivertTo> = names.map(|name| whom(model, name)).collect::<Result<_, _>>()?;
    if to.is_empty() {
        return Err(T::DivertToWhom.into());
    }
    let until = end_of(model, form.text(Slot::Long)).ok_or_else(|| Say::from(T::BadSpan))?;
    Ok(DivertWish {
        scope: scope.into(),
        to,
        by: DivertBy::Fair,
        until,
        reason: form.text(Slot::Reason).into(),
    })
}

/// A team or a rep by name or login.
fn whom(model: &Model, name: &str) -> Result<DivertTo, Say> {
    let world = model.desk.world();
    if let Some((team, _)) = world.teams().iter().find(|(team, _)| team.eq_ignore_ascii_case(name)) {
        return Ok(DivertTo::Team(team.clone()));
    }
    let is_it = |rep: &&crate::world::RepState| {
        rep.active && (rep.card.name == name || rep.card.login.eq_ignore_ascii_case(name))
    };
    let rep = world.reps().iter().find(is_it);
    rep.map(|rep| DivertTo::Rep(rep.id)).ok_or_else(|| Say::NobodyCalled(name))
}

/// An end as people say it: a span from now, an hour (today's, or tomorrow's when it has passed), a day, or both.
pub(in crate::console::update) fn end_of(model: &Model, text: &str) -> Option<Millis> {
    if let Some(ms) = span_ms(text) {
        return Some(model.now.plus(ms));
    }
    let zone = model.desk.moment().zone;
    let text = text.trim().replace('：', ":").replace('/', "-").replace('T', " ");
    let here = chrono::DateTime::from_timestamp_millis(model.now.0)?.with_timezone(&zone).naive_local();
    if let Ok(hour) = chrono::NaiveTime::parse_from_str(&text, "%H:%M") {
        let days = chrono::Days::new(u64::from(hour <= here.time()));
        return instant_of(zone, here.date().checked_add_days(days)?.and_time(hour));
    }
    let dated = if text.split('-').count() == 2 { format!("{}-{text}", here.year()) } else { text };
    let at = chrono::NaiveDateTime::parse_from_str(&dated, "%Y-%m-%d %H:%M").ok().or_else(|| {
        // A day is meant to its end.
        let day = chrono::NaiveDate::parse_from_str(&dated, "%Y-%m-%d").ok()?;
        day.succ_opt()?.and_hms_opt(0, 0, 0)
    })?;
    instant_of(zone, at)
}

/// `90m`, `2h`, `3d`, `1h30m`.
fn span_ms(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut number = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let unit = match c {
            '0'..='9' => {
                number.push(c);
                continue;
            }
            'm' | 'M' | '分' => MINUTE_MS,
            'h' | 'H' | '时' => HOUR_MS,
            'd' | 'D' | '天' => DAY_MS,
            _ => return None,
        };
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    (number.is_empty() && total > 0).then_some(total)
}

/// How many of the waiting leads a divert's scope takes in, as it is typed; none when it cannot be read. Looks at the first
/// [`LOOK_MAX`], and says whether there are more.
#[must_use]
pub fn scope_takes(model: &Model, scope: &str) -> Option<(usize, bool)> {
    let world = model.desk.world();
    let (cond, found) = parse_condition_in(scope, None, world.book());
    if !scope.is_empty() && found.iter().any(|d| d.severity == Severity::Error) {
        return None;
    }
    let (now, moment) = (model.now, model.desk.moment());
    let holds = |lead: &LeadId| {
        let row = world.lead(*lead).filter(|row| row.hold_at(now).is_none());
        row.is_some_and(|row| cond.holds_for(&world.view(row, row.score, moment)))
    };
    let count = world.waiting().iter().take(LOOK_MAX).filter(|key| holds(&key.lead)).count();
    Some((count, world.waiting().len() > LOOK_MAX))
}

/// Waiting leads looked at for the count in a form.
pub const LOOK_MAX: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        assert_eq!(span_ms("2h"), Some(2 * HOUR_MS));
        assert_eq!(span_ms("1h 30m"), Some(90 * MINUTE_MS));
        assert_eq!(span_ms("3天"), Some(3 * DAY_MS));
        for bad in ["", "2", "h", "2x", "0m", "99999999999999999999d"] {
            assert_eq!(span_ms(bad), None, "{bad}");
        }
    }
}
