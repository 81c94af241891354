//! Opening a desk that exists behind its first page: what the file shows of it stands on screen while the log is folded on a
//! thread of its own. Whatever is out of the ordinary goes the ordinary way, which explains itself.

use std::sync::mpsc::{Receiver, channel};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use crate::cli::context::{CliError, Context, Done, TOLD_EVENTS_MIN};
use crate::console::desk::first::FirstPage;
use crate::console::msg::News;
use crate::desk::{Clock, Desk, DeskHandle};
use crate::model::id::Seq;
use crate::store::Store;
use crate::world::World;

/// Leads of the first page: more than the tallest screen shows, and some to move in.
const ROWS: usize = 200;

/// A desk on its way.
pub struct Opening {
    /// What became of it; nothing as long as it opens.
    pub ended: Receiver<Done<Desk>>,
    /// Its handle, or none when it could not be opened.
    pub handle: oneshot::Receiver<Option<DeskHandle>>,
}

/// The first page of an existing desk and the connection it was read by. None for a file that is new, older, newer or in
/// trouble, and for somebody who signs as somebody else, which is to be looked into before anything is shown.
pub fn first_look(ctx: &Context) -> Option<(Store, FirstPage)> {
    if ctx.actor.name != ctx.user {
        return None;
    }
    let store = ctx.read().ok().filter(|store| store.newer_schema().is_none())?;
    let page = read(&store).filter(|page| page.world.seq() > Seq(0))?;
    Some((store, page))
}

/// The first page as the file has it now.
pub fn read(store: &Store) -> Option<FirstPage> {
    let page = store.first_page(ROWS, Clock::Machine.now()).ok()?;
    let world = World::pictured(page.picture);
    Some(FirstPage { world, waiting: page.waiting, parked: page.parked, contacts: page.contacts })
}

impl Opening {
    /// Begins to open the desk; how far it is goes to `news`.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn begin(ctx: &Context, news: UnboundedSender<News>) -> Done<Opening> {
        let (end, ended) = channel();
        let (give, handle) = oneshot::channel();
        let ctx = ctx.clone();
        let open = move || {
            let mut told = None;
            let mut tell = |folded: u64, total: u64| {
                let percent = folded.saturating_mul(100) / total.max(1);
                if total >= TOLD_EVENTS_MIN && told.replace(percent) != Some(percent) {
                    // A console that has ended does not want to know, here as below.
                    let _ = news.send(News::Opening { folded, total });
                }
            };
            let opened = ctx.desk_telling(true, true, &mut tell);
            let handle = opened.as_ref().ok().map(|desk| desk.handle().clone());
            let _ = end.send(opened);
            let _ = give.send(handle);
        };
        std::thread::Builder::new().name("opening".into()).spawn(open).map_err(CliError::from)?;
        Ok(Opening { ended, handle })
    }
}
