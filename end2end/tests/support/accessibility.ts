import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** Fails if axe finds a violation on the page. `state` names what is seen, for the message. */
export async function expectAccessible(page: Page, state: string, { except = [] as string[] } = {}): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).disableRules(except).analyze();
  const problems = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`),
  );
  expect(problems, state).toEqual([]);
}
