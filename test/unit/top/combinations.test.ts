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
  for (const mode of [
    'once',
    'json',
    'batch',
    'csv',
    'ndjson',
    'plain',
    'traceback',
    'memory-report',
  ]) {
    assert.equal(modeOfLine(`--${mode} :1`), mode);
  }
  assert.equal(modeOfLine('-b -n 3 :1'), 'batch');
  assert.equal(modeOfLine('--once --json :1'), 'json');
  assert.equal(modeOfLine('--sort -rss --columns wid,spark :1'), 'screen');
});

test('two files stand in the place of the address where they are compared', () => {
  assert.equal(modeOfLine('--compare-snapshots --all a b'), 'compare-snapshots');
  const command = read('--compare-snapshots a b');
  assert.deepEqual(command.kind === 'run' && command.options.snapshots, ['a', 'b']);
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
  ['--window 5m :1', /--window 5m is for --memory-report: add that/],
  ['--format html :1', /--format html is for --memory-report: add that, or --compare-snapshots/],
  ['--compare-snapshots a', /--compare-snapshots compares two files: tsuwsgitop --compare/],
  ['--compare-snapshots a b c', /two files at a time: "c" is too much/],
  ['--compare-snapshots --format html a b', /a comparison is text, json, csv/],
  ['--compare-snapshots --json a b', /--json, --compare-snapshots: choose one of them/],
  ['--compare-snapshots --now a b', /--now is for --memory-report/],
  ['--compare-snapshots --record c a b', /reads two files and no server: leave out --record/],
  ['--all :1', /--all is for --compare-snapshots: add that/],
  ['--now :1', /--now is for --memory-report: add that/],
  ['--memory-report --window soon :1', /--window "soon" is no time: write 10m, 90s or 1h/],
  ['--memory-report --window 5s :1', /--window 5s is 5 s: from 60s to 24h is possible/],
  ['--memory-report --format pdf :1', /--format: .*text, json, csv, html/],
  ['--memory-report --json :1', /--json, --memory-report: choose one of them/],
  ['--memory-report :1 :2', /--memory-report reads one server: give one address/],
  ['--memory-report --record a :1', /--record a records what is watched/],
  ['--sort rsss :1', /--sort: "rsss" is no column to sort by, .*did you mean rss\?/],
] as const;

for (const [line, message] of WRONG) {
  test(`"${line}" is refused in a sentence`, () => {
    const command = read(line);
    assert.match(command.kind === 'error' ? command.message : '', message);
  });
}
