/** @file The fields of OneDev: address, risk, token, parent project, certificate authority. */
import { useState } from 'react';
import type { SetupView } from '../../../src-preload/contract/setup-views.ts';
import { Disclosure } from '../../ui/disclosure.tsx';
import { TextField } from '../../ui/fields.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import type { Secret } from '../../ui/use-secret.ts';
import { FixedNote } from './fixed-note.tsx';
import { InsecureRisk } from './insecure-risk.tsx';
import type { OnedevProblems } from './onedev-problems.ts';
import type { TargetDraft, TargetForm } from './target-draft.ts';

interface OnedevFieldsProps {
  readonly setup: SetupView;
  readonly form: TargetForm;
  readonly onChange: (change: Partial<TargetDraft>) => void;
  readonly secret: Secret;
  readonly problems: OnedevProblems & { readonly token: string | null };
  readonly onTypeToken: () => void;
  readonly needsCaFile: boolean;
}

export function OnedevFields(props: OnedevFieldsProps) {
  const { setup, form, onChange, problems } = props;
  const { fixed } = setup;
  return (
    <>
      <TextField
        label="Address"
        value={form.url}
        onChange={(url) => onChange({ url })}
        problem={problems.url ?? null}
        placeholder="https://onedev.example.org"
        isOff={fixed.includes('onedevUrl')}
        hint={
          fixed.includes('onedevUrl')
            ? fixedHint('EPICSTAR_ONEDEV_URL')
            : 'As you open it in the browser, without the path of a project.'
        }
        isCode
      />
      {form.isReadable && form.address !== null && (
        <InsecureRisk
          address={form.address}
          isAccepted={form.isRiskAccepted}
          problem={problems.risk ?? null}
          onAccept={(isAccepted) => onChange({ acceptedAddress: isAccepted ? form.address : null })}
        />
      )}
      <TokenPart {...props} />
      <TextField
        label="Parent project"
        value={form.root}
        onChange={(root) => onChange({ root })}
        problem={problems.root ?? null}
        isOff={fixed.includes('onedevRoot')}
        hint={
          fixed.includes('onedevRoot') ? (
            fixedHint('EPICSTAR_ONEDEV_ROOT')
          ) : (
            <>
              Mirrors go below it, as <bdi>{form.root.trim() === '' ? 'github' : form.root.trim()}</bdi>/owner/name.
            </>
          )
        }
        isCode
      />
      <CaFilePart {...props} />
    </>
  );
}

function fixedHint(variable: string) {
  return (
    <>
      Decided outside: <code>{variable}</code> in the environment, or the command line.
    </>
  );
}

function TokenPart({ setup, form, secret, problems, onTypeToken }: OnedevFieldsProps) {
  if (setup.fixed.includes('onedev-token'))
    return <FixedNote what="The token" variable="EPICSTAR_ONEDEV_TOKEN" isSecret />;
  return (
    <SecretField
      label="Access token"
      secret={secret}
      problem={problems.token}
      onType={onTypeToken}
      {...(form.hasStoredToken ? { placeholder: 'Stored; leave empty to keep it' } : {})}
      hint={
        form.otherTokenAddress === null ? (
          'Made in OneDev, under your account: Access Tokens. Which rights it needs is told below.'
        ) : (
          <>
            The stored token belongs to <bdi>{form.otherTokenAddress}</bdi> and is not sent elsewhere: enter one of this
            server.
          </>
        )
      }
    />
  );
}

function CaFilePart({ setup, form, onChange, needsCaFile }: OnedevFieldsProps) {
  const [isOpen, setIsOpen] = useState(form.caFile !== '');
  const [wasNeeded, setWasNeeded] = useState(false);
  // Opened once for each finding that asks for it; the person may close it again.
  if (needsCaFile !== wasNeeded) {
    setWasNeeded(needsCaFile);
    if (needsCaFile) setIsOpen(true);
  }
  const isFixed = setup.fixed.includes('caFile');
  return (
    <Disclosure
      summary="A certificate authority of your own"
      aside={form.caFile === '' ? 'none' : <bdi>{form.caFile}</bdi>}
      isOpen={isOpen}
      onToggle={setIsOpen}
    >
      <TextField
        label="CA file"
        value={form.caFile}
        onChange={(caFile) => onChange({ caFile })}
        isOff={isFixed}
        placeholder="/etc/ssl/my-authority.pem"
        problem={
          needsCaFile ? 'The certificate of the server is not trusted: name the file of its authority here.' : null
        }
        hint={
          isFixed
            ? fixedHint('EPICSTAR_CA_FILE')
            : 'Whole path of a PEM file on the computer that epicstar runs on. A self-signed certificate is its own authority.'
        }
        isCode
      />
    </Disclosure>
  );
}
