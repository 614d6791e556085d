/** @file The editor of what to mirror: rules with what they come to, exceptions, and one button. */
import { useCallback } from 'react';
import type { SelectionRulesView } from '../../src-preload/contract/setup-views.ts';
import { countOf } from '../../src-preload/contract/words.ts';
import { useClient, useTopic } from '../connection/client-context.tsx';
import { useAttempt } from '../connection/use-attempt.ts';
import { Button } from './button.tsx';
import { Callout } from './callout.tsx';
import { FailureCallout } from './failure-callout.tsx';
import { Section, Skeleton } from './pieces.tsx';
import { Exceptions } from './selection/exceptions.tsx';
import { NamedRules } from './selection/named-rules.tsx';
import { PlainRules } from './selection/plain-rules.tsx';
import { ReadingStars } from './selection/reading-stars.tsx';
import { Totals } from './selection/totals.tsx';
import { type Preview, usePreview } from './selection/use-preview.ts';
import { useStoredRules } from './selection/use-rules.ts';

interface SelectionEditorProps {
  /** Null: those that are stored, which are then handed to `onRules`. */
  readonly rules: SelectionRulesView | null;
  readonly onRules: (rules: SelectionRulesView) => void;
  /** Whether saving begins the work. */
  readonly isStart: boolean;
  readonly isLive: boolean;
  readonly onSaved: () => void;
}

export function SelectionEditor({ rules, onRules, isStart, isLive, onSaved }: SelectionEditorProps) {
  const overview = useTopic('overview');
  const stored = useStoredRules(rules === null, onRules);
  const preview = usePreview(rules, overview?.totals.starred ?? 0);
  if (rules === null) {
    return stored.failure === null ? (
      <Skeleton rows={4} label="Loading the rules" />
    ) : (
      <>
        <FailureCallout failure={{ message: stored.failure, nextStep: null }} />
        <div className="buttons">
          <Button label="Try again" icon="retry" isOff={!isLive} onPress={stored.reload} />
        </div>
      </>
    );
  }
  return (
    <div className="selection">
      {overview !== null && <ReadingStars overview={overview} />}
      <Section title="What it comes to">
        <PreviewPart preview={preview} />
      </Section>
      <Section title="Rules">
        <div className="panel">
          <PlainRules rules={rules} onChange={onRules} />
          <NamedRules rules={rules} onChange={onRules} preview={preview.value} />
        </div>
      </Section>
      <Section title="Exceptions">
        <Exceptions preview={preview.value} isLive={isLive} />
      </Section>
      <SaveBar rules={rules} preview={preview} isStart={isStart} isLive={isLive} onSaved={onSaved} />
    </div>
  );
}

function PreviewPart({ preview: { value, isCurrent, failure } }: { readonly preview: Preview }) {
  return (
    <>
      {failure !== null && (
        <Callout kind="failed" title="What the rules come to could not be counted">
          <p>{failure}</p>
        </Callout>
      )}
      {value === null && failure === null && <Skeleton rows={2} label="Counting" />}
      {value !== null && <Totals preview={value} isCurrent={isCurrent} />}
    </>
  );
}

interface SaveBarProps {
  readonly rules: SelectionRulesView;
  readonly preview: Preview;
  readonly isStart: boolean;
  readonly isLive: boolean;
  readonly onSaved: () => void;
}

function SaveBar({ rules, preview, isStart, isLive, onSaved }: SaveBarProps) {
  const client = useClient();
  const { busy, failure, run } = useAttempt();
  const save = useCallback(async () => {
    if ((await run('save', () => client.call('selection.save', { rules }))) !== null) onSaved();
  }, [client, run, rules, onSaved]);
  const count = preview.value?.mirror.count ?? 0;
  const start = count === 0 ? 'Start mirroring' : `Start mirroring ${countOf(count, 'repository', 'repositories')}`;
  return (
    <div className="selection-save">
      <FailureCallout failure={failure} />
      <Button
        label={isStart ? start : 'Save'}
        icon={isStart ? 'play' : 'check'}
        kind="primary"
        isOff={!isLive}
        isBusy={busy !== null}
        onPress={() => void save()}
      />
    </div>
  );
}
