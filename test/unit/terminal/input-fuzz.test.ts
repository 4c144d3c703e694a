import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect, Message } from '../../../top/model/message.js';
import type { Target } from '../../../top/model/target.js';
import { createInputDecoder, type InputEvent } from '../../../top/terminal/input-decoder.js';
import { targetAt } from '../../../top/view/hit.js';
import { view } from '../../../top/view/view.js';
import { play } from '../../support/dashboard.js';
import { inputScenes, type Scene } from '../../support/input-scenes.js';
import { seeded } from '../../support/seeded.js';
import {
  actionKeys,
  anyPaste,
  MOUSE,
  PASTES,
  RELEASES,
  REPORTS,
} from '../../support/terminal-noise.js';

/** From the bytes of a terminal to what is sent to a server, with all that lies between. */

const SEED = Number(process.env['SEED'] ?? 20_261_126);
const MIXTURES = process.env['TEST_LONG'] === '1' ? 40_000 : 2000;

const SCENES = inputScenes();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the decoder makes of chunks; `paused` after which of them nothing came for a long time. */
function decoded(chunks: readonly Uint8Array[], paused = -1): InputEvent[] {
  const decoder = createInputDecoder();
  const events = chunks.flatMap((chunk, index) => [
    ...decoder.push(chunk),
    ...(index === paused ? decoder.flush() : []),
  ]);
  return [...events, ...decoder.flush()];
}

/** What all this makes the dashboard do, beginning with this scene. */
function effectsOf({ model }: Scene, events: readonly InputEvent[]): readonly Effect[] {
  let current = model;
  const effects: Effect[] = [];
  for (const event of events) {
    const message = messageOf(current, event);
    const played = play(current, message === null ? [] : [message]);
    current = played.model;
    effects.push(...played.effects);
  }
  return effects;
}

/** As top/app.ts hears it. */
function messageOf(model: Scene['model'], event: InputEvent): Message | null {
  const at = model.now;
  switch (event.type) {
    case 'key':
      return { type: 'key', at, key: event.key };
    case 'paste':
      return { type: 'paste', at, text: event.text };
    case 'wheel':
      return { type: 'wheel', at, step: event.step };
    case 'press': {
      const target = targetAt(view(model), event.x, event.y);
      return target === null ? null : { type: 'click', at, target };
    }
  }
}

/** A sequence in two, at each place. */
function splits(sent: string): (readonly [Uint8Array, Uint8Array])[] {
  const bytes = bytesOf(sent);
  return Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)] as const);
}

/** The commands among effects; the question for a stack, which a plain key asks, only reads. */
const changing = (effects: readonly Effect[]): string[] =>
  effects
    .flatMap((effect) => (effect.type === 'command' ? [effect.command.name] : []))
    .filter((name) => name !== 'traceback');

test('the scenes are all views, with all that can lie over them', () => {
  const overlays = new Set(SCENES.map(({ model }) => model.overlay.kind));
  assert.deepEqual([...overlays].sort(), [
    ...['canary', 'columns', 'confirm', 'difference', 'event', 'help', 'none', 'outcomes'],
    ...['reloads', 'settings', 'signals', 'sort'],
  ]);
  assert.equal(new Set(SCENES.map(({ model }) => model.screen)).size, 7);
  assert.ok(SCENES.some(({ model }) => model.canary?.stage === 'watched'));
  assert.ok(SCENES.some(({ model }) => model.overlay.kind === 'confirm' && model.overlay.typed));
});

/** What one and the same thing does in every scene: it is tried once, however it was cut. */
function outcomes(): (events: readonly InputEvent[]) => readonly Outcome[] {
  const known = new Map<string, readonly Outcome[]>();
  return (events) => {
    const key = JSON.stringify(events);
    const all =
      known.get(key) ?? SCENES.map((scene) => ({ scene, effects: effectsOf(scene, events) }));
    known.set(key, all);
    return all;
  };
}

interface Outcome {
  readonly scene: Scene;
  readonly effects: readonly Effect[];
}

for (const [what, noise] of Object.entries({ REPORTS, MOUSE, RELEASES, PASTES })) {
  test(`${what.toLowerCase()}: no split does anything, in any view and over any question`, () => {
    const outcomesOf = outcomes();
    for (const [name, sent] of noise) {
      for (const chunks of splits(sent)) {
        for (const { scene, effects } of outcomesOf(decoded(chunks))) {
          assert.deepEqual(effects, [], `${name} in ${scene.name}`);
        }
      }
    }
  });

  test(`${what.toLowerCase()}: one that stops half way for a long time sends no command`, () => {
    const outcomesOf = outcomes();
    for (const [name, sent] of noise) {
      for (const chunks of splits(sent)) {
        for (const { scene, effects } of outcomesOf(decoded(chunks, 0))) {
          const where = `${name} in ${scene.name}, stopped after ${chunks[0].length} bytes`;
          assert.deepEqual(changing(effects), [], where);
        }
      }
    }
  });
}

test(`any mixture of all that, cut anywhere, does nothing (seed ${SEED})`, () => {
  const chance = seeded(SEED);
  const noise = [...REPORTS, ...MOUSE, ...RELEASES, ...PASTES];
  for (let turn = 0; turn < MIXTURES; turn++) {
    const parts = Array.from({ length: 1 + Math.floor(chance.next() * 8) }, () =>
      chance.next() < 0.3 ? anyPaste(chance) : chance.pick(noise)[1],
    );
    const bytes = bytesOf(parts.join(''));
    const chunks: Uint8Array[] = [];
    for (let from = 0; from < bytes.length;) {
      const to = from + 1 + Math.floor(chance.next() * 20);
      chunks.push(bytes.subarray(from, to));
      from = to;
    }
    const scene = chance.pick(SCENES);
    const told = `turn ${turn}: ${JSON.stringify(parts)} in ${scene.name}`;
    assert.deepEqual(effectsOf(scene, decoded(chunks)), [], told);
  }
});

/** The ways in which terminals tell one and the same key. */
function written(key: string): readonly string[] {
  if (/^[!-~]$/.test(key)) {
    const code = key.toLowerCase().charCodeAt(0);
    const shift = key === key.toLowerCase() ? 1 : 2;
    return [
      ...[key, `\x1b[${code};${shift}u`, `\x1b[${code};${shift}:1u`, `\x1b[${code};${shift}:2u`],
      ...[`\x1b[27;${shift};${key.charCodeAt(0)}~`, `\x1b[${code}:${code + 1};${shift}u`],
      ...[3, 5, 7].map((modifiers) => `\x1b[${code};${modifiers}u`),
    ];
  }
  const control = /^ctrl-([a-z])$/.exec(key)?.[1];
  if (control === undefined) return NAMED[key] ?? [];
  const code = control.charCodeAt(0);
  return [String.fromCharCode(code - 96), `\x1b[${code};5u`, `\x1b[27;5;${code}~`];
}

const NAMED: Readonly<Record<string, readonly string[]>> = {
  up: ['\x1b[A', '\x1bOA', '\x1b[1;2A'],
  down: ['\x1b[B', '\x1bOB', '\x1b[1;5B'],
  left: ['\x1b[D'],
  right: ['\x1b[C'],
  pageup: ['\x1b[5~'],
  pagedown: ['\x1b[6~'],
  home: ['\x1b[H', '\x1b[1~'],
  end: ['\x1b[F', '\x1b[4~'],
  enter: ['\r', '\x1b[13u', '\x1b[13;1:2u', '\x1b[27;1;13~', '\x1b[57414u'],
  tab: ['\t', '\x1b[9u'],
  backtab: ['\x1b[Z', '\x1b[9;2u'],
  escape: ['\x1b', '\x1b[27u'],
  space: [' ', '\x1b[32u'],
  f1: ['\x1bOP', '\x1b[11~', '\x1b[[A'],
  f2: ['\x1bOQ', '\x1b[12~', '\x1b[[B'],
  f4: ['\x1bOS', '\x1b[14~', '\x1b[[D'],
  f6: ['\x1b[17~'],
  f9: ['\x1b[20~', '\x1b[20;1:2~'],
  f10: ['\x1b[21~'],
};

test('no single key, however it is written and cut, sends a command unless a question is asked', () => {
  const outcomesOf = outcomes();
  for (const key of new Set([...actionKeys(), 'enter', 'tab', 'y', 'Y', 'n', 'z'])) {
    assert.ok(written(key).length > 0, `${key} can be written`);
    for (const sent of written(key)) {
      for (const chunks of splits(sent)) {
        for (const { scene, effects } of outcomesOf(decoded(chunks))) {
          if (scene.isQuestion) continue;
          const where = `${key} as ${JSON.stringify(sent)} in ${scene.name}`;
          assert.deepEqual(changing(effects), [], where);
        }
      }
    }
  }
});

test('no single click sends a command unless a question is asked', () => {
  for (const scene of SCENES.filter(({ isQuestion }) => !isQuestion)) {
    const frame = view(scene.model);
    const targets = new Map<string, Target>();
    for (let place = 0; place < frame.width * frame.height; place++) {
      const target = targetAt(frame, place % frame.width, Math.floor(place / frame.width));
      if (target !== null) targets.set(JSON.stringify(target), target);
    }
    for (const [text, target] of targets) {
      const { effects } = play(scene.model, [{ type: 'click', at: scene.model.now, target }]);
      assert.deepEqual(changing(effects), [], `${text} in ${scene.name}`);
    }
  }
});
