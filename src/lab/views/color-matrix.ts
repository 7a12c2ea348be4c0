/** Row-major; a color as a row is multiplied with it. */
export type Matrix3 = readonly number[];

// To luma and two differences of color and back (YIQ, NTSC 1953): a turn in the plane of the two is a change of hue.
const TO_YIQ: Matrix3 = [0.299, 0.595716, 0.211456, 0.587, -0.274453, -0.522591, 0.114, -0.321263, 0.311135];
const FROM_YIQ: Matrix3 = [1, 1, 1, 0.95629572, -0.2721221, -1.10698902, 0.62102442, -0.6473806, 1.704615];

/**
 * A change of color as one product.
 *
 * @param change.brightness what all is multiplied by
 * @param change.saturation what the distance from gray is multiplied by; 0 makes gray
 * @param change.hue turns of the circle of colors
 */
export function colorMatrix(change: {
  readonly brightness: number;
  readonly saturation: number;
  readonly hue: number;
}): Matrix3 {
  const { brightness, saturation, hue } = change;
  const [cosine, sine] = [Math.cos(2 * Math.PI * hue), Math.sin(2 * Math.PI * hue)];
  const turn = [
    1,
    0,
    0,
    0,
    saturation * cosine,
    saturation * sine,
    0,
    -saturation * sine,
    saturation * cosine,
  ];
  return product(product(TO_YIQ, turn), FROM_YIQ).map((value) => value * brightness);
}

function product(a: Matrix3, b: Matrix3): Matrix3 {
  return Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    return [0, 1, 2].reduce((sum, k) => sum + (a[row * 3 + k] ?? 0) * (b[k * 3 + column] ?? 0), 0);
  });
}
