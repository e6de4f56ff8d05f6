/**
 * What npm runs after an install and before it packs: builds dist/. An install without development dependencies
 * has nothing to build with, and is no failure. Plain JavaScript, since such an install may run it on
 * an older Node.js.
 */
const hasCompiler = await import('vite').then(
  () => true,
  (error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return false;
  },
);

if (hasCompiler) await import('./build.js');
else
  console.log('Nothing is built, since the development dependencies are missing. See npm start.');
