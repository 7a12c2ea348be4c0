/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** A count with its noun: "1 picture", "2,000 pictures". */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural}`;
}

/** A distance with as many digits as it deserves. */
export function distanceText(distance: number): string {
  if (Number.isInteger(distance)) return String(distance);
  return Math.abs(distance) >= 100 ? distance.toFixed(0) : distance.toFixed(3);
}
