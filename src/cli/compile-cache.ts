import { lstatSync, mkdirSync } from 'node:fs';
import nodeModule from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** When compiled code is written, in milliseconds after the start: the first requests are served by then. */
const flushAfterMs = 2000;

/**
 * Switches on Node.js's compile cache in the first directory that this user can write to: systemd's cache directory
 * of the unit, the program's own, or one of this user's alone below the temporary directory. Where there
 * is none, as with a read-only file system, every start compiles; nothing else changes.
 * `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` of Node.js come before it.
 */
export function enableCache(): void {
  const { FAILED } = nodeModule.constants.compileCacheStatus;
  for (const directory of candidates()) {
    if (nodeModule.enableCompileCache(directory).status === FAILED) continue;
    // Written early, so that a later start is fast even if this process is killed.
    setTimeout(nodeModule.flushCompileCache, flushAfterMs).unref();
    return;
  }
}

function* candidates(): Generator<string> {
  const unitDirectory = process.env['CACHE_DIRECTORY'];
  if (unitDirectory) yield join(unitDirectory, 'compile');
  yield fileURLToPath(new URL('../../.cache/compile', import.meta.url));
  const own = ownTemporaryDirectory();
  if (own !== undefined) yield own;
}

/** Compiled code is executed, so a directory that another user could have made is not used. */
function ownTemporaryDirectory(): string | undefined {
  const uid = process.getuid?.() ?? userInfo().username;
  const directory = join(tmpdir(), `vcenter-session-subgraph-${uid}`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { uid: owner, mode } = lstatSync(directory);
    const isOwn = process.getuid === undefined || (owner === uid && (mode & 0o077) === 0);
    return isOwn && lstatSync(directory).isDirectory() ? directory : undefined;
  } catch {
    return undefined;
  }
}
