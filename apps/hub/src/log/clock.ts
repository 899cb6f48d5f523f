// Notices a clock that was set while the hub ran. Trap: log time never goes back, so one `log.time` from a clock that is years ahead would stop the log until
// those years have come: no witness cosigns it, and no rule can take it back. A machine that slept looks the same; the members tell the two apart.

/** A step of the clock that could be an error (seconds): witnesses take log time that is five minutes from their own. */
const STEP_SECONDS = 60;
/** How often members are asked again while the clock is in doubt (seconds of uptime): it may be set right slowly. */
const AGAIN_SECONDS = 30;

/** `now`: POSIX seconds. `uptime`: seconds on a clock that nobody sets. The function says whether members must be asked (again) now; call it often. */
export function clockWatch(now: () => number, uptime: () => number): (inDoubt: boolean) => boolean {
  let offset = now() - uptime();
  let asked = uptime();
  return inDoubt => {
    const before = offset;
    offset = now() - uptime();
    const ask = offset - before > STEP_SECONDS || (inDoubt && uptime() - asked >= AGAIN_SECONDS);
    if (ask) asked = uptime();
    return ask;
  };
}
