import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './server.js';

/** What a reader of a page does with it, in its order. */
export type PageStep =
  /** A line of a block for the shell, or code in the text that is a command. */
  | { readonly kind: 'command'; readonly text: string }
  /** A file to write: the first line of its block is a comment that is its name. */
  | { readonly kind: 'file'; readonly name: string; readonly text: string };

const BLOCK = /^```(\w+)\n([^]*?)^```$/gm;
/** A program of ours or of Node's with its words; without any it is only named. */
const INLINE = /`((?:tsuwsgi|tsuwsgitop|node|npm|npx|man) [^`]+)`/g;
const NAME = /^(?:\/\/|#) (\S+)$/;

/** Reads what a page has its reader do. */
export function pageSteps(page: string): PageStep[] {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  const steps: PageStep[] = [];
  let from = 0;
  for (const { index, 0: whole, 1: language = '', 2: body = '' } of text.matchAll(BLOCK)) {
    steps.push(...commandsIn(text.slice(from, index)), ...stepsOf(language, body));
    from = index + whole.length;
  }
  return [...steps, ...commandsIn(text.slice(from))];
}

function commandsIn(prose: string): PageStep[] {
  return [...prose.matchAll(INLINE)].map(([, text = '']) => ({ kind: 'command', text }));
}

function stepsOf(language: string, body: string): PageStep[] {
  const lines = body.split('\n').filter((line) => line !== '');
  if (language === 'sh') return lines.map((text) => ({ kind: 'command', text }));
  const name = NAME.exec(lines[0] ?? '')?.[1];
  return name === undefined ? [] : [{ kind: 'file', name, text: body }];
}
