// What every page says about the hub that serves it.

/** Addresses of the built files under /assets/, and the digest of the verifier that the page offers. Empty when they have not been built. */
export interface Assets {
  readonly style?: string;
  readonly page?: string;
  readonly verifier?: string;
  readonly climate?: string;
  readonly climateWorker?: string;
  readonly energy?: string;
  readonly energyWorker?: string;
  readonly carbon?: string;
  readonly carbonWorker?: string;
  readonly register?: string;
  readonly weather?: string;
  readonly weatherWorker?: string;
  readonly icon?: string;
  /** SHA-256 (hexadecimal) of the verifier's file. */
  readonly verifierDigest?: string;
}

/** What every page says about the hub that serves it. */
export interface Site {
  readonly assets: Assets;
  /** Name of the log, e.g. `demo/6fd1…`. */
  readonly origin: string;
  /** True when any study of this log says that its data are simulated. */
  readonly simulated: boolean;
  /** A member's name by its handle; the handle itself where the log has none. */
  readonly nameOf: (org: string) => string;
  readonly log: LogBrief;
}

export interface LogBrief {
  readonly size: number;
  readonly finalSize: number;
  /** Log time in seconds; 0 before the first. */
  readonly time: number;
  readonly rules: number;
  readonly operator: string;
  /** Witnesses that cosigned the final checkpoint, of those listed; `needed` make it final. */
  readonly witnesses: { readonly good: readonly string[]; readonly listed: readonly string[]; readonly needed: number };
  /** Id of the founding statement; empty before there is one. */
  readonly rootId: string;
  /** Its fingerprint in eight words. */
  readonly rootWords: readonly string[];
}
