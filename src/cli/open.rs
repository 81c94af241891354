//! `open`, also without any command: the console on the desk's file. Several may stand on one file; one of them leads.

mod history;
mod opening;
mod typed;

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use smol_str::SmolStr;

use super::args::{DEFAULT_COUNTRY, DEMO_RATE, DEMO_SEED, DemoArgs, ImportCommand, MappingArgs, TakingArgs};
use super::context::{CliError, Context, Done};
use crate::console::desk::Leadership;
use crate::console::desk::first::FirstPage;
use crate::console::draft::keep::{Editing, Kept};
use crate::console::draft::sheet::VersionLine;
use crate::console::finding::SavedViews;
use crate::console::handwork::form::Entry;
use crate::console::handwork::handover::Handover;
use crate::console::handwork::sheet::BatchLine;
use crate::console::model::{Me, Model, Size};
use crate::console::msg::{Errand, News};
use crate::console::runtime::drafts::Drafts;
use crate::console::runtime::reader::Library;
use crate::console::runtime::views::ViewsFile;
use crate::console::runtime::wire::{Sample, Wires};
use crate::console::runtime::{Events, Wiring, run};
use crate::console::term::Tty;
use crate::console::text::{Say, T};
use crate::desk::{Clock, Desk, DeskHandle, Standing};
use crate::engine::{Intent, Papers, words};
use crate::model::alert::AlertKey;
use crate::model::channel::ChannelKind;
use crate::model::contact_card::ContactCard;
use crate::model::event::Event;
use crate::model::id::{BatchId, DivertId, LeadId, Seq};
use crate::model::lang::Lang;
use crate::model::lead::Lead;
use crate::model::outbox::{NoticeId, OutboxRow};
use crate::model::time::{MINUTE_MS, Millis};
use crate::model::trial::TrialId;
use crate::model::values::Values;
use crate::report::alerts::{Review, read_story};
use crate::report::promotion::Beside;
use crate::rulebook::Replied;
use crate::sim::company;
use crate::store::{PAGE_MAX, Store};

/// Times in the log may step back a little: a divert's first lead is looked for this much before it was set.
const SET_BACK_MS: i64 = MINUTE_MS;

/// Opens the console on the desk's file, making the file where there is none.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn open(ctx: &Context) -> Done {
    // Asked before the file is touched: a pipe must not found a desk.
    needs_terminal(ctx)?;
    ctx.settings.sound(ctx.lang)?;
    if let Some(folder) = ctx.db.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|e| CliError::Database(format!("{}: {e}", folder.display())))?;
    }
    match opening::first_look(ctx) {
        Some((store, page)) => open_behind(ctx, store, page),
        None => run_console(ctx, &ctx.desk_leading(true, true)?),
    }
}

/// Opens the desk behind its first page, then goes on as ever.
fn open_behind(ctx: &Context, store: Store, page: FirstPage) -> Done {
    let (news, told) = unbounded_channel();
    let shown = page.world.seq();
    // In the channel before the first frame is drawn.
    let _ = news.send(News::First(Box::new(page)));
    let (end, ended) = channel();
    let slot = Arc::new(OnceLock::new());
    let (kept, opening) = (Arc::clone(&slot), opening::open(ctx.clone(), news.clone(), end));
    let handle = async move { opening.await.map(|handle| kept.get_or_init(|| handle).clone()) };
    let errand = show(ctx, Seat { store, slot, shown, news, told }, handle)?;
    // Whoever leaves while it still loads waits for nothing: there is nothing that must be kept.
    let Some(desk) = ended.try_recv().ok().transpose()? else { return Ok(()) };
    match errand {
        Some(errand) => run_errand(ctx, &errand).and_then(|()| run_console(ctx, &desk)),
        None => Ok(()),
    }
}

/// Runs the console on a running desk until the person quits; what they leave it for is done in between.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn run_console(ctx: &Context, desk: &Desk) -> Done {
    needs_terminal(ctx)?;
    while let Some(errand) = show_console(ctx, desk)? {
        run_errand(ctx, &errand)?;
    }
    Ok(())
}

/// Does what the console was left for. Its failure is told, and is no reason not to open the console again.
fn run_errand(ctx: &Context, errand: &Errand) -> Done {
    let done = match errand {
        Errand::Import(path) => {
            let file = typed_path(path);
            let mapping = MappingArgs { country: DEFAULT_COUNTRY.into(), ..MappingArgs::default() };
            let taking = TakingArgs::default();
            let leads = ImportCommand::Leads { file, mapping, taking, dry_run: false, each: false };
            super::import::import(ctx, &leads)
        }
        // The demo is left like any console, and needs no pause before ours is there again.
        Errand::Demo => {
            let invented = DemoArgs { seed: DEMO_SEED, rate: DEMO_RATE, keep: None, headless: None };
            return super::demo::demo(ctx, &invented);
        }
    };
    if let Err(error) = done {
        eprintln!("{error}");
    }
    println!("{}", ctx.say("Enter opens the console again.", "按回车键返回控制台。"));
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

/// A path as typed: `~/` is the home folder, as a shell would have it, and quotes around the whole are not part of it.
fn typed_path(text: &str) -> PathBuf {
    let bare = ['\'', '"'].iter().find_map(|q| text.strip_prefix(*q)?.strip_suffix(*q)).unwrap_or(text);
    match (bare.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(bare),
    }
}

fn needs_terminal(ctx: &Context) -> Done {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return Ok(());
    }
    let text = ctx.say(
        "the console needs a terminal on standard input and output; `leadyard status` and the other commands do not",
        "控制台需要在终端中运行；`leadyard status` 等命令不需要",
    );
    Err(CliError::Usage(text.to_owned()))
}

/// The console until it is left, for good or for an errand.
fn show_console(ctx: &Context, desk: &Desk) -> Done<Option<Errand>> {
    let handle = desk.handle().clone();
    let store = Store::open_readonly(handle.path())?;
    let (news, told) = unbounded_channel();
    let slot = Arc::new(OnceLock::from(handle.clone()));
    show(ctx, Seat { store, slot, shown: Seq(0), news, told }, std::future::ready(Some(handle)))
}

/// What a console sits down at.
struct Seat {
    /// The desk's file, for reading.
    store: Store,
    /// The desk, once it is open.
    slot: Arc<OnceLock<DeskHandle>>,
    /// As of which event the first page was shown.
    shown: Seq,
    news: UnboundedSender<News>,
    told: UnboundedReceiver<News>,
}

/// The console on a desk that is there or being opened: `opening` gives it.
fn show(
    ctx: &Context,
    seat: Seat,
    opening: impl Future<Output = Option<DeskHandle>> + Send + 'static,
) -> Done<Option<Errand>> {
    let Seat { store, slot, shown, news, told } = seat;
    let file = store.path().file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let views = views_file(&ctx.actor.name);
    let folder = state_folder().map(|folder| folder.join("drafts"));
    let drafts = Drafts::new(folder, store.path(), &ctx.actor.name, ctx.actor.console);
    let actor = ctx.actor.name.to_string();
    let library = File { store, actor, handle: slot, ctx: ctx.clone(), views, drafts, shown };
    let sample = Sample { cards: company::cards(), book: company::BOOK.into() };
    let me = Me { name: ctx.actor.name.to_string(), asked: ctx.actor.role, role: ctx.actor.role };
    let mut model = Model::new(me, &file, ctx.lang, ctx.settings.look(), Size::default());
    ctx.settings.config.set_up(&mut model);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Notices leave from here whenever this console leads; none once it is left.
    let (outbox, sender) = (Arc::new(OnceLock::new()), ctx.clone());
    let started = Arc::clone(&outbox);
    let opening = async move {
        let handle = opening.await?;
        let _ =
            started.set(sender.channels().ok().and_then(|all| super::outbox::start(&sender, &handle, all)));
        Some(handle)
    };
    let ended = runtime.block_on(async {
        let mut wires = Wires::await_desk(opening, ctx.actor.clone(), Box::new(library), sample, news)?;
        let mut tty = Tty::take(model.is_mouse_on)?;
        let wiring = Wiring {
            events: Events::new(),
            news: told,
            service: move |request| wires.serve(request),
            clock: || Clock::Machine.now(),
            has_signals: true,
        };
        run(model, &mut tty, wiring).await
    });
    // Follow-up tasks and the reader hold nothing that must be kept: what was answered is committed.
    runtime.shutdown_background();
    drop(outbox);
    Ok(ended?.errand)
}

/// The desk's file, read only, behind the reader's thread. What cannot be read now is read at the next look.
struct File {
    store: Store,
    actor: String,
    handle: Arc<OnceLock<DeskHandle>>,
    ctx: Context,
    /// None where the user has no folder for such things: views then last as long as the console.
    views: Option<ViewsFile>,
    /// As of which event the last first page was.
    shown: Seq,
    drafts: Drafts,
}

/// `leadyard` in the user's state folder.
fn state_folder() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir().unwrap_or_else(|| base.data_dir()).join("leadyard"))
}

/// `views.json` in the user's state folder.
fn views_file(actor: &str) -> Option<ViewsFile> {
    Some(ViewsFile { path: state_folder()?.join("views.json"), actor: actor.to_owned() })
}

impl Library for File {
    fn contacts(&mut self, leads: &[LeadId]) -> Vec<(LeadId, ContactCard)> {
        self.store.contacts(leads).unwrap_or_default()
    }

    fn story(&mut self, lead: LeadId, limit: usize) -> Vec<Event> {
        self.store.lead_history(lead, limit).unwrap_or_default()
    }

    fn closed(&mut self, lead: LeadId) -> Option<Lead> {
        self.store.lead(lead).ok().flatten().filter(|row| !row.state.is_open())
    }

    fn find(&mut self, text: &str, limit: usize) -> Vec<LeadId> {
        let found = self.store.find(text, limit).unwrap_or_default();
        found.into_iter().map(|found| found.lead).collect()
    }

    /// Console numbers are process numbers, so after a restart one's own last batch is the actor's last.
    fn last_batch(&mut self) -> Option<BatchId> {
        let recent = self.store.batches(None, PAGE_MAX).unwrap_or_default();
        let is_work = |verb: Option<crate::model::event::Verb>| {
            use crate::model::event::Verb;
            !matches!(
                verb,
                None | Some(
                    Verb::LeadHeld
                        | Verb::LeadReleased
                        | Verb::LeadUnmasked
                        | Verb::BatchUndone
                        | Verb::LeadRestored
                        | Verb::RoleGranted
                        | Verb::ImportBegan
                        | Verb::LeadReceived
                )
            )
        };
        let mine =
            recent.into_iter().find(|b| b.actor == self.actor && b.undone.is_none() && is_work(b.verb));
        mine.map(|batch| batch.id)
    }

    fn views(&mut self) -> Result<SavedViews, Say> {
        self.views.as_ref().map_or_else(|| Ok(SavedViews::new()), ViewsFile::read)
    }

    fn keep_views(&mut self, views: &SavedViews) -> Result<(), Say> {
        self.views.as_ref().map_or(Ok(()), |file| file.write(views))
    }

    fn left_draft(&mut self) -> Result<Option<Kept>, Say> {
        self.drafts.left()
    }

    fn keep_draft(&mut self, draft: Option<&Kept>) -> Result<(), Say> {
        self.drafts.keep(draft)
    }

    fn editors(&mut self) -> Vec<Editing> {
        self.drafts.others()
    }

    fn replied(&mut self) -> BTreeMap<SmolStr, Replied> {
        self.store.replied().unwrap_or_default()
    }

    fn versions(&mut self, limit: usize) -> Vec<VersionLine> {
        history::versions(&self.store, limit).unwrap_or_default()
    }

    fn batches(&mut self, limit: usize, mine: bool) -> Vec<BatchLine> {
        history::batches(&self.store, &self.actor, limit, mine)
    }

    fn channels(&mut self) -> Option<Vec<(ChannelKind, SmolStr)>> {
        super::outbox::set_up(&self.ctx)
    }

    fn outbox(&mut self, limit: usize, all: bool) -> (Vec<OutboxRow>, Option<Say>) {
        super::outbox::page(&self.ctx, &self.store, limit, all)
    }

    fn outbox_by_hand(&mut self, id: NoticeId, retry: bool) -> Result<(), Say> {
        super::outbox::at_console(&self.ctx, self.store.path(), id, retry)
    }

    fn papers(&mut self, batch: BatchId) -> Option<Papers> {
        history::papers(&self.store, batch).ok().flatten()
    }

    fn since(&mut self) -> Option<Handover> {
        history::since(&self.store, &self.actor).ok().flatten()
    }

    /// Given since each was set; a divert's number is never a rule's name in the table.
    fn diverted(&mut self, diverts: &[(DivertId, Millis)], upto: Seq) -> Vec<(DivertId, u64)> {
        let count = |(divert, set_at): &(DivertId, Millis)| {
            let after = self.store.seq_at(set_at.plus(-SET_BACK_MS)).ok()?;
            let given = self.store.given_by(&divert.to_string(), after, upto).ok()?;
            Some((*divert, given))
        };
        diverts.iter().filter_map(count).collect()
    }

    fn promoted(&mut self, name: &str, now: Millis) -> Option<Beside> {
        let world = self.store.load_world(&mut |_, _| {}).ok()?;
        let run = world.last_run(name, now)?;
        Beside::read(&self.store, &world, run, now).ok()
    }

    fn differed(&mut self, trial: TrialId) -> Vec<(Millis, Say)> {
        let Ok(world) = self.store.load_world(&mut |_, _| {}) else { return Vec::new() };
        let said = |event: &Event| {
            let [en, zh] = [Lang::En, Lang::Zh].map(|lang| words::history(&world, event, lang));
            (event.at, Say::both(en, zh))
        };
        let events = crate::report::trial::differences(&self.store, trial).unwrap_or_default();
        events.iter().map(said).collect()
    }

    fn entry(&mut self, entry: &Entry) -> Result<Intent, Say> {
        let handle = self.handle.get().ok_or_else(|| Say::from(T::StillLoading))?;
        typed::entry(&self.ctx, &self.store, handle, entry)
    }

    fn alert_story(&mut self, key: AlertKey, episode: Seq) -> Vec<Event> {
        read_story(&self.store, key, episode).unwrap_or_default()
    }

    fn review(&mut self, (from, until): (Millis, Millis)) -> Review {
        Review::read(&self.store, from, until).unwrap_or_default()
    }

    fn values(&mut self) -> Values {
        self.store.values().unwrap_or_default()
    }

    fn leadership(&mut self) -> Leadership {
        match self.handle.get().map(DeskHandle::standing) {
            Some(Standing::Leads(_)) => Leadership::Here,
            Some(Standing::Follows | Standing::Unsettled) | None => Leadership::Elsewhere,
            Some(Standing::ReadOnly) => Leadership::ReadOnly,
        }
    }

    fn first_page(&mut self) -> Option<FirstPage> {
        let page = opening::read(&self.store)?;
        let shown = std::mem::replace(&mut self.shown, page.world.seq());
        (page.world.seq() != shown).then_some(page)
    }
}
