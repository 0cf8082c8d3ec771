// A sign-out in one tab reaches the others, and the Back button shows no page of a session that has
// ended.
(() => {
  const root = document.documentElement;
  const state = () => document.querySelector('[data-logto-session]')?.dataset.logtoSession;
  const begunAs = state();
  // The server knows how the session stands.
  const askAgain = (known) => {
    if (known !== 'signed-in') {
      return;
    }
    root.hidden = true;
    // The browser now asks the user whether to leave: the user must see what, and may stay.
    const show = (event) => (event.defaultPrevented || event.returnValue) && (root.hidden = false);
    addEventListener('beforeunload', show, { once: true });
    location.reload();
  };
  // A page that the browser has kept as it was, whatever Cache-Control says.
  addEventListener('pageshow', (event) => event.persisted && askAgain(begunAs));
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', () => askAgain(state()));
  const tell = () => channel.postMessage('signed-out');
  // A page that learns it without being loaded: see the components of logto-leptos.
  addEventListener('logto-signed-out', tell);
  if (begunAs === 'signed-out') {
    tell();
  }
})();
