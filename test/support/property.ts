import fc from 'fast-check';

/**
 * fast-check for tests of properties, with the seed of the whole run: the same in each run, so that a failure can be
 * repeated, and a fresh one with `npm run test:random`. `PROPERTY_SEED` repeats a run with its seed.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['PROPERTY_SEED']) });

export default fc;
