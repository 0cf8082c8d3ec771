//! Requests to an app on this machine.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

const TIMEOUT: Duration = Duration::from_secs(30);

/// Requests a path, and returns the status line and the whole response.
pub(super) fn get(address: &str, path: &str) -> io::Result<(String, Vec<u8>)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response)?;
    let line = response.split(|byte| *byte == b'\r').next().unwrap_or_default();
    Ok((String::from_utf8_lossy(line).into_owned(), response))
}
