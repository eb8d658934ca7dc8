/** The list of assignments with how far each has come. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { formatDate } from './language';
import { Problem, Waiting } from './parts';
import type { ContentLanguage, IAssignment, IProblem, Stage } from './tokens';

export function AssignmentList(props: {
  assignments: readonly IAssignment[];
  problem: IProblem | null;
  loading: boolean;
  trans: TranslationBundle;
  language: ContentLanguage;
  onRetry: () => void;
}): JSX.Element {
  const { assignments, problem, loading, trans, language, onRetry } = props;
  const empty = !problem && assignments.length === 0;
  return (
    <section className="ustaz-Section" aria-labelledby="ustaz-assignments">
      <h3 id="ustaz-assignments">{trans.__('Assignments')}</h3>
      {problem && <Problem problem={problem} trans={trans} onRetry={onRetry} />}
      {empty && loading && <Waiting text={trans.__('Loading assignments…')} />}
      {empty && !loading && (
        <p className="ustaz-Hint">
          {trans.__(
            'None yet. Write one as a TOML file in the folder “assignments” of the class, then release it with “ustaz release”.'
          )}
        </p>
      )}
      <ul className="ustaz-List">
        {assignments.map(each => (
          <Assignment key={each.id} assignment={each} trans={trans} language={language} />
        ))}
      </ul>
    </section>
  );
}

function Assignment(props: {
  assignment: IAssignment;
  trans: TranslationBundle;
  language: ContentLanguage;
}): JSX.Element {
  const { assignment, trans, language } = props;
  return (
    <li className="ustaz-Assignment">
      <div className="ustaz-Assignment-head">
        <span className="ustaz-Assignment-title">{assignment.title}</span>
        <span className={`ustaz-Badge ustaz-mod-${assignment.stage}`}>
          {stageText(assignment.stage, trans)}
        </span>
      </div>
      {assignment.due && (
        <p className="ustaz-Assignment-due">
          {trans.__('due %1', formatDate(assignment.due, language))}
        </p>
      )}
      <Counts assignment={assignment} trans={trans} />
      {assignment.to_grade > 0 && (
        <p className="ustaz-Assignment-todo">
          {trans._n(
            '%1 submission waits for your grade',
            '%1 submissions wait for your grade',
            assignment.to_grade
          )}
        </p>
      )}
      {assignment.faults.length > 0 && (
        <ul className="ustaz-Faults" aria-label={trans.__('To look at')}>
          {assignment.faults.map((fault, i) => (
            <li key={i}>{fault}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** Three bars over the same number of students: handed out, handed in, graded. */
function Counts(props: { assignment: IAssignment; trans: TranslationBundle }): JSX.Element | null {
  const { assignment, trans } = props;
  if (assignment.stage === 'draft') {
    return null;
  }
  const rows: [string, number][] = [
    [trans.__('Released'), assignment.released],
    [trans.__('Collected'), assignment.collected],
    [trans.__('Autograded'), assignment.autograded]
  ];
  const whole = Math.max(1, assignment.students);
  return (
    <dl className="ustaz-Counts">
      {rows.map(([name, count]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span className="ustaz-Bar" aria-hidden="true">
              <span style={{ width: `${Math.min(100, (100 * count) / whole)}%` }} />
            </span>
            <span>{trans.__('%1 of %2', count, assignment.students)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function stageText(stage: Stage, trans: TranslationBundle): string {
  switch (stage) {
    case 'draft':
      return trans._p('stage of an assignment', 'draft');
    case 'released':
      return trans._p('stage of an assignment', 'released');
    case 'collected':
      return trans._p('stage of an assignment', 'collected');
    case 'autograded':
      return trans._p('stage of an assignment', 'autograded');
  }
}
