import type { Camera } from './camera.ts';
import { rectangle } from './shapes.ts';
import type { MapMode, Point } from './types.ts';

/** What the hands can do to a map. Places are CSS pixels from the map's top left. */
export interface ControlActions {
  readonly dimensions: 2 | 3;
  /** The camera moved, at once or toward a goal. */
  moved(): void;
  hover(place: Point | null): void;
  pick(place: Point, additive: boolean): void;
  select(polygon: readonly Point[], additive: boolean): void;
  /** Draws the shape that is being pulled; null when it is done. */
  outline(polygon: readonly Point[] | null): void;
  flyIn(place: Point): void;
  fitAll(): void;
  stepItem(direction: 1 | -1): void;
  pickHovered(additive: boolean): void;
  clear(): void;
}

type Drag = 'none' | 'pan' | 'orbit' | 'box' | 'lasso' | 'pinch';

const CLICK_SLOP = 4;
const RADIANS_PER_PIXEL = 0.006;
const KEY_STEP = 60;
const KEY_TURN = 0.2;
const KEY_ZOOM = 1.35;
const FINE_TRAIL = 3;

/** Pointer, wheel and keys, turned into camera moves and actions. */
export class Controls {
  mode: MapMode = 'navigate';
  private readonly pointers = new Map<number, Point>();
  private readonly listening = new AbortController();
  private drag: Drag = 'none';
  private start: Point = { x: 0, y: 0 };
  private trail: Point[] = [];
  private additive = false;
  private travelled = 0;

  constructor(
    private readonly element: HTMLElement,
    private readonly camera: Camera,
    private readonly actions: ControlActions,
  ) {
    const { signal } = this.listening;
    element.addEventListener('pointerdown', (event) => this.down(event), { signal });
    element.addEventListener('pointermove', (event) => this.move(event), { signal });
    element.addEventListener('pointerup', (event) => this.up(event, true), { signal });
    element.addEventListener('pointercancel', (event) => this.up(event, false), { signal });
    element.addEventListener('pointerleave', () => this.drag === 'none' && actions.hover(null), { signal });
    element.addEventListener('wheel', (event) => this.wheel(event), { signal, passive: false });
    element.addEventListener('keydown', (event) => this.key(event), { signal });
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    element.addEventListener(
      'dblclick',
      (event) => {
        event.preventDefault();
        actions.flyIn(this.placeOf(event));
      },
      { signal },
    );
  }

  dispose(): void {
    this.listening.abort();
  }

  private placeOf(event: MouseEvent): Point {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private down(event: PointerEvent): void {
    if (event.button === 1) return;
    const place = this.placeOf(event);
    // A pointer made by a script cannot be captured, and need not be.
    if (event.isTrusted) this.element.setPointerCapture(event.pointerId);
    this.element.focus({ preventScroll: true });
    this.pointers.set(event.pointerId, place);
    if (this.pointers.size === 2) {
      this.cancelShape();
      this.drag = 'pinch';
      this.travelled = CLICK_SLOP + 1;
      return;
    }
    this.start = place;
    this.trail = [place];
    this.travelled = 0;
    this.drag = this.kindOfDrag(event);
    const keys = event.ctrlKey || event.metaKey;
    this.additive = keys || (event.shiftKey && (this.mode !== 'navigate' || this.drag !== 'box'));
  }

  private kindOfDrag(event: PointerEvent): Drag {
    if (event.button === 2) return 'pan';
    if (this.mode !== 'navigate') return this.mode;
    if (this.actions.dimensions === 3) return event.shiftKey ? 'pan' : 'orbit';
    return event.shiftKey ? 'box' : 'pan';
  }

  private move(event: PointerEvent): void {
    const place = this.placeOf(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== 'touch') this.actions.hover(place);
      return;
    }
    const dx = place.x - before.x;
    const dy = place.y - before.y;
    if (this.drag === 'pinch') {
      this.pinch(event.pointerId, place);
      return;
    }
    this.pointers.set(event.pointerId, place);
    const wasClick = this.travelled <= CLICK_SLOP;
    this.travelled = Math.max(this.travelled, Math.hypot(place.x - this.start.x, place.y - this.start.y));
    if (this.travelled <= CLICK_SLOP) return;
    if (wasClick) this.actions.hover(null);
    if (this.drag === 'pan' || this.drag === 'orbit') {
      // What was held back until it was surely a drag is made up for.
      const extraX = wasClick ? before.x - this.start.x : 0;
      const extraY = wasClick ? before.y - this.start.y : 0;
      if (this.drag === 'pan') this.camera.pan(dx + extraX, dy + extraY);
      else this.camera.orbit(-dx * RADIANS_PER_PIXEL, dy * RADIANS_PER_PIXEL);
      this.actions.moved();
      return;
    }
    if (this.drag === 'lasso') {
      const last = this.trail.at(-1);
      if (!last || Math.hypot(place.x - last.x, place.y - last.y) >= FINE_TRAIL) this.trail.push(place);
    } else if (this.drag === 'box') {
      this.trail = rectangle(this.start, place);
    }
    this.actions.outline(this.trail);
  }

  private pinch(id: number, place: Point): void {
    const other = [...this.pointers].find(([key]) => key !== id)?.[1];
    const before = this.pointers.get(id);
    this.pointers.set(id, place);
    if (!other || !before) return;
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(place.x - other.x, place.y - other.y);
    this.camera.pan((place.x - before.x) / 2, (place.y - before.y) / 2);
    if (was > 1 && is > 1) {
      this.camera.zoom(is / was, (place.x + other.x) / 2, (place.y + other.y) / 2);
      this.camera.jump();
    }
    this.actions.moved();
  }

  private up(event: PointerEvent, finished: boolean): void {
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.pointers.size > 0) {
      // The finger that is left goes on as a drag, not as a click.
      const [rest] = this.pointers.values();
      if (rest) this.start = rest;
      this.drag = this.actions.dimensions === 3 ? 'orbit' : 'pan';
      return;
    }
    const drag = this.drag;
    const trail = this.trail;
    this.cancelShape();
    this.drag = 'none';
    if (!finished) return;
    if (this.travelled <= CLICK_SLOP) {
      const additive = event.shiftKey || event.ctrlKey || event.metaKey;
      if (event.button === 0) this.actions.pick(this.placeOf(event), additive);
    } else if ((drag === 'box' || drag === 'lasso') && trail.length > 2) {
      this.actions.select(trail, this.additive);
    }
  }

  private cancelShape(): void {
    this.trail = [];
    this.actions.outline(null);
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : lines);
    // A pinch on a trackpad comes as a wheel with ctrl, in much smaller steps.
    const factor = Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0016));
    const place = this.placeOf(event);
    this.camera.zoom(Math.min(4, Math.max(0.25, factor)), place.x, place.y);
    this.actions.moved();
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { camera, actions } = this;
    const zoom = (factor: number) => {
      camera.zoom(factor, camera.width / 2, camera.height / 2);
      actions.moved();
    };
    const turn = actions.dimensions === 3 && !event.shiftKey;
    const go = (x: number, y: number) => {
      if (turn) camera.glideOrbit(x * KEY_TURN, -y * KEY_TURN);
      else camera.glidePan(-x * KEY_STEP, -y * KEY_STEP);
      actions.moved();
    };
    const deeds: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => go(-1, 0),
      ArrowRight: () => go(1, 0),
      ArrowUp: () => go(0, -1),
      ArrowDown: () => go(0, 1),
      '+': () => zoom(KEY_ZOOM),
      '=': () => zoom(KEY_ZOOM),
      '-': () => zoom(1 / KEY_ZOOM),
      _: () => zoom(1 / KEY_ZOOM),
      '0': () => actions.fitAll(),
      Home: () => actions.fitAll(),
      ']': () => actions.stepItem(1),
      n: () => actions.stepItem(1),
      '[': () => actions.stepItem(-1),
      p: () => actions.stepItem(-1),
      Enter: () => actions.pickHovered(event.shiftKey),
      Escape: () => this.escape(),
    };
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  private escape(): void {
    if (this.drag === 'box' || this.drag === 'lasso') {
      this.cancelShape();
      this.drag = 'none';
      this.pointers.clear();
      return;
    }
    this.actions.clear();
  }
}
