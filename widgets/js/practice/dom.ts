/** Elements in one call: tag, attributes, children. */

type Attribute = string | number | boolean | null | undefined | ((event: Event) => void);
export type Child = Node | string | null | undefined | false;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((child): child is Node | string => !!child));
  return element;
}

/** An element holding HTML that the server has sanitised (`ustaz_courses.richtext`). */
export function rich(html: string, className: string): HTMLDivElement {
  const element = h('div', { class: `u-rich ${className}` });
  element.innerHTML = html;
  for (const wide of element.querySelectorAll('table, pre')) {
    // What scrolls must be reachable by keyboard.
    const frame = h('div', { class: 'u-scroll', tabindex: 0 });
    wide.replaceWith(frame);
    frame.append(wide);
  }
  return element;
}

let counter = 0;
export function freshId(): string {
  counter += 1;
  return `ustaz-${counter}`;
}

/** The text with `{name}` places filled. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
