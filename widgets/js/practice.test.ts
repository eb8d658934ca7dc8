/** The page of one widget: what it shows for a view, what it sends, where the focus goes. */

import { beforeEach, describe, expect, it } from 'vitest';
import practice from './practice';
import type { Action, Item, View } from './practice/types';

const ITEM: Item = {
  id: '7',
  title: 'An equation',
  skill: 'Linear equations',
  prompt: '<div lang="en"><p>Solve <math><mi>x</mi></math></p></div>',
  attempts: 0,
  field: {
    type: 'line',
    label: 'Your answer',
    help: 'A number',
    options: [],
    code: false,
    starter: '',
    tests: []
  }
};

function view(more: Partial<View> = {}): View {
  return {
    serial: 1,
    language: 'en',
    languages: [
      { code: 'kk', name: 'Қазақша' },
      { code: 'en', name: 'English' }
    ],
    strings: { check: 'Check', emptyTitle: 'Enter an answer first.', title: 'Practice' },
    phase: 'exercise',
    student: 'Aliya',
    skills: [{ id: 'linear', title: 'Linear', course: 'Algebra' }],
    skill: '',
    item: ITEM,
    feedback: null,
    hints: [],
    hintsLeft: 2,
    solution: '',
    finished: false,
    mastery: [],
    busy: false,
    ...more
  };
}

class Model {
  sent: Action[] = [];
  private callback: () => void = () => undefined;
  constructor(private shown: View) {}
  get(): View {
    return this.shown;
  }
  on(_event: string, callback: () => void): void {
    this.callback = callback;
  }
  off(): void {
    this.callback = () => undefined;
  }
  send(action: Action): void {
    this.sent.push(action);
  }
  show(shown: View): void {
    this.shown = shown;
    this.callback();
  }
}

function open(shown: View): Model {
  const model = new Model(shown);
  const el = document.createElement('div');
  document.body.replaceChildren(el);
  practice.render({ model, el });
  return model;
}

function find<T extends HTMLElement>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (!found) {
    throw new Error(`nothing matches ${selector}`);
  }
  return found;
}

const button = (text: string): HTMLButtonElement => {
  const found = [...document.querySelectorAll('button')].find(each => each.textContent === text);
  if (!found) {
    throw new Error(`no button ${text}`);
  }
  return found;
};

beforeEach(() => sessionStorage.clear());

describe('sending', () => {
  it('says what was in sight, so that a repeated request is known as such', () => {
    const model = open(view());
    find<HTMLInputElement>('.u-input').value = '5';
    button('Check').click();
    expect(model.sent).toEqual([{ do: 'check', item: '7', response: '5', attempt: 0 }]);
  });

  it('asks once, however often it is clicked', () => {
    const model = open(view());
    find<HTMLInputElement>('.u-input').value = '5';
    button('Check').click();
    button('Check').click();
    expect(model.sent).toHaveLength(1);
    model.show(view({ serial: 2 }));
    button('Check').click();
    expect(model.sent).toHaveLength(2);
  });

  it('sends no empty answer, and says so', () => {
    const model = open(view());
    button('Check').click();
    expect(model.sent).toEqual([]);
    expect(find('.u-feedback').textContent).toContain('Enter an answer first.');
    expect(document.activeElement?.className).toContain('u-input');
  });

  it('asks again before a solution is shown that would count', () => {
    const words = { showSolution: 'Solution', confirmYes: 'Yes', confirmNo: 'No' };
    const model = open(view({ strings: words }));
    button('Solution').click();
    expect(model.sent).toEqual([]);
    button('No').click();
    expect(document.activeElement?.textContent).toBe('Solution');
    button('Solution').click();
    button('Yes').click();
    expect(model.sent).toEqual([{ do: 'solution', item: '7' }]);
  });

  it('shows a solution at once when an answer was judged already', () => {
    const words = { showSolution: 'Solution' };
    const model = open(view({ strings: words, item: { ...ITEM, attempts: 1 } }));
    button('Solution').click();
    expect(model.sent).toEqual([{ do: 'solution', item: '7' }]);
  });
});

describe('showing', () => {
  it('keeps what was typed when the language changes and when the page is opened again', () => {
    const model = open(view());
    const input = find<HTMLInputElement>('.u-input');
    input.value = '5x';
    input.dispatchEvent(new Event('input'));
    model.show(view({ serial: 2, language: 'kk' }));
    expect(find<HTMLInputElement>('.u-input').value).toBe('5x');
    open(view());
    expect(find<HTMLInputElement>('.u-input').value).toBe('5x');
  });

  it('leaves the focus alone on opening and moves it to a new exercise', () => {
    const model = open(view());
    expect(document.activeElement).toBe(document.body);
    model.show(view({ serial: 2, item: { ...ITEM, id: '8', title: 'Another' } }));
    expect(document.activeElement?.textContent).toBe('Another');
  });

  it('moves the focus from the finished answer to what comes next', () => {
    const model = open(view({ strings: { next: 'Next exercise', check: 'Check' } }));
    find('.u-input').focus();
    model.show(view({ serial: 2, finished: true, strings: { next: 'Next exercise' } }));
    expect(document.activeElement?.textContent).toBe('Next exercise');
    expect(find<HTMLInputElement>('.u-input').readOnly).toBe(true);
  });

  it('announces an outcome politely, with a sign that is not colour alone', () => {
    const model = open(view());
    const feedback = { tone: 'wrong' as const, title: 'Not yet', html: '', tests: [], number: 1 };
    model.show(view({ serial: 2, feedback }));
    const place = find('.u-feedback');
    expect(place.getAttribute('aria-live')).toBe('polite');
    expect(place.textContent).toContain('✗');
    expect(place.textContent).toContain('Not yet');
  });

  it('says the same words again when an answer is wrong again', () => {
    const model = open(view());
    const feedback = { tone: 'wrong' as const, title: 'Not yet', html: '', tests: [], number: 1 };
    model.show(view({ serial: 2, feedback }));
    const first = find('.u-note');
    model.show(view({ serial: 3, feedback: { ...feedback, number: 2 } }));
    expect(find('.u-note')).not.toBe(first);
  });

  it('shows names and titles as text', () => {
    open(view({ student: '<img src=x onerror=alert(1)>', item: { ...ITEM, title: '<b>x</b>' } }));
    expect(document.querySelector('img, h2 b')).toBeNull();
    expect(find('.u-who').textContent).toBe('<img src=x onerror=alert(1)>');
  });

  it('marks the language in use and sends another', () => {
    const model = open(view());
    expect(button('English').getAttribute('aria-pressed')).toBe('true');
    button('Қазақша').click();
    expect(model.sent).toEqual([{ do: 'language', language: 'kk' }]);
  });

  it('says why it is closed', () => {
    const feedback = { tone: 'problem' as const, title: 'Expired', html: '', tests: [], number: 1 };
    open(view({ phase: 'closed', item: null, feedback }));
    expect(find('.u-intro').hidden).toBe(false);
    expect(find('.u-intro').textContent).toBe('Expired');
  });
});
