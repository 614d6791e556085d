/** @file How to get a client id, without which GitHub gives no codes, and the field for it. */
import { useState } from 'react';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { TextField } from '../../ui/fields.tsx';
import { Form } from '../../ui/form.tsx';
import { ExternalLink } from '../../ui/pieces.tsx';

interface ClientIdFormProps {
  /** Null: only known for the GitHub that is set. */
  readonly appPage: string | null;
  readonly isLive: boolean;
}

export function ClientIdForm({ appPage, isLive }: ClientIdFormProps) {
  const client = useClient();
  const { busy, failure, run } = useAttempt();
  const [clientId, setClientId] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const save = (): void => {
    if (!isLive || busy !== null) return;
    const githubClientId = clientId.trim();
    setProblem(githubClientId === '' ? 'Paste the client id of your app.' : null);
    if (githubClientId !== '') void run('save', () => client.call('settings.change', { change: { githubClientId } }));
  };
  return (
    <Form label="Set a client id" onSubmit={save}>
      <p>Signing in by a code takes a client id, and this build has none. You get one in two minutes:</p>
      <ol className="numbered">
        <li>
          <ExternalLink href={appPage}>Register an OAuth app on GitHub</ExternalLink>; any name and any homepage URL
          will do.
        </li>
        <li>
          Tick <b>Enable Device Flow</b> there and save.
        </li>
        <li>Paste the client id here. It is no secret.</li>
      </ol>
      <TextField
        label="Client id"
        value={clientId}
        onChange={setClientId}
        problem={problem}
        placeholder="Ov23li…"
        isCode
      />
      <FailureCallout failure={failure} />
      <div className="buttons">
        <Button label="Save the client id" icon="check" isOff={!isLive} isBusy={busy !== null} onPress={save} />
      </div>
    </Form>
  );
}
