/** @file Where this program keeps secrets. */
import type { SecretsView } from '../../../src-preload/contract/desktop-views.ts';
import { AllowPlainButton } from '../../ui/desktop/allow-plain.tsx';

export function DesktopSecrets({ secrets }: { readonly secrets: SecretsView }) {
  return (
    <section className="place" aria-label="Secrets">
      <div className="place-words">
        <h3 className="place-title">Secrets</h3>
        <Words secrets={secrets} />
      </div>
      {secrets.kind === 'plain-refused' && (
        <div className="buttons">
          <AllowPlainButton />
        </div>
      )}
    </section>
  );
}

function Words({ secrets }: { readonly secrets: SecretsView }) {
  switch (secrets.kind) {
    case 'keyring':
      return (
        <>
          <p>
            Tokens are kept encrypted by <bdi>{secrets.words}</bdi>.
          </p>
          <p className="field-hint">epicstar serve on the same data directory cannot read them.</p>
        </>
      );
    case 'plain-refused':
      return (
        <>
          <p className="field-problem">
            <bdi>{secrets.reason}</bdi> No token can be stored.
          </p>
          <p className="field-hint">
            Unlock or install a keyring (GNOME Keyring or KWallet) and start epicstar again, or allow plain files.
          </p>
        </>
      );
    case 'plain-allowed':
      return (
        <>
          <p>Tokens are kept in files that only your user account can read, as you allowed.</p>
          <p className="field-hint">
            <bdi>{secrets.reason}</bdi> Once there is one, what is stored moves there by itself.
          </p>
        </>
      );
  }
}
