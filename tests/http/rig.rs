//! A desk with a door on port 0, in process, and a client that speaks HTTP by hand.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use leadyard::desk::clock::{fresh_id, fresh_secret};
use leadyard::desk::{Clock, Desk, DeskOptions, Errand};
use leadyard::engine::{Intent, Order};
use leadyard::intake::http::token::{hash, prefix, scope_bits, secret_text, signature};
use leadyard::intake::http::{Door, DoorOptions, serve};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::id::BookVersion;
use leadyard::model::rep::RepCard;
use leadyard::model::time::Millis;
use leadyard::store::{Store, Token, check};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// 2026-11-02T02:00:00Z, a Monday morning in Shanghai.
pub const NOW: Millis = Millis(1_793_584_800_000);
/// Held by tests that measure time and by those that keep the machine busy: they would take each other's.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long an answer may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

pub const BOOK: &str = "\
calendar
  timezone Asia/Shanghai
  workdays Mon..Sun 00:00..24:00

rule \"east\"
  when region in (上海, 江苏)
  give to team East by fair
  else wait

otherwise park \"nobody matched\"
";

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

/// The desk, its door and where it listens.
pub struct Rig {
    pub address: SocketAddr,
    pub door: Arc<Door>,
    pub clock: Clock,
    pub db: PathBuf,
    runtime: Option<Runtime>,
    desk: Option<Desk>,
    stop: watch::Sender<bool>,
    serving: Option<JoinHandle<()>>,
    _dir: Arc<tempfile::TempDir>,
}

impl Rig {
    pub fn new() -> Rig {
        Rig::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut DoorOptions)) -> Rig {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        let db = dir.path().join("desk.db");
        let clock = Clock::hands(NOW);
        drop(Store::create(&db, NOW).unwrap());
        let rig = Rig::open(dir, db, clock, change);
        let admin = Role::Admin;
        rig.order(Intent::Grant { actor: "root".into(), role: Some(admin) });
        let card = |login: &str, name: &str| {
            let mut card = RepCard::new(login, name);
            card.teams = vec!["East".into()];
            card
        };
        rig.order(Intent::AddReps { cards: vec![card("li.na", "李娜"), card("zhang.wei", "张伟")] });
        rig.order(Intent::Publish { text: BOOK.into(), note: "start".into(), base: BookVersion(0) });
        rig
    }

    fn open(
        dir: Arc<tempfile::TempDir>,
        db: PathBuf,
        clock: Clock,
        change: impl FnOnce(&mut DoorOptions),
    ) -> Rig {
        let store = Store::open(&db).unwrap();
        let desk_options = DeskOptions { clock: clock.clone(), may_lead: true, console: 7 };
        let desk = Desk::start(store, desk_options, &mut |_, _| {}).unwrap();
        let actor = Actor { name: "root".into(), role: Role::Admin, console: 7 };
        let mut options = DoorOptions::new(actor);
        change(&mut options);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (stop, stopping) = watch::channel(false);
        let handle = desk.handle().clone();
        let (address, door, serving) = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let door = Door::open(handle, options).await.unwrap();
            let following = Arc::clone(&door);
            let serving = tokio::runtime::Handle::current().spawn(async move {
                let served = serve(listener, Arc::clone(&following), stopping);
                tokio::select! {
                    served = served => served.unwrap(),
                    _ = following.follow() => {}
                }
            });
            (address, door, serving)
        });
        Rig {
            address,
            door,
            clock,
            db,
            runtime: Some(runtime),
            desk: Some(desk),
            stop,
            serving: Some(serving),
            _dir: dir,
        }
    }

    /// Closes the desk and its door and opens them again on the same file.
    pub fn again(mut self) -> Rig {
        let (dir, db, clock) = (Arc::clone(&self._dir), self.db.clone(), self.clock.clone());
        self.close();
        Rig::open(dir, db, clock, |_| {})
    }

    /// Begins to close the door; requests in hand go on.
    pub fn begin_to_close(&self) {
        self.stop.send_replace(true);
    }

    pub fn close(&mut self) {
        self.begin_to_close();
        if let (Some(runtime), Some(serving)) = (&self.runtime, self.serving.take()) {
            runtime.block_on(async { tokio::time::timeout(PATIENCE, serving).await }).unwrap().unwrap();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        self.desk = None;
    }

    /// An order by the admin.
    pub fn order(&self, intent: Intent) {
        let actor = Actor { name: "root".into(), role: Role::Admin, console: 7 };
        let order = Order { id: fresh_id(), actor, intent, seen: Vec::new() };
        self.door.handle.submit_and_wait(order).unwrap();
    }

    /// Makes a token as `token add` does, and returns its secret.
    pub fn token(&self, name: &str, source: &str, scope: &str) -> String {
        self.token_with(name, source, scope, |_| {})
    }

    pub fn token_with(
        &self,
        name: &str,
        source: &str,
        scope: &str,
        change: impl FnOnce(&mut Token),
    ) -> String {
        self.order(Intent::Grant { actor: signature(name), role: Some(Role::Coordinator) });
        let secret = secret_text(&fresh_secret().unwrap());
        let mut token = Token {
            name: name.into(),
            prefix: prefix(&secret).unwrap().into(),
            hash: hash(&secret),
            source: source.into(),
            scopes: scope_bits(scope).unwrap(),
            rate_per_min: 100_000,
            created_at: self.clock.now(),
            created_by: "root".into(),
            expires_at: None,
            revoked: None,
        };
        change(&mut token);
        let done = self.door.handle.errand(Errand::AddToken(Box::new(token))).blocking_recv();
        assert_eq!(done.unwrap().unwrap(), 1);
        secret
    }

    pub fn store(&self) -> Store {
        Store::open_readonly(&self.db).unwrap()
    }

    /// Leads in the file.
    pub fn leads(&self) -> u64 {
        self.store().counts().unwrap().leads
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, &[], body.as_bytes())
    }

    pub fn patch(&self, path: &str, body: &str) -> Answer {
        self.send("PATCH", path, &[], body.as_bytes())
    }

    /// One request on a connection of its own; JSON unless a header says otherwise.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = self.connect();
        ask(&mut stream, method, path, headers, body)
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.close();
        if !std::thread::panicking() {
            let report = check(&self.db, &mut |_, _| {}).unwrap();
            assert!(report.findings.is_empty(), "{:?}", report.findings);
        }
    }
}

/// Writes a request and reads its answer.
pub fn ask(
    stream: &mut TcpStream,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut head = format!("{method} {path} HTTP/1.1\r\nContent-Length: {}\r\n", body.len());
    let given = |name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
    if !given("host") {
        head.push_str("Host: 127.0.0.1\r\n");
    }
    if !given("content-type") {
        head.push_str("Content-Type: application/json\r\n");
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let bytes = [head.as_bytes(), body].concat();
    // A server that has seen enough may stop reading before we stop writing.
    let _ = stream.write_all(&bytes);
    read_answer(stream)
}

/// Reads one answer off a socket. Status 0 = the socket ended without one.
pub fn read_answer(stream: &mut TcpStream) -> Answer {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 8192]);
    loop {
        if let Some(answer) = whole(&bytes) {
            return answer;
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => {
                let head = String::from_utf8_lossy(&bytes).into_owned();
                return Answer { status: 0, head, body: String::new() };
            }
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

fn whole(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut answer = Answer { status, head, body: String::new() };
    let length: usize = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
    let body = bytes.get(end + 4..end + 4 + length)?;
    answer.body = String::from_utf8_lossy(body).into_owned();
    Some(answer)
}

/// The shared data of real files, when it is there.
pub fn data(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LEADYARD_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = root.join(relative);
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path)
}
