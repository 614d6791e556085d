/** @file Small pieces that every page is made of. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useNow } from '../connection/client-context.tsx';
import { formatAgo, formatFullTime } from './format.ts';
import { Icon } from './icon.tsx';

interface SectionProps {
  readonly title: string;
  /** Shown beside the title; null: not known yet. */
  readonly count?: string | null;
  readonly children: ReactNode;
}

export function Section({ title, count = null, children }: SectionProps) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <h2 className="section-title" id={id}>
        {title}
        {count !== null && <span className="section-count">{count}</span>}
      </h2>
      {children}
    </section>
  );
}

/** A link that leaves the window. Its address was made by the bridge from trusted parts. */
export function ExternalLink({ href, children }: { readonly href: string | null; readonly children: ReactNode }) {
  if (href === null) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** A link of one word and an icon, such as `Mirror`; nothing where there is no page. */
export function PlaceLink({
  href,
  label,
  of,
}: {
  readonly href: string | null;
  readonly label: string;
  readonly of: string;
}) {
  if (href === null) return null;
  return (
    <a className="place-link" href={href} target="_blank" rel="noopener noreferrer" aria-label={`${label}: ${of}`}>
      {label}
      <Icon name="external" />
    </a>
  );
}

export function TimeAgo({ at }: { readonly at: number }) {
  const now = useNow();
  // Of a mirror that was found at the target nobody knows.
  if (at === 0) return <span className="cell-minor">not known</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={formatFullTime(at)}>
      {formatAgo(at, now)}
    </time>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

/** In place of rows that are on their way. */
export function Skeleton({ rows, label }: { readonly rows: number; readonly label: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div className="skeleton-row" key={index} />
      ))}
    </div>
  );
}

const announceEveryMs = 30_000;

/** Reads changes out, politely and not too often. What is there at first is not read out. */
export function LiveText({ text }: { readonly text: string }) {
  const [said, setSaid] = useState('');
  const first = useRef(text);
  const saidAtMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (text === first.current) return undefined;
    first.current = '';
    const waitMs = Math.max(0, saidAtMs.current + announceEveryMs - performance.now());
    const timer = window.setTimeout(() => {
      saidAtMs.current = performance.now();
      setSaid(text);
    }, waitMs);
    return () => window.clearTimeout(timer);
  }, [text]);
  return (
    <p className="visually-hidden" role="status">
      {said}
    </p>
  );
}
