/**
 * The vCenter double that accepts each call and never responds.
 *
 *     node bench/hanging-double.ts
 */
import { createServer } from 'node:http';
import { listen } from './listen.ts';

await listen(createServer((request) => void request.resume()));
