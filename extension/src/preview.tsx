/** A template's preview: three variants in three languages side by side, with all that stands behind. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import React, { useCallback, useEffect, useState } from 'react';
import { LANGUAGE_NAMES } from './language';
import { Approval, Difficulty, Problem, ServerHtml, Waiting } from './parts';
import { problemOf, VARIANTS_SHOWN } from './request';
import {
  CONTENT_LANGUAGES,
  type ContentLanguage,
  type IPreview,
  type IProblem,
  type IUstazClient,
  type IVariant,
  type IVariantView,
  type IVerification
} from './tokens';
import { Verification } from './verification';

/** Which preview is open: what brings it back after a reload. */
export interface IPreviewPlace {
  classroom: string;
  course: string;
  template: string;
  title: string;
  seed: number;
}

export class Preview extends ReactWidget {
  constructor(
    private _client: IUstazClient,
    private _trans: TranslationBundle,
    readonly place: IPreviewPlace
  ) {
    super();
    this.addClass('ustaz-Preview');
  }

  /** Emitted when other variants are shown, so that a reload brings back the same ones. */
  readonly seedChanged = new Signal<this, number>(this);

  protected render(): JSX.Element {
    return (
      <PreviewBody
        client={this._client}
        trans={this._trans}
        place={this.place}
        onSeed={seed => {
          this.place.seed = seed;
          this.seedChanged.emit(seed);
        }}
      />
    );
  }
}

interface IBodyProps {
  client: IUstazClient;
  trans: TranslationBundle;
  place: IPreviewPlace;
  onSeed: (seed: number) => void;
}

function PreviewBody({ client, trans, place, onSeed }: IBodyProps): JSX.Element {
  const [seed, setSeed] = useState(place.seed);
  const [preview, setPreview] = useState<IPreview | null>(null);
  const [problem, setProblem] = useState<IProblem | null>(null);
  const [turn, setTurn] = useState(0);
  const { classroom, course, template } = place;

  useEffect(() => {
    let current = true;
    client.preview(classroom, course, template, seed).then(
      loaded => {
        if (current) {
          setPreview(loaded);
          setProblem(null);
        }
      },
      reason => current && setProblem(problemOf(reason))
    );
    return () => {
      current = false;
    };
  }, [client, classroom, course, template, seed, turn]);

  const another = useCallback(() => {
    setSeed(seed + 1);
    onSeed(seed + 1);
  }, [seed, onSeed]);

  const load = useLoad(client, place);

  if (problem) {
    return <Problem problem={problem} trans={trans} onRetry={() => setTurn(turn + 1)} />;
  }
  if (!preview) {
    return <Waiting text={trans.__('Making variants of “%1”…', place.title)} />;
  }
  return (
    <>
      <Head preview={preview} trans={trans} busy={preview.seed !== seed} onAnother={another} />
      <Verification load={load} trans={trans} />
      {preview.variants.map((variant, i) => (
        <VariantRow key={`${preview.seed}/${i}`} number={i + 1} variant={variant} trans={trans} />
      ))}
    </>
  );
}

/** A loader that stays the same function while the same template is shown. */
function useLoad(client: IUstazClient, place: IPreviewPlace): () => Promise<IVerification> {
  const { classroom, course, template } = place;
  return useCallback(
    () => client.verification(classroom, course, template),
    [client, classroom, course, template]
  );
}

function Head(props: {
  preview: IPreview;
  trans: TranslationBundle;
  busy: boolean;
  onAnother: () => void;
}): JSX.Element {
  const { preview, trans, busy, onAnother } = props;
  const { template } = preview;
  return (
    <header className="ustaz-Preview-head">
      <div>
        <h2>{template.title}</h2>
        <p className="ustaz-Preview-facts">
          <span>{preview.skill_title}</span>
          <span>{template.kind}</span>
          <Difficulty value={template.difficulty} trans={trans} />
          <span>{trans._n('%1 point', '%1 points', template.points)}</span>
          <span>{trans._n('%1 minute', '%1 minutes', template.minutes)}</span>
          <Approval approved={template.approved} trans={trans} />
          {preview.approved_by && <span>{trans.__('by %1', preview.approved_by)}</span>}
        </p>
        <p className="ustaz-Hint">
          <code>
            {template.course}/{template.id}
          </code>{' '}
          {trans.__('version %1', preview.version)}
        </p>
      </div>
      <button
        type="button"
        className="ustaz-Button ustaz-mod-main"
        disabled={busy}
        onClick={onAnother}
      >
        {trans.__('Another three variants')}
      </button>
    </header>
  );
}

function VariantRow(props: {
  number: number;
  variant: IVariant;
  trans: TranslationBundle;
}): JSX.Element {
  const { number, variant, trans } = props;
  const title = trans.__('Variant %1 of %2', number, VARIANTS_SHOWN);
  return (
    <section className="ustaz-Variant" aria-label={title}>
      <h3>{title}</h3>
      <div className="ustaz-Variant-columns">
        {CONTENT_LANGUAGES.map(language => (
          <VariantColumn
            key={language}
            language={language}
            view={variant.texts[language]}
            trans={trans}
          />
        ))}
      </div>
    </section>
  );
}

function VariantColumn(props: {
  language: ContentLanguage;
  view: IVariantView;
  trans: TranslationBundle;
}): JSX.Element {
  const { language, view, trans } = props;
  return (
    <article className="ustaz-Column" aria-label={LANGUAGE_NAMES[language]}>
      <h4 lang={language}>{LANGUAGE_NAMES[language]}</h4>
      <ServerHtml html={view.prompt} className="ustaz-mod-prompt" />
      {view.options.length > 0 && (
        <ul className="ustaz-Options">
          {view.options.map(option => (
            <li key={option.label}>
              <b>{option.label}</b> <ServerHtml html={option.html} />
            </li>
          ))}
        </ul>
      )}
      <div className="ustaz-Key">
        <span className="ustaz-Key-name">{trans.__('Key')}</span>
        <ServerHtml html={view.key} />
      </div>
      <Fold name={trans.__('Hints')} count={view.hints.length}>
        <ol>
          {view.hints.map((hint, i) => (
            <li key={i}>
              <ServerHtml html={hint} />
            </li>
          ))}
        </ol>
      </Fold>
      <Fold name={trans.__('Worked solution')} count={view.solution ? 1 : 0} hideCount>
        <ServerHtml html={view.solution} />
      </Fold>
      <Fold name={trans.__('Misconceptions')} count={view.misconceptions.length}>
        <dl className="ustaz-Misconceptions">
          {view.misconceptions.map(each => (
            <div key={each.id}>
              <dt>
                <ServerHtml html={each.answer} /> <code>{each.id}</code>
              </dt>
              <dd>
                <ServerHtml html={each.feedback} />
              </dd>
            </div>
          ))}
        </dl>
      </Fold>
    </article>
  );
}

/** A part that starts closed, so that prompts stand side by side; absent where there is nothing. */
function Fold(props: {
  name: string;
  count: number;
  hideCount?: boolean;
  children: React.ReactNode;
}): JSX.Element | null {
  if (props.count === 0) {
    return null;
  }
  return (
    <details className="ustaz-Fold">
      <summary>
        {props.name}
        {!props.hideCount && <span className="ustaz-Skill-count">{props.count}</span>}
      </summary>
      {props.children}
    </details>
  );
}
