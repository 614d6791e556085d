/** @file What is new in the version that runs: open until it has been seen once. */
import { useEffect, useRef, useState } from 'react';
import { useClient } from '../../connection/client-context.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';

interface UpdateNotesProps {
  readonly version: string;
  readonly notes: string;
  readonly isUnread: boolean;
}

export function UpdateNotes({ version, notes, isUnread }: UpdateNotesProps) {
  const client = useClient();
  const [isOpen, setIsOpen] = useState(isUnread);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!isUnread || !isOpen || element === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      // It is told again with the next look at the settings.
      client.call('desktop.readNotes').catch(() => undefined);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [client, isUnread, isOpen]);
  return (
    <div className="place" ref={place}>
      <Disclosure summary={`What is new in ${version}`} isOpen={isOpen} onToggle={setIsOpen}>
        <NotesText text={notes} />
      </Disclosure>
    </div>
  );
}

/** A text of a server: shown as it is, line by line. */
export function NotesText({ text }: { readonly text: string }) {
  return (
    <p className="update-notes" dir="auto">
      {text}
    </p>
  );
}
