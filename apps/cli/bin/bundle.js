// Finds the bundle of a command (build.ts makes it), if it was made from exactly the sources that lie here.
const { readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');

/** The path of the bundle `name` in `folder`; undefined where there is none or a source has another size or time of change. */
exports.bundle = (folder, name) => {
  try {
    for (const [path, size, mtimeMs] of JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))) {
      const now = statSync(join(folder, path));
      if (now.size !== size || now.mtimeMs !== mtimeMs) return undefined;
    }
    return join(folder, `${name}.cjs`);
  } catch {
    return undefined;
  }
};
