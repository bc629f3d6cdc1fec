/**
 * The element of index.html with an id.
 * @param type the class that it has, such as `HTMLInputElement`
 */
export function element<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`index.html has no ${type.name} with the id ${id}`);
}

/** Writes a text into an element; leaves the page alone where nothing changes, so that screen readers stay silent. */
export function show(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
