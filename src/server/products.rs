//! The products of the demo API.

use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use crate::samples::products::Product;

/// Limits what the demo keeps in memory.
const MAX_PRODUCTS: usize = 100;

/// In characters.
const MAX_NAME_LENGTH: usize = 60;

/// A product to add.
#[derive(Deserialize)]
pub(crate) struct NewProduct {
    name: String,
    #[serde(default)]
    price_cents: u32,
}

/// All products, in memory: they are lost when the process ends.
#[derive(Debug)]
pub(crate) struct Products(Mutex<Vec<Product>>);

impl Default for Products {
    fn default() -> Self {
        let product = |id, name: &str, price_cents| Product {
            id,
            name: name.to_owned(),
            price_cents,
        };
        Self(Mutex::new(vec![
            product(1, "Tea", 450),
            product(2, "Teapot", 3_900),
            product(3, "Cup", 1_200),
        ]))
    }
}

impl Products {
    pub(crate) fn list(&self) -> Vec<Product> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds a product.
    ///
    /// # Errors
    ///
    /// A code: `name_invalid` or `products_full`.
    pub(crate) fn add(&self, new: &NewProduct) -> Result<Product, &'static str> {
        let name = new.name.trim().to_owned();
        let mut products = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if name.is_empty() || name.chars().count() > MAX_NAME_LENGTH {
            return Err("name_invalid");
        }
        if products.len() >= MAX_PRODUCTS {
            return Err("products_full");
        }
        let id = products.iter().map(|product| product.id).max().unwrap_or_default() + 1;
        let product = Product {
            id,
            name,
            price_cents: new.price_cents,
        };
        products.push(product.clone());
        Ok(product)
    }
}
