/** @file Everything that can be set. */
import { useState } from 'react';
import type { DesktopView } from '../../../src-preload/contract/desktop-views.ts';
import type { SettingView, SetupView } from '../../../src-preload/contract/setup-views.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/fields.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/pieces.tsx';
import { AboutSection } from './about-section.tsx';
import { AccountsSection } from './accounts-section.tsx';
import { DesktopSection } from './desktop-section.tsx';
import { FileSection } from './file-section.tsx';
import { SelectionSection } from './selection-section.tsx';
import { factOf } from './setting-facts.ts';
import { SettingsForm } from './settings-form.tsx';
import { UpdatesSection } from './updates-section.tsx';
import { useSettingList } from './use-setting-list.ts';

interface SettingsPageProps {
  /** False: there is no connection, and nothing can be pressed. */
  readonly isLive: boolean;
  readonly setup: SetupView;
  /** Null in a browser. */
  readonly desktop: DesktopView | null;
}

export function SettingsPage({ isLive, setup, desktop }: SettingsPageProps) {
  const list = useSettingList();
  const [wanted, setWanted] = useState('');
  const { settings, failure, read } = list;
  return (
    <main className={isLive ? 'page' : 'page page-old'} aria-labelledby="settings-title">
      <title>Settings · epicstar</title>
      <h1 id="settings-title" className="page-title">
        Settings
      </h1>
      <AccountsSection setup={setup} isLive={isLive} />
      <SelectionSection />
      {desktop !== null && <DesktopSection desktop={desktop} />}
      {failure !== null && (
        <div className="notice notice-failed" role="alert">
          <Icon name="alert" />
          <span>The settings could not be read. {failure}</span>
          <Button label="Try again" icon="retry" isOff={!isLive} onPress={() => void read()} />
        </div>
      )}
      {settings === null && failure === null && <Skeleton rows={6} label="Reading the settings" />}
      {settings !== null && (
        <>
          <TextField kind="search" label="Find a setting" value={wanted} onChange={setWanted} />
          <SettingsForm
            list={list}
            settings={settings}
            isShown={(setting) => matches(setting, wanted)}
            isLive={isLive}
          />
          <FileSection settings={settings} isLive={isLive} onImported={() => void read()} />
        </>
      )}
      {desktop !== null && <UpdatesSection desktop={desktop} />}
      <AboutSection isLive={isLive} />
    </main>
  );
}

/** Every word is somewhere in what is said of it, in its name, or in that of its variable. */
function matches(setting: SettingView, wanted: string): boolean {
  const { label, line } = factOf(setting);
  const text = `${label} ${line} ${setting.name} ${setting.variable}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
