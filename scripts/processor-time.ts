// How long work takes, for tests that promise it: in processor time of this process, so that what else the machine does makes no test fail.

/** Milliseconds of processor time, all threads of this process together. */
export async function processorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
