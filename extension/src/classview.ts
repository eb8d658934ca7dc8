/** The class's plot in the main area: the server's HTML in a frame that can reach nothing. */

import { type IThemeManager } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { problemOf } from './request';
import type { IProblem, IUstazClient } from './tokens';

export class ClassView extends Widget {
  constructor(private _options: ClassView.IOptions) {
    super();
    this.addClass('ustaz-ClassView');
  }

  get classroom(): string {
    return this._options.classroom;
  }

  /** Load the plot again; what was shown stays until the new one has come. */
  async refresh(): Promise<void> {
    const { client, classroom, themes, trans } = this._options;
    const turn = ++this._turn;
    const dark = !!themes?.theme && !themes.isLight(themes.theme);
    if (!this.node.querySelector('iframe')) {
      this._show(waiting(trans.__('Drawing the class…')));
    }
    try {
      const html = await client.classPlot(classroom, dark);
      if (turn === this._turn && !this.isDisposed) {
        this._show(frame(html, trans.__('Class plot')));
      }
    } catch (reason) {
      if (turn === this._turn && !this.isDisposed) {
        this._show(this._problem(problemOf(reason)));
      }
    }
  }

  dispose(): void {
    this._options.themes?.themeChanged.disconnect(this._onTheme, this);
    super.dispose();
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this._turn === 0) {
      this._options.themes?.themeChanged.connect(this._onTheme, this);
      void this.refresh();
    }
  }

  private _onTheme(): void {
    void this.refresh();
  }

  private _show(content: HTMLElement): void {
    this.node.replaceChildren(content);
  }

  private _problem(problem: IProblem): HTMLElement {
    const box = element('div', 'ustaz-Problem');
    box.setAttribute('role', 'alert');
    box.append(element('p', 'ustaz-Problem-error', problem.error));
    if (problem.next) {
      box.append(element('p', 'ustaz-Problem-next', problem.next));
    }
    const retry = element('button', 'ustaz-Button', this._options.trans.__('Try again'));
    retry.addEventListener('click', () => void this.refresh());
    box.append(retry);
    return box;
  }

  private _turn = 0;
}

export namespace ClassView {
  export interface IOptions {
    client: IUstazClient;
    trans: TranslationBundle;
    classroom: string;
    themes: IThemeManager | null;
  }
}

/**
 * A frame that runs the plot's script in an origin of its own.
 *
 * Without `allow-same-origin` it has no cookie, no storage and no way into this page; the document
 * itself carries a policy that lets it load nothing from anywhere.
 */
function frame(html: string, title: string): HTMLIFrameElement {
  const node = document.createElement('iframe');
  node.setAttribute('sandbox', 'allow-scripts allow-downloads');
  node.title = title;
  node.srcdoc = html;
  return node;
}

function waiting(text: string): HTMLElement {
  const node = element('p', 'ustaz-Waiting', text);
  node.setAttribute('role', 'status');
  return node;
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}
