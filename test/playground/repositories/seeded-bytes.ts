/** @file Bytes and numbers that look random and are the same for the same seed; nothing here is secret. */
import { type Cipheriv, createCipheriv, createHash } from 'node:crypto';

/** A stream cipher over zeros: gigabytes a second, and no compressor finds a pattern. */
export class SeededBytes {
  readonly #cipher: Cipheriv;

  constructor(seed: string) {
    const key = createHash('sha256').update(seed).digest();
    this.#cipher = createCipheriv('aes-128-ctr', key.subarray(0, 16), key.subarray(16));
  }

  take(count: number): Buffer {
    return this.#cipher.update(Buffer.alloc(count));
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + (this.take(4).readUInt32LE() % (most - least + 1));
  }
}
