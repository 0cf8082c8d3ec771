/**
 * Marks the forms whose `submit` a script of the page handles. It has to run before the scripts of
 * the page, and is sent there as text.
 */
export function markHandledForms() {
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (
    /** @type {string} */ type,
    /** @type {unknown[]} */ ...rest
  ) {
    if (type === 'submit' && this instanceof HTMLFormElement) {
      this.setAttribute('data-handled', '');
    }
    return Reflect.apply(add, this, [type, ...rest]);
  };
}
