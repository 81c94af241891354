//! One HTTP request out: to a checked address, without redirects or proxies, within a time, reading a small answer. What is
//! sent and what the answer means are the channel's affair. Nothing here is logged: an address can be a secret.

use std::error::Error;
use std::time::Duration;

use reqwest::redirect::Policy;

use super::guard::{Guard, Refused, Resolver};
use super::secret::Secret;
use super::verdict::{Answer, Verdict, date, retry_after};
use crate::model::time::Millis;

/// Bytes of an answer that are read; no vendor says more that matters.
const BODY_BYTES_MAX: usize = 64 << 10;
/// Time to connect, TLS included, at most.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// A request as a channel builds it; always POST unless there is no body.
#[derive(Clone, Default)]
pub struct Outgoing {
    /// May hold a secret.
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    /// None = GET.
    pub body: Option<Vec<u8>>,
    pub basic: Option<(String, Secret)>,
}

impl std::fmt::Debug for Outgoing {
    /// Without anything that may hold a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing").field("bytes", &self.body.as_ref().map(Vec::len)).finish_non_exhaustive()
    }
}

impl Outgoing {
    /// A POST of JSON.
    #[must_use]
    pub fn json(url: String, body: &serde_json::Value) -> Outgoing {
        let headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
        Outgoing { url, headers, body: Some(body.to_string().into_bytes()), basic: None }
    }
}

/// The way out.
#[derive(Debug, Clone)]
pub struct Wire {
    pub guard: Guard,
    pub resolver: Resolver,
    /// From the start of a request to the end of its answer.
    pub timeout: Duration,
}

impl Wire {
    /// A way out that asks the machine's name service.
    #[must_use]
    pub fn new(guard: Guard, timeout: Duration) -> Wire {
        // A provider that stands already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Wire { guard, resolver: Resolver::System, timeout }
    }

    /// Sends one request.
    ///
    /// # Errors
    /// The verdict on what went wrong before an answer could be read.
    pub async fn send(&self, out: Outgoing, now: Millis) -> Result<Answer, Verdict> {
        let url = self.guard.parse(&out.url).map_err(refused)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let port = url.port_or_known_default().unwrap_or(443);
        let addresses =
            self.guard.resolve(&self.resolver, &host, port, url.scheme() == "http").await.map_err(refused)?;
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_MAX.min(self.timeout))
            .timeout(self.timeout)
            .user_agent("leadyard")
            .resolve_to_addrs(&host, &addresses)
            .build()
            .map_err(|_| permanent("TLS cannot be set up on this machine"))?;
        let mut request = match out.body {
            Some(body) => client.post(url).body(body),
            None => client.get(url),
        };
        for (name, value) in out.headers {
            request = request.header(name, value);
        }
        if let Some((user, password)) = out.basic {
            request = request.basic_auth(user, Some(password.expose()));
        }
        let response = request.send().await.map_err(|error| unsent(&error))?;
        Ok(read(response, now).await)
    }
}

/// The answer, as far as it can be read.
async fn read(mut response: reqwest::Response, now: Millis) -> Answer {
    let wait = response.headers().get("retry-after").and_then(|v| v.to_str().ok());
    let retry_after_ms = wait.and_then(|text| retry_after(text, now));
    let date_at = response.headers().get("date").and_then(|v| v.to_str().ok()).and_then(date);
    let clock_off_ms = date_at.map(|at| now.0.saturating_sub(at.0));
    let status = response.status().as_u16();
    let mut body = Vec::new();
    let whole = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                body.extend_from_slice(&chunk);
                if body.len() > BODY_BYTES_MAX {
                    break false;
                }
            }
            Ok(None) => break true,
            Err(_) => break false,
        }
    };
    Answer { status, retry_after_ms, clock_off_ms, body: whole.then_some(body) }
}

fn permanent(why: &'static str) -> Verdict {
    Verdict::Permanent { why: why.into(), channel: true }
}

/// What the guard's no means for a message.
pub(super) fn refused(error: Refused) -> Verdict {
    match error {
        // The name service may know it again in a moment.
        Refused::NoAddress { .. } => Verdict::Transient { why: error.to_string().into(), written: false },
        other => Verdict::Permanent { why: other.to_string().into(), channel: true },
    }
}

/// What is wrong with the certificate that was shown, where it is that. Trying again would be shown the same: a person must
/// look, and what pages goes another way meanwhile. Nothing was sent.
pub(super) fn certificate(error: &(dyn Error + 'static)) -> Option<Verdict> {
    use rustls::CertificateError as Fault;
    let mut at = Some(error);
    while let Some(error) = at {
        // An IO error hides what it wraps from `source`.
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let found = match inner {
            Some(inner) => inner.downcast_ref::<rustls::Error>(),
            None => error.downcast_ref::<rustls::Error>(),
        };
        if let Some(rustls::Error::InvalidCertificate(fault)) = found {
            return Some(permanent(match fault {
                Fault::NotValidForName | Fault::NotValidForNameContext { .. } => {
                    "its certificate is for another name: check the address; nothing was sent"
                }
                Fault::Expired
                | Fault::ExpiredContext { .. }
                | Fault::NotValidYet
                | Fault::NotValidYetContext { .. } => {
                    "its certificate is not valid now: it ran out, or this machine's clock is wrong; nothing was sent"
                }
                Fault::UnknownIssuer => {
                    "its certificate comes from nobody this machine trusts: nothing was sent"
                }
                _ => "its certificate is refused: nothing was sent",
            }));
        }
        at = inner.map_or_else(|| error.source(), |inner| Some(inner as &(dyn Error + 'static)));
    }
    None
}

/// A request that got no answer. The library's own words may hold the address.
fn unsent(error: &reqwest::Error) -> Verdict {
    if let Some(verdict) = certificate(error) {
        return verdict;
    }
    if error.is_connect() {
        let why = if error.is_timeout() { "no connection in time" } else { "no connection" };
        return Verdict::Transient { why: why.into(), written: false };
    }
    if error.is_builder() {
        return permanent("the request cannot be built");
    }
    let why = if error.is_timeout() { "no answer in time" } else { "the connection ended without an answer" };
    Verdict::Unknown { why: why.into() }
}
