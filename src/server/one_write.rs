//! Pages in one write.
//!
//! Leptos hands every page out in pieces, those of `SsrMode::Async` too, which are complete before
//! their first byte. Put together they go out in one write and with a length. A page that streams
//! is not held up: its beginning goes out as soon as it waits for more.

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use http::header;

/// Bytes of most pages, at most.
const USUAL_PAGE: usize = 16 * 1024;

pub(super) fn one_write(response: Response) -> Response {
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page { response.map(put_together) } else { response }
}

/// What is there already, in one piece; then the rest as it comes.
fn put_together(body: Body) -> Body {
    let mut pieces = body.into_data_stream();
    let mut ready = Vec::with_capacity(USUAL_PAGE);
    loop {
        match pieces.next().now_or_never() {
            Some(Some(Ok(piece))) => ready.extend_from_slice(&piece),
            Some(None) => return Body::from(ready),
            Some(Some(Err(error))) => return Body::from_stream(stream::iter([Ok(Bytes::from(ready)), Err(error)])),
            None => return Body::from_stream(stream::iter([Ok(Bytes::from(ready))]).chain(pieces)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::HttpBody as _;
    use tokio::sync::oneshot;

    use super::*;

    fn pieces(pieces: &[&'static str]) -> Vec<Result<Bytes, Infallible>> {
        pieces
            .iter()
            .map(|piece| Ok(Bytes::from_static(piece.as_bytes())))
            .collect()
    }

    #[tokio::test]
    async fn a_page_that_is_complete_has_a_length() {
        let body = put_together(Body::from_stream(stream::iter(pieces(&["<html>", "…", "</html>"]))));
        assert_eq!(body.size_hint().exact(), Some(16));
        let all: Vec<_> = body.into_data_stream().collect().await;
        assert_eq!(all.len(), 1);
    }

    #[tokio::test]
    async fn a_page_that_streams_is_not_held_up() {
        let (finish, finished) = oneshot::channel::<()>();
        let late = finished.map(|_| Ok(Bytes::from_static(b"late")));
        let page = stream::iter(pieces(&["<html>", "early"])).chain(stream::once(late));
        let mut body = put_together(Body::from_stream(page)).into_data_stream();
        assert_eq!(body.next().await.unwrap().unwrap(), "<html>early");
        assert!(body.next().now_or_never().is_none());
        finish.send(()).unwrap();
        assert_eq!(body.next().await.unwrap().unwrap(), "late");
        assert!(body.next().await.is_none());
    }
}
