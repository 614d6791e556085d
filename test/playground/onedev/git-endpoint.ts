/**
 * @file Git over HTTP as OneDev serves it: addresses, refusals, the one slot for pack work, the limit for idle uploads,
 * and the hooks' effects put into the answer of a push. Runs git itself; knows nothing of REST.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { interfacePage404, invalidCredentials, text } from './answers.ts';
import { openProject } from './git-access.ts';
import type { Exchange } from './exchange.ts';
import type { PackSlots } from './pack-slots.ts';
import { flush, type Frame, frame, FrameReader, progressFrames } from './pkt-line.ts';
import { afterPush, preReceiveEnvironment } from './push-effects.ts';
import type { RefCommand } from './receive-rules.ts';
import type { Repositories } from './repositories.ts';
import type { Authentication, Project } from './types.ts';
import type { World } from './world.ts';

export interface GitEndpointParts {
  readonly world: World;
  readonly repositories: Repositories;
  readonly slots: PackSlots;
  readonly uploadIdleLimitMs: number;
}

type Service = 'git-upload-pack' | 'git-receive-pack';

const noCache = {
  expires: 'Fri, 01 Jan 1980 00:00:00 GMT',
  pragma: 'no-cache',
  'cache-control': 'no-cache, max-age=0, must-revalidate',
};

export function isGitPath(path: string): boolean {
  return /^\/.+\/(info\/refs|git-upload-pack|git-receive-pack)$/.test(path);
}

export class GitEndpoint {
  readonly #parts: GitEndpointParts;

  constructor(parts: GitEndpointParts) {
    this.#parts = parts;
  }

  async handle(exchange: Exchange, authentication: Authentication): Promise<void> {
    const match = /^\/(.+)\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(exchange.path);
    const action = match?.[2] ?? '';
    const service = action === 'info/refs' ? exchange.query.get('service') : action;
    if (service !== 'git-upload-pack' && service !== 'git-receive-pack') {
      await exchange.send(interfacePage404());
      return;
    }
    if (authentication.kind === 'anonymous') {
      await exchange.send(text(401, 'Authentication required', { 'www-authenticate': 'BASIC realm="OneDev"' }));
      return;
    }
    if (authentication.kind === 'invalid') {
      await exchange.send(text(401, invalidCredentials));
      return;
    }
    const { world } = this.#parts;
    const right = service === 'git-receive-pack' ? 'write' : 'read';
    const opened = openProject(world, authentication.principal, match?.[1] ?? '', right);
    if (opened.kind === 'refused') {
      await exchange.send(opened.answer);
    } else if (action === 'info/refs') {
      await this.#advertise(exchange, service, opened.project);
    } else {
      await this.#withSlot(exchange, service, opened.project, opened.user);
    }
  }

  #spawn(command: string, project: Project, exchange: Exchange, extra: readonly string[], env = {}) {
    const protocol = exchange.request.headers['git-protocol'];
    const { repositories } = this.#parts;
    return spawn(
      repositories.gitPath,
      [command.replace('git-', ''), '--stateless-rpc', ...extra, repositories.dir(project.id)],
      {
        env: repositories.environment({ ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}), ...env }),
        stdio: 'pipe',
      },
    );
  }

  async #advertise(exchange: Exchange, service: Service, project: Project): Promise<void> {
    const child = this.#spawn(service, project, exchange, ['--advertise-refs']);
    const exited = exitOf(child);
    child.stdin.end();
    exchange.response.writeHead(200, { ...noCache, 'content-type': `application/x-${service}-advertisement` });
    const isVersion2 = service === 'git-upload-pack' && exchange.request.headers['git-protocol'] === 'version=2';
    if (!isVersion2) {
      await exchange.write(Buffer.concat([frame(`# service=${service}\n`), flush]));
    }
    for await (const chunk of child.stdout) {
      await exchange.write(Buffer.from(chunk as Uint8Array));
    }
    await exited;
    exchange.response.end();
  }

  async #withSlot(exchange: Exchange, service: Service, project: Project, user: string): Promise<void> {
    const release = await this.#parts.slots.take(exchange.signal);
    if (release === undefined) {
      return;
    }
    try {
      if (exchange.fault.holdSlotMs !== undefined) {
        await delay(exchange.fault.holdSlotMs);
      }
      const input = this.#watchIdle(exchange);
      if (service === 'git-upload-pack') {
        await this.#uploadPack(exchange, project, input);
      } else {
        await this.#receivePack(exchange, project, user, input);
      }
    } catch {
      // The client went away or was cut off; git has been ended and there is nobody left to answer.
      exchange.cut();
    } finally {
      release();
    }
  }

  /** The body's chunks; a pause longer than the limit closes the connection. */
  async *#watchIdle(exchange: Exchange): AsyncGenerator<Buffer> {
    const limit = (): NodeJS.Timeout => setTimeout(() => exchange.cut(), this.#parts.uploadIdleLimitMs);
    let timer = limit();
    try {
      for await (const chunk of exchange.chunks()) {
        clearTimeout(timer);
        yield chunk;
        timer = limit();
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #uploadPack(exchange: Exchange, project: Project, input: AsyncGenerator<Buffer>): Promise<void> {
    const child = this.#spawn('git-upload-pack', project, exchange, []);
    const code = await runRpc(exchange, 'git-upload-pack', child, [], input, async (chunk) => exchange.write(chunk));
    finish(exchange, 'git-upload-pack', code === 0);
  }

  async #receivePack(exchange: Exchange, project: Project, user: string, input: AsyncGenerator<Buffer>): Promise<void> {
    const { world, repositories } = this.#parts;
    const { head, commands, hasSideBand } = await readCommands(input);
    const env = preReceiveEnvironment(world, repositories, project, commands, user);
    const child = this.#spawn('git-receive-pack', project, exchange, [], env);
    const output = new FrameReader();
    const report = new FrameReader();
    const byName = new Map(commands.map((command) => [command.refName, command]));
    const accepted: RefCommand[] = [];
    let isComplete = commands.length === 0;
    const onFrame = async (item: Frame): Promise<void> => {
      if (hasSideBand && item.payload?.[0] === 1) {
        accepted.push(...acceptedIn(report.push(item.payload.subarray(1)), byName));
      }
      if (item.isFlush) {
        isComplete = true;
        await exchange.write(progressFrames(await afterPush(world, repositories, project, accepted)));
      }
      await exchange.write(item.raw);
    };
    const code = await runRpc(exchange, 'git-receive-pack', child, head, input, async (chunk) => {
      for (const item of output.push(chunk)) {
        await onFrame(item);
      }
    });
    finish(exchange, 'git-receive-pack', code === 0 || isComplete);
  }
}

/** A git that died leaves an answer without an end. */
function finish(exchange: Exchange, service: Service, isWhole: boolean): void {
  writeResultHead(exchange, service);
  if (isWhole) {
    exchange.response.end();
  } else {
    exchange.breakOff();
  }
}

function writeResultHead(exchange: Exchange, service: Service): void {
  if (!exchange.response.headersSent) {
    exchange.response.writeHead(200, { ...noCache, 'content-type': `application/x-${service}-result` });
  }
}

interface CommandList {
  /** The bytes read so far, to be given to git first. */
  readonly head: readonly Buffer[];
  readonly commands: readonly RefCommand[];
  readonly hasSideBand: boolean;
}

async function readCommands(input: AsyncGenerator<Buffer>): Promise<CommandList> {
  const reader = new FrameReader();
  const head: Buffer[] = [];
  const commands: RefCommand[] = [];
  let hasSideBand = false;
  let isWhole = false;
  while (!isWhole) {
    const next = await input.next();
    if (next.done === true) {
      break;
    }
    head.push(next.value);
    for (const item of reader.push(next.value, true)) {
      isWhole ||= item.isFlush;
      const line = item.payload?.toString('utf8') ?? '';
      hasSideBand ||= line.includes('side-band-64k');
      const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line);
      if (match !== null) {
        commands.push({ oldId: match[1] ?? '', newId: match[2] ?? '', refName: match[3] ?? '' });
      }
    }
  }
  return { head, commands, hasSideBand };
}

function acceptedIn(frames: readonly Frame[], commands: ReadonlyMap<string, RefCommand>): readonly RefCommand[] {
  return frames.flatMap((item) => {
    const line = item.payload?.toString('utf8').trimEnd() ?? '';
    const command = line.startsWith('ok ') ? commands.get(line.slice('ok '.length)) : undefined;
    return command === undefined ? [] : [command];
  });
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<number> {
  child.stderr.resume();
  // Git may stop reading before the client stops sending; its exit code tells.
  child.stdin.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Feeds git and passes its output on; ends git when the connection ends. Resolves with git's exit code. */
async function runRpc(
  exchange: Exchange,
  service: Service,
  child: ChildProcessWithoutNullStreams,
  head: readonly Buffer[],
  input: AsyncGenerator<Buffer>,
  onOutput: (chunk: Buffer) => Promise<void>,
): Promise<number> {
  const exited = exitOf(child);
  const kill = (): void => void child.kill();
  exchange.signal.addEventListener('abort', kill, { once: true });
  const feed = async (): Promise<void> => {
    for (const chunk of head) {
      child.stdin.write(chunk);
    }
    for await (const chunk of input) {
      if (!child.stdin.destroyed && !child.stdin.write(chunk)) {
        await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), exited]);
      }
    }
    child.stdin.end();
  };
  const drain = async (): Promise<void> => {
    for await (const chunk of child.stdout) {
      writeResultHead(exchange, service);
      await onOutput(Buffer.from(chunk as Uint8Array));
    }
  };
  try {
    await Promise.all([feed(), drain()]);
    return await exited;
  } finally {
    exchange.signal.removeEventListener('abort', kill);
    child.kill();
  }
}
