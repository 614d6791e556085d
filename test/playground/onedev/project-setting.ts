/** @file The setting object a fresh OneDev project has, with the null that makes OneDev refuse its own answer. */
import type { JsonValue } from './answers.ts';

function namedQuery(name: string, query: string | null): JsonValue {
  return { name, query };
}

export const defaultSetting: Readonly<Record<string, JsonValue>> = {
  branchProtections: [],
  tagProtections: [],
  issueSetting: {
    listFields: null,
    listLinks: null,
    boardSpecs: null,
    namedQueries: null,
    transitionSpecs: [],
    timesheetSettings: {},
    branchPrefix: null,
  },
  buildSetting: {
    listParams: null,
    namedQueries: null,
    jobProperties: [],
    jobSecrets: [],
    buildPreservations: [],
    defaultFixedIssueFilters: [],
    cachePreserveDays: null,
  },
  packSetting: { namedQueries: null },
  pullRequestSetting: {
    namedQueries: null,
    defaultMergeStrategy: null,
    defaultAssignees: [],
    deleteSourceBranchAfterMerge: null,
  },
  workspaceSetting: { namedQueries: null },
  namedCommitQueries: [
    namedQuery('All', null),
    namedQuery('Default branch', 'default-branch'),
    namedQuery('Authored by me', 'authored-by-me'),
    namedQuery('Committed by me', 'committed-by-me'),
    namedQuery('Committed recently', 'after(last week)'),
  ],
  namedCodeCommentQueries: [
    namedQuery('Unresolved', 'unresolved'),
    namedQuery('Created by me', 'created by me'),
    namedQuery('Mentioned me', 'mentioned me'),
    namedQuery('Created recently', '"Create Date" is since "last week"'),
    namedQuery('Has activity recently', '"Last Activity Date" is since "last week"'),
    namedQuery('Resolved', 'resolved'),
    namedQuery('All', null),
  ],
  webHooks: [],
  contributedSettings: [],
};
