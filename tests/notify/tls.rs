//! Certificates, by the program itself and the trust of the machine: a server that shows one for another name, by one whom the
//! machine trusts, gets nothing.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::table::VENDORS;
use crate::whole::{Shell, both};

/// Servers with certificates of one issuer, and the issuer's own in a file.
struct Trusted {
    issuer: rcgen::CertifiedIssuer<'static, rcgen::KeyPair>,
    dir: tempfile::TempDir,
}

impl Trusted {
    fn new() -> Trusted {
        let mut parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = rcgen::KeyPair::generate().unwrap();
        let issuer = rcgen::CertifiedIssuer::self_signed(parameters, key).unwrap();
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("issuer.pem"), pem(issuer.der())).unwrap();
        Trusted { issuer, dir }
    }

    fn file(&self) -> std::path::PathBuf {
        self.dir.path().join("issuer.pem")
    }

    /// A server whose certificate is for `name`: its port, and what it was sent once somebody believed it.
    fn server(&self, name: &str, not_after: Option<(i32, u8, u8)>) -> (u16, Arc<Mutex<Vec<u8>>>) {
        let mut parameters = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        if let Some((year, month, day)) = not_after {
            parameters.not_before = rcgen::date_time_ymd(2020, 1, 1);
            parameters.not_after = rcgen::date_time_ymd(year, month, day);
        }
        let key = rcgen::KeyPair::generate().unwrap();
        let shown = parameters.signed_by(&key, &self.issuer).unwrap();
        let private = rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![shown.der().clone()], private)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut tls = rustls::StreamOwned::new(connection, stream.unwrap());
                let mut bytes = [0; 16_384];
                // Whoever does not believe the certificate says nothing.
                let Ok(n) = tls.read(&mut bytes) else { continue };
                kept.lock().unwrap().extend_from_slice(&bytes[..n]);
                let _ = tls.write_all(b"HTTP/1.1 200 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        });
        (port, seen)
    }
}

fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// The machine's trust is a file only where it is OpenSSL's.
#[cfg(target_os = "linux")]
#[test]
fn a_certificate_for_another_name_is_refused_by_every_channel_and_said_so() {
    let trusted = Trusted::new();
    let (other, seen) = trusted.server("somebody-else.example", None);
    let (right, welcome) = trusted.server("localhost", None);
    let (old, late) = trusted.server("localhost", Some((2024, 1, 1)));
    let mut text = String::new();
    for vendor in VENDORS {
        let (kind, rest) = (vendor.kind, vendor.rest);
        text.push_str(&format!(
            "[channel.{kind}]\nkind = \"{kind}\"\nurl = \"https://localhost:{other}\"\n{rest}\n"
        ));
    }
    text.push_str(&format!(
        "[channel.post]\nkind = \"mail\"\nhost = \"localhost\"\nport = {other}\nfrom = \"a@example.com\"\nto = [\"b@example.com\"]\n\
         [channel.right]\nkind = \"webhook\"\nurl = \"https://localhost:{right}\"\nsecret = \"s\"\n\
         [channel.strange]\nkind = \"webhook\"\nurl = \"https://localhost:{right}\"\nsecret = \"s\"\n\
         [channel.old]\nkind = \"webhook\"\nurl = \"https://localhost:{old}\"\nsecret = \"s\"\n"
    ));
    let shell = Shell::new(&text);
    let trust = [("SSL_CERT_FILE", trusted.file())];
    for name in VENDORS.iter().map(|vendor| vendor.kind).chain(["post"]) {
        let refused = shell.run_with(&["channel", "test", name], &trust);
        let said = both(&refused);
        assert_eq!(refused.status.code(), Some(3), "{name}: {said}");
        // For good: nobody tries the same again all day, and what pages goes another way.
        assert!(
            said.contains("refused; look at") && said.contains("certificate is for another name"),
            "{name}: {said}"
        );
    }
    assert_eq!(seen.lock().unwrap().len(), 0, "nothing was said to a stranger");
    let ran_out = both(&shell.run_with(&["channel", "test", "old"], &trust));
    assert!(ran_out.contains("not valid now") && ran_out.contains("clock"), "{ran_out}");
    assert_eq!(late.lock().unwrap().len(), 0);
    // Without the issuer in the machine's trust: a stranger's, and told apart.
    let strange = both(&shell.run(&["channel", "test", "strange"]));
    assert!(strange.contains("nobody this machine trusts"), "{strange}");
    let taken = shell.run_with(&["channel", "test", "right"], &trust);
    assert!(taken.status.success(), "{}", both(&taken));
    assert!(String::from_utf8_lossy(&welcome.lock().unwrap()).contains("webhook-signature"));
}
