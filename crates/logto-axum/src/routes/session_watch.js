// A sign-out in one tab reaches the others, and the Back button shows no page of a session that has ended.
(() => {
  const state = () => document.querySelector('[data-logto-session]')?.dataset.logtoSession;
  // The server knows how the session stands.
  const askAgain = () => {
    if (state() === 'signed-in') {
      document.documentElement.hidden = true;
      location.reload();
    }
  };
  // A page that the browser has kept as it was, whatever Cache-Control says.
  addEventListener('pageshow', (event) => event.persisted && askAgain());
  const channel = new BroadcastChannel('logto-session');
  channel.addEventListener('message', askAgain);
  if (state() === 'signed-out') {
    channel.postMessage('signed-out');
  }
})();
