import { catalogue } from '../metrics/catalogue.ts';

/** The metrics in the order a person is offered them. */
export const METRICS = Object.values(catalogue).map(({ id, label }) => ({ id, label }));
