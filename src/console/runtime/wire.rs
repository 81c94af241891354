//! The wires between the loop and the running desk: orders go in as intents, commits and answers come back as news. Nothing
//! here waits on the loop's own task.

use super::Request;
use super::reader::{Library, start, start_looking};
use crate::console::desk::Leadership;
use crate::console::msg::{Ask, News, Order, Reply};
use crate::console::text::Say;
use crate::desk::clock::fresh_id;
use crate::desk::whatif::FileShelf;
use crate::desk::{Answer, Denied, DeskHandle, News as DeskNews};
use crate::engine::{Intent, Order as Wish};
use crate::model::actor::Actor;
use crate::model::rep::RepCard;
use crate::model::time::Millis;
use smol_str::SmolStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What an empty desk can be given to start with.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    pub cards: Vec<RepCard>,
    pub book: SmolStr,
}

/// How often the first page is read again while the desk opens.
const FIRST_AGAIN: Duration = Duration::from_secs(1);

/// The loop's service.
pub struct Wires {
    /// Empty while the desk opens.
    handle: Arc<OnceLock<DeskHandle>>,
    actor: Actor,
    news: UnboundedSender<News>,
    asks: std::sync::mpsc::Sender<Ask>,
    /// Started by the first question.
    what_if: Option<std::sync::mpsc::Sender<super::whatif::Asked>>,
    looks: std::sync::mpsc::Sender<Ask>,
    reload: Arc<Notify>,
    sample: Sample,
}

impl Wires {
    /// Connects to a running desk and starts to follow it. Must be called within the runtime.
    ///
    /// # Errors
    /// When the reader's thread cannot be started.
    pub fn connect(
        handle: DeskHandle,
        actor: Actor,
        library: Box<dyn Library + Send>,
        sample: Sample,
    ) -> std::io::Result<(Wires, UnboundedReceiver<News>)> {
        let (news, told) = unbounded_channel();
        let wires = Wires::await_desk(std::future::ready(Some(handle)), actor, library, sample, news)?;
        Ok((wires, told))
    }

    /// Connects to a desk that is being opened: `opening` gives its handle, or none when it cannot be opened. Until then
    /// questions are answered from the file, and the first page is read again each second.
    ///
    /// # Errors
    /// When the reader's thread cannot be started.
    pub fn await_desk(
        opening: impl Future<Output = Option<DeskHandle>> + Send + 'static,
        actor: Actor,
        library: Box<dyn Library + Send>,
        sample: Sample,
        news: UnboundedSender<News>,
    ) -> std::io::Result<Wires> {
        let asks = start(library, news.clone())?;
        let looks = start_looking(news.clone())?;
        let (reload, handle) = (Arc::new(Notify::new()), Arc::new(OnceLock::new()));
        let (slot, told, again, reader) =
            (Arc::clone(&handle), news.clone(), Arc::clone(&reload), asks.clone());
        spawn(async move {
            match opened(opening, &reader).await {
                Some(handle) => {
                    let handle = slot.get_or_init(|| handle).clone();
                    follow(handle, told, again).await;
                }
                // A loop that has ended needs no answer.
                None => drop(told.send(News::NotOpened)),
            }
        });
        Ok(Wires { handle, actor, news, asks, what_if: None, looks, reload, sample })
    }

    /// Takes a request; the answer comes as news.
    pub fn serve(&mut self, request: Request) {
        match request {
            // Without that thread alerts keep the numbers they fired with.
            Request::Ask(ask @ (Ask::Alerts(_) | Ask::Words(_) | Ask::Remedies { .. })) => {
                drop(self.looks.send(ask))
            }
            Request::Ask(Ask::WhatIf(asked)) => self.think(asked),
            // A reader that is gone has lost its file; the desk says so itself.
            Request::Ask(ask) => drop(self.asks.send(ask)),
            Request::Reload => self.reload.notify_one(),
            Request::Order(order) => self.order(order),
        }
    }

    /// Hands a question of what-if to the thread that thinks it through. Without one the pane stays as it is.
    fn think(&mut self, asked: super::whatif::Asked) {
        if self.what_if.is_none()
            && asked.is_some()
            && let Some(handle) = self.handle.get()
        {
            let (shelf, clock) = (FileShelf::new(handle.path()), handle.clock().clone());
            let started = super::whatif::start(Box::new(shelf), move || clock.now(), self.news.clone());
            self.what_if = started.ok();
        }
        if let Some(what_if) = &self.what_if {
            drop(what_if.send(asked));
        }
    }

    fn order(&self, order: Order) {
        // No command gives an order before the desk is there.
        let Some(handle) = self.handle.get() else { return };
        let now = handle.clock().now();
        let wishes: Vec<Wish> = match &order {
            Order::Sample => sample(&self.sample, &self.actor),
            order => wish(order, &self.actor, now).into_iter().collect(),
        };
        let (handle, news) = (handle.clone(), self.news.clone());
        spawn(async move {
            let mut reply = Reply::Failed(Say::verbatim(""));
            for wish in wishes {
                let answer = handle.submit(wish).await.unwrap_or(Err(Denied::Closing));
                let is_done = answer.is_ok();
                reply = reply_of(answer);
                if !is_done {
                    break;
                }
            }
            // A loop that has ended needs no answer.
            let _ = news.send(News::Answered { order: Box::new(order), reply });
        });
    }
}

#[expect(clippy::disallowed_methods, reason = "the console runtime may spawn")]
fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(task);
}

/// Waits for the desk; meanwhile others may work on it, so the page shown of it is brought up to date.
async fn opened(
    opening: impl Future<Output = Option<DeskHandle>>,
    reader: &std::sync::mpsc::Sender<Ask>,
) -> Option<DeskHandle> {
    tokio::pin!(opening);
    loop {
        tokio::select! {
            biased;
            handle = &mut opening => return handle,
            // A reader that is gone has lost its file; the opening will say so.
            () = tokio::time::sleep(FIRST_AGAIN) => drop(reader.send(Ask::First)),
        }
    }
}

/// What the desk answered.
#[must_use]
pub fn reply_of(answer: Answer) -> Reply {
    match answer {
        Ok(outcome) => Reply::Done(Box::new(outcome)),
        Err(Denied::Refused(refusal)) => Reply::Refused(refusal),
        Err(Denied::Store(error)) => Reply::Failed(Say::verbatim(error.to_string())),
        Err(Denied::Closing) => Reply::Failed(Say::verbatim(Denied::Closing.to_string())),
    }
}

/// Follows the desk until it closes; lost events mean the world is taken anew.
async fn follow(handle: DeskHandle, news: UnboundedSender<News>, reload: Arc<Notify>) {
    loop {
        let Ok((world, mut feed)) = handle.follow().await else { return };
        if news.send(News::World(Box::new(world))).is_err() {
            return;
        }
        loop {
            let told = tokio::select! {
                told = feed.recv() => told,
                () = reload.notified() => break,
            };
            let sent = match told {
                Ok(DeskNews::Committed(events)) => news.send(News::Events(events)),
                Ok(DeskNews::Leading(true)) => news.send(News::Leading(Leadership::Here)),
                Ok(DeskNews::Leading(false)) => news.send(News::Leading(Leadership::Elsewhere)),
                Ok(DeskNews::Trouble(error)) if error.stops_writing() => {
                    news.send(News::Trouble(Say::verbatim(error.to_string())))
                }
                // Worth a sentence, but the desk goes on writing.
                Ok(DeskNews::Trouble(error)) => news.send(News::Notice(Say::verbatim(error.to_string()))),
                Ok(DeskNews::Reloaded) | Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return,
            };
            if sent.is_err() {
                return;
            }
        }
    }
}

/// The wish behind an order, with what the person had seen; none for an order of several.
#[must_use]
pub fn wish(order: &Order, actor: &Actor, now: Millis) -> Option<Wish> {
    let (intent, seen) = crate::console::wish::intent(order, now)?;
    Some(Wish { id: fresh_id(), actor: actor.clone(), intent, seen })
}

/// The roster, then the book that gives to it.
#[must_use]
pub fn sample(sample: &Sample, actor: &Actor) -> Vec<Wish> {
    let publish = Intent::Publish {
        text: sample.book.clone(),
        note: SmolStr::new_static("sample"),
        base: crate::model::id::BookVersion(0),
    };
    [Intent::AddReps { cards: sample.cards.clone() }, publish]
        .into_iter()
        .map(|intent| Wish { id: fresh_id(), actor: actor.clone(), intent, seen: Vec::new() })
        .collect()
}
