/**
 * @file GitHub's JSON as parsers: strict on what is used, silent about the rest. Knows nothing of HTTP.
 * Source: GitHub's OpenAPI description, version 2022-11-28 (`repository`, `starred-repository`, `private-user`,
 * `rate-limit-overview`).
 */
import { z } from 'zod';
import { isFullName, type RepositoryFacts, type Star } from '../../domain/repository.ts';
import { describeValue, oneLine } from './texts.ts';

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  /** What was wrong, by path, in at most 200 characters. */
  | { readonly ok: false; readonly problem: string };

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const id = z.int().positive();
const nullableText = (maxChars: number) => z.string().max(maxChars).nullable().optional();

const repository = z
  .object({
    id,
    node_id: z.string().min(1).max(200),
    full_name: z.string().refine(isFullName, {
      error: (issue) => `not a repository name: ${describeValue(issue.input)}`,
    }),
    description: nullableText(20_000),
    default_branch: z.string().min(1).max(1000),
    size: z.number().nonnegative(),
    private: z.boolean(),
    fork: z.boolean(),
    archived: z.boolean().default(false),
    disabled: z.boolean().default(false),
    has_wiki: z.boolean().default(false),
    pushed_at: instant.nullable().optional(),
    language: nullableText(200),
    license: z
      .object({ spdx_id: nullableText(200) })
      .nullable()
      .optional(),
    topics: z.array(z.string().max(200)).max(1000).default([]),
    homepage: nullableText(20_000),
    html_url: z.url({ protocol: /^https?$/ }).max(2000),
  })
  .transform(
    (raw): RepositoryFacts => ({
      githubId: raw.id,
      nodeId: raw.node_id,
      fullName: raw.full_name,
      description: raw.description ?? null,
      defaultBranch: raw.default_branch,
      sizeKb: raw.size,
      isPrivate: raw.private,
      isFork: raw.fork,
      isArchived: raw.archived,
      isDisabled: raw.disabled,
      hasWiki: raw.has_wiki,
      pushedAt: raw.pushed_at ?? null,
      language: raw.language ?? null,
      licenseSpdx: raw.license?.spdx_id ?? null,
      topics: raw.topics,
      homepage: raw.homepage === '' ? null : (raw.homepage ?? null),
      htmlUrl: raw.html_url,
    }),
  );

const star = z
  .object({ starred_at: instant, repo: repository })
  .transform((raw): Star => ({ starredAt: raw.starred_at, repository: raw.repo }));

const viewer = z
  .object({ id, login: z.string().regex(/^[A-Za-z0-9_-]{1,100}(\[bot\])?$/) })
  .transform((raw) => ({ githubId: raw.id, login: raw.login }));

const rate = z
  .object({
    resources: z.object({
      core: z.object({
        limit: z.int().nonnegative(),
        remaining: z.int().nonnegative(),
        reset: z.int().nonnegative().max(1e11),
      }),
    }),
  })
  .transform(({ resources: { core } }) => ({
    limit: core.limit,
    remaining: core.remaining,
    resetsAt: core.reset * 1000,
  }));

export const readRepository = (data: unknown): Read<RepositoryFacts> => read(repository, data);
export const readStar = (data: unknown): Read<Star> => read(star, data);
export const readViewer = (data: unknown): Read<{ githubId: number; login: string }> => read(viewer, data);
export const readRate = (data: unknown): Read<{ limit: number; remaining: number; resetsAt: number }> =>
  read(rate, data);

function read<T>(schema: z.ZodType<T>, data: unknown): Read<T> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  return { ok: false, problem: oneLine(problems.join('; ')) };
}
