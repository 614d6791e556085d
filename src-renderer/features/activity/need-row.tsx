/** @file One thing that needs the person, with what can be pressed beside it. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';

interface NeedRowProps {
  readonly icon: IconName;
  readonly tone: string;
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** What can be pressed. */
  readonly presses?: ReactNode;
}

export function NeedRow({ icon, tone, title, children, presses = null }: NeedRowProps) {
  return (
    <li className="row row-need">
      <span className={`row-icon ${tone}`}>
        <Icon name={icon} />
      </span>
      <div className="row-body">
        <p className="row-title">{title}</p>
        {children}
      </div>
      {presses !== null && <div className="row-presses">{presses}</div>}
    </li>
  );
}

export function RepositoryLink({ repository: { githubId, fullName } }: { readonly repository: RepositoryView }) {
  return (
    <Link href={`/repositories/${githubId}`}>
      <bdi>{fullName}</bdi>
    </Link>
  );
}
