/** @file What takes a mirror out of the mirror server: one file, or another remote. */
import { useState } from 'react';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { Button } from '../button.tsx';
import { BundleDialog } from './bundle-dialog.tsx';
import { PushDialog } from './push-dialog.tsx';

interface TakeOutButtonsProps {
  readonly repository: RepositoryView;
  readonly isLive: boolean;
}

export function TakeOutButtons({ repository, isLive }: TakeOutButtonsProps) {
  const [open, setOpen] = useState<'bundle' | 'push' | null>(null);
  const { fullName, mirror } = repository;
  if (mirror === null) return null;
  const close = (): void => setOpen(null);
  return (
    <>
      <Button
        label="Download as bundle"
        icon="download"
        of={fullName}
        isOff={!isLive}
        onPress={() => setOpen('bundle')}
      />
      <Button
        label="Push to another remote"
        icon="external"
        of={fullName}
        isOff={!isLive}
        onPress={() => setOpen('push')}
      />
      {open === 'bundle' && <BundleDialog repository={repository} onClose={close} />}
      {open === 'push' && <PushDialog repository={repository} onClose={close} />}
    </>
  );
}
