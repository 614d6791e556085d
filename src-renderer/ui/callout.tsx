/** @file A few words that stand out: what failed, what to mind, what is good to know, what is done. */
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

export type CalloutKind = 'failed' | 'warning' | 'info' | 'done';

interface CalloutProps {
  readonly kind: CalloutKind;
  readonly title: ReactNode;
  readonly children?: ReactNode;
}

const icons: Readonly<Record<CalloutKind, IconName>> = {
  failed: 'alert',
  warning: 'alert',
  info: 'info',
  done: 'check',
};

/** What failed is read out as soon as it is there. */
export function Callout({ kind, title, children }: CalloutProps) {
  return (
    <div className={`callout callout-${kind}`} {...(kind === 'failed' ? { role: 'alert' } : {})}>
      <Icon name={icons[kind]} />
      <div className="callout-body">
        <p className="callout-title">{title}</p>
        {children}
      </div>
    </div>
  );
}
