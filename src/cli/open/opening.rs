//! Opening a desk that exists behind its first page: what the file shows of it stands on screen while the log is folded on a
//! thread of its own. Whatever is out of the ordinary goes the ordinary way, which explains itself.

use std::sync::mpsc::Sender;

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

/// Opens the desk on a thread of its own, begun when this is first waited for: the first page is painted by then. Gives its
/// handle, or none when it could not be opened; what became of it goes to `ended`, how far it is to `news`.
pub async fn open(
    ctx: Context,
    news: UnboundedSender<News>,
    ended: Sender<Done<Desk>>,
) -> Option<DeskHandle> {
    let (give, handle) = oneshot::channel();
    let failed = ended.clone();
    let work = move || {
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
        let _ = ended.send(opened);
        let _ = give.send(handle);
    };
    if let Err(error) = std::thread::Builder::new().name("opening".into()).spawn(work) {
        let _ = failed.send(Err(CliError::from(error)));
        return None;
    }
    handle.await.ok().flatten()
}
