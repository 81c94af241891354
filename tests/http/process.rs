//! The program as a process: commands, and a server that is found by its first line.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::rig::{Answer, ask};

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The program on a desk, in English.
pub fn leadyard(db: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadyard"));
    command.env_remove("LEADYARD_DB").env("LEADYARD_LANG", "en").arg("--db").arg(db);
    command
}

/// Exit code, stdout and stderr of a command.
pub fn run(db: &Path, args: &[&str]) -> (i32, String, String) {
    let out = leadyard(db).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code().unwrap_or(-1), text(&out.stdout), text(&out.stderr))
}

/// A desk with one rep.
pub fn desk(dir: &Path) -> PathBuf {
    let db = dir.join("desk.db");
    assert_eq!(run(&db, &["rep", "add", "li.lei", "--team", "East"]).0, 0);
    db
}

/// `leadyard serve` on a port of its own; killed when it goes out of scope.
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    /// What it said on stdout after the first line is read when it ended.
    out: BufReader<std::process::ChildStdout>,
}

impl Server {
    pub fn start(db: &Path, args: &[&str]) -> Server {
        let mut command = leadyard(db);
        command.args(["--json", "serve", "--listen", "127.0.0.1:0"]).args(args);
        Server::of(command)
    }

    pub fn of(mut command: Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        if line.is_empty() {
            let err = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
            panic!("it did not start: {err}");
        }
        let said: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(said["is"], "listening");
        let address = said["address"].as_str().unwrap().parse().unwrap();
        Server { child, address, out }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        ask(&mut self.connect(), method, path, headers, body.as_bytes())
    }

    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Ends it by SIGTERM; exit code, stdout after the first line, stderr.
    pub fn stop(mut self) -> (i32, String, String) {
        self.signal(Signal::TERM);
        let out = std::io::read_to_string(&mut self.out).unwrap();
        let err = std::io::read_to_string(self.child.stderr.take().unwrap()).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), out, err)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that ended is no longer there to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
