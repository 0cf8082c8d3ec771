// The code panes: they fold, their code can be copied, and no text is cut off.

import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { paths } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

const narrow = { width: 390, height: 844 };
const wide = { width: 1280, height: 900 };

const panes = (page: Page): Locator => page.locator('.pane');
const code = (pane: Locator): Locator => pane.locator('pre');
const withoutIndentation = (text: string): string => text.trim().replace(/^ +/gm, '');
const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** The other samples whose items a sample uses. */
function usedBy(file: string): string[] {
  const paths = [...read(file).matchAll(/\bsuper::(\{[^}]*\}|\w+)/g)].map(([, path]) => path!);
  const names = paths.flatMap((path) => [...path.matchAll(/(?:^\{?|,)\s*([a-z_]\w*)/g)].map(([, name]) => name!));
  return names.map((name) => `src/samples/${name}.rs`);
}

test.describe('on a wide screen', () => {
  test.use({ viewport: wide });

  test('the code is visible, and its button copies the source', async ({ app, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await app.open('/');
    await expect(code(panes(page).first())).toBeVisible();
    for (const pane of await panes(page).all()) {
      if (await code(pane).isHidden()) {
        await pane.locator('summary').click();
      }
      const file = (await pane.locator('summary').textContent())!.trim();
      const button = pane.getByRole('button', { name: `Copy ${file}`, exact: true });
      await button.click();
      await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toHaveText(`Copied ${file}`);
      await expect(pane.getByRole('button', { name: `Copied ${file}` })).toBeFocused();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      const source = read(file);
      // A part of a file has less indentation than in the file.
      expect(withoutIndentation(source)).toContain(withoutIndentation(copied));
    }
  });

  test('a page shows all samples that its samples use', async ({ app, page }) => {
    expect(usedBy('src/samples/call_api.rs')).toEqual(['src/samples/api.rs', 'src/samples/api_error.rs']);
    for (const path of paths) {
      await app.open(path);
      const shown = (await panes(page).locator('summary').allTextContents()).map((file) => file.trim());
      const samples = shown.filter((file) => file.startsWith('src/samples/'));
      expect(shown, path).toEqual(expect.arrayContaining(samples.flatMap(usedBy)));
    }
  });

  test('the selected code is the source too', async ({ app, page }) => {
    await app.open('/');
    const selected = await code(panes(page).first()).evaluate((pre) => {
      getSelection()!.selectAllChildren(pre);
      return { selection: getSelection()!.toString(), text: pre.textContent ?? '' };
    });
    expect(selected.selection.trimEnd()).toBe(selected.text.trimEnd());
  });

  test('a pane can be folded, and the script moves nothing', async ({ app, page }) => {
    await page.addInitScript(() => {
      const shifts = ((window as unknown as { shifts: number[] }).shifts = []) as number[];
      new PerformanceObserver((list) =>
        list.getEntries().forEach((entry) => shifts.push((entry as PerformanceEntry & { value: number }).value)),
      ).observe({ type: 'layout-shift', buffered: true });
    });
    for (const viewport of [wide, narrow]) {
      await page.setViewportSize(viewport);
      await app.open('/');
      await page.waitForLoadState('networkidle');
      const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
      expect(shifts, `${viewport.width}`).toEqual([]);
    }
    await page.setViewportSize(wide);
    const pane = panes(page).first();
    await expect(code(pane)).toBeVisible();
    await pane.locator('summary').click();
    await expect(code(pane)).toBeHidden();
  });

  test('supporting files start folded', async ({ app, page }) => {
    await app.open('/protect');
    const pane = page.getByRole('figure', { name: 'src/samples/error_note.rs' });
    await expect(code(panes(page).first())).toBeVisible();
    await expect(code(pane)).toBeHidden();
    await pane.locator('summary').click();
    await expect(code(pane)).toBeVisible();
  });

  for (const signedIn of [false, true]) {
    const who = signedIn ? 'signed in' : 'signed out';

    test(`the list “On this page” has the headings of the page, ${who}`, async ({ app, page }) => {
      test.slow();
      if (signedIn) {
        await app.open('/');
        await app.signIn('ada');
      }
      for (const path of paths) {
        await app.open(path);
        const headings = await app.main.locator('.section > h2').allTextContents();
        expect(headings.length, path).toBeGreaterThan(0);
        const list = page.getByRole('navigation', { name: 'On this page' });
        const links = list.getByRole('link');
        expect(await links.allTextContents(), path).toEqual(headings.length > 1 ? headings : []);
        for (const link of await links.all()) {
          const name = (await link.textContent())!;
          await link.click();
          await expect(app.main.getByRole('heading', { level: 2, name, exact: true }), path).toBeInViewport();
        }
      }
    });
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: narrow });

  test('the code unfolds with the keyboard', async ({ app, page }) => {
    await app.open('/');
    const pane = panes(page).first();
    await expect(code(pane)).toBeHidden();
    await pane.locator('summary').focus();
    await page.keyboard.press('Enter');
    await expect(code(pane)).toBeVisible();
    await page.keyboard.press('Tab');
    await expect(pane.getByRole('button', { name: /^Copy / })).toBeFocused();
  });

  test('a code pane opens when the screen becomes wide', async ({ app, page }) => {
    await app.open('/');
    await expect(code(panes(page).first())).toBeHidden();
    await page.setViewportSize(wide);
    await expect(code(panes(page).first())).toBeVisible();
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the code can be read', async ({ app, page }) => {
    await page.setViewportSize(wide);
    await app.open('/');
    await expect(code(panes(page).first())).toBeVisible();
    await expect(page.getByRole('button', { name: /^Copy / })).toHaveCount(0);
    await app.open('/protect');
    await expect(code(page.getByRole('figure', { name: 'src/samples/error_note.rs' }))).toBeHidden();
    await app.open('/');
    await page.setViewportSize(narrow);
    await expect(code(panes(page).first())).toBeHidden();
    await panes(page).first().locator('summary').click();
    await expect(code(panes(page).first())).toBeVisible();
  });
});

/** The texts that are cut off, or wider than their column. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    document.querySelectorAll('details').forEach((pane) => (pane.open = true));
    const texts = document.querySelectorAll(
      ':is(header, main, footer) :is(p, li, td, th, dt, dd, h1, h2, h3, h4, a, button, pre, .line, summary, code, span)',
    );
    const found = [...texts].filter((element) => {
      const { overflowX } = getComputedStyle(element);
      const isCut =
        element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1 && overflowX !== 'visible';
      const column = element.closest('.live, .panes')?.getBoundingClientRect().right ?? innerWidth;
      return isCut || element.getBoundingClientRect().right > column + 1;
    });
    return found.map((element) => element.textContent?.slice(0, 80) ?? '');
  });

for (const language of ['English', 'Français'] as const) {
  for (const signedIn of [false, true]) {
    const who = signedIn ? 'signed in' : 'signed out';

    test(`no text is cut off at 390 or 1280 px, ${who}, ${language}`, async ({ app, page }) => {
      test.slow();
      await app.open('/');
      if (signedIn) {
        await app.signIn('ada');
      }
      await app.switchLanguage(language);
      for (const path of paths) {
        await app.open(path);
        await expect(app.heading).toBeVisible();
        for (const viewport of [narrow, wide]) {
          await page.setViewportSize(viewport);
          expect(await tooWide(page), `${path} at ${viewport.width}`).toEqual([]);
        }
      }
    });
  }
}
