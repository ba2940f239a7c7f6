// ClickHouse's own engine out of an npm package, run as a server: HTTP and native TCP, users, grants.
//
// It is a process of its own with a pipe on standard input. The last statement reads that pipe to its end: when the
// launcher closes it, or dies, the engine writes what it holds and exits with 0.
import { createRequire } from 'node:module';
import { DataType, load, open } from 'ffi-rs';
import { enginePackage } from './clickhouse/engine-package.ts';

const library = createRequire(import.meta.url).resolve(`${enginePackage}/libchdb.so`);
open({ library: 'chdb', path: library });

// these three are all that the user `default`, whom they run as, may ever do: see users.xml
const statements = [
  'SYSTEM START LISTEN HTTP',
  'SYSTEM START LISTEN TCP',
  "SELECT * FROM file('-', 'LineAsString') FORMAT Null",
];
const args = ['clickhouse', ...process.argv.slice(2), `--query=${statements.join('; ')}`];
load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [args.length, args],
});
