import { installExample } from '../../scripts/install-example.ts';

/** For vitest's `globalSetup`: the gateways that the tests of this folder run are there before any test is. */
export default installExample;
