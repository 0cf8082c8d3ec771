// The code panes: copies their code, and lets them fold and unfold on every screen.
(() => {
  const panes = [...document.querySelectorAll('.pane')];
  const status = document.getElementById('pane-status');
  const wide = matchMedia('(width >= 1100px)');

  function fold() {
    for (const pane of panes) {
      pane.querySelector('details').open = wide.matches;
      // From here on, the stylesheet leaves the pane alone.
      pane.dataset.ready = '';
    }
  }

  async function copy(pane, button) {
    const code = pane.querySelector('pre');
    try {
      await navigator.clipboard.writeText(code.textContent);
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
  for (const pane of navigator.clipboard ? panes : []) {
    const button = pane.querySelector('.copy');
    button.addEventListener('click', () => copy(pane, button));
    button.hidden = false;
  }
})();
