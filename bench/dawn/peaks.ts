/** What a GPU could do at most, in billions a second, whatever the kernel. */
export interface Peak {
  readonly gpu: string;
  /** How the numbers come about. */
  readonly derivation: string;
  /** A multiply-add counts as two. */
  readonly flops: number;
  /** Manhattan takes two instructions an element: a difference, and a sum of its absolute value. */
  readonly manhattanElements: number;
  /** Where the population count is the narrowest of the three instructions a word. */
  readonly hammingWords: number;
}

// By the adapter's own description. Processors, 32-bit lanes each and boost clock are from NVIDIA's data sheets; population
// counts a clock and processor from the CUDA C++ programming guide, table of arithmetic throughput.
const NVIDIA = [
  { pattern: /H100.*(HBM3|SXM)|H200/i, processors: 132, lanes: 128, gigahertz: 1.98 },
  { pattern: /H100.*PCIe/i, processors: 114, lanes: 128, gigahertz: 1.755 },
  { pattern: /A100/i, processors: 108, lanes: 64, gigahertz: 1.41 },
  { pattern: /L40S/i, processors: 142, lanes: 128, gigahertz: 2.52 },
  { pattern: /\bL4\b/i, processors: 58, lanes: 128, gigahertz: 2.04 },
  { pattern: /RTX 4090(?! Laptop)/i, processors: 128, lanes: 128, gigahertz: 2.52 },
] as const;

const POPULATION_COUNTS = 16;

/** @returns undefined for a GPU that is not in the table */
export function peakOf(description: string): Peak | undefined {
  const known = NVIDIA.find(({ pattern }) => pattern.test(description));
  if (!known) return undefined;
  const { processors, lanes, gigahertz } = known;
  const instructions = processors * lanes * gigahertz;
  return {
    gpu: description,
    derivation: `${processors} processors × ${lanes} lanes × ${gigahertz} GHz, 2 operations a multiply-add`,
    flops: 2 * instructions,
    manhattanElements: instructions / 2,
    hammingWords: processors * POPULATION_COUNTS * gigahertz,
  };
}
