//! Commands to a Redis server: just enough of its protocol to set up a cluster.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

const TIMEOUT: Duration = Duration::from_secs(5);

/// Sends one command on a new connection, and returns the answer as text: the elements of an array
/// in lines. An error of the server is an [`io::Error`] with its text.
pub(super) fn command(port: u16, arguments: &[&str]) -> io::Result<String> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let arguments: Vec<_> = arguments
        .iter()
        .map(|argument| format!("${}\r\n{argument}\r\n", argument.len()))
        .collect();
    let request = format!("*{}\r\n{}", arguments.len(), arguments.concat());
    (&stream).write_all(request.as_bytes())?;
    read(&mut BufReader::new(stream))
}

fn read(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let line = line.trim_end();
    let (kind, rest) = line.split_at_checked(1).ok_or(io::ErrorKind::UnexpectedEof)?;
    match kind {
        "+" | ":" => Ok(rest.to_owned()),
        "-" => Err(io::Error::other(rest)),
        "$" if rest == "-1" => Ok(String::new()),
        "$" => {
            let length: usize = rest.parse().map_err(io::Error::other)?;
            let mut text = vec![0; length + 2];
            stream.read_exact(&mut text)?;
            text.truncate(length);
            String::from_utf8(text).map_err(io::Error::other)
        }
        "*" => {
            let length: usize = rest.parse().map_err(io::Error::other)?;
            let elements: io::Result<Vec<_>> = (0..length).map(|_| read(stream)).collect();
            Ok(elements?.join("\n"))
        }
        _ => Err(io::Error::other(format!("an answer of an unknown kind: {line}"))),
    }
}
