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

/** How much of it is there, in the unit that suits the whole: "12 of 158 kB", "0.4 of 93.8 MB". */
export function bytesOf(done: number, total: number): string {
  if (total < 1e6) return `${Math.round(done / 1e3)} of ${Math.round(total / 1e3)} kB`;
  return `${(done / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
}

/** A distance with as many digits as it deserves. */
export function distanceText(distance: number): string {
  if (Number.isInteger(distance)) return String(distance);
  return Math.abs(distance) >= 100 ? distance.toFixed(0) : distance.toFixed(3);
}
