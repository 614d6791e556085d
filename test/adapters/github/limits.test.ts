/** @file Rate limits: never slept through in silence, never run against. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RawServer, sendJson, startRawServer } from './raw-server.ts';
import { errorOf, never, type Surroundings, surround } from './surroundings.ts';

let server: RawServer;
let around: Surroundings;

beforeEach(async () => {
  server = await startRawServer();
  around = surround(server.url);
});

afterEach(async () => {
  await around.close();
  await server.close();
});

const user = { id: 7, login: 'stella' };
const secondary = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' };

function rateHeaders(remaining: number, resetInMs: number): Record<string, string> {
  return {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String((around.clock.now() + resetInMs) / 1000),
    'x-ratelimit-resource': 'core',
  };
}

describe('the primary limit', () => {
  it.each([403, 429])('as a %i says until when, and nothing is sent before', async (status) => {
    server.answer(sendJson({ message: 'API rate limit exceeded for user ID 7.' }, status, rateHeaders(0, 1_800_000)));
    const until = around.clock.now() + 1_800_000;
    const error = await errorOf(around.github.viewer(never()));
    expect(error).toMatchObject({ code: 'github-rate-limited', data: { until, status } });
    expect(server.requests).toHaveLength(1);

    server.answer(sendJson(user));
    around.clock.advance(1_799_000);
    const refused = await errorOf(around.github.starHead(never()));
    expect(refused).toMatchObject({ code: 'github-rate-limited', data: { until } });
    expect(server.requests).toHaveLength(1);

    around.clock.advance(1_000);
    expect(await around.github.viewer(never())).toMatchObject({ login: 'stella' });
    expect(server.requests).toHaveLength(2);
  });

  it('is known from the last answer that was still good', async () => {
    server.answer(sendJson(user, 200, rateHeaders(0, 60_000)));
    await around.github.viewer(never());
    expect(await errorOf(around.github.viewer(never()))).toMatchObject({
      code: 'github-rate-limited',
      data: { until: around.clock.now() + 60_000 },
    });
    expect(around.github.requestCount()).toBe(1);
  });

  it('of one user does not hold up another', async () => {
    server.answer(sendJson(user, 200, rateHeaders(0, 60_000)));
    await around.github.viewer(never());
    around.setToken('gho_other0123456789');
    expect(await around.github.viewer(never())).toMatchObject({ login: 'stella' });
  });

  it('with a reset that is over already waits a minute', async () => {
    server.answer(sendJson({ message: 'API rate limit exceeded' }, 403, rateHeaders(0, -3_600_000)));
    expect(await errorOf(around.github.viewer(never()))).toMatchObject({
      data: { until: around.clock.now() + 60_000 },
    });
  });

  it('with a reset in a thousand years waits a day', async () => {
    server.answer(sendJson({ message: 'API rate limit exceeded' }, 403, rateHeaders(0, 1000 * 365 * 86_400_000)));
    expect(await errorOf(around.github.viewer(never()))).toMatchObject({
      data: { until: around.clock.now() + 86_400_000 },
    });
  });
});

describe('the secondary limit', () => {
  it('with a long retry-after goes to the caller', async () => {
    server.answer(sendJson(secondary, 403, { 'retry-after': '90', 'x-ratelimit-remaining': '4000' }));
    const until = around.clock.now() + 90_000;
    expect(await errorOf(around.github.viewer(never()))).toMatchObject({
      code: 'github-rate-limited',
      data: { until },
    });
    expect(await errorOf(around.github.viewer(never()))).toMatchObject({
      code: 'github-rate-limited',
      data: { until },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('with a short one is waited for once', async () => {
    server.answer((request, response) => {
      const isFirst = server.requests.length === 1;
      sendJson(
        isFirst ? secondary : user,
        isFirst ? 403 : 200,
        isFirst ? { 'retry-after': '1' } : {},
      )(request, response);
    });
    expect(await around.github.viewer(never())).toMatchObject({ login: 'stella' });
    expect(server.requests).toHaveLength(2);
  });

  it('that is short but stays goes to the caller', async () => {
    server.answer(sendJson(secondary, 429, { 'retry-after': '1' }));
    expect(await errorOf(around.github.viewer(never()))).toMatchObject({ code: 'github-rate-limited' });
    expect(server.requests).toHaveLength(2);
  });

  it('is not waited for after an abort', async () => {
    server.answer(sendJson(secondary, 403, { 'retry-after': '10' }));
    const controller = new AbortController();
    const asking = errorOf(around.github.viewer(controller.signal));
    await server.received(1);
    const startedMs = performance.now();
    controller.abort();
    expect(await asking).toMatchObject({ code: 'cancelled' });
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(server.requests).toHaveLength(1);
  });

  it('without a time waits longer each time, until it is over', async () => {
    const waitsMs: number[] = [];
    const hit = async (): Promise<void> => {
      server.answer(sendJson(secondary, 403));
      const { data } = await errorOf(around.github.viewer(never()));
      const waitMs = (data.until ?? 0) - around.clock.now();
      waitsMs.push(waitMs);
      around.clock.advance(waitMs);
    };
    for (let time = 0; time < 8; time += 1) await hit();
    expect(waitsMs).toEqual([60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, 3_600_000, 3_600_000]);
    server.answer(sendJson(user));
    await around.github.viewer(never());
    await hit();
    expect(waitsMs.at(-1)).toBe(60_000);
  });
});

describe('rate', () => {
  it('is what the last answer said, without a request', async () => {
    server.answer(sendJson(user, 200, rateHeaders(4321, 600_000)));
    await around.github.viewer(never());
    expect(await around.github.rate(never())).toEqual({
      limit: 5000,
      remaining: 4321,
      resetsAt: around.clock.now() + 600_000,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('is asked for where nothing was said, or that is over', async () => {
    server.answer(sendJson({ resources: { core: { limit: 60, remaining: 9, reset: 1_800_000_000, used: 51 } } }));
    expect(await around.github.rate(never())).toEqual({ limit: 60, remaining: 9, resetsAt: 1_800_000_000_000 });
    server.answer(sendJson(user, 200, rateHeaders(10, 1_000)));
    await around.github.viewer(never());
    around.clock.advance(2_000);
    server.answer(sendJson({ resources: { core: { limit: 60, remaining: 60, reset: 1_800_000_000 } } }));
    expect(await around.github.rate(never())).toMatchObject({ remaining: 60 });
    expect(server.requests.map(({ url }) => url)).toEqual(['/rate_limit', '/user', '/rate_limit']);
  });

  it('of another resource is not taken for ours', async () => {
    server.answer(sendJson(user, 200, { ...rateHeaders(0, 600_000), 'x-ratelimit-resource': 'search' }));
    await around.github.viewer(never());
    expect(await around.github.viewer(never())).toMatchObject({ login: 'stella' });
  });
});
