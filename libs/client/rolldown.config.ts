import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';

const here = import.meta.dirname;
const read = (path: string): string => readFileSync(join(here, path), 'utf8');

/**
 * Makes `dist` a package that can be published as it is. It has a manifest of its own: in this workspace other projects
 * enter by the sources, outside there are none.
 */
function packageAround(): Plugin {
  return {
    name: 'package-around',
    generateBundle() {
      const { name, license, type } = JSON.parse(read('package.json')) as Record<string, string>;
      const { version } = JSON.parse(read('../../package.json')) as { version: string };
      const browser = { types: './types/browser.d.ts', default: './browser.js' };
      const node = { types: './types/index.d.ts', default: './index.js' };
      const manifest = {
        name,
        version,
        description:
          'Sends usage events to Rollcall: off when asked, bounded, without dependencies',
        license,
        type,
        sideEffects: false,
        engines: { node: '>=18' },
        exports: { '.': { browser, default: node }, './browser': browser },
      };
      const emit = (fileName: string, source: string): unknown =>
        this.emitFile({ type: 'asset', fileName, source });
      emit('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
      emit('README.md', read('README.md'));
      emit('LICENSE', read('../../LICENSE'));
    },
    writeBundle() {
      const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript')), 'tsc.js');
      execFileSync(process.execPath, [tsc, '-p', join(here, 'tsconfig.types.json')]);
    },
  };
}

const bundle = (name: string, platform: 'node' | 'browser', plugins: Plugin[] = []) => ({
  input: `src/${name}.ts`,
  platform,
  plugins,
  transform: { target: platform === 'node' ? 'node18' : 'es2022' },
  output: { file: `dist/${name}.js`, format: 'esm' as const, codeSplitting: false, minify: true },
});

export default defineConfig([
  bundle('index', 'node', [packageAround()]),
  bundle('browser', 'browser'),
]);
