import { Camera } from './camera.ts';
import { frame } from './framing.ts';
import { extentOf } from './level-of-detail.ts';
import type { Points } from './points.ts';

const FIT_MARGIN = 44;
/** How many even spacings wide the view of a single item is. */
const NEIGHBORHOOD = 9;

/** Who looks together. */
export interface LookoutGroup {
  /** Whether things jump instead of moving. */
  readonly still: boolean;
  /** The others that look from the same place at so many dimensions. */
  fellows(lookout: Lookout, dimensions: 2 | 3): readonly Lookout[];
}

/** Where a pane is looked at from: by whom it is led, and what it keeps in view. */
export class Lookout {
  readonly camera = new Camera();
  /** Until somebody moves it, the camera keeps everything in view. */
  private following = true;
  /** Whether any place was ever set: the first frame is jumped to, not flown to. */
  private begun = false;

  /**
   * @param coveredTop CSS pixels at the top that are to be kept free
   * @param changed hears that another view is to be drawn
   */
  constructor(
    private readonly points: Points,
    private readonly group: LookoutGroup,
    private readonly coveredTop: number | undefined,
    private readonly changed: () => void,
  ) {}

  /** Whether it is a view of so many dimensions with something to show. */
  looksAt(dimensions: 2 | 3): boolean {
    return this.begun && this.points.dimensions === dimensions;
  }

  /** @param set puts the points in their new places, gliding or at once */
  place(set: (moves: boolean) => void, dimensions: 2 | 3, animate: boolean): void {
    const turned = dimensions !== this.points.dimensions;
    const moves = animate && this.begun && !this.group.still;
    set(moves);
    if (turned || !this.begun) this.face(dimensions);
    this.begun ||= this.points.shown > 0;
    if (this.following) this.fit();
    if (!moves) this.jump();
  }

  resize(width: number, height: number): void {
    this.camera.resize(width, height);
    if (!this.following) return;
    this.fit();
    this.jump();
  }

  /** Heads for a view of everything, or of these items; without any that has a place it stays. */
  flyTo(indices?: readonly number[]): void {
    if (!indices) {
      this.following = true;
      this.fit();
      this.moved();
    } else if (this.fitItems(indices)) {
      this.handMoved();
    }
  }

  /** Somebody moved the camera: it follows nothing any more. */
  handMoved(): void {
    this.following = false;
    this.moved();
  }

  /** Has its fellows look where it does. */
  lead(): void {
    for (const fellow of this.group.fellows(this, this.points.dimensions)) fellow.follow(this);
  }

  private follow(leader: Lookout): void {
    this.following = leader.following;
    // To fit all of them their goals were set together: it may look as the leader does, and have a way to go all the same.
    if (this.camera.lookLike(leader.camera) || this.camera.moving) this.changed();
  }

  /** Is where it heads for, and so are its fellows. */
  private jump(): void {
    this.camera.jump();
    this.lead();
  }

  private moved(): void {
    if (this.group.still) this.camera.jump();
    this.changed();
    this.lead();
  }

  /** Looks as the others of that dimension do; where there are none, at all of it from the front. */
  private face(dimensions: 2 | 3): void {
    const [leader] = this.group.fellows(this, dimensions);
    if (leader) {
      this.follow(leader);
      return;
    }
    this.camera.face(dimensions);
    this.following = true;
  }

  /** Heads for a view of all that it and its fellows show. */
  private fit(): void {
    const { dimensions } = this.points;
    const all = [this, ...this.group.fellows(this, dimensions)];
    const framing = frame(
      all.map(({ points }) => points),
      dimensions,
    );
    if (!framing) return;
    for (const { camera, coveredTop } of all)
      camera.fit(framing.middle, framing.places, FIT_MARGIN, coveredTop);
    // Who has the least room says how far all stand away.
    const farthest = all.reduce((far, each) => (each.camera.aim > far.camera.aim ? each : far));
    this.camera.aimLike(farthest.camera);
    for (const fellow of all) if (fellow !== this) fellow.follow(this);
  }

  /** Heads for a view of these; false when none has a place. */
  private fitItems(indices: readonly number[]): boolean {
    const { camera, points } = this;
    const framing = frame([points], points.dimensions, indices);
    if (!framing) return false;
    const before = camera.span;
    camera.fit(framing.middle, framing.places, FIT_MARGIN, this.coveredTop);
    // One item, or several in one place: near enough to see a few neighbors, no nearer; and never away from what one saw.
    const spacing = extentOf(points) / Math.sqrt(Math.max(1, points.shown));
    const neighborhood = spacing * NEIGHBORHOOD;
    camera.span =
      indices.length === 1 ? Math.min(before, neighborhood) : Math.max(camera.span, neighborhood / 3);
    return true;
  }
}
