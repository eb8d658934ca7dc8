/**
 * The practice widget. Python decides, this shows: no answer is judged and no mastery computed here.
 * Elements outlive updates wherever they can, so that focus, caret and what was typed stay.
 */

import { h, rich } from './practice/dom';
import { Drafts } from './practice/drafts';
import { makeField, type Field } from './practice/fields';
import { MasteryList } from './practice/mastery';
import type { Action, Feedback, RenderProps, Tone, View } from './practice/types';

const MARKS: Record<Tone, string> = {
  right: '✓',
  partly: '◐',
  wrong: '✗',
  format: '✎',
  solution: '≡',
  problem: '!',
  info: 'i'
};

class Practice {
  private field: Field | null = null;
  private drawn = '';
  private shownItem = '';
  private feedbackNumber = -1;
  private wasFinished = false;
  /** A request is on its way: a second click asks for nothing new. */
  private pending = false;
  private readonly drafts = new Drafts();

  private readonly languages = h('div', { class: 'u-languages', role: 'group' });
  private readonly title = h('h1', {});
  private readonly who = h('p', { class: 'u-who' });
  private readonly topicLabel = h('label', { for: 'ustaz-topic' });
  private readonly topic = h('select', { id: 'ustaz-topic' });
  private readonly start = this.button('u-secondary', () => this.next());
  private readonly intro = h('p', { class: 'u-intro' });
  private readonly card = h('section', { class: 'u-panel u-exercise' });
  private readonly heading = h('h2', { tabindex: -1, id: 'ustaz-exercise' });
  private readonly about = h('p', { class: 'u-about' });
  private readonly prompt = h('div', {});
  private readonly answer = h('div', {});
  private readonly check = this.button('u-primary', () => this.submit());
  private readonly hint = this.button('u-secondary', () => this.askHint());
  private readonly giveUp = this.button('u-secondary', () => this.askFirst());
  private readonly sure = h('p', { id: 'ustaz-sure' });
  private readonly yes = this.button('u-secondary', () => this.solve());
  private readonly no = this.button('u-secondary', () => this.askedEnough());
  private readonly question = h(
    'div',
    { class: 'u-question', role: 'group', 'aria-labelledby': 'ustaz-sure', hidden: true },
    this.sure,
    h('div', { class: 'u-actions' }, this.yes, this.no)
  );
  private readonly onward = this.button('u-primary', () => this.next());
  private readonly feedback = h('div', {
    class: 'u-feedback',
    role: 'status',
    'aria-live': 'polite'
  });
  private readonly hints = h('ol', { class: 'u-hints' });
  private readonly hintsHeading = h('h3', {});
  private readonly hintsPart = h('div', { 'aria-live': 'polite' }, this.hintsHeading, this.hints);
  private readonly solution = h('div', { class: 'u-solution' });
  private readonly whisper = h('p', { class: 'u-hidden', role: 'status', 'aria-live': 'polite' });
  private readonly mastery = new MasteryList();
  readonly root = h('div', { class: 'ustaz-practice' });

  constructor(private readonly props: Pick<RenderProps, 'model'>) {
    this.card.append(
      this.heading,
      this.about,
      this.prompt,
      this.answer,
      h('div', { class: 'u-actions' }, this.check, this.onward, this.hint, this.giveUp),
      this.question,
      this.feedback,
      this.hintsPart,
      this.solution
    );
    this.card.setAttribute('aria-labelledby', 'ustaz-exercise');
    this.root.append(
      h('header', { class: 'u-header' }, h('div', {}, this.title, this.who), this.languages),
      h(
        'div',
        { class: 'u-panel u-topic' },
        this.intro,
        h('div', { class: 'u-topic-row' }, this.topicLabel, this.topic, this.start)
      ),
      h('div', { class: 'u-columns' }, this.card, this.mastery.element),
      this.whisper
    );
  }

  private get view(): View {
    return this.props.model.get('view');
  }

  private button(className: string, click: () => void): HTMLButtonElement {
    return h('button', { type: 'button', class: `u-button ${className}`, click });
  }

  private send(action: Action): void {
    if (this.view.busy || this.pending) {
      return;
    }
    this.pending = true;
    this.props.model.send(action);
  }

  private next(): void {
    this.send({ do: 'next', skill: this.topic.value, item: this.view.item?.id ?? '' });
  }

  private askHint(): void {
    const { item, hints } = this.view;
    if (item) {
      this.send({ do: 'hint', item: item.id, shown: hints.length });
    }
  }

  /** Giving up before any answer counts, so it takes a second, informed press. */
  private askFirst(): void {
    if (this.view.item?.attempts) {
      this.solve();
      return;
    }
    this.question.hidden = false;
    this.no.focus();
  }

  private askedEnough(): void {
    this.question.hidden = true;
    this.giveUp.focus();
  }

  private solve(): void {
    const { item } = this.view;
    if (item) {
      this.send({ do: 'solution', item: item.id });
    }
  }

  private submit(): void {
    const { item, finished, strings } = this.view;
    if (!item || !this.field || finished) {
      return;
    }
    if (!this.field.filled()) {
      this.showFeedback({
        tone: 'format',
        title: strings.emptyTitle ?? '',
        html: '',
        tests: [],
        number: -2
      });
      this.field.focus();
      return;
    }
    this.send({
      do: 'check',
      item: item.id,
      response: this.field.read(),
      attempt: item.attempts
    });
  }

  update(): void {
    const view = this.view;
    const { strings } = view;
    this.pending = false;
    this.root.lang = view.language;
    this.root.dataset.phase = view.phase;
    this.root.setAttribute('aria-busy', String(view.busy));
    this.title.textContent = strings.title ?? '';
    this.who.textContent = view.student;
    this.drawLanguages(view);
    this.drawTopic(view);
    this.card.hidden = !view.item;
    if (view.item) {
      this.drawItem(view);
    } else if (view.feedback) {
      this.intro.hidden = false;
      this.intro.textContent = view.feedback.title;
    }
    this.drawHelp(view);
    this.mastery.element.hidden = view.phase === 'closed';
    this.mastery.update(view.mastery, strings);
  }

  private drawLanguages(view: View): void {
    const label = view.strings.language ?? '';
    this.languages.setAttribute('aria-label', label);
    const focused = this.languages.contains(document.activeElement);
    this.languages.replaceChildren(
      ...view.languages.map(({ code, name }) =>
        h(
          'button',
          {
            type: 'button',
            class: 'u-language',
            lang: code,
            'aria-pressed': String(code === view.language),
            click: () => this.send({ do: 'language', language: code })
          },
          name
        )
      )
    );
    if (focused) {
      this.languages.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    }
  }

  private drawTopic(view: View): void {
    const { strings } = view;
    this.intro.textContent = view.phase === 'exercise' ? '' : (strings.intro ?? '');
    this.intro.hidden = view.phase === 'exercise';
    this.topicLabel.textContent = strings.topic ?? '';
    this.start.textContent = (view.phase === 'start' ? strings.begin : strings.another) ?? '';
    this.start.classList.toggle('u-primary', view.phase === 'start');
    const state = JSON.stringify([view.language, view.skills]);
    if (this.topic.dataset.state !== state) {
      const chosen = this.topic.dataset.state ? this.topic.value : view.skill;
      const courses = [...new Set(view.skills.map(skill => skill.course))];
      this.topic.replaceChildren(
        h('option', { value: '' }, strings.anyTopic ?? ''),
        ...courses.map(course =>
          h(
            'optgroup',
            { label: course },
            ...view.skills
              .filter(skill => skill.course === course)
              .map(skill => h('option', { value: skill.id }, skill.title))
          )
        )
      );
      this.topic.value = chosen;
      this.topic.dataset.state = state;
    }
    this.topic.disabled = this.start.disabled = view.phase === 'closed';
  }

  private drawItem(view: View): void {
    const { item, strings } = view;
    if (!item) {
      return;
    }
    const state = `${item.id} ${view.language}`;
    if (this.drawn !== state) {
      const inside = this.answer.contains(document.activeElement);
      this.drawn = state;
      this.heading.textContent = item.title;
      this.about.textContent = item.skill;
      this.prompt.replaceChildren(rich(item.prompt, 'u-prompt'));
      this.field = makeField(item.field, {
        strings,
        before: this.drafts.get(item.id),
        submit: () => this.submit(),
        changed: response => this.drafts.set(item.id, response),
        announce: text => {
          this.whisper.textContent = text;
        }
      });
      this.answer.replaceChildren(this.field.element);
      this.question.hidden = true;
      if (inside) {
        this.field.focus();
      }
    }
    this.card.dataset.item = item.id;
    if (this.shownItem !== item.id) {
      // A screen reader goes on with the new exercise, and Tab leads straight to its input; a page
      // just opened is read from its beginning.
      if (this.shownItem || this.root.contains(document.activeElement)) {
        this.heading.focus();
      }
      this.shownItem = item.id;
      this.feedbackNumber = -1;
      this.wasFinished = false;
      this.drafts.keepOnly(item.id);
    }
    this.field?.lock(view.finished);
    this.drawActions(view);
    this.drawFeedback(view);
  }

  private drawActions(view: View): void {
    const { strings } = view;
    const checks = view.item?.field.type === 'code';
    this.check.textContent =
      (view.busy ? (checks ? strings.running : strings.checking) : strings.check) ?? '';
    this.hint.textContent = (view.hints.length ? strings.nextHint : strings.hint) ?? '';
    this.giveUp.textContent = strings.showSolution ?? '';
    this.onward.textContent = strings.next ?? '';
    const focused = document.activeElement;
    this.onward.hidden = !view.finished;
    if (view.finished && !this.wasFinished && this.card.contains(focused)) {
      this.onward.focus();
    }
    this.wasFinished = view.finished;
    this.check.hidden = view.finished;
    this.hint.hidden = view.finished || view.hintsLeft === 0;
    this.giveUp.hidden = view.finished || view.solution !== '';
    this.question.hidden = this.question.hidden || view.finished;
    this.sure.textContent = strings.confirmSolution ?? '';
    this.yes.textContent = strings.confirmYes ?? '';
    this.no.textContent = strings.confirmNo ?? '';
    if (focused === this.hint && this.hint.hidden && !view.finished) {
      this.check.focus();
    }
    const buttons = [this.check, this.hint, this.giveUp, this.yes, this.onward, this.start];
    for (const button of buttons) {
      // Not `disabled`: that would drop the focus out of the page.
      button.setAttribute('aria-disabled', String(view.busy));
    }
  }

  private drawFeedback(view: View): void {
    const { feedback } = view;
    if (view.busy) {
      return;
    }
    if (!feedback) {
      this.feedback.replaceChildren();
      this.feedbackNumber = -1;
    } else if (feedback.number !== this.feedbackNumber || this.feedback.lang !== view.language) {
      this.feedbackNumber = feedback.number;
      this.showFeedback(feedback);
    }
    this.feedback.lang = view.language;
  }

  private showFeedback(feedback: Feedback): void {
    const words = this.view.strings;
    const tests = feedback.tests.map(test =>
      h(
        'li',
        { class: test.passed ? 'u-passed' : 'u-failed' },
        h('span', { class: 'u-mark-sign', 'aria-hidden': 'true' }, test.passed ? '✓' : '✗'),
        h('span', { class: 'u-hidden' }, (test.passed ? words.passed : words.failed) ?? ''),
        h('div', {}, h('span', {}, test.name), test.html ? rich(test.html, '') : null)
      )
    );
    this.feedback.replaceChildren(
      h(
        'div',
        { class: `u-note u-tone-${feedback.tone}` },
        h('span', { class: 'u-sign', 'aria-hidden': 'true' }, MARKS[feedback.tone]),
        h(
          'div',
          {},
          h('p', { class: 'u-note-title' }, feedback.title),
          feedback.html ? rich(feedback.html, '') : null,
          tests.length ? h('ul', { class: 'u-results' }, ...tests) : null
        )
      )
    );
  }

  private drawHelp(view: View): void {
    const { strings } = view;
    this.hintsPart.hidden = view.hints.length === 0;
    this.hintsHeading.textContent = strings.hints ?? '';
    const state = JSON.stringify(view.hints);
    if (this.hints.dataset.state !== state) {
      this.hints.dataset.state = state;
      this.hints.replaceChildren(...view.hints.map(hint => h('li', {}, rich(hint, ''))));
    }
    if (this.solution.dataset.state !== view.solution) {
      this.solution.dataset.state = view.solution;
      this.solution.replaceChildren(
        ...(view.solution ? [h('h3', {}, strings.solution ?? ''), rich(view.solution, '')] : [])
      );
    }
    this.solution.hidden = view.solution === '';
  }
}

function render({ model, el }: RenderProps): () => void {
  const practice = new Practice({ model });
  const update = (): void => practice.update();
  model.on('change:view', update);
  update();
  el.append(practice.root);
  return () => model.off('change:view', update);
}

export default { render };
