//! nginx with the configuration of `deploy/nginx`, on free ports.

use std::{
    fs,
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rcgen::CertifiedKey;
use reqwest::{Certificate, Client, redirect::Policy};
use tempfile::TempDir;

use crate::process::AppProcess;

/// The host name in the configuration.
pub(crate) const HOST: &str = "app.example.com";

const PATIENCE: Duration = Duration::from_secs(20);

/// Everything that the packages of nginx configure outside of `conf.d`, without privileges.
const MAIN: &str = "\
    daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr warn;\nevents {}\n\
    http {\n\
    access_log other.log;\nclient_body_temp_path body;\nproxy_temp_path proxy;\nfastcgi_temp_path fastcgi;\n\
    uwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\ninclude quick-start.conf;\n\
    }\n";

/// A running nginx.
pub(crate) struct Nginx {
    process: Child,
    directory: TempDir,
    address: String,
    /// The address for http.
    pub(crate) plain: String,
}

impl Nginx {
    /// Starts nginx in front of an app. `change` edits the configuration.
    pub(crate) fn start(app: &str, change: impl FnOnce(String) -> String) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
        let write = |file: &str, text: &str| fs::write(directory.path().join(file), text).unwrap();
        write("fullchain.pem", &cert.pem());
        write("privkey.pem", &signing_key.serialize_pem());
        let (address, plain) = (AppProcess::free_address(), AppProcess::free_address());
        let shipped = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/nginx/quick-start.conf"));
        let mut config = change(shipped.unwrap());
        for (from, to) in [
            ("listen 443", format!("listen {address}")),
            ("listen 80", format!("listen {plain}")),
            ("server 127.0.0.1:3000", format!("server {app}")),
            // The second instance is down.
            (
                "server 127.0.0.1:3001",
                format!("server {}", AppProcess::free_address()),
            ),
            ("/etc/ssl/app.example.com/", String::new()),
            ("/var/log/nginx/", String::new()),
        ] {
            assert!(config.contains(from), "{from}");
            config = config.replace(from, &to);
        }
        write("quick-start.conf", &config);
        write("nginx.conf", MAIN);
        let mut nginx = Self {
            process: command(directory.path()).spawn().expect("nginx is missing: install it"),
            directory,
            address,
            plain,
        };
        nginx.wait_until_listening();
        nginx
    }

    fn wait_until_listening(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(&self.address).is_err() {
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none(), "nginx has ended; its errors are above");
            assert!(Instant::now() < deadline, "nginx does not listen");
            thread::yield_now();
        }
    }

    /// The access log so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("quick-start.log")).unwrap()
    }

    /// A browser that reaches the host name at this nginx, and trusts its certificate.
    pub(crate) fn client(&self) -> Client {
        let certificate = fs::read(self.directory.path().join("fullchain.pem")).unwrap();
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(Duration::from_secs(60))
            .no_proxy()
            .tls_certs_only([Certificate::from_pem(&certificate).unwrap()])
            .resolve(HOST, self.address.parse().unwrap());
        client.build().unwrap()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(directory: &Path) -> Command {
    let mut command = Command::new("nginx");
    // With a slash at the end, as nginx joins the names.
    let prefix = format!("{}/", directory.display());
    command
        .args(["-p", &prefix, "-c", "nginx.conf", "-e", "stderr"])
        .stdin(Stdio::null());
    command
}
