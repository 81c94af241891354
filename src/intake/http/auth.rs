//! Who posts: a bearer token, a signature made with one, or nobody from this machine while no token exists. Secrets are compared
//! in constant time and are in no answer and no log. Vendors' own signatures are their adapters' affair.
//!
//! A signature is `X-Leadyard-Key: PREFIX` and `X-Leadyard-Signature: t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 of
//! `SECONDS.METHOD.PATH.BODY` (the raw bytes; PATH without query) under the SHA-256 of the token. It holds for 5 minutes
//! around its time, once.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use smol_str::SmolStr;
use subtle::ConstantTimeEq;

use super::door::Door;
use super::form;
use super::problem::Problem;
use super::token::{self, Scope};
use crate::model::actor::{Actor, Role};
use crate::model::time::{MINUTE_MS, Millis};
use crate::store::Token;

/// How far a signature's time may lie from ours, in milliseconds (5 minutes).
pub const SKEW_MS: i64 = 5 * MINUTE_MS;
/// Signatures remembered; with more within 10 minutes the door asks for tokens instead.
const SEEN_MAX: usize = 200_000;
/// Requests a minute from everybody without a token together.
const LOCAL_RATE: u32 = 60_000;
/// Headers a proxy adds: then the peer is not who asks.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// The address at the other end of the socket.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Who asks, and what that one may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// For figures and limits: the token's name, `local`, or the vendor's.
    pub name: SmolStr,
    /// In whose name orders are.
    pub actor: Actor,
    /// The only source this caller speaks for; `None` = any.
    pub source: Option<SmolStr>,
    pub scopes: u8,
    pub rate_per_min: u32,
}

impl Caller {
    /// 403 unless the caller may do this.
    ///
    /// # Errors
    /// The 403.
    pub fn may(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes & scope.bit() != 0 {
            return Ok(());
        }
        let detail =
            format!("this token has no scope {}; it has {}", scope.word(), token::scope_words(self.scopes));
        Err(Problem::new(StatusCode::FORBIDDEN, "no-scope", detail))
    }

    /// Whether the caller speaks for a source.
    #[must_use]
    pub fn speaks_for(&self, source: &str) -> bool {
        self.source.as_deref().is_none_or(|own| own.to_lowercase() == source.to_lowercase())
    }

    /// Names whose keys of requests are whose: a token made anew for the same source goes on with the old one's keys.
    #[must_use]
    pub fn key_space(&self) -> String {
        match &self.source {
            Some(source) => format!("source {source}"),
            None => format!("caller {}", self.name),
        }
    }

    /// Whoever runs the process, for what comes without a token.
    #[must_use]
    pub fn local(door: &Door) -> Caller {
        Caller {
            name: SmolStr::new_static("local"),
            actor: door.options.actor.clone(),
            source: None,
            scopes: u8::MAX,
            rate_per_min: LOCAL_RATE,
        }
    }

    fn of(token: &Token, door: &Door) -> Caller {
        Caller {
            name: token.name.clone(),
            actor: Actor {
                name: token::signature(&token.name),
                role: Role::Coordinator,
                console: door.handle.console(),
            },
            source: (token.source != "*").then(|| token.source.clone()),
            scopes: token.scopes,
            rate_per_min: token.rate_per_min,
        }
    }
}

/// A signature still to be checked against the body.
#[derive(Debug)]
pub struct Pledge {
    key: [u8; 32],
    seconds: i64,
    given: [u8; 32],
}

impl Pledge {
    /// The signature itself, to be used up.
    #[must_use]
    pub fn given(&self) -> [u8; 32] {
        self.given
    }
}

/// What the head of a request shows.
#[derive(Debug)]
pub enum Shown {
    /// A token: checked.
    Token(Caller),
    /// A signature: to be checked when the body is there.
    Signed(Caller, Pledge),
    /// Neither.
    Nothing,
}

fn invalid() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "bad-token",
        "this token is unknown, revoked or past its end; nothing was changed",
    )
}

fn bad_signature(why: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "bad-signature", format!("{why}; nothing was changed"))
}

/// Looks at the head of a request. `in_query` allows `?token=`, for senders that can be told an address only.
///
/// # Errors
/// 401 for a token or key that is not good.
pub fn shown(door: &Door, parts: &Parts, in_query: bool) -> Result<Shown, Problem> {
    let bearer = parts.headers.get(header::AUTHORIZATION).map(|value| {
        let text = value.to_str().unwrap_or_default();
        let (scheme, secret) = text.split_once(' ').unwrap_or_default();
        if scheme.eq_ignore_ascii_case("bearer") { secret.trim().to_owned() } else { String::new() }
    });
    let bearer = bearer.or_else(|| form::first(parts.uri.query().filter(|_| in_query), "token"));
    if let Some(secret) = bearer {
        let token = find(door, token::prefix(&secret).unwrap_or_default())?;
        let hash = token::hash(&secret);
        // Compared also when there is nothing to compare with: the time tells nothing.
        let stored = token.as_ref().map_or([0; 32], |t| t.hash);
        let same = bool::from(hash.ct_eq(&stored));
        let token = token.filter(|t| same && is_live(t, door.now())).ok_or_else(invalid)?;
        return Ok(Shown::Token(Caller::of(&token, door)));
    }
    let Some(signature) = parts.headers.get("x-leadyard-signature") else { return Ok(Shown::Nothing) };
    let (seconds, given) = signature
        .to_str()
        .ok()
        .and_then(read_signature)
        .ok_or_else(|| bad_signature("X-Leadyard-Signature is not t=SECONDS,v1=64 hexadecimal digits"))?;
    let prefix = parts.headers.get("x-leadyard-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let token = find(door, prefix)?.filter(|t| is_live(t, door.now())).ok_or_else(invalid)?;
    let key = token.hash;
    Ok(Shown::Signed(Caller::of(&token, door), Pledge { key, seconds, given }))
}

fn find(door: &Door, prefix: &str) -> Result<Option<Token>, Problem> {
    door.read(|store| store.token_by_prefix(prefix)).map_err(|error| Problem::store(&error))
}

fn is_live(token: &Token, now: Millis) -> bool {
    token.revoked.is_none() && token.expires_at.is_none_or(|end| now < end)
}

/// `t=…,v1=…` as seconds and bytes.
fn read_signature(text: &str) -> Option<(i64, [u8; 32])> {
    let field = |name: &str| text.split(',').find_map(|part| part.trim().strip_prefix(name));
    Some((field("t=")?.parse().ok()?, unhex(field("v1=")?)?))
}

/// 64 hexadecimal digits as bytes.
#[must_use]
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    // `from_str_radix` would take a sign for a digit.
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(pair).ok()?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(bytes)
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// HMAC-SHA256 of several pieces in a row.
#[must_use]
pub fn hmac_sha256(key: &[u8], pieces: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        // HMAC takes keys of every length; a zero that matches nothing is the safe other answer.
        return [0; 32];
    };
    pieces.iter().for_each(|piece| mac.update(piece));
    mac.finalize().into_bytes().into()
}

/// Whether two texts or digests are the same, without telling where they differ.
#[must_use]
pub fn same(given: &[u8], expected: &[u8]) -> bool {
    !expected.is_empty() && bool::from(given.ct_eq(expected))
}

/// Checks a signature now that the body is there. [`Seen::use_up`] comes after whatever may yet send the request away for a
/// while: it is then still good.
///
/// # Errors
/// 401: wrong, too old, or from before this process began.
pub fn check(door: &Door, pledge: &Pledge, parts: &Parts, body: &[u8]) -> Result<(), Problem> {
    let seconds = pledge.seconds.to_string();
    let pieces: [&[u8]; 7] = [
        seconds.as_bytes(),
        b".",
        parts.method.as_str().as_bytes(),
        b".",
        parts.uri.path().as_bytes(),
        b".",
        body,
    ];
    if !same(&pledge.given, &hmac_sha256(&pledge.key, &pieces)) {
        return Err(bad_signature("the signature does not fit the request"));
    }
    check_time(door, Millis(pledge.seconds.saturating_mul(1_000)))
}

/// Whether a signed moment is near enough to now, and after this process began: what was used before that is forgotten.
///
/// # Errors
/// 401.
pub fn check_time(door: &Door, signed: Millis) -> Result<(), Problem> {
    let now = door.now();
    if now.0.abs_diff(signed.0) > SKEW_MS.unsigned_abs() {
        return Err(bad_signature("the signature's time is more than 5 minutes from ours; check the clock"));
    }
    if signed.0 < door.started.0.div_euclid(1_000) * 1_000 {
        return Err(bad_signature("it was signed before this server began; sign it again"));
    }
    Ok(())
}

/// Signatures that were used, until they would be too old anyway.
#[derive(Debug, Default)]
pub struct Seen(Mutex<BTreeMap<[u8; 32], Millis>>);

impl Seen {
    /// Uses a signature up.
    ///
    /// # Errors
    /// 401 when it was used before; 503 when there are too many to remember.
    pub fn use_up(&self, signature: [u8; 32], now: Millis) -> Result<(), Problem> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SEEN_MAX {
            seen.retain(|_, until| *until >= now);
            if seen.len() >= SEEN_MAX {
                return Err(Problem::later("busy", "too many signed requests; use the token itself", 60));
            }
        }
        // A signature from 5 minutes ahead is good for 10.
        let until = now.plus(2 * SKEW_MS);
        if seen.insert(signature, until).is_some_and(|until| until >= now) {
            return Err(bad_signature("this signature was used before"));
        }
        Ok(())
    }
}

/// Whether a request without a token may pass as this machine's own: no token was ever made, the peer is this machine, no
/// proxy stands between, and no page in a browser sent it.
///
/// # Errors
/// 401.
pub fn local(door: &Door, parts: &Parts) -> Result<Caller, Problem> {
    let needs =
        |why: &str| Problem::new(StatusCode::UNAUTHORIZED, "no-token", format!("{why}; nothing was changed"));
    if door.has_tokens().map_err(|error| Problem::store(&error))? {
        return Err(needs("a token is needed: send it as Authorization: Bearer …"));
    }
    if !is_direct(parts) {
        return Err(needs(
            "without a token only programs on this machine are let in. Make one with `leadyard token add`",
        ));
    }
    Ok(Caller::local(door))
}

/// Whether the asker is a program on this machine, not a proxy and not a browser.
#[must_use]
pub fn is_direct(parts: &Parts) -> bool {
    let peer = parts.extensions.get::<Peer>().is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    let behind_proxy = FORWARDED.iter().any(|name| parts.headers.contains_key(*name));
    let from_page = parts.headers.contains_key(header::ORIGIN);
    peer && !behind_proxy && !from_page && names_this_machine(&parts.headers)
}

/// A page of a name that was made to point here still says its own name.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(n, _)| n);
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_the_one_of_rfc_4231() {
        // RFC 4231, test case 2.
        let mac = hmac_sha256(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(hex(&mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert_eq!(unhex(&hex(&mac)), Some(mac));
        assert_eq!(unhex(&hex(&mac).to_uppercase()), Some(mac));
        assert_eq!((unhex("zz"), unhex(&"+f".repeat(32))), (None, None));
    }

    #[test]
    fn a_signature_serves_once() {
        let seen = Seen::default();
        assert!(seen.use_up([1; 32], Millis(0)).is_ok());
        assert!(seen.use_up([1; 32], Millis(SKEW_MS)).is_err());
        assert!(seen.use_up([2; 32], Millis(0)).is_ok());
    }

    #[test]
    fn nothing_matches_an_empty_secret() {
        assert!(!same(b"", b""));
        assert!(same(b"a", b"a") && !same(b"a", b"b") && !same(b"a", b"ab"));
    }
}
