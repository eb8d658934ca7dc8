/** A plain editor for short programs: indents with Tab, and lets the keyboard out by Escape. */

import { freshId, h } from './dom';
import type { Field, FieldContext } from './fields';
import type { AnswerField } from './types';

const INDENT = '    ';

export function codeField(field: AnswerField, context: FieldContext): Field {
  const id = freshId();
  const area = h('textarea', {
    id,
    class: 'u-input u-code',
    rows: Math.min(18, Math.max(7, field.starter.split('\n').length + 3)),
    autocomplete: 'off',
    autocapitalize: 'off',
    autocorrect: 'off',
    spellcheck: 'false',
    wrap: 'off',
    translate: 'no',
    'aria-describedby': `${id}-help`
  });
  area.value = typeof context.before === 'string' ? context.before : field.starter;
  // Escape arms leaving: the next Tab moves the focus on, as everywhere else (WCAG 2.1.2).
  let leaving = false;
  area.addEventListener('input', () => context.changed(area.value));
  area.addEventListener('blur', () => {
    leaving = false;
  });
  area.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      leaving = true;
      return;
    }
    if (event.key === 'Tab' && !leaving && !area.readOnly && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      if (event.shiftKey) {
        outdent(area);
      } else {
        insert(area, INDENT);
      }
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      context.submit();
    } else if (event.key === 'Enter' && !event.isComposing && !area.readOnly) {
      event.preventDefault();
      insert(area, '\n' + nextIndent(area));
    }
    if (event.key !== 'Shift' && event.key !== 'Tab') {
      leaving = false;
    }
  });
  const tests = field.tests.length
    ? h(
        'details',
        { class: 'u-tests' },
        h('summary', {}, context.strings.visibleTests ?? ''),
        ...field.tests.map(test =>
          h(
            'div',
            { class: 'u-scroll', tabindex: 0, role: 'group', 'aria-label': test.name },
            h('pre', { translate: 'no' }, h('code', {}, test.source))
          )
        )
      )
    : null;
  const element = h(
    'div',
    { class: 'u-field' },
    h('label', { for: id }, field.label),
    h('p', { id: `${id}-help`, class: 'u-help' }, field.help),
    area,
    tests
  );
  return {
    element,
    read: () => area.value,
    filled: () => area.value.trim() !== '',
    lock: locked => {
      area.readOnly = locked;
    },
    focus: () => area.focus()
  };
}

/** Writes at the caret so that undo still works, and falls back where the browser lacks the command. */
function insert(area: HTMLTextAreaElement, text: string): void {
  const { execCommand } = document as Partial<Document>;
  if (!execCommand?.call(document, 'insertText', false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input'));
  }
}

function lineStart(area: HTMLTextAreaElement): number {
  return area.value.lastIndexOf('\n', area.selectionStart - 1) + 1;
}

function outdent(area: HTMLTextAreaElement): void {
  const start = lineStart(area);
  const spaces = /^ {1,4}/.exec(area.value.slice(start))?.[0].length ?? 0;
  if (spaces > 0) {
    const caret = area.selectionStart;
    area.setRangeText('', start, start + spaces, 'preserve');
    area.setSelectionRange(Math.max(start, caret - spaces), Math.max(start, caret - spaces));
    area.dispatchEvent(new Event('input'));
  }
}

/** As deep as this line; one deeper after a colon. */
function nextIndent(area: HTMLTextAreaElement): string {
  const line = area.value.slice(lineStart(area), area.selectionStart);
  const depth = /^ */.exec(line)?.[0] ?? '';
  return line.trimEnd().endsWith(':') ? depth + INDENT : depth;
}
