/**
 * @file The state of the OneDev stand-in: projects by id and path, users, tokens, roles, and who may do what. It lives
 * in memory and outlives `restart`. Knows neither HTTP nor git.
 */
import { randomBytes } from 'node:crypto';
import type { JsonValue } from './answers.ts';
import { firstRoles, ownerRoleId } from './first-roles.ts';
import { defaultSetting } from './project-setting.ts';
import type {
  Authorization,
  Build,
  LabelSpec,
  Principal,
  Project,
  ProjectLabel,
  Right,
  Role,
  Token,
  User,
} from './types.ts';

export interface ProjectFields {
  readonly name: string;
  readonly parentId: number | null;
  readonly forkedFromId?: number | null;
  readonly key?: string | null;
  readonly description?: string | null;
  readonly codeManagement?: boolean;
  readonly packManagement?: boolean;
  readonly issueManagement?: boolean;
  readonly timeTracking?: boolean;
  readonly serviceDeskEmailAddress?: string | null;
  readonly gitPackConfig?: Readonly<Record<string, JsonValue>>;
  readonly codeAnalysisSetting?: Readonly<Record<string, JsonValue>>;
}

const tokenAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export class World {
  readonly users = new Map<number, User>();
  readonly tokens = new Map<number, Token>();
  readonly roles = new Map<number, Role>();
  readonly projects = new Map<number, Project>();
  readonly labelSpecs = new Map<number, LabelSpec>();
  readonly projectLabels = new Map<number, ProjectLabel>();
  /** In the order in which pushes started them. */
  readonly builds: Build[] = [];
  /** By holder: `user 1`, `token 3`. */
  readonly #authorizations = new Map<string, Authorization[]>();
  /** The next id a project gets; a failed insert uses one up, as measured. */
  nextProjectId = 1;
  serverUrl = '';
  #lastTokenAuthorization = 0;
  #lastUserAuthorization = 0;
  #activity = 0;
  #paths: Map<string, Project> | undefined;
  readonly #siblings = new Map<string, Set<Project>>();

  constructor(admin: { readonly name: string; readonly password: string }) {
    this.users.set(1, { id: 1, ...admin, admin: true });
    for (const role of firstRoles) {
      this.roles.set(role.id, role);
    }
  }

  /** Ids of everything but projects: one more than the highest in use. */
  nextId(rows: ReadonlyMap<number, unknown>): number {
    return Math.max(0, ...rows.keys()) + 1;
  }

  addToken(fields: Omit<Token, 'id' | 'value' | 'createDate'>): Token {
    const value = Array.from(randomBytes(40), (byte) => tokenAlphabet[byte % tokenAlphabet.length]).join('');
    const token = { id: this.nextId(this.tokens), value, createDate: new Date(), ...fields };
    this.tokens.set(token.id, token);
    return token;
  }

  authorize(holder: 'user' | 'token', holderId: number, projectId: number, roleId: number): Authorization {
    const isUser = holder === 'user';
    const id = (isUser ? this.#lastUserAuthorization : this.#lastTokenAuthorization) + 1;
    this.#lastUserAuthorization = isUser ? id : this.#lastUserAuthorization;
    this.#lastTokenAuthorization = isUser ? this.#lastTokenAuthorization : id;
    const row = { id, holder, holderId, projectId, roleId };
    const key = `${holder} ${holderId}`;
    const rows = this.#authorizations.get(key) ?? [];
    rows.push(row);
    this.#authorizations.set(key, rows);
    return row;
  }

  /** Whoever makes a project owns it; the row's id keeps up with the project's, as measured. */
  makeOwner(user: User, project: Project): void {
    this.#lastUserAuthorization = Math.max(this.#lastUserAuthorization, project.id - 1);
    this.authorize('user', user.id, project.id, ownerRoleId);
  }

  authorizationsOf(holder: 'user' | 'token', holderId: number): readonly Authorization[] {
    return this.#authorizations.get(`${holder} ${holderId}`) ?? [];
  }

  authorizationsOn(projectId: number, holder: 'user' | 'token'): readonly Authorization[] {
    const all = [...this.#authorizations.values()].flat();
    return all.filter((row) => row.projectId === projectId && row.holder === holder);
  }

  pathOf(project: Project): string {
    const names = [project.name];
    let parentId = project.parentId;
    while (parentId !== null) {
      const parent = this.projects.get(parentId);
      if (parent === undefined) {
        break;
      }
      names.unshift(parent.name);
      parentId = parent.parentId;
    }
    return names.join('/');
  }

  /** Any letter case; of several roots with one path, the one stored first. */
  findByPath(path: string): Project | undefined {
    this.#paths ??= this.#indexPaths();
    return this.#paths.get(path.toLowerCase());
  }

  #indexPaths(): Map<string, Project> {
    const paths = new Map<string, Project>();
    for (const project of this.projects.values()) {
      const key = this.pathOf(project).toLowerCase();
      if (!paths.has(key)) {
        paths.set(key, project);
      }
    }
    return paths;
  }

  /** Another project of this name under this parent. */
  findSibling(parentId: number | null, name: string, except?: Project): Project | undefined {
    return this.#siblings
      .get(siblingKey(parentId, name))
      ?.values()
      .find((project) => project !== except);
  }

  hasChild(project: Project): boolean {
    return this.projects.values().some((other) => other.parentId === project.id);
  }

  /** Stores a project without any check: the callers check, and two of them may have checked at the same time. */
  insertProject(fields: ProjectFields, id = this.nextProjectId): Project {
    if (this.projects.has(id)) {
      throw new Error(`project id ${id} is taken`);
    }
    this.nextProjectId = Math.max(this.nextProjectId, id + 1);
    const project: Project = {
      id,
      parentId: fields.parentId,
      forkedFromId: fields.forkedFromId ?? null,
      name: fields.name,
      key: fields.key ?? null,
      description: fields.description ?? null,
      createDate: new Date(),
      codeManagement: fields.codeManagement ?? true,
      packManagement: fields.packManagement ?? true,
      issueManagement: fields.issueManagement ?? true,
      timeTracking: fields.timeTracking ?? false,
      serviceDeskEmailAddress: fields.serviceDeskEmailAddress ?? null,
      gitPackConfig: fields.gitPackConfig ?? {},
      codeAnalysisSetting: fields.codeAnalysisSetting ?? {},
      setting: defaultSetting,
      activity: 0,
    };
    this.touch(project);
    this.projects.set(id, project);
    this.#link(project);
    const path = this.pathOf(project).toLowerCase();
    if (this.#paths?.has(path) === false) {
      this.#paths.set(path, project);
    }
    return project;
  }

  replaceProject(project: Project, fields: ProjectFields): void {
    this.#unlink(project);
    project.name = fields.name;
    project.parentId = fields.parentId;
    project.key = fields.key ?? null;
    project.description = fields.description ?? null;
    project.codeManagement = fields.codeManagement ?? true;
    project.packManagement = fields.packManagement ?? true;
    project.issueManagement = fields.issueManagement ?? true;
    project.timeTracking = fields.timeTracking ?? false;
    project.serviceDeskEmailAddress = fields.serviceDeskEmailAddress ?? null;
    project.gitPackConfig = fields.gitPackConfig ?? {};
    project.codeAnalysisSetting = fields.codeAnalysisSetting ?? {};
    this.#link(project);
    this.#paths = undefined;
  }

  /** The project and all below it; the ids that are gone now. */
  removeProject(project: Project): readonly number[] {
    const gone = [project.id];
    for (const other of this.projects.values()) {
      if (this.isWithin(other, project.id) && other.id !== project.id) {
        gone.push(other.id);
      }
    }
    for (const id of gone) {
      const row = this.projects.get(id);
      if (row !== undefined) {
        this.#unlink(row);
        this.projects.delete(id);
      }
    }
    this.#paths = undefined;
    return gone;
  }

  #link(project: Project): void {
    const key = siblingKey(project.parentId, project.name);
    const set = this.#siblings.get(key) ?? new Set();
    set.add(project);
    this.#siblings.set(key, set);
  }

  #unlink(project: Project): void {
    this.#siblings.get(siblingKey(project.parentId, project.name))?.delete(project);
  }

  touch(project: Project): void {
    this.#activity += 1;
    project.activity = this.#activity;
  }

  /** Whether the project is the one with this id or below it. */
  isWithin(project: Project, ancestorId: number): boolean {
    let current: Project | undefined = project;
    while (current !== undefined) {
      if (current.id === ancestorId) {
        return true;
      }
      current = current.parentId === null ? undefined : this.projects.get(current.parentId);
    }
    return false;
  }

  isAdmin(principal: Principal): boolean {
    return principal.kind === 'user' && principal.user.admin;
  }

  may(principal: Principal, right: Right, project: Project): boolean {
    if (this.isAdmin(principal)) {
      return true;
    }
    const holderId = principal.kind === 'user' ? principal.user.id : principal.token.id;
    return this.authorizationsOf(principal.kind, holderId).some((row) => {
      const role = this.roles.get(row.roleId);
      return role !== undefined && grants(role, right) && this.isWithin(project, row.projectId);
    });
  }
}

function siblingKey(parentId: number | null, name: string): string {
  return `${parentId ?? ''}/${name.toLowerCase()}`;
}

function grants(role: Role, right: Right): boolean {
  switch (right) {
    case 'read':
      return role.code !== 'NONE' || role.manageProject;
    case 'write':
      return role.code === 'WRITE' || role.manageProject;
    case 'manage':
      return role.manageProject;
    case 'createChildren':
      return role.createChildren;
  }
}
