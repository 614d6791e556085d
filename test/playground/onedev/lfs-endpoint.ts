/** @file The part of Git LFS over HTTP that OneDev serves: batch, upload with its check, download, empty lock lists. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, empty, invalidCredentials, json, type JsonValue, text } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { openProject } from './git-access.ts';
import { type Fields, isFields, readText } from './json-body.ts';
import type { Repositories } from './repositories.ts';
import type { Authentication, Principal, Project } from './types.ts';
import type { World } from './world.ts';

const lfsType = 'application/vnd.git-lfs+json';
const maxBatchBytes = 10_000_000;

export interface LfsParts {
  readonly world: World;
  readonly repositories: Repositories;
}

export function isLfsPath(path: string): boolean {
  return path.includes('/info/lfs/') || /\.git\/lfs\/objects\/[0-9a-f]{64}$/.test(path);
}

export function lfsFailure(): Answer {
  return message(500, 'Internal server error, please check server log');
}

function message(status: number, body: string): Answer {
  return json({ message: body }, status, lfsType);
}

export class LfsEndpoint {
  readonly #parts: LfsParts;
  /** The temporary tokens that batch answers carry. */
  readonly #temporary = new Map<string, Principal>();

  constructor(parts: LfsParts) {
    this.#parts = parts;
  }

  async handle(exchange: Exchange, authentication: Authentication): Promise<void> {
    const principal = this.#principalOf(exchange, authentication);
    if (principal === undefined) {
      const isAnonymous = authentication.kind === 'anonymous';
      const refusal = { ...message(401, 'Authentication required') };
      const headers = { ...refusal.headers, 'lfs-authenticate': 'Basic realm="OneDev"' };
      await exchange.send(isAnonymous ? { ...refusal, headers } : text(401, invalidCredentials));
      return;
    }
    const match = /^\/(.+)\.git\/(?:info\/)?lfs\/(.+)$/.exec(exchange.path);
    const path = match?.[1] ?? exchange.path.slice(1);
    const action = match?.[2] ?? '';
    const isWrite = exchange.method === 'PUT';
    const opened = openProject(this.#parts.world, principal, path, isWrite ? 'write' : 'read');
    if (opened.kind === 'refused') {
      await exchange.send(message(opened.answer.status, opened.answer.body.toString()));
      return;
    }
    await this.#act(exchange, action, opened.project, principal);
  }

  #principalOf(exchange: Exchange, authentication: Authentication): Principal | undefined {
    if (authentication.kind === 'known') {
      return authentication.principal;
    }
    return this.#temporary.get(exchange.request.headers.authorization?.replace('Bearer ', '') ?? '');
  }

  async #act(exchange: Exchange, action: string, project: Project, principal: Principal): Promise<void> {
    const objectId = /^objects\/([0-9a-f]{64})$/.exec(action)?.[1];
    if (objectId !== undefined && exchange.method === 'PUT') {
      await this.#upload(exchange, project, objectId);
    } else if (objectId !== undefined) {
      await this.#download(exchange, project, objectId);
    } else if (action === 'objects/batch') {
      await exchange.send(await this.#batch(exchange, project, principal));
    } else if (action === 'locks/verify') {
      await exchange.readBody(maxBatchBytes);
      await exchange.send(json({ theirs: [], ours: [] }, 200, lfsType));
    } else {
      await exchange.send(json({ locks: [] }, 200, lfsType));
    }
  }

  async #batch(exchange: Exchange, project: Project, principal: Principal): Promise<Answer> {
    const fields = await readFields(exchange);
    const objects = fields?.['objects'];
    if (fields === undefined || !Array.isArray(objects)) {
      return lfsFailure();
    }
    const isUpload = fields['operation'] === 'upload';
    const answers: JsonValue[] = [];
    for (const item of objects.filter(isFields)) {
      answers.push(
        await this.#describe(project, principal, isUpload, readText(item, 'oid') ?? '', Number(item['size'])),
      );
    }
    return json({ objects: answers }, 200, lfsType);
  }

  async #describe(
    project: Project,
    principal: Principal,
    isUpload: boolean,
    oid: string,
    size: number,
  ): Promise<JsonValue> {
    const isThere = (await this.#sizeOf(project, oid)) !== undefined;
    if (isUpload && isThere) {
      return { size, oid };
    }
    if (!isUpload && !isThere) {
      return { size, oid, error: { code: 404, message: 'Object not found' } };
    }
    const { world } = this.#parts;
    const href = `${world.serverUrl}/${world.pathOf(project)}.git/lfs/objects/${oid}?lfs-objects=true`;
    const action: JsonValue = { header: { Authorization: `Bearer ${this.#tokenFor(principal)}` }, href };
    return { size, oid, actions: isUpload ? { upload: action } : { download: action } };
  }

  #tokenFor(principal: Principal): string {
    if (principal.kind === 'token') {
      return principal.token.value;
    }
    const value = randomBytes(20).toString('hex');
    this.#temporary.set(value, principal);
    return value;
  }

  #file(project: Project, oid: string): string {
    return join(this.#parts.repositories.dir(project.id), 'lfs-objects', oid);
  }

  async #sizeOf(project: Project, oid: string): Promise<number | undefined> {
    try {
      return (await stat(this.#file(project, oid))).size;
    } catch {
      // Not uploaded yet.
      return undefined;
    }
  }

  /** An upload whose SHA-256 is not its name is thrown away. */
  async #upload(exchange: Exchange, project: Project, oid: string): Promise<void> {
    const target = this.#file(project, oid);
    const partial = `${target}.${randomBytes(6).toString('hex')}`;
    await mkdir(join(target, '..'), { recursive: true });
    const hash = createHash('sha256');
    const file = await open(partial, 'w');
    try {
      for await (const chunk of exchange.chunks()) {
        hash.update(chunk);
        await file.write(chunk);
      }
    } finally {
      await file.close();
    }
    if (hash.digest('hex') === oid) {
      await rename(partial, target);
      await exchange.send(empty());
    } else {
      await rm(partial, { force: true });
      await exchange.send(empty(500));
    }
  }

  async #download(exchange: Exchange, project: Project, oid: string): Promise<void> {
    const size = await this.#sizeOf(project, oid);
    if (size === undefined) {
      await exchange.send(empty(404));
      return;
    }
    exchange.response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': String(size) });
    for await (const chunk of createReadStream(this.#file(project, oid))) {
      await exchange.write(Buffer.from(chunk as Uint8Array));
    }
    exchange.response.end();
  }
}

async function readFields(exchange: Exchange): Promise<Fields | undefined> {
  const body = await exchange.readBody(maxBatchBytes);
  try {
    const value = JSON.parse(body?.toString('utf8') ?? '') as JsonValue;
    return isFields(value) ? value : undefined;
  } catch {
    // OneDev answers a batch that is no JSON with its general failure.
    return undefined;
  }
}
