/** @file What a person may do with one mirror as a whole: put it away, bring it back, delete it. */
import { useState } from 'react';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import type { Actions } from '../../connection/use-actions.ts';
import { Button } from '../../ui/button.tsx';
import { ActDialog, type ActWish } from '../../ui/mirror-acts/act-dialog.tsx';
import { actWords, mayDo, type MirrorAct } from '../../ui/mirror-acts/act-words.ts';

interface MirrorActButtonsProps {
  readonly acts: readonly MirrorAct[];
  readonly repository: RepositoryView;
  readonly actions: Actions;
  readonly isLive: boolean;
}

export function MirrorActButtons({ acts, repository, actions, isLive }: MirrorActButtonsProps) {
  const [wish, setWish] = useState<ActWish | null>(null);
  return (
    <>
      {acts
        .filter((act) => mayDo(act, repository))
        .map((act) => (
          <Button
            key={act}
            label={actWords[act].label}
            icon={actWords[act].icon}
            isOff={!isLive}
            isBusy={actions.busy.has(act)}
            onPress={() => setWish({ act, githubIds: [repository.githubId] })}
          />
        ))}
      <ActDialog wish={wish} actions={actions} isLive={isLive} onClose={() => setWish(null)} />
    </>
  );
}
