// The verifier off the page's thread: does the job it is sent, and tells how far it is.
import { runVerify, type VerifyJob, type VerifyMessage } from './verify-work.ts';

self.addEventListener('message', ({ data }: MessageEvent<VerifyJob>) => {
  void runVerify(data, (message: VerifyMessage) => self.postMessage(message));
});
