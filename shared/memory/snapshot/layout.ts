import { integerIn, isFields, wrong, type Fields } from '../../fields.js';
import { err, messageOf, ok, type Result } from '../../result.js';

/** What the head of a snapshot says of what follows. */
export interface Layout {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Numbers a node, and which of them is what. */
  readonly node: {
    readonly width: number;
    readonly type: number;
    readonly name: number;
    readonly size: number;
    readonly edges: number;
  };
  /** Numbers an edge. */
  readonly edgeWidth: number;
  /** The words for the types of nodes, by number. */
  readonly types: readonly string[];
}

/** More fields than V8 has ever had, and fewer than would cost anything. */
const MOST_WORDS = 64;

/** Reads the value of "snapshot"; the error is a part of a sentence. */
export function readLayout(json: string): Result<Layout, string> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return err(`"snapshot" is not JSON: ${messageOf(error).slice(0, 100)}`);
  }
  const meta = isFields(value) ? value['meta'] : undefined;
  if (!isFields(value) || !isFields(meta)) return err('"snapshot" has no "meta"');
  const nodeCount = countOf(value, 'node_count');
  if (!nodeCount.ok) return nodeCount;
  const edgeCount = countOf(value, 'edge_count');
  if (!edgeCount.ok) return edgeCount;
  return withMeta(meta, { nodeCount: nodeCount.value, edgeCount: edgeCount.value });
}

function withMeta(
  meta: Fields,
  counts: Pick<Layout, 'nodeCount' | 'edgeCount'>,
): Result<Layout, string> {
  const nodeFields = words(meta['node_fields']);
  if (nodeFields === null) return wrong('"meta"', 'node_fields', meta, 'a list of words');
  const edgeFields = words(meta['edge_fields']);
  if (edgeFields === null || edgeFields.length === 0) {
    return wrong('"meta"', 'edge_fields', meta, 'a list of words');
  }
  const nodeTypes: unknown = meta['node_types'];
  const types = Array.isArray(nodeTypes) ? words(nodeTypes[0]) : null;
  if (types === null) return wrong('"meta"', 'node_types', meta, 'a list that begins with types');
  const places = ['type', 'name', 'self_size', 'edge_count'].map((name) =>
    nodeFields.indexOf(name),
  );
  const [type = -1, name = -1, size = -1, edges = -1] = places;
  if (places.includes(-1)) {
    return err('"node_fields" has not each of type, name, self_size and edge_count');
  }
  const node = { width: nodeFields.length, type, name, size, edges };
  return ok({ ...counts, node, edgeWidth: edgeFields.length, types });
}

function countOf(fields: Fields, name: string): Result<number, string> {
  const count = integerIn(fields[name], 0, Number.MAX_SAFE_INTEGER);
  return count === undefined ? wrong('"snapshot"', name, fields, 'a number of them') : ok(count);
}

function words(value: unknown): string[] | null {
  if (!Array.isArray(value) || value.length > MOST_WORDS) return null;
  return value.every((word) => typeof word === 'string' && word.length <= MOST_WORDS)
    ? (value as string[])
    : null;
}
