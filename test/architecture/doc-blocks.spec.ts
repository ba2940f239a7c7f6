import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT, manifests } from './repository.ts';

/** Source files that libraries are entered by. */
const entries = manifests()
  .filter(({ path }) => path.startsWith('libs/'))
  .flatMap(({ path, exports = {} }) =>
    Object.values(exports)
      .filter((target) => target.endsWith('.ts'))
      .map((target) => join(ROOT, path, '..', target)),
  );

const program = ts.createProgram(entries, {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2024,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
});
const checker = program.getTypeChecker();

function isDocumented(symbol: ts.Symbol): boolean {
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  const declarations = target.declarations ?? [];
  return declarations.some((declaration) => ts.getJSDocCommentsAndTags(declaration).length > 0);
}

describe('an exported name of a library', () => {
  it.each(entries.map((entry) => relative(ROOT, entry)))('says what it is: %s', (entry) => {
    const file = program.getSourceFile(join(ROOT, entry));
    const module = file && checker.getSymbolAtLocation(file);
    const names = module === undefined ? [] : checker.getExportsOfModule(module);
    const silent = names.filter((symbol) => !isDocumented(symbol)).map((symbol) => symbol.name);
    expect(silent).toEqual([]);
  });
});
