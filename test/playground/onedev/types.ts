/** @file What the OneDev stand-in keeps: projects, users, tokens, roles, labels. Plain data, no behaviour. */
import type { JsonValue } from './answers.ts';

export interface Project {
  readonly id: number;
  parentId: number | null;
  readonly forkedFromId: number | null;
  name: string;
  key: string | null;
  description: string | null;
  readonly createDate: Date;
  codeManagement: boolean;
  packManagement: boolean;
  issueManagement: boolean;
  timeTracking: boolean;
  serviceDeskEmailAddress: string | null;
  gitPackConfig: Readonly<Record<string, JsonValue>>;
  codeAnalysisSetting: Readonly<Record<string, JsonValue>>;
  setting: Readonly<Record<string, JsonValue>>;
  /** Grows with every write; the list is ordered by it, newest first. */
  activity: number;
}

export interface User {
  readonly id: number;
  readonly name: string;
  readonly password: string;
  readonly admin: boolean;
}

export interface Token {
  readonly id: number;
  readonly name: string;
  readonly value: string;
  readonly ownerId: number;
  readonly hasOwnerPermissions: boolean;
  readonly createDate: Date;
  readonly expireDate: Date | null;
}

export type CodePrivilege = 'NONE' | 'READ' | 'WRITE';

export interface Role {
  readonly id: number;
  readonly name: string;
  readonly manageProject: boolean;
  readonly createChildren: boolean;
  readonly code: CodePrivilege;
  readonly pack: CodePrivilege;
  /** What else the list of roles shows of it; nothing here depends on it. */
  readonly more: Readonly<Record<string, JsonValue>>;
}

/** A role of a user or of a token on one project and all below it. */
export interface Authorization {
  readonly id: number;
  readonly projectId: number;
  readonly roleId: number;
  readonly holder: 'user' | 'token';
  readonly holderId: number;
}

export interface LabelSpec {
  readonly id: number;
  readonly name: string;
  readonly color: string;
}

/** A build that a push started; without an executor it fails at once, as measured. */
export interface Build {
  readonly projectId: number;
  readonly refName: string;
  readonly commitId: string;
  readonly status: 'FAILED';
  readonly submitReason: string;
}

export interface ProjectLabel {
  readonly id: number;
  readonly projectId: number;
  readonly specId: number;
}

/** Who asks: a user (or a token with all of its owner's rights), or a token with rights of its own only. */
export type Principal =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'token'; readonly token: Token };

export type Authentication =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'known'; readonly principal: Principal; readonly tokenName: string | null };

export type Right = 'read' | 'write' | 'manage' | 'createChildren';
