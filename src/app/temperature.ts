/** The temperature of a joint space: what cosines are divided by before a softmax makes shares of them. */
import type { EmbedderInfo } from '../models/embedder.ts';

/** Of a scale of 100, the highest that CLIP allows itself. */
export const LOWEST_TEMPERATURE = 0.01;

export const HIGHEST_TEMPERATURE = 1;

/** Similarities of the embedded model differ by some tenths; this tells labels apart without pretending certainty. */
const USUAL_TEMPERATURE = 0.15;

/** Steps of the slider. Each is the same ratio, for what matters is how many times larger a temperature is. */
export const TEMPERATURE_STEPS = 100;

/** What suits a model: its own, where it learned one, within what the page allows. */
export function suitedTemperature({
  temperature = USUAL_TEMPERATURE,
}: Pick<EmbedderInfo, 'temperature'>): number {
  return Math.min(HIGHEST_TEMPERATURE, Math.max(LOWEST_TEMPERATURE, temperature));
}

/** Where the slider stands for a temperature, 0 to {@link TEMPERATURE_STEPS}, on a log scale. */
export function stepOf(temperature: number): number {
  const share =
    Math.log(temperature / LOWEST_TEMPERATURE) / Math.log(HIGHEST_TEMPERATURE / LOWEST_TEMPERATURE);
  return share * TEMPERATURE_STEPS;
}

/** The temperature where the slider stands, to three digits. */
export function temperatureAt(step: number): number {
  const ratio = HIGHEST_TEMPERATURE / LOWEST_TEMPERATURE;
  return Number((LOWEST_TEMPERATURE * ratio ** (step / TEMPERATURE_STEPS)).toPrecision(3));
}

/** As it is shown: four digits, of which a learned temperature has many more. */
export function temperatureText(temperature: number): string {
  return String(Number(temperature.toPrecision(4)));
}

/**
 * What was typed as a temperature.
 *
 * @throws {RangeError} when it is no number in the range
 */
export function parseTemperature(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'));
  if (value >= LOWEST_TEMPERATURE && value <= HIGHEST_TEMPERATURE) return value;
  throw new RangeError(`A temperature is a number from ${LOWEST_TEMPERATURE} to ${HIGHEST_TEMPERATURE}.`);
}

/**
 * Shares over the labels of each picture: softmax(cosine / temperature) along each row.
 *
 * @param cosines pictures × labels, row-major
 * @returns the same shape; each row sums to 1
 */
export function sharesOf(
  cosines: Float32Array,
  labels: number,
  temperature: number,
): Float32Array<ArrayBuffer> {
  const shares = new Float32Array(cosines.length);
  for (let start = 0; start < cosines.length; start += labels) {
    let highest = -Infinity;
    for (let at = start; at < start + labels; at++) highest = Math.max(highest, cosines[at] ?? 0);
    let sum = 0;
    for (let at = start; at < start + labels; at++) {
      const share = Math.exp(((cosines[at] ?? 0) - highest) / temperature);
      shares[at] = share;
      sum += share;
    }
    for (let at = start; at < start + labels; at++) shares[at] = (shares[at] ?? 0) / sum;
  }
  return shares;
}
