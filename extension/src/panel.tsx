/** The left side panel: the teacher's classrooms, their assignments, their templates. */

import { type CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal, refreshIcon } from '@jupyterlab/ui-components';
import React from 'react';
import { AssignmentList } from './assignments';
import { ustazIcon } from './icon';
import { Problem, Waiting } from './parts';
import { TemplateList } from './templates';
import {
  CommandIDs,
  type ContentLanguage,
  type IClassroom,
  type IWorkbench,
  PANEL_ID
} from './tokens';

/** Commands that a beginner copies; they are the same in every language. */
const NEW_CLASS = 'ustaz init algebra-7b';
const NEW_DEMO = 'ustaz demo';

export class Panel extends ReactWidget {
  constructor(private _options: Panel.IOptions) {
    super();
    const { trans } = _options;
    this.id = PANEL_ID;
    this.addClass('ustaz-Panel');
    this.title.icon = ustazIcon;
    this.title.caption = trans.__('Ustaz: classes, assignments and templates');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Ustaz'));
  }

  /** Nothing is asked of the server before the teacher opens the panel for the first time. */
  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    if (!this._shown) {
      this._shown = true;
      void this._options.workbench.refresh();
    }
  }

  protected render(): JSX.Element {
    const { workbench } = this._options;
    return (
      <UseSignal signal={workbench.changed}>{() => <PanelBody {...this._options} />}</UseSignal>
    );
  }

  private _shown = false;
}

export namespace Panel {
  export interface IOptions {
    workbench: IWorkbench;
    commands: CommandRegistry;
    trans: TranslationBundle;
    language: ContentLanguage;
  }
}

function PanelBody(props: Panel.IOptions): JSX.Element {
  const { workbench, trans } = props;
  const { classrooms, current, problem, loading } = workbench;
  const refresh = (): void => void workbench.refresh();
  const refreshLabel = trans.__('Refresh');
  return (
    <>
      <header className="ustaz-Panel-head">
        <h2>{trans.__('Ustaz')}</h2>
        <button
          type="button"
          className="ustaz-IconButton"
          title={refreshLabel}
          aria-label={refreshLabel}
          onClick={refresh}
          disabled={loading}
        >
          <refreshIcon.react tag="span" />
        </button>
      </header>
      <div className="ustaz-Panel-body" aria-busy={loading}>
        {problem && <Problem problem={problem} trans={trans} onRetry={refresh} />}
        {!problem && loading && !current && <Waiting text={trans.__('Looking for classes…')} />}
        {!problem && !loading && classrooms.length === 0 && <Beginning trans={trans} />}
        {current && <Classroom {...props} current={current} />}
      </div>
    </>
  );
}

/** What an empty workbench says: where classes come from and the command that makes one. */
function Beginning({ trans }: { trans: TranslationBundle }): JSX.Element {
  return (
    <div className="ustaz-Empty">
      <h3>{trans.__('No class here yet')}</h3>
      <p>{trans.__('A class is a folder with the file ustaz.toml. Make one in a terminal:')}</p>
      <pre>
        <code>{NEW_CLASS}</code>
      </pre>
      <p>{trans.__('Or make the demo class, with thirty simulated students:')}</p>
      <pre>
        <code>{NEW_DEMO}</code>
      </pre>
      <p>
        {trans.__(
          'Folders up to three levels below the folder JupyterLab was started in are found.'
        )}
      </p>
    </div>
  );
}

function Classroom(props: Panel.IOptions & { current: IClassroom }): JSX.Element {
  const { workbench, commands, trans, language, current } = props;
  const refresh = (): void => void workbench.refresh();
  return (
    <>
      <section className="ustaz-Class" aria-label={trans.__('Class')}>
        <ClassChoice workbench={workbench} trans={trans} current={current} />
        {current.problem ? (
          <Problem problem={current.problem} trans={trans} onRetry={refresh} />
        ) : (
          <>
            <p className="ustaz-Class-facts">
              {trans._n('%1 student', '%1 students', current.students)}
              <span className="ustaz-Class-folder" title={current.folder}>
                {current.folder}
              </span>
            </p>
            <button
              type="button"
              className="ustaz-Button ustaz-mod-main"
              onClick={() => void commands.execute(CommandIDs.classPlot, { classroom: current.id })}
            >
              {trans.__('Class plot')}
            </button>
          </>
        )}
      </section>
      {!current.problem && (
        <>
          <AssignmentList
            assignments={workbench.assignments}
            problem={workbench.assignmentsProblem}
            loading={workbench.loading}
            trans={trans}
            language={language}
            onRetry={refresh}
          />
          <TemplateList
            bank={workbench.bank}
            problem={workbench.bankProblem}
            trans={trans}
            onRetry={refresh}
            onOpen={template =>
              void commands.execute(CommandIDs.preview, {
                classroom: current.id,
                course: template.course,
                template: template.id,
                title: template.title
              })
            }
          />
        </>
      )}
    </>
  );
}

function ClassChoice(props: {
  workbench: IWorkbench;
  trans: TranslationBundle;
  current: IClassroom;
}): JSX.Element {
  const { workbench, trans, current } = props;
  if (workbench.classrooms.length === 1) {
    return <h3>{current.title}</h3>;
  }
  return (
    <label className="ustaz-Field">
      <span>{trans.__('Class')}</span>
      <select value={current.id} onChange={event => void workbench.select(event.target.value)}>
        {workbench.classrooms.map(each => (
          <option key={each.id} value={each.id}>
            {each.title}
          </option>
        ))}
      </select>
    </label>
  );
}
