import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** What a snapshot holds, once it is known to be one. */
export interface ReadSnapshot {
  readonly nodes: number;
  readonly edges: number;
  /** How many nodes there are of each type and name, as `object Map`. */
  readonly counts: ReadonlyMap<string, number>;
}

/** The first ones; the others differ with the version of V8. */
const NODE_FIELDS = ['type', 'name', 'id', 'self_size', 'edge_count'];
const EDGE_FIELDS = ['type', 'name_or_index', 'to_node'];

interface Meta {
  readonly node_fields: string[];
  readonly node_types: [string[], ...unknown[]];
  readonly edge_fields: string[];
  readonly edge_types: [string[], ...unknown[]];
}

interface Text {
  readonly snapshot: {
    readonly meta: Meta;
    readonly node_count: number;
    readonly edge_count: number;
  };
  readonly nodes: number[];
  readonly edges: number[];
  readonly strings: string[];
}

/** Reads a .heapsnapshot as DevTools does, and fails for whatever does not fit together. */
export function readSnapshot(file: string): ReadSnapshot {
  const text = JSON.parse(readFileSync(file, 'utf8')) as Text;
  const { snapshot, nodes, edges, strings } = text;
  const { node_fields: fields, edge_fields: edgeFields } = snapshot.meta;
  assert.deepEqual(fields.slice(0, NODE_FIELDS.length), NODE_FIELDS);
  assert.ok(fields.includes('detachedness'));
  assert.deepEqual(edgeFields, EDGE_FIELDS);
  assert.equal(nodes.length, snapshot.node_count * fields.length, 'nodes');
  assert.equal(edges.length, snapshot.edge_count * EDGE_FIELDS.length, 'edges');
  assert.ok(strings.every((word) => typeof word === 'string'));
  const counts = readNodes(text);
  checkEdges(text);
  return { nodes: snapshot.node_count, edges: snapshot.edge_count, counts };
}

function readNodes({ snapshot, nodes, strings }: Text): Map<string, number> {
  const counts = new Map<string, number>();
  const [types] = snapshot.meta.node_types;
  const width = snapshot.meta.node_fields.length;
  let outgoing = 0;
  for (let at = 0; at < nodes.length; at += width) {
    const [type = -1, name = -1, , size = -1, count = -1] = nodes.slice(at, at + 5);
    assert.ok(type in types && name in strings, `the type and the name of node ${at}`);
    assert.ok(Math.min(size, count) >= 0, `the sizes of node ${at}`);
    outgoing += count;
    const key = `${types[type]} ${strings[name]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(outgoing, snapshot.edge_count, 'the edges of all nodes');
  return counts;
}

function checkEdges({ snapshot, nodes, edges, strings }: Text): void {
  const width = snapshot.meta.node_fields.length;
  const numbered = new Set(['element', 'hidden']);
  for (let at = 0; at < edges.length; at += EDGE_FIELDS.length) {
    const [type = -1, name = -1, to = -1] = edges.slice(at, at + 3);
    const kind = snapshot.meta.edge_types[0][type];
    assert.ok(kind !== undefined, `the type of edge ${at}`);
    assert.ok(numbered.has(kind) || name in strings, `the name of edge ${at}`);
    assert.ok(to % width === 0 && to in nodes, `the end of edge ${at}`);
  }
}
