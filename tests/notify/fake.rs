//! A vendor on the loopback, on bare sockets: it can answer, stall, stop half way and reset, which no framework lets it do.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// With its query.
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What the fake does with a request.
#[derive(Debug, Clone)]
pub enum Act {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// Closes the connection without having read anything.
    ResetUnread,
    /// Reads the request and closes.
    ResetRead,
    /// Reads the request and says nothing until the other gives up.
    Stall,
    /// The status line and then nothing.
    SlowHeaders,
    /// Half of a body and then nothing.
    SlowBody,
}

pub fn ok(body: &str) -> Act {
    answer(200, body)
}

pub fn answer(status: u16, body: &str) -> Act {
    Act::Answer { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
}

pub fn with_header(status: u16, name: &'static str, value: &str) -> Act {
    Act::Answer { status, headers: vec![(name, value.to_owned())], body: Vec::new() }
}

type Play = Box<dyn FnMut(&Request) -> Act + Send>;

/// A vendor and everything it was asked.
pub struct Fake {
    pub port: u16,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Fake {
    pub fn start(play: impl FnMut(&Request) -> Act + Send + 'static) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let play: Arc<Mutex<Play>> = Arc::new(Mutex::new(Box::new(play)));
        let kept = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (play, kept) = (Arc::clone(&play), Arc::clone(&kept));
                std::thread::spawn(move || {
                    let _ = serve(stream.unwrap(), &play, &kept);
                });
            }
        });
        Fake { port, seen }
    }

    /// Answers the same each time.
    pub fn always(act: Act) -> Fake {
        Fake::start(move |_| act.clone())
    }

    /// Answers in turn, the last for ever.
    pub fn in_turn(acts: Vec<Act>) -> Fake {
        let mut at = 0;
        Fake::start(move |_| {
            let act = acts[at.min(acts.len() - 1)].clone();
            at += 1;
            act
        })
    }

    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn serve(mut stream: TcpStream, play: &Mutex<Play>, kept: &Mutex<Vec<Request>>) -> std::io::Result<()> {
    let mut raw = Vec::new();
    let mut chunk = [0; 8_192];
    let end = loop {
        if let Some(at) = raw.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        let n = stream.read(&mut chunk)?;
        if n == 0 {
            return Ok(());
        }
        raw.extend_from_slice(&chunk[..n]);
    };
    let head = String::from_utf8_lossy(&raw[..end]).into_owned();
    let mut lines = head.lines();
    let path = lines.next().unwrap_or_default().split(' ').nth(1).unwrap_or_default().to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut request = Request { path, headers, body: Vec::new() };
    let act = {
        // Whoever resets without reading has not seen the body.
        let mut play = play.lock().unwrap();
        let mut body = raw[end + 4..].to_vec();
        while body.len() < length {
            let n = stream.read(&mut chunk)?;
            if n == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..n]);
        }
        request.body = body;
        play(&request)
    };
    if !matches!(act, Act::ResetUnread) {
        kept.lock().unwrap().push(request);
    }
    let until_gone = |stream: &mut TcpStream| while stream.read(&mut [0; 256]).is_ok_and(|n| n > 0) {};
    match act {
        Act::Answer { status, headers, body } => {
            let mut head =
                format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            stream.write_all(head.as_bytes())?;
            stream.write_all(b"\r\n")?;
            stream.write_all(&body)?;
        }
        Act::ResetUnread | Act::ResetRead => {}
        Act::Stall => until_gone(&mut stream),
        Act::SlowHeaders => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-")?;
            until_gone(&mut stream);
        }
        Act::SlowBody => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"errcode\":0")?;
            until_gone(&mut stream);
        }
    }
    Ok(())
}
