// Reloads pages of a session that has ended: in other tabs after a sign-out, and after the Back
// button.
(() => {
  const root = document.documentElement;
  const state = () => document.querySelector('[data-logto-session]')?.dataset.logtoSession;
  const initialState = state();
  // The server knows the state of the session.
  const reload = (known) => {
    if (known !== 'signed-in') {
      return;
    }
    root.hidden = true;
    // If the browser asks whether to leave the page, the user has to see it, and may stay.
    const show = (event) => (event.defaultPrevented || event.returnValue) && (root.hidden = false);
    addEventListener('beforeunload', show, { once: true });
    location.reload();
  };
  // The page was restored from the back/forward cache, which may ignore Cache-Control.
  addEventListener('pageshow', (event) => event.persisted && reload(initialState));
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', () => reload(state()));
  const notify = () => channel.postMessage('signed-out');
  // Sent by the components of logto-leptos if the session ends without loading a page.
  addEventListener('logto-signed-out', notify);
  if (initialState === 'signed-out') {
    notify();
  }
})();
