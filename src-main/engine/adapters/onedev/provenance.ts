/**
 * @file What is written into the description of a mirror, so that it is found again by the id of its repository. Pure.
 * The description of the repository is foreign text: it can neither forge nor hide the line that says where the
 * mirror comes from.
 */
import type { GithubId } from '../../domain/repository.ts';
import type { ProjectWanted } from '../../ports/mirror-target.ts';

/** OneDev cuts at 15000 characters, which would cost the line at the end. */
const maxDescriptionLength = 14_900;
const marker = 'epicstar-github-id';
const line = new RegExp(`^Mirrored by epicstar from \\S+ \\(${marker}:([1-9][0-9]{0,15});\\)$`);

/** The text that no other mirror's description contains: the semicolon keeps 12 from matching 123. */
export function provenanceToken(githubId: GithubId): string {
  return `${marker}:${githubId};`;
}

/** Whole description of the mirror: the repository's own, an empty line, and the line of its provenance. */
export function describeMirror(wanted: ProjectWanted): string {
  const address = wanted.htmlUrl
    .replace(/[^\x21-\x7e]/g, '')
    .replace(new RegExp(marker, 'gi'), '')
    .slice(0, 1000);
  const provenance = `Mirrored by epicstar from ${address === '' ? '-' : address} (${provenanceToken(wanted.githubId)})`;
  const own = (wanted.description ?? '')
    .replace(/\p{Cc}+/gu, ' ')
    .replace(new RegExp(marker, 'gi'), 'epicstar github id')
    .trim();
  if (own === '') return provenance;
  return `${cut(own, maxDescriptionLength - provenance.length - 2)}\n\n${provenance}`;
}

/** GitHub id of the repository that a project mirrors; null where its description does not say so exactly once. */
export function githubIdOf(description: string | null): GithubId | null {
  if (description === null) return null;
  const ids = description.split(/\r?\n/).flatMap((text) => line.exec(text)?.[1] ?? []);
  const [id] = ids;
  return id === undefined || ids.length > 1 ? null : Number(id);
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const short = text.slice(0, maxLength - 1);
  const isHalfPair = /[\ud800-\udbff]$/.test(short);
  return `${isHalfPair ? short.slice(0, -1) : short}…`;
}
