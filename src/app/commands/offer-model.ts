import { act, dismiss, notify } from '../jobs.ts';
import { useApp } from '../store.ts';
import { switchModel } from './switch-model.ts';

/** Says that a model is stored, with a button to use it, until it is in use. */
export function offerModel(id: string): void {
  const notice = notify('success', `“${id}” is stored.`, {
    label: 'Use it',
    run: () => act(() => switchModel(id)),
  });
  const stop = useApp.subscribe(({ modelId, notices }) => {
    const isShown = notices.some((each) => each.id === notice);
    if (isShown && modelId !== id) return;
    stop();
    if (isShown) dismiss(notice);
  });
}
