//! Sends complete pages in one write.
//!
//! The body of a Leptos page is a stream of chunks, even with `SsrMode::Async`, where all chunks
//! are ready at once. Joined, they are sent in one write and with a `Content-Length`. A page that
//! streams is not delayed: its first chunks are sent as soon as the next one is not ready.

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use http::header;

/// Most pages are no longer, in bytes.
const TYPICAL_PAGE: usize = 16 * 1024;

pub(super) fn one_write(response: Response) -> Response {
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page {
        response.map(join_ready_chunks)
    } else {
        response
    }
}

/// Joins the chunks that are ready. The others follow as they come.
fn join_ready_chunks(body: Body) -> Body {
    let mut chunks = body.into_data_stream();
    let mut ready = Vec::with_capacity(TYPICAL_PAGE);
    loop {
        match chunks.next().now_or_never() {
            Some(Some(Ok(chunk))) => ready.extend_from_slice(&chunk),
            Some(None) => return Body::from(ready),
            Some(Some(Err(error))) => return Body::from_stream(stream::iter([Ok(Bytes::from(ready)), Err(error)])),
            None => return Body::from_stream(stream::iter([Ok(Bytes::from(ready))]).chain(chunks)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::HttpBody as _;
    use tokio::sync::oneshot;

    use super::*;

    fn chunks(chunks: &[&'static str]) -> Vec<Result<Bytes, Infallible>> {
        chunks
            .iter()
            .map(|chunk| Ok(Bytes::from_static(chunk.as_bytes())))
            .collect()
    }

    #[tokio::test]
    async fn a_complete_page_has_a_length() {
        let body = join_ready_chunks(Body::from_stream(stream::iter(chunks(&["<html>", "…", "</html>"]))));
        assert_eq!(body.size_hint().exact(), Some(16));
        let all: Vec<_> = body.into_data_stream().collect().await;
        assert_eq!(all.len(), 1);
    }

    #[tokio::test]
    async fn a_page_that_streams_is_not_delayed() {
        let (finish, finished) = oneshot::channel::<()>();
        let late = finished.map(|_| Ok(Bytes::from_static(b"late")));
        let page = stream::iter(chunks(&["<html>", "early"])).chain(stream::once(late));
        let mut body = join_ready_chunks(Body::from_stream(page)).into_data_stream();
        assert_eq!(body.next().await.unwrap().unwrap(), "<html>early");
        assert!(body.next().now_or_never().is_none());
        finish.send(()).unwrap();
        assert_eq!(body.next().await.unwrap().unwrap(), "late");
        assert!(body.next().await.is_none());
    }
}
