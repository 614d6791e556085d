/** @file What GitHub tells of a repository. */
import type { ReactNode } from 'react';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { formatBytes } from '../../../src-preload/contract/words.ts';
import { Section, TimeAgo } from '../../ui/pieces.tsx';

export function DetailFacts({ repository }: { readonly repository: RepositoryView }) {
  const { sizeKb, defaultBranch, language, licenseSpdx, starredAt, pushedAt, previousNames } = repository;
  return (
    <Section title="About it">
      <dl className="detail-facts">
        <Fact label="Size">about {formatBytes(sizeKb * 1_024)}</Fact>
        <Fact label="Language">{language === null ? 'none told' : <bdi>{language}</bdi>}</Fact>
        <Fact label="Licence">{licenseSpdx === null ? 'none told' : <bdi>{licenseSpdx}</bdi>}</Fact>
        <Fact label="Default branch">
          <bdi>{defaultBranch}</bdi>
        </Fact>
        <Fact label="Starred">
          <TimeAgo at={starredAt} />
        </Fact>
        <Fact label="Last push">{pushedAt === null ? 'never' : <TimeAgo at={pushedAt} />}</Fact>
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
