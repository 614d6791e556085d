/** @file What an import would change beside settings, as the engine says; asked anew whenever the text changes. */
import { useEffect, useState } from 'react';
import { useClient } from '../../connection/client-context.tsx';

export interface OtherChange {
  readonly label: string;
  readonly from: string;
  readonly to: string;
}

interface OtherChanges {
  readonly changes: readonly OtherChange[];
  /** Why the file cannot be imported. */
  readonly failure: string | null;
}

const none: OtherChanges = { changes: [], failure: null };

const labels: Readonly<Record<string, string>> = {
  scope: 'Stars that are mirrored',
  owners: 'Owners',
  languages: 'Languages',
  topics: 'Topics',
  lists: 'GitHub Lists',
  namePatterns: 'Names',
  forks: 'Forks',
  archived: 'Archived repositories',
  privateOnes: 'Private repositories',
  askAboveKb: 'Ask above, in kB',
  include: 'Included by you',
  exclude: 'Excluded by you',
};

/** @param text null: nothing to ask about */
export function useOtherChanges(text: string | null): OtherChanges {
  const client = useClient();
  const [answer, setAnswer] = useState<{ readonly text: string; readonly seen: OtherChanges } | null>(null);
  useEffect(() => {
    if (text === null) return undefined;
    let isOver = false;
    client.call('settings.previewImport', { text }).then(
      ({ changes }) => {
        const named = changes.map(({ name, from, to }) => ({ label: labels[name] ?? name, from, to }));
        if (!isOver) setAnswer({ text, seen: { changes: named, failure: null } });
      },
      (error: unknown) => {
        const failure = error instanceof Error ? error.message : String(error);
        if (!isOver) setAnswer({ text, seen: { changes: [], failure } });
      },
    );
    return () => {
      isOver = true;
    };
  }, [client, text]);
  return answer !== null && answer.text === text ? answer.seen : none;
}
