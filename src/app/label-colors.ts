import { schemeTableau10 } from 'd3-scale-chromatic';

/** A color for the n-th label; they repeat after ten, which the table's order makes plain. */
export function labelColor(index: number): string {
  return schemeTableau10[index % schemeTableau10.length] ?? '#4e79a7';
}

/** The same color as bytes: red, green, blue, alpha. */
export function labelRgba(index: number): [number, number, number, number] {
  const hex = Number.parseInt(labelColor(index).slice(1), 16);
  return [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255, 255];
}
