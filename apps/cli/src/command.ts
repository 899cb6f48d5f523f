// What a command is: plain data with one function. The frame (main.ts) turns it into help, parsing, output and exit codes.

/** What a command gives back: one JSON document for `--json`, text for people. `exit` 0 done, 1 refused or failed, 3 could not be checked. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  readonly exit?: 0 | 1 | 3;
}

/** Options as parsed: camelCase names; absent options are undefined unless they have a default. */
export type Options = Record<string, string | boolean | string[] | undefined>;

/** The way out for everything that is not the result: log lines and progress, both on stderr. */
export interface Io {
  /** True when the caller asked for `--json`. */
  readonly json: boolean;
  /** One line for the operator, on stderr. */
  log(line: string): void;
  /** Shows progress with remaining time on stderr once two seconds have passed. Call `tick` after each of `total` steps. */
  progress(label: string, total: number): Progress;
}

export interface Progress {
  tick(steps?: number): void;
  done(): void;
}

export interface Command {
  /** As typed after the group, e.g. `fair` in `madang climate fair`. */
  readonly name: string;
  readonly summary: string;
  /** Longer help: units, files, columns. */
  readonly description?: string;
  /** Positional arguments: `<file>` is needed, `[file]` may be left out, `<files...>` takes all that are left. */
  readonly arguments?: readonly (readonly [notation: string, description: string])[];
  /** Options: `--flag`, `--data <dir>`, `--also <dirs...>` for a list; an optional default; `required: true` when it must be given. */
  readonly options?: readonly {
    readonly flags: string;
    readonly description: string;
    readonly default?: string | boolean | string[];
    readonly required?: boolean;
  }[];
  /** Lines for the end of the help, each a command that works. */
  readonly examples?: readonly string[];
  run(args: readonly (string | readonly string[])[], options: Options, io: Io): Promise<Outcome | undefined>;
}

/** Throw to end with a plain sentence: 1 refused or failed, 2 wrong use, 3 could not be checked. */
export class CommandError extends Error {
  readonly exit: 1 | 2 | 3;
  constructor(message: string, exit: 1 | 2 | 3 = 1, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}
