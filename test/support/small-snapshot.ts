/** A node of a snapshot that a test writes: its type, its class, its size. */
export type SmallNode = readonly [type: string, name: string, size: number];

/** What a test says otherwise than V8 would. */
export interface SmallChanges {
  readonly nodeFields?: readonly string[];
  readonly nodeCount?: number;
  readonly edgeCount?: number;
  /** Instead of what the nodes would be. */
  readonly nodes?: string;
  readonly edges?: string;
  readonly strings?: string;
}

const TYPES = ['hidden', 'array', 'string', 'object', 'code', 'closure', 'regexp', 'native'];
const FIELDS = ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'];

/** A .heapsnapshot as V8 writes it, of a few nodes: each refers to the first. */
export function smallSnapshot(nodes: readonly SmallNode[], changes: SmallChanges = {}): string {
  const strings = ['<dummy>', ...new Set(nodes.map(([, name]) => name))];
  const rows = nodes.map(([type, name, size], index) =>
    [TYPES.indexOf(type), strings.indexOf(name), 2 * index + 1, size, 1, 0, 0].join(),
  );
  const meta = {
    node_fields: changes.nodeFields ?? FIELDS,
    node_types: [TYPES, 'string', 'number', 'number', 'number', 'number', 'number'],
    edge_fields: ['type', 'name_or_index', 'to_node'],
    edge_types: [['context', 'element'], 'string_or_number', 'node'],
  };
  const head = {
    meta,
    node_count: changes.nodeCount ?? nodes.length,
    edge_count: changes.edgeCount ?? nodes.length,
    trace_function_count: 0,
  };
  const edges = nodes.map((_, index) => `1,${index},0`).join('\n,');
  return `{"snapshot":${JSON.stringify(head)},
"nodes":${changes.nodes ?? `[${rows.join('\n,')}]`},
"edges":${changes.edges ?? `[${edges}]`},
"trace_function_infos":[],
"trace_tree":[0,[1,"}"]],
"samples":[],
"locations":[0,1,2,3],
"strings":${changes.strings ?? `[${strings.map((text) => JSON.stringify(text)).join(',\n')}]`}}`;
}
