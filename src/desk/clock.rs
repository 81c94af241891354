//! The only place that reads a clock, and the place for what only unix knows: boot time, boot id, who is logged in.

use crate::model::time::Millis;

/// Where time comes from. A value, so that tests and replays turn the hands themselves.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clocks.
    Machine,
    /// Hands turned by a test, a demo or a replay: wall milliseconds, also taken as boot milliseconds.
    Hands(std::sync::Arc<std::sync::atomic::AtomicI64>),
}

impl Clock {
    /// A clock that shows `at` until its hands are turned.
    #[must_use]
    pub fn hands(at: Millis) -> Clock {
        Clock::Hands(std::sync::Arc::new(std::sync::atomic::AtomicI64::new(at.0)))
    }

    /// Turns the hands to `at`; does nothing to the machine's clock.
    pub fn turn_to(&self, at: Millis) {
        if let Clock::Hands(hands) = self {
            hands.store(at.0, std::sync::atomic::Ordering::SeqCst);
        }
    }

    /// Wall time, UTC.
    #[must_use]
    pub fn now(&self) -> Millis {
        match self {
            Clock::Machine => Millis(wall_ms()),
            Clock::Hands(hands) => Millis(hands.load(std::sync::atomic::Ordering::SeqCst)),
        }
    }

    /// Milliseconds since boot, sleep included: what leases are timed by, since nobody can set it.
    #[must_use]
    pub fn boot_ms(&self) -> i64 {
        match self {
            Clock::Machine => boot_ms(),
            Clock::Hands(_) => self.now().0,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one reading of the wall clock")]
fn wall_ms() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(target_os = "linux")]
fn boot_ms() -> i64 {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    t.tv_sec.saturating_mul(1000).saturating_add(t.tv_nsec / 1_000_000)
}

/// On macOS the monotonic clock counts from boot; it stands still in sleep, which only makes a lease last longer.
#[cfg(not(target_os = "linux"))]
fn boot_ms() -> i64 {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    t.tv_sec.saturating_mul(1000).saturating_add(t.tv_nsec / 1_000_000)
}

/// Names this boot of this machine; a lease of another boot is void.
#[must_use]
pub fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|id| id.trim().to_owned())
        .unwrap_or_else(|_| "one-boot".to_owned())
}

/// The name of the OS user: whom intents are signed with. From the user database, not from the environment, which
/// anybody can set.
#[must_use]
pub fn os_user() -> String {
    let uid = rustix::process::getuid().as_raw();
    let listed = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = listed.lines().find_map(|line| {
        let mut parts = line.split(':');
        let (name, _, id) = (parts.next()?, parts.next()?, parts.next()?);
        (id.parse() == Ok(uid)).then(|| name.to_owned())
    });
    // Users from a directory service are not in the file; then the login environment is the best there is.
    name.or_else(|| ["LOGNAME", "USER"].iter().find_map(|key| std::env::var(key).ok()))
        .filter(|name| !name.trim().is_empty())
        .unwrap_or_else(|| format!("uid-{uid}"))
}

/// A name for a new intent. Sorted by time, unique without asking anybody.
#[must_use]
pub fn fresh_id() -> crate::model::event::IntentId {
    crate::model::event::IntentId(ulid::Ulid::r#gen().0)
}

/// 256 bits of chance from the system, for secrets.
///
/// # Errors
/// When the system gives none.
pub fn fresh_secret() -> std::io::Result<[u8; 32]> {
    use std::io::Read;
    let mut bytes = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}
