import { cssColor, type Palette } from './theme.ts';
import type { Point } from './types.ts';

const HELP =
  'Arrow keys move the map (in three dimensions they turn it, with Shift they move it). Plus and minus zoom. ' +
  '0 or Home shows everything. N and P step to the next and previous item, Enter selects it, Escape clears.';

const SVG = 'http://www.w3.org/2000/svg';
let surfaces = 0;

/** The map's element: takes focus, pointer and keys, and holds the canvas, the labels and the shape that is being pulled. */
export class Surface {
  readonly element = document.createElement('div');
  private readonly help = document.createElement('p');
  private readonly ring = document.createElement('div');
  private readonly overlay = document.createElementNS(SVG, 'svg');
  private readonly shape = document.createElementNS(SVG, 'polygon');
  private readonly observer: ResizeObserver;

  /** @param onResize hears the size in CSS pixels, also when it is 0 */
  constructor(
    container: HTMLElement,
    labels: HTMLElement,
    onResize: (width: number, height: number) => void,
  ) {
    const { element, help, ring, overlay, shape } = this;
    element.style.cssText =
      'position:relative;width:100%;height:100%;overflow:hidden;outline:none;touch-action:none;user-select:none;' +
      'cursor:default';
    element.tabIndex = 0;
    element.setAttribute('role', 'application');
    help.id = `map-help-${++surfaces}`;
    help.textContent = HELP;
    help.style.cssText =
      'position:absolute;width:1px;height:1px;margin:-1px;padding:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap';
    element.setAttribute('aria-describedby', help.id);
    ring.style.cssText = 'position:absolute;inset:0;pointer-events:none;display:none';
    overlay.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none';
    overlay.setAttribute('aria-hidden', 'true');
    shape.setAttribute('stroke-width', '1.5');
    shape.setAttribute('stroke-linejoin', 'round');
    overlay.append(shape);
    element.append(labels, overlay, ring, help);
    element.addEventListener('focus', () => this.showFocus(element.matches(':focus-visible')));
    element.addEventListener('keydown', () => this.showFocus(true));
    element.addEventListener('pointerdown', () => this.showFocus(false));
    element.addEventListener('blur', () => this.showFocus(false));
    container.append(element);
    this.observer = new ResizeObserver(() => onResize(element.clientWidth, element.clientHeight));
    this.observer.observe(element);
  }

  setLabel(label: string): void {
    this.element.setAttribute('aria-label', label);
  }

  setCanvas(canvas: HTMLCanvasElement): void {
    this.element.prepend(canvas);
  }

  setPalette(palette: Palette): void {
    const accent = cssColor(palette.accent);
    this.element.style.background = cssColor(palette.background);
    this.ring.style.boxShadow = `inset 0 0 0 2px ${accent}`;
    this.shape.setAttribute('stroke', accent);
    this.shape.setAttribute('fill', accent);
    this.shape.setAttribute('fill-opacity', '0.1');
  }

  setCursor(cursor: 'default' | 'pointer' | 'crosshair' | 'grabbing'): void {
    this.element.style.cursor = cursor;
  }

  outline(polygon: readonly Point[] | null): void {
    this.shape.setAttribute('points', (polygon ?? []).map(({ x, y }) => `${x},${y}`).join(' '));
  }

  dispose(): void {
    this.observer.disconnect();
    this.element.remove();
  }

  private showFocus(visible: boolean): void {
    this.ring.style.display = visible ? 'block' : 'none';
  }
}
