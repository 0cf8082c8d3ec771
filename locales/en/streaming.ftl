# The page “Streaming”

streaming-heading = Streaming
streaming-about =
    The other pages are sent when they are complete. This page streams: the browser shows its beginning at once,
    and the slow part follows in its place.

streaming-first = Send the page before its data is known
streaming-first-route-html =
    The route chooses how a page is sent. With <code>SsrMode::InOrder</code>, the server sends the page from top to
    bottom, and waits only where data is missing. This needs no JavaScript.
streaming-first-resource-html =
    The resource is a plain <code>Resource</code>. <code>Resource::new_blocking</code> would hold back the whole
    page.
streaming-late = A token that comes late
streaming-late-sent = The text above was on its way to the browser before this token was requested:
streaming-saved = Why the token is saved later
streaming-saved-why =
    The session is in a cookie, and cookies are set in the head of a response. When this token is refreshed, the
    head has been sent. It is too late for a cookie.
streaming-saved-how =
    The server keeps the refreshed token for an hour. The next response to the same browser saves it, so that no
    refresh is lost. If the server restarts in between, the next page refreshes the token again.
streaming-tip-html =
    With a session store, such as Redis, the token is saved at once, because the cookie has only the id of the
    session. With cookies, choose <code>SsrMode::Async</code> or a blocking resource for a page that needs a token
    anyway.
streaming-read-resources = API resources
