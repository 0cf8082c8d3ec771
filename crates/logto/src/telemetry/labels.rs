//! The values of labels and of span fields. Each is one of a closed set.

/// Declares an enum whose variants have a text for labels.
macro_rules! label {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident { $($(#[$of_variant:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $visibility enum $name {
            $($(#[$of_variant])* $variant,)+
        }

        impl $name {
            /// The value of the label.
            #[must_use]
            $visibility const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

label! {
    /// The kind of place where sessions are kept, for metrics and spans.
    #[non_exhaustive]
    pub enum StoreKind {
        /// The cookies of the browser.
        Cookie = "cookie",
        /// The memory of the process.
        Memory = "memory",
        /// Redis or Valkey.
        Redis = "redis",
        /// PostgreSQL.
        Postgres = "postgres",
        /// A store of the app.
        Other = "other",
    }
}

label! {
    /// Events of sessions, for `logto_sessions_total`.
    #[non_exhaustive]
    pub enum SessionEvent {
        /// A sign-in has begun a session.
        Created = "created",
        /// The user signed out.
        SignedOut = "signed_out",
        /// Another sign-in in the same browser replaced the session.
        Replaced = "replaced",
        /// The provider reported a logout.
        BackChannelLogout = "backchannel_logout",
        /// The grant has ended at the provider.
        Revoked = "revoked",
        /// A webhook ended the sessions of a user.
        Webhook = "webhook",
        /// The app ended sessions.
        EndedByApp = "ended_by_app",
    }
}

label! {
    /// An operation of a store.
    pub(crate) enum StoreOperation {
        Load = "load",
        Save = "save",
        Delete = "delete",
        Sweep = "sweep",
    }
}

label! {
    /// An endpoint of the provider. Never an address.
    pub(crate) enum Endpoint {
        Discovery = "discovery",
        Jwks = "jwks",
        Authorization = "authorization",
        Token = "token",
        UserInfo = "userinfo",
        Revocation = "revocation",
        EndSession = "end_session",
        Account = "account",
        Management = "management",
    }
}

label! {
    /// A cache of this process.
    pub(crate) enum CacheName {
        /// The provider's metadata.
        Metadata = "metadata",
        /// The provider's keys.
        Jwks = "jwks",
        /// Unsealed sessions.
        Session = "session",
        /// The access tokens in sessions.
        AccessToken = "access_token",
    }
}

label! {
    /// The result of a look-up.
    pub(crate) enum CacheResult {
        Hit = "hit",
        Miss = "miss",
        /// An old value is used, because a new one is not available.
        Stale = "stale",
    }
}
