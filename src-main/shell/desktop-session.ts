/**
 * @file What a window says, sorted by who answers: the desktop program itself what is about itself, the engine behind
 * the link all else. Knows no call.
 */
import { clientMessage, maxClientMessageChars, parseJson } from '../../src-preload/contract/messages.ts';
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
 * The same link, with the desktop in front of it. The desktop answers whatever the status of the link is, so that a
 * person can get away from an engine that cannot be reached.
 */
export function withDesktop({ link, desktop, log }: DesktopLinkOptions): Link {
  return {
    connect(port) {
      const engine = link.connect(port);
      const send = (message: unknown): void => port.send(JSON.stringify(message));
      const own = openSession<null>(
        {
          ...desktop,
          describeError: (thrown) => describeFailure(thrown, noLinks),
          onFault: (where, error) => log.warn('the desktop could not answer its window', { where, error }),
        },
        {
          context: null,
          answer: send,
          update: (topic, value) => send({ type: 'update', topic, value }),
          forget: () => undefined,
        },
      );
      return {
        receive: (text) => (isForDesktop(text) ? own : engine).receive(text),
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

/** What is no message of the contract is for the engine to refuse, as ever. */
function isForDesktop(text: string): boolean {
  if (text.length > maxClientMessageChars) return false;
  const { data } = clientMessage.safeParse(parseJson(text));
  if (data === undefined) return false;
  return data.type === 'call' ? isDesktopCallName(data.call) : isDesktopTopicName(data.topic);
}
