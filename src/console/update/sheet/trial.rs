//! A draft on trial: the sheet that tells of it, the form that starts one, what the form's words mean.

use super::form::end_of;
use super::{push, top};
use crate::console::handwork::form::{Form, FormKind, Slot};
use crate::console::handwork::sheet::{Sheet, Trying};
use crate::console::model::Model;
use crate::console::msg::{Ask, Effect, Order};
use crate::console::text::{Say, T};
use crate::console::update::give;
use crate::console::widget::fit::{Align, fit};
use crate::engine::{TrialWish, trial, words};
use crate::model::lang::Lang;
use crate::model::time::Millis;
use crate::model::trial::{Figure, Share, TrialId, TrialKind};
use crate::report::trial::figure_words;

/// How long a canary lasts unless the person says otherwise.
const LONG: &str = "2h";

/// Opens the sheet; where a shadow differed is asked from the file.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    push(model, Sheet::Trial(Trying::default()));
    let state = model.desk.world().trial();
    let of = state.filter(|state| state.trial().kind == TrialKind::Shadow).map(|state| state.trial().id);
    of.map(|trial| Effect::Ask(Ask::Differed(trial))).into_iter().collect()
}

/// Where it differed came; what is of another trial or a closed sheet is dropped.
pub(in crate::console::update) fn differed(model: &mut Model, trial: TrialId, lines: Vec<(Millis, Say)>) {
    let is_it = model.desk.world().trial().is_some_and(|state| state.trial().id == trial);
    if let Some(Sheet::Trial(trying)) = top(model)
        && is_it
    {
        trying.differed = lines;
    }
}

/// Asks for whom the draft is to decide, and until when.
pub(in crate::console::update) fn ask(model: &mut Model) -> Vec<Effect> {
    let texts = [(Slot::Whom, ""), (Slot::Until, LONG), (Slot::Terms, ""), (Slot::Reason, "")];
    push(model, Sheet::Form(Form::new(FormKind::Trial, &texts)));
    Vec::new()
}

/// Hands the form in.
pub(super) fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(Sheet::Form(form)) = top(model) else { return Vec::new() };
    let form = form.clone();
    match wish(model, &form) {
        Ok(wish) => {
            // The sheet below told that there is none.
            model.overlays.clear();
            give(model, Order::StartTrial(Box::new(wish)))
        }
        Err(why) => {
            if let Some(Sheet::Form(form)) = top(model) {
                form.problem = Some(why);
            }
            Vec::new()
        }
    }
}

fn wish(model: &Model, form: &Form) -> Result<TrialWish, Say> {
    let kind = match form.text(Slot::Whom) {
        "" => TrialKind::Shadow,
        whom => {
            let until = end_of(model, form.text(Slot::Until)).ok_or_else(|| Say::from(T::BadEnd))?;
            let promote_when = form.text(Slot::Terms);
            let at = |at: Millis| crate::console::desk::day_and_hour(at, model.desk.moment());
            trial::terms(promote_when).map_err(|refusal| {
                Say::both(refusal.message(Lang::En, &at), refusal.message(Lang::Zh, &at))
            })?;
            TrialKind::Canary { share: share(model, whom, until)?, until, promote_when: promote_when.into() }
        }
    };
    let reason = form.text(Slot::Reason).into();
    Ok(TrialWish { text: model.draft.editor.text().into(), kind, reason, base: model.draft.base })
}

/// A share such as `10%`, else a team.
fn share(model: &Model, whom: &str, until: Millis) -> Result<Share, Say> {
    if whom.ends_with(['%', '％']) {
        return Share::of_percent(whom, until).ok_or_else(|| Say::from(T::TrialBadShare));
    }
    let world = model.desk.world();
    let team = world.teams().keys().find(|team| team.eq_ignore_ascii_case(whom));
    team.map(|team| Share::Team(team.clone())).ok_or_else(|| Say::TrialNoTeam(whom))
}

/// The sheet, line by line.
#[must_use]
pub fn trial_lines(model: &Model, trying: &Trying) -> Vec<Say> {
    let world = model.desk.world();
    let both = |words: &dyn Fn(Lang) -> String| Say::both(words(Lang::En), words(Lang::Zh));
    let Some(state) = world.trial() else { return vec![T::TrialNone.into(), T::TrialWhat.into()] };
    let of = state.trial();
    let mut lines = vec![both(&|lang| words::trial(world, of, lang))];
    if let Some((at, end)) = &state.kept.ended {
        let at = crate::console::desk::day_and_hour(*at, model.desk.moment());
        lines.push(both(&|lang| format!("{at} · {}", words::trial_end(end, lang))));
    }
    let untried = trial::untried(world);
    if !untried.is_empty() && state.is_on() {
        lines.push(Say::TrialUntried(&untried.join(", ")));
    }
    let tally = state.tally();
    lines.push(Say::verbatim(String::new()));
    if of.kind == TrialKind::Shadow {
        lines.push(Say::TrialDiffered(tally.rest.decided(), tally.differed));
        let at = |at: Millis| crate::console::desk::hour_and_minute(at, model.desk.moment());
        let told = trying.differed.iter().rev();
        lines.extend(told.map(|(when, say)| both(&|lang| format!("  {}  {}", at(*when), say.get(lang)))));
        return lines;
    }
    let cell = |text: String| fit(&text, CELLS, Align::Right);
    let head = |lang| [T::TrialDraft, T::TrialRest].map(|word| cell(word.get(lang).to_owned())).concat();
    lines.push(both(&head));
    for (figure, word) in Figure::ALL {
        let row = |lang: Lang| {
            let [draft, rest] = [&tally.draft, &tally.rest].map(|side| cell(figure_words(figure, side)));
            let word = match lang {
                Lang::En => word.to_owned(),
                Lang::Zh => format!("{} ({word})", figure.word_zh()),
            };
            format!("{draft}{rest}   {word}")
        };
        lines.push(both(&row));
    }
    lines
}

/// Cells of a figure.
const CELLS: usize = 12;

/// Whether the draft could be tried, or why not.
#[must_use]
pub fn hinders_trial(model: &Model) -> Option<T> {
    if model.desk.world().trial_on().is_some() {
        Some(T::TrialIsOn)
    } else if !model.draft.is_changed() {
        Some(T::TrialNoDraft)
    } else if model.draft.is_checked() && model.draft.problems.iter().any(|problem| problem.is_error) {
        Some(T::TrialErrors)
    } else {
        None
    }
}
