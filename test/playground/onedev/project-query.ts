/**
 * @file The part of OneDev's project query language that was measured: a parser to a tree, and its evaluation over the
 * world. Its refusals are AnswerErrors in OneDev's words and statuses.
 */
import { fail, serverError } from './answers.ts';
import type { Principal, Project } from './types.ts';
import type { World } from './world.ts';

/** 50 terms were fine and 200 a 500; the limit here is the strict one. */
const maxOrTerms = 50;

type Test = (project: Project) => boolean;

export interface ProjectQuery {
  readonly matches: Test;
  readonly compare: (a: Project, b: Project) => number;
}

type Word = { readonly kind: 'quoted' | 'fuzzy' | 'bare' | 'mark'; readonly text: string };

const wordPattern = /\s*(?:"((?:[^"\\]|\\.)+)"|~((?:[^~\\]|\\.)+)~|(#\d+|[a-z]+)|([()]))/y;

function invalid(): never {
  return fail(406, 'Invalid query');
}

function readWords(query: string): readonly Word[] {
  const words: Word[] = [];
  const pattern = new RegExp(wordPattern);
  const end = query.trimEnd().length;
  while (pattern.lastIndex < end) {
    const match = pattern.exec(query);
    if (match === null) {
      return invalid();
    }
    const [, quoted, fuzzy, bare, mark] = match;
    if (quoted !== undefined) {
      words.push({ kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') });
    } else if (fuzzy !== undefined) {
      words.push({ kind: 'fuzzy', text: fuzzy.replace(/\\(.)/g, '$1') });
    } else if (bare !== undefined) {
      words.push({ kind: 'bare', text: bare });
    } else {
      words.push({ kind: 'mark', text: mark ?? '' });
    }
  }
  return words;
}

/** Throws an AnswerError for a query that OneDev refuses. */
export function parseProjectQuery(world: World, principal: Principal, query: string): ProjectQuery {
  return new Parser(world, principal, readWords(query)).parse();
}

class Parser {
  readonly #world: World;
  readonly #principal: Principal;
  readonly #words: readonly Word[];
  #at = 0;
  #orTerms = 1;

  constructor(world: World, principal: Principal, words: readonly Word[]) {
    this.#world = world;
    this.#principal = principal;
    this.#words = words;
  }

  parse(): ProjectQuery {
    const isOpen = this.#words.length === 0 || this.#isBare('order');
    const matches = isOpen ? (): boolean => true : this.#parseOr();
    const compare = this.#parseOrder() ?? ((a: Project, b: Project): number => b.activity - a.activity);
    if (this.#at < this.#words.length) {
      return invalid();
    }
    if (this.#orTerms > maxOrTerms) {
      return fail(500, serverError);
    }
    return { matches, compare };
  }

  #isBare(text: string): boolean {
    const word = this.#words[this.#at];
    return word?.kind === 'bare' && word.text === text;
  }

  #skip(text: string): boolean {
    const isThere = this.#isBare(text);
    this.#at += isThere ? 1 : 0;
    return isThere;
  }

  #expectMark(text: string): void {
    const word = this.#words[this.#at];
    this.#at += 1;
    if (word?.kind !== 'mark' || word.text !== text) {
      invalid();
    }
  }

  #expectQuoted(): string {
    const word = this.#words[this.#at];
    this.#at += 1;
    return word?.kind === 'quoted' ? word.text : invalid();
  }

  #parseOr(): Test {
    const tests = [this.#parseAnd()];
    while (this.#skip('or')) {
      this.#orTerms += 1;
      tests.push(this.#parseAnd());
    }
    return (project) => tests.some((test) => test(project));
  }

  #parseAnd(): Test {
    const tests = [this.#parseTerm()];
    while (this.#skip('and')) {
      tests.push(this.#parseTerm());
    }
    return (project) => tests.every((test) => test(project));
  }

  #parseTerm(): Test {
    const word = this.#words[this.#at];
    if (word === undefined) {
      return invalid();
    }
    if (word.kind === 'quoted') {
      return this.#parseField();
    }
    if (word.kind === 'mark') {
      return this.#parseGroup();
    }
    this.#at += 1;
    if (word.kind === 'fuzzy') {
      const part = word.text.toLowerCase();
      return (project) => this.#world.pathOf(project).toLowerCase().includes(part);
    }
    return word.text.startsWith('#')
      ? (project) => project.id === Number(word.text.slice(1))
      : this.#parseKeyword(word.text);
  }

  #parseGroup(): Test {
    this.#expectMark('(');
    const test = this.#parseOr();
    this.#expectMark(')');
    return test;
  }

  #parseKeyword(keyword: string): Test {
    const world = this.#world;
    switch (keyword) {
      case 'not': {
        const test = this.#parseGroup();
        return (project) => !test(project);
      }
      case 'roots':
        return (project) => project.parentId === null;
      case 'leafs':
        return (project) => !world.hasChild(project);
      case 'children': {
        const parent = this.#parseOf();
        return (project) => parent !== undefined && project.parentId === parent.id;
      }
      case 'forks': {
        const origin = this.#parseOf();
        return (project) => origin !== undefined && project.forkedFromId === origin.id;
      }
      case 'owned':
        return this.#skip('by') && this.#skip('me')
          ? (project) => world.may(this.#principal, 'manage', project)
          : invalid();
      case 'without':
        return this.#skip('enough') && this.#skip('replicas') ? () => false : invalid();
      default:
        return invalid();
    }
  }

  #parseOf(): Project | undefined {
    return this.#skip('of') ? this.#world.findByPath(this.#expectQuoted()) : invalid();
  }

  #parseField(): Test {
    const field = this.#expectQuoted();
    const operator = this.#parseOperator();
    const value = this.#expectQuoted();
    const test = this.#fieldTest(field, operator, value);
    return operator === 'is not' ? (project) => !test(project) : test;
  }

  #parseOperator(): string {
    if (this.#skip('contains')) {
      return 'contains';
    }
    if (!this.#skip('is')) {
      return invalid();
    }
    for (const tail of ['not', 'since', 'until']) {
      if (this.#skip(tail)) {
        return `is ${tail}`;
      }
    }
    return 'is';
  }

  #fieldTest(field: string, operator: string, value: string): Test {
    const allowed = fieldOperators.get(field);
    if (allowed === undefined) {
      return fail(500, `Field not found: ${field}`);
    }
    if (!allowed.includes(operator)) {
      return fail(500, `Field '${field}' is not applicable for operator '${operator}'`);
    }
    const world = this.#world;
    switch (field) {
      case 'Name': {
        const pattern = toPattern(value, '.*');
        return (project) => pattern.test(project.name);
      }
      case 'Path': {
        const pattern = toPattern(value, '[^/]*');
        return (project) => pattern.test(world.pathOf(project));
      }
      case 'Description':
        return (project) => (project.description ?? '').toLowerCase().includes(value.toLowerCase());
      case 'Key':
        return (project) => project.key?.toLowerCase() === value.toLowerCase();
      case 'Id':
        return (project) => project.id === Number(value);
      case 'Service Desk Email Address':
        return (project) => project.serviceDeskEmailAddress === value;
      case 'Label':
        return this.#labelTest(value);
      default:
        // "Last Activity Date": the stand-in is never old enough for the difference to show.
        return () => operator === 'is since';
    }
  }

  #labelTest(name: string): Test {
    const specs = new Set(
      this.#world.labelSpecs
        .values()
        .filter((spec) => spec.name === name)
        .map((spec) => spec.id),
    );
    if (specs.size === 0) {
      return fail(404, `Undefined label: ${name}`);
    }
    return (project) =>
      this.#world.projectLabels.values().some((row) => row.projectId === project.id && specs.has(row.specId));
  }

  #parseOrder(): ((a: Project, b: Project) => number) | undefined {
    if (!this.#skip('order')) {
      return undefined;
    }
    if (!this.#skip('by')) {
      return invalid();
    }
    const field = this.#expectQuoted();
    const direction = this.#skip('desc') ? -1 : 1;
    this.#skip('asc');
    const valueOf = (project: Project): string =>
      (field === 'Name' ? project.name : this.#world.pathOf(project)).toUpperCase();
    if (field !== 'Name' && field !== 'Path') {
      return fail(500, `Can not order by field: ${field}`);
    }
    return (a, b) => direction * (valueOf(a) < valueOf(b) ? -1 : 1);
  }
}

const fieldOperators: ReadonlyMap<string, readonly string[]> = new Map([
  ['Name', ['is', 'is not']],
  ['Path', ['is', 'is not']],
  ['Key', ['is', 'is not']],
  ['Id', ['is', 'is not']],
  ['Label', ['is', 'is not']],
  ['Description', ['contains']],
  ['Service Desk Email Address', ['is', 'is not']],
  ['Last Activity Date', ['is since', 'is until']],
]);

/** `*` is a wildcard and cannot be escaped; `**` also crosses slashes. */
function toPattern(value: string, star: string): RegExp {
  const source = value
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, (stars) => (stars.length > 1 ? '.*' : star));
  return new RegExp(`^${source}$`, 'is');
}
