/** Searching and grouping a bank's templates, and what is written beside them: pure functions. */

import type { IBank, ISkill, ITemplate } from './tokens';

export interface ISkillGroup {
  skill: ISkill;
  templates: ITemplate[];
}

/** Return text as it is compared: without case, accents or doubled spaces. */
export function folded(text: string): string {
  // й, ё and і-like letters keep their marks: only marks on Latin letters are dropped.
  return text
    .normalize('NFD')
    .replace(/([a-z])\p{M}+/giu, '$1')
    .normalize('NFC')
    .toLocaleLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** Return whether every word of the query stands in one of the texts. */
export function matches(query: string, texts: readonly string[]): boolean {
  const haystack = folded(texts.join(' '));
  return folded(query)
    .split(' ')
    .every(word => haystack.includes(word));
}

/**
 * Return the templates that a query finds, grouped by main skill in the curriculum's order.
 *
 * A query matches titles, ids, kinds and the skill's title. Skills without templates are left out;
 * templates of an unknown skill stand last under the skill's id, so that none is ever hidden.
 */
export function groupBySkill(bank: IBank, query = ''): ISkillGroup[] {
  const groups = new Map<string, ISkillGroup>();
  const key = (course: string, skill: string): string => JSON.stringify([course, skill]);
  for (const skill of bank.skills) {
    groups.set(key(skill.course, skill.id), { skill, templates: [] });
  }
  for (const template of bank.templates) {
    const at = key(template.course, template.skill);
    const group = groups.get(at) ?? {
      skill: { course: template.course, id: template.skill, title: template.skill },
      templates: []
    };
    groups.set(at, group);
    if (matches(query, [template.title, template.id, template.kind, group.skill.title])) {
      group.templates.push(template);
    }
  }
  return [...groups.values()].filter(group => group.templates.length > 0);
}

/** Steps in which difficulty is shown: finer ones would claim more than is known. */
export const DIFFICULTY_STEPS = 5;

/** Return a difficulty of 0 … 1 as 1 … 5. */
export function difficultyStep(difficulty: number): number {
  const bounded = Math.min(1, Math.max(0, difficulty));
  return Math.min(DIFFICULTY_STEPS, Math.floor(bounded * DIFFICULTY_STEPS) + 1);
}
