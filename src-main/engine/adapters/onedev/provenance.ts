/**
 * @file What is written into the description of a mirror, so that it is found again by the id of its repository. Pure.
 * The description of the repository is foreign text: it can neither forge nor hide the line that says where the
 * mirror comes from.
 */
import { type GithubId, isFullName } from '../../domain/repository.ts';
import type { ProjectWanted } from '../../ports/mirror-target.ts';

/** OneDev cuts at 15000 characters, which would cost the line at the end. */
const maxDescriptionLength = 14_900;
const marker = 'epicstar-github-id';
/** A part of every description that {@link describeMirror} wrote. */
export const provenanceMarker = marker;
/** Of a project of ours, or of one that was somebody's before. */
const line = new RegExp(`^(?:Mirrored|Taken over) by epicstar from (\\S+) \\(${marker}:([1-9][0-9]{0,15});\\)$`);

/** What a project says of itself: untrusted, since whoever may change it can write anything. */
export interface Origin {
  readonly githubId: GithubId;
  /** Page of the repository; `-` where none was told. */
  readonly htmlUrl: string;
  /** As the page's address spells it; null where that is no address of a repository. */
  readonly fullName: string | null;
}

/** The text that no other mirror's description contains: the semicolon keeps 12 from matching 123. */
export function provenanceToken(githubId: GithubId): string {
  return `${marker}:${githubId};`;
}

/** Whole description of the mirror: the repository's own, an empty line, and the line of its provenance. */
export function describeMirror(wanted: ProjectWanted): string {
  const provenance = provenanceLine('Mirrored', wanted);
  const own = withoutMarkup((wanted.description ?? '').replace(/\p{Cc}+/gu, ' '))
    .replace(new RegExp(marker, 'gi'), 'epicstar github id')
    .trim();
  if (own === '') return provenance;
  return `${cut(own, maxDescriptionLength - provenance.length - 2)}\n\n${provenance}`;
}

/** Characters that turn the direction of what follows, or are not seen at all. */
const unseen = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * OneDev shows descriptions as Markdown with some HTML. A stranger's text stays readable, but loads no picture, makes no
 * element, mentions nobody and refers to no issue of this server.
 */
function withoutMarkup(text: string): string {
  return text
    .replace(unseen, '')
    .replace(/<(?=[a-z!/?])/gi, '‹')
    .replaceAll('![', '! [')
    .replace(/\](?=[([:])/g, '] ')
    .replace(/(?<![\p{L}\p{N}_])@(?=[\p{L}\p{N}_-])/gu, '＠')
    .replace(/#(?=\p{N})/gu, '＃');
}

/**
 * What was there before, and the line of the provenance.
 *
 * @returns null where there is no room for that line, or where such lines are there already and do not agree
 */
export function describeTakenOver(before: string | null, wanted: ProjectWanted): string | null {
  const provenance = provenanceLine('Taken over', wanted);
  const own = (before ?? '').trimEnd();
  if (own === '') return provenance;
  if (own.split(/\r?\n/).some((text) => line.test(text))) return null;
  return own.length + provenance.length + 2 > maxDescriptionLength ? null : `${own}\n\n${provenance}`;
}

/** Whether the project was somebody's before it became a mirror. */
export function isTakenOver(description: string | null): boolean {
  const lines = (description ?? '').split(/\r?\n/);
  return lines.some((text) => text.startsWith('Taken over') && line.test(text.trimEnd()));
}

/** The description as it should be now. What somebody wrote into a project that was taken over stays. */
export function describeAgain(before: string | null, wanted: ProjectWanted): string {
  if (!isTakenOver(before)) return describeMirror(wanted);
  const provenance = provenanceLine('Taken over', wanted);
  return (before ?? '')
    .split('\n')
    .map((text) => (line.test(text.trimEnd()) ? provenance : text))
    .join('\n');
}

/** GitHub id of the repository that a project mirrors; null where its description does not say so exactly once. */
export function githubIdOf(description: string | null): GithubId | null {
  return originOf(description)?.githubId ?? null;
}

/** The same with all that the line says. */
export function originOf(description: string | null): Origin | null {
  const found = (description ?? '').split(/\r?\n/).flatMap((text) => {
    const match = line.exec(text);
    return match === null ? [] : [{ htmlUrl: match[1] ?? '-', githubId: Number(match[2]) }];
  });
  const [origin] = found;
  if (origin === undefined || found.length > 1 || !Number.isSafeInteger(origin.githubId)) return null;
  return { ...origin, fullName: fullNameOf(origin.htmlUrl) };
}

/** The repository's own description, of a whole one that has a line of provenance; null for none. */
export function descriptionOfRepository(description: string): string | null {
  const own = description
    .split(/\r?\n/)
    .filter((text) => !line.test(text))
    .join(' ')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return own === '' ? null : own;
}

function fullNameOf(htmlUrl: string): string | null {
  if (!URL.canParse(htmlUrl)) return null;
  const { protocol, pathname, username, password } = new URL(htmlUrl);
  const name = pathname.replace(/^\//, '');
  const isWeb = (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
  return isWeb && isFullName(name) ? name : null;
}

function provenanceLine(how: 'Mirrored' | 'Taken over', { htmlUrl, githubId }: ProjectWanted): string {
  const address = htmlUrl
    .replace(/[^\x21-\x7e]/g, '')
    .replace(new RegExp(marker, 'gi'), '')
    .slice(0, 1000);
  return `${how} by epicstar from ${address === '' ? '-' : address} (${provenanceToken(githubId)})`;
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const short = text.slice(0, maxLength - 1);
  const isHalfPair = /[\ud800-\udbff]$/.test(short);
  return `${isHalfPair ? short.slice(0, -1) : short}…`;
}
