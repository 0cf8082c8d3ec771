// Runs in every page of the app, before its scripts, and is sent there as text.

/** Reports the errors of the page to the observer at `address`. */
export function reportErrors(address) {
  // The browser ends the requests of a page that it leaves.
  let isLeaving = false;
  addEventListener('beforeunload', () => (isLeaving = true));
  addEventListener('pageshow', () => (isLeaving = false));
  const report = (text) => isLeaving || navigator.sendBeacon(address, `${text} (${location.pathname})`);
  for (const level of ['error', 'warn']) {
    const original = console[level];
    console[level] = (...values) => {
      report(`console.${level}: ${values.join(' ')}`);
      original.apply(console, values);
    };
  }
  addEventListener(
    'error',
    ({ message, target }) => report(target === window ? `uncaught: ${message}` : `not loaded: ${target.outerHTML}`),
    true,
  );
  addEventListener('unhandledrejection', ({ reason }) => report(`unhandled rejection: ${reason}`));
}
