/** @file The settings as a file: export, and import. */
import { useState } from 'react';
import type { SettingView } from '../../../src-preload/contract/setup-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useActions } from '../../connection/use-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/pieces.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { ImportDialog } from './import-dialog.tsx';

interface FileSectionProps {
  readonly settings: readonly SettingView[];
  readonly isLive: boolean;
  readonly onImported: () => void;
}

export function FileSection({ settings, isLive, onImported }: FileSectionProps) {
  const client = useClient();
  const actions = useActions();
  const [isImporting, setIsImporting] = useState(false);
  const exportSettings = async (): Promise<string> => {
    const { text } = await client.call('settings.export');
    saveFile('epicstar-settings.json', 'application/json', text);
    return 'The settings were exported as epicstar-settings.json.';
  };
  const imported = async (): Promise<string> => {
    onImported();
    return 'The settings were imported. Work goes on with them.';
  };
  return (
    <Section title="Settings as a file">
      <div className="settings-rows">
        <div className="place">
          <p className="place-words">
            Your settings, the rules of what to mirror and your choices about single repositories, to keep or to take to
            another computer. No token and no password is in it.
          </p>
          <div className="buttons">
            <Button
              label="Export settings"
              icon="download"
              isOff={!isLive}
              isBusy={actions.busy.has('export')}
              onPress={() => actions.run('export', exportSettings)}
            />
            <Button
              label="Import settings"
              icon="up"
              isOff={!isLive}
              onPress={() => {
                actions.dismiss();
                setIsImporting(true);
              }}
            />
          </div>
        </div>
      </div>
      <Notice actions={actions} />
      <ImportDialog
        settings={settings}
        isOpen={isImporting}
        isLive={isLive}
        onClose={() => setIsImporting(false)}
        onImported={() => actions.run('import', imported)}
      />
    </Section>
  );
}
