/** @file A project as OneDev reads and prints it: required objects, defaults of what is absent, the cut description. */
import type { JsonValue } from './answers.ts';
import {
  checkShape,
  failValidation,
  type Fields,
  isFields,
  readFlag,
  readId,
  readText,
  type Shape,
} from './json-body.ts';
import { readFields, type RestCall } from './rest.ts';
import type { Project } from './types.ts';
import type { ProjectFields, World } from './world.ts';

const maxDescriptionLength = 15_000;

const packFields = ['window', 'windowMemory', 'packSizeLimit', 'threads'];

const projectShape: Shape = {
  className: 'io.onedev.server.rest.resource.ProjectResource$ProjectData',
  known: [
    'timeTracking',
    'parentId',
    'forkedFromId',
    'codeAnalysisSetting',
    'name',
    'gitPackConfig',
    'codeManagement',
    'id',
    'description',
    'key',
    'serviceDeskEmailAddress',
    'packManagement',
    'issueManagement',
  ],
  ignored: ['path', 'createDate'],
  nested: {
    gitPackConfig: { className: 'io.onedev.server.model.support.code.GitPackConfig', known: packFields },
    codeAnalysisSetting: {
      className: 'io.onedev.server.model.support.CodeAnalysisSetting',
      known: ['analysisFiles'],
    },
  },
};

export const settingShape: Shape = {
  className: 'io.onedev.server.rest.resource.ProjectResource$ProjectSetting',
  known: [
    'tagProtections',
    'buildSetting',
    'pullRequestSetting',
    'issueSetting',
    'branchProtections',
    'contributedSettings',
    'workspaceSetting',
    'webHooks',
    'namedCodeCommentQueries',
    'packSetting',
    'namedCommitQueries',
  ],
};

/** Reads the body of a create or of an update, which is a full replace: what is absent goes back to its default. */
export function createFields(call: RestCall, argument: string): ProjectFields {
  const fields = readFields(call);
  if (fields === undefined) {
    return failValidation([`${argument}: must not be null`]);
  }
  checkShape(call.body, fields, projectShape);
  const parentId = readId(call.body, fields, 'parentId', projectShape.className);
  const forkedFromId = readId(call.body, fields, 'forkedFromId', projectShape.className);
  const name = readText(fields, 'name');
  const gitPackConfig = readObject(fields, 'gitPackConfig');
  const codeAnalysisSetting = readObject(fields, 'codeAnalysisSetting');
  const messages = [
    ...(name === null ? [`${argument}.name: must not be empty`] : []),
    ...(gitPackConfig === null ? [`${argument}.gitPackConfig: must not be null`] : []),
    ...(codeAnalysisSetting === null ? [`${argument}.codeAnalysisSetting: must not be null`] : []),
  ];
  if (name === null || gitPackConfig === null || codeAnalysisSetting === null) {
    return failValidation(messages);
  }
  return {
    name,
    parentId,
    forkedFromId,
    key: readText(fields, 'key'),
    description: abbreviate(readText(fields, 'description')),
    codeManagement: readFlag(fields, 'codeManagement', true),
    packManagement: readFlag(fields, 'packManagement', true),
    issueManagement: readFlag(fields, 'issueManagement', true),
    timeTracking: readFlag(fields, 'timeTracking', false),
    serviceDeskEmailAddress: readText(fields, 'serviceDeskEmailAddress'),
    gitPackConfig,
    codeAnalysisSetting,
  };
}

function readObject(fields: Fields, name: string): Fields | null {
  const value = fields[name];
  return isFields(value) ? value : null;
}

function abbreviate(description: string | null): string | null {
  if (description === null || description.length <= maxDescriptionLength) {
    return description;
  }
  return `${description.slice(0, maxDescriptionLength - 3)}...`;
}

/** OneDev's notation: no `Z`, a colon in the zone. */
export function printDate(date: Date | null): string | null {
  return date === null ? null : date.toISOString().replace('Z', '+00:00');
}

export function projectJson(world: World, project: Project): JsonValue {
  const pack = (name: string): JsonValue => project.gitPackConfig[name] ?? null;
  return {
    id: project.id,
    parentId: project.parentId,
    forkedFromId: project.forkedFromId,
    name: project.name,
    key: project.key,
    path: world.pathOf(project),
    description: project.description,
    createDate: printDate(project.createDate),
    codeManagement: project.codeManagement,
    packManagement: project.packManagement,
    issueManagement: project.issueManagement,
    timeTracking: project.timeTracking,
    serviceDeskEmailAddress: project.serviceDeskEmailAddress,
    gitPackConfig: {
      windowMemory: pack('windowMemory'),
      packSizeLimit: pack('packSizeLimit'),
      threads: pack('threads'),
      window: pack('window'),
    },
    codeAnalysisSetting: { analysisFiles: project.codeAnalysisSetting['analysisFiles'] ?? null },
  };
}
