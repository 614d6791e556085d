/** @file The stars that came last, each with where it stands. */
import { Link } from 'wouter';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { formatBytes } from '../../../src-preload/contract/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { Section, TimeAgo } from '../../ui/pieces.tsx';
import { stateLooks, stateWords } from '../../ui/repository-words.ts';

export function NewestStars({ repositories }: { readonly repositories: readonly RepositoryView[] }) {
  return (
    <Section title="Newest stars">
      <ul className="rows">
        {repositories.map((repository) => (
          <StarRow key={repository.githubId} repository={repository} />
        ))}
      </ul>
    </Section>
  );
}

function StarRow({ repository }: { readonly repository: RepositoryView }) {
  const { githubId, fullName, state, language, sizeKb, starredAt } = repository;
  const { icon, tone } = stateLooks[state];
  return (
    <li className="row">
      <span className={`row-icon ${tone}`}>
        <Icon name={icon} />
      </span>
      <div className="row-body">
        <p className="row-title">
          <Link href={`/repositories/${githubId}`}>
            <bdi>{fullName}</bdi>
          </Link>
        </p>
        <p className="row-line">
          {[stateWords[state], ...(language === null ? [] : [language]), `about ${formatBytes(sizeKb * 1_024)}`].join(
            ' · ',
          )}
        </p>
      </div>
      <span className="row-time">
        <TimeAgo at={starredAt} />
      </span>
    </li>
  );
}
