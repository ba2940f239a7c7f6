import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The pages: built beside the program, every file from the console's own origin. */
export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  base: '/',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('dist/web', import.meta.url)),
    emptyOutDir: true,
    // every asset is a file: a policy without `data:` for scripts and styles stays possible
    assetsInlineLimit: 0,
    sourcemap: false,
  },
});
