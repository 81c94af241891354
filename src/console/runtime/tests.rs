//! The loop without a terminal: frames are drawn when something changed, and only then.

use super::*;
use crate::console::look::Look;
use crate::console::model::Me;
use crate::model::actor::Role;
use crate::model::lang::Lang;
use crossterm::event::{KeyCode, KeyEvent};
use futures_util::stream;
use tokio::time::timeout;

/// Reports each frame it is asked to draw.
struct Probe {
    frames: mpsc::UnboundedSender<()>,
}

impl Stage for Probe {
    fn draw(&mut self, paint: &mut Paint<'_>) -> io::Result<()> {
        let area = Rect::new(0, 0, 80, 24);
        paint(area, &mut Buffer::empty(area));
        self.frames.send(()).map_err(io::Error::other)
    }
    fn clear(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn size(&self) -> io::Result<Size> {
        Ok(Size { cols: 80, rows: 24 })
    }
    fn set_mouse(&mut self, _: bool) -> io::Result<()> {
        Ok(())
    }
    fn copy(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }
    fn bell(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn notify(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }
    fn suspend(&mut self) -> io::Result<bool> {
        Ok(false)
    }
    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A loop on a background task of the test, and the ends of its wires.
struct Rig {
    keys: mpsc::UnboundedSender<io::Result<Event>>,
    _news: mpsc::UnboundedSender<News>,
    frames: mpsc::UnboundedReceiver<()>,
    ended: tokio::task::JoinHandle<io::Result<Model>>,
}

#[expect(clippy::disallowed_methods, reason = "the loop under test runs beside the test")]
fn rig() -> Rig {
    let (keys, events) = mpsc::unbounded_channel();
    let (news, told) = mpsc::unbounded_channel();
    let (frames_sent, frames) = mpsc::unbounded_channel();
    let events = Box::pin(stream::unfold(events, |mut rx| async { rx.recv().await.map(|e| (e, rx)) }));
    let me = Me { name: "x".into(), asked: Role::Admin, role: Role::Admin };
    let model = Model::new(me, "x.db", Lang::En, Look::default(), Size { cols: 80, rows: 24 });
    let ended = tokio::spawn(async move {
        let mut stage = Probe { frames: frames_sent };
        let clock = || Millis(1);
        let wiring = Wiring { events, news: told, service: |_| {}, clock, has_signals: false };
        run(model, &mut stage, wiring).await
    });
    Rig { keys, _news: news, frames, ended }
}

fn key(c: char) -> io::Result<Event> {
    Ok(Event::Key(KeyEvent::from(KeyCode::Char(c))))
}

const SOON: Duration = Duration::from_secs(5);
const QUIET: Duration = Duration::from_millis(300);

#[tokio::test]
async fn an_idle_console_draws_nothing() {
    let mut rig = rig();
    assert_eq!(timeout(SOON, rig.frames.recv()).await, Ok(Some(())));
    assert!(timeout(QUIET, rig.frames.recv()).await.is_err(), "a frame without a cause");
    rig.keys.send(key('j')).unwrap();
    assert_eq!(timeout(SOON, rig.frames.recv()).await, Ok(Some(())));
}

#[tokio::test]
async fn a_flood_of_keys_costs_few_frames() {
    let mut rig = rig();
    assert_eq!(timeout(SOON, rig.frames.recv()).await, Ok(Some(())));
    for _ in 0..500 {
        rig.keys.send(key('j')).unwrap();
    }
    rig.keys.send(key('q')).unwrap();
    assert!(timeout(SOON, rig.ended).await.is_ok_and(|end| end.is_ok_and(|run| run.is_ok())));
    let mut frames = 0;
    while rig.frames.try_recv().is_ok() {
        frames += 1;
    }
    assert!(frames < 50, "{frames}");
}

#[tokio::test]
async fn a_lost_terminal_ends_the_console() {
    for last in [Some(Err(io::Error::other("gone"))), None] {
        let rig = rig();
        if let Some(event) = last {
            rig.keys.send(event).unwrap();
        }
        drop(rig.keys);
        assert!(timeout(SOON, rig.ended).await.is_ok_and(|end| end.is_ok_and(|run| run.is_ok())));
    }
}

#[test]
fn the_clock_ticks_by_minutes_unless_something_counts_down() {
    assert_eq!(tick_in_ms(Millis(59_000), false), 1_000);
    assert_eq!(tick_in_ms(Millis(59_400), true), 600);
    assert!(!is_tick_due(Millis(60_000), Millis(119_999), false));
    assert!(is_tick_due(Millis(60_000), Millis(61_000), true));
    assert!(is_tick_due(Millis(60_000), Millis(1_000), false), "a clock set back shows another minute");
}
