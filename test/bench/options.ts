/** @file What the benchmark is asked to measure. */
import { parseArgs } from 'node:util';

export const sections = ['a', 'b', 'c', 'd', 'e', 'k', 'p'] as const;
export type Section = (typeof sections)[number];

/** What is measured where nothing is named; the desktop takes long, and needs a display. */
const usualSections: readonly Section[] = ['a', 'b', 'c'];

export interface BenchOptions {
  readonly only: readonly Section[];
  /** How often each side of a comparison runs, 1 or more. */
  readonly rounds: number;
  readonly stars: number;
  readonly repositories: number;
  readonly megabytes: number;
  /** How long the desktop is watched at rest, twice. */
  readonly minutes: number;
}

/** Wrong words on the command line, said in a sentence. */
export class BenchUsageError extends Error {
  override readonly name = 'BenchUsageError';
}

export const usage = `npm run bench -- [--only a|b|c|d|e|k|p]… [--rounds N] [--stars N] [--repositories N] [--megabytes N]
                   [--minutes N]

  a  an unchanged refresh of 1000 stars
  b  the first mirroring of 200 small repositories, against plain git with a script
  c  one repository of 300 MB, against plain git with a script
  d  the desktop at its start and at rest, with 1000 stars; only where it is named
  e  a new machine that goes on from 200 mirrors; only where it is named
  k  how much a mirror of 300 MB grows by 20 force-pushes; only where it is named
  p  what somebody else waits while one of 300 MB is mirrored, and what a cut costs; only where it is named

  --only          this section alone; may be repeated
  --rounds        runs of each side, alternating (2)
  --stars, --repositories, --megabytes  other sizes than the above
  --minutes       how long the desktop is watched at rest, twice (10)`;

export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const only = (values.only ?? []).map((word) => {
    const section = sections.find((one) => one === word);
    if (section === undefined)
      throw new BenchUsageError(`--only is ${JSON.stringify(word)}; it can be ${sections.join(', ')}.`);
    return section;
  });
  return {
    only: only.length === 0 ? usualSections : only,
    rounds: wholeNumber('rounds', values.rounds ?? '2', 50),
    stars: wholeNumber('stars', values.stars ?? '1000', 100_000),
    repositories: wholeNumber('repositories', values.repositories ?? '200', 10_000),
    megabytes: wholeNumber('megabytes', values.megabytes ?? '300', 10_000),
    minutes: wholeNumber('minutes', values.minutes ?? '10', 120),
  };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      stars: { type: 'string' },
      repositories: { type: 'string' },
      megabytes: { type: 'string' },
      minutes: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new BenchUsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value >= 1 && value <= most) return value;
  throw new BenchUsageError(`--${name} is ${JSON.stringify(text)}; it can be a whole number from 1 to ${most}.`);
}
