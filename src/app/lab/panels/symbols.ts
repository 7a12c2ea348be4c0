/** What the letters of the formulas stand for, beside terms, settings and learned numbers, which the catalogue tells. */
import type { ObjectiveId } from '../../../lab/objectives/description.ts';
import type { RunSettings } from '../../../lab/training/settings.ts';

export interface FormulaSymbol {
  readonly symbol: string;
  readonly meaning: string;
  /** In this run, where it is a number. */
  readonly value?: number;
}

/** In the order in which a formula is read. */
export function symbolsOf(objective: ObjectiveId, settings: RunSettings): readonly FormulaSymbol[] {
  const dimensions = settings.headWidth || settings.width;
  const loss = { symbol: 'L', meaning: 'The loss: each step moves the parameters so that it falls.' };
  const items = { symbol: 'n', meaning: 'Items in a batch; i and j count them.', value: settings.batchSize };
  const features = { symbol: 'd', meaning: 'Features that the loss sees of an item.', value: dimensions };
  const correlation = [
    {
      symbol: 'Cᵢⱼ',
      meaning: 'Correlation of feature i on one side with feature j on the other, from −1 to 1.',
    },
    { symbol: 'ẑ', meaning: 'A feature over the batch, shifted and scaled to mean 0 and deviation 1.' },
  ];
  const cosine = (of: string) => ({ symbol: 'sᵢⱼ', meaning: `Cosine similarity of ${of}, from −1 to 1.` });
  const softmax = {
    symbol: 'softmax',
    meaning: 'Turns a row of numbers into shares of 1, the largest first of all.',
  };
  switch (objective) {
    case 'info-nce':
      return [loss, items, cosine('query i and key j')];
    case 'nt-xent':
      return [
        loss,
        items,
        { symbol: 'zₖ, z′ₖ', meaning: 'The two views of item k, as the projection head gives them.' },
        { symbol: 's', meaning: 'Cosine similarity of two views, from −1 to 1; there are 2n views.' },
      ];
    case 'vicreg':
      return [
        loss,
        { symbol: 'z, z′', meaning: 'The two views of an item, as the expander gives them.' },
        { symbol: 'Z, Z′', meaning: 'All first views of the batch, all second ones.' },
        {
          symbol: 'zʲ',
          meaning: 'Feature j over the batch: Var is its variance, Cov that of two features together.',
        },
        features,
      ];
    case 'clip':
    case 'siglip':
      return [
        loss,
        items,
        cosine('picture i and caption j'),
        objective === 'clip'
          ? softmax
          : { symbol: 'σ', meaning: 'Turns a number into a probability: 1/(1 + e⁻ˣ).' },
      ];
    case 'barlow-twins':
      return [loss, items, ...correlation];
    case 'image-bind':
      return [
        loss,
        { symbol: 'M', meaning: 'A modality that is bound to images.' },
        items,
        cosine('image i and item j of M'),
        softmax,
      ];
    case 'decur': {
      const share = settings.objective.commonShare;
      return [
        loss,
        ...correlation,
        features,
        {
          symbol: 'K',
          meaning: 'How many of them are common: the first ones.',
          ...(typeof share === 'number' && { value: Math.round(share * dimensions) }),
        },
      ];
    }
    case 'supervised':
      return [
        loss,
        items,
        { symbol: 'lᵢ', meaning: 'The logits of item i: a number for each class.' },
        { symbol: 'yᵢ', meaning: 'Its true class.' },
        softmax,
      ];
  }
}
