//! The guide: from the first sign-in to a deployment.
//!
//! | page | subject |
//! |---|---|
//! | [getting started](getting_started) | add sign-in to an app |
//! | [guards] | requirements for pages, server functions, handlers and APIs |
//! | [sign-in](sign_in) | options, links, the page for failed sign-ins |
//! | [sign-out](sign_out) | other tabs, back-channel logout, the deny list |
//! | [claims and tokens](tokens) | who is signed in, tokens for APIs and organizations |
//! | [stores] | where sessions are, cookie secrets, what a restart or failover costs |
//! | [requests and headers](requests_and_headers) | cross-site requests, caching, the content security policy |
//! | [deployment] | domains, proxies, a base path, private networks |
//! | [sizing] | what a page, a session and a sign-in cost |
//! | [testing] | tests of your app against an in-process provider |
//! | [from the Next.js SDK](next_js) | what each item of `@logto/next` is called here |
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
page!(sign_in, "sign-in.md");
page!(sign_out, "sign-out.md");
page!(tokens, "tokens.md");
page!(stores, "stores.md");
page!(requests_and_headers, "requests-and-headers.md");
page!(deployment, "deployment.md");
page!(sizing, "sizing.md");
page!(testing, "testing.md");
page!(next_js, "next-js.md");
