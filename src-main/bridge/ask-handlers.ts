/** @file Handler of the call that tells what waits for a person's word, and what it would cost. */
import type { EngineCallName } from '../../src-preload/contract/schema.ts';
import type { Handlers } from '../../src-preload/contract/server.ts';
import type { Engine } from '../engine/core/engine-api.ts';
import type { CallContext } from './handlers.ts';
import type { Links } from './links.ts';
import { shapeRepository } from './shape-repositories.ts';

type AskCall = Extract<EngineCallName, `asks.${string}`>;

export function makeAskHandlers(engine: Engine, links: Links): Pick<Handlers<CallContext, EngineCallName>, AskCall> {
  return {
    'asks.list': async (page) => {
      const { items, ...rest } = await engine.asks(page);
      return {
        ...rest,
        items: items.map(({ row, bytes, cache }) => ({ repository: shapeRepository(row, links), bytes, cache })),
      };
    },
  };
}
