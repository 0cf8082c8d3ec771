//! The guide: from the first sign-in to a deployment.
//!
//! | page | subject |
//! |---|---|
//! | [getting started](getting_started) | server, pages, your own Logto, texts, islands mode, what a missing part looks like |
//! | [guards] | requirements for pages, server functions, handlers and APIs; errors |
//! | [step-up](step_up) | a second factor or a recent sign-in for a page, a server function or an API |
//! | [sign-in](sign_in) | options, magic links, single sign-on, silent sign-in, failed sign-ins, hooks, session lifetimes |
//! | [sign-out](sign_out) | other tabs, the Back button, back-channel logout, the deny list |
//! | [webhooks] | users who are deleted, suspended or leave an organization; reactions of the app |
//! | [claims and tokens](tokens) | the user, tokens for APIs and organizations, the active organization |
//! | [organizations] | create, invite, join, leave; APIs of an organization |
//! | [tokens for programs](machine_tokens) | machine tokens, the Management API, token exchange, personal access tokens |
//! | [the account](account) | profile, password, sessions elsewhere, Logto's own pages |
//! | [stores] | cookies, memory, Redis or PostgreSQL; several processes; rotating secrets; header sizes |
//! | [PostgreSQL](postgres) | a pool of the app, PgBouncer, migrations, the plan of each query |
//! | [requests and headers](requests_and_headers) | cross-site requests, caching, the content security policy |
//! | [deployment] | containers, systemd, several instances, backups, capacity; domains, tenants, a base path, private networks |
//! | [proxies] | nginx, Caddy and Traefik: forwarded headers, buffers, streaming, health checks, limits |
//! | [operations] | metrics, spans, health and readiness, alerts |
//! | [testing] | tests against your own router, whole sign-ins, Playwright |
//! | [from the Next.js SDK](next_js) | each item of `@logto/next`, and users who stay signed in |
//! | [sizing] | the cost of a page, a session, a sign-in |
//!
//! The pages are files in the folder `docs` of the repository, and every Rust example in them is
//! compiled.

/// A page of the guide. The definitions of links come first, because the first definition of a name
/// wins: here they lead to modules, in the repository to files.
macro_rules! page {
    ($name:ident, $file:literal) => {
        #[doc = include_str!("guide_links.md")]
        #[doc = include_str!(concat!("../docs/", $file))]
        pub mod $name {}
    };
}

page!(getting_started, "getting-started.md");
page!(guards, "guards.md");
page!(step_up, "step-up.md");
page!(sign_in, "sign-in.md");
page!(sign_out, "sign-out.md");
page!(webhooks, "webhooks.md");
page!(tokens, "tokens.md");
page!(organizations, "organizations.md");
page!(machine_tokens, "machine-tokens.md");
page!(account, "account.md");
page!(stores, "stores.md");
page!(postgres, "postgres.md");
page!(requests_and_headers, "requests-and-headers.md");
page!(deployment, "deployment.md");
page!(proxies, "proxies.md");
page!(operations, "operations.md");
page!(sizing, "sizing.md");
page!(testing, "testing.md");
page!(next_js, "next-js.md");
