/**
 * @file What a window says, sorted by who answers: the desktop program itself what is about itself, the engine behind
 * the link all else. Knows no call.
 */
import {
  type ClientMessage,
  clientMessage,
  maxClientMessageChars,
  parseJson,
  serverMessage,
} from '../../src-preload/contract/messages.ts';
import {
  type DesktopCallName,
  type DesktopTopicName,
  isDesktopCallName,
  isDesktopTopicName,
} from '../../src-preload/contract/schema.ts';
import { type Handlers, openSession, type TopicSources } from '../../src-preload/contract/server.ts';
import { makeLinks } from '../bridge/links.ts';
import { describeFailure } from '../bridge/shape-error.ts';
import type { Link } from './link.ts';

/** What the desktop program answers itself. */
export interface DesktopServer {
  readonly handlers: Handlers<null, DesktopCallName>;
  readonly topics: TopicSources<DesktopTopicName>;
}

export interface DesktopLinkOptions {
  readonly link: Link;
  readonly desktop: DesktopServer;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

/** Errors of the desktop lead to no page of the web. */
const noLinks = makeLinks(() => ({ githubWebUrl: '', targetUrl: null }));

/**
 * The same link, with the desktop in front of it, for which the engine, which may be another's, cannot speak. The desktop answers whatever the status of the link is, so that a
 * person can get away from an engine that cannot be reached.
 */
export function withDesktop({ link, desktop, log }: DesktopLinkOptions): Link {
  return {
    connect(port) {
      /** Ids of what the desktop was asked and has not answered yet. */
      const asked = new Set<number>();
      const isForged = (text: string): boolean => {
        // Most of what an engine says is not looked at: no such word in it, not even in escapes.
        if (asked.size === 0 && !/desktop|\\u/.test(text)) return false;
        const { data } = serverMessage.safeParse(parseJson(text));
        if (data?.type === 'update') return isDesktopTopicName(data.topic);
        return data?.type === 'result' && asked.has(data.id);
      };
      const engine = link.connect({
        ...port,
        send(text) {
          if (isForged(text)) log.warn('an engine spoke for the desktop and was not heard');
          else port.send(text);
        },
      });
      const send = (message: unknown): void => port.send(JSON.stringify(message));
      const own = openSession<null>(
        {
          ...desktop,
          describeError: (thrown) => describeFailure(thrown, noLinks),
          onFault: (where, error) => log.warn('the desktop could not answer its window', { where, error }),
        },
        {
          context: null,
          answer(message) {
            if (message.type === 'result') asked.delete(message.id);
            send(message);
          },
          update: (topic, value) => send({ type: 'update', topic, value }),
          forget: () => undefined,
        },
      );
      return {
        receive(text) {
          const message = readForDesktop(text);
          if (message === null) {
            engine.receive(text);
            return;
          }
          if (message.type !== 'unlisten') asked.add(message.id);
          own.receive(text);
        },
        drained: () => engine.drained(),
        close() {
          own.close();
          engine.close();
        },
      };
    },
    close: () => link.close(),
  };
}

/** Null: it is for the engine, which also refuses what is no message of the contract, as ever. */
function readForDesktop(text: string): ClientMessage | null {
  if (text.length > maxClientMessageChars) return null;
  const { data } = clientMessage.safeParse(parseJson(text));
  if (data === undefined) return null;
  return (data.type === 'call' ? isDesktopCallName(data.call) : isDesktopTopicName(data.topic)) ? data : null;
}
