/** @file What a test of a target found, one line each as it comes. */
import type { CheckItemView } from '../../../src-preload/contract/setup-views.ts';
import { Button } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import type { TargetTest } from './use-target-test.ts';

const marks: Readonly<Record<CheckItemView['state'], { readonly icon: IconName; readonly word: string }>> = {
  ok: { icon: 'check', word: 'OK' },
  warning: { icon: 'alert', word: 'Warning' },
  failed: { icon: 'cross', word: 'Failed' },
};

const names: Readonly<Record<string, string>> = {
  root: 'Parent project',
  'manage project': 'Right to manage',
  'create projects': 'Right to create',
  push: 'Right to push',
  'server address': 'Own address',
  write: 'Writing',
};

function describeName(name: string): string {
  return names[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

interface FindingsProps {
  readonly test: TargetTest;
  readonly isLive: boolean;
  /** The form was changed since. */
  readonly isOutdated: boolean;
}

export function Findings({ test: { items, isRunning, isSaved, cancel }, isLive, isOutdated }: FindingsProps) {
  if (items === null && !isRunning) return null;
  return (
    <section className="findings" aria-label="What the test found">
      {items !== null && items.length > 0 && (
        <ul className="rows">
          {items.map((item) => (
            <Finding key={`${item.name} ${item.finding}`} item={item} />
          ))}
        </ul>
      )}
      {isRunning && (
        <div className="findings-foot">
          <span className="under-way">
            <Icon name="sync" spinning={isLive} />
            {items === null || items.length === 0 ? 'Testing' : 'Testing goes on'}
          </span>
          <Button label="Cancel the test" icon="close" isOff={!isLive} onPress={cancel} />
        </div>
      )}
      {isOutdated && !isRunning && <p className="panel-note">Changed since this test; test again to be sure.</p>}
      <p className="visually-hidden" role="status">
        {isRunning ? '' : summarize(items ?? [], isSaved)}
      </p>
    </section>
  );
}

function Finding({ item: { name, state, finding, nextStep } }: { readonly item: CheckItemView }) {
  const { icon, word } = marks[state];
  return (
    <li className="row">
      <span className={`finding-mark finding-${state}`}>
        <Icon name={icon} />
        {word}
      </span>
      <div className="row-body">
        <p className="row-title">{describeName(name)}</p>
        <p className="finding-words">
          <bdi>{finding}</bdi>
        </p>
        {nextStep !== null && (
          <p className="finding-words finding-next">
            <bdi>{nextStep}</bdi>
          </p>
        )}
      </div>
    </li>
  );
}

function summarize(items: readonly CheckItemView[], isSaved: boolean): string {
  if (items.length === 0) return '';
  const failed = items.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return isSaved ? 'Everything works, and is saved.' : 'Everything works.';
  return `The test failed: ${failed.map(({ finding }) => finding).join(' ')}`;
}
