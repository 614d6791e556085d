/** @file A safeStorage that keeps to what Electron's documentation says of it, with a key that tests can change. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { VaultElectron } from '../../src-main/shell/vault.ts';

type Backend = ReturnType<VaultElectron['safeStorage']['getSelectedStorageBackend']>;

/** Encrypts for real; bytes of another key, and damaged ones, throw. */
export class DocumentedStorage {
  backend: Backend = 'gnome_libsecret';
  isUnlocked = true;
  key = 'first key';
  sealed = 0;

  isEncryptionAvailable(): boolean {
    return this.isUnlocked;
  }

  getSelectedStorageBackend(): Backend {
    return this.backend;
  }

  encryptString(text: string): Buffer {
    if (!this.isUnlocked) throw new Error('Error while encrypting the text provided to safeStorage.encryptString.');
    this.sealed += 1;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key(), nonce);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from('v11'), nonce, cipher.getAuthTag(), body]);
  }

  decryptString(bytes: Buffer): string {
    const failed = new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.');
    if (!this.isUnlocked || bytes.subarray(0, 3).toString() !== 'v11' || bytes.length < 31) throw failed;
    const decipher = createDecipheriv('aes-256-gcm', this.#key(), bytes.subarray(3, 15));
    decipher.setAuthTag(bytes.subarray(15, 31));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(31)), decipher.final()]).toString('utf8');
    } catch {
      throw failed;
    }
  }

  #key(): Buffer {
    return createHash('sha256').update(this.key).digest();
  }
}
