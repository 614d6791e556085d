/** @file Says that something is decided outside and cannot be changed here. */
import { Callout } from '../../ui/callout.tsx';

interface FixedNoteProps {
  /** What is decided: `The address of GitHub`. */
  readonly what: string;
  /** Environment variable of that meaning. */
  readonly variable: string;
  readonly value?: string | null;
  /** A token, which never comes from a command line. */
  readonly isSecret?: boolean;
}

export function FixedNote({ what, variable, value = null, isSecret = false }: FixedNoteProps) {
  return (
    <Callout
      kind="info"
      title={
        <>
          {what} is decided outside
          {value !== null && (
            <>
              : <bdi>{value}</bdi>
            </>
          )}
        </>
      }
    >
      <p>
        It comes from <code>{variable}</code>
        {isSecret ? (
          <>
            , <code>{variable}_FILE</code> or a credential of the service
          </>
        ) : (
          ' in the environment or from the command line'
        )}
        . Change it there, then start epicstar again.
      </p>
    </Callout>
  );
}
