import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '../../../shared/result.js';
import { modeOf } from '../../../top/combinations.js';
import { readTopCommand } from '../../../top/options.js';

const read = (line: string) => readTopCommand(line.split(' '), ok);

const modeOfLine = (line: string): string => {
  const command = read(line);
  return command.kind === 'run' ? modeOf(command.options) : JSON.stringify(command);
};

test('each way to print is a mode, and --once --json has always meant --json', () => {
  for (const mode of ['once', 'json', 'batch', 'csv', 'ndjson', 'plain', 'traceback']) {
    assert.equal(modeOfLine(`--${mode} :1`), mode);
  }
  assert.equal(modeOfLine('-b -n 3 :1'), 'batch');
  assert.equal(modeOfLine('--once --json :1'), 'json');
  assert.equal(modeOfLine('--sort -rss --columns wid,spark :1'), 'screen');
});

test('a recording stands in the place of the address', () => {
  assert.equal(modeOfLine('--replay x.ndjson --speed 0'), 'screen');
  const command = read('--replay x.ndjson');
  assert.equal(command.kind === 'run' && command.options.address, 'x.ndjson');
});

const WRONG = [
  ['--csv --json :1', /--json, --csv: choose one of them/],
  ['-n 3 :1', /--count 3 is for --batch, --ndjson, --csv, --plain: add one of them/],
  ['--plain --sort rss :1', /--sort is for tables, and --plain prints none: leave it out/],
  ['--ndjson --columns wid :1', /--columns is for tables, and --ndjson prints none/],
  ['--csv --columns wid,spark :1', /spark is drawn on the full screen only/],
  ['--replay a :1', /--replay reads a file, not a server: leave out ":1"/],
  ['--replay a --record b', /leave out one of them/],
  ['--traceback --record b :1', /leave out --record and --replay/],
  ['--speed 2 :1', /--speed 2 is how fast --replay FILE goes/],
  ['--speed -1 --replay a', /--speed: -1 is out of bounds/],
  ['--batch -n 0 :1', /--count: 0 is out of bounds/],
  ['--json :1 :2', /--json reads one server: give one address, and no --targets/],
  ['--batch --targets a', /--batch reads one server: give one address, and no --targets/],
  ['--fifo a :1 :2', /--fifo a belongs to one server: give one address/],
  ['--record a --targets b', /--record a records one server: give one address/],
  ['--replay a --targets b', /--replay reads a file, not servers: leave out --targets/],
  ['--replay a --fifo b', /--fifo steers a server that runs, not a recording/],
  ['--sort rsss :1', /--sort: "rsss" is no column to sort by, .*did you mean rss\?/],
] as const;

for (const [line, message] of WRONG) {
  test(`"${line}" is refused in a sentence`, () => {
    const command = read(line);
    assert.match(command.kind === 'error' ? command.message : '', message);
  });
}
