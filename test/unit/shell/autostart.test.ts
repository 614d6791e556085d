/** @file Run on login: real files, odd paths, and login items that answer as Electron's documentation says. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AutostartOptions, createAutostart, isLoginStart } from '../../../src-main/shell/autostart.ts';
import { escapeString, execLine, readEntry, whyUnfit } from '../../../src-main/shell/desktop-entry.ts';

async function makeDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-autostart-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

type LoginApp = AutostartOptions['app'];
type LoginItem = ReturnType<LoginApp['getLoginItemSettings']>;

const noItem: LoginItem = {
  openAtLogin: false,
  wasOpenedAtLogin: false,
  status: 'not-registered',
  executableWillLaunchAtLogin: false,
  launchItems: [],
};

const unused: LoginApp = {
  getLoginItemSettings: () => {
    throw new Error('Linux has no login items');
  },
  setLoginItemSettings: () => {
    throw new Error('Linux has no login items');
  },
};

async function bench(options: Partial<AutostartOptions> = {}) {
  const homeDir = await makeDir();
  const whole = { app: unused, platform: 'linux', env: {}, homeDir, execPath: '/opt/epicstar/epicstar', appPath: null };
  const autostart = createAutostart({ ...whole, ...options, platform: options.platform ?? 'linux' });
  return { autostart, homeDir, path: join(homeDir, '.config', 'autostart', 'epicstar.desktop') };
}

/** What a desktop starts for an Exec value, read by the specification alone: value type, quoting, field codes. */
function startedBy(value: string): string[] {
  const text = value.replace(/\\([sntr\\])/g, (_, sign: string) => {
    const meant: Record<string, string> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };
    return meant[sign] ?? '';
  });
  const words: string[] = [];
  const pattern = /"((?:[^"\\]|\\["`$\\])*)"|([^\s"'\\><~|&;$*?#()`]+)|( +)/gy;
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    at += match[0].length;
    const [, quoted, bare] = match;
    const word = quoted === undefined ? bare : quoted.replace(/\\(["`$\\])/g, '$1');
    if (word !== undefined) words.push(word);
  }
  if (at !== text.length) throw new Error(`not by the specification from here: ${text.slice(at)}`);
  return words.map((word) =>
    word.replace(/%(.)?/g, (_, code: string | undefined) => {
      if (code !== '%') throw new Error(`a field code was left: %${code ?? ''}`);
      return '%';
    }),
  );
}

const oddPaths = [
  '/opt/my apps/epicstar',
  '/home/ü mläut/星/epicstar',
  '/opt/$HOME/`id`/$(id)/epicstar',
  String.raw`/opt/back\slash\"quote"/epicstar`,
  "/opt/it's; rm -rf ~ & | > < * ? # ()/epicstar",
  '/opt/100%/%f/%U/%%/epicstar',
  '/opt/[Desktop Entry]/epicstar',
  '/opt/a=b/epicstar',
];

/** Without the shell that stands before a path which a desktop would not find. */
const withoutShell = (words: readonly string[]): readonly string[] =>
  words[0] === '/bin/sh' && words[1] === '-c' && words[2] === 'exec "$0" "$@"' ? words.slice(3) : words;

describe('an Exec line', () => {
  it.each(oddPaths)('starts %s and nothing else', (path) => {
    expect(withoutShell(startedBy(execLine(path, ['--hidden'])))).toEqual([path, '--hidden']);
  });

  it('says any command again', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(
        word.filter((text) => text !== ''),
        fc.array(word, { maxLength: 4 }),
        (path, args) => {
          const line = execLine(path, args);
          expect(line).not.toMatch(/[\n\r]/);
          expect(withoutShell(startedBy(line))).toEqual([path, ...args]);
        },
      ),
    );
  });

  it('is plain where nothing needs quotes', () => {
    expect(execLine('/opt/epicstar/epicstar', ['--hidden'])).toBe('/opt/epicstar/epicstar --hidden');
  });

  it.each(['/opt/a\nExec=evil', '/opt/a\u0000b'])('is refused for %j', (path) => {
    expect(whyUnfit(path)).not.toBeNull();
    expect(() => execLine(path, [])).toThrow('cannot carry');
    expect(() => execLine('/opt/epicstar', ['a\nb'])).toThrow('cannot carry');
  });
});

describe('a desktop file', () => {
  it('is read by its own group alone, the last word of a key counts', () => {
    const text =
      '# Hidden=true\n[Other]\nHidden=true\n[Desktop Entry]\nName = a = b\nHidden=true\nHidden=false\n[Action x]\nExec=y\n';
    expect([...readEntry(text)]).toEqual([
      ['Name', 'a = b'],
      ['Hidden', 'false'],
    ]);
  });

  it('escapes what stands at the start and backslashes', () => {
    expect(escapeString(String.raw` a\b`)).toBe(String.raw`\sa\\b`);
  });
});

describe('run on login on Linux', () => {
  it('is off, on with a file that starts hidden, and off again', async () => {
    const { autostart, path } = await bench();
    expect(await autostart.status()).toEqual({ kind: 'off' });
    expect(await autostart.set(true)).toEqual({ kind: 'on' });
    const entry = readEntry(await readFile(path, 'utf8'));
    expect(Object.fromEntries(entry)).toMatchObject({
      Type: 'Application',
      Exec: '/opt/epicstar/epicstar --hidden',
      TryExec: '/opt/epicstar/epicstar',
      Terminal: 'false',
      'X-GNOME-Autostart-enabled': 'true',
    });
    expect((await stat(path)).mode & 0o133).toBe(0);
    expect(await autostart.set(false)).toEqual({ kind: 'off' });
    expect(await autostart.set(false)).toEqual({ kind: 'off' });
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it.each(oddPaths)('names %s', async (execPath) => {
    const { autostart, path } = await bench({ execPath });
    expect(await autostart.set(true)).toEqual({ kind: 'on' });
    const text = await readFile(path, 'utf8');
    const entry = readEntry(text);
    expect(withoutShell(startedBy(entry.get('Exec') ?? ''))).toEqual([execPath, '--hidden']);
    expect(text.match(/^Exec=/gm)).toHaveLength(1);
    expect(text.match(/^\[/gm)).toHaveLength(1);
  });

  it('obeys an absolute XDG_CONFIG_HOME and ignores another one', async () => {
    const configHome = join(await makeDir(), 'with space');
    const first = await bench({ env: { XDG_CONFIG_HOME: configHome } });
    await first.autostart.set(true);
    expect(await readFile(join(configHome, 'autostart', 'epicstar.desktop'), 'utf8')).toContain('Exec=');
    const second = await bench({ env: { XDG_CONFIG_HOME: 'relative' } });
    await second.autostart.set(true);
    expect(await readFile(second.path, 'utf8')).toContain('Exec=');
  });

  it('names the folder too where it runs from source', async () => {
    const { autostart, path } = await bench({ appPath: '/home/a b/epicstar' });
    await autostart.set(true);
    const exec = readEntry(await readFile(path, 'utf8')).get('Exec') ?? '';
    expect(startedBy(exec)).toEqual(['/opt/epicstar/epicstar', '/home/a b/epicstar', '--hidden']);
  });

  it('names the file of an AppImage, but not that of another program', async () => {
    const env = { APPIMAGE: '/home/a/epicstar 1.AppImage', APPDIR: '/tmp/.mount_epic1' };
    const own = await bench({ env, execPath: '/tmp/.mount_epic1/epicstar' });
    await own.autostart.set(true);
    expect(await readFile(own.path, 'utf8')).toContain('Exec="/home/a/epicstar 1.AppImage" --hidden\n');
    const inherited = await bench({ env, execPath: '/opt/epicstar/epicstar' });
    await inherited.autostart.set(true);
    expect(await readFile(inherited.path, 'utf8')).toContain('Exec=/opt/epicstar/epicstar --hidden\n');
  });

  it.each(['Hidden=true', 'Hidden=True', 'X-GNOME-Autostart-enabled=false'])(
    'is told as switched off by the system with %s, and can be switched on here',
    async (line) => {
      const { autostart, path } = await bench();
      await autostart.set(true);
      const text = await readFile(path, 'utf8');
      await writeFile(path, `${text.replace('X-GNOME-Autostart-enabled=true\n', '')}${line}\n`);
      expect(await autostart.status()).toEqual({ kind: 'by-system-off' });
      await autostart.repair();
      expect(await autostart.status()).toEqual({ kind: 'by-system-off' });
      expect(await autostart.set(true)).toEqual({ kind: 'on' });
    },
  );

  it('is off where somebody removed the file', async () => {
    const { autostart, path } = await bench();
    await autostart.set(true);
    await rm(path);
    expect(await autostart.status()).toEqual({ kind: 'off' });
    await autostart.repair();
    expect(await autostart.status()).toEqual({ kind: 'off' });
  });

  it.each([
    [{ FLATPAK_ID: 'io.github.epicstar' }, '/app/bin/epicstar', 'Flatpak'],
    [{ SNAP: '/snap/epicstar/1' }, '/snap/epicstar/1/epicstar', 'Snap'],
    [{}, '/opt/a\nExec=evil', 'control character'],
  ] as const)('is not possible with %j and %j', async (env, execPath, words) => {
    const { autostart, path } = await bench({ env, execPath });
    expect(await autostart.set(true)).toEqual({ kind: 'not-possible', reason: expect.stringContaining(words) });
    expect(await autostart.set(false)).toMatchObject({ kind: 'not-possible' });
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('names this program again once the named one is gone, and leaves another one that is there', async () => {
    const dir = await makeDir();
    const old = join(dir, 'old name.AppImage');
    const now = join(dir, String.raw`new\name.AppImage`);
    await writeFile(old, '');
    const first = await bench({ execPath: old });
    await first.autostart.set(true);
    const later = createAutostart({
      app: unused,
      platform: 'linux',
      env: {},
      homeDir: first.homeDir,
      execPath: now,
      appPath: null,
    });
    await later.repair();
    expect(readEntry(await readFile(first.path, 'utf8')).get('TryExec')).toBe(old);
    await rm(old);
    await later.repair();
    expect(startedBy(readEntry(await readFile(first.path, 'utf8')).get('Exec') ?? '')).toEqual([now, '--hidden']);
  });

  it('names the program by the name that an update gave it, where it is on', async () => {
    const dir = await makeDir();
    const env = { APPIMAGE: join(dir, 'epicstar-1.2.3.AppImage'), APPDIR: '/tmp/.mount_x' };
    const { autostart, path } = await bench({ env, execPath: '/tmp/.mount_x/epicstar' });
    const now = join(dir, 'epicstar-1.3.0 100%.AppImage');
    const named = async () => readEntry(await readFile(path, 'utf8')).get('TryExec');
    autostart.follow(now);
    expect(await autostart.status()).toEqual({ kind: 'off' });
    await autostart.set(true);
    const text = await readFile(path, 'utf8');
    for (const other of [`${text}Hidden=true\n`, text.replace('TryExec=', 'TryExec=/opt/other')]) {
      await writeFile(path, other);
      autostart.follow(now);
      expect(await readFile(path, 'utf8')).toBe(other);
    }
    await writeFile(path, text);
    autostart.follow(now);
    expect(await named()).toBe(now);
    expect(await autostart.status()).toEqual({ kind: 'on' });
  });

  it('starts the program with the data directory that it has now', async () => {
    const startArgs = ['--data-dir=/srv/my "stars" 100%'];
    const { autostart, path } = await bench({ startArgs });
    await autostart.set(true);
    const exec = readEntry(await readFile(path, 'utf8')).get('Exec') ?? '';
    expect(startedBy(exec)).toEqual(['/opt/epicstar/epicstar', '--hidden', ...startArgs]);
  });

  it('rejects where the file cannot be read', async () => {
    const { autostart, path } = await bench();
    await mkdir(path, { recursive: true });
    await expect(autostart.status()).rejects.toThrow('EISDIR');
  });

  it.for(["it's $HOME `id` & é", '100% %f', 'a=b', String.raw`back\slash "quoted"`])(
    'starts the very program in %s when the desktop reads the file',
    async (name, context) => {
      try {
        execFileSync('gio', ['version'], { stdio: 'ignore' });
      } catch {
        context.skip('no gio here to launch desktop files with');
      }
      const dir = await makeDir();
      const odd = join(dir, name);
      const told = join(dir, 'told');
      await mkdir(odd);
      const program = join(odd, 'epicstar');
      await writeFile(program, `#!/bin/sh\nprintf '%s|' "$0" "$@" > '${told}.part' && mv '${told}.part' '${told}'\n`, {
        mode: 0o755,
      });
      const { autostart, path } = await bench({ execPath: program });
      await autostart.set(true);
      execFileSync('gio', ['launch', path], { timeout: 5_000 });
      await expect.poll(() => readFile(told, 'utf8').catch(() => ''), { timeout: 5_000 }).toBe(`${program}|--hidden|`);
    },
  );
});

describe('run on login elsewhere', () => {
  it('asks Windows for this very command, and tells what the task manager says', async () => {
    const calls: unknown[] = [];
    let item: LoginItem = noItem;
    const app: LoginApp = {
      getLoginItemSettings: (options) => {
        expect(options).toEqual({ path: 'C:\\epicstar\\epicstar.exe', args: ['--hidden'] });
        return item;
      },
      setLoginItemSettings: (settings) => {
        calls.push(settings);
        item = {
          ...noItem,
          openAtLogin: settings.openAtLogin === true,
          executableWillLaunchAtLogin: settings.enabled === true,
        };
      },
    };
    const { autostart } = await bench({ app, platform: 'win32', execPath: 'C:\\epicstar\\epicstar.exe' });
    expect(await autostart.status()).toEqual({ kind: 'off' });
    expect(await autostart.set(true)).toEqual({ kind: 'on' });
    item = { ...item, executableWillLaunchAtLogin: false };
    expect(await autostart.status()).toEqual({ kind: 'by-system-off' });
    expect(await autostart.set(false)).toEqual({ kind: 'off' });
    expect(calls).toMatchObject([{ openAtLogin: true, enabled: true }, { openAtLogin: false }]);
  });

  it('tells what macOS says', async () => {
    let item: LoginItem = noItem;
    const app: LoginApp = {
      getLoginItemSettings: () => item,
      setLoginItemSettings: ({ openAtLogin }) => {
        item = openAtLogin === true ? { ...noItem, openAtLogin: true, status: 'enabled' } : noItem;
      },
    };
    const { autostart } = await bench({ app, platform: 'darwin' });
    expect(await autostart.status()).toEqual({ kind: 'off' });
    expect(await autostart.set(true)).toEqual({ kind: 'on' });
    item = { ...item, status: 'requires-approval' };
    expect(await autostart.status()).toEqual({ kind: 'by-system-off' });
    expect(await autostart.set(false)).toEqual({ kind: 'off' });
  });

  it('is not possible on a system that is not known', async () => {
    const { autostart } = await bench({ platform: 'freebsd' });
    expect(await autostart.set(true)).toMatchObject({ kind: 'not-possible' });
  });

  it('knows a start at login', () => {
    const app = (wasOpenedAtLogin: boolean) => ({ getLoginItemSettings: () => ({ ...noItem, wasOpenedAtLogin }) });
    expect(isLoginStart({ app: unused, platform: 'linux', argv: ['epicstar', '--hidden'] })).toBe(true);
    expect(isLoginStart({ app: unused, platform: 'linux', argv: ['epicstar'] })).toBe(false);
    expect(isLoginStart({ app: app(true), platform: 'darwin', argv: ['epicstar'] })).toBe(true);
    expect(isLoginStart({ app: app(false), platform: 'darwin', argv: ['epicstar'] })).toBe(false);
  });
});
