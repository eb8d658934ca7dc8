/** What the machine has checked about a template, in one line that opens onto every check. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useState } from 'react';
import { Problem, Waiting } from './parts';
import { problemOf } from './request';
import type { IProblem, IVerification } from './tokens';

export function Verification(props: {
  load: () => Promise<IVerification>;
  trans: TranslationBundle;
}): JSX.Element {
  const { load, trans } = props;
  const [report, setReport] = useState<IVerification | null>(null);
  const [problem, setProblem] = useState<IProblem | null>(null);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    let current = true;
    load().then(
      loaded => {
        if (current) {
          setReport(loaded);
          setProblem(null);
        }
      },
      reason => current && setProblem(problemOf(reason))
    );
    return () => {
      current = false;
    };
  }, [load, turn]);

  if (problem) {
    return <Problem problem={problem} trans={trans} onRetry={() => setTurn(turn + 1)} />;
  }
  if (!report) {
    return <Waiting text={trans.__('Checking many variants…')} />;
  }
  const failed = report.checks.filter(check => !check.ok);
  return (
    <details
      className={`ustaz-Verification ${report.ok ? 'ustaz-mod-good' : 'ustaz-mod-bad'}`}
      open={!report.ok}
    >
      <summary>
        {report.ok
          ? trans._n(
              'Verified on %1 variant: every check passed',
              'Verified on %1 variants: every check passed',
              report.variants
            )
          : trans._n('%1 check failed', '%1 checks failed', failed.length)}
      </summary>
      <ul className="ustaz-Checks">
        {report.checks.map((check, i) => (
          <li key={i} className={check.ok ? 'ustaz-mod-good' : 'ustaz-mod-bad'}>
            <span role="img" aria-label={check.ok ? trans.__('passed') : trans.__('failed')}>
              {check.ok ? '✓' : '✗'}
            </span>{' '}
            {check.title}
            {check.detail && <span className="ustaz-Checks-detail">{check.detail}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
