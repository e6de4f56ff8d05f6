/** Starts the supergraph of `examples/supergraph`, whose packages it installs first where they are missing. */
import { installExample } from './install-example.ts';

await installExample();
// By its URL: the example has its own packages and its own check of types.
await import(new URL('../examples/supergraph/start.ts', import.meta.url).href);
