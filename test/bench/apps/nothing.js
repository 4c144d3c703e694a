// The smallest task: what is measured is the spooler around it. The last of `of` runs writes down how
// many milliseconds passed since the first began.
import { renameSync, writeFileSync } from 'node:fs';
import { task } from 'tsuwsgi/spooler';

let begun;
let runs = 0;

task('nothing', ({ of, result }) => {
  begun ??= performance.now();
  if (++runs < of) return;
  writeFileSync(`${result}.new`, String(performance.now() - begun));
  renameSync(`${result}.new`, result);
});
