//! What the service tells: a new desk, answers, checks. An answer to a question no longer asked is dropped.

use super::pick;
use crate::console::model::{Model, Overlay, Severity};
use crate::console::msg::{Effect, News};
use crate::model::id::RepId;

pub(super) fn news(model: &mut Model, news: News) -> Vec<Effect> {
    match news {
        News::Desk(desk) => {
            model.desk = *desk;
            pick::refilter(model);
            let reps: Vec<RepId> = model.desk.reps().iter().map(|rep| rep.id).collect();
            model.loads.sync(&reps, model.pages.loads);
            let alerts: Vec<_> = model.desk.alerts().iter().map(|alert| alert.id).collect();
            model.alerts.sync(&alerts, model.pages.alerts);
        }
        News::Left { lead, sentence } => model.left = Some((lead, sentence)),
        News::Done(text) => model.say(Severity::Done, text),
        News::Refused(text) => model.say(Severity::Refused, text),
        News::Why { lead, lines } => {
            for overlay in &mut model.overlays {
                if let Overlay::Why { lead: asked, lines: slot, offset } = overlay
                    && *asked == lead
                {
                    (*slot, *offset) = (Some(lines.clone()), 0);
                }
            }
        }
        News::Book { text } => {
            // A draft in progress stays; an untouched one follows what was published.
            if model.draft.text == model.draft.published {
                model.draft.text.clone_from(&text);
            }
            model.draft.published = text;
        }
        News::Checked { text, problems } => {
            if model.draft.text == text {
                model.draft.problems = problems;
            }
        }
        News::Formatted { text } => model.draft.text = text,
    }
    Vec::new()
}
