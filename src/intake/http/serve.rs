//! Sockets: accepting, what a connection may cost, and shutting down. A connection that is cut off by a limit is read on for a
//! moment, so that its sender gets the answer and not a reset. It knows nothing of what is asked.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::time::Sleep;
use tower::ServiceExt;

use super::auth::Peer;
use super::door::Door;
use super::route;
use crate::desk::beside::Crew;

/// What a request and all of them may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a body.
    pub body_bytes: usize,
    /// Bytes of a head: request line and headers.
    pub head_bytes: usize,
    /// How long reading a head may take, also between two requests, and reading a body; and how long its sender may take to
    /// read an answer.
    pub read: Duration,
    /// Requests handled at once.
    pub in_flight: usize,
    /// How long one waits for its turn.
    pub slot_wait: Duration,
    /// Bytes of bodies held at once.
    pub held_bytes: usize,
    /// Sockets open at once.
    pub connections: usize,
    /// How long requests in hand may take when the door closes.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body_bytes: 256 << 10,
            head_bytes: 16 << 10,
            read: Duration::from_secs(10),
            in_flight: 64,
            slot_wait: Duration::from_secs(2),
            held_bytes: 32 << 20,
            connections: 1_024,
            drain: Duration::from_secs(8),
        }
    }
}

/// What is read and thrown away after an answer, at most, so that it arrives.
const LINGER_BYTES: usize = 4 << 20;
/// How long that may take.
const LINGER: Duration = Duration::from_millis(500);
/// After an accept that failed (no handles left, usually): how long until the next.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// Serves until `stop` turns true; then every request is answered 503 until those in hand are done.
///
/// # Errors
/// None at present; a socket's trouble ends that socket only.
pub async fn serve(
    listener: TcpListener,
    door: Arc<Door>,
    mut stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let router = route::router(Arc::clone(&door));
    // Connections live in this crew and die with it: none outlives the call.
    let mut open = Crew::default();
    let (wind_up, winding) = watch::channel(false);
    while !*stop.borrow() {
        tokio::select! {
            biased;
            changed = stop.changed() => if changed.is_err() { break },
            _ = open.one_done(), if !open.is_empty() => {}
            accepted = listener.accept() => accept(accepted, &door, &router, &mut open, Some(&winding)).await,
        }
    }
    door.close();
    wind_up.send_replace(true);
    // Whoever comes now is told so; only those in hand are waited for.
    let mut late = Crew::default();
    let drained = async {
        while !open.is_empty() {
            tokio::select! {
                _ = open.one_done() => {}
                accepted = listener.accept() => accept(accepted, &door, &router, &mut late, None).await,
            }
        }
    };
    // What is not done by then is dropped; what was committed is safe, and its sender asks again.
    let _ = tokio::time::timeout(door.options.limits.drain, drained).await;
    Ok(())
}

async fn accept(
    accepted: io::Result<(TcpStream, std::net::SocketAddr)>,
    door: &Arc<Door>,
    router: &Router,
    open: &mut Crew,
    winding: Option<&watch::Receiver<bool>>,
) {
    match accepted {
        Ok((stream, peer)) if open.len() < door.options.limits.connections => {
            door.metrics.connected();
            let work = connection(stream, Peer(peer), Arc::clone(door), router.clone(), winding.cloned());
            open.add(work);
        }
        Ok((stream, _)) => {
            door.metrics.turned_away();
            let full = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            // Said if it can be said at once; whoever is over the limit is not waited for.
            let _ = stream.try_write(full);
        }
        Err(_) => tokio::time::sleep(ACCEPT_REST).await,
    }
}

async fn connection(
    stream: TcpStream,
    peer: Peer,
    door: Arc<Door>,
    router: Router,
    winding: Option<watch::Receiver<bool>>,
) {
    // An answer is small and waited for.
    let _ = stream.set_nodelay(true);
    let patience = door.options.limits.read;
    let (back, returned) = oneshot::channel();
    let io = TokioIo::new(Lent { stream: Some(stream), back: Some(back), patience, unread: None });
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request.map(Body::new))
    });
    let limits = &door.options.limits;
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.read)
        .max_buf_size(limits.head_bytes)
        .half_close(true)
        .keep_alive(winding.is_some())
        .serve_connection(io, service);
    {
        let mut connection = pin!(connection);
        let wind_up = async {
            match winding {
                Some(mut winding) => drop(winding.wait_for(|stop| *stop).await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // A broken connection is its sender's affair: what was committed is answered again when asked again.
            _ = connection.as_mut() => {}
            () = wind_up => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }
    if let Ok(stream) = returned.await {
        linger(stream).await;
    }
}

/// Reads on for a moment: closing a socket with unread bytes would reset it and take the answer back.
async fn linger(mut stream: TcpStream) {
    let rest = async {
        let (mut total, mut buffer) = (0, [0; 4096]);
        while let Ok(count) = stream.read(&mut buffer).await {
            total += count;
            if count == 0 || total > LINGER_BYTES {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(LINGER, rest).await;
}

/// A socket lent to hyper, which gives it back when hyper is done with it. hyper bounds how long it reads, not how long it
/// writes: who asks and never reads would keep the socket for ever.
struct Lent {
    stream: Option<TcpStream>,
    back: Option<oneshot::Sender<TcpStream>>,
    /// How long an answer may lie here unread.
    patience: Duration,
    /// Runs while one does.
    unread: Option<Pin<Box<Sleep>>>,
}

impl Lent {
    fn with<T>(
        self: Pin<&mut Self>,
        work: impl FnOnce(Pin<&mut TcpStream>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        match &mut self.get_mut().stream {
            Some(stream) => work(Pin::new(stream)),
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    /// Writing that waits for the other side to read, but not for ever. A little read now and then does not begin it anew: that
    /// does only an answer that is out.
    fn in_time<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            return written;
        }
        let patience = self.patience;
        let unread = self.unread.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        unread.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some((stream, back)) = self.stream.take().zip(self.back.take()) {
            // Nobody there: the server ends, and the socket with it.
            let _ = back.send(stream);
        }
    }
}

impl AsyncRead for Lent {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_read(cx, buf))
    }
}

impl AsyncWrite for Lent {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = self.as_mut().with(|stream| stream.poll_write(cx, buf));
        self.in_time(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // hyper flushes what it has written whole.
        self.unread = None;
        self.with(|stream| stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_shutdown(cx))
    }
}
