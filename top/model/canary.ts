import { ask, send, type Step } from './control-flow.js';
import type { Model } from './model.js';
import type { Canary, Overlay } from './overlay.js';
import type { RowIdentity, WorkerRow } from './rows.js';
import { allRows } from './table-state.js';

/** Opens the question before the first worker is replaced. */
export function askCanary(model: Model): Step {
  const [first, ...rest] = allRows(model)
    .map(({ identity }) => identity)
    .filter(({ pid }) => pid > 0);
  if (first === undefined) return stopped(model, 'no worker has a process to begin with');
  const [asked] = ask(model, commandFor(first));
  const { overlay } = asked;
  return overlay.kind === 'confirm'
    ? [{ ...asked, overlay: { ...overlay, rest } }, []]
    : [asked, []];
}

function commandFor({ worker, pid, spawned }: RowIdentity) {
  return { name: 'reload-worker', worker, pid, spawned } as const;
}

/** After the answer to that question: remembers who is next, if anything was sent. */
export function begun([model, effects]: Step, asked: Extract<Overlay, { kind: 'confirm' }>): Step {
  const [command] = asked.commands;
  const effect = effects.find(({ type }) => type === 'command');
  if (asked.rest === undefined || command?.name !== 'reload-worker') return [model, effects];
  if (effect?.type !== 'command') return [model, effects];
  const canary: Canary = {
    ...{ stage: 'first', worker: command.worker, id: effect.id, rest: asked.rest, replaced: 0 },
    total: asked.rest.length + 1,
    base: { at: model.now, requests: 0, exceptions: 0 },
  };
  return [{ ...model, canary }, effects];
}

/** Looks what became of the command under way, after whatever happened. */
export function advanced(step: Step): Step {
  const [model, effects] = step;
  const { canary } = model;
  if (canary === null) return step;
  if (canary.stage === 'watched') return [questioned(model), effects];
  const state = model.commands.find(({ id }) => id === canary.id)?.state;
  if (state === 'sent' || state === 'accepted') return step;
  if (state !== 'done') {
    const [next] = stopped(model, `canary reload stopped, ${left(canary)} old ones stay`);
    return [next, effects];
  }
  const replaced = canary.replaced + 1;
  if (canary.stage === 'first' && canary.rest.length > 0) {
    const base = countsOf(canaryRow(model, canary), model.now);
    const next: Canary = { ...canary, stage: 'watched', replaced, base };
    return [questioned({ ...model, canary: next }), effects];
  }
  const [next, more] = continued({ ...model, canary: { ...canary, replaced } });
  return [next, [...effects, ...more]];
}

function left({ total, replaced }: Canary): number {
  return total - replaced;
}

/** The row of the worker that went first. */
export function canaryRow(model: Model, { worker }: Canary): WorkerRow | null {
  return allRows(model).find(({ identity }) => identity.worker === worker) ?? null;
}

function countsOf(row: WorkerRow | null, at: number): Canary['base'] {
  return { at, requests: row?.worker.requests ?? 0, exceptions: row?.worker.exceptions ?? 0 };
}

/** The question stands until it is answered, behind what lies over it. */
function questioned(model: Model): Model {
  if (model.overlay.kind !== 'none') return model;
  return { ...model, overlay: { kind: 'canary', focus: 'stop' } };
}

function stopped(model: Model, text: string): Step {
  return [{ ...model, canary: null, hint: { text, at: model.now } }, []];
}

/** Replaces the next worker that still runs as the process that was meant. */
function continued(model: Model): Step {
  const { canary } = model;
  if (canary === null) return [model, []];
  const alive = new Set(allRows(model).map(({ identity }) => keyOf(identity)));
  const rest = canary.rest.filter((identity) => alive.has(keyOf(identity)));
  const [next, ...others] = rest;
  if (next === undefined) {
    return stopped(model, `canary reload done: ${canary.replaced} of ${canary.total} replaced`);
  }
  const id = model.nextCommandId;
  const [sent, effects] = send(model, [commandFor(next)], []);
  return [{ ...sent, canary: { ...canary, stage: 'rest', id, rest: others } }, effects];
}

function keyOf({ worker, pid, spawned }: RowIdentity): string {
  return `${worker}/${pid}/${spawned}`;
}

const OTHER_BUTTON = new Set(['left', 'right', 'up', 'down', 'tab', 'backtab', 'h', 'l']);

/** A key while the first worker is looked at: stopping is what Enter does unless told otherwise. */
export function inCanary(
  model: Model,
  overlay: Extract<Overlay, { kind: 'canary' }>,
  key: string,
): Step {
  const { canary } = model;
  const closed: Model = { ...model, overlay: { kind: 'none' } };
  if (OTHER_BUTTON.has(key)) {
    const focus = overlay.focus === 'stop' ? 'go' : 'stop';
    return [{ ...model, overlay: { kind: 'canary', focus } }, []];
  }
  if (canary === null) return [closed, []];
  const stops = key === 'escape' || key === 'q' || (key === 'enter' && overlay.focus === 'stop');
  if (stops) return stopped(closed, `canary reload stopped, ${left(canary)} old ones stay`);
  return key === 'enter' ? continued(closed) : [model, []];
}
