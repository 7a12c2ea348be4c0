/** What the interface says of each probe. Plain data. */

export type ProbeId =
  | 'knn'
  | 'linear'
  | 'recall'
  | 'alignment'
  | 'uniformity'
  | 'rank'
  | 'deviations'
  | 'gap'
  | 'correlation'
  | 'similarities'
  | 'parts';

export interface Probe {
  readonly id: ProbeId;
  readonly label: string;
  /** What it answers, as a person would ask. */
  readonly question: string;
  /** In Unicode. */
  readonly formula: string;
  /** One sentence: where the number lies, and what it is without any learning. */
  readonly scale: string;
  readonly source: { readonly citation: string; readonly url: string };
}

export const probes: Readonly<Record<ProbeId, Probe>> = {
  knn: {
    id: 'knn',
    label: 'Nearest neighbors',
    question: 'Do the nearest embeddings have the same level of a factor?',
    formula: 'share of test items with level = most frequent level of the k nearest by cosine',
    scale: 'From 0 to 100 %. Chance is the share of the most frequent level.',
    source: {
      citation: 'Cover and Hart 1967, Nearest neighbor pattern classification',
      url: 'https://doi.org/10.1109/TIT.1967.1053964',
    },
  },
  linear: {
    id: 'linear',
    label: 'Linear probe',
    question: 'Can a factor be read off the embedding by weighing its numbers?',
    formula: 'share of test items with level = argmax(Ȳ + x̃ W),  W = (X̃ᵀX̃ + αI)⁻¹ X̃ᵀ(Y − Ȳ)',
    scale: 'From 0 to 100 %. Chance is the share of the most frequent level.',
    source: {
      citation: 'Alain and Bengio 2016, Understanding intermediate layers using linear classifier probes',
      url: 'https://arxiv.org/abs/1610.01644',
    },
  },
  recall: {
    id: 'recall',
    label: 'Recall@k',
    question: 'Is an item found by its embedding in another modality?',
    formula: 'share of queries whose own item is among the k nearest by cosine',
    scale: 'From 0 to 100 %. Chance is k of n.',
    source: {
      citation: 'Girdhar et al. 2023, ImageBind: one embedding space to bind them all',
      url: 'https://arxiv.org/abs/2305.05665',
    },
  },
  alignment: {
    id: 'alignment',
    label: 'Alignment',
    question: 'Are the two embeddings of a pair near each other?',
    formula: 'E ‖x − y‖², both at length 1',
    scale: 'From 0, where pairs coincide, to 4. Chance is the same between items that are no pairs.',
    source: {
      citation:
        'Wang and Isola 2020, Understanding contrastive representation learning through alignment and uniformity on the hypersphere',
      url: 'https://arxiv.org/abs/2005.10242',
    },
  },
  uniformity: {
    id: 'uniformity',
    label: 'Uniformity',
    question: 'Are the embeddings spread over all directions?',
    formula: 'ln E exp(−2 ‖x − y‖²), both at length 1',
    scale: 'From 0, where all point the same way, down to nearly −4.',
    source: {
      citation:
        'Wang and Isola 2020, Understanding contrastive representation learning through alignment and uniformity on the hypersphere',
      url: 'https://arxiv.org/abs/2005.10242',
    },
  },
  rank: {
    id: 'rank',
    label: 'Effective rank',
    question: 'How many directions are in use?',
    formula: 'exp(−Σ pᵢ ln pᵢ),  pᵢ = σᵢ / Σ σ',
    scale: 'From 1, where one direction has all, to the number of dimensions.',
    source: {
      citation: 'Roy and Vetterli 2007, The effective rank: a measure of effective dimensionality',
      url: 'https://doi.org/10.5281/zenodo.40328',
    },
  },
  deviations: {
    id: 'deviations',
    label: 'Spread of each dimension',
    question: 'How much does each number of the embedding differ from item to item?',
    formula: '√(E (zᵢ − E zᵢ)²)',
    scale: 'From 0, where a dimension is the same for all.',
    source: {
      citation:
        'Jing et al. 2022, Understanding dimensional collapse in contrastive self-supervised learning',
      url: 'https://arxiv.org/abs/2110.09348',
    },
  },
  gap: {
    id: 'gap',
    label: 'Modality gap',
    question: 'Does each modality keep a region of its own?',
    formula: '‖mean x − mean y‖, all at length 1',
    scale: 'From 0, where the centers are one, to 2. Chance is what so few items differ by anyway.',
    source: {
      citation:
        'Liang et al. 2022, Mind the gap: understanding the modality gap in multi-modal contrastive representation learning',
      url: 'https://arxiv.org/abs/2203.02053',
    },
  },
  correlation: {
    id: 'correlation',
    label: 'Cross-correlation',
    question: 'Which dimensions of the one go with which of the other?',
    formula: 'C = ẑ₁ᵀ ẑ₂ / n, each dimension at mean 0 and deviation 1',
    scale: 'From −1 to 1; of dimensions that have nothing to do with each other about 0.',
    source: {
      citation: 'Zbontar et al. 2021, Barlow Twins: self-supervised learning via redundancy reduction',
      url: 'https://arxiv.org/abs/2103.03230',
    },
  },
  similarities: {
    id: 'similarities',
    label: 'Similarities of a batch',
    question: 'Is each item most similar to its own pair?',
    formula: 'Sᵢⱼ = cos(xᵢ, yⱼ)',
    scale: 'From −1 to 1; the pairs are on the diagonal.',
    source: {
      citation: 'Radford et al. 2021, Learning transferable visual models from natural language supervision',
      url: 'https://arxiv.org/abs/2103.00020',
    },
  },
  parts: {
    id: 'parts',
    label: 'Common and unique dimensions',
    question: 'In which dimensions does a factor stand?',
    formula: 'the linear probe of some columns alone',
    scale:
      'From 0 to 100 %. A factor that both show should stand in the common ones, a private one in the unique.',
    source: {
      citation:
        'Wang et al. 2023, Decoupling common and unique representations for multimodal self-supervised learning',
      url: 'https://arxiv.org/abs/2309.05300',
    },
  },
};
