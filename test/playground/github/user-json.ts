/** @file Users as GitHub's REST interface writes them. */
import { toIsoSeconds } from './clock.ts';
import type { User } from './world-types.ts';

export interface Addresses {
  /** REST base of this request, no slash at the end. */
  readonly apiBase: string;
  /** Web and git base, no slash at the end. */
  readonly webBase: string;
}

export function nodeIdOf(prefix: string, id: number): string {
  return `${prefix}_kgDO${Buffer.from(String(id)).toString('base64url')}`;
}

/** The short form that stands in every repository as its owner. */
export function simpleUserJson(login: string, id: number, at: Addresses): Record<string, unknown> {
  const api = `${at.apiBase}/users/${login}`;
  return {
    login,
    id,
    node_id: nodeIdOf('U', id),
    avatar_url: `${at.webBase}/avatars/${id}`,
    gravatar_id: '',
    url: api,
    html_url: `${at.webBase}/${login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: 'User',
    site_admin: false,
  };
}

/** `GET /user`. The private fields are shown to tokens that may read them. */
export function authenticatedUserJson(user: User, at: Addresses, showPrivate: boolean): Record<string, unknown> {
  const createdAt = toIsoSeconds(user.createdAtMs);
  const shared = {
    ...simpleUserJson(user.login, user.id, at),
    user_view_type: showPrivate ? 'private' : 'public',
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: user.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: createdAt,
    updated_at: createdAt,
  };
  if (!showPrivate) return shared;
  return {
    ...shared,
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
    plan: { name: 'free', space: 976_562_499, collaborators: 0, private_repos: 10_000 },
  };
}
