//! The rig's memory, asked as the console asks its file.

use super::{Rig, arrival};
use leadyard::console::desk::Leadership;
use leadyard::console::draft::keep::{Editing, Kept};
use leadyard::console::draft::sheet::{Effect, VersionLine};
use leadyard::console::finding::SavedViews;
use leadyard::console::handwork::form::{Entry, Slot};
use leadyard::console::handwork::handover::Handover;
use leadyard::console::handwork::sheet::BatchLine;
use leadyard::console::runtime::reader::Library;
use leadyard::console::text::Say;
use leadyard::desk::whatif::{self, NoStretch, Span, Stretch, bounds};
use leadyard::engine::host::Host;
use leadyard::engine::whatif::Recorder;
use leadyard::engine::{Intent, Papers};
use leadyard::model::alert::AlertKey;
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::{Body, Event, Placer};
use leadyard::model::field::Field;
use leadyard::model::id::{BatchId, DivertId, LeadId, Seq};
use leadyard::model::lead::Lead;
use leadyard::model::outbox::{NoticeId, OutboxRow, Stage};
use leadyard::model::time::Millis;
use leadyard::model::values::{Counting, Values};
use leadyard::report::alerts::{Review, story};
use leadyard::report::promotion::Beside;
use leadyard::world::World;
use std::sync::Arc;

/// The rig's memory as the console reads it.
pub struct Shelf<'a>(pub &'a mut Rig);

impl Library for Shelf<'_> {
    fn contacts(&mut self, leads: &[LeadId]) -> Vec<(LeadId, ContactCard)> {
        let contacts = &self.0.host.contacts;
        leads.iter().filter_map(|lead| contacts.get(lead).map(|card| (*lead, card.clone()))).collect()
    }

    fn story(&mut self, lead: LeadId, limit: usize) -> Vec<Event> {
        let Ok(mut events) = self.0.host.lead_events(lead, Seq(u64::MAX));
        events.reverse();
        events.truncate(limit);
        events
    }

    fn find(&mut self, text: &str, limit: usize) -> Vec<LeadId> {
        let found = self.0.host.contacts.iter().filter(|(_, card)| card.name.contains(text));
        let mut leads: Vec<LeadId> = found.map(|(lead, _)| *lead).take(limit).collect();
        leads.extend(text.parse::<u64>().ok().map(LeadId));
        leads
    }

    fn closed(&mut self, lead: LeadId) -> Option<Lead> {
        let Ok(row) = self.0.host.closed_lead(lead);
        row.filter(|row| !row.state.is_open())
    }

    fn last_batch(&mut self) -> Option<BatchId> {
        None
    }

    fn values(&mut self) -> Values {
        let mut counting = Counting::default();
        for lead in self.0.world.leads() {
            counting.lead();
            counting.value(&Field::Source, &lead.attrs.source);
            counting.value(&Field::Region, &lead.attrs.region);
            counting.value(&Field::Product, &lead.attrs.product);
        }
        counting.finish()
    }

    fn leadership(&mut self) -> Leadership {
        Leadership::Here
    }

    fn views(&mut self) -> Result<SavedViews, Say> {
        Ok(self.0.views.clone())
    }

    fn keep_views(&mut self, views: &SavedViews) -> Result<(), Say> {
        self.0.views.clone_from(views);
        Ok(())
    }

    fn left_draft(&mut self) -> Result<Option<Kept>, Say> {
        Ok(self.0.kept.clone())
    }

    fn keep_draft(&mut self, draft: Option<&Kept>) -> Result<(), Say> {
        self.0.kept = draft.cloned();
        Ok(())
    }

    fn editors(&mut self) -> Vec<Editing> {
        self.0.others.clone()
    }

    fn versions(&mut self, limit: usize) -> Vec<VersionLine> {
        let mut rows: Vec<VersionLine> = Vec::new();
        for event in &self.0.host.events {
            match (&event.body, rows.last_mut()) {
                (Body::BookPublished { version, text, note }, _) => rows.push(VersionLine {
                    version: *version,
                    at: event.at,
                    by: event.actor.clone(),
                    note: note.clone(),
                    text: text.as_str().into(),
                    effect: Effect::default(),
                }),
                (Body::LeadAssigned(assigned), Some(row)) if matches!(assigned.by, Placer::Engine { .. }) => {
                    row.effect.engine += 1;
                }
                (Body::LeadAssigned(_), Some(row)) => row.effect.person += 1,
                _ => {}
            }
        }
        rows.reverse();
        rows.truncate(limit);
        rows
    }

    fn batches(&mut self, limit: usize, mine: bool) -> Vec<BatchLine> {
        let mut rows: Vec<BatchLine> = Vec::new();
        let is_meant = |event: &&Event| if mine { event.actor == "王芳" } else { event.actor != "engine" };
        for event in self.0.host.events.iter().filter(is_meant) {
            match rows.iter_mut().find(|row| row.id == event.batch) {
                Some(row) => row.leads += u64::from(event.body.lead().is_some()),
                None => rows.push(BatchLine {
                    id: event.batch,
                    at: event.at,
                    actor: event.actor.clone(),
                    console: event.console,
                    verb: Some(event.body.verb()),
                    leads: u64::from(event.body.lead().is_some()),
                    undone: None,
                }),
            }
        }
        for row in &mut rows {
            let Ok(facts) = self.0.host.batch(row.id);
            row.undone = facts.and_then(|facts| facts.undone);
        }
        rows.reverse();
        rows.truncate(limit);
        rows
    }

    fn outbox(&mut self, limit: usize, all: bool) -> (Vec<OutboxRow>, Option<Say>) {
        let is_open = |row: &&OutboxRow| !matches!(row.stage, Stage::Sent | Stage::Dropped);
        let rows = self.0.outbox.iter().filter(|row| all || is_open(row));
        (rows.take(limit).cloned().collect(), None)
    }

    fn outbox_by_hand(&mut self, id: NoticeId, retry: bool) -> Result<(), Say> {
        for row in self.0.outbox.iter_mut().filter(|row| row.id == id) {
            row.stage = if retry { Stage::Queued } else { Stage::Dropped };
            row.handled_by = "王芳".into();
        }
        Ok(())
    }

    fn papers(&mut self, batch: BatchId) -> Option<Papers> {
        let Ok(facts) = self.0.host.batch(batch);
        let facts = facts?;
        let mut papers = Papers::default();
        for lead in facts.events.iter().filter_map(|event| event.body.lead()) {
            let Ok(events) = self.0.host.lead_events(lead, Seq(u64::MAX));
            papers.events.insert(lead, events);
            let Ok(row) = self.0.host.closed_lead(lead);
            papers.closed.extend(row.filter(|row| !row.state.is_open()).map(|row| (lead, row)));
        }
        papers.batch = Some(facts);
        Some(papers)
    }

    fn since(&mut self) -> Option<Handover> {
        let events = &self.0.host.events;
        let last = events.iter().rposition(|event| event.actor == "王芳")?;
        let placed = events[..=last].iter().filter(|event| event.actor == "王芳");
        let placed = placed.filter_map(|event| event.body.lead()).collect();
        Some(Handover::of(events[last].at, &events[last + 1..], &placed, false))
    }

    fn diverted(&mut self, diverts: &[(DivertId, Millis)], upto: Seq) -> Vec<(DivertId, u64)> {
        let by = |event: &Event| match &event.body {
            Body::LeadAssigned(a) if event.seq <= upto => match a.by {
                Placer::Divert { divert } => Some(divert),
                _ => None,
            },
            _ => None,
        };
        let given: Vec<DivertId> = self.0.host.events.iter().filter_map(by).collect();
        diverts.iter().map(|(id, _)| (*id, given.iter().filter(|d| *d == id).count() as u64)).collect()
    }

    fn promoted(&mut self, name: &str, now: Millis) -> Option<Beside> {
        let run = self.0.world.last_run(name, now)?;
        Some(Beside::of(&self.0.world, run, now, self.0.host.events.iter()))
    }

    fn alert_story(&mut self, key: AlertKey, episode: Seq) -> Vec<Event> {
        story(key, episode, self.0.host.events.iter())
    }

    fn review(&mut self, (from, until): (Millis, Millis)) -> Review {
        Review::of(from, until, self.0.host.events.iter())
    }

    fn entry(&mut self, entry: &Entry) -> Result<Intent, Say> {
        let text = |slot| entry.values.iter().find(|(s, _)| *s == slot).map_or("", |(_, text)| text.as_str());
        if text(Slot::Phone) == "12" {
            return Err(Say::both("12 is no phone", "12 不是电话"));
        }
        let Some((lead, _)) = entry.lead else {
            let mut lead =
                arrival(text(Slot::Name), text(Slot::Phone), text(Slot::Source), text(Slot::Region), 0);
            lead.contact.wechat = text(Slot::Wechat).into();
            lead.contact.note = text(Slot::Note).into();
            return Ok(Intent::Receive { leads: vec![lead], import: None });
        };
        let Some(row) = self.0.world.lead(lead) else {
            return Err(Say::both("the lead is closed", "线索已关闭"));
        };
        let mut attrs = row.attrs.clone();
        for (slot, text) in &entry.values {
            match slot {
                Slot::Region => attrs.region = text.as_str().into(),
                Slot::Source => attrs.source = text.as_str().into(),
                _ => {}
            }
        }
        Ok(Intent::Edit { lead, attrs: Box::new(attrs), contact: None, keys: None })
    }
}

/// A log in memory as what-if reads it.
pub struct LogShelf {
    pub events: Vec<Event>,
}

impl whatif::Shelf for LogShelf {
    fn stretch(
        &mut self,
        span: &Span,
        now: Millis,
        goes_on: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Option<Stretch>, NoStretch> {
        let mut present = World::new();
        self.events.iter().for_each(|event| drop(present.apply(event)));
        let (from, to) = bounds(&present, span, now)?;
        let (mut start, mut recorder) = (World::new(), None);
        for event in self.events.iter().take_while(|event| event.at <= to) {
            if event.at < from {
                start.apply(event);
            } else {
                recorder.get_or_insert_with(|| Recorder::new(&start)).push(event.clone());
            }
        }
        let tape = Arc::new(recorder.unwrap_or_else(|| Recorder::new(&start)).finish());
        let published = present.published().text.clone();
        Ok(goes_on(1, 1).then_some(Stretch { tape, start, from, published }))
    }
}
