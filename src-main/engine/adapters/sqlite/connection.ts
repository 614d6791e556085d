/**
 * @file The one door to SQLite: queries are built and typed by Kysely and run by better-sqlite3, without an await
 * between the statements of a transaction, so that no other call of this process can come between them.
 */
import type Database from 'better-sqlite3';
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { EpicstarError } from '../../domain/errors.ts';
import type { Schema } from './schema.ts';
import { translateSqliteError } from './sqlite-errors.ts';

/** What a Kysely builder and a raw `sql` text have in common; `O` is the type of a row. */
export interface Query<O> {
  compile(kysely: Kysely<Schema>): CompiledQuery<O>;
}

/** Enough for all statements of this adapter; a bound, should a text ever be built anew each time. */
const maxStatements = 200;

export class Connection {
  /** Builds queries only; what it would run itself answers nothing. */
  readonly build: Kysely<Schema> = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Rows of a query, or of a statement with RETURNING. */
  all<O>(query: Query<O>): O[] {
    const { sql, parameters } = query.compile(this.build);
    const statement = this.#prepare<O>(sql);
    return statement.all(...parameters);
  }

  first<O>(query: Query<O>): O | null {
    return this.all(query)[0] ?? null;
  }

  /** Runs a statement; returns how many rows it changed, those changed by triggers not counted. */
  run(query: Query<unknown>): number {
    const { sql, parameters } = query.compile(this.build);
    return this.#prepare(sql).run(...parameters).changes;
  }

  /** All that `work` does is one transaction. Must not be nested. Foreign errors leave it translated. */
  write<T>(work: () => T): T {
    return this.#guard(() => this.#database.transaction(work).immediate());
  }

  /** All that `work` reads is of one moment. */
  read<T>(work: () => T): T {
    return this.#guard(() => this.#database.transaction(work).deferred());
  }

  close(): void {
    if (!this.#database.open) return;
    this.#statements.clear();
    this.#database.close();
  }

  #guard<T>(work: () => T): T {
    if (!this.#database.open) throw new EpicstarError('internal', 'The store is closed.');
    try {
      return work();
    } catch (error) {
      throw translateSqliteError(error, this.#database.name);
    }
  }

  #prepare<O>(sql: string): Database.Statement<unknown[], O> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known as Database.Statement<unknown[], O>;
    const statement = this.#database.prepare<unknown[], O>(sql);
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }
}
