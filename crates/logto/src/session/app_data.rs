//! Data of the app in a session.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Data of the app in a session, such as the id of the user in the app's own database.
///
/// It is JSON of at most [`AppData::MAX_BYTES`] bytes, because a session in cookies has little
/// space. JSON `null` counts as no data.
///
/// ```
/// use logto::session::AppData;
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Account {
///     id: u64,
/// }
///
/// let data = AppData::new(&Account { id: 7 })?;
/// assert_eq!(data.read::<Account>().unwrap().id, 7);
/// assert!(AppData::new(&"x".repeat(600)).is_err());
/// # Ok::<(), logto::session::AppDataError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AppData(pub(super) Value);

impl AppData {
    /// The size limit in bytes of JSON.
    pub const MAX_BYTES: usize = 512;

    /// Serializes the data.
    ///
    /// # Errors
    ///
    /// [`AppDataError::TooLarge`] if the JSON is longer than [`AppData::MAX_BYTES`],
    /// [`AppDataError::NotJson`] if the data cannot be represented as JSON.
    pub fn new<T: Serialize + ?Sized>(data: &T) -> Result<Self, AppDataError> {
        let value = serde_json::to_value(data).map_err(|_| AppDataError::NotJson)?;
        match value.to_string().len() {
            0..=Self::MAX_BYTES => Ok(Self(value)),
            bytes => Err(AppDataError::TooLarge { bytes }),
        }
    }

    /// Deserializes the data. `None` if it does not fit the type.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&self.0).ok()
    }
}

/// Hides the data, which may be personal.
impl fmt::Debug for AppData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppData([redacted])")
    }
}

/// App data was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AppDataError {
    /// The data is too large for a session.
    #[error(
        "the app data takes {bytes} bytes of JSON, and a session has room for {max}; keep an id in the session and \
         the rest in a database",
        max = AppData::MAX_BYTES
    )]
    TooLarge {
        /// The size of the data.
        bytes: usize,
    },
    /// The data cannot be represented as JSON.
    #[error("the app data cannot be represented as JSON; the keys of its maps have to be strings, for example")]
    NotJson,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn app_data_may_have_512_bytes_of_json() {
        // Two bytes are quotation marks.
        assert!(AppData::new(&"x".repeat(510)).is_ok());
        let error = AppData::new(&"x".repeat(511)).unwrap_err();
        assert_eq!(error, AppDataError::TooLarge { bytes: 513 });
        assert!(
            error
                .to_string()
                .contains("513 bytes of JSON, and a session has room for 512")
        );
    }

    #[test]
    fn data_that_is_not_json_is_rejected() {
        let data = BTreeMap::from([((1, 2), 3)]);
        assert_eq!(AppData::new(&data), Err(AppDataError::NotJson));
    }

    #[test]
    fn data_of_another_type_is_not_read() {
        assert_eq!(AppData::new(&7).unwrap().read::<String>(), None);
    }

    #[test]
    fn the_debug_output_hides_the_data() {
        let debug = format!("{:?}", AppData::new("s3cret").unwrap());
        assert!(!debug.contains("s3cret"), "{debug}");
    }
}
