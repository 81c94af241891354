//! A lead typed into the console's form, read as `lead add` and `lead edit` read theirs: one normalisation for all.

use crate::cli::args::{DEFAULT_COUNTRY, LeadFields};
use crate::cli::context::Context;
use crate::cli::lead_entry::{lay_attrs, lay_contact, lay_keys};
use crate::cli::take::{self, Taking};
use crate::console::handwork::form::{Entry, Slot};
use crate::console::text::{Say, T};
use crate::desk::DeskHandle;
use crate::desk::clock::fresh_id;
use crate::engine::{Intent, keys_of};
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::lead::ArrivalKind;
use crate::store::Store;

/// The system name of leads typed in.
const SYSTEM: &str = "console";

/// The intent behind an entry.
///
/// # Errors
/// What does not fit, in words.
pub fn entry(ctx: &Context, store: &Store, handle: &DeskHandle, entry: &Entry) -> Result<Intent, Say> {
    let mut fields = LeadFields { country: DEFAULT_COUNTRY.into(), ..LeadFields::default() };
    for (slot, text) in &entry.values {
        if let Some(field) = field(&mut fields, *slot) {
            *field = Some(text.clone());
        }
    }
    let both = |what: &dyn Fn(&Context) -> String| {
        let [en, zh] = [Lang::En, Lang::Zh].map(|lang| what(&Context { lang, ..ctx.clone() }));
        Say::both(en, zh)
    };
    let misfit = |ctx: &Context| take::typed(ctx, &fields).err().map_or_else(String::new, |e| e.to_string());
    let Ok(mut draft) = take::typed(ctx, &fields) else { return Err(both(&misfit)) };
    let Some((lead, _)) = entry.lead else {
        draft.external_id = Some(fresh_id().to_string());
        let taking = Taking {
            secret: handle.secret(),
            system: SYSTEM.into(),
            kind: Some(ArrivalKind::Live),
            now: handle.clock().now(),
        };
        return Ok(Intent::Receive { leads: vec![taking.lead(draft, None)], import: None });
    };
    correction(store, handle, lead, &fields, &draft).ok_or_else(|| T::WhyGone.into())
}

fn correction(
    store: &Store,
    handle: &DeskHandle,
    lead: LeadId,
    fields: &LeadFields,
    draft: &crate::intake::row::LeadDraft,
) -> Option<Intent> {
    let row = store.lead(lead).ok()??;
    let before = store.contacts(&[lead]).ok()?.into_iter().next().map(|(_, card)| card).unwrap_or_default();
    let mut contact = before.clone();
    lay_contact(&mut contact, fields, draft);
    let mut attrs = row.attrs;
    lay_attrs(&mut attrs, fields, draft, &[]);
    attrs.has_phone = !contact.phone.is_empty();
    attrs.has_email = !contact.email.is_empty();
    if contact == before {
        return Some(Intent::Edit { lead, attrs: Box::new(attrs), contact: None, keys: None });
    }
    let keys = lay_keys(keys_of(&store.lead_events(lead).ok()?), fields, take::keys(draft, &handle.secret()));
    Some(Intent::Edit { lead, attrs: Box::new(attrs), contact: Some(Box::new(contact)), keys: Some(keys) })
}

fn field(fields: &mut LeadFields, slot: Slot) -> Option<&mut Option<String>> {
    slot.pick([
        &mut fields.name,
        &mut fields.phone,
        &mut fields.wechat,
        &mut fields.email,
        &mut fields.company,
        &mut fields.source,
        &mut fields.region,
        &mut fields.product,
        &mut fields.note,
    ])
}
