import { createPagePart } from '../page-part.ts';

/** `?playground`; its value names the part to begin with. */
export const playground = createPagePart('playground');
