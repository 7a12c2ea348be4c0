/** What hands can do to a matrix. Places are CSS pixels from the element's top left. */
export interface HandActions {
  /** A drag pulls a block, where it otherwise moves the matrix. */
  readonly brushing: boolean;
  point(x: number, y: number): void;
  leave(): void;
  pan(x: number, y: number): void;
  zoom(factor: number, x: number, y: number): void;
  zoomMiddle(factor: number): void;
  fitAll(): void;
  pick(x: number, y: number, additive: boolean): void;
  /** A block from where the drag began to where it is; done when it ends. */
  pull(fromX: number, fromY: number, toX: number, toY: number): void;
  pullEnds(additive: boolean): void;
  pullStops(): void;
  /** Moves the cell that the keys stand on. */
  step(rows: number, columns: number): void;
  pickCell(additive: boolean): void;
  pickBlock(additive: boolean): void;
}

const CLICK_SLOP = 4;
const KEY_ZOOM = 1.35;
const LONG_STEP = 10;

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Turns pointer, wheel and keys on an element into actions, until the signal ends. */
export function giveHands(element: HTMLElement, actions: HandActions, signal: AbortSignal): void {
  const pointers = new Map<number, Place>();
  let drag: 'none' | 'pan' | 'pull' | 'pinch' = 'none';
  let start: Place = { x: 0, y: 0 };
  let travelled = 0;
  const placeOf = (event: MouseEvent): Place => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const place = placeOf(event);
    // A pointer made by a script cannot be captured, and need not be.
    if (event.isTrusted) element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    pointers.set(event.pointerId, place);
    if (pointers.size === 2) {
      actions.pullStops();
      drag = 'pinch';
      travelled = CLICK_SLOP + 1;
      return;
    }
    start = place;
    travelled = 0;
    drag = actions.brushing || event.shiftKey ? 'pull' : 'pan';
  };

  const pinch = (id: number, place: Place, before: Place) => {
    pointers.set(id, place);
    const other = [...pointers].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(place.x - other.x, place.y - other.y);
    actions.pan((place.x - before.x) / 2, (place.y - before.y) / 2);
    if (was > 1 && is > 1) actions.zoom(is / was, (place.x + other.x) / 2, (place.y + other.y) / 2);
  };

  const move = (event: PointerEvent) => {
    const place = placeOf(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== 'touch') actions.point(place.x, place.y);
      return;
    }
    if (drag === 'pinch') return pinch(event.pointerId, place, before);
    const wasClick = travelled <= CLICK_SLOP;
    travelled = Math.max(travelled, Math.hypot(place.x - start.x, place.y - start.y));
    if (travelled <= CLICK_SLOP) return;
    pointers.set(event.pointerId, place);
    if (drag === 'pull') actions.pull(start.x, start.y, place.x, place.y);
    else {
      // What was held back until it was surely a drag is made up for.
      const from = wasClick ? start : before;
      actions.pan(place.x - from.x, place.y - from.y);
    }
  };

  const up = (event: PointerEvent, finished: boolean) => {
    if (!pointers.delete(event.pointerId)) return;
    if (pointers.size > 0) {
      drag = 'pan';
      return;
    }
    const additive = event.ctrlKey || event.metaKey;
    if (!finished) actions.pullStops();
    else if (travelled <= CLICK_SLOP) {
      const place = placeOf(event);
      actions.pick(place.x, place.y, additive || event.shiftKey);
    } else if (drag === 'pull') actions.pullEnds(additive);
    drag = 'none';
  };

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : lines);
    // A pinch on a trackpad comes as a wheel with ctrl, in much smaller steps.
    const factor = Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0016));
    const place = placeOf(event);
    actions.zoom(Math.min(4, Math.max(0.25, factor)), place.x, place.y);
  };

  const key = (event: KeyboardEvent) => {
    if (event.altKey || !act(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** @returns whether the key is one of the matrix */
  const act = (event: KeyboardEvent): boolean => {
    const additive = event.ctrlKey || event.metaKey;
    const step = STEPS[event.key];
    if (step) {
      const by = event.shiftKey ? LONG_STEP : 1;
      actions.step(step[0] * by, step[1] * by);
    } else if (event.key === 'Enter') {
      if (event.shiftKey) actions.pickBlock(additive);
      else actions.pickCell(additive);
    } else if (additive) return false;
    else if (event.key === '+' || event.key === '=') actions.zoomMiddle(KEY_ZOOM);
    else if (event.key === '-') actions.zoomMiddle(1 / KEY_ZOOM);
    else if (event.key === '0' || event.key === 'Home') actions.fitAll();
    else return false;
    return true;
  };

  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', (event) => up(event, true), { signal });
  element.addEventListener('pointercancel', (event) => up(event, false), { signal });
  // A finger that is lifted has not gone elsewhere.
  const leave = (event: PointerEvent) => {
    if (drag === 'none' && event.pointerType !== 'touch') actions.leave();
  };
  element.addEventListener('pointerleave', leave, { signal });
  element.addEventListener('wheel', wheel, { signal, passive: false });
  element.addEventListener('keydown', key, { signal });
}
