/** @file Signing in by a token that the person made on GitHub. */
import { useState } from 'react';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { Form } from '../../ui/form.tsx';
import { ExternalLink } from '../../ui/pieces.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { useSecret } from '../../ui/use-secret.ts';

interface TokenFormProps {
  /** Null: what was typed is no address. */
  readonly apiUrl: string | null;
  readonly host: string;
  /** Null: only known for the GitHub that is set. */
  readonly tokenPage: string | null;
  readonly isLive: boolean;
  /** Called when the token was accepted; null: the state tells enough. */
  readonly onUsed: (() => void) | null;
}

export function TokenForm({ apiUrl, host, tokenPage, isLive, onUsed }: TokenFormProps) {
  const client = useClient();
  const { busy, failure, run } = useAttempt();
  const secret = useSecret();
  const [problem, setProblem] = useState<string | null>(null);
  const use = async (): Promise<void> => {
    if (!isLive || busy !== null || apiUrl === null) return;
    const token = secret.take();
    setProblem(token === null ? 'Enter the token that GitHub showed you.' : null);
    if (token === null) return;
    const account = await run('use', () => client.call('setup.useGithubToken', { apiUrl, token }));
    if (account === null) return;
    secret.forget();
    onUsed?.();
  };
  return (
    <Form label="Sign in with a token" onSubmit={() => void use()}>
      <p>
        <ExternalLink href={tokenPage}>Make a token on GitHub</ExternalLink>
        {tokenPage === null && (
          <>
            {' '}
            (<bdi>{host}</bdi>: Settings, Developer settings, Personal access tokens)
          </>
        )}
        , with no more than it needs:
      </p>
      <dl className="needs">
        <div>
          <dt>Fine-grained</dt>
          <dd>
            Account permission <b>Starring: read</b>. For private repositories also <b>Contents: read</b> and{' '}
            <b>Metadata: read</b> on them.
          </dd>
        </div>
        <div>
          <dt>Classic</dt>
          <dd>
            No scope for public stars; <b>repo</b> for private ones.
          </dd>
        </div>
      </dl>
      <SecretField
        label="GitHub token"
        secret={secret}
        problem={problem}
        hint="It is checked at GitHub first, and kept only if it works."
        onType={() => setProblem(null)}
      />
      <FailureCallout failure={failure} />
      <div className="buttons">
        <Button
          label="Check and use the token"
          icon="check"
          kind="primary"
          isOff={!isLive || apiUrl === null}
          isBusy={busy !== null}
          onPress={() => void use()}
        />
      </div>
    </Form>
  );
}
