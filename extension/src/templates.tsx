/** The list of templates, grouped by skill, with a search that needs no server. */

import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useMemo, useState } from 'react';
import { groupBySkill, type ISkillGroup } from './bank';
import { Approval, Difficulty, Problem, Waiting } from './parts';
import type { IBank, IProblem, ITemplate } from './tokens';

export function TemplateList(props: {
  bank: IBank | null;
  problem: IProblem | null;
  trans: TranslationBundle;
  onRetry: () => void;
  onOpen: (template: ITemplate) => void;
}): JSX.Element {
  const { bank, problem, trans, onRetry, onOpen } = props;
  return (
    <section className="ustaz-Section" aria-labelledby="ustaz-templates">
      <h3 id="ustaz-templates">{trans.__('Templates')}</h3>
      {problem && <Problem problem={problem} trans={trans} onRetry={onRetry} />}
      {!problem && !bank && <Waiting text={trans.__('Loading templates…')} />}
      {bank?.problems.map((each, i) => (
        <Problem key={i} problem={each} trans={trans} />
      ))}
      {bank && <Search bank={bank} trans={trans} onOpen={onOpen} />}
    </section>
  );
}

function Search(props: {
  bank: IBank;
  trans: TranslationBundle;
  onOpen: (template: ITemplate) => void;
}): JSX.Element {
  const { bank, trans, onOpen } = props;
  const [query, setQuery] = useState('');
  const groups = useMemo(() => groupBySkill(bank, query), [bank, query]);
  const found = groups.reduce((sum, group) => sum + group.templates.length, 0);
  const label = trans.__('Search templates and skills');
  return (
    <>
      <input
        type="search"
        className="ustaz-Search"
        value={query}
        placeholder={label}
        aria-label={label}
        onChange={event => setQuery(event.target.value)}
      />
      <p className="ustaz-Hint" role="status">
        {found === 0 && query
          ? trans.__('Nothing is called that. Try one word of a title or of a skill.')
          : trans._n('%1 template', '%1 templates', found)}
      </p>
      {groups.map(group => (
        <SkillGroup
          key={`${group.skill.course}/${group.skill.id}`}
          group={group}
          open={query !== '' || groups.length === 1}
          trans={trans}
          onOpen={onOpen}
        />
      ))}
    </>
  );
}

function SkillGroup(props: {
  group: ISkillGroup;
  open: boolean;
  trans: TranslationBundle;
  onOpen: (template: ITemplate) => void;
}): JSX.Element {
  const { group, open, trans, onOpen } = props;
  return (
    // A new key whenever a search begins or ends: the group then opens or closes with it.
    <details key={String(open)} className="ustaz-Skill" open={open}>
      <summary>
        <span className="ustaz-Skill-title">{group.skill.title}</span>
        <span className="ustaz-Skill-count">{group.templates.length}</span>
      </summary>
      <ul className="ustaz-List">
        {group.templates.map(template => (
          <li key={template.id}>
            <button
              type="button"
              className="ustaz-Template"
              title={trans.__('Preview of “%1”', template.title)}
              onClick={() => onOpen(template)}
            >
              <span className="ustaz-Template-title">{template.title}</span>
              <span className="ustaz-Template-facts">
                <span>{template.kind}</span>
                <Difficulty value={template.difficulty} trans={trans} />
                <Approval approved={template.approved} trans={trans} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
