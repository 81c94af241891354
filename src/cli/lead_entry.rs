//! `lead add` and `lead edit`: one lead by hand, through the same normalisation as a file.

use smol_str::SmolStr;

use super::args::LeadFields;
use super::context::{CliError, Context, Done};
use super::take::{self, Taking};
use crate::desk::clock::fresh_id;
use crate::engine::{Intent, Refusal, Taken};
use crate::intake::row::LeadDraft;
use crate::model::contact::clean_text;
use crate::model::contact_card::ContactCard;
use crate::model::key::{ContactKind, KeyHash};
use crate::model::lead::{ArrivalKind, Attrs};

/// Takes in one lead. Without an external id it gets one of its own, so that the same person may come twice.
///
/// # Errors
/// Fields that do not fit, a refusal, the file's trouble.
pub fn add(ctx: &Context, fields: &LeadFields, external_id: Option<&str>, system: &str) -> Done {
    let mut draft = take::typed(ctx, fields)?;
    if draft == LeadDraft::default() {
        return Err(CliError::Usage(
            ctx.say(
                "say something about the lead: --name, --phone, --source …",
                "请至少给出一项：--name、--phone、--source 等",
            )
            .to_owned(),
        ));
    }
    let id = external_id.map(clean_text).filter(|id| !id.is_empty());
    draft.external_id = Some(id.unwrap_or_else(|| fresh_id().to_string()));
    let desk = ctx.desk(true)?;
    let handle = desk.handle();
    let taking = Taking {
        secret: handle.secret(),
        system: clean_text(system).into(),
        kind: Some(ArrivalKind::Live),
        now: handle.clock().now(),
    };
    let intent = Intent::Receive { leads: vec![taking.lead(draft, None)], import: None };
    let outcome = ctx.run(handle, intent)?;
    let world = handle.snapshot().map_err(|d| ctx.denied(d, None))?;
    let what = match outcome.taken.first() {
        Some(Taken::Known(_)) => ctx.say("known already; nothing was changed", "已存在，未作改动"),
        _ => ctx.say("taken in", "已收录"),
    };
    ctx.report(&outcome, &world, what);
    Ok(())
}

/// Corrects a lead: what is given replaces what is stored, a blank value clears it, the rest stays.
///
/// # Errors
/// Fields that do not fit, a refusal, the file's trouble.
pub fn edit(ctx: &Context, lead: &str, fields: &LeadFields) -> Done {
    let lead = ctx.lead_id(lead)?;
    let draft = take::typed(ctx, fields)?;
    let customs = take::customs(ctx, fields)?;
    let desk = ctx.desk(false)?;
    let handle = desk.handle();
    let store = ctx.read()?;
    let world = handle.snapshot().map_err(|d| ctx.denied(d, None))?;
    let row = match world.lead(lead) {
        Some(row) => Some(row.clone()),
        None => store.lead(lead)?,
    };
    let row =
        row.ok_or_else(|| CliError::Refused(ctx.refusal(&Refusal::NoSuchLead { lead }, Some(&world))))?;
    let before = store.contacts(&[lead])?.into_iter().next().map(|(_, card)| card).unwrap_or_default();
    let mut contact = before.clone();
    lay_contact(&mut contact, fields, &draft);
    let mut attrs = row.attrs.clone();
    lay_attrs(&mut attrs, fields, &draft, &customs);
    attrs.has_phone = !contact.phone.is_empty();
    attrs.has_email = !contact.email.is_empty();
    let (contact, keys) = if contact == before {
        (None, None)
    } else {
        let keys = lay_keys(
            crate::engine::keys_of(&store.lead_events(lead)?),
            fields,
            take::keys(&draft, &handle.secret()),
        );
        (Some(Box::new(contact)), Some(keys))
    };
    let mut order = ctx.order(Intent::Edit { lead, attrs: Box::new(attrs), contact, keys });
    // What was read is what is replaced: a change in between must not be overwritten unseen.
    order.seen = vec![(lead, row.touched.seq)];
    let outcome = ctx.answer(handle.submit_and_wait(order), handle)?;
    let world = handle.snapshot().map_err(|d| ctx.denied(d, None))?;
    ctx.report(&outcome, &world, ctx.say("corrected", "已修改"));
    Ok(())
}

pub(super) fn lay_contact(card: &mut ContactCard, fields: &LeadFields, draft: &LeadDraft) {
    for (given, to, from) in [
        (&fields.name, &mut card.name, &draft.name),
        (&fields.phone, &mut card.phone, &draft.phone),
        (&fields.email, &mut card.email, &draft.email),
        (&fields.wechat, &mut card.wechat, &draft.wechat),
        (&fields.note, &mut card.note, &draft.note),
    ] {
        if given.is_some() {
            to.clone_from(from);
        }
    }
}

pub(super) fn lay_attrs(
    attrs: &mut Attrs,
    fields: &LeadFields,
    draft: &LeadDraft,
    customs: &[(SmolStr, String)],
) {
    for (given, to, from) in [
        (&fields.source, &mut attrs.source, &draft.source),
        (&fields.campaign, &mut attrs.campaign, &draft.campaign),
        (&fields.region, &mut attrs.region, &draft.region),
        (&fields.city, &mut attrs.city, &draft.city),
        (&fields.product, &mut attrs.product, &draft.product),
        (&fields.industry, &mut attrs.industry, &draft.industry),
        (&fields.language, &mut attrs.language, &draft.language),
    ] {
        if given.is_some() {
            to.clone_from(from);
        }
    }
    if fields.company.is_some() {
        attrs.company = draft.company.as_str().into();
    }
    if let Some(score) = fields.score {
        attrs.base_score = score;
    }
    for (name, _) in customs {
        attrs.custom.retain(|(stored, _)| stored != name);
    }
    // A blank value is not in the draft: then the field is only taken away.
    attrs.custom.extend(draft.custom.iter().cloned());
    attrs.custom.sort();
    attrs.custom.dedup_by(|later, first| later.0 == first.0);
}

/// Keys of what was not retyped stay as they are: the stored text may have been read in another country.
pub(super) fn lay_keys(mut keys: Vec<KeyHash>, fields: &LeadFields, fresh: Vec<KeyHash>) -> Vec<KeyHash> {
    let retyped = |kind| match kind {
        ContactKind::Phone => fields.phone.is_some(),
        ContactKind::Email => fields.email.is_some(),
        ContactKind::Wechat => fields.wechat.is_some(),
    };
    keys.retain(|k| !retyped(k.kind));
    keys.extend(fresh);
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_untouched_contacts_stay() {
        let phone = KeyHash { kind: ContactKind::Phone, hash: 1 };
        let mail = KeyHash { kind: ContactKind::Email, hash: 2 };
        let new_mail = KeyHash { kind: ContactKind::Email, hash: 3 };
        let fields = LeadFields { email: Some("b@c.de".into()), ..LeadFields::default() };
        assert_eq!(lay_keys(vec![phone, mail], &fields, vec![new_mail]), vec![phone, new_mail]);
    }

    #[test]
    fn a_blank_value_clears_and_the_rest_stays() {
        let fields =
            LeadFields { region: Some(String::new()), custom: vec!["a=".into()], ..LeadFields::default() };
        let mut attrs = Attrs {
            region: "上海".into(),
            city: "上海".into(),
            custom: vec![("a".into(), "1".into()), ("b".into(), "2".into())],
            ..Attrs::default()
        };
        lay_attrs(&mut attrs, &fields, &LeadDraft::default(), &[("a".into(), String::new())]);
        assert_eq!((attrs.region.as_str(), attrs.city.as_str()), ("", "上海"));
        assert_eq!(attrs.custom, vec![("b".into(), "2".into())]);
    }
}
