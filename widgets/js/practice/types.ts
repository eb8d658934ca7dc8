/** What Python sends to the browser and what the browser asks for; `student/messages.py` is its pair. */

export type Tone = 'right' | 'partly' | 'wrong' | 'format' | 'solution' | 'problem' | 'info';

export interface SkillChoice {
  id: string;
  title: string;
  course: string;
}

export interface Option {
  label: string;
  /** Sanitised HTML, made on the server. */
  html: string;
}

export interface VisibleTest {
  name: string;
  source: string;
}

export interface AnswerField {
  type: 'line' | 'lines' | 'one' | 'many' | 'order' | 'code';
  label: string;
  help: string;
  options: Option[];
  /** Lines of an ordering task are program text. */
  code: boolean;
  starter: string;
  tests: VisibleTest[];
}

export interface Item {
  id: string;
  title: string;
  skill: string;
  /** Sanitised HTML with MathML. */
  prompt: string;
  /** Judged so far; sent back with an answer, so that a repeated one is known as such. */
  attempts: number;
  field: AnswerField;
}

export interface TestResult {
  name: string;
  passed: boolean;
  /** Sanitised HTML; empty where it passed. */
  html: string;
}

export interface Feedback {
  tone: Tone;
  title: string;
  /** Sanitised HTML. */
  html: string;
  tests: TestResult[];
  /** Grows with each answer, so that the same words are shown and read out again. */
  number: number;
}

export interface MasteryBar {
  skill: string;
  title: string;
  /** Percentages of the bar. */
  estimate: number;
  low: number;
  high: number;
  text: string;
  change: string;
}

export interface View {
  /** Grows with each view, so that the answer to a request is seen even where nothing changed. */
  serial: number;
  language: string;
  languages: { code: string; name: string }[];
  strings: Record<string, string>;
  phase: 'start' | 'exercise' | 'closed';
  student: string;
  skills: SkillChoice[];
  skill: string;
  item: Item | null;
  feedback: Feedback | null;
  hints: string[];
  hintsLeft: number;
  /** Sanitised HTML; empty until the student may see it. */
  solution: string;
  finished: boolean;
  mastery: MasteryBar[];
  busy: boolean;
}

/** A response as the checker takes it: text, or the labels that were chosen, in order. */
export type Response = string | string[];

/** What is asked for, with what was in sight: Python leaves undone what that makes stale. */
export type Action =
  | { do: 'language'; language: string }
  | { do: 'next'; skill: string; item: string }
  | { do: 'check'; item: string; response: Response; attempt: number }
  | { do: 'hint'; item: string; shown: number }
  | { do: 'solution'; item: string }
  | { do: 'refresh' };

/** The part of anywidget's model that is used here. */
export interface PracticeModel {
  get(key: 'view'): View;
  on(event: 'change:view', callback: () => void): void;
  off(event: 'change:view', callback: () => void): void;
  send(content: Action): void;
}

export interface RenderProps {
  model: PracticeModel;
  el: HTMLElement;
}
