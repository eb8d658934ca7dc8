/** The inputs: what they read, what they keep, and that a keyboard is enough. */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeField, type Field, type FieldContext } from './fields';
import type { AnswerField, Response } from './types';

const OPTIONS = ['A', 'B', 'C'].map(label => ({ label, html: `<p>line ${label}</p>` }));
const STRINGS = {
  up: 'Move up: {line}',
  down: 'Move down: {line}',
  add: 'Add: {line}',
  remove: 'Take out: {line}',
  linePlace: 'Line {place} of {count}',
  lineRemoved: 'Taken out'
};

function answer(type: AnswerField['type'], more: Partial<AnswerField> = {}): AnswerField {
  return {
    type,
    label: 'Answer',
    help: 'Help',
    options: OPTIONS,
    code: false,
    starter: '',
    tests: [],
    ...more
  };
}

interface Made {
  field: Field;
  submit: ReturnType<typeof vi.fn>;
  changed: ReturnType<typeof vi.fn>;
  said: string[];
}

function make(field: AnswerField, before: Response | null = null): Made {
  const said: string[] = [];
  const submit = vi.fn();
  const changed = vi.fn();
  const context: FieldContext = {
    strings: STRINGS,
    before,
    submit,
    changed,
    announce: text => said.push(text)
  };
  const made = makeField(field, context);
  document.body.replaceChildren(made.element);
  return { field: made, submit, changed, said };
}

function press(target: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}

function find<T extends Element>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (!found) {
    throw new Error(`nothing matches ${selector}`);
  }
  return found;
}

beforeEach(() => document.body.replaceChildren());

describe('a line of text', () => {
  it('is labelled and described', () => {
    make(answer('line'));
    const input = find<HTMLInputElement>('input');
    expect(find<HTMLLabelElement>('label').htmlFor).toBe(input.id);
    expect(document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
      'Help'
    );
  });

  it('submits by Enter, but not while letters are being composed', () => {
    const { submit } = make(answer('line'));
    const input = find<HTMLInputElement>('input');
    press(input, 'Enter', { isComposing: true });
    expect(submit).not.toHaveBeenCalled();
    press(input, 'Enter');
    expect(submit).toHaveBeenCalledOnce();
  });

  it('takes Enter as a new line where there are several, and Ctrl+Enter as done', () => {
    const { submit } = make(answer('lines'));
    const area = find<HTMLTextAreaElement>('textarea');
    expect(press(area, 'Enter').defaultPrevented).toBe(false);
    press(area, 'Enter', { ctrlKey: true });
    expect(submit).toHaveBeenCalledOnce();
  });

  it('keeps what was typed before, as text and never as markup', () => {
    const hostile = '"><img src=x onerror=alert(1)>';
    const { field } = make(answer('line'), hostile);
    expect(field.read()).toBe(hostile);
    expect(document.querySelector('img')).toBeNull();
  });

  it('is empty while there is nothing but spaces', () => {
    expect(make(answer('line'), '  ').field.filled()).toBe(false);
  });
});

describe('options', () => {
  it('reads one for a choice', () => {
    const { field, changed } = make(answer('one'));
    expect(field.filled()).toBe(false);
    find<HTMLInputElement>('input[value="B"]').click();
    expect(field.read()).toEqual(['B']);
    expect(changed).toHaveBeenLastCalledWith(['B']);
  });

  it('reads several for a multiple choice, in the order shown', () => {
    const { field } = make(answer('many'));
    find<HTMLInputElement>('input[value="C"]').click();
    find<HTMLInputElement>('input[value="A"]').click();
    expect(field.read()).toEqual(['A', 'C']);
  });

  it('is a named group, and its options cannot be changed once locked', () => {
    const { field } = make(answer('one'), ['A']);
    expect(find('fieldset legend').textContent).toBe('Answer');
    field.lock(true);
    expect([...document.querySelectorAll('input')].every(input => input.disabled)).toBe(true);
    expect(field.read()).toEqual(['A']);
  });
});

describe('an order', () => {
  const click = (label: string, move: string): void =>
    find<HTMLButtonElement>(`li[data-label="${label}"] button[data-move="${move}"]`).click();

  it('is built by buttons alone', () => {
    const { field, said } = make(answer('order'));
    click('C', 'add');
    click('A', 'add');
    click('B', 'add');
    click('B', 'up');
    click('C', 'down');
    expect(field.read()).toEqual(['B', 'C', 'A']);
    click('C', 'remove');
    expect(field.read()).toEqual(['B', 'A']);
    expect(said[said.length - 1]).toBe('Taken out');
  });

  it('keeps the focus on the line that moves, and says its place', () => {
    const { said } = make(answer('order'), ['A', 'B', 'C']);
    find<HTMLButtonElement>('li[data-label="C"] button[data-move="up"]').focus();
    click('C', 'up');
    const focused = document.activeElement;
    expect(focused?.closest('li')?.getAttribute('data-label')).toBe('C');
    expect(focused?.getAttribute('data-move')).toBe('up');
    expect(said).toEqual(['Line 2 of 3']);
  });

  it('names each button with its line', () => {
    make(answer('order'), ['A']);
    expect(find('li[data-label="A"] button[data-move="up"]').getAttribute('aria-label')).toBe(
      'Move up: line A'
    );
  });

  it('stays where it is at either end, and leaves out lines it does not know', () => {
    const { field } = make(answer('order'), ['A', 'Z', 'B']);
    click('A', 'up');
    click('B', 'down');
    expect(field.read()).toEqual(['A', 'B']);
  });

  it('has no buttons once locked', () => {
    const { field } = make(answer('order'), ['A']);
    field.lock(true);
    expect(document.querySelectorAll('button')).toHaveLength(0);
  });
});

describe('a program', () => {
  const starter = 'def area(a):\n    pass';
  const area = (): HTMLTextAreaElement => find<HTMLTextAreaElement>('textarea');
  const caret = (at: number): void => area().setSelectionRange(at, at);

  it('begins with the starter, and goes on with the draft', () => {
    expect(make(answer('code', { starter })).field.read()).toBe(starter);
    expect(make(answer('code', { starter }), 'x = 1').field.read()).toBe('x = 1');
  });

  it('indents by Tab and outdents by Shift+Tab', () => {
    const { field } = make(answer('code'), 'x');
    caret(0);
    expect(press(area(), 'Tab').defaultPrevented).toBe(true);
    expect(field.read()).toBe('    x');
    press(area(), 'Tab', { shiftKey: true });
    expect(field.read()).toBe('x');
  });

  it('lets the keyboard out by Escape and Tab', () => {
    const { field } = make(answer('code'), 'x');
    press(area(), 'Escape');
    expect(press(area(), 'Tab').defaultPrevented).toBe(false);
    press(area(), 'a');
    expect(press(area(), 'Tab').defaultPrevented).toBe(true);
    expect(field.read()).toContain('    ');
  });

  it('goes a step deeper after a colon', () => {
    const { field } = make(answer('code'), '  if x:');
    caret(7);
    press(area(), 'Enter');
    expect(field.read()).toBe('  if x:\n      ');
  });

  it('checks by Ctrl+Enter', () => {
    const { submit } = make(answer('code'), 'x');
    press(area(), 'Enter', { ctrlKey: true });
    expect(submit).toHaveBeenCalledOnce();
  });

  it('shows visible tests as text', () => {
    make(answer('code', { tests: [{ name: 'test-1', source: 'assert 1 < 2 and "<b>"' }] }));
    expect(find('details code').textContent).toBe('assert 1 < 2 and "<b>"');
  });
});
