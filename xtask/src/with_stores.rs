//! Runs a command with Redis and PostgreSQL: `with-stores [--redis] COMMAND…`.
//!
//! Sets `REDIS_URL` and `DATABASE_URL` to servers that end with the command, and leaves those that
//! are set. With `--redis` it starts Redis only.

use std::{env, error::Error, process::ExitCode};

use logto_testing::{StoreKind, StoreServer};
use tokio::{
    process::Command,
    signal::unix::{SignalKind, signal},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args().skip(1).peekable();
    let mut stores = vec![(StoreKind::Redis, "REDIS_URL")];
    if arguments.next_if(|argument| argument == "--redis").is_none() {
        stores.push((StoreKind::Postgres, "DATABASE_URL"));
    }
    let Some(program) = arguments.next() else {
        eprintln!("usage: with-stores [--redis] COMMAND…");
        return Ok(ExitCode::from(2));
    };
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true);
    // Kept until the command has ended.
    let mut servers = Vec::new();
    for (kind, variable) in stores {
        if env::var(variable).is_ok_and(|url| !url.is_empty()) {
            continue;
        }
        let server = StoreServer::builder(kind).in_memory().start()?;
        eprintln!("    {variable}={}", server.url());
        command.env(variable, server.url());
        servers.push(server);
    }
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut child = command.spawn()?;
    // Ctrl-C reaches the command too, which decides when to end. SIGTERM reaches only this process.
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            _ = interrupt.recv() => {}
            _ = terminate.recv() => child.start_kill()?,
        }
    };
    drop(servers);
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
