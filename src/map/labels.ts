/** A label that may be drawn: its point on the screen, how far from it things keep, and how large it is, CSS pixels. */
export interface LabelCandidate {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly clearance: number;
  readonly width: number;
  readonly height: number;
  /** Larger goes first. */
  readonly priority: number;
}

/** Where a label stands seen from its point. */
export type Side = 'right' | 'left' | 'above' | 'below';

export interface PlacedLabel {
  readonly index: number;
  readonly side: Side;
  readonly left: number;
  readonly top: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const SIDES: readonly Side[] = ['right', 'left', 'above', 'below'];
const AIR = 3;
/** What a label that is shown already is worth more, so that two of a kind do not take turns. */
const SHOWN_BONUS = 0.5;
const BUCKET = 96;

/** Left top corner of a label that stands at this side. */
export function cornerOf(label: LabelCandidate, side: Side): { left: number; top: number } {
  const { x, y, width, height, clearance } = label;
  if (side === 'right') return { left: x + clearance, top: y - height / 2 };
  if (side === 'left') return { left: x - clearance - width, top: y - height / 2 };
  if (side === 'above') return { left: x - width / 2, top: y - clearance - height };
  return { left: x - width / 2, top: y + clearance };
}

/**
 * Chooses labels that do not touch each other, greedily by priority. A label shown before keeps its side if it can.
 *
 * @param shown what the last call gave, index → side
 * @param limit the most labels
 */
export function placeLabels(
  candidates: readonly LabelCandidate[],
  shown: ReadonlyMap<number, Side>,
  limit: number,
  view: { readonly width: number; readonly height: number },
): PlacedLabel[] {
  const worth = (label: LabelCandidate) => label.priority + (shown.has(label.index) ? SHOWN_BONUS : 0);
  const ordered = [...candidates].sort((a, b) => worth(b) - worth(a) || a.index - b.index);
  const taken = new Map<string, Box[]>();
  const placed: PlacedLabel[] = [];
  for (const label of ordered) {
    if (placed.length >= limit) break;
    const before = shown.get(label.index);
    const sides = before ? [before, ...SIDES.filter((side) => side !== before)] : SIDES;
    for (const side of sides) {
      const { left, top } = cornerOf(label, side);
      const box = {
        left: left - AIR,
        top: top - AIR,
        right: left + label.width + AIR,
        bottom: top + label.height + AIR,
      };
      const inside = box.left >= 0 && box.top >= 0 && box.right <= view.width && box.bottom <= view.height;
      if (!inside || overlaps(taken, box)) continue;
      remember(taken, box);
      placed.push({ index: label.index, side, left, top });
      break;
    }
  }
  return placed;
}

function* buckets(box: Box): Generator<string> {
  for (let column = Math.floor(box.left / BUCKET); column <= Math.floor(box.right / BUCKET); column++) {
    for (let row = Math.floor(box.top / BUCKET); row <= Math.floor(box.bottom / BUCKET); row++) {
      yield `${column},${row}`;
    }
  }
}

function overlaps(taken: ReadonlyMap<string, Box[]>, box: Box): boolean {
  for (const key of buckets(box)) {
    for (const other of taken.get(key) ?? []) {
      const apart =
        other.right <= box.left ||
        other.left >= box.right ||
        other.bottom <= box.top ||
        other.top >= box.bottom;
      if (!apart) return true;
    }
  }
  return false;
}

function remember(taken: Map<string, Box[]>, box: Box): void {
  for (const key of buckets(box)) {
    const bucket = taken.get(key);
    if (bucket) bucket.push(box);
    else taken.set(key, [box]);
  }
}
