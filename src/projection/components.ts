import type { Graph } from './graph.ts';

/** The graph's connected components, largest first (ties by lowest item), each as its items in ascending order. */
export function componentsOf(graph: Graph): Uint32Array<ArrayBuffer>[] {
  const seen = new Uint8Array(graph.n);
  const found: Uint32Array<ArrayBuffer>[] = [];
  for (let first = 0; first < graph.n; first++) {
    if (seen[first]) continue;
    seen[first] = 1;
    const members = [first];
    for (let at = 0; at < members.length; at++) {
      const item = members[at] ?? 0;
      for (let e = graph.starts[item] ?? 0; e < (graph.starts[item + 1] ?? 0); e++) {
        const other = graph.columns[e] ?? 0;
        if (seen[other]) continue;
        seen[other] = 1;
        members.push(other);
      }
    }
    found.push(Uint32Array.from(members).sort());
  }
  return found.sort((x, y) => y.length - x.length || (x[0] ?? 0) - (y[0] ?? 0));
}
