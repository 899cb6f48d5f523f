// Loads a command from its bundle (build.ts makes it), if it was made from exactly the sources that lie here.
const { readFileSync, statSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

/**
 * The bundle `name` in `folder`: its script, and what it exports. Undefined where there is none or a source has another size or time of change.
 * The engine compiles functions as they are called first; with the bundle lies what it had compiled at the end of a small run (dropped by another Node).
 */
exports.load = (folder, name) => {
  const file = end => join(folder, `${name}.${end}`);
  try {
    for (const [path, size, mtimeMs] of JSON.parse(readFileSync(file('json'), 'utf8'))) {
      const now = statSync(join(folder, path));
      if (now.size !== size || now.mtimeMs !== mtimeMs) return undefined;
    }
  } catch {
    return undefined;
  }
  let cachedData;
  try {
    cachedData = readFileSync(file('compiled'));
  } catch {
    // Not compiled yet.
  }
  const script = new Script(readFileSync(file('script'), 'utf8'), { filename: file('script'), cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module, createRequire(file('script')));
  return { script, ...module.exports };
};
