// Elements in a single line. Text is always set as text: the browser never reads the app's figures as HTML.

type Attributes = Readonly<Record<string, string>>;

export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Writes changed text only, so that the browser does not lay the page out anew for nothing. */
export function setText(of: HTMLElement, text: string): void {
  if (of.textContent !== text) of.textContent = text;
}

export function setState(of: HTMLElement, state: string): void {
  if (of.dataset['state'] !== state) of.dataset['state'] = state;
}
