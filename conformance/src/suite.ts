// What a suite of somebody else's vectors reports.

/** Case names by outcome. `unsupported`: we do not implement it; `unreadable`: the file could not be understood. Both are faults. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly unsupported: readonly string[];
  readonly unreadable: readonly string[];
}

/** Runs every file in one vector folder. */
export type Suite = (folder: string) => Promise<SuiteResult>;

/** A scientific reference: our largest error over its cases beside the tolerance, both in `unit`. */
export interface Reference {
  readonly name: string;
  readonly cases: number;
  readonly largestError: number;
  readonly tolerance: number;
  readonly unit: string;
}

/** Compares one science with its references; `data` is a folder laid out like the project's reference data. */
export type ScienceSuite = (data: string) => Promise<readonly Reference[]>;

/** Collects outcomes while a suite walks its cases. */
export class Tally {
  passed = 0;
  readonly failed: string[] = [];
  readonly unsupported: string[] = [];
  readonly unreadable: string[] = [];

  check(name: string, ok: boolean): void {
    if (ok) this.passed += 1;
    else this.failed.push(name);
  }

  /** Runs one case; a throw is a failure with its message, never the end of the suite. */
  async try(name: string, run: () => boolean | Promise<boolean>): Promise<void> {
    try {
      this.check(name, await run());
    } catch (error) {
      this.failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
