/** @file What takes a mirror out of the mirror server: one file, or another remote. */
import { useState } from 'react';
import type { HandoutView } from '../../../src-preload/contract/handout-calls.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { Button, TextButton } from '../button.tsx';
import { BundleDialog } from './bundle-dialog.tsx';
import { PushDialog } from './push-dialog.tsx';
import { useFoundHandouts } from './use-found-handouts.ts';
import { isUnderWay } from './use-handout.ts';

interface TakeOutButtonsProps {
  readonly repository: RepositoryView;
  readonly isLive: boolean;
}

interface Opened {
  readonly kind: HandoutView['kind'];
  readonly found: HandoutView | null;
}

export function TakeOutButtons({ repository, isLive }: TakeOutButtonsProps) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const { githubId, fullName, mirror } = repository;
  const found = useFoundHandouts(githubId, opened !== null || mirror === null);
  if (mirror === null) return null;
  const open = (kind: HandoutView['kind']): void => {
    const last = found[kind];
    setOpened({ kind, found: isUnderWay(last) ? last : null });
  };
  const close = (): void => setOpened(null);
  return (
    <>
      <Button label="Download as bundle" icon="download" of={fullName} isOff={!isLive} onPress={() => open('bundle')} />
      <Button
        label="Push to another remote"
        icon="external"
        of={fullName}
        isOff={!isLive}
        onPress={() => open('push')}
      />
      {[found.bundle, found.push].map(
        (handout) =>
          handout !== null && (
            <p key={handout.id} className="row-line take-out-found">
              {wordsOf(handout)}{' '}
              <TextButton
                label="Show it"
                of={wordsOf(handout)}
                isOff={!isLive}
                onPress={() => setOpened({ kind: handout.kind, found: handout })}
              />
            </p>
          ),
      )}
      {opened?.kind === 'bundle' && <BundleDialog repository={repository} found={opened.found} onClose={close} />}
      {opened?.kind === 'push' && <PushDialog repository={repository} found={opened.found} onClose={close} />}
    </>
  );
}

function wordsOf(handout: HandoutView): string {
  if (handout.kind === 'bundle') return isUnderWay(handout) ? 'A bundle is being made.' : 'A bundle is ready.';
  if (isUnderWay(handout)) return 'A push to another remote is under way.';
  return handout.state === 'failed' ? 'A push to another remote failed.' : 'A push to another remote has ended.';
}
