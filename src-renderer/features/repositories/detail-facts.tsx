/** @file What GitHub tells of a repository. */
import type { ReactNode } from 'react';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf, formatBytes } from '../../../src-preload/contract/words.ts';
import { Section, TimeAgo } from '../../ui/pieces.tsx';

export function DetailFacts({ repository }: { readonly repository: RepositoryView }) {
  const { sizeKb, defaultBranch, language, licenseSpdx, starredAt, pushedAt, previousNames, lists, buildRefs } =
    repository;
  return (
    <Section title="About it">
      <dl className="detail-facts">
        <Fact label="Size">{sizeKb === 0 ? 'not known' : `about ${formatBytes(sizeKb * 1_024)}`}</Fact>
        <Fact label="Language">{language === null ? 'none told' : <bdi>{language}</bdi>}</Fact>
        <Fact label="Licence">{licenseSpdx === null ? 'none told' : <bdi>{licenseSpdx}</bdi>}</Fact>
        <Fact label="Default branch">{defaultBranch === '' ? 'not known' : <bdi>{defaultBranch}</bdi>}</Fact>
        <Fact label="Starred">
          <TimeAgo at={starredAt} />
        </Fact>
        <Fact label="Last push">
          {pushedAt === null ? defaultBranch === '' ? 'not known' : 'never' : <TimeAgo at={pushedAt} />}
        </Fact>
        {lists.length > 0 && (
          <Fact label={lists.length === 1 ? 'GitHub List' : 'GitHub Lists'}>
            <Names names={lists} />
          </Fact>
        )}
        {buildRefs > 0 && (
          <Fact label="Build definition">
            on {countOf(buildRefs, 'branch or tag', 'branches and tags')}; the mirror server may run it
          </Fact>
        )}
        {previousNames.length > 0 && (
          <Fact label="Earlier names">
            <Names names={previousNames} />
          </Fact>
        )}
      </dl>
    </Section>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="detail-fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Names({ names }: { readonly names: readonly string[] }) {
  return (
    <ul>
      {names.map((name) => (
        <li key={name}>
          <bdi>{name}</bdi>
        </li>
      ))}
    </ul>
  );
}
