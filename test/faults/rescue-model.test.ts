/**
 * @file The engine in a model of its world, through random histories: whatever is renamed, rewritten, deleted, blocked,
 * wrong or away, and wherever the process dies, nothing that was mirrored is lost, nothing is mixed, and in the end all
 * is as it has to be. Simulated are GitHub, git and the target; nothing takes real time.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { anyHistory, type History, tellHistory } from '../support/model-history.ts';
import { dangers, shortcomings } from '../support/model-oracle.ts';
import { Story } from '../support/model-story.ts';

const runs = Number(process.env['EPICSTAR_HISTORIES'] ?? '2000');
const mostCommands = 40;
const hourMs = 3_600_000;
/** Longer than the slowest that happens by itself: what is final is asked about again after a week. */
const patienceHours = 9 * 24;

describe('a mirror through good and bad days', () => {
  it(
    'loses nothing, mixes nothing, and knows in the end what became of everything',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory(mostCommands), async (history) => {
          const found = await play(history);
          if (found.length > 0) throw new Error(`${found.join('\n')}\nafter ${tellHistory(history)}`);
        }),
        { numRuns: runs, includeErrorInReport: true },
      );
    },
    60_000 + runs * 500,
  );
});

/** @returns what went wrong */
async function play(history: History): Promise<readonly string[]> {
  const story = new Story(history);
  for (const command of history.commands) {
    await story.play(command);
    const found = dangers(story);
    if (found.length > 0) return found;
  }
  await story.calm();
  let left: readonly string[] = [];
  for (let hours = 0; hours <= patienceHours; hours += 4) {
    await story.pass(4 * hourMs);
    left = [...dangers(story), ...(await shortcomings(story))];
    if (left.length === 0) break;
  }
  story.end();
  return left;
}
