/** All traffic with the server part, and the one place that knows its addresses. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type {
  ContentLanguage,
  IAssignment,
  IBank,
  IClassroom,
  IPreview,
  IProblem,
  IUstazClient,
  IVerification
} from './tokens';

const ROOT = 'ustaz/api';
/** How many variants a preview shows. */
export const VARIANTS_SHOWN = 3;

/** A request that failed, with what to do next. */
export class UstazError extends Error {
  constructor(readonly problem: IProblem) {
    super(problem.error);
  }
}

/** Return the problem behind anything that was thrown. */
export function problemOf(reason: unknown): IProblem {
  if (reason instanceof UstazError) {
    return reason.problem;
  }
  return { error: reason instanceof Error ? reason.message : String(reason), next: '' };
}

/** Return an address below the API root: each segment and each value is escaped. */
export function apiPath(
  segments: readonly string[],
  query: Readonly<Record<string, string | number>>
): string {
  const path = segments.map(encodeURIComponent).join('/');
  const values = Object.entries(query).map(([k, v]) => `${k}=${encodeURIComponent(v)}`);
  return values.length ? `${path}?${values.join('&')}` : path;
}

export class UstazClient implements IUstazClient {
  readonly language: ContentLanguage;

  constructor(options: UstazClient.IOptions) {
    this.language = options.language;
    this._trans = options.trans;
    this._settings = options.settings;
  }

  async classrooms(): Promise<IClassroom[]> {
    return (await this._json<{ courses: IClassroom[] }>(['courses'])).courses;
  }

  async assignments(classroom: string): Promise<IAssignment[]> {
    const path = ['courses', classroom, 'assignments'];
    return (await this._json<{ assignments: IAssignment[] }>(path)).assignments;
  }

  bank(classroom: string): Promise<IBank> {
    return this._json<IBank>(['courses', classroom, 'templates']);
  }

  preview(classroom: string, course: string, template: string, seed: number): Promise<IPreview> {
    return this._json<IPreview>(['courses', classroom, 'templates', course, template, 'preview'], {
      seed,
      count: VARIANTS_SHOWN
    });
  }

  verification(classroom: string, course: string, template: string): Promise<IVerification> {
    return this._json<IVerification>([
      'courses',
      classroom,
      'templates',
      course,
      template,
      'verification'
    ]);
  }

  async classPlot(classroom: string, dark: boolean): Promise<string> {
    const query = { theme: dark ? 'dark' : 'light' };
    return (await this._get(['courses', classroom, 'class.html'], query)).text();
  }

  private async _json<T>(
    segments: readonly string[],
    query: Readonly<Record<string, string | number>> = {}
  ): Promise<T> {
    return (await (await this._get(segments, query)).json()) as T;
  }

  private async _get(
    segments: readonly string[],
    query: Readonly<Record<string, string | number>>
  ): Promise<Response> {
    const path = apiPath(segments, { ...query, lang: this.language });
    const url = URLExt.join(this._settings.baseUrl, ROOT, path);
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, {}, this._settings);
    } catch {
      throw new UstazError({
        error: this._trans.__('The server does not answer.'),
        next: this._trans.__('Check that JupyterLab is still running, then refresh.')
      });
    }
    if (!response.ok) {
      throw new UstazError(await this._problem(response));
    }
    return response;
  }

  /** The server says what is wrong and what comes next; a proxy in between may not. */
  private async _problem(response: Response): Promise<IProblem> {
    try {
      const body = (await response.json()) as Partial<IProblem>;
      if (typeof body.error === 'string') {
        return { error: body.error, next: body.next ?? '' };
      }
    } catch {
      // Not JSON: fall through to what the status says.
    }
    return {
      error: this._trans.__('The server answered with status %1.', response.status),
      next: this._trans.__(
        'Refresh. If it stays so, ask whoever runs the server to look at its log.'
      )
    };
  }

  private _trans: TranslationBundle;
  private _settings: ServerConnection.ISettings;
}

export namespace UstazClient {
  export interface IOptions {
    language: ContentLanguage;
    trans: TranslationBundle;
    settings: ServerConnection.ISettings;
  }
}
