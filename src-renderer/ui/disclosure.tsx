/** @file Something that most people need not see, behind one line. */
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

interface DisclosureProps {
  readonly summary: ReactNode;
  /** Beside the summary, softer: how things stand behind it. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** Left out: the person alone opens and closes it. */
  readonly isOpen?: boolean;
  readonly onToggle?: (isOpen: boolean) => void;
}

export function Disclosure({ summary, aside, children, isOpen, onToggle }: DisclosureProps) {
  return (
    <details
      className="disclosure"
      {...(isOpen === undefined ? {} : { open: isOpen })}
      onToggle={(event) => onToggle?.(event.currentTarget.open)}
    >
      <summary>
        <Icon name="chevron" />
        <span className="disclosure-summary">{summary}</span>
        {aside !== undefined && <span className="disclosure-aside">{aside}</span>}
      </summary>
      <div className="disclosure-body">{children}</div>
    </details>
  );
}
