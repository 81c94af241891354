//! The loop: await one event, drain the rest, update, draw once if something changed. The only place of the console that
//! spawns, and that knows real time. Generic over where events come from and what is drawn on, so tests need no terminal.

use crate::console::model::{Dirty, Model, Severity, Size};
use crate::console::msg::{App, Ask, Effect, Msg, News, Order};
use crate::console::osc::sequence;
use crate::console::text::T;
use crate::console::update::update;
use crate::console::view::{Painted, view};
use crate::model::time::{MINUTE_MS, Millis, SECOND_MS};
use crossterm::event::Event;
use futures_util::{Stream, StreamExt};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::Instant;

mod convert;
pub mod drafts;
mod export;
mod jump;
mod pace;
pub mod reader;
pub mod views;
pub mod whatif;
pub mod wire;

use pace::Pace;

/// The real terminal's events; making one needs a terminal.
pub use crossterm::event::EventStream as Events;

/// The most messages applied before a frame: a flood must not starve the screen.
const DRAIN_MAX: usize = 1_024;

/// Fills a frame's buffer and says where the cursor belongs.
pub type Paint<'a> = dyn FnMut(Rect, &mut Buffer) -> Option<(u16, u16)> + 'a;

/// What the loop draws on.
pub trait Stage {
    /// Draws one frame.
    fn draw(&mut self, paint: &mut Paint<'_>) -> io::Result<()>;
    /// Forgets what is on the terminal, so that the next frame is drawn whole.
    fn clear(&mut self) -> io::Result<()>;
    fn size(&self) -> io::Result<Size>;
    fn set_mouse(&mut self, is_on: bool) -> io::Result<()>;
    /// Puts a text into the terminal's clipboard, where the terminal lets programs do that.
    fn copy(&mut self, text: &str) -> io::Result<()>;
    fn bell(&mut self) -> io::Result<()>;
    /// Sends the sequence of a notification.
    fn notify(&mut self, sequence: &str) -> io::Result<()>;
    /// Gives the terminal back and stops; `false` when nobody could continue us. The stop may take effect a moment after
    /// this returns, so nothing may be drawn until the signal to continue has come.
    fn suspend(&mut self) -> io::Result<bool>;
    /// Takes the terminal again.
    fn resume(&mut self) -> io::Result<()>;
}

/// What the loop hands out; nobody waits for it, answers come as news.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    Order(Order),
    Ask(Ask),
    /// The world anew.
    Reload,
}

/// What the loop is connected to.
pub struct Wiring<S, F, C> {
    /// Events of the terminal; an error or the end means it is gone.
    pub events: S,
    /// What the service tells.
    pub news: mpsc::UnboundedReceiver<News>,
    /// Takes requests; must not wait. The answer comes as news.
    pub service: F,
    /// The wall clock.
    pub clock: C,
    /// Whether to listen for signals; tests in one process do not.
    pub has_signals: bool,
}

/// What reaches the loop from the terminal and the system.
enum Input {
    Event(Event),
    Msg(Msg),
    /// The terminal is gone.
    Gone,
}

/// Runs until the person quits or the terminal goes away; returns the last state.
pub async fn run<S, F, C>(
    mut model: Model,
    stage: &mut impl Stage,
    wiring: Wiring<S, F, C>,
) -> io::Result<Model>
where
    S: Stream<Item = io::Result<Event>> + Unpin + Send + 'static,
    F: FnMut(Request),
    C: Fn() -> Millis,
{
    let Wiring { events, mut news, mut service, clock, has_signals } = wiring;
    let (sender, mut inputs) = mpsc::unbounded_channel();
    spawn_reader(events, sender.clone());
    if has_signals {
        spawn_signals(sender)?;
    }
    model.now = clock();
    model.size = stage.size()?;
    let mut painted = Painted::default();
    let (mut pace, mut ticked) = (Pace::default(), model.now);
    let start = Instant::now();
    let elapsed = || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (mut has_news, mut is_stopped, mut is_torn) = (true, false, false);
    loop {
        let mut batch = Vec::new();
        let dirty = if is_stopped { Dirty::Clean } else { model.dirty };
        let wait = pace.wait_ms(dirty, elapsed()).min(tick_in_ms(clock(), painted.has_countdown));
        tokio::select! {
            biased;
            // A `None` cannot come while the reader lives; afterwards it means the terminal is gone.
            input = inputs.recv() => batch.push(input.map_or(Some(Msg::Terminate), |i| to_msg(i, &painted))),
            told = news.recv(), if has_news => match told {
                Some(told) => batch.push(Some(Msg::News(told))),
                None => has_news = false,
            },
            // The frame that is due, or the next tick of what counts down on screen.
            () = tokio::time::sleep(Duration::from_millis(wait)) => {}
        }
        drain(&mut batch, &mut inputs, &mut news, &painted);
        let now = clock();
        if is_tick_due(ticked, now, painted.has_countdown) {
            ticked = now;
            batch.push(Some(Msg::Tick));
        }
        for msg in batch.into_iter().flatten() {
            // A window made smaller and larger again between two frames has the old size and lost its text.
            is_torn |= matches!(msg, Msg::Resize(_));
            for effect in update(&mut model, msg, now) {
                match perform(&mut model, stage, effect, &mut service, now)? {
                    Flow::Same => {}
                    Flow::Stopped => is_stopped = true,
                    Flow::Running => is_stopped = false,
                    Flow::End => return Ok(model),
                }
            }
        }
        if !is_stopped && pace.is_due(model.dirty, elapsed()) {
            if std::mem::take(&mut is_torn) {
                stage.clear()?;
            }
            stage.draw(&mut |area, buf| {
                painted = view(&model, area, buf);
                painted.cursor
            })?;
            model.pages = painted.pages;
            model.dirty = Dirty::Clean;
            pace.drawn(elapsed());
        }
    }
}

/// Takes what else is already there: keys first, as a person waits for them.
fn drain(
    batch: &mut Vec<Option<Msg>>,
    inputs: &mut mpsc::UnboundedReceiver<Input>,
    news: &mut mpsc::UnboundedReceiver<News>,
    painted: &Painted,
) {
    while batch.len() < DRAIN_MAX {
        let Ok(input) = inputs.try_recv() else { break };
        batch.push(to_msg(input, painted));
    }
    while batch.len() < DRAIN_MAX {
        let Ok(told) = news.try_recv() else { break };
        batch.push(Some(Msg::News(told)));
    }
}

/// The events' own task: whether polling them can be cancelled without loss is not documented.
#[expect(clippy::disallowed_methods, reason = "the console runtime may spawn")]
fn spawn_reader<S>(mut events: S, sender: mpsc::UnboundedSender<Input>)
where
    S: Stream<Item = io::Result<Event>> + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        while let Some(Ok(event)) = events.next().await {
            if sender.send(Input::Event(event)).is_err() {
                return;
            }
        }
        // The loop may have ended first; then nobody needs to know.
        let _ = sender.send(Input::Gone);
    });
}

/// Signals as messages, so that they take the same way out as a key.
#[expect(clippy::disallowed_methods, reason = "the console runtime may spawn")]
fn spawn_signals(sender: mpsc::UnboundedSender<Input>) -> io::Result<()> {
    let table = [
        (SignalKind::terminate(), Msg::Terminate),
        (SignalKind::hangup(), Msg::Terminate),
        (SignalKind::interrupt(), Msg::Terminate),
        (SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()), Msg::App(App::Suspend)),
        (SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()), Msg::Resumed),
    ];
    for (kind, msg) in table {
        let mut signals = signal(kind)?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if sender.send(Input::Msg(msg.clone())).is_err() {
                    return;
                }
            }
        });
    }
    Ok(())
}

fn to_msg(input: Input, painted: &Painted) -> Option<Msg> {
    match input {
        Input::Event(event) => convert::message(event, painted),
        Input::Msg(msg) => Some(msg),
        Input::Gone => Some(Msg::Terminate),
    }
}

/// What an effect means for the loop.
enum Flow {
    Same,
    /// The terminal is the shell's: draw nothing.
    Stopped,
    Running,
    End,
}

/// Does what the update asked for.
fn perform(
    model: &mut Model,
    stage: &mut impl Stage,
    effect: Effect,
    service: &mut impl FnMut(Request),
    now: Millis,
) -> io::Result<Flow> {
    match effect {
        Effect::Order(order) => service(Request::Order(order)),
        Effect::Ask(ask) => service(Request::Ask(ask)),
        Effect::Reload => service(Request::Reload),
        Effect::Redraw => {
            // After a foreign stop the shell may have changed every mode, so they are all set again.
            stage.resume()?;
            let size = stage.size()?;
            for effect in update(model, Msg::Resize(size), now) {
                // A larger window lacks contacts; nothing else can follow from a size.
                if let Effect::Ask(ask) = effect {
                    service(Request::Ask(ask));
                }
            }
            return Ok(Flow::Running);
        }
        Effect::Mouse(is_on) => stage.set_mouse(is_on)?,
        Effect::Copy(text) => stage.copy(&text)?,
        Effect::Bell => stage.bell()?,
        Effect::Notify(osc, text) => stage.notify(&sequence(osc, &text))?,
        Effect::Suspend => {
            if stage.suspend()? {
                return Ok(Flow::Stopped);
            }
            model.say(Severity::Refused, T::NoShell);
            model.soil(Dirty::Key);
        }
        Effect::Quit => return Ok(Flow::End),
    }
    Ok(Flow::Same)
}

/// What the clock shows in: seconds while a countdown is on screen, else minutes.
fn step_ms(has_countdown: bool) -> i64 {
    if has_countdown { SECOND_MS } else { MINUTE_MS }
}

fn tick_in_ms(now: Millis, has_countdown: bool) -> u64 {
    let step = step_ms(has_countdown);
    u64::try_from(step - now.0.rem_euclid(step)).unwrap_or(1)
}

/// Whether what a clock shows has changed since the last tick; also when it was set back.
fn is_tick_due(last: Millis, now: Millis, has_countdown: bool) -> bool {
    let step = step_ms(has_countdown);
    last.0.div_euclid(step) != now.0.div_euclid(step)
}

#[cfg(test)]
mod tests;
