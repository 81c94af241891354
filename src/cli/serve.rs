//! `serve`: the leader's work and the HTTP door, without a screen. Beyond this machine it listens only where tokens exist. Opens,
//! waits, closes; what is posted is the door's affair.

mod log;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::args::DEFAULT_COUNTRY;
use super::context::{CliError, Context, Done};
use crate::desk::{Clock, DeskHandle};
use crate::intake::http::{Door, DoorOptions, serve as serve_http};
use crate::intake::vendor::map_file::MapFile;
use crate::intake::vendor::secrets::{NAMES, Secrets};
use crate::model::actor::Role;
use crate::model::lang::Lang;
use crate::notify::secret::{FileTrouble, read_private};
use crate::store::Store;

/// Exit code when a second signal, or [`CLOSING_MAX_MS`], ends the process at once.
const IMPATIENT: i32 = 130;
/// How long closing may take, in milliseconds.
const CLOSING_MAX_MS: i64 = 10_000;
/// Threads that serve sockets: what they do is short, and the desk has its own.
const WORKERS: usize = 2;
/// Largest file of secrets or of a mapping, in bytes.
const SIDE_FILE_MAX: u64 = 1 << 20;

/// Open files kept for the desk, its log and the channels, beside the sockets.
const FILES_BESIDE: usize = 128;

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port; beyond this machine it needs a token (see `token add`) and a proxy for TLS
    #[arg(long, default_value = "127.0.0.1:8787", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Append the log here, a line of JSON an event [default: stderr]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Vendors' secrets, a line NAME=secret each, in a file only you can read; the environment (LEADYARD_…) is read too
    #[arg(long, value_name = "FILE")]
    secrets: Option<PathBuf>,
    /// How the world sees this address, e.g. https://leads.example.com; HubSpot signs it
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// A sender of your own: NAME=FILE, posted to /v1/in/NAME; may be repeated
    #[arg(long = "mapping", value_name = "NAME=FILE")]
    mappings: Vec<String>,
    /// Zone of times without one [default: the rule book's]
    #[arg(long)]
    zone: Option<String>,
    /// Country of phone numbers without a prefix, two letters
    #[arg(long, default_value = DEFAULT_COUNTRY)]
    country: String,
}

/// Serves until a signal comes or the file can never be written again by this program.
///
/// # Errors
/// See [`CliError`].
pub fn serve(ctx: &Context, args: &ServeArgs) -> Done {
    let again = Arc::new(AtomicBool::new(false));
    for number in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(number, IMPATIENT, Arc::clone(&again))?;
    }
    // A reader of our lines, or a peer, that went away must not end the server.
    signal_hook::flag::register(signal_hook::consts::SIGPIPE, Arc::new(AtomicBool::new(false)))?;
    let options = options(ctx, args)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?;
    let desk = ctx.desk_leading(false, true)?;
    let handle = desk.handle().clone();
    may_serve(ctx, args, &handle)?;
    log::start(ctx, args.log.as_deref())?;
    // A wrong file of channels stops no lead: it is told, and nothing is sent.
    let outbox = match ctx.channels() {
        Ok(channels) => super::outbox::start(ctx, &handle, channels),
        Err(error) => {
            tracing::error!(%error, "no notices are sent");
            say(ctx, "trouble", &error.to_string(), None);
            None
        }
    };
    let ended = runtime.block_on(work(ctx, args, handle, options, &again));
    // Sockets first: what they hold is dropped, and nobody asks the desk any more.
    runtime.shutdown_background();
    // Notices under way need the desk to be marked as sent.
    drop(outbox);
    drop(desk);
    tracing::info!("stopped");
    if ended.is_ok() {
        say(ctx, "stopped", ctx.say("stopped", "已停止"), None);
    }
    ended
}

async fn work(
    ctx: &Context,
    args: &ServeArgs,
    handle: DeskHandle,
    options: DoorOptions,
    again: &Arc<AtomicBool>,
) -> Done {
    let (mut int, mut term) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let listener = TcpListener::bind(args.listen).await.map_err(|error| unbound(ctx, args.listen, &error))?;
    let address = listener.local_addr()?;
    let door = Door::open(handle.clone(), options).await.map_err(|denied| ctx.denied(denied, None))?;
    let (stop, stopping) = watch::channel(false);
    let mut following = pin!(door.follow());
    let mut serving = pin!(serve_http(listener, Arc::clone(&door), stopping));
    tracing::info!(%address, process = handle.console(), "listening");
    say(ctx, "listening", &format!("{} http://{address}", ctx.say("listening on", "监听")), Some(address));
    let mut ended = Ok(());
    tokio::select! {
        served = &mut serving => return served.map_err(CliError::from),
        followed = &mut following => {
            if let Err(error) = followed {
                tracing::error!(%error, "the file is of no more use");
                ended = Err(CliError::Database(error.to_string()));
            }
        }
        _ = int.recv() => {}
        _ = term.recv() => {}
    }
    tracing::info!("closing");
    // From here on another signal does not wait for requests in hand, the last commit and the lease.
    again.store(true, Ordering::SeqCst);
    end_in_time()?;
    stop.send_replace(true);
    if ended.is_err() {
        serving.await?;
    } else {
        // Requests in hand may wait for the world to be folded on.
        tokio::select! {
            served = &mut serving => served?,
            _ = &mut following => serving.await?,
        }
    }
    ended
}

/// Ends the process when closing takes too long: whoever restarts it must not wait for ever.
fn end_in_time() -> Done {
    let clock = Clock::Machine;
    let until = clock.boot_ms() + CLOSING_MAX_MS;
    let wait = move || {
        loop {
            let left = until - clock.boot_ms();
            match u64::try_from(left) {
                Ok(left) if left > 0 => std::thread::park_timeout(Duration::from_millis(left)),
                _ => std::process::exit(IMPATIENT),
            }
        }
    };
    std::thread::Builder::new().name("closing".into()).spawn(wait)?;
    Ok(())
}

/// One line for whoever started the process; a reader that went away does not stop the work.
fn say(ctx: &Context, is: &str, text: &str, address: Option<SocketAddr>) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let line = if ctx.json {
        serde_json::json!({"is": is, "says": text, "address": address.map(|a| a.to_string())}).to_string()
    } else {
        text.to_owned()
    };
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn unbound(ctx: &Context, address: SocketAddr, error: &std::io::Error) -> CliError {
    CliError::Usage(match ctx.lang {
        Lang::En => format!(
            "--listen {address}: {error}; nothing was started. Choose another port, or end who has it"
        ),
        Lang::Zh => format!("--listen {address}：{error}；未启动。请换一个端口，或先结束占用者"),
    })
}

/// Whether this user may take leads in here, and whether the address is one that needs a token.
fn may_serve(ctx: &Context, args: &ServeArgs, handle: &DeskHandle) -> Done {
    let world = handle.snapshot().map_err(|denied| ctx.denied(denied, None))?;
    if world.role_of(&ctx.actor) < Role::Coordinator {
        let text = ctx.say(
            "whoever serves must be a coordinator of this desk: leads without a token are taken in that name. An admin grants it with `role`",
            "启动服务的用户须为销售协调：无令牌的线索以其名义收录。管理员可用 role 授权",
        );
        return Err(CliError::Refused(text.to_owned()));
    }
    if args.listen.ip().is_loopback() || Store::open_readonly(handle.path())?.has_tokens()? {
        return Ok(());
    }
    let address = args.listen;
    Err(CliError::Refused(match ctx.lang {
        Lang::En => format!(
            "--listen {address} is open to other machines, and nobody needs a token yet: nothing was started. Make one with `leadyard token add NAME --source SOURCE` first"
        ),
        Lang::Zh => format!(
            "--listen {address} 对其他机器开放，但尚无令牌：未启动。请先用 `leadyard token add 名称 --source 渠道` 创建令牌"
        ),
    }))
}

fn options(ctx: &Context, args: &ServeArgs) -> Done<DoorOptions> {
    let mut options = DoorOptions::new(ctx.actor.clone());
    options.country = args.country.parse().map_err(|why| CliError::Usage(format!("--country: {why}")))?;
    options.zone = args
        .zone
        .as_deref()
        .map(|text| {
            text.parse().map_err(|_| {
                let why =
                    ctx.say("is no time zone; write it like Asia/Shanghai", "不是时区；请写成 Asia/Shanghai");
                CliError::Usage(format!("--zone {text:?} {why}"))
            })
        })
        .transpose()?;
    options.limits.connections = room_for(options.limits.connections);
    options.public_url.clone_from(&args.public_url);
    options.secrets = secrets(ctx, args.secrets.as_deref())?;
    options.maps = args.mappings.iter().map(|text| mapping(ctx, text)).collect::<Done<_>>()?;
    Ok(options)
}

/// How many sockets this process may have open without taking the files it works with from itself. A machine often allows 1,024
/// open files until a program asks for more.
fn room_for(sockets: usize) -> usize {
    let wanted = u64::try_from(sockets.saturating_add(FILES_BESIDE)).unwrap_or(u64::MAX);
    let found = getrlimit(Resource::Nofile);
    if found.current.is_some_and(|now| now < wanted) {
        let current = Some(found.maximum.map_or(wanted, |most| most.min(wanted)));
        // Refused: then what there is must do.
        let _ = setrlimit(Resource::Nofile, Rlimit { current, maximum: found.maximum });
    }
    let files = getrlimit(Resource::Nofile).current.and_then(|now| usize::try_from(now).ok());
    files.map_or(sockets, |files| files.saturating_sub(FILES_BESIDE).clamp(1, sockets))
}

fn secrets(ctx: &Context, file: Option<&Path>) -> Done<Secrets> {
    let mut secrets = Secrets::default();
    if let Some(path) = file {
        let text = read_private(path, SIDE_FILE_MAX).map_err(|trouble| untaken(ctx, path, &trouble))?;
        secrets.put_lines(&text).map_err(|line| {
            // The line itself may be a secret and is not shown.
            let names = NAMES.join(", ");
            CliError::Input(match ctx.lang {
                Lang::En => {
                    format!("{}, line {line}: write NAME=secret, with one of {names}", path.display())
                }
                Lang::Zh => format!("{} 第 {line} 行：请写成 名称=密钥，名称为 {names} 之一", path.display()),
            })
        })?;
    }
    for name in NAMES {
        if let Ok(secret) = std::env::var(format!("LEADYARD_{name}")) {
            secrets.put(name, &secret);
        }
    }
    Ok(secrets)
}

/// Why a file of secrets is not taken.
fn untaken(ctx: &Context, path: &Path, trouble: &FileTrouble) -> CliError {
    let shown = path.display();
    CliError::Input(match (trouble, ctx.lang) {
        (FileTrouble::TooOpen(mode), Lang::En) => {
            format!(
                "{shown} can be read by others (mode {mode:o}); nothing was started. Say: chmod 600 {shown}"
            )
        }
        (FileTrouble::TooOpen(mode), Lang::Zh) => {
            format!("{shown} 可被他人读取（权限 {mode:o}）；未启动。请执行：chmod 600 {shown}")
        }
        (FileTrouble::Unreadable(why), Lang::En) => format!("{shown}: {why}; nothing was started"),
        (FileTrouble::Unreadable(why), Lang::Zh) => format!("{shown}：{why}；未启动"),
        (FileTrouble::TooLong(most), Lang::En) => {
            format!("{shown}: larger than {most} bytes; nothing was started")
        }
        (FileTrouble::TooLong(most), Lang::Zh) => format!("{shown}：超过 {most} 字节；未启动"),
    })
}

fn mapping(ctx: &Context, text: &str) -> Done<MapFile> {
    let Some((name, file)) =
        text.split_once('=').filter(|(name, _)| crate::intake::http::token::is_name(name))
    else {
        let why = ctx.say("write it as NAME=FILE", "请写成 名称=文件");
        return Err(CliError::Usage(format!("--mapping {text:?}: {why}")));
    };
    let path = Path::new(file);
    MapFile::parse(name, &side_file(ctx, path)?).map_err(|fault| {
        CliError::Input(match ctx.lang {
            Lang::En => format!("{}, line {}: {}", path.display(), fault.line, fault.en),
            Lang::Zh => format!("{} 第 {} 行：{}", path.display(), fault.line, fault.zh),
        })
    })
}

fn side_file(ctx: &Context, path: &Path) -> Done<String> {
    let trouble = |why: String| {
        CliError::Input(match ctx.lang {
            Lang::En => format!("{}: {why}; nothing was started", path.display()),
            Lang::Zh => format!("{}：{why}；未启动", path.display()),
        })
    };
    let length = std::fs::metadata(path).map_err(|e| trouble(e.to_string()))?.len();
    if length > SIDE_FILE_MAX {
        return Err(trouble(ctx.say("larger than 1 MB", "超过 1 MB").to_owned()));
    }
    std::fs::read_to_string(path).map_err(|e| trouble(e.to_string()))
}
