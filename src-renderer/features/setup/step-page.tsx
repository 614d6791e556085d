/** @file The frame of one step: its heading, which takes the focus, and its content. */
import { type ReactNode, useEffect, useRef } from 'react';

interface StepPageProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly children: ReactNode;
}

export function StepPage({ title, lead, children }: StepPageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="wizard-step" aria-label={title}>
      <title>{`${title} · epicstar`}</title>
      <div>
        <h1 className="wizard-title" ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p className="wizard-lead">{lead}</p>
      </div>
      {children}
    </section>
  );
}

/** A part of a step on a ground of its own. */
export function Panel({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <section className="panel" {...(title === undefined ? {} : { 'aria-label': title })}>
      {title !== undefined && <h2 className="panel-title">{title}</h2>}
      {children}
    </section>
  );
}
