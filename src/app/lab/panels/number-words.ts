const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A number with three digits that count, as people write it: "1,240", "0.069", "3.2 · 10⁻⁵", "not a number". */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size === 0) return '0';
  if (size < 5e-4 || size >= 1e6) {
    const [digits = '', power = ''] = size.toExponential(1).split('e');
    const raised = [...String(Math.abs(Number(power)))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
    const factor = digits === '1.0' ? '' : `${digits.replace('.0', '')} · `;
    return `${sign}${factor}10${Number(power) < 0 ? '⁻' : ''}${raised}`;
  }
  if (size >= 999.5) return sign + Math.round(size).toLocaleString('en-US');
  return sign + size.toPrecision(3);
}

/** The same without zeros at the end, for axes and settings: "0.5", "25". */
export function plainNumber(value: number): string {
  const text = numberText(value);
  return /^−?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
}

/** A share in 0..1 as percent: "63 %", "4.2 %" where so little is told apart; its space does not break. */
export function percentText(share: number): string {
  if (Number.isNaN(share)) return 'not a number';
  const percent = share * 100;
  return `${Math.abs(percent) < 9.95 && percent !== 0 ? percent.toFixed(1).replace('.0', '') : Math.round(percent)}\u00a0%`;
}
