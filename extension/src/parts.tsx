/** Small pieces that several views show: a problem with its next step, a waiting line, server HTML. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { DIFFICULTY_STEPS, difficultyStep } from './bank';
import type { IProblem } from './tokens';

/** What went wrong and what to do, read out at once by a screen reader. */
export function Problem(props: {
  problem: IProblem;
  trans: TranslationBundle;
  onRetry?: () => void;
}): JSX.Element {
  const { problem, trans, onRetry } = props;
  return (
    <div className="ustaz-Problem" role="alert">
      <p className="ustaz-Problem-error">{problem.error}</p>
      {problem.next && <p className="ustaz-Problem-next">{problem.next}</p>}
      {onRetry && (
        <button type="button" className="ustaz-Button" onClick={onRetry}>
          {trans.__('Try again')}
        </button>
      )}
    </div>
  );
}

export function Waiting(props: { text: string }): JSX.Element {
  return (
    <p className="ustaz-Waiting" role="status">
      {props.text}
    </p>
  );
}

/**
 * HTML from the server, in the language it is written in.
 *
 * Every such text comes out of the server's allow-list sanitiser (no scripts, no handlers, no
 * links); nothing else may be passed in here.
 */
export function ServerHtml(props: { html: string; className?: string }): JSX.Element {
  return (
    <div
      className={`ustaz-Text ${props.className ?? ''}`}
      dangerouslySetInnerHTML={{ __html: props.html }}
    />
  );
}

/** Difficulty as five dots, with words for those who do not see them. */
export function Difficulty(props: { value: number; trans: TranslationBundle }): JSX.Element {
  const step = difficultyStep(props.value);
  const label = props.trans.__('difficulty %1 of %2', step, DIFFICULTY_STEPS);
  return (
    <span className="ustaz-Difficulty" role="img" aria-label={label} title={label}>
      {Array.from({ length: DIFFICULTY_STEPS }, (_, i) => (
        <span key={i} className={i < step ? 'ustaz-mod-on' : ''} />
      ))}
    </span>
  );
}

export function Approval(props: { approved: boolean; trans: TranslationBundle }): JSX.Element {
  const { approved, trans } = props;
  return (
    <span className={`ustaz-Badge ${approved ? 'ustaz-mod-good' : 'ustaz-mod-draft'}`}>
      {approved ? trans.__('approved') : trans.__('not approved')}
    </span>
  );
}
