import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { visible } from '../../../server/request-log/escape.js';
import { PROBLEMS } from '../../../server/options/problems/table.js';
import type { Example } from '../../support/problem-examples/doors.js';
import { FILE_EXAMPLES } from '../../support/problem-examples/files.js';
import { MACHINE_EXAMPLES } from '../../support/problem-examples/machine.js';
import { SYNTAX_EXAMPLES } from '../../support/problem-examples/syntax.js';
import { TOGETHER_EXAMPLES } from '../../support/problem-examples/together.js';
import { VALUE_EXAMPLES } from '../../support/problem-examples/values.js';

const EXAMPLES: Readonly<Record<string, Example>> = {
  ...VALUE_EXAMPLES,
  ...SYNTAX_EXAMPLES,
  ...TOGETHER_EXAMPLES,
  ...FILE_EXAMPLES,
  ...MACHINE_EXAMPLES,
};

type Text = (...parts: string[]) => string;

const TEXTS = Object.entries(PROBLEMS) as unknown as readonly (readonly [string, Text])[];

/** What no sentence says itself. */
const FILLING = '\u0000';

/** What a sentence looks like, whatever it is filled with. */
function patternOf(text: Text): RegExp {
  const filled = text(...Array.from({ length: text.length }, () => FILLING));
  const source = filled.split(FILLING).map((said) => said.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(source.join('[^]*'));
}

/** How a sentence says what to do. */
const REMEDY =
  /(^|[:;,(]|\bor|\bof|\band) (write|give|leave|name|choose|unset|use|add|type|start|make|take|let|see|did you mean|one of|npm|must|the nearest|keep|do it|--help lists|metrics are)\b/;

function toldBy(example: Example): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-problems-'));
  try {
    return example.told(folder).map(visible);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('each problem of the table', () => {
  for (const [id, text] of TEXTS) {
    test(`is told where somebody gets there, with a remedy: ${id}`, () => {
      const example = EXAMPLES[id];
      assert.ok(example, `${id} has no example`);
      const told = toldBy(example);
      const found = told.find((problem) => patternOf(text).test(problem));
      assert.ok(found !== undefined, `${id} is not told: ${JSON.stringify(told)}`);
      for (const named of example.names) assert.ok(found.includes(named), `${named}: ${found}`);
      assert.match(found, REMEDY);
    });
  }
});

test('an example is one of a problem that there is', () => {
  assert.deepEqual(
    Object.keys(EXAMPLES).filter((id) => !Object.hasOwn(PROBLEMS, id)),
    [],
  );
});

test('a sentence says something whatever it is filled with, and each says something else', () => {
  const sources = TEXTS.map(([id, text]) => {
    const { source } = patternOf(text);
    assert.ok(source.replace(/[^a-zA-Z]/g, '').length >= 8, `${id}: ${source}`);
    return source;
  });
  assert.equal(new Set(sources).size, sources.length);
});
