//! Processes as the tests handle them: started, read line by line, signalled, ended.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use leadyard::store::{Lease, Store};
use rustix::process::{Pid, Signal, kill_process};

use crate::pty::Session;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_leadyard");
/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// The lease in these tests, in milliseconds; it is 15 s outside them.
pub const LEASE_MS: u64 = 900;

/// A program whose lines are read as they come.
pub struct Worker {
    pub child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Worker {
    pub fn start(command: &mut Command) -> Worker {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (tx, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if tx.send(line).is_err() {
                    return;
                }
            }
        });
        Worker { child, lines, said: Vec::new() }
    }

    /// `leadyard run` on `db`.
    pub fn run(db: &Path) -> Worker {
        Worker::start(leadyard(db).arg("run"))
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line.
    #[track_caller]
    pub fn line(&mut self) -> String {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                self.said.push(line.clone());
                line
            }
            Err(_) => {
                let complaint = self.complaint();
                panic!("no further line from {} after {:?}; {complaint}", self.id(), self.said)
            }
        }
    }

    /// The next line that begins with one of these.
    #[track_caller]
    pub fn line_with(&mut self, beginnings: &[&str]) -> String {
        loop {
            let line = self.line();
            if beginnings.iter().any(|b| line.starts_with(b)) {
                return line;
            }
        }
    }

    pub fn tell(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().unwrap();
        writeln!(input, "{line}").and_then(|()| input.flush()).unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(i32::try_from(self.id()).unwrap()).unwrap(), signal).unwrap();
    }

    /// Ends it by SIGTERM; it must say goodbye.
    #[track_caller]
    pub fn stop(mut self) {
        self.signal(Signal::TERM);
        self.line_with(&["stopped"]);
        assert!(self.child.wait().unwrap().success());
    }

    /// Waits for its end by itself: exit code and what it said on stderr.
    pub fn ended(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.complaint())
    }

    fn complaint(&mut self) -> String {
        // A program that still runs has its stderr open: only one that is gone is read.
        match (self.child.try_wait(), self.child.stderr.take()) {
            (Ok(Some(_)), Some(err)) => std::io::read_to_string(err).unwrap_or_default(),
            _ => String::new(),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // One that ended is no longer there to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn leadyard(db: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .env_remove("LEADYARD_DB")
        .env("LEADYARD_LANG", "en")
        .env("LEADYARD_TEST_LEASE_MS", LEASE_MS.to_string())
        .arg("--db")
        .arg(db);
    command
}

/// A console in a pseudo-terminal.
pub fn console(db: &Path) -> Session {
    let lease = LEASE_MS.to_string();
    let env = [("LEADYARD_LANG", "en"), ("LEADYARD_TEST_LEASE_MS", lease.as_str())];
    Session::spawn(PROGRAM, &["--db", db.to_str().unwrap()], &env, 120, 30)
}

/// A new desk with a rep.
pub fn desk(dir: &Path) -> PathBuf {
    let db = dir.join("desk.db");
    let out = leadyard(&db).args(["rep", "add", "li.lei", "--team", "East"]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    db
}

pub fn lease(db: &Path) -> Lease {
    Store::open_readonly(db).unwrap().lease().unwrap().unwrap()
}

/// The process that holds the lease.
pub fn holder(db: &Path) -> u32 {
    lease(db).holder.split_once('-').map_or(0, |(process, _)| process.parse().unwrap())
}

/// Waits for a state that nobody prints a line about.
#[track_caller]
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}
