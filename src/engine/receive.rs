//! Leads at the door, and corrections to them. A lead known under its external id adds nothing.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::host::{HITS_WITHIN_MS, Host};
use super::intent::{Intent, NewLead, Taken};
use super::refusal::Refusal;
use super::route::{LeadFacts, score};
use super::run::{Run, Step, Stop};
use super::{manual, merge};
use crate::model::contact_card::ContactCard;
use crate::model::event::{Body, Edited, Event, Received};
use crate::model::field::Subject;
use crate::model::id::{LeadId, Seq};
use crate::model::key::KeyHash;
use crate::model::lead::{ArrivalKind, Attrs, Lead, LeadState, ParkReason};
use crate::model::mode::Mode;
use crate::model::time::Millis;
use crate::rulebook::DupBy;
use crate::world::asked_fields;

/// The reason on leads taken back because an edit made another rule theirs.
pub(super) const EDITED: SmolStr = SmolStr::new_static("edited");

/// The contact keys a lead has by its own events: those of its arrival, or of the last edit that named new ones.
#[must_use]
pub fn keys_of(events: &[Event]) -> Vec<KeyHash> {
    let mut keys = Vec::new();
    for event in events {
        match &event.body {
            Body::LeadReceived(r) => keys.clone_from(&r.key_hashes),
            Body::LeadEdited(e) if e.contact => keys.clone_from(&e.key_hashes),
            _ => {}
        }
    }
    keys
}

/// Asks the host for earlier leads of the same person or a similar company.
///
/// # Errors
/// The host's.
pub fn gather<H: Host>(
    run: &mut Run<'_, H>,
    keys: &[KeyHash],
    attrs: &Attrs,
    me: Option<LeadId>,
) -> Step<H, LeadFacts> {
    let since = Millis(run.moment.now.0.saturating_sub(HITS_WITHIN_MS));
    let mut facts = LeadFacts { keys: keys.to_vec(), ..LeadFacts::default() };
    if !keys.is_empty() {
        let hashes: Vec<u64> = keys.iter().map(|k| k.hash).collect();
        facts.hits = run.host.key_hits(run.world, &hashes, since).map_err(Stop::Host)?;
        // "Earlier": of two leads that wait, only the later is the duplicate.
        facts.hits.retain(|h| me.is_none_or(|me| h.lead < me));
        if facts.hits.iter().any(|h| h.state == LeadState::Merged) {
            merge::follow(run, &mut facts)?;
            facts.hits.retain(|h| me.is_none_or(|me| h.lead < me));
        }
    }
    let least = run.world.book().duplicates.iter().filter_map(|d| match d.by {
        DupBy::CompanyLike(milli) => Some(u32::from(milli)),
        DupBy::Same(_) => None,
    });
    if let Some(least) = least.min()
        && !attrs.company.is_empty()
    {
        facts.companies = run.host.company_hits(&attrs.company, least, since).map_err(Stop::Host)?;
        facts.companies.retain(|h| me.is_none_or(|me| h.lead < me));
    }
    Ok(facts)
}

/// Takes leads in; the live and backlog ones are decided at once, in serving order.
///
/// # Errors
/// The host's.
pub fn receive<H: Host>(run: &mut Run<'_, H>, leads: &[NewLead], import: Option<u64>) -> Step<H> {
    if let Some(open) = import.and_then(|f| run.world.open_import(f)) {
        let batch = open.batch;
        run.under_batch(batch);
    }
    let mut fresh: BTreeMap<LeadId, LeadFacts> = BTreeMap::new();
    for lead in leads {
        match run.host.known(&lead.system, &lead.external_id).map_err(Stop::Host)? {
            Some(known) => run.outcome.taken.push(Taken::Known(known)),
            None => {
                let (id, facts) = take(run, lead)?;
                run.outcome.taken.push(Taken::New(id));
                if run.world.lead(id).is_some_and(|row| row.state == LeadState::Waiting) {
                    fresh.insert(id, facts);
                }
            }
        }
    }
    run.serve(fresh)
}

/// The facts of a lead that is here already; none when a person released it from being parked as a duplicate: that was
/// decided.
///
/// # Errors
/// The host's.
pub fn facts_again<H: Host>(run: &mut Run<'_, H>, lead: LeadId) -> Step<H, LeadFacts> {
    if let Some(kept) = run.host.kept_facts(run.world, lead) {
        return Ok(kept);
    }
    let Some(row) = run.world.lead(lead) else { return Ok(LeadFacts::default()) };
    let attrs = row.attrs.clone();
    let events = run.host.lead_events(lead, Seq(u64::MAX)).map_err(Stop::Host)?;
    if was_cleared(&events) {
        return Ok(LeadFacts::default());
    }
    gather(run, &keys_of(&events), &attrs, Some(lead))
}

/// Whether a person released the lead from being parked as a duplicate, and its contact stayed as it was.
fn was_cleared(events: &[Event]) -> bool {
    let is_duplicate =
        |r: &ParkReason| matches!(r, ParkReason::Duplicate { .. } | ParkReason::SimilarCompany { .. });
    let (mut parked, mut cleared) = (false, false);
    for event in events {
        match &event.body {
            Body::LeadParked { reason, .. } if is_duplicate(reason) => (parked, cleared) = (true, false),
            Body::LeadFreed { .. } if parked => (parked, cleared) = (false, true),
            Body::LeadEdited(e) if e.contact => cleared = false,
            Body::LeadRestored(r) => {
                (parked, cleared) = (r.row.park.as_ref().is_some_and(is_duplicate), false)
            }
            _ => {}
        }
    }
    cleared
}

fn take<H: Host>(run: &mut Run<'_, H>, new: &NewLead) -> Step<H, (LeadId, LeadFacts)> {
    let facts = gather(run, &new.keys, &new.attrs, None)?;
    let lead = run.world.next_lead();
    let owner = new.owner.as_deref().and_then(|name| run.world.rep_named(name)).map(|r| r.id);
    let (state, owner) = landing(new, owner);
    let known_owner = facts.hits.iter().find_map(|h| h.owner);
    let twin = facts.hits.iter().find(|h| h.state.is_open()).map(|h| h.lead);
    run.owns(lead);
    run.host.keep_contact(lead, &new.contact).map_err(Stop::Host)?;
    let mut attrs = new.attrs.clone();
    attrs.custom.sort();
    run.emit(Body::LeadReceived(Box::new(Received {
        lead,
        attrs,
        received_at: new.received_at.unwrap_or(run.moment.now),
        kind: new.kind,
        system: new.system.clone(),
        external_id: new.external_id.clone(),
        key_hashes: new.keys.clone(),
        state,
        owner,
        known_owner,
        twin,
        do_not_contact: new.do_not_contact,
    })))?;
    Ok((lead, facts))
}

/// The state a lead starts in: what its file says, made consistent.
fn landing(
    new: &NewLead,
    owner: Option<crate::model::id::RepId>,
) -> (LeadState, Option<crate::model::id::RepId>) {
    if new.do_not_contact {
        return (LeadState::Invalid, owner);
    }
    match (new.state, owner) {
        (state, owner) if !state.is_open() => (state, owner),
        (LeadState::Parked, _) if new.kind != ArrivalKind::History => (LeadState::Waiting, None),
        (LeadState::Parked, Some(owner)) => (LeadState::Lost, Some(owner)),
        (LeadState::Waiting, Some(owner)) => (LeadState::Assigned, Some(owner)),
        (state, Some(owner)) => (state, Some(owner)),
        // In somebody's hands by the file, but nobody we know: as history it is closed, else the engine decides.
        (_, None) if new.kind == ArrivalKind::History => (LeadState::Lost, None),
        (_, None) => (LeadState::Waiting, None),
    }
}

/// Opens or closes the bracket around an import's chunks. Opening one that is open already goes on with it.
///
/// # Errors
/// The host's.
pub fn bracket<H: Host>(run: &mut Run<'_, H>, intent: &Intent) -> Step<H> {
    match intent {
        Intent::BeginImport { fingerprint, name, rows } => {
            if run.world.open_import(*fingerprint).is_some() {
                return Ok(());
            }
            run.emit(Body::ImportBegan { fingerprint: *fingerprint, name: name.clone(), rows: *rows })
        }
        Intent::EndImport { fingerprint, added, known, rejected } => {
            let Some(open) = run.world.open_import(*fingerprint) else {
                return Err(Refusal::NothingToDo.into());
            };
            let batch = open.batch;
            run.under_batch(batch);
            run.emit(Body::ImportEnded {
                fingerprint: *fingerprint,
                added: *added,
                known: *known,
                rejected: *rejected,
            })
        }
        _ => Ok(()),
    }
}

/// Corrects a lead. One that waits, or that the engine placed and nobody touched since, is routed again when what rules
/// ask about changed.
///
/// # Errors
/// Refused when the lead is unknown, held by another or changed since the asker looked.
pub fn edit<H: Host>(
    run: &mut Run<'_, H>,
    lead: LeadId,
    attrs: &Attrs,
    contact: Option<&ContactCard>,
    keys: Option<&[KeyHash]>,
) -> Step<H> {
    let (row, readmit) = manual::row_of(run, lead)?;
    manual::guard(run, &row)?;
    let mut after = attrs.clone();
    after.custom.sort();
    if after == row.attrs && contact.is_none() {
        return Err(Refusal::AlreadySo { lead }.into());
    }
    run.owns(lead);
    if let Some(contact) = contact {
        run.host.keep_contact(lead, contact).map_err(Stop::Host)?;
    }
    run.emit(Body::LeadEdited(Edited {
        lead,
        before: Box::new(row.attrs.clone()),
        after: Box::new(after),
        contact: contact.is_some(),
        key_hashes: keys.map_or_else(Vec::new, <[KeyHash]>::to_vec),
        readmit,
    }))?;
    run.outcome.done.push(lead);
    route_again(run, &row)
}

/// Whether the edit changed anything the book asks about.
fn asks_otherwise<H: Host>(run: &Run<'_, H>, before: &Lead, after: &Lead) -> bool {
    let book = run.world.book();
    let seen = |lead| run.world.view(lead, score(run.world, lead, &run.moment), &run.moment);
    let (before, after) = (seen(before), seen(after));
    asked_fields(book).iter().any(|field| before.value(field) != after.value(field))
}

/// Whether a rule or `otherwise` put it aside, not a person, an undo or a duplicate line.
fn parked_by_book(row: &Lead) -> bool {
    matches!(row.park, Some(ParkReason::Rule(_) | ParkReason::Unmatched))
}

/// Decides an edited lead again: one that waits, one the book parked, or one the engine placed, nobody touched since and the book would no longer
/// give to its owner. Held leads and a paused engine stay as they are.
pub(super) fn route_again<H: Host>(run: &mut Run<'_, H>, before: &Lead) -> Step<H> {
    let lead = before.id;
    let Some(row) = run.world.lead(lead).cloned() else { return Ok(()) };
    let engines = row.state == LeadState::Assigned && !row.pinned && row.contacted_at.is_none();
    let held = row.hold_at(run.moment.now).is_some();
    let mode = run.world.mode_at(run.moment.now);
    if held || mode == Mode::Paused || row.kind == ArrivalKind::History {
        return Ok(());
    }
    if let Some(owner) = row.owner.filter(|_| engines) {
        // In assist the engine takes nothing from anybody by itself.
        if mode != Mode::Auto || !asks_otherwise(run, before, &row) || manual::still_suits(run, &row, owner) {
            return Ok(());
        }
        run.emit(Body::LeadRecalled { lead, from: owner, reason: EDITED, timer: None })?;
    } else if parked_by_book(&row) && asks_otherwise(run, before, &row) {
        // What the book put aside for what it was told may have a taker now that it is told better.
        run.emit(Body::LeadFreed { lead })?;
    } else if row.state != LeadState::Waiting {
        return Ok(());
    }
    let facts = facts_again(run, lead)?;
    run.serve(BTreeMap::from([(lead, facts)]))
}
