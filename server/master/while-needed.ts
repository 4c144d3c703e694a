/** Calls `action` every `ms` milliseconds, but only while the caller has said that there is need. */
export function whileNeeded(ms: number, action: () => void): (isNeeded: boolean) => void {
  let timer: NodeJS.Timeout | undefined;
  return (isNeeded) => {
    if (isNeeded === (timer !== undefined)) return;
    clearInterval(timer);
    timer = isNeeded ? setInterval(action, ms) : undefined;
  };
}
