//! Lists, page by page.

use std::marker::PhantomData;

use http::Method;
use serde::de::DeserializeOwned;

use super::client::{Call, ManagementClient, parse};
use crate::error::ManagementError;

/// The largest page that Logto returns.
const MAX_PAGE_SIZE: u32 = 100;
const MAX_PAGES: u32 = 1000;

/// The pages of a list, read one after another.
///
/// The end follows from the header `Total-Number`. Logto's `Link` header is not used, because its URLs
/// lack `/api`. A list without the header is complete on one page.
#[derive(Debug)]
#[must_use = "no page is read until `next` is called"]
pub struct Pages<T> {
    management: ManagementClient,
    path: Vec<String>,
    query: Vec<(String, String)>,
    page_size: u32,
    /// How many pages may be read.
    limit: u32,
    /// The number of the last page that was read.
    page: u32,
    seen: u64,
    total: Option<u64>,
    is_complete: bool,
    item: PhantomData<fn() -> T>,
}

impl ManagementClient {
    /// Returns the pages of the list at a path below `/api`. Sends no request.
    pub fn pages<T: DeserializeOwned>(&self, path: &[&str]) -> Pages<T> {
        Pages {
            management: self.clone(),
            path: path.iter().map(|&part| part.to_owned()).collect(),
            query: Vec::new(),
            page_size: MAX_PAGE_SIZE,
            limit: MAX_PAGES,
            page: 0,
            seen: 0,
            total: None,
            is_complete: false,
            item: PhantomData,
        }
    }
}

impl<T: DeserializeOwned> Pages<T> {
    /// Adds a parameter of the query, such as a filter.
    pub fn with_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sets the number of items on a page, 1 to 100. 100 by default.
    pub fn with_page_size(mut self, size: u32) -> Self {
        self.page_size = size.clamp(1, MAX_PAGE_SIZE);
        self
    }

    /// Sets how many pages may be read. 1000 by default.
    pub fn with_max_pages(mut self, pages: u32) -> Self {
        self.limit = pages;
        self
    }

    /// The number of items in the whole list, after the first page was read.
    #[must_use]
    pub const fn total(&self) -> Option<u64> {
        self.total
    }

    /// Reads the next page. `None` after the last one. After an error, the same page is read again.
    ///
    /// # Errors
    ///
    /// [`ManagementError::TooManyPages`] beyond the limit, and those of [`ManagementClient::get`].
    pub async fn next(&mut self) -> Result<Option<Vec<T>>, ManagementError> {
        if self.is_complete {
            return Ok(None);
        }
        if self.page >= self.limit {
            return Err(ManagementError::TooManyPages(self.limit));
        }
        let page = self.page + 1;
        let mut query = self.query.clone();
        query.push(("page".to_owned(), page.to_string()));
        query.push(("page_size".to_owned(), self.page_size.to_string()));
        let path: Vec<_> = self.path.iter().map(String::as_str).collect();
        let call = Call::new(Method::GET, &path).with_query(query);
        let response = self.management.send(&call).await?;
        let items: Vec<T> = parse(&response)?;
        let total = response.headers().get("total-number");
        self.total = total.and_then(|value| value.to_str().ok()?.trim().parse().ok());
        self.page = page;
        self.seen += items.len() as u64;
        self.is_complete = items.is_empty() || self.total.is_none_or(|total| self.seen >= total);
        Ok((!items.is_empty()).then_some(items))
    }

    /// Reads all further pages.
    ///
    /// # Errors
    ///
    /// The same as [`Pages::next`].
    pub async fn all(mut self) -> Result<Vec<T>, ManagementError> {
        let mut items = Vec::new();
        while let Some(page) = self.next().await? {
            items.extend(page);
        }
        Ok(items)
    }
}
