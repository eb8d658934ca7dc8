/** One input for each kind of answer. Each keeps what was entered when the language changes. */

import { codeField } from './code';
import { freshId, h, rich } from './dom';
import { orderField } from './order';
import type { AnswerField, Response } from './types';

export interface Field {
  element: HTMLElement;
  /** What the student entered, as it goes to the checker. */
  read(): Response;
  /** Whether anything was entered. */
  filled(): boolean;
  lock(locked: boolean): void;
  focus(): void;
}

export interface FieldContext {
  strings: Record<string, string>;
  /** What was entered before, if anything. */
  before: Response | null;
  submit(): void;
  changed(response: Response): void;
  announce(text: string): void;
}

export function makeField(field: AnswerField, context: FieldContext): Field {
  switch (field.type) {
    case 'line':
    case 'lines':
      return textField(field, context);
    case 'one':
    case 'many':
      return choiceField(field, context);
    case 'order':
      return orderField(field, context);
    case 'code':
      return codeField(field, context);
  }
}

function textField(field: AnswerField, context: FieldContext): Field {
  const id = freshId();
  const attributes = {
    id,
    class: 'u-input',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    'aria-describedby': `${id}-help`
  };
  const input =
    field.type === 'line'
      ? h('input', { ...attributes, type: 'text', inputmode: 'text' })
      : h('textarea', { ...attributes, rows: 4 });
  input.value = typeof context.before === 'string' ? context.before : '';
  input.addEventListener('input', () => context.changed(input.value));
  input.addEventListener('keydown', event => {
    const key = event as KeyboardEvent;
    if (
      key.key === 'Enter' &&
      !key.isComposing &&
      (field.type === 'line' || key.ctrlKey || key.metaKey)
    ) {
      event.preventDefault();
      context.submit();
    }
  });
  const element = h(
    'div',
    { class: 'u-field' },
    h('label', { for: id }, field.label),
    input,
    h('p', { id: `${id}-help`, class: 'u-help' }, field.help)
  );
  return {
    element,
    read: () => input.value,
    filled: () => input.value.trim() !== '',
    lock: locked => {
      input.readOnly = locked;
    },
    focus: () => input.focus()
  };
}

function choiceField(field: AnswerField, context: FieldContext): Field {
  const name = freshId();
  const before = Array.isArray(context.before) ? context.before : [];
  const inputs: HTMLInputElement[] = [];
  const rows = field.options.map(option => {
    const input = h('input', {
      type: field.type === 'one' ? 'radio' : 'checkbox',
      name,
      value: option.label,
      id: `${name}-${option.label}`
    });
    input.checked = before.includes(option.label);
    input.addEventListener('change', () => context.changed(read()));
    inputs.push(input);
    return h(
      'label',
      { class: 'u-option', for: input.id },
      input,
      h('span', { class: 'u-label', 'aria-hidden': 'true' }, option.label),
      rich(option.html, 'u-option-text')
    );
  });
  const read = (): string[] => inputs.filter(input => input.checked).map(input => input.value);
  const element = h(
    'fieldset',
    { class: 'u-field u-options', 'aria-describedby': `${name}-help` },
    h('legend', {}, field.label),
    h('p', { id: `${name}-help`, class: 'u-help' }, field.help),
    ...rows
  );
  return {
    element,
    read,
    filled: () => read().length > 0,
    lock: locked => {
      for (const input of inputs) {
        input.disabled = locked;
      }
    },
    focus: () => (inputs.find(input => input.checked) ?? inputs[0])?.focus()
  };
}
