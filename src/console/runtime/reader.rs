//! Questions to the file, answered on a thread of their own: contacts, a lead's story, persons by name, checks of a draft.
//! What was asked meanwhile is folded together: of a kind only the latest is answered.

use crate::console::draft::Named;
use crate::console::draft::keep::{Editing, Kept};
use crate::console::draft::sheet::VersionLine;
use crate::console::handwork::form::{Entry, Ready};
use crate::console::handwork::handover::Handover;
use crate::console::handwork::sheet::BatchLine;
use crate::console::msg::{Ask, Fix, News, Problem};
use crate::console::pinyin;
use crate::console::text::Say;
use crate::console::update::before;
use crate::engine::{Intent, Papers};
use crate::model::alert::AlertKey;
use crate::model::channel::ChannelKind;
use crate::model::contact_card::ContactCard;
use crate::model::event::Event;
use crate::model::id::{BatchId, DivertId, LeadId, Seq};
use crate::model::lang::Lang;
use crate::model::lead::Lead;
use crate::model::outbox::{NoticeId, OutboxRow};
use crate::model::time::Millis;
use crate::model::trial::TrialId;
use crate::model::values::Values;
use crate::report::alerts::Review;
use crate::report::promotion::Beside;
use crate::rulebook::{LintFacts, Replied, Severity, check, lint, parse};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::mpsc::UnboundedSender;

use super::jump::Persons;
use crate::console::desk::first::FirstPage;
use crate::console::desk::{DeskLook, Leadership};
use crate::console::finding::SavedViews;

/// Newest events of a lead that its card tells.
pub const STORY_MAX: usize = 100;
/// Most persons found for one text.
pub const FOUND_MAX: usize = 200;
/// Most batches the history shows.
pub const BATCHES_MAX: usize = 200;
/// Most notices the outbox shows.
pub const OUTBOX_MAX: usize = 500;
/// Most versions of the rules the history shows; each brings its text.
pub const VERSIONS_MAX: usize = 100;
/// Most contacts asked of the file at once.
const CONTACTS_MAX: usize = 400;

/// Where answers come from: the desk's file, read only, or a test's memory. Trouble reads as "nothing there".
pub trait Library {
    /// Contact texts of those of `leads` that have some.
    fn contacts(&mut self, leads: &[LeadId]) -> Vec<(LeadId, ContactCard)>;
    /// The newest events of a lead, newest first.
    fn story(&mut self, lead: LeadId, limit: usize) -> Vec<Event>;
    /// The row of a lead that is closed.
    fn closed(&mut self, _lead: LeadId) -> Option<Lead> {
        None
    }
    /// Leads that answer to a text, open or closed.
    fn find(&mut self, text: &str, limit: usize) -> Vec<LeadId>;
    /// The last batch of the person at this console that was not undone, whatever console it came from.
    fn last_batch(&mut self) -> Option<BatchId>;
    /// Whether this console leads, or may write at all.
    fn leadership(&mut self) -> Leadership;
    /// The views this person kept.
    ///
    /// # Errors
    /// What is wrong with the file they are in, in words.
    fn views(&mut self) -> Result<SavedViews, Say> {
        Ok(SavedViews::new())
    }
    /// Keeps the views of this person.
    ///
    /// # Errors
    /// Why they could not be kept, in words.
    fn keep_views(&mut self, _views: &SavedViews) -> Result<(), Say> {
        Ok(())
    }
    /// How many leads each of these diverts gave since it was set, until `upto`.
    fn diverted(&mut self, _diverts: &[(DivertId, Millis)], _upto: Seq) -> Vec<(DivertId, u64)> {
        Vec::new()
    }
    /// The present or last run of a promotion beside the time before; none when it never ran or cannot be read.
    fn promoted(&mut self, _name: &str, _now: Millis) -> Option<Beside> {
        None
    }
    /// Where a draft on trial would have decided otherwise, the oldest first.
    fn differed(&mut self, _trial: TrialId) -> Vec<(Millis, Say)> {
        Vec::new()
    }
    /// The first page of the desk as the file has it now; none when it is the one given last.
    fn first_page(&mut self) -> Option<FirstPage> {
        None
    }
    /// The draft of the rules this person left behind on this desk.
    ///
    /// # Errors
    /// What is wrong with its file, in words.
    fn left_draft(&mut self) -> Result<Option<Kept>, Say> {
        Ok(None)
    }
    /// Keeps the draft of the rules against a crash, or takes it off the disk.
    ///
    /// # Errors
    /// Why it could not be kept, in words.
    fn keep_draft(&mut self, _draft: Option<&Kept>) -> Result<(), Say> {
        Ok(())
    }
    /// Of each source, how many leads came from it and how many replies were recorded.
    fn replied(&mut self) -> BTreeMap<SmolStr, Replied> {
        BTreeMap::new()
    }
    /// Who else has a draft of the rules open.
    fn editors(&mut self) -> Vec<Editing> {
        Vec::new()
    }
    /// The published versions of the rules with what each led to, newest first.
    fn versions(&mut self, _limit: usize) -> Vec<VersionLine> {
        Vec::new()
    }
    /// The channels set up on this machine; none when nobody looked.
    fn channels(&mut self) -> Option<Vec<(ChannelKind, SmolStr)>> {
        None
    }
    /// Notices that wait or were given up (or all), newest first, and what is wrong with the channels' file.
    fn outbox(&mut self, _limit: usize, _all: bool) -> (Vec<OutboxRow>, Option<Say>) {
        (Vec::new(), None)
    }
    /// Sends a notice again, or never.
    ///
    /// # Errors
    /// Why not, in words.
    fn outbox_by_hand(&mut self, _id: NoticeId, _retry: bool) -> Result<(), Say> {
        Ok(())
    }
    /// The latest batches of persons, or of the one at this console, newest first.
    fn batches(&mut self, limit: usize, mine: bool) -> Vec<BatchLine>;
    /// What the log says of a batch; none when it is too long to look through.
    fn papers(&mut self, batch: BatchId) -> Option<Papers>;
    /// What happened since the last work of the person at this console.
    fn since(&mut self) -> Option<Handover>;
    /// What was typed, as the engine takes it, or what is wrong with it.
    ///
    /// # Errors
    /// A sentence for the person.
    fn entry(&mut self, entry: &Entry) -> Result<Intent, Say>;
    /// What happened to an episode of an alert, oldest first.
    fn alert_story(&mut self, _key: AlertKey, _episode: Seq) -> Vec<Event> {
        Vec::new()
    }
    /// What became of the alerts that fired between two moments.
    fn review(&mut self, _stretch: (Millis, Millis)) -> Review {
        Review::default()
    }
    /// Which values leads had, over all leads ever; nothing where that cannot be told.
    fn values(&mut self) -> Values {
        Values::default()
    }
}

/// The answer to one question.
#[must_use]
pub fn answer(library: &mut dyn Library, ask: Ask) -> Option<News> {
    Some(match ask {
        Ask::Contacts(asked) => {
            let found = asked.chunks(CONTACTS_MAX).flat_map(|chunk| library.contacts(chunk)).collect();
            News::Contacts { asked, found }
        }
        Ask::Names(leads) => News::Names(names(library, &leads)),
        Ask::Story { lead, rev } => News::Story { lead, rev, events: library.story(lead, STORY_MAX) },
        Ask::Find { text } => {
            let leads = library.find(&text, FOUND_MAX);
            News::Found { text, leads }
        }
        Ask::Jump { text, open } => Persons::default().jump(library, text, &open),
        Ask::Views => match library.views() {
            Ok(views) => News::Views(views),
            Err(why) => News::Wrong(why),
        },
        Ask::KeepViews(views) => News::Wrong(library.keep_views(&views).err()?),
        Ask::Export(list) => super::export::export(library, &list),
        Ask::Check { text, mut facts } => {
            facts.names.channels = library.channels();
            let (problems, named) = look(&text, &facts);
            News::Checked { text, problems, named }
        }
        Ask::LeftDraft => match library.left_draft() {
            Ok(left) => News::LeftDraft(left.map(Box::new)),
            Err(why) => News::Wrong(why),
        },
        Ask::KeepDraft(draft) => match library.keep_draft(draft.as_deref()) {
            Ok(()) => News::Editors(library.editors()),
            Err(why) => News::Wrong(why),
        },
        Ask::Editors => News::Editors(library.editors()),
        Ask::Replied => News::Replied(library.replied()),
        Ask::Versions => News::Versions(library.versions(VERSIONS_MAX)),
        Ask::LastBatch => {
            let batch = library.last_batch()?;
            News::LastBatch { batch, what: before(batch) }
        }
        Ask::Lease => News::Leading(library.leadership()),
        Ask::Batches { mine } => News::Batches(library.batches(BATCHES_MAX, mine)),
        Ask::Outbox { all } => {
            let (rows, wrong) = library.outbox(OUTBOX_MAX, all);
            News::Outbox { rows, wrong }
        }
        Ask::OutboxByHand { id, retry, all } => match library.outbox_by_hand(id, retry) {
            Ok(()) => {
                let (rows, wrong) = library.outbox(OUTBOX_MAX, all);
                News::Outbox { rows, wrong }
            }
            Err(why) => News::Wrong(why),
        },
        Ask::Papers(batch) => News::Papers { batch, papers: library.papers(batch).map(Box::new) },
        Ask::Diverted { diverts, upto } => {
            let counts = library.diverted(&diverts, upto);
            News::Diverted { upto, counts }
        }
        Ask::Promoted { name, now } => {
            let beside = library.promoted(&name, now).map(Box::new);
            News::Promoted { name, beside }
        }
        Ask::Differed(trial) => News::Differed { trial, lines: library.differed(trial) },
        Ask::Since => News::Since(library.since()?),
        // A thread of its own thinks that through.
        Ask::WhatIf(_) => return None,
        Ask::First => News::First(Box::new(library.first_page()?)),
        Ask::Words(look) => News::Words(Arc::new(look.vocabulary())),
        Ask::Alerts(look) => News::Findings(look.findings()),
        Ask::Remedies { look, key, episode } => worked_out(&look, key, episode),
        Ask::AlertStory { key, episode } => {
            News::AlertStory { key, episode, events: library.alert_story(key, episode) }
        }
        Ask::Review { back, weeks: (week, before) } => {
            let weeks = Box::new((library.review(week), library.review(before)));
            News::Reviewed { back, weeks }
        }
        Ask::Values => News::Values(Box::new(library.values())),
        Ask::Entry(entry) => {
            let result = library.entry(&entry).map(|intent| Ready(Arc::new(intent)));
            News::Entry { entry, result }
        }
    })
}

fn worked_out(look: &DeskLook, key: AlertKey, episode: Seq) -> News {
    News::Remedies { key, episode, seq: look.seq(), remedies: look.remedies(key, episode) }
}

/// What each lead's name is sorted by: the person's, else the number stands for it.
fn names(library: &mut dyn Library, leads: &[LeadId]) -> Vec<(LeadId, SmolStr)> {
    let mut names: FxHashMap<LeadId, SmolStr> = FxHashMap::default();
    for chunk in leads.chunks(CONTACTS_MAX) {
        let found = library.contacts(chunk);
        names.extend(found.into_iter().map(|(lead, card)| (lead, pinyin::order(card.name.trim()))));
    }
    leads.iter().map(|lead| (*lead, names.get(lead).cloned().unwrap_or_default())).collect()
}

/// Everything wrong with a draft, in the order of the text.
#[must_use]
pub fn problems(text: &str, facts: &LintFacts) -> Vec<Problem> {
    look(text, facts).0
}

/// The same with the names the text defines.
#[must_use]
pub fn look(text: &str, facts: &LintFacts) -> (Vec<Problem>, Named) {
    let parsed = parse(text);
    let book = &check(&parsed.tree, &facts.names).book;
    let named = Named {
        defines: book.defines.keys().cloned().collect(),
        windows: book.calendar.windows.iter().map(|window| window.name.clone()).collect(),
        promotions: book.promotions.iter().map(|promotion| promotion.name.clone()).collect(),
    };
    let mut found = lint(&parsed.tree, facts);
    found.sort_by_key(|d| (d.line, d.column));
    found.dedup();
    let word = |d: &crate::rulebook::Diagnostic, lang| match d.hint(lang) {
        Some(hint) => format!("{} {} {hint}", d.message(lang), if lang == Lang::Zh { "·" } else { "-" }),
        None => d.message(lang),
    };
    let problem = |d: &crate::rulebook::Diagnostic| Problem {
        line: usize::try_from(d.line).unwrap_or(1).saturating_sub(1),
        column: usize::try_from(d.column).unwrap_or(1).saturating_sub(1),
        cells: text.get(d.span.start..d.span.end).map_or(1, |part| part.chars().count().max(1)),
        sentence: Say::both(word(d, Lang::En), word(d, Lang::Zh)),
        fix: d.suggestion.as_ref().map(|fix| Fix {
            from: fix.span.start,
            to: fix.span.end,
            text: fix.replacement.to_string(),
        }),
        is_error: d.severity == Severity::Error,
    };
    (found.iter().filter(|d| d.severity != Severity::Info).map(problem).collect(), named)
}

/// Starts the thread; it ends when the sender is dropped.
///
/// # Errors
/// When no thread can be started.
pub fn start(
    mut library: Box<dyn Library + Send>,
    news: UnboundedSender<News>,
) -> std::io::Result<Sender<Ask>> {
    let (tx, rx) = channel();
    std::thread::Builder::new().name("reader".into()).spawn(move || read(&mut *library, &rx, &news))?;
    Ok(tx)
}

/// Starts the thread that reads every open lead, which takes longer than a question to the file may wait. It ends when the
/// sender is dropped.
///
/// # Errors
/// When no thread can be started.
pub fn start_looking(news: UnboundedSender<News>) -> std::io::Result<Sender<Ask>> {
    let (tx, rx) = channel::<Ask>();
    let look = move || {
        while let Ok(ask) = rx.recv() {
            // The desk is let go before the answer, so that folding on need not copy it.
            let told = match ask {
                Ask::Alerts(look) => News::Findings(look.findings()),
                Ask::Words(look) => News::Words(Arc::new(look.vocabulary())),
                Ask::Remedies { look, key, episode } => worked_out(&look, key, episode),
                _ => continue,
            };
            if news.send(told).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().name("looks".into()).spawn(look)?;
    Ok(tx)
}

fn read(library: &mut dyn Library, asks: &Receiver<Ask>, news: &UnboundedSender<News>) {
    let mut persons = Persons::default();
    while let Ok(first) = asks.recv() {
        let mut queue = vec![first];
        while let Ok(next) = asks.try_recv() {
            fold(&mut queue, next);
        }
        for ask in queue {
            let told = match ask {
                // Names are read once a search, not once a key.
                Ask::Jump { text, open } => Some(persons.jump(library, text, &open)),
                ask => answer(library, ask),
            };
            if let Some(told) = told
                && news.send(told).is_err()
            {
                return;
            }
        }
    }
}

/// Adds a question; it replaces an older one of its kind, and contacts are asked together.
fn fold(queue: &mut Vec<Ask>, next: Ask) {
    match next {
        Ask::Contacts(more) => match queue.iter_mut().find_map(contacts_of) {
            Some(leads) => leads.extend(more),
            None => queue.push(Ask::Contacts(more)),
        },
        // Every list that was asked for is written, and every name is wanted.
        Ask::Export(_) | Ask::Names(_) => queue.push(next),
        next => {
            let kind = std::mem::discriminant(&next);
            queue.retain(|ask| std::mem::discriminant(ask) != kind);
            queue.push(next);
        }
    }
}

fn contacts_of(ask: &mut Ask) -> Option<&mut Vec<LeadId>> {
    match ask {
        Ask::Contacts(leads) => Some(leads),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_kind_the_latest_is_asked_and_contacts_together() {
        let mut queue = vec![Ask::Contacts(vec![LeadId(1)])];
        fold(&mut queue, Ask::Find { text: "a".into() });
        fold(&mut queue, Ask::Contacts(vec![LeadId(2)]));
        fold(&mut queue, Ask::Find { text: "ab".into() });
        let want = [Ask::Contacts(vec![LeadId(1), LeadId(2)]), Ask::Find { text: "ab".into() }];
        assert_eq!(queue, want);
    }

    #[test]
    fn a_draft_is_told_what_is_wrong_and_what_to_write() {
        let mut facts = LintFacts::default();
        facts.names.teams.insert("East Senior".into(), vec!["lina".into()]);
        let found = problems("rule \"a\"\n  give to team \"East Senoir\"\n\notherwise wait\n", &facts);
        let wrong = found.iter().find(|problem| problem.is_error).unwrap();
        assert_eq!((wrong.line, wrong.column), (1, 15), "{found:?}");
        assert!(wrong.fix.as_ref().is_some_and(|fix| fix.text.contains("East Senior")), "{found:?}");
    }
}
