/** @file Opens the store of a data directory. */
export { type OpenStoreOptions, openSqliteStore } from './open.ts';
