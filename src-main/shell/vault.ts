/**
 * @file Whether and how this computer keeps secrets: Electron's safeStorage, with its kinds of no. Knows no files.
 */
import type { ElectronApi } from './electron-api.ts';

export interface VaultElectron {
  readonly safeStorage: Pick<
    ElectronApi['safeStorage'],
    'isEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString'
  >;
}

/** `sealed`: encrypted with a key that the system keeps for this person. */
export type VaultState =
  | { readonly kind: 'sealed' /** In words: `your keyring (GNOME)`. */; readonly words: string }
  | { readonly kind: 'none' /** One sentence. */; readonly reason: string };

export class Vault {
  readonly #electron: VaultElectron;
  readonly #platform: NodeJS.Platform;

  constructor(electron: VaultElectron, platform: NodeJS.Platform) {
    this.#electron = electron;
    this.#platform = platform;
  }

  /** Asked anew each time: a keyring may be unlocked while the program runs. */
  state(): VaultState {
    const { safeStorage } = this.#electron;
    if (this.#platform !== 'linux') {
      const words = this.#platform === 'darwin' ? 'your keychain' : 'the data protection of your Windows account';
      if (safeStorage.isEncryptionAvailable()) return { kind: 'sealed', words };
      return { kind: 'none', reason: `The system does not give access to ${words}.` };
    }
    const backend = safeStorage.getSelectedStorageBackend();
    switch (backend) {
      case 'gnome_libsecret':
      case 'kwallet':
      case 'kwallet5':
      case 'kwallet6': {
        const name = backend === 'gnome_libsecret' ? 'Secret Service' : 'KWallet';
        if (safeStorage.isEncryptionAvailable()) return { kind: 'sealed', words: `your keyring (${name})` };
        return { kind: 'none', reason: `The keyring (${name}) does not answer or is locked.` };
      }
      // These encrypt with a password that is the same for everybody, whatever isEncryptionAvailable says; and one that
      // was not known when this was written may.
      case 'basic_text':
      case 'unknown':
      default:
        return { kind: 'none', reason: 'This desktop has no keyring that epicstar can use.' };
    }
  }

  /** @throws whatever the system throws */
  seal(value: string): Uint8Array {
    return this.#electron.safeStorage.encryptString(value);
  }

  /** Null: these bytes were sealed by another key, or are damaged. */
  unseal(bytes: Uint8Array): string | null {
    try {
      return this.#electron.safeStorage.decryptString(Buffer.from(bytes));
    } catch {
      return null;
    }
  }
}
