/** @file The Lists into which users sort their stars; must not know HTTP. */

export interface UserList {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** Ids of repositories, in the order in which they were put on it. */
  readonly repositoryIds: ReadonlySet<number>;
}

interface Row extends UserList {
  readonly repositoryIds: Set<number>;
}

/** Names are told apart as written; GitHub allows any text. */
export class WorldLists {
  /** False: a GitHub Enterprise Server whose schema knows no Lists. */
  isOffered = true;
  readonly #viewer: string;
  readonly #rows: Row[] = [];

  /** @param viewer the user who is meant when no login is named */
  constructor(viewer: string) {
    this.#viewer = viewer;
  }

  /** @throws when the user has one of this name */
  make(name: string, repositoryIds: readonly number[] = [], login: string = this.#viewer): void {
    if (this.#find(name, login) !== undefined) throw new Error(`there is a list ${name}`);
    this.#rows.push({ id: `UL_${this.#rows.length + 1}`, login, name, repositoryIds: new Set(repositoryIds) });
  }

  /** Ends a list; what is on it stays starred. */
  drop(name: string, login: string = this.#viewer): void {
    this.#rows.splice(this.#rows.indexOf(this.#get(name, login)), 1);
  }

  put(name: string, repositoryId: number, login: string = this.#viewer): void {
    this.#get(name, login).repositoryIds.add(repositoryId);
  }

  takeOff(name: string, repositoryId: number, login: string = this.#viewer): void {
    this.#get(name, login).repositoryIds.delete(repositoryId);
  }

  of(login: string): readonly UserList[] {
    return this.#rows.filter((row) => row.login === login);
  }

  #find(name: string, login: string): Row | undefined {
    return this.#rows.find((row) => row.login === login && row.name === name);
  }

  #get(name: string, login: string): Row {
    const row = this.#find(name, login);
    if (row === undefined) throw new Error(`no such list: ${name}`);
    return row;
  }
}
