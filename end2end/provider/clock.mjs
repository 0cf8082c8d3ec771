// Lets a test advance the clock instead of waiting: replaces `Date.now`, which oidc-provider reads,
// in this process.

const realNow = Date.now;
let offset = 0;

/** Moves the clock forward by a number of seconds. */
export function advance(seconds) {
  offset += seconds * 1000;
  Date.now = () => realNow() + offset;
}

/** Returns to the real time. */
export function resetClock() {
  offset = 0;
  Date.now = realNow;
}
