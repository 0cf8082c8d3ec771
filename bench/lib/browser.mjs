// Measures what a browser loads for a page, and the time until the page responds to a click.

import { createRequire } from 'node:module';
import { brotliCompressSync, constants } from 'node:zlib';
import { median } from './statistics.mjs';
import { isTrial, root } from './variants.mjs';

const { chromium } = createRequire(`${root}/end2end/package.json`)('@playwright/test');
const ISLAND_PAGE = '/resources';
const BUTTON = 'Get access token';
const VISITS = 5;
/**
 * Limit for JavaScript and WebAssembly of the page with an island. A larger build contains code
 * that the page does not need.
 */
const MOST_CODE_BYTES = 115_000;

/**
 * Returns the bytes of the home page and of the page with an island, with their resources, and the
 * milliseconds from the navigation to the island's response. The browser's cache is empty at each
 * visit.
 */
export async function visit(variant) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH || undefined });
  try {
    const home = await weigh(browser, variant, '/');
    const island = await weigh(browser, variant, ISLAND_PAGE);
    if (!isTrial && variant.name.startsWith('ours') && island.code > MOST_CODE_BYTES) {
      throw new Error(`${variant.name}: ${island.code} bytes of code for ${ISLAND_PAGE}, ${MOST_CODE_BYTES} at most`);
    }
    const times = [];
    for (let i = 0; i < VISITS; i += 1) {
      times.push(await answerTime(browser, variant));
    }
    return {
      page_bytes_br: home.total,
      page_bytes_sent: home.sent,
      island_page_bytes_br: island.total,
      island_page_bytes_sent: island.sent,
      island_code_bytes_br: island.code,
      interactive_ms: median(times),
    };
  } finally {
    await browser.close();
  }
}

async function open(browser, variant) {
  const context = await browser.newContext({ baseURL: variant.home });
  const pairs = (variant.headers.cookie ?? '').split('; ').filter(Boolean);
  await context.addCookies(
    pairs.map((pair) => ({
      name: pair.slice(0, pair.indexOf('=')),
      value: pair.slice(pair.indexOf('=') + 1),
      url: variant.home,
    })),
  );
  return { context, page: await context.newPage() };
}

async function weigh(browser, variant, path) {
  const { context, page } = await open(browser, variant);
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  let sent = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => (sent += encodedDataLength));
  const responses = [];
  page.on('response', (response) => responses.push(response));
  await page.goto(path, { waitUntil: 'networkidle' });
  let total = 0;
  let code = 0;
  for (const response of responses) {
    const body = await response.body();
    const bytes = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    total += bytes;
    if (/javascript|wasm/.test(response.headers()['content-type'] ?? '')) {
      code += bytes;
    }
  }
  await context.close();
  return { total, code, sent };
}

/** Clicks repeatedly from the start, until the island responds. */
async function answerTime(browser, variant) {
  const { context, page } = await open(browser, variant);
  await page.addInitScript((label) => {
    // Before hydration, the form would navigate away.
    window.addEventListener('submit', (event) => event.preventDefault());
    const clicks = setInterval(() => {
      const button = [...document.querySelectorAll('button')].find(
        (candidate) => candidate.textContent.trim() === label,
      );
      const outcome = button?.closest(':has(.outcome)').querySelector('.outcome');
      if (!outcome) {
        return;
      }
      const look = () => {
        if (outcome.querySelector('.skeleton, .token, .note')) {
          clearInterval(clicks);
          window.answeredAfter ??= performance.now();
        }
      };
      window.observer ??= new MutationObserver(look);
      window.observer.observe(outcome, { subtree: true, childList: true, attributes: true });
      button.click();
    }, 10);
  }, BUTTON);
  await page.goto(ISLAND_PAGE);
  const time = await page.waitForFunction(() => window.answeredAfter, undefined, { timeout: 20_000 });
  const milliseconds = await time.jsonValue();
  await context.close();
  return milliseconds;
}
