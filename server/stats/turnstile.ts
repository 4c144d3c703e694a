/**
 * Lets through what comes in bursts, so many in one turn of the loop, in order: a thousand clients
 * that speak at the same moment hold up nobody else for the time that all of them take.
 */
export function turnstile(perTurn: number): (enter: () => void) => void {
  let passed = 0;
  const waiting: (() => void)[] = [];
  const turn = (): void => {
    const now = waiting.splice(0, perTurn);
    passed = now.length;
    if (passed > 0) setImmediate(turn);
    for (const enter of now) enter();
  };
  return (enter) => {
    if (passed >= perTurn) {
      waiting.push(enter);
      return;
    }
    if (passed === 0) setImmediate(turn);
    passed++;
    enter();
  };
}
