// @vitest-environment node
/* eslint-disable jupyter/no-untranslated-string -- titles of templates that only this test knows */
import { describe, expect, it } from 'vitest';
import { difficultyStep, folded, groupBySkill, matches } from './bank';
import type { IBank, ITemplate } from './tokens';

function template(id: string, skill: string, title: string): ITemplate {
  return {
    course: 'algebra',
    id,
    skill,
    title,
    kind: 'number',
    difficulty: 0.5,
    points: 1,
    minutes: 2,
    approved: true
  };
}

const BANK: IBank = {
  skills: [
    { course: 'algebra', id: 'percent', title: 'Пропорция және пайыз' },
    { course: 'algebra', id: 'roots', title: 'Квадрат түбір' },
    { course: 'algebra', id: 'empty', title: 'Бос' }
  ],
  templates: [
    template('sqrt-sum', 'roots', 'Түбірлердің қосындысы'),
    template('discount', 'percent', 'Жеңілдіктен кейінгі баға'),
    template('stray', 'gone', 'Ёлка')
  ],
  problems: []
};

describe('groupBySkill', () => {
  it('keeps the order of the curriculum and hides no template of an unknown skill', () => {
    const groups = groupBySkill(BANK);
    expect(groups.map(group => group.skill.id)).toEqual(['percent', 'roots', 'gone']);
    expect(groups.flatMap(group => group.templates).length).toBe(BANK.templates.length);
  });

  it.each([
    ['ЖЕҢІЛДІК', ['discount']],
    ['sqrt', ['sqrt-sum']],
    ['пайыз баға', ['discount']],
    ['number', ['discount', 'sqrt-sum', 'stray']],
    ['жоқ', []]
  ])('finds %s', (query, ids) => {
    const found = groupBySkill(BANK, query).flatMap(group => group.templates.map(t => t.id));
    expect(found).toEqual(ids);
  });
});

describe('folded', () => {
  it.each([
    ['  Número  ÚNICO ', 'numero unico'],
    ['Ёлка', 'ёлка'],
    ['Әр Түрлі', 'әр түрлі'],
    ['Й', 'й']
  ])('folds %j', (text, expected) => expect(folded(text)).toBe(expected));
});

it('finds every text with an empty query', () => expect(matches('', ['anything'])).toBe(true));

it.each([
  [0, 1],
  [0.19, 1],
  [0.2, 2],
  [0.99, 5],
  [1, 5],
  [-3, 1],
  [7, 5]
])('shows the difficulty %d as %d of five', (difficulty, step) =>
  expect(difficultyStep(difficulty)).toBe(step)
);
