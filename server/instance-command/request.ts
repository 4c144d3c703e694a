import type { Setting } from '../../shared/options.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from '../options/problems/together.js';

/** What may be asked of an instance that runs. */
export const ACTIONS = ['status', 'stop', 'reload', 'chain-reload', 'upgrade'] as const;

export type Action = (typeof ACTIONS)[number];

export interface InstanceRequest {
  readonly action: Action;
  /** A pid file, or the address of a stats server. */
  readonly target: string;
}

/** The order on a command line; null when there is none, and an instance is to be started. */
export function instanceRequest(
  settings: readonly Setting[],
  operands: readonly string[],
): Result<InstanceRequest, Problem> | null {
  const [order, second] = settings.filter(({ name }) => isAction(name));
  if (order === undefined) {
    const stray = settings.find(({ name }) => name === 'timeout');
    if (stray === undefined) return null;
    return err(TOGETHER_PROBLEMS.timeoutStray(stray.value, list()));
  }
  if (second !== undefined) {
    return err(TOGETHER_PROBLEMS.orderTwice(order.origin, second.origin));
  }
  const other = settings.find(({ name }) => !isAction(name) && name !== 'timeout');
  const stray = other?.origin ?? operands[0];
  if (stray !== undefined) {
    return err(TOGETHER_PROBLEMS.orderStray(stray, order.origin, order.value));
  }
  return ok({ action: order.name as Action, target: order.value });
}

/** Whether an option gives an order, and so does not belong into a file. */
export function isAction(name: string): boolean {
  return ACTIONS.some((action) => action === name);
}

function list(): string {
  return ACTIONS.map((action) => `--${action}`).join(', ');
}
