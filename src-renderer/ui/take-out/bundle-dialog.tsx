/** @file A mirror as one file: made by the engine from what the mirror server has, then handed to the browser. */
import { useEffect, useRef, useState } from 'react';
import type { HandoutView } from '../../../src-preload/contract/handout-calls.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf, formatBytes } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { Button } from '../button.tsx';
import { CopyButton } from '../copy-button.tsx';
import { Dialog } from '../dialog.tsx';
import { FailureCallout } from '../failure-callout.tsx';
import { CheckField } from '../fields.tsx';
import { Icon } from '../icon.tsx';
import { HandoutProblem, HandoutProgress } from './handout-progress.tsx';
import { isUnderWay, useHandout } from './use-handout.ts';

interface BundleDialogProps {
  readonly repository: RepositoryView;
  /** What was begun before. */
  readonly found: HandoutView | null;
  readonly onClose: () => void;
}

export function BundleDialog({ repository: { githubId, fullName }, found, onClose }: BundleDialogProps) {
  const client = useClient();
  const { handout, isBeginning, failure, begin, end } = useHandout(found);
  const [withKept, setWithKept] = useState(false);
  const close = (): void => {
    end();
    onClose();
  };
  const make = (): void => void begin(() => client.call('handouts.bundle', { githubId, withKept }));
  const goesOn = isUnderWay(handout);
  const isMade = handout?.state === 'done';
  return (
    <Dialog
      title="Download as bundle"
      isOpen
      onClose={close}
      actions={
        <>
          <Button label={isMade ? 'Close' : 'Cancel'} icon={isMade ? 'check' : 'close'} onPress={close} />
          {!goesOn && !isMade && (
            <Button
              label={handout === null ? 'Make the bundle' : 'Try again'}
              icon="download"
              kind="primary"
              isBusy={isBeginning}
              onPress={make}
            />
          )}
        </>
      }
    >
      {handout === null && (
        <>
          <p>
            One file with all branches and tags of <bdi>{fullName}</bdi>, read from the mirror as it is now. git clones
            from it as from a server. Files kept by Git LFS are not in it.
          </p>
          <CheckField
            label="With the old tips that the mirror keeps"
            hint="What upstream rewrote or deleted. git clone leaves it out; git fetch can name it."
            isChecked={withKept}
            onChange={setWithKept}
          />
        </>
      )}
      {handout !== null && goesOn && <HandoutProgress handout={handout} label="Bundle" />}
      {handout !== null && !goesOn && !isMade && <HandoutProblem handout={handout} />}
      {handout?.state === 'done' && <Made handout={handout} />}
      <FailureCallout failure={failure} />
    </Dialog>
  );
}

/** Hands the file over once, by itself. */
function Made({ handout: { id, bundle } }: { readonly handout: HandoutView }) {
  const link = useRef<HTMLAnchorElement>(null);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    link.current?.click();
  }, []);
  if (bundle === null) return null;
  const command = `git clone ${bundle.fileName}`;
  return (
    <>
      <p role="status">
        <code>{bundle.fileName}</code>, {countOf(bundle.refs, 'ref')}, {formatBytes(bundle.bytes)}: the download has
        begun. If it did not, begin it again within the hour.
      </p>
      <p className="row-line">
        <code>{command}</code> makes a repository of it.
      </p>
      <div className="buttons">
        <a
          ref={link}
          href={`/api/bundles/${id}`}
          download={bundle.fileName}
          className="button button-plain link-button"
        >
          <Icon name="download" />
          <span>Begin it again</span>
        </a>
        <CopyButton text={command} label="Copy command" />
      </div>
    </>
  );
}
