//! A proxy that records what a client of PostgreSQL sends.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};
use url::Url;

/// Asks whether the server encrypts; the answer is one byte.
const SSL_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();

/// The messages of one round trip: the client sends them, and waits for the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RoundTrip {
    /// The types of the messages, such as `BECS` for Bind, Execute, Close and Sync.
    pub(crate) messages: String,
    /// The statement that it prepares or executes.
    pub(crate) sql: Option<String>,
}

impl RoundTrip {
    /// Whether it prepares a statement.
    pub(crate) fn prepares(&self) -> bool {
        self.messages.starts_with('P')
    }

    /// Whether it only asks whether the server is there.
    pub(crate) fn is_ping(&self) -> bool {
        self.messages == "S"
    }
}

pub(crate) struct Recorder {
    port: u16,
    server: Arc<Mutex<(String, u16)>>,
    round_trips: watch::Receiver<Vec<RoundTrip>>,
    loses_answers: Arc<Mutex<LostAnswers>>,
}

/// The answers that do not reach the client, because the connection breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LostAnswers {
    #[default]
    None,
    /// The next one to a statement that is executed, and not only prepared.
    NextExecution,
    All,
}

impl Recorder {
    pub(crate) async fn to(address: &str) -> Self {
        let server = Arc::new(Mutex::new(server(address)));
        let current_server = Arc::clone(&server);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, round_trips) = watch::channel(Vec::new());
        let loses_answers = Arc::<Mutex<LostAnswers>>::default();
        let lost = Arc::clone(&loses_answers);
        let sender = Arc::new(sender);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = current_server.lock().unwrap().clone();
                let server = TcpStream::connect(server).await.unwrap();
                let (from_client, mut to_client) = client.into_split();
                let (mut from_server, to_server) = server.into_split();
                let (sender, lost) = (Arc::clone(&sender), Arc::clone(&lost));
                tokio::spawn(async move {
                    tokio::select! {
                        _ = record(from_client, to_server, &sender, &lost) => {}
                        _ = copy(&mut from_server, &mut to_client) => {}
                    }
                });
            }
        });
        Self {
            port,
            server,
            round_trips,
            loses_answers,
        }
    }

    /// The connection string, with the recorder in place of the server.
    pub(crate) fn address(&self, address: &str) -> String {
        let mut url = Url::parse(address).unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(self.port)).unwrap();
        url.into()
    }

    /// All round trips so far.
    pub(crate) fn round_trips(&self) -> Vec<RoundTrip> {
        self.round_trips.borrow().clone()
    }

    /// Waits until there are at least so many round trips.
    pub(crate) async fn wait_for(&self, count: usize) {
        let mut round_trips = self.round_trips.clone();
        round_trips.wait_for(|all| all.len() >= count).await.unwrap();
    }

    /// Whether the answer that should get lost has.
    pub(crate) fn has_lost_an_answer(&self) -> bool {
        *self.loses_answers.lock().unwrap() == LostAnswers::None
    }

    /// Leads new connections to another server.
    pub(crate) fn redirect(&self, address: &str) {
        *self.server.lock().unwrap() = server(address);
    }

    pub(crate) fn lose_answers(&self, lost: LostAnswers) {
        *self.loses_answers.lock().unwrap() = lost;
    }
}

/// The host and port of a connection string.
fn server(address: &str) -> (String, u16) {
    let url = Url::parse(address).unwrap();
    (url.host_str().unwrap().to_owned(), url.port().unwrap_or(5432))
}

/// Forwards messages, and returns when the connection should break.
async fn record(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    sender: &watch::Sender<Vec<RoundTrip>>,
    lost: &Mutex<LostAnswers>,
) -> std::io::Result<()> {
    // The first messages have no type.
    loop {
        let body = read_body(&mut client).await?;
        server.write_all(&framed(None, &body)).await?;
        if !body.starts_with(&SSL_REQUEST) {
            break;
        }
    }
    let mut round_trip = RoundTrip::default();
    loop {
        let kind = client.read_u8().await?;
        let body = read_body(&mut client).await?;
        server.write_all(&framed(Some(kind), &body)).await?;
        if kind == b'p' {
            // A password.
            continue;
        }
        round_trip.messages.push(char::from(kind));
        let texts: Vec<_> = body.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
        match kind {
            b'Q' => round_trip.sql = Some(texts[0].to_string()),
            // After the name of the statement.
            b'P' => round_trip.sql = Some(texts[1].to_string()),
            _ => {}
        }
        if matches!(kind, b'Q' | b'S') {
            let is_lost = is_lost(&round_trip, lost);
            sender.send_modify(|all| all.push(std::mem::take(&mut round_trip)));
            if is_lost {
                // The server gets the end of the connection after the query.
                return Ok(());
            }
        }
    }
}

fn is_lost(round_trip: &RoundTrip, lost: &Mutex<LostAnswers>) -> bool {
    let mut lost = lost.lock().unwrap();
    match *lost {
        _ if round_trip.is_ping() => false,
        LostAnswers::None => false,
        LostAnswers::NextExecution if round_trip.prepares() => false,
        LostAnswers::NextExecution => {
            *lost = LostAnswers::None;
            true
        }
        LostAnswers::All => true,
    }
}

/// The rest of a message: its length, which counts itself, and as many bytes.
async fn read_body(client: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Vec<u8>> {
    let length = client.read_u32().await?;
    let mut body = vec![0; usize::try_from(length).unwrap() - 4];
    client.read_exact(&mut body).await?;
    Ok(body)
}

fn framed(kind: Option<u8>, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    let mut message: Vec<u8> = kind.into_iter().collect();
    message.extend(length.to_be_bytes());
    message.extend(body);
    message
}
