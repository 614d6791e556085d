/** @file Links that look like buttons: to another page of the window, and out of it. */
import { Link } from 'wouter';
import { Icon, type IconName } from './icon.tsx';

interface LinkButtonProps {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  readonly kind?: 'primary' | 'plain';
}

export function LinkButton({ href, label, icon, kind = 'plain' }: LinkButtonProps) {
  return (
    <Link href={href} className={`button button-${kind} link-button`}>
      <Icon name={icon} />
      <span>{label}</span>
    </Link>
  );
}

/** Its address was made by the bridge from trusted parts. */
export function ExternalLinkButton({ href, label, kind = 'plain' }: Omit<LinkButtonProps, 'icon'>) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className={`button button-${kind} link-button`}>
      <Icon name="external" />
      <span>{label}</span>
    </a>
  );
}
