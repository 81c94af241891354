//! The selected or marked leads as lines for the terminal's clipboard: id, name, contact. A phone is whole only where it
//! stands whole on the screen.

use crate::console::model::{Model, Severity};
use crate::console::msg::Effect;
use crate::console::text::Say;
use crate::console::widget::fit::clean;
use crate::model::contact::mask_phone;
use crate::model::id::LeadId;

/// Terminals drop longer texts, some together with what comes after.
const COPY_BYTES_MAX: usize = 8 * 1024;

pub(super) fn copy(model: &mut Model) -> Vec<Effect> {
    let leads: Vec<LeadId> = model.targets().into_iter().map(|(lead, _)| lead).collect();
    let mut text = String::new();
    let mut taken = 0;
    for line in leads.iter().filter_map(|lead| line(model, *lead)) {
        if text.len() + line.len() + 1 > COPY_BYTES_MAX {
            break;
        }
        if taken > 0 {
            text.push('\n');
        }
        text.push_str(&line);
        taken += 1;
    }
    if taken == 0 {
        return Vec::new();
    }
    model.say(
        Severity::Done,
        if taken == leads.len() { Say::Copied(taken) } else { Say::CopiedOf(taken, leads.len()) },
    );
    vec![Effect::Copy(text)]
}

fn line(model: &Model, lead: LeadId) -> Option<String> {
    let row = model.desk.lead(lead)?;
    let phone = row.phone.map(|phone| if model.unmasked == Some(lead) { phone } else { mask_phone(&phone) });
    let parts = [lead.to_string(), model.desk.called(lead), phone.unwrap_or_default()];
    let parts: Vec<String> =
        parts.iter().filter(|part| !part.is_empty()).map(|p| clean(p).into_owned()).collect();
    Some(parts.join("\t"))
}
