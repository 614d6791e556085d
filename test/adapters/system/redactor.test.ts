import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import { formsOf, shows } from './encodings.ts';

const secrets = [
  'ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8',
  'github_pat_11ABCDEFG0123456789_abcdefghijklmnop',
  'onedev+token/with=signs&more?',
  'qu"ote\\back/slash%20~x',
  'pässwörd-ñandú-ключ',
  '8letters',
  'with spaces (and) *more*!',
];

describe('the redactor', () => {
  it.each(secrets)('removes %s in every form, alone and inside a text', (secret) => {
    const redactor = createRedactor();
    redactor.add(secret);
    for (const form of formsOf(secret)) {
      expect(shows(form, secret)).toBe(true);
      for (const text of [form, `Authorization: Basic ${form}`, `"a":"${form}",`, `x\n${form}\n${form} y`]) {
        const clean = redactor.redact(text);
        expect({ form, text, clean, isShown: shows(clean, secret) }).toMatchObject({ isShown: false });
        expect(clean).toContain('[redacted]');
      }
    }
  });

  it('keeps what stands around', () => {
    const redactor = createRedactor();
    redactor.add('ghp_0123456789abcdef');
    expect(redactor.redact('before ghp_0123456789abcdef, after')).toBe('before [redacted], after');
    expect(redactor.redact('https://u:ghp_0123456789abcdef@host/p')).toBe('https://u:[redacted]@host/p');
    const basic = Buffer.from('x-access-token:ghp_0123456789abcdef').toString('base64');
    expect(redactor.redact(`Authorization: Basic ${basic}\r\n`)).toBe('Authorization: Basic [redacted]\r\n');
    expect(redactor.redact('nothing to see')).toBe('nothing to see');
  });

  it('knows several, also where one is the beginning of another', () => {
    const redactor = createRedactor();
    for (const secret of ['secret-one', 'secret-one-and-more', 'another-secret', 'secret-one']) redactor.add(secret);
    expect(redactor.redact('secret-one-and-more secret-one another-secret')).toBe('[redacted] [redacted] [redacted]');
  });

  it('passes over what is too short to be told from words', () => {
    const redactor = createRedactor();
    redactor.add('');
    redactor.add('master');
    expect(redactor.redact('refs/heads/master')).toBe('refs/heads/master');
  });

  it('leaves JSON as JSON', () => {
    const redactor = createRedactor();
    const secret = 'nabcdefgh12345';
    redactor.add(secret);
    const hidden = Buffer.from(secret).toString('base64');
    for (const before of ['', '\n', '\\', '"', '\t', '\u0001', 'n\n', '\\n']) {
      const line = JSON.stringify({ a: `${before}${hidden}`, b: `${before}b${hidden}"`, c: `${before} ${secret}` });
      const clean: unknown = JSON.parse(redactor.redact(line));
      expect(shows(JSON.stringify(clean), secret)).toBe(false);
    }
  });

  it('removes any token at any place of any text', () => {
    const token = fc.string({ minLength: 10, maxLength: 40, unit: fc.constantFrom(...'abcXYZ0189_-+/=.~'.split('')) });
    const around = fc.string({ maxLength: 12 });
    const removed = fc.property(token, around, around, fc.boolean(), (secret, before, after, isUrlSafe) => {
      const redactor = createRedactor();
      redactor.add(secret);
      const hidden = Buffer.from(before + secret + after).toString(isUrlSafe ? 'base64url' : 'base64');
      for (const text of [`${before}${secret}${after}`, hidden, JSON.stringify({ [secret]: hidden })]) {
        expect(redactor.redact(text)).not.toContain(secret);
        expect(Buffer.from(redactor.redact(text), 'base64').toString()).not.toContain(secret);
      }
    });
    fc.assert(removed, { numRuns: 300 });
  });

  it('is quick on long texts', () => {
    const redactor = createRedactor();
    secrets.forEach((secret) => redactor.add(secret));
    const text = 'QUJD'.repeat(250_000);
    const start = performance.now();
    expect(redactor.redact(text)).toBe(text);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
