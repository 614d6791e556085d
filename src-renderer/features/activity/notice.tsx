/** @file What came of the last press. */
import type { Actions } from '../../connection/use-actions.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

export function Notice({ actions: { notice, dismiss } }: { readonly actions: Actions }) {
  const isFailure = notice?.kind === 'failed';
  return (
    <div role={isFailure ? 'alert' : 'status'} className="notice-place">
      {notice !== null && (
        <div className={isFailure ? 'notice notice-failed' : 'notice'}>
          <Icon name={isFailure ? 'alert' : 'check'} />
          <span>{notice.text}</span>
          <IconButton label="Dismiss" icon="close" onPress={dismiss} />
        </div>
      )}
    </div>
  );
}
