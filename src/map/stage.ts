import { Atlas } from './atlas.ts';
import type { Lookout, LookoutGroup } from './lookout.ts';
import { Pane } from './pane.ts';
import { createStudio, type Studio } from './studio.ts';
import type { MapStage, PaneOptions, StageOptions } from './types.ts';

/** What panes share: where their painters come from, the thumbnails, and who looks with whom. */
export class Stage implements MapStage, LookoutGroup {
  readonly atlas: Atlas;
  /** Items whose picture was asked for and has not come yet. */
  readonly asked = new Set<string>();
  private readonly panes = new Set<Pane>();
  private readonly motion = matchMedia('(prefers-reduced-motion: reduce)');
  private studio: Studio | null = null;
  private linked = true;
  private disposed = false;
  private rebuilds = 0;

  constructor(readonly options: StageOptions) {
    this.atlas = new Atlas(options.maxThumbnails);
  }

  /** Whether things jump instead of moving. */
  get still(): boolean {
    return this.options.reducedMotion ?? this.motion.matches;
  }

  async addPane(options: PaneOptions): Promise<Pane> {
    const pane = new Pane(this, options);
    this.panes.add(pane);
    const { studio } = this;
    if (studio) await this.equip(pane, studio);
    return pane;
  }

  /** Takes out a pane that was disposed of. */
  drop(pane: Pane): void {
    this.panes.delete(pane);
  }

  setLinked(linked: boolean): void {
    this.linked = linked;
    if (!linked) return;
    // The first of each dimension is where the others go.
    for (const dimensions of [2, 3] as const) {
      const [first] = this.lookouts(dimensions);
      first?.lead();
    }
  }

  fellows(lookout: Lookout, dimensions: 2 | 3): readonly Lookout[] {
    return this.linked ? this.lookouts(dimensions).filter((other) => other !== lookout) : [];
  }

  /** Items of a pane changed: pictures of what is in none any more are let go. */
  retainPictures(): void {
    this.asked.clear();
    if (this.atlas.count === 0) return;
    const ids = new Set<string>();
    for (const { points } of this.panes) for (const id of points.ids) ids.add(id);
    this.atlas.retain(ids);
  }

  picturesChanged(): void {
    for (const pane of this.panes) pane.changed();
  }

  async rebuild(device: GPUDevice | null): Promise<void> {
    const turn = ++this.rebuilds;
    const old = this.studio;
    this.studio = null;
    for (const pane of this.panes) pane.setPainter(null);
    old?.dispose();
    const studio = await createStudio(device, this.options.atMost, (error, lost) => {
      this.options.onError?.(error);
      // WebGL has no device that somebody else could renew; WebGPU waits for the page's new one.
      const renews = lost && [...this.panes].some(({ backend }) => backend === 'webgl');
      if (renews && !this.disposed) void this.rebuild(null);
    });
    // Disposed of meanwhile, or overtaken by a later call.
    if (this.disposed || turn !== this.rebuilds) {
      studio.dispose();
      return;
    }
    this.studio = studio;
    await Promise.all([...this.panes].map((pane) => this.equip(pane, studio)));
  }

  dispose(): void {
    this.disposed = true;
    for (const pane of [...this.panes]) pane.dispose();
    this.studio?.dispose();
    this.studio = null;
  }

  private lookouts(dimensions: 2 | 3): Lookout[] {
    return [...this.panes].map(({ lookout }) => lookout).filter((lookout) => lookout.looksAt(dimensions));
  }

  private async equip(pane: Pane, studio: Studio): Promise<void> {
    const painter = await studio.open();
    if (this.studio === studio && this.panes.has(pane)) pane.setPainter(painter);
    else painter.dispose();
  }
}
