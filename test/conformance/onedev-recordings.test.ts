/** @file Plays every recorded exchange of a real OneDev against the stand-in, in its order and on the state it supposes. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { credentialsOf } from './onedev-replay/credentials.ts';
import { gitScenarios } from './onedev-replay/git-scenarios.ts';
import { Player } from './onedev-replay/player.ts';
import { listRecordings, readRecording } from './onedev-replay/recording.ts';
import { restScenarios } from './onedev-replay/rest-scenarios.ts';
import { notReplayed, type Scenario, type Step } from './onedev-replay/scenario.ts';

const scenarios = [...restScenarios, ...gitScenarios];
const skipped = new Set(notReplayed.map(({ file, index }) => `${file} ${index}`));

function exchangesOf(step: Step): readonly { readonly file: string; readonly index: number }[] {
  if (step.kind === 'do') {
    return [];
  }
  if (step.kind === 'own') {
    return [{ file: step.file, index: step.index }];
  }
  const last = step.to ?? readRecording(step.file).length - 1;
  return Array.from({ length: last - step.from + 1 }, (_, offset) => ({ file: step.file, index: step.from + offset }));
}

interface Played {
  readonly exchange: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Stops at the first exchange that differs and returns it, else the last one. */
async function run(player: Player, scenario: Scenario): Promise<Played> {
  let played: Played = { exchange: 'none', expected: undefined, actual: undefined };
  for (const step of scenario.steps) {
    if (step.kind === 'do') {
      await step.action(player);
      continue;
    }
    const rows = readRecording(step.file);
    for (const { file, index } of exchangesOf(step)) {
      const recorded = rows[index];
      if (recorded === undefined || skipped.has(`${file} ${index}`)) {
        continue;
      }
      if (step.kind === 'own') {
        await step.check(player, recorded);
        continue;
      }
      const filled = step.change?.(recorded, player) ?? recorded;
      const [expected, actual] = await player.play(filled, credentialsOf(player, filled));
      played = { exchange: `${file} ${index}: ${recorded.name}`, expected, actual };
      if (!isDeepStrictEqual(expected, actual)) {
        return played;
      }
    }
  }
  return played;
}

describe.concurrent('the stand-in answers as OneDev did', () => {
  test.each(scenarios)('$name', { timeout: 120_000 }, async (scenario) => {
    const player = await Player.start(scenario.tokens);
    try {
      const { exchange, expected, actual } = await run(player, scenario);
      expect({ exchange, answer: actual }).toEqual({ exchange, answer: expected });
    } finally {
      await player.close();
    }
  });
});

test('every recorded exchange is played once, or listed with a reason', () => {
  const played = scenarios.flatMap((scenario) => scenario.steps.flatMap(exchangesOf));
  const known = [...played, ...notReplayed].map(({ file, index }) => `${file} ${index}`);
  const recorded = listRecordings().flatMap((file) => readRecording(file).map((_, index) => `${file} ${index}`));
  expect(new Set(known)).toEqual(new Set(recorded));
  expect(new Set(played.map(({ file, index }) => `${file} ${index}`)).size).toBe(played.length);
});
