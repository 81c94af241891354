//! `list`: a pane of the console as plain sentences, read from the file.

use super::args::{ListArgs, PlainPane};
use super::context::{CliError, Context, Done};
use crate::console::config::VIEWS;
use crate::console::desk::Desk;
use crate::console::plain;
use crate::desk::Clock;
use crate::model::id::LeadId;
use crate::store::Store;

/// Contacts asked of the file at once.
const CHUNK: usize = 400;
/// Persons the file is asked for by one filter, as in the console.
const FOUND_MAX: usize = 200;

/// Prints the pane.
///
/// # Errors
/// See [`CliError`].
pub fn list(ctx: &Context, args: &ListArgs) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let mut desk = Desk::new(ctx.actor.name.clone(), ctx.db.display().to_string());
    desk.take(world, Clock::Machine.now());
    match args.view.as_deref() {
        None => desk.set_show(ctx.settings.config.show),
        Some(word) => {
            let view = VIEWS.iter().find(|(name, _)| *name == word).ok_or_else(|| {
                let known: Vec<&str> = VIEWS.iter().map(|(name, _)| *name).collect();
                CliError::Usage(format!("--view {word}: {}", known.join(", ")))
            })?;
            desk.set_show(view.1);
        }
    }
    if let Some(text) = &args.filter {
        desk.set_filter(text);
        desk.set_found(text, store.find(text, FOUND_MAX)?.into_iter().map(|found| found.lead).collect());
    }
    if let Some(look) = desk.look_for_alerts() {
        desk.put_findings(look.findings());
        let keys: Vec<_> = desk.alerts().iter().map(|alert| alert.id).collect();
        for key in keys {
            if let Some((look, episode)) = desk.look_for_remedies(key) {
                desk.put_remedies(key, episode, look.seq(), look.remedies(key, episode));
            }
        }
    }
    name_leads(&mut desk, &store, args.limit)?;
    let lines = match args.pane {
        PlainPane::Queue => plain::queue(&desk, ctx.lang, args.limit),
        PlainPane::Loads => plain::loads(&desk, ctx.lang),
        PlainPane::Alerts => plain::alerts(&desk, ctx.lang),
        PlainPane::Rules => plain::rules(&desk, ctx.lang),
    };
    if ctx.json {
        println!("{}", serde_json::Value::from(lines));
        return Ok(());
    }
    for line in lines {
        println!("{line}");
    }
    Ok(())
}

/// Contacts of what is listed and of what alerts speak of.
fn name_leads(desk: &mut Desk, store: &Store, limit: usize) -> Done {
    let mut leads: Vec<LeadId> = desk.queue().iter().take(limit).copied().collect();
    leads.extend(desk.alerts().iter().filter_map(|alert| alert.lead));
    for chunk in leads.chunks(CHUNK) {
        let found = store.contacts(chunk)?;
        desk.put_contacts(chunk, found);
    }
    Ok(())
}
