/** @file A process of its own that holds a data directory until it is ended. Argument: the directory. */
import { openSqliteStore } from '../../../src-main/engine/adapters/sqlite/index.ts';

await openSqliteStore({ dataDir: process.argv[2] ?? '' });
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
