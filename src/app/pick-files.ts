import { takeFiles } from './commands/take-in.ts';

const ACCEPT = 'image/*,.txt,.md,.zip,text/plain,text/markdown,application/zip';

/** Asks for files of these types, or for a folder; nothing where the person changes their mind. */
export function choose(folder: boolean, accept = ACCEPT): Promise<File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  if (folder) input.webkitdirectory = true;
  else input.accept = accept;
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

async function addChosen(folder: boolean): Promise<void> {
  const files = await choose(folder);
  if (files.length > 0) await takeFiles(files);
}

export const pickFiles = (): Promise<void> => addChosen(false);
export const pickFolder = (): Promise<void> => addChosen(true);
