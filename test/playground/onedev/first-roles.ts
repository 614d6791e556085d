/** @file Roles of a new OneDev, of those that the recordings show, with what they show of them. */
import type { Role } from './types.ts';

export const ownerRoleId = 1;

const someIssueFields = { '@type': 'ExcludeIssueFields', excludeFields: ['Assignees'] };
const runsJobs = {
  jobNames: '*',
  manageJob: false,
  runJob: true,
  accessLog: false,
  accessPipeline: false,
  accessibleReports: null,
};
const noJobs = { ...runsJobs, runJob: false };
const reader = { manageProject: false, createChildren: false, code: 'READ', pack: 'READ' } as const;

export const firstRoles: readonly Role[] = [
  {
    id: ownerRoleId,
    name: 'Project Owner',
    manageProject: true,
    createChildren: true,
    code: 'WRITE',
    pack: 'WRITE',
    more: {},
  },
  {
    ...reader,
    id: 3,
    name: 'Code Writer',
    code: 'WRITE',
    pack: 'WRITE',
    more: {
      accessConfidentialIssues: true,
      accessTimeTracking: true,
      scheduleIssues: true,
      canEditFieldsOfOtherIssues: true,
      jobPrivileges: [runsJobs],
    },
  },
  {
    ...reader,
    id: 4,
    name: 'Code Reader',
    more: { editableIssueFields: someIssueFields, jobPrivileges: [noJobs] },
  },
  {
    ...reader,
    id: 8,
    name: 'Issue Manager',
    more: { manageIssues: true, accessTimeTracking: true, jobPrivileges: [noJobs] },
  },
  { ...reader, id: 9, name: 'Issue Reporter', more: { jobPrivileges: [noJobs] } },
];
