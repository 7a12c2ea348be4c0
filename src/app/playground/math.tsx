import { createElement, type ReactElement, type ReactNode } from 'react';

// MathML Core, which browsers lay out and screen readers read. React's types do not know its elements.

type Math = ReactElement | string;

const element = (tag: string, ...children: readonly ReactNode[]): ReactElement =>
  createElement(tag, null, ...children);

/** A number with a true minus sign. */
export function num(value: number | string): ReactElement {
  const text = String(value);
  return text.startsWith('-') ? row(op('−'), element('mn', text.slice(1))) : element('mn', text);
}

/** The same in parentheses where a minus would meet another sign. */
export function term(value: number): ReactElement {
  return value < 0 ? row(op('('), num(value), op(')')) : num(value);
}

export const op = (sign: string): ReactElement => element('mo', sign);
/** Signs about a part, as close to it as parentheses. */
export const fenced = (sign: string, ...parts: readonly Math[]): ReactElement =>
  row(fence(sign, 'prefix'), ...parts, fence(sign, 'postfix'));
const fence = (sign: string, form: 'prefix' | 'postfix') =>
  createElement('mo', { form, stretchy: 'false', lspace: '0', rspace: '0' }, sign);
export const name = (text: string): ReactElement => element('mi', text);
export const row = (...parts: readonly Math[]): ReactElement => element('mrow', ...parts);
export const sqrt = (...parts: readonly Math[]): ReactElement => element('msqrt', ...parts);
export const frac = (above: Math, below: Math): ReactElement => element('mfrac', above, below);
export const squared = (...parts: readonly Math[]): ReactElement => element('msup', row(...parts), num(2));

/** A formula in a line of its own that may wrap between its parts, as narrow screens need. */
export function Formula({ parts }: { readonly parts: readonly Math[] }) {
  return (
    <span className="pg-formula">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
        <span key={index}>{createElement('math', { displaystyle: 'true' }, part)}</span>
      ))}
    </span>
  );
}
