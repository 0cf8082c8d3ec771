// Functions that run in a page, where they are sent as text.

/**
 * Finds the first visible element on a path of roles, each inside the one before, and scrolls to
 * it. A step is a role, or a role and a name. Roles that are not listed are CSS selectors. Returns
 * the element's text and its centre, or null.
 */
export function locate(path) {
  const selectors = {
    button: 'button',
    cell: 'td',
    heading: 'h1, h2, h3, h4, h5, h6',
    link: 'a[href]',
    region: 'section[aria-labelledby]',
    rowheader: 'th[scope=row]',
    textbox: 'input:not([type=hidden]), textarea',
  };
  const words = (text) => text.replace(/\s+/g, ' ').trim();
  const nameOf = (element) => {
    const label = element.getAttribute('aria-label');
    const labels = document.getElementById(element.getAttribute('aria-labelledby')) ?? element.labels?.[0] ?? element;
    return words(label ?? labels.textContent);
  };
  let found = [document];
  for (const step of path) {
    const [role, name] = [step].flat();
    const inside = found.flatMap((parent) => [...parent.querySelectorAll(selectors[role] ?? role)]);
    found = inside.filter(
      (element) => element.checkVisibility({ visibilityProperty: true }) && (!name || nameOf(element) === name),
    );
  }
  const [element] = found;
  if (!element) {
    return null;
  }
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = element.getBoundingClientRect();
  const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
  return { text: words(element.innerText), x, y, isCovered: !element.contains(document.elementFromPoint(x, y)) };
}

/** The text of the page, for an error. */
export function pageText() {
  return document.body.innerText.replace(/\s+/g, ' ').trim();
}
