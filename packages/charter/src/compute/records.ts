// What the state holds of computing on members' machines: backends that members offer, jobs that others ask for, and what they used.

/** What a job may use at most, and what it used: time, and units that the backend names (shots, core-seconds, …). */
export interface Usage {
  readonly milliseconds: number;
  readonly units: number;
}

/** What one organisation has used at one backend. */
export interface Account extends Usage {
  /** Jobs that ended, well or not. */
  readonly jobs: number;
  /** Milliseconds set aside for jobs that have not ended. */
  readonly reserved: number;
}

export const NO_ACCOUNT: Account = { jobs: 0, milliseconds: 0, units: 0, reserved: 0 };

export interface ComputeBackend {
  readonly org: string;
  /** What its programs are, e.g. `quantum` (packages/compute says what a program of a kind looks like). */
  readonly kind: string;
  readonly unit: string;
  /** `arrival`: the rules hold the provider to starting the oldest job; `own`: it chooses, as a batch system with priorities does. */
  readonly order: 'arrival' | 'own';
  /** Of one job. */
  readonly maximum: Usage;
  /** Milliseconds that each organisation may use in all. */
  readonly quota: number;
  /** Jobs that wait, oldest first. */
  readonly queue: readonly string[];
  readonly accounts: Readonly<Record<string, Account>>;
}

export type JobStage = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  readonly backend: string;
  readonly org: string;
  /** Digest of the program's blob. */
  readonly program: string;
  readonly maximum: Usage;
  readonly stage: JobStage;
  readonly requestedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly usage?: Usage;
  /** Digest of the result's blob: what came out, or why nothing did. */
  readonly result?: string;
}
