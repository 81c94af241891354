//! The two servers that are held beside each other, each on a port of its own: a desk with its door, and the bare handler.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use leadyard::desk::clock::{fresh_id, fresh_secret};
use leadyard::desk::{Clock, Desk, DeskOptions, Errand, Interlock};
use leadyard::engine::{Intent, Order};
use leadyard::intake::http::token::{hash, prefix, scope_bits, secret_text, signature};
use leadyard::intake::http::{Door, DoorOptions, serve};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::id::BookVersion;
use leadyard::model::rep::RepCard;
use leadyard::store::{Store, Token};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{oneshot, watch};

use super::bare::Bare;

const REPS: usize = 40;
/// Threads that serve sockets, as `leadyard serve` has.
const WORKERS: usize = 2;
/// Leads of one transaction of the bare handler.
const GROUP_MAX: usize = 256;

fn actor() -> Actor {
    Actor { name: "bench".into(), role: Role::Admin, console: 1 }
}

fn order(intent: Intent) -> Order {
    Order { id: fresh_id(), actor: actor(), intent, seen: Vec::new() }
}

/// Ten rules or more: those past the ninth never match, the last takes all.
fn book(rules: usize) -> String {
    let given = [("抖音", "上海"), ("抖音", "江苏"), ("官网", "浙江"), ("官网", "广东"), ("百度", "北京")];
    let mut text = String::from("calendar\n  timezone Asia/Shanghai\n  workdays Mon..Sun 00:00..24:00\n\n");
    for no in 0..rules - 1 {
        let (source, region) = given[no % given.len()];
        let (source, floor) =
            if no < 9 { (source.to_owned(), 0) } else { (format!("{source}{no}"), no % 90) };
        text.push_str(&format!(
            "rule \"R{no}\"\n  when source = {source} and region = {region} and score >= {floor}\n  give to team T{} by {}\n\n",
            no % 3,
            ["fair", "least-loaded", "weighted"][no % 3]
        ));
    }
    text.push_str("rule \"All\"\n  give to team T0 by fair\n\notherwise wait\n");
    text
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build().unwrap()
}

/// A desk with its door.
pub struct Desks {
    address: SocketAddr,
    door: Arc<Door>,
    runtime: Runtime,
    desk: Desk,
    stop: watch::Sender<bool>,
    serving: tokio::task::JoinHandle<()>,
}

impl Desks {
    pub fn open(path: &Path, rules: usize) -> Desks {
        let clock = Clock::Machine;
        let now = clock.now();
        let mut founding = Interlock::new(Store::create(path, now).unwrap(), &mut |_, _| {}).unwrap();
        let cards = (0..REPS).map(|i| {
            let mut card = RepCard::new(&format!("rep{i}"), &format!("Rep {i}"));
            card.teams = vec![format!("T{}", i % 3).into()];
            card
        });
        let intents = [
            Intent::Grant { actor: "bench".into(), role: Some(Role::Admin) },
            Intent::AddReps { cards: cards.collect() },
            Intent::Publish { text: book(rules).into(), note: "bench".into(), base: BookVersion(0) },
        ];
        for intent in intents {
            founding.group(&[order(intent)], now).answers.into_iter().next().unwrap().unwrap();
        }
        drop(founding);
        let options = DeskOptions { clock, may_lead: true, console: 1 };
        let desk = Desk::start(Store::open(path).unwrap(), options, &mut |_, _| {}).unwrap();
        let (runtime, handle) = (runtime(), desk.handle().clone());
        let (stop, stopping) = watch::channel(false);
        let (address, door, serving) = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let door = Door::open(handle, DoorOptions::new(actor())).await.unwrap();
            let follows = Arc::clone(&door);
            let serving = tokio::spawn(async move {
                tokio::select! {
                    served = serve(listener, Arc::clone(&follows), stopping) => served.unwrap(),
                    _ = follows.follow() => {}
                }
            });
            (address, door, serving)
        });
        Desks { address, door, runtime, desk, stop, serving }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A token for any source, good for so many requests a minute.
    pub fn token(&self, name: &str, rate_per_min: u32) -> String {
        let grant = Intent::Grant { actor: signature(name), role: Some(Role::Coordinator) };
        self.door.handle.submit_and_wait(order(grant)).unwrap();
        let secret = secret_text(&fresh_secret().unwrap());
        let token = Token {
            name: name.into(),
            prefix: prefix(&secret).unwrap().into(),
            hash: hash(&secret),
            source: "*".into(),
            scopes: scope_bits("leads").unwrap(),
            rate_per_min,
            created_at: self.door.now(),
            created_by: "bench".into(),
            expires_at: None,
            revoked: None,
        };
        let done = self.door.handle.errand(Errand::AddToken(Box::new(token))).blocking_recv();
        assert_eq!(done.unwrap().unwrap(), 1);
        secret
    }

    pub fn close(self) {
        self.stop.send_replace(true);
        self.runtime.block_on(self.serving).unwrap();
        self.runtime.shutdown_background();
        drop(self.desk);
    }
}

type Asked = Sender<oneshot::Sender<i64>>;

/// A handler that parses its lead, writes rows made before and answers.
pub struct BareServer {
    address: SocketAddr,
    runtime: Runtime,
    writer: JoinHandle<()>,
}

impl BareServer {
    /// Writes into `path` what the desk at `model` wrote.
    pub fn open(path: &Path, model: &Path) -> BareServer {
        let bare = Bare::new(path, model, REPS, Clock::Machine.now());
        let (asked, asks) = channel();
        let writer = std::thread::spawn(move || write(bare, &asks));
        let runtime = runtime();
        let address = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let app = Router::new().route("/v1/leads", post(take)).with_state(asked);
            tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
            address
        });
        BareServer { address, runtime, writer }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn close(self) {
        // With the runtime go the handlers, with them the last sender.
        drop(self.runtime);
        self.writer.join().unwrap();
    }
}

async fn take(State(asked): State<Asked>, body: Bytes) -> impl IntoResponse {
    let lead: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let (reply, answer) = oneshot::channel();
    asked.send(reply).unwrap();
    let id = answer.await.unwrap();
    let told = serde_json::json!({ "id": id, "external_id": lead["id"], "owner": format!("rep{}", id % 40) });
    (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], told.to_string())
}

/// One transaction for all who wait.
fn write(mut bare: Bare, asks: &Receiver<oneshot::Sender<i64>>) {
    let mut next = 1;
    while let Ok(first) = asks.recv() {
        let mut group = vec![first];
        group.extend(asks.try_iter().take(GROUP_MAX - 1));
        bare.write(next, next + group.len() as i64, 1);
        for reply in group {
            let _ = reply.send(next);
            next += 1;
        }
    }
}
