/** What the master tells its processes by, and takes from its own environment. */
const OWN =
  /^(TSUWSGI_(WORKER|WORKER_ID|ROUTER|SPOOLER|SPOOLERS|UPGRADE|DAEMON)|NODE_APP_INSTANCE)$/;

/** Why a text is no `NAME=VALUE`; null when it is one. */
export function variableProblem(text: string): string | null {
  const name = nameOf(text);
  if (name === null) return `"${text}" is no variable: write NAME=VALUE`;
  if (text.includes('\0')) return `the value of ${name} holds a zero byte, which no variable can`;
  return OWN.test(name) ? `${name} is set by tsuwsgi itself: give it another name` : null;
}

/** The variables that `--env` sets; of several with one name the last counts. */
export function readVariables(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.flatMap((text) => {
      const name = nameOf(text);
      return name === null ? [] : [[name, text.slice(name.length + 1)]];
    }),
  );
}

function nameOf(text: string): string | null {
  return /^([^=\s]+)=/.exec(text)?.[1] ?? null;
}
