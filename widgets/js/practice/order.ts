/** Putting lines in order with buttons: what the hand does by dragging, the keyboard does as well. */

import { fill, freshId, h, rich } from './dom';
import type { Field, FieldContext } from './fields';
import type { AnswerField, Option } from './types';

type Move = 'up' | 'down' | 'add' | 'remove';

export function orderField(field: AnswerField, context: FieldContext): Field {
  const { strings } = context;
  const byLabel = new Map(field.options.map(option => [option.label, option]));
  let chosen = (Array.isArray(context.before) ? context.before : []).filter(label =>
    byLabel.has(label)
  );
  let locked = false;
  const id = freshId();
  const rest = h('ul', { class: 'u-lines', 'aria-labelledby': `${id}-rest` });
  const answer = h('ol', { class: 'u-lines', 'aria-labelledby': `${id}-answer` });
  const empty = h('p', { class: 'u-help u-empty' }, strings.orderEmpty ?? '');

  function row(option: Option, moves: Move[]): HTMLLIElement {
    const text = rich(option.html, field.code ? 'u-line-code' : 'u-line-text');
    const plain = (text.textContent ?? '').trim();
    const buttons = moves.map(move =>
      h(
        'button',
        {
          type: 'button',
          class: 'u-move',
          'data-move': move,
          'aria-label': fill(strings[move] ?? '{line}', { line: plain }),
          title: fill(strings[move] ?? '', { line: plain }),
          click: () => apply(option, move)
        },
        { up: '↑', down: '↓', add: '+', remove: '×' }[move]
      )
    );
    return h(
      'li',
      { 'data-label': option.label },
      text,
      h('span', { class: 'u-moves' }, ...buttons)
    );
  }

  function apply(option: Option, move: Move): void {
    if (locked) {
      return;
    }
    const place = chosen.indexOf(option.label);
    if (move === 'add') {
      chosen = [...chosen, option.label];
    } else if (move === 'remove') {
      chosen = chosen.filter(label => label !== option.label);
    } else {
      const target = move === 'up' ? place - 1 : place + 1;
      const other = chosen[target];
      if (other === undefined) {
        return;
      }
      chosen = chosen.map((label, index) =>
        index === target ? option.label : index === place ? other : label
      );
    }
    draw();
    context.changed(chosen);
    refocus(option, move);
    const now = chosen.indexOf(option.label);
    context.announce(
      now < 0
        ? (strings.lineRemoved ?? '')
        : fill(strings.linePlace ?? '', { place: now + 1, count: chosen.length })
    );
  }

  /** Adding goes on with the next line that is left; moving stays with the moved line. */
  function refocus(option: Option, move: Move): void {
    const moved = [...answer.children].find(
      line => line instanceof HTMLElement && line.dataset.label === option.label
    );
    const button =
      move === 'add' || move === 'remove'
        ? (rest.querySelector('button') ?? answer.querySelector('button'))
        : moved?.querySelector<HTMLButtonElement>(`button[data-move="${move}"]`);
    button?.focus();
  }

  function draw(): void {
    const left = field.options.filter(option => !chosen.includes(option.label));
    rest.replaceChildren(...left.map(option => row(option, locked ? [] : ['add'])));
    answer.replaceChildren(
      ...chosen.flatMap(label => {
        const option = byLabel.get(label);
        return option ? [row(option, locked ? [] : ['up', 'down', 'remove'])] : [];
      })
    );
    empty.hidden = chosen.length > 0;
    rest.hidden = left.length === 0;
  }

  draw();
  const element = h(
    'div',
    { class: 'u-field u-order', role: 'group', 'aria-labelledby': `${id}-label` },
    h('p', { id: `${id}-label`, class: 'u-field-label' }, field.label),
    h('p', { class: 'u-help' }, field.help),
    h('h3', { id: `${id}-rest` }, strings.orderRest ?? ''),
    rest,
    h('h3', { id: `${id}-answer` }, strings.orderAnswer ?? ''),
    empty,
    answer
  );
  return {
    element,
    read: () => chosen,
    filled: () => chosen.length > 0,
    lock: state => {
      locked = state;
      draw();
    },
    focus: () => element.querySelector('button')?.focus()
  };
}
