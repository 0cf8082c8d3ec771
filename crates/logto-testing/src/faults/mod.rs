//! Lies and broken answers, switched on and off while the provider runs.

mod callback;
mod documents;
mod http;
mod id_token;
mod token;
mod tweak;

use std::sync::Mutex;

pub(crate) use self::{
    callback::Callback,
    http::{Cut, FOLLOWED, answer},
};
pub use self::{
    callback::{CallbackFault, HOSTILE_TEXT},
    documents::{DiscoveryFault, JwksFault, UserInfoFault},
    http::HttpFault,
    id_token::IdTokenFault,
    token::TokenFault,
    tweak::Tweak,
};
use crate::log::Endpoint;

/// Anything that can be switched on; each kind of fault turns into one.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The HTTP answer of one endpoint; from [`HttpFault::at`].
    Http(Endpoint, HttpFault),
    /// The discovery document.
    Discovery(DiscoveryFault),
    /// The key set.
    Jwks(JwksFault),
    /// The redirect back to the client.
    Callback(CallbackFault),
    /// The token endpoint's answer.
    Token(TokenFault),
    /// ID tokens.
    IdToken(IdTokenFault),
    /// The userinfo answer.
    UserInfo(UserInfoFault),
}

macro_rules! from_kinds {
    ($($kind:ident($fault:ty)),*) => {
        $(impl From<$fault> for Fault {
            fn from(fault: $fault) -> Self {
                Self::$kind(fault)
            }
        })*
    };
}

from_kinds!(
    Discovery(DiscoveryFault),
    Jwks(JwksFault),
    Callback(CallbackFault),
    Token(TokenFault),
    IdToken(IdTokenFault),
    UserInfo(UserInfoFault)
);

/// The faults that are on.
#[derive(Debug, Default)]
pub(crate) struct FaultBoard(Mutex<Vec<Entry>>);

#[derive(Debug)]
struct Entry {
    fault: Fault,
    /// Goes when it has been used.
    once: bool,
}

impl FaultBoard {
    pub(crate) fn add(&self, fault: Fault, once: bool) {
        self.0.lock().unwrap().push(Entry { fault, once });
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    /// Everything that `pick` knows, in the order it was switched on.
    fn take<T>(&self, pick: impl Fn(&Fault) -> Option<T>) -> Vec<T> {
        let mut taken = Vec::new();
        self.0.lock().unwrap().retain(|entry| match pick(&entry.fault) {
            Some(fault) => {
                taken.push(fault);
                !entry.once
            }
            None => true,
        });
        taken
    }

    /// One fault for one request: the oldest one-shot, else the newest lasting one.
    pub(crate) fn http(&self, endpoint: Endpoint) -> Option<HttpFault> {
        let mut entries = self.0.lock().unwrap();
        let here = |entry: &Entry| matches!(&entry.fault, Fault::Http(at, _) if *at == endpoint);
        let at = entries
            .iter()
            .position(|entry| entry.once && here(entry))
            .or_else(|| entries.iter().rposition(here))?;
        let fault = if entries[at].once {
            entries.remove(at).fault
        } else {
            entries[at].fault.clone()
        };
        match fault {
            Fault::Http(_, fault) => Some(fault),
            _ => None,
        }
    }

    pub(crate) fn discovery(&self) -> Vec<DiscoveryFault> {
        self.take(|fault| {
            if let Fault::Discovery(it) = fault {
                Some(it.clone())
            } else {
                None
            }
        })
    }

    pub(crate) fn jwks(&self) -> Vec<JwksFault> {
        self.take(|fault| {
            if let Fault::Jwks(it) = fault {
                Some(it.clone())
            } else {
                None
            }
        })
    }

    pub(crate) fn callback(&self) -> Vec<CallbackFault> {
        self.take(|fault| {
            if let Fault::Callback(it) = fault {
                Some(it.clone())
            } else {
                None
            }
        })
    }

    pub(crate) fn token(&self) -> Vec<TokenFault> {
        self.take(|fault| {
            if let Fault::Token(it) = fault {
                Some(it.clone())
            } else {
                None
            }
        })
    }

    pub(crate) fn id_token(&self) -> Vec<IdTokenFault> {
        self.take(|fault| {
            if let Fault::IdToken(it) = fault {
                Some(it.clone())
            } else {
                None
            }
        })
    }

    pub(crate) fn user_info(&self) -> Vec<UserInfoFault> {
        self.take(|fault| {
            if let Fault::UserInfo(it) = fault {
                Some(it.clone())
            } else {
                None
            }
        })
    }
}
