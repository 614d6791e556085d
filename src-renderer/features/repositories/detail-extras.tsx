/** @file What belongs to a repository beside branches and tags: files kept by LFS, its wiki, and its submodules. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ExtrasView } from '../../../src-preload/contract/extras-calls.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf, formatBytes, formatCount } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useActions } from '../../connection/use-actions.ts';
import { TextButton } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ExternalLink, Section, TimeAgo } from '../../ui/pieces.tsx';
import { stateWords } from '../../ui/repository-words.ts';
import { useExtras } from './use-extras.ts';

interface DetailExtrasProps {
  readonly repository: RepositoryView;
  readonly changes: number;
  readonly isLive: boolean;
}

export function DetailExtras({ repository: { githubId }, changes, isLive }: DetailExtrasProps) {
  const { extras, reload } = useExtras(githubId, changes);
  if (extras === null) return null;
  const { lfs, wiki, submodules, submoduleCount } = extras;
  return (
    <>
      {(lfs !== null || wiki !== null) && (
        <Section title="Files and wiki">
          <dl className="detail-facts">
            {lfs !== null && (
              <Part label="LFS files">
                <LfsWords lfs={lfs} />
              </Part>
            )}
            {wiki !== null && (
              <Part label="Wiki">
                <WikiWords wiki={wiki} />
              </Part>
            )}
          </dl>
        </Section>
      )}
      {submodules.length > 0 && (
        <Submodules
          githubId={githubId}
          submodules={submodules}
          total={submoduleCount}
          isLive={isLive}
          onStarred={reload}
        />
      )}
    </>
  );
}

function Part({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="detail-fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function LfsWords({
  lfs: { objects, bytes, missing, reason, checkedAt },
}: {
  readonly lfs: NonNullable<ExtrasView['lfs']>;
}) {
  const all = `${countOf(objects, 'file')}, ${formatBytes(bytes)}`;
  if (missing === 0) {
    return (
      <>
        {all}. All of them are in the mirror, which was asked <TimeAgo at={checkedAt} />.
      </>
    );
  }
  return (
    <>
      {all}.
      <span className="detail-reason">
        <bdi>{reason}</bdi> It is tried again by itself.
      </span>
    </>
  );
}

function WikiWords({
  wiki: { kind, path, page, reason, checkedAt },
}: {
  readonly wiki: NonNullable<ExtrasView['wiki']>;
}) {
  const place =
    path === null ? null : (
      <ExternalLink href={page}>
        <bdi>{path}</bdi>
      </ExternalLink>
    );
  if (kind === 'absent') {
    return place === null ? <>GitHub has none.</> : <>{place}. GitHub has none any more; what is mirrored stays.</>;
  }
  if (kind === 'mirrored') {
    return (
      <>
        {place}, compared <TimeAgo at={checkedAt} />
      </>
    );
  }
  return (
    <>
      Not in the mirror as it is on GitHub.
      <span className="detail-reason">
        <bdi>{reason}</bdi> It is tried again by itself.
      </span>
      {place}
    </>
  );
}

interface SubmodulesProps {
  readonly githubId: number;
  readonly submodules: ExtrasView['submodules'];
  readonly total: number;
  readonly isLive: boolean;
  readonly onStarred: () => void;
}

function Submodules({ githubId, submodules, total, isLive, onStarred }: SubmodulesProps) {
  const client = useClient();
  const actions = useActions();
  const star = (fullName: string): void =>
    actions.run(fullName, async () => {
      const found = await client.call('extras.starSubmodule', { githubId, fullName });
      onStarred();
      return found.githubId === null
        ? `${fullName} has your star. The next look at the stars finds it.`
        : `${fullName} has your star and is mirrored.`;
    });
  const canStar = submodules.some(({ fullName, known }) => fullName !== null && known === null);
  return (
    <Section title="Submodules">
      <p className="row-line">
        It is built with {total === 1 ? 'another repository' : `${formatCount(total)} other repositories`}, which its
        mirror does not hold.
        {canStar && ' Only what has your star is mirrored.'}
      </p>
      <Notice actions={actions} />
      <ul className="submodules">
        {submodules.map((submodule) => (
          <Submodule
            key={`${submodule.path} ${submodule.address}`}
            submodule={submodule}
            isOff={!isLive}
            isBusy={submodule.fullName !== null && actions.busy.has(submodule.fullName)}
            onStar={star}
          />
        ))}
      </ul>
      {total > submodules.length && <p className="row-line">and {countOf(total - submodules.length, 'other')}</p>}
    </Section>
  );
}

interface SubmoduleProps {
  readonly submodule: ExtrasView['submodules'][number];
  readonly isOff: boolean;
  readonly isBusy: boolean;
  readonly onStar: (fullName: string) => void;
}

function Submodule({ submodule, isOff, isBusy, onStar }: SubmoduleProps) {
  const { path, address, fullName, githubPage, known } = submodule;
  return (
    <li>
      <span>
        <code>{path}</code>{' '}
        <span className="row-minor">
          {known !== null && fullName !== null ? (
            <>
              <Link href={`/repositories/${known.githubId}`}>
                <bdi>{fullName}</bdi>
              </Link>
              , {stateWords[known.state].toLowerCase()}
            </>
          ) : (
            <ExternalLink href={githubPage}>
              <bdi>{fullName ?? address}</bdi>
            </ExternalLink>
          )}
        </span>
      </span>
      {known === null && fullName !== null && (
        <TextButton
          label="Star and mirror"
          of={fullName}
          isOff={isOff}
          isBusy={isBusy}
          onPress={() => onStar(fullName)}
        />
      )}
    </li>
  );
}
