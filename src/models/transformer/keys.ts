/** How a block's tensors are named in a file; each layout fills this in. */

/** Several names: their rows (outputs) follow each other. */
export interface LinearKeys {
  readonly weights: readonly string[];
  readonly biases: readonly string[];
  /** A factor for each output. */
  readonly scale?: string | undefined;
}

export interface BlockKeys {
  /** A norm is named by what stands before `.weight` and `.bias`. */
  readonly attentionNorm: string;
  /** Queries, keys and values. */
  readonly qkv: LinearKeys;
  readonly merge: LinearKeys;
  readonly mlpNorm: string;
  readonly widen: LinearKeys;
  readonly narrow: LinearKeys;
}

/** The tensors of linear layers with these names; of several, one after another. */
export function linear(...prefixes: readonly string[]): LinearKeys {
  return {
    weights: prefixes.map((prefix) => `${prefix}.weight`),
    biases: prefixes.map((prefix) => `${prefix}.bias`),
  };
}
