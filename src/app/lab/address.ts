import { createPagePart } from '../page-part.ts';

/** `?lab`; its value names a lesson to begin with. */
export const lab = createPagePart('lab');
