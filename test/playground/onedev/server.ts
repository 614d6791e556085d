/** @file Starts, restarts and closes the OneDev stand-in, and gives tests their handles on its state. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Dispatcher } from './dispatcher.ts';
import { Faults } from './faults.ts';
import { PackSlots } from './pack-slots.ts';
import { defaultRestart, type Phase, type PhaseStep } from './phases.ts';
import { Repositories } from './repositories.ts';
import { RequestLog } from './request-log.ts';
import type { Project } from './types.ts';
import { World } from './world.ts';

export interface OnedevOptions {
  /** Where the bare repositories go; made if missing, left behind by `close`. */
  readonly dataDir: string;
  readonly host?: string;
  /** 0 takes a free one, which a restart keeps. */
  readonly port?: number;
  readonly admin?: { readonly name: string; readonly password: string };
  readonly gitPath?: string;
  /** Pack work at the same time on the whole server. */
  readonly packSlots?: number;
  /** How long an upload may pause while it has a slot. */
  readonly uploadIdleLimitMs?: number;
  /** Between the check and the insert of a new root project. */
  readonly rootInsertDelayMs?: number;
  readonly slowRestMs?: number;
}

export interface TokenWish {
  readonly name?: string;
  /** Without it the token has only the rights granted here. */
  readonly hasOwnerPermissions?: boolean;
  readonly expireDate?: Date;
  /** Role ids: 1 Project Owner, 3 Code Writer, 4 Code Reader, or one made by REST. */
  readonly grants?: readonly { readonly path: string; readonly roleId: number }[];
}

export class Onedev {
  readonly world: World;
  readonly faults = new Faults();
  readonly log = new RequestLog();
  readonly slots: PackSlots;
  /** A token with all rights of the administrator. */
  readonly adminToken: string;
  readonly #repositories: Repositories;
  readonly #dispatcher: Dispatcher;
  readonly #server: Server;
  readonly #host: string;
  #port: number;

  constructor(options: OnedevOptions) {
    this.world = new World(options.admin ?? { name: 'admin', password: 'admin' });
    this.#repositories = new Repositories(options.dataDir, options.gitPath ?? 'git');
    this.slots = new PackSlots(options.packSlots ?? 1);
    this.#host = options.host ?? '127.0.0.1';
    this.#port = options.port ?? 0;
    this.#dispatcher = new Dispatcher({
      world: this.world,
      repositories: this.#repositories,
      slots: this.slots,
      faults: this.faults,
      log: this.log,
      uploadIdleLimitMs: options.uploadIdleLimitMs ?? 30_000,
      rootInsertDelayMs: options.rootInsertDelayMs ?? 5,
      slowRestMs: options.slowRestMs ?? 5,
    });
    this.adminToken = this.addToken({ name: 'playground', hasOwnerPermissions: true });
    this.#server = createServer({ maxHeaderSize: 128 * 1024, requestTimeout: 0 }, (request, response) => {
      void this.#dispatcher.serve(request, response);
    });
    this.#server.keepAliveTimeout = 30_000;
  }

  get url(): string {
    return `http://${this.#host}:${this.#port}`;
  }

  get phase(): Phase {
    return this.#dispatcher.phase;
  }

  async start(): Promise<void> {
    await this.#repositories.prepare();
    await this.#listen();
    this.world.serverUrl = this.url;
  }

  /** A token of the administrator; returns its value. */
  addToken(wish: TokenWish = {}): string {
    const token = this.world.addToken({
      name: wish.name ?? `token ${this.world.nextId(this.world.tokens)}`,
      ownerId: 1,
      hasOwnerPermissions: wish.hasOwnerPermissions ?? false,
      expireDate: wish.expireDate ?? null,
    });
    for (const { path, roleId } of wish.grants ?? []) {
      const project = this.world.findByPath(path);
      if (project === undefined) {
        throw new Error(`no project ${path}`);
      }
      this.world.authorize('token', token.id, project.id, roleId);
    }
    return token.value;
  }

  /** The token answers 401 from now on. */
  removeToken(value: string): void {
    const token = this.world.tokens.values().find((row) => row.value === value);
    this.world.tokens.delete(token?.id ?? 0);
  }

  /** The project at this path, made with all its missing parents. `id` is for the last of them. */
  async ensureProject(path: string, id?: number): Promise<Project> {
    const slash = path.lastIndexOf('/');
    const parentId = slash < 0 ? null : (await this.ensureProject(path.slice(0, slash))).id;
    const name = path.slice(slash + 1);
    return this.world.findSibling(parentId, name) ?? (await this.addProject(name, parentId, id));
  }

  /** Without any check, so that two projects may have one path. */
  async addProject(name: string, parentId: number | null, id?: number): Promise<Project> {
    const fields = { name, parentId, packManagement: false, issueManagement: false };
    const project = this.world.insertProject(fields, id);
    await this.#repositories.create(project.id);
    const [admin] = this.world.users.values();
    if (admin !== undefined) {
      this.world.makeOwner(admin, project);
    }
    return project;
  }

  /** The bare repository behind a project. */
  repositoryDir(project: Pick<Project, 'id'>): string {
    return this.#repositories.dir(project.id);
  }

  /** Enters a phase and stays in it; from `refused` to another the port opens again. */
  async enterPhase(phase: Phase): Promise<void> {
    this.#dispatcher.phase = phase;
    if (phase === 'refused' && this.#server.listening) {
      await this.#stopListening();
    } else if (phase !== 'refused' && !this.#server.listening) {
      await this.#listen();
    }
  }

  /** Goes through the phases of a restart and ends ready. The state is kept. */
  async restart(steps: readonly PhaseStep[] = defaultRestart): Promise<void> {
    for (const step of steps) {
      await this.enterPhase(step.phase);
      await delay(step.durationMs);
    }
    await this.enterPhase('ready');
  }

  async close(): Promise<void> {
    if (this.#server.listening) {
      await this.#stopListening();
    }
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, this.#host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #stopListening(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

export async function startOnedev(options: OnedevOptions): Promise<Onedev> {
  const onedev = new Onedev(options);
  await onedev.start();
  return onedev;
}
