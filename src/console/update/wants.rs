//! What the screen lacks after a message: contacts of the rows in the window, the story of the selected lead. Asked once.

use crate::console::card::Card;
use crate::console::model::{Carding, Model, Overlay};
use crate::console::msg::{Ask, Effect};
use crate::model::id::LeadId;
use crate::model::lead::Lead;

/// Rows beyond the window whose contacts are fetched along, so that scrolling meets them.
const AHEAD_ROWS: usize = 20;

pub(super) fn wants(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let contacts = contacts(model);
    if !contacts.is_empty() {
        effects.push(Effect::Ask(Ask::Contacts(contacts)));
    }
    let nameless = model.desk.take_nameless();
    if !nameless.is_empty() {
        effects.push(Effect::Ask(Ask::Names(nameless)));
    }
    let selected = model.queue.selected();
    if model.unmasked.is_some() && model.unmasked != selected {
        model.unmasked = None;
    }
    // An open card asks for its own lead.
    let carded = model.overlays.iter().rev().find_map(|overlay| match overlay {
        Overlay::Card(Carding { card: Card::Lead(lead), .. }) => Some(*lead),
        _ => None,
    });
    let rev = |lead| model.desk.rev(lead).or_else(|| closed(model, lead).map(|row| row.touched.seq));
    let wanted = carded.or(selected).and_then(|lead| rev(lead).map(|rev| (lead, rev)));
    if let Some((lead, rev)) = wanted
        && model.story_asked != wanted
    {
        model.story_asked = wanted;
        effects.push(Effect::Ask(Ask::Story { lead, rev }));
    }
    effects.extend(super::sheet::wants(model));
    effects.extend(super::whatif::wants(model));
    effects.extend(model.desk.look_for_alerts().map(|look| Effect::Ask(Ask::Alerts(look))));
    if let Some(key) = super::watching::helped(model)
        && let Some((look, episode)) = model.desk.look_for_remedies(key)
    {
        effects.push(Effect::Ask(Ask::Remedies { look, key, episode }));
    }
    effects
}

/// The closed lead whose card is open.
fn closed(model: &Model, lead: LeadId) -> Option<&Lead> {
    model.find.closed.as_deref().filter(|row| row.id == lead)
}

/// Leads in the window, the selected one, and those alerts speak of.
fn contacts(model: &mut Model) -> Vec<LeadId> {
    let rows = model.desk.queue();
    let window = model.queue.visible(rows.len(), model.pages.queue + AHEAD_ROWS);
    let mut leads: Vec<LeadId> = rows.get(window).unwrap_or_default().to_vec();
    leads.extend(model.queue.selected());
    leads.extend(super::seeing::carded(model));
    if let Some(Overlay::Jump(jumping)) = model.overlays.last() {
        leads.extend_from_slice(&jumping.found);
    }
    leads.extend(super::sheet::twins_shown(model));
    leads.extend(super::watching::leads_shown(model));
    leads.extend(model.desk.alerts().iter().filter_map(|alert| alert.lead));
    model.desk.contacts_mut().missing(leads.into_iter())
}
