/** What the interface says of each objective. Plain data: nothing of tfjs is loaded by it. */
import {
  type BoundModality,
  barlowTwinsDefaults,
  boundModalities,
  clipLogScale,
  deCurDefaults,
  imageBindDefaults,
  infoNceDefaults,
  ntXentDefaults,
  sigLipBias,
  sigLipLogScale,
  vicRegDefaults,
} from './defaults.ts';
import {
  form,
  logScale,
  type Objective,
  type ObjectiveId,
  offDiagonalWeight,
  type Term,
  temperature,
  weight,
} from './description.ts';

const contrastTerms: readonly Term[] = [
  {
    id: 'attraction',
    symbol: 'A',
    label: 'Attraction',
    meaning: 'Pairs are to be near each other: minus their mean similarity over the temperature.',
  },
  {
    id: 'repulsion',
    symbol: 'R',
    label: 'Repulsion',
    meaning: 'All are to be far from one another: how crowded it is around each, the nearest counting most.',
  },
];

const modalityLabels: Readonly<Record<BoundModality, string>> = {
  text: 'Text',
  audio: 'Audio',
  depth: 'Depth',
  thermal: 'Thermal',
  imu: 'IMU',
};

const captionTerms: readonly Term[] = [
  {
    id: 'imageToText',
    symbol: 'Lᵢₜ',
    label: 'Image to text',
    meaning: 'Each picture is to pick its caption among those of the batch.',
  },
  {
    id: 'textToImage',
    symbol: 'Lₜᵢ',
    label: 'Text to image',
    meaning: 'Each caption is to pick its picture among those of the batch.',
  },
];

export const objectives: Readonly<Record<ObjectiveId, Objective>> = {
  'info-nce': {
    id: 'info-nce',
    label: 'InfoNCE',
    purpose: 'Of all keys of a batch, each query picks its own.',
    formula: ['L = A + R', 'A = −1/n Σᵢ sᵢᵢ/τ', 'R = 1/n Σᵢ log Σⱼ exp(sᵢⱼ/τ)'],
    source: {
      citation: 'van den Oord, Li and Vinyals 2018, equation 4',
      url: 'https://arxiv.org/abs/1807.03748',
    },
    terms: contrastTerms,
    settings: [temperature(infoNceDefaults.temperature)],
    learned: [],
  },
  'nt-xent': {
    id: 'nt-xent',
    label: 'SimCLR (NT-Xent)',
    purpose: 'Of all views of a batch, each picks the other view of its own item.',
    formula: ['L = A + R', 'A = −1/2n Σ s(zₖ, z′ₖ)/τ over both views', 'R = 1/2n Σᵢ log Σ_{k≠i} exp(sᵢₖ/τ)'],
    source: {
      citation: 'Chen, Kornblith, Norouzi and Hinton 2020, equation 1 and algorithm 1',
      url: 'https://arxiv.org/abs/2002.05709',
    },
    terms: contrastTerms,
    settings: [temperature(ntXentDefaults.temperature)],
    learned: [],
  },
  vicreg: {
    id: 'vicreg',
    label: 'VICReg',
    purpose: 'Two views are told alike, every feature spreads, and no two features tell the same.',
    formula: [
      'L = λ s + μ v + ν c',
      's = mean of (z − z′)²',
      'v = mean of max(0, γ − √(Var(zʲ) + ε))',
      'c = 1/d Σ_{i≠j} Cov(Z)ᵢⱼ² + 1/d Σ_{i≠j} Cov(Z′)ᵢⱼ²',
    ],
    source: {
      citation: 'Bardes, Ponce and LeCun 2022, equations 1 to 6',
      url: 'https://arxiv.org/abs/2105.04906',
    },
    terms: [
      {
        id: 'invariance',
        symbol: 's',
        label: 'Invariance',
        meaning: 'Both views of an item are to get the same embedding.',
      },
      {
        id: 'variance',
        symbol: 'v',
        label: 'Variance',
        meaning: 'Every feature is to differ among items, by a standard deviation of at least γ.',
      },
      {
        id: 'covariance',
        symbol: 'c',
        label: 'Covariance',
        meaning: 'No two features are to go up and down together.',
      },
    ],
    settings: [
      weight('invarianceWeight', 'λ', 'invariance', vicRegDefaults.invarianceWeight, 100),
      weight('varianceWeight', 'μ', 'variance', vicRegDefaults.varianceWeight, 100),
      weight('covarianceWeight', 'ν', 'covariance', vicRegDefaults.covarianceWeight, 25),
      {
        id: 'targetDeviation',
        kind: 'number',
        symbol: 'γ',
        label: 'Wished standard deviation',
        meaning: 'Features that spread as far are left alone.',
        initial: vicRegDefaults.targetDeviation,
        least: 0.1,
        most: 4,
        scale: 'log',
      },
      {
        id: 'epsilon',
        kind: 'number',
        symbol: 'ε',
        label: 'Least variance',
        meaning: 'Keeps the gradient finite where a feature is the same for all items.',
        initial: vicRegDefaults.epsilon,
        least: 1e-6,
        most: 0.01,
        scale: 'log',
      },
      form(
        vicRegDefaults.form,
        'The paper’s equations count the invariance as often as there are dimensions, and the variance twice.',
      ),
    ],
    learned: [],
  },
  clip: {
    id: 'clip',
    label: 'CLIP',
    purpose: 'Of all captions of a batch, each picture picks its own, and the other way round.',
    formula: [
      'L = ½ Lᵢₜ + ½ Lₜᵢ',
      'Lᵢₜ = 1/n Σᵢ −log softmaxⱼ(min(eᵗ, 100) · sᵢⱼ)ᵢ',
      'Lₜᵢ the same over columns',
    ],
    source: {
      citation: 'Radford et al. 2021, section 2.3 and figure 3',
      url: 'https://arxiv.org/abs/2103.00020',
    },
    terms: captionTerms,
    settings: [],
    learned: [logScale(clipLogScale)],
  },
  siglip: {
    id: 'siglip',
    label: 'SigLIP',
    purpose: 'Of every picture with every caption: do they belong together? Each is a question of its own.',
    formula: ['L = M + O', 'M = 1/n Σᵢ −log σ(eᵗ sᵢᵢ + b)', 'O = 1/n Σ_{i≠j} −log σ(−eᵗ sᵢⱼ − b)'],
    source: {
      citation: 'Zhai, Mustafa, Kolesnikov and Beyer 2023, section 3.2 and algorithm 1',
      url: 'https://arxiv.org/abs/2303.15343',
    },
    terms: [
      {
        id: 'matching',
        symbol: 'M',
        label: 'Matching pairs',
        meaning: 'True pairs are to be called pairs.',
      },
      {
        id: 'others',
        symbol: 'O',
        label: 'Other pairs',
        meaning: 'All other combinations of the batch are to be called none.',
      },
    ],
    settings: [],
    learned: [
      logScale(sigLipLogScale),
      {
        id: 'bias',
        symbol: 'b',
        label: 'Bias',
        meaning: 'How rare a pair is taken to be.',
        ...sigLipBias,
      },
    ],
  },
  'barlow-twins': {
    id: 'barlow-twins',
    label: 'Barlow Twins',
    purpose: 'Each feature of a view is told by the same feature of the other view, and by no other.',
    formula: ['L = D + λ O', 'D = Σᵢ (1 − Cᵢᵢ)²', 'O = Σ_{i≠j} Cᵢⱼ²', 'C = ẑ₁ᵀ ẑ₂ / n'],
    source: {
      citation: 'Zbontar, Jing, Misra, LeCun and Deny 2021, equations 1 and 2',
      url: 'https://arxiv.org/abs/2103.03230',
    },
    terms: [
      {
        id: 'diagonal',
        symbol: 'D',
        label: 'Diagonal',
        meaning: 'Each feature is to be the same in both views, as far as it varies.',
      },
      {
        id: 'offDiagonal',
        symbol: 'O',
        label: 'Off the diagonal',
        meaning: 'Different features are to have nothing to do with each other.',
      },
    ],
    settings: [offDiagonalWeight(barlowTwinsDefaults.offDiagonalWeight)],
    learned: [],
  },
  'image-bind': {
    id: 'image-bind',
    label: 'ImageBind',
    purpose: 'Each modality is bound to pictures only, so that they meet one another by way of them.',
    formula: [
      'L = Σ_M ( L(image→M) + L(M→image) )',
      'L(image→M) = 1/n Σᵢ −log softmaxⱼ(sᵢⱼ/τ_M)ᵢ',
      'L(M→image) the same over columns',
    ],
    source: {
      citation: 'Girdhar et al. 2023, equation 1; temperatures of the released model',
      url: 'https://arxiv.org/abs/2305.05665',
    },
    terms: boundModalities.flatMap((modality) => {
      const label = modalityLabels[modality];
      return [
        {
          id: `imageTo${modality[0]?.toUpperCase()}${modality.slice(1)}`,
          symbol: `L(image→${modality})`,
          label: `Image to ${label}`,
          meaning: `Each picture is to pick its own among all of ${label} in the batch.`,
        },
        {
          id: `${modality}ToImage`,
          symbol: `L(${modality}→image)`,
          label: `${label} to image`,
          meaning: `Each of ${label} is to pick its picture among those of the batch.`,
        },
      ];
    }),
    settings: boundModalities.map((modality) =>
      temperature(
        imageBindDefaults.temperatures[modality],
        `temperatures.${modality}`,
        ` of ${modalityLabels[modality]}`,
      ),
    ),
    learned: [{ ...logScale(clipLogScale), id: 'text.logScale', label: 'Logit scale of Text' }],
  },
  decur: {
    id: 'decur',
    label: 'DeCUR',
    purpose: 'Two modalities agree on their common dimensions and keep the unique ones to themselves.',
    formula: [
      'L = L_com + L_uni + L_M1 + L_M2',
      'L_com = Σᵢ (1 − Cᵢᵢ)² + λ Σ_{i≠j} Cᵢⱼ², the first K dimensions',
      'L_uni = Σᵢ Cᵢᵢ² + λ Σ_{i≠j} Cᵢⱼ², the others',
      'L_M as L_com, over all, between two views of one modality',
    ],
    source: {
      citation: 'Wang, Albrecht, Ait Ali Braham, Liu, Xiong and Zhu 2023, section 3',
      url: 'https://arxiv.org/abs/2309.05300',
    },
    terms: [
      {
        id: 'common',
        symbol: 'L_com',
        label: 'Common',
        meaning: 'Both modalities are to say the same in each common dimension.',
      },
      {
        id: 'unique',
        symbol: 'L_uni',
        label: 'Unique',
        meaning: 'What one modality says in its unique dimensions is not to be in those of the other.',
      },
      {
        id: 'withinFirst',
        symbol: 'L_M1',
        label: 'Within the first',
        meaning: 'In all dimensions, two views of the first modality are to say the same.',
      },
      {
        id: 'withinSecond',
        symbol: 'L_M2',
        label: 'Within the second',
        meaning: 'In all dimensions, two views of the second modality are to say the same.',
      },
    ],
    settings: [
      {
        id: 'commonShare',
        kind: 'number',
        symbol: 'K/d',
        label: 'Share of common dimensions',
        meaning: 'At 1 nothing is kept apart, at 0 nothing is shared.',
        initial: deCurDefaults.commonShare,
        least: 0,
        most: 1,
        scale: 'linear',
      },
      offDiagonalWeight(deCurDefaults.offDiagonalWeight),
      form(
        deCurDefaults.form,
        'The code counts what is between the modalities half as much, and takes a third of all.',
      ),
    ],
    learned: [],
  },
  supervised: {
    id: 'supervised',
    label: 'Supervised',
    purpose: 'The model is told the class of each item: a baseline for what it could learn.',
    formula: ['L = E', 'E = 1/n Σᵢ −log softmax(lᵢ)_yᵢ'],
    source: {
      citation: 'Goodfellow, Bengio and Courville 2016, section 6.2.2.3',
      url: 'https://www.deeplearningbook.org/contents/mlp.html',
    },
    terms: [
      {
        id: 'crossEntropy',
        symbol: 'E',
        label: 'Cross-entropy',
        meaning: 'The true class is to be the most probable.',
      },
    ],
    settings: [],
    learned: [],
  },
};
