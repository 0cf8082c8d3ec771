// Reloads pages of an ended session: in the other tabs after a sign-out, and when the Back button
// restores a page.
(() => {
  const root = document.documentElement;
  const state = () => document.querySelector('[data-logto-session]')?.dataset.logtoSession;
  const initialState = state();
  // Only the server knows whether the session still exists, so the page is loaded again.
  const reloadIf = (known) => {
    if (known !== 'signed-in') {
      return;
    }
    root.hidden = true;
    // If the browser asks whether to leave, the page must be visible, because the user may stay.
    const show = (event) => (event.defaultPrevented || event.returnValue) && (root.hidden = false);
    addEventListener('beforeunload', show, { once: true });
    location.reload();
  };
  // A page from the back/forward cache, which can ignore `no-store`.
  addEventListener('pageshow', (event) => event.persisted && reloadIf(initialState));
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', () => reloadIf(state()));
  const announce = () => channel.postMessage('signed-out');
  // Sent by logto-leptos in a page that notices the sign-out without a reload.
  addEventListener('logto-signed-out', announce);
  if (initialState === 'signed-out') {
    announce();
  }
})();
