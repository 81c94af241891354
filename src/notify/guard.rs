//! Where a message may be sent at all: an address in a configuration must not become a way into this machine or its network
//! (SSRF). Names are resolved once a send, every address found is looked at, and the connection is made to the one that was
//! looked at. It does not judge what is sent.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::Url;

/// Addresses a name may have; more are not looked at.
const ADDRESSES_MAX: usize = 16;
/// Addresses that hand out a machine's credentials; no allow list opens them.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    // Public by its number, and each machine's own host in one vendor's cloud.
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// A range of addresses: `192.168.1.10` or `192.168.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Net {
    base: u128,
    /// Leading bits that count, of 128: those of an IPv4 address stand at the end.
    bits: u32,
    is_v4: bool,
}

/// An address as a number, IPv4 at the end.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl std::str::FromStr for Net {
    type Err = ();

    fn from_str(text: &str) -> Result<Net, ()> {
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits: u32 = bits.map_or(Ok(width), str::parse).map_err(|_| ())?;
        if bits > width {
            return Err(());
        }
        Ok(Net { base: number(address), bits: 128 - width + bits, is_v4: address.is_ipv4() })
    }
}

impl Net {
    fn covers(self, number: u128) -> bool {
        let shift = 128 - self.bits;
        shift >= 128 || number >> shift == self.base >> shift
    }

    /// Whether an address lies in it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        address.is_ipv4() == self.is_v4 && self.covers(number(address))
    }

    fn encloses(self, other: Net) -> bool {
        self.is_v4 == other.is_v4 && other.bits >= self.bits && self.covers(other.base)
    }
}

/// What an operator allows beyond the public internet.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Hosts of the local network that may be sent to, also without TLS.
    pub allow: Vec<Net>,
    /// Lets tests send to this machine, without TLS. Never set by itself.
    pub loopback_for_tests: bool,
}

/// Why something is not sent to an address. None of them names more of it than the host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the address cannot be read")]
    Unreadable,
    #[error("only https is allowed; http only to a host on the allow list")]
    NotHttps,
    #[error("a user name or password in an address is not allowed")]
    Credentials,
    #[error(
        "{host} is {address}, which is not on the public internet; allow it under [guard] if it is meant"
    )]
    Inside { host: String, address: IpAddr },
    #[error("{host} is not known to the name service")]
    NoAddress { host: String },
}

/// What a test answers for a name.
pub type Lookup = Arc<dyn Fn(&str) -> Vec<IpAddr> + Send + Sync>;

/// Where names become addresses.
#[derive(Clone)]
pub enum Resolver {
    /// The machine's.
    System,
    /// A test's: asked anew at every send, like the real one.
    Stub(Lookup),
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Resolver::System => "System",
            Resolver::Stub(_) => "Stub",
        })
    }
}

/// Whether an address is on the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_here = matches!(a, 0 | 10 | 127 | 224..=255) || matches!((a, b), (169, 254) | (192, 168));
    let is_shared = matches!((a, b), (100, 64..=127) | (172, 16..=31) | (198, 18..=19));
    let is_special = matches!((a, b, c), (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113));
    !is_here && !is_shared && !is_special
}

/// Only global unicast, without what stands for another address (6to4, Teredo, NAT64, mapped) and without documentation.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let is_global = (0x2000..0x4000).contains(&a);
    let is_special =
        a == 0x2002 || (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || (a == 0x3fff && b < 0x1000);
    is_global && !is_special
}

impl Guard {
    /// Whether an address is let through, and whether it is because somebody allowed it by name.
    fn admits(&self, address: IpAddr) -> (bool, bool) {
        if METADATA.contains(&address) {
            return (false, false);
        }
        let allowed = self.allow.iter().any(|net| net.contains(address))
            || (self.loopback_for_tests && address.is_loopback());
        (allowed || is_public(address), allowed)
    }

    /// Reads an address and checks what can be checked without asking the name service.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn parse(&self, url: &str) -> Result<Url, Refused> {
        let url = Url::parse(url).map_err(|_| Refused::Unreadable)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Credentials);
        }
        let may_be_plain = self.loopback_for_tests || !self.allow.is_empty();
        match url.scheme() {
            "https" => Ok(url),
            "http" if may_be_plain => Ok(url),
            _ => Err(Refused::NotHttps),
        }
    }

    /// The addresses a host may be reached at, all of them looked at. Literal addresses of every spelling are read by the
    /// address parser before they come here.
    ///
    /// # Errors
    /// See [`Refused`]; one address inside refuses the name.
    pub async fn resolve(
        &self,
        resolver: &Resolver,
        host: &str,
        port: u16,
        is_plain: bool,
    ) -> Result<Vec<SocketAddr>, Refused> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found: Vec<IpAddr> = match (bare.parse::<IpAddr>(), resolver) {
            (Ok(literal), _) => vec![literal],
            (Err(_), Resolver::Stub(stub)) => stub(host),
            (Err(_), Resolver::System) => tokio::net::lookup_host((host, port))
                .await
                .map(|all| all.map(|a| a.ip()).collect())
                .unwrap_or_default(),
        };
        if found.is_empty() {
            return Err(Refused::NoAddress { host: host.to_owned() });
        }
        for address in &found {
            let (admitted, by_name) = self.admits(*address);
            if !admitted {
                return Err(Refused::Inside { host: host.to_owned(), address: *address });
            }
            if is_plain && !by_name {
                return Err(Refused::NotHttps);
            }
        }
        Ok(found.into_iter().take(ADDRESSES_MAX).map(|ip| SocketAddr::new(ip, port)).collect())
    }
}

/// Whether a net may stand on the allow list: only ranges that are private by definition.
#[must_use]
pub fn may_be_allowed(net: Net) -> bool {
    let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];
    private.iter().filter_map(|range| range.parse::<Net>().ok()).any(|range| range.encloses(net))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "0.0.0.0",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "::7f00:1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2400:3200::1"]
        {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn the_allow_list_opens_private_ranges_and_never_this_machine_or_credentials() {
        assert!(may_be_allowed("192.168.1.10/32".parse().unwrap()));
        for not in ["127.0.0.0/8", "0.0.0.0/0", "169.254.0.0/16", "::1/128", "8.8.8.8/32"] {
            assert!(!may_be_allowed(not.parse().unwrap()), "{not}");
        }
        let guard = Guard { allow: vec!["100.64.0.0/10".parse().unwrap()], loopback_for_tests: true };
        assert!(guard.admits("100.64.1.1".parse().unwrap()).0);
        assert!(!guard.admits("168.63.129.16".parse().unwrap()).0);
        assert!(!guard.admits("100.100.100.200".parse().unwrap()).0);
    }

    #[test]
    fn an_address_is_read_as_the_network_would_read_it() {
        let guard = Guard { loopback_for_tests: true, ..Guard::default() };
        for (written, host) in [
            ("http://2130706433/", "127.0.0.1"),
            ("http://0x7f.1/", "127.0.0.1"),
            ("http://0177.0.0.1/", "127.0.0.1"),
            ("http://[::ffff:127.0.0.1]/", "[::ffff:7f00:1]"),
        ] {
            assert_eq!(guard.parse(written).unwrap().host_str(), Some(host), "{written}");
        }
        let strict = Guard::default();
        assert_eq!(strict.parse("http://example.com/"), Err(Refused::NotHttps));
        assert_eq!(strict.parse("file:///etc/passwd"), Err(Refused::NotHttps));
        assert_eq!(strict.parse("https://user:pass@example.com/"), Err(Refused::Credentials));
        assert_eq!(strict.parse("what"), Err(Refused::Unreadable));
    }
}
