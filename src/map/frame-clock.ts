// After a pause the next step is not longer than this, or things would jump.
const LONGEST_STEP_MS = 100;
const REMEMBERED = 30;

/** Draws on demand: asks the browser for a frame only when something changed or still moves. */
export class FrameClock {
  frames = 0;
  private handle: number | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private lastAt: number | null = null;
  private disposed = false;
  private waiting: (() => void)[] = [];
  private readonly costs: number[] = [];
  private readonly times: number[] = [];

  /** @param draw draws one frame and says in how many milliseconds the next is due: 0 while things move, null for none */
  constructor(private readonly draw: (elapsedMs: number, now: number) => number | null) {}

  /** Frames drawn in the second before the last one. */
  get fps(): number {
    const last = this.times.at(-1) ?? 0;
    return this.times.filter((time) => last - time < 1000).length;
  }

  /** Mean time of `draw` over the last frames. */
  get frameMs(): number {
    return this.costs.reduce((sum, cost) => sum + cost, 0) / Math.max(1, this.costs.length);
  }

  request(): void {
    if (this.handle !== null || this.disposed) return;
    this.stopTimer();
    this.handle = requestAnimationFrame((now) => {
      this.handle = null;
      this.run(now);
    });
  }

  /** Draws within this task. */
  drawNow(): void {
    if (!this.disposed) this.run(performance.now());
  }

  /** Resolves when no frame is due. */
  settled(): Promise<void> {
    if (this.handle === null && this.timer === null) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  dispose(): void {
    this.disposed = true;
    if (this.handle !== null) cancelAnimationFrame(this.handle);
    this.handle = null;
    this.stopTimer();
    this.release();
  }

  private run(now: number): void {
    const elapsed = this.lastAt === null ? 1000 / 60 : Math.max(0, now - this.lastAt);
    const began = performance.now();
    this.stopTimer();
    const dueIn = this.draw(Math.min(LONGEST_STEP_MS, elapsed), now);
    this.frames++;
    this.costs.push(performance.now() - began);
    this.times.push(now);
    if (this.costs.length > REMEMBERED) this.costs.shift();
    if (this.times.length > 240) this.times.shift();
    this.lastAt = dueIn === 0 ? now : null;
    if (dueIn === 0) this.request();
    else if (dueIn !== null) this.timer = setTimeout(() => this.request(), dueIn);
    else if (this.handle === null) this.release();
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
