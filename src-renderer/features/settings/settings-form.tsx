/** @file All settings in their groups, and the saving of what was changed. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { SettingView } from '../../../src-preload/contract/setup-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Empty, Section } from '../../ui/pieces.tsx';
import { SaveBar } from './save-bar.tsx';
import { factOf, settingGroups } from './setting-facts.ts';
import { SettingRow } from './setting-row.tsx';
import { blame, changeOf, type Drafts, problemOf } from './setting-texts.ts';
import { useDrafts } from './use-drafts.ts';
import type { SettingList } from './use-setting-list.ts';

interface SettingsFormProps {
  readonly list: SettingList;
  readonly settings: readonly SettingView[];
  /** Only those are shown; what was typed elsewhere stays. */
  readonly isShown: (setting: SettingView) => boolean;
  readonly isLive: boolean;
}

export function SettingsForm({ list, settings, isShown, isLive }: SettingsFormProps) {
  const { drafts, setDraft, forget, forgetAll } = useDrafts();
  const saving = useSaving(list, forget);
  const form = useRef<HTMLDivElement>(null);
  const { refused } = saving;
  useEffect(() => {
    if (refused !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refused]);

  const change = changeOf(settings, drafts);
  const problems = new Map(
    settings.flatMap((setting): [string, string][] => {
      const { name } = setting;
      const typed = change[name];
      if (typed === undefined) return [];
      const problem = refused?.name === name ? refused.problem : typed === null ? null : problemOf(setting, typed);
      return problem === null ? [] : [[name, problem]];
    }),
  );
  // What the engine refused may be sent again: what it takes may have changed meanwhile.
  const wrong = [...problems.keys()].filter((name) => name !== refused?.name).length;
  const shown = settings.filter((setting) => isShown(setting) || problems.has(setting.name));
  const edit = (name: string, draft: string | null | undefined): void => {
    setDraft(name, draft);
    saving.edited(name);
  };
  return (
    <div className="settings-form" ref={form} onFocus={({ target }) => showFocused(target)}>
      {shown.length === 0 && <Empty>No setting matches this.</Empty>}
      {settingGroups.map(({ name: group, title }) => {
        const members = shown.filter((setting) => factOf(setting).group === group);
        if (members.length === 0) return null;
        return (
          <Section key={group} title={title}>
            <div className="settings-rows">
              {members.map((setting) => (
                <SettingRow
                  key={setting.name}
                  setting={setting}
                  draft={drafts[setting.name]}
                  problem={problems.get(setting.name) ?? null}
                  onChange={(draft) => edit(setting.name, draft)}
                />
              ))}
            </div>
          </Section>
        );
      })}
      <SaveBar
        changed={Object.keys(change).length}
        wrong={wrong}
        isBusy={saving.isBusy}
        isLive={isLive}
        failure={refused === null ? saving.failure : null}
        done={saving.done}
        onSave={() => saving.save(settings, change, drafts)}
        onDiscard={() => {
          forgetAll();
          saving.clear();
        }}
        onDismiss={saving.clear}
      />
    </div>
  );
}

/** The keyboard would leave it below the bar of changes. What a mouse presses stays where it is. */
function showFocused(target: Element): void {
  if (target.closest('.setting') !== null && target.matches(':focus-visible')) {
    target.scrollIntoView({ block: 'nearest' });
  }
}

function useSaving({ read }: SettingList, forget: (sent: Drafts) => void) {
  const client = useClient();
  const { busy, failure, run, clear: clearFailure } = useAttempt();
  const [sent, setSent] = useState<readonly string[]>([]);
  const [done, setDone] = useState<string | null>(null);
  const refused = useMemo(() => (failure === null ? null : blame(failure.message, sent)), [failure, sent]);

  const save = async (settings: readonly SettingView[], change: Drafts, drafts: Drafts): Promise<void> => {
    setSent(Object.keys(change));
    setDone(null);
    const saved = await run('save', async () => {
      await client.call('settings.change', { change });
      forget(drafts);
      await read();
      return true;
    });
    if (saved !== null) setDone(doneWords(settings.filter(({ name }) => Object.hasOwn(change, name))));
  };
  const clear = (): void => {
    clearFailure();
    setDone(null);
  };
  return {
    isBusy: busy !== null,
    failure,
    refused,
    done,
    save: (...args: Parameters<typeof save>): void => void save(...args),
    clear,
    /** What was refused is being corrected. */
    edited: (name: string): void => {
      setDone(null);
      if (refused?.name === name) clearFailure();
    },
  };
}

function doneWords(changed: readonly SettingView[]): string {
  const later = changed.map(factOf).filter(({ atNextStart }) => atNextStart === true);
  if (later.length === 0) return 'Saved. Work goes on with it.';
  const labels = later.map(({ label }) => `“${label}”`).join(' and ');
  return later.length === changed.length
    ? `Saved. ${labels} ${later.length === 1 ? 'acts' : 'act'} at the next start of epicstar.`
    : `Saved. Work goes on with it; ${labels} ${later.length === 1 ? 'acts' : 'act'} at the next start of epicstar.`;
}
