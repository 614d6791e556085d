/** @file For whoever has no account at hand. */
import { CopyButton } from '../../ui/copy-button.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';

const command = 'npm run demo';

export function PlaygroundHint() {
  return (
    <Disclosure summary="No account at hand?">
      <p>
        Run <code>{command}</code> in the folder of epicstar. It mirrors made-up repositories between a stand-in for
        GitHub and one for OneDev, all on this computer.
      </p>
      <div className="buttons">
        <CopyButton text={command} label="Copy command" />
      </div>
    </Disclosure>
  );
}
