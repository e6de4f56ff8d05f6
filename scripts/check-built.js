/** What npm runs before `npm start`: names what is missing, where something is. Runs on any Node.js. */
import { existsSync } from 'node:fs';

const exists = (name) => existsSync(new URL(`../${name}`, import.meta.url));

if (!exists('dist/cli/main.js')) {
  console.error(
    exists('node_modules/typescript')
      ? 'Nothing is built. Run "npm run build", then "npm start".'
      : 'Nothing is built. Run "npm ci", which installs what builds it and then builds it.',
  );
  process.exitCode = 1;
}
