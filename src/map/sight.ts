import type { Atlas } from './atlas.ts';
import type { Camera } from './camera.ts';
import { chooseThumbnails, type Detail, detailFor, extentOf, type Thumbnail } from './level-of-detail.ts';
import { pick, pickWithin } from './picking.ts';
import type { Points } from './points.ts';
import { rectangle } from './shapes.ts';
import type { Point } from './types.ts';

/** What is where on the screen, worked out on the CPU when somebody asks and something has changed. */
export class Sight {
  /** Hears which items lack a picture; see `chooseThumbnails`. */
  onMissing: (indices: readonly number[]) => void = () => {};
  /** False where the painter draws none. */
  withThumbnails = true;
  private stale = true;
  private places = new Float32Array(0);
  private chosen: readonly Thumbnail[] = [];
  private sizes: Detail = { dotRadius: 1, thumbnailSize: 0, thumbnailOpacity: 0 };

  constructor(
    private readonly points: Points,
    private readonly camera: Camera,
    private readonly atlas: Atlas,
  ) {}

  /** Says that items, pictures or the camera changed. */
  invalidate(): void {
    this.stale = true;
  }

  /** count × 3: x and y in CSS pixels, depth. */
  get projected(): Float32Array {
    this.look();
    return this.places;
  }

  get thumbnails(): readonly Thumbnail[] {
    this.look();
    return this.chosen;
  }

  get detail(): Detail {
    this.look();
    return this.sizes;
  }

  itemAt(x: number, y: number): number | null {
    return pick(x, y, this.points, this.projected, this.chosen, this.camera, this.sizes);
  }

  positionOf(index: number): Point | null {
    const { projected } = this;
    if (!this.points.has(index) || (projected[index * 3 + 2] ?? 0) <= 0) return null;
    return { x: projected[index * 3] ?? 0, y: projected[index * 3 + 1] ?? 0 };
  }

  within(polygon: readonly Point[]): Uint32Array<ArrayBuffer> {
    return pickWithin(polygon, this.points, this.projected);
  }

  inView(): Uint32Array<ArrayBuffer> {
    return this.within(rectangle({ x: 0, y: 0 }, { x: this.camera.width, y: this.camera.height }));
  }

  private look(): void {
    if (!this.stale) return;
    this.stale = false;
    const { points, camera } = this;
    if (this.places.length < points.count * 3) this.places = new Float32Array(points.count * 3);
    camera.project(points.current, this.places, points.count);
    this.sizes = detailFor(points.shown, extentOf(points), camera);
    if (!this.withThumbnails) {
      this.chosen = [];
      return;
    }
    const { chosen, missing } = chooseThumbnails(points, this.places, this.atlas, camera, this.sizes);
    this.chosen = chosen;
    if (missing.length > 0) this.onMissing(missing);
  }
}
