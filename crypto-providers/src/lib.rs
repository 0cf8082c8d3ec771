//! Minimal HTTPS, Redis and PostgreSQL servers with certificates of a private authority: just
//! enough for a client to show that its TLS handshake succeeded.

use std::{future::Future, net::Ipv4Addr, sync::Arc};

use logto::TrustedCertificates;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// A private certificate authority, and a TLS acceptor whose certificate for `localhost` it signed.
pub fn authority() -> (TrustedCertificates, TlsAcceptor) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);

    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .unwrap();
    let trusted = TrustedCertificates::from_pem(pem).unwrap();
    (trusted, TlsAcceptor::from(Arc::new(config)))
}

/// Accepts connections on an unused port of 127.0.0.1 and passes each to `handle`. Returns the
/// port.
pub async fn serve<F>(handle: impl Fn(TcpStream) -> F + Send + 'static) -> u16
where
    F: Future<Output = Option<()>> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(handle(stream));
        }
    });
    port
}

/// Responds to one HTTPS request. `None` if the client closes the connection, because it does not
/// trust the certificate.
pub async fn https(stream: TcpStream, tls: TlsAcceptor) -> Option<()> {
    let mut stream = tls.accept(stream).await.ok()?;
    let mut request = [0; 4096];
    let read = stream.read(&mut request).await.ok()?;
    assert!(request[..read].starts_with(b"GET / HTTP/1.1"));
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
    stream.write_all(answer).await.ok()?;
    stream.shutdown().await.ok()
}

/// Responds as an empty Redis server.
pub async fn rediss(stream: TcpStream, tls: TlsAcceptor) -> Option<()> {
    let mut stream = tls.accept(stream).await.ok()?;
    let mut received = Vec::new();
    loop {
        if stream.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
        answer_commands(&mut received, &mut stream).await?;
    }
}

/// Responds to the complete commands in `received` and removes them. A command is an array of
/// strings: `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`.
async fn answer_commands(received: &mut Vec<u8>, stream: &mut TlsStream<TcpStream>) -> Option<()> {
    while let Some((name, length)) = command(received) {
        received.drain(..length);
        let answer: &[u8] = match name.as_str() {
            "HMGET" => b"*5\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n",
            _ => b"+OK\r\n",
        };
        stream.write_all(answer).await.ok()?;
        stream.flush().await.ok()?;
    }
    Some(())
}

/// Name and length in bytes of the first command. `None` if it is incomplete.
fn command(received: &[u8]) -> Option<(String, usize)> {
    let text = String::from_utf8_lossy(received);
    let (count, mut rest) = text.strip_prefix('*')?.split_once("\r\n")?;
    let mut name = None;
    for _ in 0..count.parse::<usize>().ok()? {
        let (length, after) = rest.strip_prefix('$')?.split_once("\r\n")?;
        let length: usize = length.parse().ok()?;
        name = name.or(Some(after.get(..length)?.to_ascii_uppercase()));
        rest = after.get(length..)?.strip_prefix("\r\n")?;
    }
    Some((name?, text.len() - rest.len()))
}

/// Responds as a PostgreSQL server that rejects every user after the TLS handshake.
pub async fn postgres(mut stream: TcpStream, tls: TlsAcceptor) -> Option<()> {
    let mut request = [0; 8];
    stream.read_exact(&mut request).await.ok()?;
    assert_eq!(request[4..], 80_877_103_u32.to_be_bytes(), "SSLRequest");
    stream.write_all(b"S").await.ok()?;
    let mut stream = tls.accept(stream).await.ok()?;
    let mut startup = [0; 1024];
    stream.read(&mut startup).await.ok()?;
    let fields = b"SFATAL\0VFATAL\0C28000\0Mrejected\0\0";
    let length = u32::try_from(fields.len() + 4).ok()?.to_be_bytes();
    stream.write_all(&[b"E", &length[..], fields].concat()).await.ok()?;
    stream.shutdown().await.ok()
}
