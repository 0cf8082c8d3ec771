//! What the protected API of this app deals in.

use serde::{Deserialize, Serialize};

/// One product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its number.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Its price in hundredths.
    pub price_cents: u32,
}
