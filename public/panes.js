// The code panes and the lines to copy: copies their code, and lets panes fold on every screen.
(() => {
  const panes = [...document.querySelectorAll('.pane:not(.supporting)')];
  const status = document.getElementById('pane-status');
  const wide = matchMedia('(width >= 1100px)');

  function fold() {
    for (const pane of panes) {
      pane.querySelector('details').open = wide.matches;
      // From here on, the stylesheet leaves the pane alone.
      pane.dataset.ready = '';
    }
  }

  async function copy(code, text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed: the user can copy the selection.
      getSelection().selectAllChildren(code);
      return;
    }
    const label = button.firstChild;
    const before = (button.dataset.label ??= label.data);
    label.data = status.dataset.copied;
    status.textContent = button.textContent;
    setTimeout(() => {
      label.data = before;
      status.textContent = '';
    }, 2000);
  }

  fold();
  wide.addEventListener('change', fold);
  for (const button of navigator.clipboard ? document.querySelectorAll('.copy') : []) {
    // `data-copy` has the text of a line. A pane has its code in a `pre`.
    const { copy: line } = button.dataset;
    const code = button.parentElement.querySelector(line ? 'code' : 'pre');
    button.addEventListener('click', () => copy(code, line ?? code.textContent, button));
    button.hidden = false;
  }
})();
