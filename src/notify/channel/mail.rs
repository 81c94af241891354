//! Mail by SMTP. One mail a recipient, so that one bad address spoils nothing for the others; each with the same Message-ID on
//! every try, so that a mailbox can fold a repeat. The server's address is guarded like any other.

use std::time::{Duration, SystemTime};

use lettre::message::Mailbox as Address;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use smol_str::{SmolStr, format_smolstr};

use super::super::fit::cut;
use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::verdict::Verdict;
use super::super::wire::{Wire, certificate, refused};
use super::{To, unreachable};
use crate::model::time::Millis;

/// Bytes of a text.
pub const TEXT_BYTES_MAX: usize = 20_000;
/// Bytes of a subject.
const SUBJECT_BYTES_MAX: usize = 200;
/// Recipients of one message at most.
pub const RECIPIENTS_MAX: usize = 20;

/// How the connection is kept from readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// From the first byte; port 465.
    Tls,
    /// After STARTTLS, which must succeed; port 587.
    StartTls,
    /// Not at all: only to hosts on the allow list.
    Plain,
}

#[derive(Debug)]
pub struct Mailbox {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub login: Option<(String, Secret)>,
    pub from: String,
    /// Who gets what is nobody's in particular.
    pub to: Vec<String>,
}

type Transport = AsyncSmtpTransport<Tokio1Executor>;

impl Mailbox {
    /// Sends to everybody who is to get it.
    pub async fn send(&self, wire: &Wire, letter: &Letter, to: To<'_>, now: Millis) -> Verdict {
        let Some(addresses) = to.addresses(&self.to, |p| &p.mail) else { return unreachable(to.receiver) };
        let transport = match self.transport(wire).await {
            Ok(transport) => transport,
            Err(verdict) => return verdict,
        };
        let (mut delivered, mut refused) = (0, Vec::new());
        let mut worst: Option<Verdict> = None;
        for (place, address) in addresses.iter().take(RECIPIENTS_MAX).enumerate() {
            let sent = match self.mail(letter, address, place, now) {
                Ok(mail) => match transport.send(mail).await {
                    Ok(_) => Verdict::delivered(),
                    Err(error) => failed(&error),
                },
                Err(verdict) => verdict,
            };
            match sent {
                Verdict::Delivered { .. } => delivered += 1,
                Verdict::Permanent { .. } if addresses.len() > 1 => {
                    refused.push(place + 1);
                    worst = worst.or(Some(sent));
                }
                // The server is at fault and not an address: the rest would fare no better.
                other => return other,
            }
        }
        match worst {
            Some(worst) if delivered == 0 => worst,
            Some(_) => {
                let places: Vec<String> = refused.iter().map(ToString::to_string).collect();
                Verdict::Delivered { vendor: format_smolstr!("refused: recipient {}", places.join(", ")) }
            }
            None => Verdict::delivered(),
        }
    }

    async fn transport(&self, wire: &Wire) -> Result<Transport, Verdict> {
        let is_plain = self.security == Security::Plain;
        let found = wire.guard.resolve(&wire.resolver, &self.host, self.port, is_plain).await;
        let addresses = found.map_err(refused)?;
        // One is tried. IPv4 has a way there nearly everywhere.
        let best = addresses.iter().find(|a| a.is_ipv4()).or(addresses.first());
        let address = best.map(|a| a.ip().to_string()).unwrap_or_default();
        let parameters = || {
            TlsParameters::new(self.host.clone()).map_err(|_| Verdict::Permanent {
                why: "TLS cannot be set up on this machine".into(),
                channel: true,
            })
        };
        let tls = match self.security {
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::StartTls => Tls::Required(parameters()?),
            Security::Plain => Tls::None,
        };
        // By the address that was looked at; the certificate is still asked for the name.
        let mut builder = Transport::builder_dangerous(address)
            .port(self.port)
            .tls(tls)
            .timeout(Some(wire.timeout.max(Duration::from_millis(1))));
        if let Some((user, password)) = &self.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(builder.build())
    }

    fn mail(&self, letter: &Letter, to: &str, place: usize, now: Millis) -> Result<Message, Verdict> {
        let bad = |what: &str| Verdict::Permanent {
            why: format_smolstr!("{what} is no mail address"),
            channel: false,
        };
        let from: Address = self
            .from
            .parse()
            .map_err(|_| Verdict::Permanent { why: "`from` is no mail address".into(), channel: true })?;
        let receiver: Address = to.parse().map_err(|_| bad("a recipient"))?;
        let domain = from.email.domain().to_owned();
        let id = if place == 0 { letter.id.to_string() } else { format!("{}.{place}", letter.id) };
        let sent = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
        Message::builder()
            .from(from)
            .to(receiver)
            .date(sent)
            .message_id(Some(format!("<{id}@{domain}>")))
            .subject(cut(&letter.title, SUBJECT_BYTES_MAX))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text(TEXT_BYTES_MAX))
            .map_err(|_| Verdict::Permanent { why: "the mail cannot be built".into(), channel: false })
    }
}

/// What a failure means. The library's own words may hold addresses.
fn failed(error: &lettre::transport::smtp::Error) -> Verdict {
    let code: SmolStr = error.status().map_or_else(SmolStr::default, |code| format_smolstr!("SMTP {code}"));
    if error.is_permanent() {
        // 535 and the like: the login; 550 and the like: this mail or address.
        let is_login = error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
        return Verdict::Permanent { why: code, channel: is_login };
    }
    if error.is_transient() {
        // Refused before it was taken: nothing came of it.
        return Verdict::Transient { why: code, written: false };
    }
    if let Some(verdict) = certificate(error) {
        return verdict;
    }
    if error.is_tls() {
        return Verdict::Transient { why: "TLS with the mail server failed".into(), written: false };
    }
    if error.is_timeout() || error.is_response() {
        return Verdict::Unknown { why: "no readable answer from the mail server".into() };
    }
    Verdict::Transient { why: "no connection to the mail server".into(), written: false }
}
