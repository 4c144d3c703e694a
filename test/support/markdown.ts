import assert from 'node:assert/strict';

/** A table as Markdown; the formatter pads it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A text with each block between `<!-- name: made from ... -->` and `<!-- end -->` made anew. */
export function filled(text: string, blocks: Readonly<Record<string, () => string>>): string {
  return text.replaceAll(
    /(<!-- ([^:>]+?): made from [^ ]+ -->\n)[^]*?(<!-- end -->)/g,
    (...found: string[]) => {
      const [, open = '', name = '', end = ''] = found;
      const block = blocks[name];
      assert.ok(block, `there is no block "${name}"`);
      return `${open}\n${block()}\n\n${end}`;
    },
  );
}

/** A text without what the formatter pads. */
export function unpadded(text: string): string {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}
