/** Bars of mastery: the band is what the answers so far allow, the mark is the best guess. */

import { h } from './dom';
import type { MasteryBar } from './types';

export class MasteryList {
  readonly element: HTMLElement;
  private readonly heading = h('h2', { id: 'ustaz-mastery' });
  private readonly help = h('p', { class: 'u-help' });
  private readonly list = h('ul', { class: 'u-mastery' });
  private readonly rows = new Map<string, HTMLLIElement>();

  constructor() {
    this.element = h(
      'section',
      { class: 'u-panel u-mastery-panel', 'aria-labelledby': 'ustaz-mastery' },
      this.heading,
      this.help,
      this.list
    );
  }

  update(bars: MasteryBar[], strings: Record<string, string>): void {
    this.heading.textContent = strings.mastery ?? '';
    this.help.textContent = (bars.length ? strings.masteryHelp : strings.masteryEmpty) ?? '';
    for (const [skill, row] of this.rows) {
      if (!bars.some(bar => bar.skill === skill)) {
        row.remove();
        this.rows.delete(skill);
      }
    }
    // A row stays the same element, so that its bar moves instead of jumping.
    bars.forEach((bar, index) => {
      const row = this.rows.get(bar.skill) ?? makeRow();
      this.rows.set(bar.skill, row);
      if (this.list.children[index] !== row) {
        this.list.insertBefore(row, this.list.children[index] ?? null);
      }
      fillRow(row, bar);
    });
  }
}

function makeRow(): HTMLLIElement {
  return h(
    'li',
    {},
    h('span', { class: 'u-mastery-title' }),
    h('span', { class: 'u-mastery-change' }),
    h(
      'span',
      { class: 'u-track', 'aria-hidden': 'true' },
      h('span', { class: 'u-band' }),
      h('span', { class: 'u-mark' })
    ),
    h('span', { class: 'u-mastery-text' })
  );
}

function fillRow(row: HTMLLIElement, bar: MasteryBar): void {
  const part = (name: string): HTMLElement => row.querySelector<HTMLElement>(`.u-${name}`) ?? row;
  part('mastery-title').textContent = bar.title;
  part('mastery-text').textContent = bar.text;
  part('mastery-change').textContent = bar.change;
  part('band').style.left = `${bar.low}%`;
  part('band').style.width = `${bar.high - bar.low}%`;
  part('mark').style.left = `${bar.estimate}%`;
}
