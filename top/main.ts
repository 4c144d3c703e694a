#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { messageOf } from '../shared/result.js';
import type * as Running from './run.js';
import { exitCode } from './exit-codes.js';

/** One file instead of two hundred (.ci/pack.mjs), each of which costs a start a millisecond. */
const packed = new URL('./run.packed.js', import.meta.url).href;

// What is drawn once a second leaves some megabytes behind each time: V8 would let them pile up to
// five times what is in use before it looks. To look sooner costs some of a core with a thousand
// workers, and takes much of the memory away (docs/benchmarks.md).
// Flags that a later V8 may no longer know are not tried there: it would complain on the terminal.
if (Number.parseInt(process.versions.v8) <= 13) {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}

try {
  const { run } = (await import(packed)) as typeof Running;
  const { code, message } = await run(process.argv.slice(2));
  if (message !== undefined) process.stderr.write(`${message}\n`);
  process.exit(code);
} catch (error) {
  process.stderr.write(`tsuwsgitop: ${messageOf(error)}\n`);
  process.exit(exitCode('wrong'));
}
