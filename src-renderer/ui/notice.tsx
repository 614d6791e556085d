/** @file What came of the last press. */
import type { Actions } from '../connection/use-actions.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

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
