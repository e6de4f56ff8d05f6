import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { precompress } from './precompress.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: '/graphiql/',
  logLevel: 'warn',
  plugins: [latinFonts(), precompress()],
  build: {
    outDir: here('../../../.cache/graphiql'),
    emptyOutDir: true,
    // Monaco, the largest file, is 3 MB by itself.
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
    rolldownOptions: {
      // "use client" is for frameworks that render on a server, which nobody does here.
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
  },
});

/**
 * Leaves only the latin alphabets in GraphiQL's web fonts, which come inside its style sheet: the rest would
 * be a quarter of a megabyte for every visitor. Other alphabets get the system's font.
 */
function latinFonts(): Plugin {
  return {
    name: 'latin-fonts',
    enforce: 'pre',
    transform: {
      filter: { id: /@graphiql\/react\/font\/.*\.css/ },
      handler: (code) =>
        code.replace(/@font-face\s*\{[^}]*\}/g, (face) =>
          face.includes('U+0000-00FF') ? face : '',
        ),
    },
  };
}
