/** @file Writes the language of `git fast-import`: commits, tags, refs. Times and people are fixed, so ids repeat. */

export type FileContent = string | Buffer;

export interface CommitSpec {
  /** Full ref name. */
  readonly ref: string;
  readonly message: string;
  readonly files: Readonly<Record<string, FileContent>>;
  /** A mark or a commit-ish; left out for a root commit, or to go on from what the ref has in this stream. */
  readonly from?: string;
  readonly merge?: string;
  /** Paths of submodules and the commits they name. */
  readonly submodules?: Readonly<Record<string, string>>;
}

const FIRST_TIME_SECONDS = Date.UTC(2021, 3, 1) / 1000;
const PERSON = 'Ada Example <ada@example.invalid>';

function data(content: FileContent): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}

/** Collects the commands in memory; for streams larger than memory write the commands yourself. */
export class ImportStream {
  readonly #chunks: Array<Buffer | string> = [];
  #nextMark = 1;
  #seconds = FIRST_TIME_SECONDS;

  chunks(): ReadonlyArray<Buffer | string> {
    return this.#chunks;
  }

  /** @returns the mark, for example `:3` */
  blob(content: FileContent): string {
    const mark = this.#mark();
    this.#chunks.push(`blob\nmark ${mark}\n`, data(content));
    return mark;
  }

  commit(spec: CommitSpec): string {
    const mark = this.#mark();
    const who = `${PERSON} ${this.#tick()} +0000`;
    this.#chunks.push(`commit ${spec.ref}\nmark ${mark}\nauthor ${who}\ncommitter ${who}\n`, data(spec.message));
    if (spec.from !== undefined) this.#chunks.push(`from ${spec.from}\n`);
    if (spec.merge !== undefined) this.#chunks.push(`merge ${spec.merge}\n`);
    for (const [path, content] of Object.entries(spec.files)) {
      this.#chunks.push(`M 100644 inline ${path}\n`, data(content));
    }
    for (const [path, commitId] of Object.entries(spec.submodules ?? {})) {
      this.#chunks.push(`M 160000 ${commitId} ${path}\n`);
    }
    this.#chunks.push('\n');
    return mark;
  }

  /** Points a ref (also a lightweight tag) at a commit. */
  ref(name: string, from: string): void {
    this.#chunks.push(`reset ${name}\nfrom ${from}\n\n`);
  }

  /** A tag object; `from` may be a mark of any object, also of another tag. */
  annotatedTag(name: string, from: string, message: string): string {
    const mark = this.#mark();
    const head = `tag ${name}\nmark ${mark}\nfrom ${from}\ntagger ${PERSON} ${this.#tick()} +0000\n`;
    this.#chunks.push(head, data(message));
    return mark;
  }

  #mark(): string {
    return `:${this.#nextMark++}`;
  }

  #tick(): number {
    this.#seconds += 3600;
    return this.#seconds;
  }
}
