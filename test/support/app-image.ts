/** @file A program in one file, as far as an update cares: a shell script. */

/** @param text what it writes into `started` beside itself when it is started, with what it was given */
export function appImage(text: string): string {
  return [
    '#!/bin/sh',
    'cd "$(dirname "$0")" || exit 1',
    `printf '%s' '${text}' "$EPICSTAR_TEST_GIVEN" > started.part`,
    'mv started.part started',
    '',
  ].join('\n');
}
