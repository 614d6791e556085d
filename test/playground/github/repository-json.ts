/** @file Repositories as GitHub's REST interface writes them: the list form and the full form. */
import { toIsoSeconds } from './clock.ts';
import { type Addresses, nodeIdOf, simpleUserJson } from './user-json.ts';
import { fullNameOf, isOwnedBy, type Repository, userIdOf } from './world-types.ts';

/** Addresses below the repository's own, most of them templates for the reader to fill. */
const SUB_ADDRESSES: ReadonlyArray<readonly [key: string, suffix: string]> = [
  ['forks_url', '/forks'],
  ['keys_url', '/keys{/key_id}'],
  ['collaborators_url', '/collaborators{/collaborator}'],
  ['teams_url', '/teams'],
  ['hooks_url', '/hooks'],
  ['issue_events_url', '/issues/events{/number}'],
  ['events_url', '/events'],
  ['assignees_url', '/assignees{/user}'],
  ['branches_url', '/branches{/branch}'],
  ['tags_url', '/tags'],
  ['blobs_url', '/git/blobs{/sha}'],
  ['git_tags_url', '/git/tags{/sha}'],
  ['git_refs_url', '/git/refs{/sha}'],
  ['trees_url', '/git/trees{/sha}'],
  ['statuses_url', '/statuses/{sha}'],
  ['languages_url', '/languages'],
  ['stargazers_url', '/stargazers'],
  ['contributors_url', '/contributors'],
  ['subscribers_url', '/subscribers'],
  ['subscription_url', '/subscription'],
  ['commits_url', '/commits{/sha}'],
  ['git_commits_url', '/git/commits{/sha}'],
  ['comments_url', '/comments{/number}'],
  ['issue_comment_url', '/issues/comments{/number}'],
  ['contents_url', '/contents/{+path}'],
  ['compare_url', '/compare/{base}...{head}'],
  ['merges_url', '/merges'],
  ['archive_url', '/{archive_format}{/ref}'],
  ['downloads_url', '/downloads'],
  ['issues_url', '/issues{/number}'],
  ['pulls_url', '/pulls{/number}'],
  ['milestones_url', '/milestones{/number}'],
  ['notifications_url', '/notifications{?since,all,participating}'],
  ['labels_url', '/labels{/name}'],
  ['releases_url', '/releases{/id}'],
  ['deployments_url', '/deployments'],
];

function licenseJson(spdxId: string | null, at: Addresses): Record<string, unknown> | null {
  if (spdxId === null) return null;
  const key = spdxId.toLowerCase();
  return {
    key,
    name: `${spdxId} License`,
    spdx_id: spdxId,
    url: `${at.apiBase}/licenses/${key}`,
    node_id: nodeIdOf('L', spdxId.length),
  };
}

/** The form that stands in lists; the permissions are those of the named user. */
export function repositoryJson(repository: Repository, at: Addresses, login: string | null): Record<string, unknown> {
  const isOwner = isOwnedBy(repository, login);
  const fullName = fullNameOf(repository);
  const api = `${at.apiBase}/repos/${fullName}`;
  const web = `${at.webBase}/${fullName}`;
  const host = new URL(at.webBase).host;
  return {
    id: repository.id,
    node_id: nodeIdOf('R', repository.id),
    name: repository.name,
    full_name: fullName,
    private: repository.private,
    owner: simpleUserJson(repository.owner, userIdOf(repository.owner), at),
    html_url: web,
    description: repository.description,
    fork: repository.fork,
    url: api,
    ...Object.fromEntries(SUB_ADDRESSES.map(([key, suffix]) => [key, api + suffix])),
    created_at: toIsoSeconds(repository.createdAtMs),
    updated_at: toIsoSeconds(repository.updatedAtMs),
    pushed_at: repository.pushedAtMs === null ? null : toIsoSeconds(repository.pushedAtMs),
    git_url: `git://${host}/${fullName}.git`,
    ssh_url: `ssh://git@${host}/${fullName}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    homepage: repository.homepage,
    size: repository.sizeKb,
    stargazers_count: repository.stargazers,
    watchers_count: repository.stargazers,
    language: repository.language,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: repository.hasWiki,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: repository.disabled,
    open_issues_count: 0,
    license: licenseJson(repository.license, at),
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: repository.topics,
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: 0,
    watchers: repository.stargazers,
    default_branch: repository.defaultBranch,
    permissions: { admin: isOwner, maintain: isOwner, push: isOwner, triage: isOwner, pull: true },
  };
}

/** The form of a single repository. */
export function fullRepositoryJson(
  repository: Repository,
  at: Addresses,
  login: string | null,
): Record<string, unknown> {
  return { ...repositoryJson(repository, at, login), temp_clone_token: '', network_count: 0, subscribers_count: 0 };
}
