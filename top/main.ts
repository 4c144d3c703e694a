#!/usr/bin/env node
import { messageOf } from '../shared/result.js';
import type * as Running from './run.js';
import { exitCode } from './exit-codes.js';
import { tuneHeap } from './heap.js';

/** One file instead of two hundred (.ci/pack.mjs), each of which costs a start a millisecond. */
const packed = new URL('./run.packed.js', import.meta.url).href;

tuneHeap();

try {
  const { run } = (await import(packed)) as typeof Running;
  const { code, message } = await run(process.argv.slice(2));
  if (message !== undefined) process.stderr.write(`${message}\n`);
  process.exit(code);
} catch (error) {
  process.stderr.write(`tsuwsgitop: ${messageOf(error)}\n`);
  process.exit(exitCode('wrong'));
}
