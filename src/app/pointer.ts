import { create } from 'zustand';

/** Where the pointer is over the map, in window pixels; kept apart from the app's state since it changes all the time. */
export const usePointer = create<{ readonly at: { readonly x: number; readonly y: number } | undefined }>(
  () => ({
    at: undefined,
  }),
);
