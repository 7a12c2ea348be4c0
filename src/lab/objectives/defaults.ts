/** Defaults of the objectives' settings, as published. Plain data: pages read them without loading what computes. */

/** Modalities that ImageBind binds to pictures. */
export type BoundModality = 'text' | 'audio' | 'depth' | 'thermal' | 'imu';

/** Which of two published forms of a loss that differ: the paper's equations, or the authors' code. */
export type PublishedForm = 'paper' | 'code';

export interface TemperatureSettings {
  readonly temperature: number;
}

// He et al. 2020 (MoCo), section 3.3.
export const infoNceDefaults: TemperatureSettings = { temperature: 0.07 };

// Chen et al. 2020, appendix B.9, for CIFAR-10: pictures and batches as small as those of a tab. 0.1 for ImageNet.
export const ntXentDefaults: TemperatureSettings = { temperature: 0.5 };

export interface VicRegSettings {
  /** λ, of the invariance term. */
  readonly invarianceWeight: number;
  /** μ, of the variance term. */
  readonly varianceWeight: number;
  /** ν, of the covariance term. */
  readonly covarianceWeight: number;
  /** γ: features should spread at least so far. */
  readonly targetDeviation: number;
  /** ε, within the square root. */
  readonly epsilon: number;
  readonly form: PublishedForm;
}

// Bardes et al. 2022, sections 4.1 and 4.2.
export const vicRegDefaults: VicRegSettings = {
  invarianceWeight: 25,
  varianceWeight: 25,
  covarianceWeight: 1,
  targetDeviation: 1,
  epsilon: 1e-4,
  form: 'code',
};

export interface BarlowTwinsSettings {
  /** λ, of what is off the diagonal. */
  readonly offDiagonalWeight: number;
}

// Zbontar et al. 2021, section 3.2.
export const barlowTwinsDefaults: BarlowTwinsSettings = { offDiagonalWeight: 0.0051 };

export interface ImageBindSettings {
  readonly temperatures: Readonly<Record<BoundModality, number>>;
}

// One over the logit scales of the released model (imagebind_model.py): 1/0.07, 20, 5, 10, 5.
export const imageBindDefaults: ImageBindSettings = {
  temperatures: { text: 0.07, audio: 0.05, depth: 0.2, thermal: 0.1, imu: 0.2 },
};

export interface DeCurSettings {
  /** Which part of the dimensions is common, in 0..1: the first ones. */
  readonly commonShare: number;
  /** λ, of what is off the diagonal. */
  readonly offDiagonalWeight: number;
  readonly form: PublishedForm;
}

// Wang et al. 2023; the share is that of RGB and depth, 6,144 of 8,192.
export const deCurDefaults: DeCurSettings = { commonShare: 0.75, offDiagonalWeight: 0.0051, form: 'paper' };

/** In the order in which they are listed and bound. */
export const boundModalities: readonly BoundModality[] = ['text', 'audio', 'depth', 'thermal', 'imu'];

/** A number that is learned with the encoders. */
export interface LearnedDefault {
  readonly initial: number;
  /** It is brought back to it after a step that leads beyond. */
  readonly most?: number;
}

// Radford et al. 2021, section 2.5; ImageBind has the same for texts.
export const clipLogScale: LearnedDefault = { initial: Math.log(1 / 0.07), most: Math.log(100) };

// Zhai et al. 2023, section 3.2.
export const sigLipLogScale: LearnedDefault = { initial: Math.log(10) };
export const sigLipBias: LearnedDefault = { initial: -10 };
