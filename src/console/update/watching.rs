//! Looking at alerts and handling them: the full view, the list of all, the weekly review, and what a person says and does
//! about one.

use super::{give, go, sheet};
use crate::console::desk::AlertId;
use crate::console::handwork::form::{Form, FormKind, Ready, Slot};
use crate::console::handwork::sheet::Sheet;
use crate::console::model::{Model, Overlay, Purpose, Severity};
use crate::console::msg::{Ask, Effect, Go, Order};
use crate::console::text::{Say, T};
use crate::console::watching::{One, Reviewing, Row, Step, Watching, cells, review, sheet as lines};
use crate::console::widget::field::Field;
use crate::console::widget::list::{ListState, Motion};
use crate::engine::AlertWish;
use crate::model::actor::Role;
use crate::model::alert::{Alert, AlertKey, AlertKind, AlertSubject, Ending};
use crate::model::event::Event;
use crate::model::id::{ComplaintId, LeadId, Seq, SilenceId};
use crate::model::lang::Lang;
use crate::report::alerts::{Review, tells_of};
use crate::watch::words;
use std::sync::Arc;

/// Complaints whose leads' names are fetched.
const COMPLAINTS_NAMED_MAX: usize = 100;
/// How long a silence lasts unless the person says otherwise.
const LONG: &str = "4h";

pub(super) fn step(model: &mut Model, step: Step) -> Vec<Effect> {
    match step {
        Step::Open => return open(model),
        Step::List => push(model, Watching::All(ListState::default())),
        Step::Review => return open_review(model, 0),
        Step::Episodes => episodes(model),
        Step::Earlier => return turn(model, 1),
        Step::Later => return turn(model, -1),
        Step::Lead => return to_lead(model),
        Step::Snooze => prompt(model, Purpose::Snooze),
        Step::Comment => prompt(model, Purpose::AlertComment),
        Step::FalseAlarm => prompt(model, Purpose::FalseAlarm),
        Step::Silence => silence(model),
        Step::Complaints => push(model, Watching::Complaints(ListState::default())),
        Step::Uphold => rule_on(model, Purpose::Uphold),
        Step::Reject => rule_on(model, Purpose::Reject),
    }
    Vec::new()
}

fn push(model: &mut Model, watching: Watching) {
    model.notice = None;
    model.overlays.push(Overlay::Watching(Box::new(watching)));
    sync(model);
}

pub(super) fn top(model: &mut Model) -> Option<&mut Watching> {
    match model.overlays.last_mut() {
        Some(Overlay::Watching(watching)) => Some(watching),
        _ => None,
    }
}

/// What is looked at, if it is about alerts.
#[must_use]
pub fn shown(model: &Model) -> Option<&Watching> {
    match model.overlays.last() {
        Some(Overlay::Watching(watching)) => Some(watching),
        _ => None,
    }
}

/// The alert commands are about: the one in full view, the selected one of the list of all, or of the pane.
#[must_use]
pub fn chosen(model: &Model) -> Option<AlertId> {
    match shown(model) {
        Some(Watching::One(one)) => Some(one.key()),
        Some(Watching::All(list)) => match list.selected() {
            Some(Row::Alert(id)) => Some(id),
            _ => None,
        },
        Some(Watching::Review(_) | Watching::Complaints(_)) => None,
        None => model.alerts.selected(),
    }
}

/// The same as it stands; none when it is over.
#[must_use]
pub fn alert(model: &Model) -> Option<&Alert> {
    let id = chosen(model).filter(|id| model.desk.alert(*id).is_some())?;
    let alert = model.desk.world().alerts().get(&id)?;
    match shown(model) {
        // A later episode is another alert.
        Some(Watching::One(one)) if one.episode() != alert.fired_seq => None,
        _ => Some(alert),
    }
}

fn named(model: &Model) -> Option<(AlertKey, Seq)> {
    alert(model).map(|alert| (alert.finding.key, alert.fired_seq))
}

fn open(model: &mut Model) -> Vec<Effect> {
    let Some(alert) = alert(model).cloned() else { return Vec::new() };
    let (key, episode) = (alert.finding.key, alert.fired_seq);
    push(model, Watching::One(One::new(alert)));
    vec![Effect::Ask(Ask::AlertStory { key, episode })]
}

/// What happened to the alert in view.
pub(super) fn story_came(model: &mut Model, key: AlertKey, episode: Seq, events: Vec<Event>) {
    for overlay in &mut model.overlays {
        if let Overlay::Watching(watching) = overlay
            && let Watching::One(one) = &mut **watching
            && (one.key(), one.episode()) == (key, episode)
        {
            // News may have been quicker.
            let newer: Vec<Event> = one.events.drain(..).collect();
            let last = events.last().map_or(Seq(0), |event| event.seq);
            one.events = events;
            one.events.extend(newer.into_iter().filter(|event| event.seq > last));
            one.has_come = true;
            break;
        }
    }
    sync(model);
}

/// What was committed about the alert in view goes on in its timeline.
pub(super) fn events_came(model: &mut Model, events: &[Event]) {
    for overlay in &mut model.overlays {
        if let Overlay::Watching(watching) = overlay
            && let Watching::One(one) = &mut **watching
            && !one.is_over
        {
            let (key, episode) = (one.key(), one.episode());
            let told = events.iter().filter(|e| e.seq > episode && tells_of(e, key, episode));
            one.events.extend(told.cloned());
        }
    }
}

/// Everything that fires, is seen, or is silenced, for the list of all.
#[must_use]
pub fn rows(model: &Model) -> Vec<Row> {
    let world = model.desk.world();
    let mut open: Vec<&Alert> =
        model.desk.alerts().iter().filter_map(|line| world.alerts().get(&line.id)).collect();
    open.sort_by_key(|alert| (std::cmp::Reverse(alert.detail.severity), alert.fired_seq));
    let is_told = |kind: AlertKind| !kind.is_private() || model.may(Role::Supervisor);
    let pending = world.pending_alerts().keys().copied().filter(|key| is_told(key.kind));
    let silences = world.silences().iter().filter(|(_, silence)| silence.is_live(model.now));
    let open = open.into_iter().map(|alert| Row::Alert(alert.finding.key));
    open.chain(pending.map(Row::Pending)).chain(silences.map(|(id, _)| Row::Silence(*id))).collect()
}

/// The selected silence of the list of all.
#[must_use]
pub fn selected_silence(model: &Model) -> Option<SilenceId> {
    match shown(model) {
        Some(Watching::All(list)) => match list.selected() {
            Some(Row::Silence(id)) => Some(id),
            _ => None,
        },
        _ => None,
    }
}

/// The selected lead of the alert in full view.
#[must_use]
pub fn selected_lead(model: &Model) -> Option<LeadId> {
    match shown(model) {
        Some(Watching::One(one)) => one.leads.selected(),
        Some(Watching::Complaints(_)) => {
            selected_complaint(model).and_then(|id| model.desk.world().complaint(id)).map(|c| c.lead)
        }
        _ => None,
    }
}

fn to_lead(model: &mut Model) -> Vec<Effect> {
    let Some(lead) = selected_lead(model) else { return Vec::new() };
    model.overlays.clear();
    go::go(model, Go::Lead(lead))
}

/// Leads of the alert in view, whose names it shows.
pub(super) fn leads_shown(model: &Model) -> Vec<LeadId> {
    match shown(model) {
        Some(Watching::One(one)) => one.alert.finding.leads.clone(),
        Some(Watching::Complaints(_)) => {
            model.desk.world().open_complaints().map(|c| c.lead).take(COMPLAINTS_NAMED_MAX).collect()
        }
        _ => Vec::new(),
    }
}

/// The alert whose remedies the screen shows.
pub(super) fn helped(model: &Model) -> Option<AlertId> {
    match shown(model) {
        Some(Watching::One(one)) if one.is_over => None,
        _ => chosen(model),
    }
}

/// Brings what is open in line with the desk.
pub(super) fn sync(model: &mut Model) {
    let page = model.pages.overlay;
    let Some(Overlay::Watching(mut watching)) =
        model.overlays.pop_if(|top| matches!(top, Overlay::Watching(_)))
    else {
        return;
    };
    match &mut *watching {
        Watching::One(one) => {
            let stands = model.desk.world().alerts().get(&one.key());
            match stands.filter(|alert| alert.fired_seq == one.episode()) {
                Some(alert) => one.alert = alert.clone(),
                None => one.is_over |= model.desk.is_loaded(),
            }
            let named = one.alert.finding.leads.clone();
            one.leads.sync(&named, page);
            let last = lines::lines(model, one, cells(model.size.cols)).len().saturating_sub(page.max(1));
            one.offset = one.offset.min(last);
        }
        Watching::All(list) => list.sync(&rows(model), page),
        Watching::Complaints(list) => list.sync(&complaints(model), page),
        Watching::Review(of) => {
            let (kinds, episodes) = (review::kinds(of), review::episodes(of));
            of.kinds.sync(&kinds, page);
            of.episodes.sync(&episodes, page);
        }
    }
    model.overlays.push(Overlay::Watching(watching));
}

/// Moves the selection or the text of what is open.
pub(super) fn shift(model: &mut Model, motion: Motion) {
    let page = model.pages.overlay;
    let all = rows(model);
    let Some(Overlay::Watching(mut watching)) = model.overlays.pop() else { return };
    match &mut *watching {
        Watching::One(one) => shift_one(model, one, motion, page),
        Watching::All(list) => list.go(motion, &all, page),
        Watching::Complaints(list) => list.go(motion, &complaints(model), page),
        Watching::Review(of) if of.kind.is_some() => {
            let rows = review::episodes(of);
            of.episodes.go(motion, &rows, page);
        }
        Watching::Review(of) => {
            let rows = review::kinds(of);
            of.kinds.go(motion, &rows, page);
        }
    }
    model.overlays.push(Overlay::Watching(watching));
}

/// Up and down go through the leads; where there is no further one, and by pages, the text moves.
fn shift_one(model: &Model, one: &mut One, motion: Motion, page: usize) {
    let named = one.alert.finding.leads.clone();
    let before = one.leads.selected();
    if matches!(motion, Motion::Up | Motion::Down) {
        one.leads.go(motion, &named, page);
    }
    let all = lines::lines(model, one, cells(model.size.cols));
    let last = all.len().saturating_sub(page.max(1));
    let has_moved = one.leads.selected() != before;
    one.offset = match motion {
        Motion::Up if !has_moved => one.offset.saturating_sub(1),
        Motion::Down if !has_moved => one.offset + 1,
        Motion::Up | Motion::Down => {
            let at = all.iter().position(|line| line.lead == one.leads.selected()).unwrap_or(0);
            one.offset.clamp((at + 1).saturating_sub(page.max(1)), at)
        }
        Motion::PageUp => one.offset.saturating_sub(page),
        Motion::PageDown => one.offset + page,
        Motion::Home => 0,
        Motion::End => last,
    }
    .min(last);
}

fn open_review(model: &mut Model, back: u32) -> Vec<Effect> {
    let kind = alert(model).map(|alert| alert.finding.key.kind).filter(|_| shown(model).is_some());
    push(model, Watching::Review(Reviewing::new(back, kind)));
    vec![ask_review(model, back)]
}

fn ask_review(model: &Model, back: u32) -> Effect {
    let weeks = (review::week(model.now, back), review::week(model.now, back + 1));
    Effect::Ask(Ask::Review { back, weeks })
}

/// A week back or forward.
fn turn(model: &mut Model, by: i64) -> Vec<Effect> {
    let Some(Watching::Review(of)) = top(model) else { return Vec::new() };
    let Ok(back) = u32::try_from(i64::from(of.back) + by) else { return Vec::new() };
    *of = Reviewing::new(back, of.kind);
    vec![ask_review(model, back)]
}

fn episodes(model: &mut Model) {
    if let Some(Watching::Review(of)) = top(model) {
        of.kind = of.kinds.selected();
    }
    sync(model);
}

/// The review of a week came; one that is no longer asked for is dropped.
pub(super) fn reviewed(model: &mut Model, back: u32, weeks: (Review, Review)) {
    let is_supervisor = model.may(Role::Supervisor);
    if let Some(Watching::Review(of)) = top(model)
        && of.back == back
    {
        of.weeks = Some(Box::new(review::shown(is_supervisor, weeks)));
    }
    sync(model);
}

/// Back from the episodes of a detector to all; true when there was such a step.
pub(super) fn back(model: &mut Model) -> bool {
    match top(model) {
        Some(Watching::Review(of)) if of.kind.is_some() && of.kinds.selected().is_some() => {
            of.kind = None;
            sync(model);
            true
        }
        _ => false,
    }
}

fn prompt(model: &mut Model, purpose: fn(AlertKey, Seq) -> Purpose) {
    if let Some((key, episode)) = named(model) {
        model.notice = None;
        model.overlays.push(Overlay::Prompt { purpose: purpose(key, episode), field: Field::default() });
    }
}

/// What was written about an alert.
pub(super) fn prompted(model: &mut Model, purpose: Purpose, text: &str) -> Vec<Effect> {
    let (key, episode, wish, note) = match purpose {
        Purpose::Snooze(key, episode) => {
            let Some(until) = sheet::end_of(model, text) else {
                model.say(Severity::Refused, T::BadSnooze);
                model.overlays.push(Overlay::Prompt { purpose, field: Field::new(text) });
                return Vec::new();
            };
            (key, episode, AlertWish::Snooze { until }, String::new())
        }
        Purpose::AlertComment(key, episode) => (key, episode, AlertWish::Comment, text.to_owned()),
        Purpose::FalseAlarm(key, episode) => {
            (key, episode, AlertWish::Close(Ending::FalseAlarm), text.to_owned())
        }
        _ => return Vec::new(),
    };
    give(model, Order::Alert { key, episode, wish, note })
}

/// A silence by example: what of the alert it goes by, and until when.
fn silence(model: &mut Model) {
    let Some(alert) = alert(model).cloned() else { return };
    let key = alert.finding.key;
    let kind = if model.lang == Lang::Zh { key.kind.word_zh() } else { key.kind.word() };
    let (of_kind, about) = match model.lang {
        Lang::En => ("kind", "about"),
        Lang::Zh => ("类型", "对象"),
    };
    let matcher = match key.subject {
        AlertSubject::Desk => format!("{of_kind} = {kind}"),
        _ => {
            let who = words::about(model.desk.world(), &alert.finding, &alert.detail, model.lang);
            format!("{of_kind} = {kind}, {about} = \"{who}\"")
        }
    };
    let texts = [(Slot::Match, matcher.as_str()), (Slot::Until, LONG), (Slot::Reason, "")];
    let mut form = Form::new(FormKind::Silence { key, episode: alert.fired_seq }, &texts);
    form.at = 1;
    sheet::push(model, Sheet::Form(form));
}

/// What a silence goes by, as typed: a kind, what it is about, or both, each as the alert has it.
///
/// # Errors
/// What is wrong with it, for the form.
pub fn matcher(
    model: &Model,
    key: AlertKey,
    text: &str,
) -> Result<(Option<AlertKind>, Option<AlertSubject>), Say> {
    let (mut kind, mut subject) = (None, None);
    for part in parts(text) {
        let bad = || Say::BadMatch(part.trim());
        let (word, value) = part.split_once(['=', '＝']).ok_or_else(bad)?;
        let value = value.trim().trim_matches(['"', '“', '”']);
        match word.trim().to_lowercase().as_str() {
            "kind" | "类型" if AlertKind::from_word(value) == Some(key.kind) => kind = Some(key.kind),
            "about" | "对象" if is_about(model, key, value) => subject = Some(key.subject),
            _ => return Err(bad()),
        }
    }
    if kind.is_none() && subject.is_none() { Err(T::NoMatch.into()) } else { Ok((kind, subject)) }
}

/// The parts between commas that stand in no quotes.
fn parts(text: &str) -> Vec<String> {
    let (mut all, mut here, mut is_quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        is_quoted ^= matches!(c, '"' | '“' | '”');
        if matches!(c, ',' | '，') && !is_quoted {
            all.push(std::mem::take(&mut here));
        } else {
            here.push(c);
        }
    }
    all.push(here);
    all.retain(|part| !part.trim().is_empty());
    all
}

fn is_about(model: &Model, key: AlertKey, value: &str) -> bool {
    let world = model.desk.world();
    world.alerts().get(&key).is_some_and(|alert| {
        [Lang::En, Lang::Zh]
            .into_iter()
            .any(|lang| words::about(world, &alert.finding, &alert.detail, lang).eq_ignore_ascii_case(value))
    })
}

/// How many alerts of the last day a silence as typed would have hidden.
#[must_use]
pub fn would_hide(model: &Model, key: AlertKey, text: &str) -> Option<usize> {
    let (kind, subject) = matcher(model, key, text).ok()?;
    Some(model.desk.world().would_have_hidden(kind, subject, model.now))
}

/// Hands the form of a silence in.
pub(super) fn accept_silence(model: &mut Model) -> Vec<Effect> {
    let Some(Sheet::Form(form)) = sheet::top(model) else { return Vec::new() };
    let form = form.clone();
    let FormKind::Silence { key, .. } = form.kind else { return Vec::new() };
    let until = sheet::end_of(model, form.text(Slot::Until));
    let asked = matcher(model, key, form.text(Slot::Match))
        .and_then(|(kind, subject)| Ok((kind, subject, until.ok_or_else(|| Say::from(T::BadEnd))?)));
    match asked {
        Ok((kind, subject, until)) => {
            model.overlays.pop();
            let reason = form.text(Slot::Reason).to_owned();
            give(model, Order::Silence { kind, subject, until, reason })
        }
        Err(why) => {
            if let Some(Sheet::Form(form)) = sheet::top(model) {
                form.problem = Some(why);
            }
            Vec::new()
        }
    }
}

/// Complaints nobody has ruled on, the oldest first.
#[must_use]
pub fn complaints(model: &Model) -> Vec<ComplaintId> {
    model.desk.world().open_complaints().map(|complaint| complaint.id).collect()
}

/// The selected one.
#[must_use]
pub fn selected_complaint(model: &Model) -> Option<ComplaintId> {
    match shown(model) {
        Some(Watching::Complaints(list)) => list.selected(),
        _ => None,
    }
}

fn rule_on(model: &mut Model, purpose: fn(ComplaintId) -> Purpose) {
    if let Some(id) = selected_complaint(model) {
        model.notice = None;
        model.overlays.push(Overlay::Prompt { purpose: purpose(id), field: Field::default() });
    }
}

/// What was written about a complaint: `name: why` moves the lead to somebody, a reason alone leaves it to the engine.
pub(super) fn ruled(model: &mut Model, purpose: Purpose, text: &str) -> Vec<Effect> {
    let (complaint, is_upheld) = match purpose {
        Purpose::Uphold(id) => (id, true),
        Purpose::Reject(id) => (id, false),
        _ => return Vec::new(),
    };
    let split = text.split_once([':', '：']).filter(|_| is_upheld);
    let named = split.map(|(name, why)| (model.desk.world().rep_named(name.trim()).map(|rep| rep.id), why));
    let (to, reason) = match named {
        Some((Some(rep), why)) => (Some(rep), why.trim().to_owned()),
        Some((None, _)) => {
            let name = split.map_or("", |(name, _)| name.trim());
            model.say(Severity::Refused, Say::NobodyCalled(name));
            model.overlays.push(Overlay::Prompt { purpose, field: Field::new(text) });
            return Vec::new();
        }
        None => (None, text.to_owned()),
    };
    give(model, Order::RuleOn { complaint, is_upheld, to, reason })
}

/// Does what the engine worked out, as one batch.
pub(super) fn remedy(model: &mut Model, key: AlertKey, choice: usize) -> Vec<Effect> {
    let Some(episode) = model.desk.world().alerts().get(&key).map(|alert| alert.fired_seq) else {
        return Vec::new();
    };
    let offered = model.desk.offered(key, episode);
    let Some(remedy) = offered.as_ref().and_then(|all| all.get(choice)) else { return Vec::new() };
    if !model.may(remedy.intent.needs()) {
        let needs =
            if remedy.intent.needs() >= Role::Supervisor { T::NeedsSupervisor } else { T::NotAllowed };
        model.say(Severity::Refused, needs);
        return Vec::new();
    }
    let what = model.desk.remedy_words(remedy);
    let ready = Ready(Arc::new(remedy.intent.clone()));
    give(model, Order::Remedy { key, episode, ready, what })
}
