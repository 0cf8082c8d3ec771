//! Reads the snapshot in the browser, from any JSON.
//!
//! The browser has a JSON parser. One in wasm, with the code that serde generates for these types,
//! would be larger than the components.

use super::{ComponentTexts, OrganizationView, RoutePaths, SessionView, Snapshot, UserView};

/// A JSON value.
pub(crate) trait Json: Sized {
    /// The member of an object, unless it is missing or `null`.
    fn get(&self, name: &str) -> Option<Self>;

    fn as_text(&self) -> Option<String>;

    /// A number that is not negative.
    fn as_number(&self) -> Option<u64>;

    /// The items of a list. Empty for another value.
    fn items(&self) -> Vec<Self>;

    /// The members of an object with their values as JSON text. Empty for another value.
    fn members(&self) -> Vec<(String, String)>;

    fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.as_text()
    }
}

/// `None` if the state is unknown, such as that of a newer server.
pub(crate) fn snapshot(json: &impl Json) -> Option<Snapshot> {
    Some(Snapshot {
        state: SessionView::from_name(&json.text("state")?)?,
        user: json.get("user").and_then(|user| read_user(&user)),
        ends_in: json.get("ends_in").and_then(|seconds| seconds.as_number()),
        paths: paths(json),
        active_organization: json.text("active_organization"),
        texts: texts(json),
        problems: items(json, "problems").iter().filter_map(Json::as_text).collect(),
    })
}

pub(crate) fn paths(json: &impl Json) -> RoutePaths {
    let Some(paths) = json.get("paths") else {
        return RoutePaths::default();
    };
    let path = |name| paths.text(name).unwrap_or_default();
    RoutePaths {
        sign_in: path("sign_in"),
        sign_out: path("sign_out"),
        organization: path("organization"),
        session_script: path("session_script"),
    }
}

pub(crate) fn texts(json: &impl Json) -> ComponentTexts {
    let Some(texts) = json.get("texts") else {
        return ComponentTexts::default();
    };
    ComponentTexts::read(&|name| texts.text(name))
}

fn read_user(json: &impl Json) -> Option<UserView> {
    let claims = json.get("claims").map(|claims| claims.members());
    let user = UserView::new(json.text("id")?);
    let mut user = claims
        .into_iter()
        .flatten()
        .fold(user, |user, (name, value)| user.with_claim_json(name, value));
    user.name = json.text("name");
    user.email = json.text("email");
    user.picture = json.text("picture");
    user.organizations = items(json, "organizations").iter().filter_map(organization).collect();
    Some(user)
}

fn organization(json: &impl Json) -> Option<OrganizationView> {
    let mut organization = OrganizationView::new(json.text("id")?);
    organization.name = json.text("name");
    Some(organization)
}

fn items<J: Json>(json: &J, name: &str) -> Vec<J> {
    json.get(name).map(|list| list.items()).unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
mod in_browser {
    use leptos::{
        wasm_bindgen::{JsCast as _, JsValue},
        web_sys::js_sys::{Array, JSON, Object, Reflect},
    };

    use super::Json;

    impl Json for JsValue {
        fn get(&self, name: &str) -> Option<Self> {
            let value = Reflect::get(self, &name.into()).ok()?;
            (!value.is_undefined() && !value.is_null()).then_some(value)
        }

        fn as_text(&self) -> Option<String> {
            self.as_string()
        }

        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "JSON of the server has whole numbers, and `as` saturates"
        )]
        fn as_number(&self) -> Option<u64> {
            self.as_f64().map(|number| number as u64)
        }

        fn items(&self) -> Vec<Self> {
            self.dyn_ref::<Array>().map(Array::to_vec).unwrap_or_default()
        }

        fn members(&self) -> Vec<(String, String)> {
            let Some(object) = self.dyn_ref::<Object>() else {
                return Vec::new();
            };
            let names = Object::keys(object).to_vec();
            let member = |name: JsValue| {
                let value = JSON::stringify(&Reflect::get(self, &name).ok()?).ok()?;
                Some((name.as_string()?, value.into()))
            };
            names.into_iter().filter_map(member).collect()
        }
    }

    /// Parses JSON text.
    pub(crate) fn parse(text: &str) -> Option<JsValue> {
        JSON::parse(text).ok()
    }
}

#[cfg(not(feature = "ssr"))]
pub(crate) use in_browser::parse;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    impl Json for Value {
        fn get(&self, name: &str) -> Option<Self> {
            Self::get(self, name).filter(|value| !value.is_null()).cloned()
        }

        fn as_text(&self) -> Option<String> {
            self.as_str().map(str::to_owned)
        }

        fn as_number(&self) -> Option<u64> {
            self.as_u64()
        }

        fn items(&self) -> Vec<Self> {
            self.as_array().cloned().unwrap_or_default()
        }

        fn members(&self) -> Vec<(String, String)> {
            let members = self.as_object().into_iter().flatten();
            members.map(|(name, value)| (name.clone(), value.to_string())).collect()
        }
    }

    /// Every text differs from the others, so that an exchanged name is noticed.
    fn all_texts() -> ComponentTexts {
        let empty = serde_json::to_value(ComponentTexts::default()).unwrap();
        let named: Value = empty
            .as_object()
            .unwrap()
            .keys()
            .map(|name| (name.clone(), json!(name)))
            .collect();
        serde_json::from_value(named).unwrap()
    }

    #[test]
    fn the_browser_reads_everything_that_the_server_writes() {
        let mut user = UserView::new("u1")
            .with_claim("plan", json!({ "name": "Team", "seats": 5 }))
            .with_claim("beta", true)
            .with_claim("none", None::<u8>);
        user.name = Some("Ada".into());
        user.email = Some("ada@example.com".into());
        user.picture = Some("https://example.com/ada.png".into());
        user.organizations = vec![
            OrganizationView::new("o1"),
            OrganizationView::new("o2").with_name("Acme"),
        ];
        let written = Snapshot {
            state: SessionView::Stale,
            user: Some(user),
            ends_in: Some(3600),
            paths: RoutePaths {
                sign_in: "/app/in".into(),
                sign_out: "/app/out".into(),
                organization: "/app/organization".into(),
                session_script: "/app/session.js".into(),
            },
            active_organization: Some("o2".into()),
            texts: all_texts(),
            problems: vec!["a problem".into()],
        };
        let json = serde_json::to_value(&written).unwrap();
        assert_eq!(snapshot(&json).unwrap(), written);
    }

    #[test]
    fn the_browser_reads_a_page_without_a_user_and_with_default_paths() {
        let written = Snapshot::default();
        let json = serde_json::to_value(&written).unwrap();
        assert!(json.get("paths").is_none() && json.get("user").is_none(), "{json}");
        assert_eq!(snapshot(&json).unwrap(), written);
    }

    #[test]
    fn a_state_of_a_newer_server_is_unknown() {
        assert_eq!(snapshot(&json!({ "state": "from_the_future" })), None);
    }
}
