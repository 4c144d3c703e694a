import { createInterface } from 'node:readline/promises';
import { PASSWORD_FILE_VARIABLE } from '../queue/redis/password.js';
import { readSpoolCommand } from './command-line.js';
import { runSpool, USAGE } from './run.js';

/** `tsuwsgi spool …`: does it with this process's streams; the exit code. */
export async function spoolCommand(argv: readonly string[]): Promise<number> {
  const { stdin, stdout, stderr } = process;
  // Who reads may have had enough.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  const tell = (line: string): void => void stderr.write(`tsuwsgi spool: ${line}\n`);
  const invocation = readSpoolCommand(argv);
  switch (invocation.kind) {
    case 'print':
      stdout.write(invocation.text);
      return 0;
    case 'refuse':
      invocation.problems.forEach(tell);
      return USAGE;
    case 'run':
      return runSpool(invocation.request, {
        stdin,
        print: (line) => void stdout.write(`${line}\n`),
        tell,
        ask: stdin.isTTY && stderr.isTTY ? ask : null,
        now: Date.now,
        env: environment(invocation.passwordFile),
      });
  }
}

/** What is said on the command line is meant. */
function environment(passwordFile: string | null): NodeJS.ProcessEnv {
  if (passwordFile === null) return process.env;
  return { ...process.env, [PASSWORD_FILE_VARIABLE]: passwordFile };
}

async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
