/** @file Turns what SQLite and the file system throw into the closed set of errors. */
import { EpicstarError, toEpicstarError } from '../../domain/errors.ts';

/** `code` of an error (`SQLITE_FULL`, `EACCES`), or an empty text. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}

const damaged = /^SQLITE_(?:CORRUPT|NOTADB|IOERR|FORMAT)/;
const unusable = /^(?:SQLITE_(?:CANTOPEN|PERM|READONLY_DIRECTORY)|E(?:ACCES|PERM|ROFS|NOTDIR|ISDIR|EXIST|NOENT))/;

/** @param file the database, named in the message */
export function translateSqliteError(thrown: unknown, file: string): EpicstarError {
  if (thrown instanceof EpicstarError) return thrown;
  const code = codeOf(thrown);
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const options = { cause: thrown };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new EpicstarError('disk-full', `${file} cannot be written.`, options);
  }
  if (damaged.test(code)) return new EpicstarError('database-damaged', `${file}: ${words} (${code}).`, options);
  if (unusable.test(code)) {
    return new EpicstarError('config-invalid', `The database ${file} cannot be opened: ${words}.`, options);
  }
  return toEpicstarError(thrown);
}
