import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createPinoLog, type PinoLogOptions } from '../../../src-main/engine/adapters/system/pino-log.ts';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import type { Log } from '../../../src-main/engine/ports/log.ts';
import { makeDir } from './bench-dir.ts';
import { formsOf, shows } from './encodings.ts';

const now = () => Date.UTC(2026, 10, 24, 8, 0, 0);

async function openLog(change: Partial<PinoLogOptions> = {}) {
  const lines: string[] = [];
  const redactor = createRedactor();
  const stderr = (line: string) => void lines.push(line);
  const opened = await createPinoLog({ level: 'debug', format: 'json', redactor, now, stderr, ...change });
  const parsed = (): unknown[] => lines.map((line) => JSON.parse(line) as unknown);
  return { ...opened, lines, parsed, redactor };
}

async function filesOf(dir: string): Promise<string> {
  const names = (await readdir(dir)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8')));
  return texts.join('');
}

describe('a log in JSON', () => {
  it('writes level, time, message and fields, those of its parents too', async () => {
    const { log, parsed } = await openLog();
    log
      .child({ job: 7 })
      .child({ name: 'a/b' })
      .info('fetched', { bytes: 12, list: [1, null, true] });
    expect(parsed()).toEqual([
      {
        level: 'info',
        time: '2026-11-24T08:00:00.000Z',
        msg: 'fetched',
        job: 7,
        name: 'a/b',
        bytes: 12,
        list: [1, null, true],
      },
    ]);
  });

  it('leaves out what is below its level', async () => {
    const { log, lines } = await openLog({ level: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['c', 'd']);
  });

  it('writes errors with stack, data and every cause', async () => {
    const { log, parsed } = await openLog();
    const root = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const middle = new TypeError('fetch failed', { cause: root });
    log.error('it broke', {
      error: new EpicstarError('github-unavailable', 'Twice.', { cause: middle, data: { status: 502 } }),
    });
    expect(parsed()).toMatchObject([
      {
        error: {
          name: 'EpicstarError',
          code: 'github-unavailable',
          data: { status: 502 },
          stack: expect.stringContaining('pino-log.test.ts'),
          cause: {
            name: 'TypeError',
            message: 'fetch failed',
            cause: { message: 'socket hang up', code: 'ECONNRESET' },
          },
        },
      },
    ]);
  });

  it('takes values of every kind', async () => {
    const { log, parsed } = await openLog();
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = circle;
    const values = {
      circle,
      big: 12n,
      nothing: undefined,
      call: () => 1,
      nan: Number.NaN,
      date: new Date(0),
      url: new URL('https://example.org/a'),
      map: new Map([['k', 1]]),
      set: new Set([1]),
      bytes: new Uint8Array(3),
      deep: { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } },
      symbol: Symbol('s'),
    };
    log.info('values', values);
    expect(parsed()).toMatchObject([
      {
        circle: { a: 1, self: '[circular]' },
        big: '12',
        call: '[function]',
        nan: 'NaN',
        date: '1970-01-01T00:00:00.000Z',
        url: 'https://example.org/a',
        map: [['k', 1]],
        set: [1],
        bytes: '[3 bytes]',
        symbol: 'Symbol(s)',
      },
    ]);
    expect(JSON.stringify(parsed())).toContain('[deep]');
  });

  it('cuts long texts and long lists, and says so', async () => {
    const { log, lines, parsed } = await openLog();
    log.info('x'.repeat(1_000_000), {
      text: 'y'.repeat(1_000_000),
      list: Array.from({ length: 5_000 }, (_, at) => at),
    });
    expect(lines.join('').length).toBeLessThan(20_000);
    expect(parsed()).toMatchObject([{ text: expect.stringMatching(/^y{8192}… \(991808 more\)$/) }]);
    expect(lines.join('')).toContain('(4900 more)');
  });

  it('does not let fields pass for its own, nor messages for formats', async () => {
    const { log, parsed } = await openLog();
    log.info('100%s %d %o', { level: 'error', time: 'never', msg: 'other' });
    expect(parsed()).toEqual([
      {
        level: 'info',
        time: '2026-11-24T08:00:00.000Z',
        msg: '100%s %d %o',
        level_: 'error',
        time_: 'never',
        msg_: 'other',
      },
    ]);
  });
});

describe('a log in text', () => {
  it('is one readable line', async () => {
    const { log, lines } = await openLog({ format: 'text' });
    log.warn('a repository moved', { name: 'a/b', words: 'two words', count: 3, nested: { a: 1 } });
    expect(lines).toEqual([
      '2026-11-24T08:00:00.000Z WARN  a repository moved name=a/b words="two words" count=3 nested={"a":1}\n',
    ]);
  });
});

describe.each(['json', 'text'] as const)('a log in %s', (format) => {
  it('stays one line of harmless characters, whatever a text holds', async () => {
    const { log, lines } = await openLog({ format });
    const hostile =
      'a\nb\r\n2026 ERROR forged\u001b[2J\u001b]0;t\u0007\u0000\u007f\u0085\u009b\u2028\u2029\u202e\u200b\ufeff\u{e0041}';
    log.info(hostile, { [hostile]: hostile, error: new Error(hostile, { cause: hostile }) });
    log.child({ [hostile]: [hostile] }).info('child');
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line.endsWith('\n')).toBe(true);
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(line).toContain('\\u001b[2J');
    }
  });

  it('shows no secret in any form, on stderr and in files', async () => {
    const dir = await makeDir();
    const { log, lines, redactor, close } = await openLog({ format, file: { path: join(dir, 'epicstar') } });
    const secrets = ['ghp_A1b2C3d4E5f6G7h8I9j0K1l2', 'one"dev\\tok/en+5=%7E', 'pässwörd-ñandú'];
    for (const secret of secrets) redactor.add(secret);
    for (const form of secrets.flatMap(formsOf)) tellEverywhere(log, form);
    await close();
    const written = await filesOf(dir);
    expect(written).toBe(lines.join(''));
    for (const secret of secrets) expect(shows(written, secret)).toBe(false);
    expect(written.match(/\[redacted\]/g)?.length).toBeGreaterThan(1_000);
  });

  it('does not cut a secret in two', async () => {
    const { log, lines, redactor } = await openLog({ format });
    const secret = 'ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6';
    redactor.add(secret);
    for (let before = 8_150; before < 8_200; before += 1) log.info('x'.repeat(before) + secret);
    expect(shows(lines.join(''), 'A1b2C3d4E5f6')).toBe(false);
  });
});

describe('the file of a log', () => {
  it('rolls, is bounded in number, and is closed to other users', async () => {
    const dir = await makeDir();
    const file = { path: join(dir, 'logs', 'epicstar'), size: '1k', keep: 2 };
    const { log, close, flush, lines } = await openLog({ format: 'text', file });
    for (let index = 0; index < 60; index += 1) {
      log.info(`line ${index} ${'x'.repeat(200)}`);
      await flush();
      // The next file is begun between two turns of the event loop.
      await setImmediate();
    }
    await close();
    const names = await readdir(join(dir, 'logs'));
    expect(names.length).toBeGreaterThan(1);
    expect(names.length).toBeLessThanOrEqual(3);
    expect(await filesOf(join(dir, 'logs'))).toContain(lines.at(-1));
    expect((await stat(join(dir, 'logs', names[0] ?? ''))).mode & 0o777).toBe(0o600);
  });

  it('holds all that was logged once it is flushed, and goes on in the same file', async () => {
    const dir = await makeDir();
    const first = await openLog({ file: { path: join(dir, 'epicstar') } });
    first.log.info('one');
    await first.flush();
    expect(await filesOf(dir)).toContain('one');
    await first.close();
    await first.close();
    first.log.info('after the end');
    const second = await openLog({ file: { path: join(dir, 'epicstar') } });
    second.log.info('two');
    await second.close();
    expect(await readdir(dir)).toHaveLength(1);
    expect(await filesOf(dir)).toMatch(/one.*\n.*two/);
    expect(first.lines).toHaveLength(2);
  });

  it('keeps to another level on stderr', async () => {
    const dir = await makeDir();
    const { log, lines, close } = await openLog({ stderrLevel: 'warn', file: { path: join(dir, 'epicstar') } });
    log.debug('detail');
    log.warn('warning');
    await close();
    expect(lines).toHaveLength(1);
    expect(await filesOf(dir)).toMatch(/detail.*\n.*warning/);
  });

  it('that cannot be made is an error at the start', async () => {
    const dir = await makeDir();
    await writeFile(join(dir, 'file'), 'x');
    await expect(openLog({ file: { path: join(dir, 'file', 'epicstar') } })).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(/EEXIST|ENOTDIR/),
    });
  });
});

function tellEverywhere(log: Log, form: string): void {
  log.error(`message ${form}`, {
    text: form,
    [form]: { list: [form, { deep: form }] },
    url: new URL(`https://example.org/?q=${encodeURIComponent(form)}`),
    error: Object.assign(new Error(form, { cause: new TypeError(`cause ${form}`) }), { extra: form }),
    map: new Map([[form, form]]),
    json: JSON.stringify({ form }),
  });
  log.child({ inherited: form }).debug('child');
}
