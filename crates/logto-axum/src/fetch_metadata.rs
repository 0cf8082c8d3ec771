//! Headers by which browsers tell what caused a request: Fetch Metadata, and the forerunners of `Sec-Purpose`.

use http::HeaderName;

pub(crate) static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
pub(crate) static SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
pub(crate) static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
pub(crate) static SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
pub(crate) static PURPOSE: HeaderName = HeaderName::from_static("purpose");
pub(crate) static X_MOZ: HeaderName = HeaderName::from_static("x-moz");
