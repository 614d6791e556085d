/** @file What is mirrored, in words, and the way to change it. */
import { useEffect, useState } from 'react';
import type { SelectionRulesView } from '../../../src-preload/contract/setup-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { readFailure } from '../../connection/read-failure.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { Section } from '../../ui/pieces.tsx';
import { describeRules } from './rules-sentence.ts';

function formatDate(at: number): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(at);
}

export function SelectionSection() {
  const { rules, failure } = useRules();
  return (
    <Section title="What to mirror">
      <div className="settings-rows">
        <div className="place">
          <div className="place-words">
            {rules !== null && (
              <p>
                <bdi>{describeRules(rules, formatDate).join(' ')}</bdi>
              </p>
            )}
            {rules === null && <p className="field-hint">{failure ?? 'Reading the rules.'}</p>}
          </div>
          <LinkButton href="/setup/selection" label="Change the rules" icon="arrow" />
        </div>
      </div>
    </Section>
  );
}

/** Read anew with each connection and each change of set-up. */
function useRules() {
  const client = useClient();
  const [rules, setRules] = useState<SelectionRulesView | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(
    () =>
      client.listen('setup', () => {
        client.call('selection.get').then(setRules, (thrown: unknown) => setFailure(readFailure(thrown)));
      }),
    [client],
  );
  return { rules, failure };
}
