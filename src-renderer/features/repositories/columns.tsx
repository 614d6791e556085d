/** @file The columns: what each is called, how it is sorted, and what stands in it. Narrow lists have fewer of them. */
import type { ReactNode } from 'react';
import type { RepositoryOrderName } from '../../../src-preload/contract/list-views.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { formatBytes } from '../../../src-preload/contract/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { TimeAgo } from '../../ui/pieces.tsx';
import { marksOf, stateLooks, stateWords } from '../../ui/repository-words.ts';

/** From the widest to the narrowest: what has no column stands in another one. */
export type Width = 'wide' | 'medium' | 'small' | 'card';

export interface Column {
  readonly key: string;
  readonly label: string;
  /** Null: the list cannot be sorted by it. */
  readonly order: RepositoryOrderName | null;
  readonly render: (repository: RepositoryView, width: Width) => ReactNode;
}

/** Whether a column is as high as two lines and has more to say than one. */
function isDense(width: Width): boolean {
  return width === 'medium' || width === 'small';
}

const dates = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/** Of a mirror that was found at the target nobody knows when its repository was starred. */
function formatDay(at: number): string {
  return at === 0 ? 'not known' : dates.format(at);
}

function sizeWords({ sizeKb, defaultBranch }: RepositoryView): string {
  // Of what was found at the target GitHub told nothing.
  if (defaultBranch === '') return 'size not known';
  return `about ${formatBytes(sizeKb * 1_024)}`;
}

export function StateMark({ repository: { state } }: { readonly repository: RepositoryView }) {
  const { icon, tone } = stateLooks[state];
  return (
    <span className={`state-mark ${tone}`}>
      <Icon name={icon} />
      {stateWords[state]}
    </span>
  );
}

function Name({ repository }: { readonly repository: RepositoryView }) {
  const { fullName, githubId } = repository;
  const slash = fullName.indexOf('/');
  return (
    <p className="cell-name">
      <a className="cell-link" href={`#/repositories/${githubId}`} tabIndex={-1} title={fullName} draggable={false}>
        <bdi>
          <span className="cell-owner">{fullName.slice(0, slash + 1)}</span>
          <strong>{fullName.slice(slash + 1)}</strong>
        </bdi>
      </a>
      {marksOf(repository).map((mark) => (
        <span key={mark} className="tag">
          {mark}
        </span>
      ))}
    </p>
  );
}

function Starred({ repository: { starredAt } }: { readonly repository: RepositoryView }) {
  return (
    <span className="cell-starred">
      <span className="visually-hidden">starred </span>
      <Icon name="star" />
      {formatDay(starredAt)}
    </span>
  );
}

function Compared({ repository: { mirror } }: { readonly repository: RepositoryView }) {
  const isProven = mirror !== null && mirror.verifiedAt > 0;
  return isProven ? <TimeAgo at={mirror.verifiedAt} /> : <span className="cell-minor">never</span>;
}

function Line({ repository, width }: { readonly repository: RepositoryView; readonly width: Width }) {
  const { description, language } = repository;
  const hasLanguage = isDense(width) && language !== null;
  if (!hasLanguage && description === null) return null;
  return (
    <p className="cell-line" title={description ?? undefined}>
      {hasLanguage && <bdi>{language}</bdi>}
      {hasLanguage && description !== null && ' · '}
      {description !== null && <bdi>{description}</bdi>}
    </p>
  );
}

const name: Column = {
  key: 'name',
  label: 'Name',
  order: 'name',
  render: (repository, width) => (
    <>
      <Name repository={repository} />
      <Line repository={repository} width={width} />
    </>
  ),
};

const state: Column = {
  key: 'state',
  label: 'State',
  order: null,
  render: (repository, width) => (
    <>
      <StateMark repository={repository} />
      {isDense(width) && repository.mirror !== null && (
        <p className="cell-line">
          compared <Compared repository={repository} />
        </p>
      )}
    </>
  ),
};

const language: Column = {
  key: 'language',
  label: 'Language',
  order: null,
  render: (repository) => <bdi className="cell-cut">{repository.language}</bdi>,
};

const size: Column = {
  key: 'size',
  label: 'Size',
  order: 'size',
  render: (repository, width) => (
    <>
      {sizeWords(repository)}
      {width === 'small' && (
        <p className="cell-line">
          <Starred repository={repository} />
        </p>
      )}
    </>
  ),
};

const starred: Column = {
  key: 'starred',
  label: 'Starred',
  order: 'starred',
  render: ({ starredAt }) => <time dateTime={new Date(starredAt).toISOString()}>{formatDay(starredAt)}</time>,
};

const compared: Column = {
  key: 'compared',
  label: 'Last compared',
  order: 'verified',
  render: (repository) => <Compared repository={repository} />,
};

const card: Column = {
  key: 'card',
  label: 'Repository',
  order: null,
  render: (repository, width) => (
    <>
      <Name repository={repository} />
      <Line repository={repository} width={width} />
      <p className="cell-facts">
        <StateMark repository={repository} />
        {repository.language !== null && <bdi>{repository.language}</bdi>}
        <span>{sizeWords(repository)}</span>
      </p>
      <p className="cell-facts">
        <Starred repository={repository} />
        {repository.mirror !== null && (
          <span>
            compared <Compared repository={repository} />
          </span>
        )}
      </p>
    </>
  ),
};

export const columnsOf: Readonly<Record<Width, readonly Column[]>> = {
  wide: [name, state, language, size, starred, compared],
  medium: [name, state, size, starred],
  small: [name, state, size],
  card: [card],
};
