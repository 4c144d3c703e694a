import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { visible } from '../../../server/request-log/escape.js';
import type { Problem, Sentence } from '../../../shared/problem.js';

/** What somebody does wrong, or what a machine has not, and what the answer must name. */
export interface StartExample {
  /** All problems that are told; the folder is empty before and removed afterwards. */
  readonly told: (folder: string) => readonly Problem[] | Promise<readonly Problem[]>;
  /** What the sentence names: the thing, and its value where it has one. */
  readonly names: readonly string[];
}

type Text = ((...parts: string[]) => string) & {
  readonly halves: (...parts: string[]) => Sentence;
};

/** What no sentence says itself. */
const FILLING = '\u0000';

/** What a half looks like, whatever it is filled with. */
function sourceOf(half: string): string {
  return half
    .split(FILLING)
    .map((said) => said.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('[^]*');
}

/** What a sentence looks like; its first group is the remedy. */
function patternOf({ halves }: Text): RegExp {
  const filled = Array.from({ length: halves.length }, () => FILLING);
  const [fault, remedy] = halves(...filled);
  return new RegExp(`${sourceOf(fault)}(${sourceOf(remedy)})`);
}

async function toldBy(example: StartExample): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-problems-'));
  try {
    return (await example.told(folder)).map(visible);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Tests that each sentence of a table is told by its example, names what it must, and says what to do:
 * that there is a remedy the type of a table sees to, and here it is looked at that it is not empty.
 */
export function holdTable(
  problems: Readonly<Record<string, unknown>>,
  examples: Readonly<Record<string, StartExample>>,
): void {
  const texts = Object.entries(problems) as unknown as readonly (readonly [string, Text])[];
  for (const [id, text] of texts) {
    test(`is told where somebody gets there, with a remedy: ${id}`, async () => {
      const example = examples[id];
      assert.ok(example, `${id} has no example`);
      const told = await toldBy(example);
      const found = told
        .map((problem) => ({ problem, match: patternOf(text).exec(problem) }))
        .find(({ match }) => match !== null);
      assert.ok(found, `${id} is not told: ${JSON.stringify(told)}`);
      for (const named of example.names) {
        assert.ok(found.problem.includes(named), `${named}: ${found.problem}`);
      }
      const remedy = found.match?.[1] ?? '';
      assert.match(remedy, /^[:;,] .*[a-zA-Z]{3}/, found.problem);
    });
  }

  test('an example is one of a problem that there is', () => {
    assert.deepEqual(
      Object.keys(examples).filter((id) => !Object.hasOwn(problems, id)),
      [],
    );
  });

  test('a sentence says something whatever it is filled with, and each says something else', () => {
    const sources = texts.map(([id, text]) => {
      const { source } = patternOf(text);
      assert.ok(source.replace(/[^a-zA-Z]/g, '').length >= 8, `${id}: ${source}`);
      return source;
    });
    assert.equal(new Set(sources).size, sources.length);
  });
}
