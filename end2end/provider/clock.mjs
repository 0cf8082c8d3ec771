// Lets a test move time instead of waiting. oidc-provider reads `Date.now`, so that is what moves,
// for this process only.

const realNow = Date.now;
let offset = 0;

/** Moves the clock forward by a number of seconds. */
export function advance(seconds) {
  offset += seconds * 1000;
  Date.now = () => realNow() + offset;
}

/** Back to the real time. */
export function resetClock() {
  offset = 0;
  Date.now = realNow;
}
