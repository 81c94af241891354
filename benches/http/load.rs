//! The load tool: so many clients on connections of their own post so many leads, one after another each, and time every
//! answer. It runs as a process of its own.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came of it.
pub struct Told {
    /// Answered 201, with an owner.
    pub taken: usize,
    pub other: usize,
    seconds: f64,
    /// Of those taken, in microseconds, ascending.
    waits: Vec<u64>,
}

impl Told {
    pub fn rate(&self) -> f64 {
        self.taken as f64 / self.seconds
    }

    /// The wait that `share` of the posts did not exceed, in milliseconds.
    pub fn ms(&self, share: f64) -> f64 {
        let at = (self.waits.len().saturating_sub(1) as f64 * share) as usize;
        self.waits.get(at).map_or(f64::NAN, |us| *us as f64 / 1e3)
    }

    pub fn read(text: &str) -> Told {
        let mut words = text.split_whitespace();
        let mut next = || words.next().unwrap();
        let (taken, other, seconds) =
            (next().parse().unwrap(), next().parse().unwrap(), next().parse().unwrap());
        Told { taken, other, seconds, waits: words.map(|w| w.parse().unwrap()).collect() }
    }

    fn write(&self) -> String {
        let waits: Vec<String> = self.waits.iter().map(u64::to_string).collect();
        format!("{} {} {} {}", self.taken, self.other, self.seconds, waits.join(" "))
    }
}

fn body(name: &str, client: usize, n: usize) -> String {
    let at = client * 1_000_000 + n;
    let source = ["抖音", "官网", "百度", "转介绍"][at % 4];
    let region = ["上海", "江苏", "浙江", "广东", "北京"][n % 5];
    format!(
        r#"{{"id":"{name}-{at}","name":"欧阳{at}","phone":"139{at:08}","email":"l{at}@example.com","source":"{source}","region":"{region}","product":"A 专业版","company":"澄川仪器第{}分公司"}}"#,
        n % 977
    )
}

/// `ADDRESS CLIENTS COUNT NAME [TOKEN [MILLISECONDS BETWEEN]]`.
pub fn shoot(args: &[String]) -> String {
    let clients: usize = args[1].parse().unwrap();
    let each = args[2].parse::<usize>().unwrap().div_ceil(clients);
    let count: usize = args[2].parse().unwrap();
    let pace = Duration::from_millis(args.get(5).map_or(0, |ms| ms.parse().unwrap()));
    let auth = args.get(4).map_or(String::new(), |token| format!("Authorization: Bearer {token}\r\n"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let told = Rc::new(RefCell::new((0, Vec::new())));
    let local = tokio::task::LocalSet::new();
    let began = Instant::now();
    local.block_on(&runtime, async {
        let all: Vec<_> = (0..clients)
            .map(|client| {
                let (told, auth, address, name) = (Rc::clone(&told), auth.clone(), args[0].clone(), args[3].clone());
                let mine = each.min(count.saturating_sub(client * each));
                tokio::task::spawn_local(async move {
                    let mut stream = TcpStream::connect(&address).await.unwrap();
                    stream.set_nodelay(true).unwrap();
                    let mut buffer = Vec::with_capacity(4096);
                    for n in 0..mine {
                        let body = body(&name, client, n);
                        let request = format!(
                            "POST /v1/leads HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{auth}Content-Length: {}\r\n\r\n{body}",
                            body.len()
                        );
                        let sent = Instant::now();
                        let is_taken = match ask(&mut stream, request.as_bytes(), &mut buffer).await {
                            Some(is_taken) => is_taken,
                            None => {
                                stream = TcpStream::connect(&address).await.unwrap();
                                false
                            }
                        };
                        let waited = u64::try_from(sent.elapsed().as_micros()).unwrap();
                        if is_taken {
                            told.borrow_mut().1.push(waited);
                        } else {
                            told.borrow_mut().0 += 1;
                        }
                        if !pace.is_zero() {
                            // An honest sender keeps to its rate, whatever the machine could do.
                            tokio::time::sleep(pace).await;
                        }
                    }
                })
            })
            .collect();
        for client in all {
            client.await.unwrap();
        }
    });
    let seconds = began.elapsed().as_secs_f64();
    let (other, mut waits) = told.take();
    waits.sort_unstable();
    Told { taken: waits.len(), other, seconds, waits }.write()
}

/// One request and its answer; `None` when the connection ended.
async fn ask(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> Option<bool> {
    stream.write_all(request).await.ok()?;
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
        let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end]).ok()?.to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1)?.split('\r').next()?.parse::<usize>().ok()?;
        if buffer.len() >= end + 4 + length {
            let body = std::str::from_utf8(&buffer[end + 4..]).ok()?;
            return Some(head.starts_with("http/1.1 201") && body.contains("\"owner\":\"rep"));
        }
    }
}
