/** What the parts of the workbench share: the server's wire messages and the plugin tokens. */

import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

/** The languages that exercises exist in. */
export type ContentLanguage = 'kk' | 'ru' | 'en';

export const CONTENT_LANGUAGES: readonly ContentLanguage[] = ['kk', 'ru', 'en'];

/** Something that went wrong, with what to do next; both already in the teacher's language. */
export interface IProblem {
  error: string;
  next: string;
}

/** A teacher's classroom folder found on the server. */
export interface IClassroom {
  id: string;
  title: string;
  /** Path relative to the server's root, or the absolute one of a configured folder. */
  folder: string;
  students: number;
  /** Set where the folder cannot be opened; the rest is then empty. */
  problem: IProblem | null;
}

export type Stage = 'draft' | 'released' | 'collected' | 'autograded';

/** One assignment and how far it has come. */
export interface IAssignment {
  id: string;
  title: string;
  /** ISO 8601 with offset, or null where there is no due date. */
  due: string | null;
  stage: Stage;
  students: number;
  released: number;
  collected: number;
  autograded: number;
  /** Submissions that wait for a person's judgement. */
  to_grade: number;
  /** Things the teacher must look at; they are never scores. */
  faults: string[];
}

export interface ISkill {
  course: string;
  id: string;
  title: string;
}

/** A template as the list shows it. */
export interface ITemplate {
  course: string;
  id: string;
  title: string;
  /** The template's kind, in the teacher's language. */
  kind: string;
  skill: string;
  /** 0 easy … 1 hard. */
  difficulty: number;
  points: number;
  minutes: number;
  approved: boolean;
}

export interface IBank {
  skills: ISkill[];
  templates: ITemplate[];
  /** Courses that could not be loaded. */
  problems: IProblem[];
}

export interface IMisconceptionView {
  id: string;
  /** The wrong answer it leads to; sanitised HTML. */
  answer: string;
  /** What the student then reads; sanitised HTML. */
  feedback: string;
}

/** One variant in one language; all texts are HTML sanitised on the server. */
export interface IVariantView {
  prompt: string;
  options: { label: string; html: string }[];
  hints: string[];
  key: string;
  solution: string;
  misconceptions: IMisconceptionView[];
}

export interface IVariant {
  texts: Record<ContentLanguage, IVariantView>;
}

export interface IPreview {
  template: ITemplate;
  skill_title: string;
  version: number;
  /** Who approved this very content, or null while it is a draft. */
  approved_by: string | null;
  /** Which drawing this is; the next one differs. */
  seed: number;
  variants: IVariant[];
}

/** What the machine checked over many sampled variants. */
export interface IVerification {
  ok: boolean;
  variants: number;
  checks: { title: string; ok: boolean; detail: string }[];
}

/** All traffic with the server part. */
export interface IUstazClient {
  /** The language in which exercises' titles and the server's messages are asked for. */
  readonly language: ContentLanguage;
  classrooms(): Promise<IClassroom[]>;
  assignments(classroom: string): Promise<IAssignment[]>;
  bank(classroom: string): Promise<IBank>;
  preview(classroom: string, course: string, template: string, seed: number): Promise<IPreview>;
  verification(classroom: string, course: string, template: string): Promise<IVerification>;
  classPlot(classroom: string, dark: boolean): Promise<string>;
}

export const IUstazClient = new Token<IUstazClient>(
  'ustaz-lab:IUstazClient',
  'All traffic with the server part of Ustaz.'
);

/** What the workbench knows at the moment; views listen to `changed`. */
export interface IWorkbench {
  readonly changed: ISignal<IWorkbench, void>;
  readonly loading: boolean;
  readonly problem: IProblem | null;
  readonly classrooms: readonly IClassroom[];
  readonly current: IClassroom | null;
  readonly assignments: readonly IAssignment[];
  readonly assignmentsProblem: IProblem | null;
  readonly bank: IBank | null;
  readonly bankProblem: IProblem | null;
  refresh(): Promise<void>;
  select(classroom: string): Promise<void>;
}

export const IWorkbench = new Token<IWorkbench>(
  'ustaz-lab:IWorkbench',
  'The state of the Ustaz workbench: classrooms, assignments and templates.'
);

/** Domain of our strings in JupyterLab's translation catalogues. */
export const DOMAIN = 'ustaz_lab';

/** Id of the side panel in JupyterLab's shell. */
export const PANEL_ID = 'ustaz-panel';

export namespace CommandIDs {
  export const open = 'ustaz:open';
  export const refresh = 'ustaz:refresh';
  export const classPlot = 'ustaz:class-plot';
  export const preview = 'ustaz:preview';
}
