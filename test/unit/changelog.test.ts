/** @file What is new in one version, cut out of the changelog. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notesOf } from '../../scripts/changelog.mjs';

const text = `# Changelog

All notable changes.

## Unreleased

## [1.3.0-beta.1] - 2026-11-01

### Added
- Lists of GitHub become
  parents in OneDev.
- Second.
  - Within it.

### Fixed
- A
  fault.

## 1.2.0 - 2026-10-24
### Added
- First.

[1.3.0-beta.1]: https://example.com
`;

describe('the notes of a version', () => {
  it.each([
    [
      '1.3.0-beta.1',
      '### Added\n- Lists of GitHub become parents in OneDev.\n- Second.\n  - Within it.\n\n### Fixed\n- A fault.',
    ],
    ['1.2.0', '### Added\n- First.'],
    ['1.3.0', null],
    ['Unreleased', null],
  ])('%s', (version, notes) => {
    expect(notesOf(text, version)).toBe(notes);
    expect(notesOf(text.replaceAll('\n', '\r\n'), version)).toBe(notes);
  });

  it('can be read from the changelog of this project', async () => {
    const changelog = await readFile(join(import.meta.dirname, '..', '..', 'CHANGELOG.md'), 'utf8');
    const heading = /^## \[?([^\]\s]+)/m.exec(changelog)?.[1] ?? '';
    expect(notesOf(changelog, heading)).toMatch(/^### \w+\n- /);
  });
});
