/** Vectors that cannot be measured: wrong shape, or a value that is no finite number. The message says where. */
export class InvalidVectors extends Error {
  override readonly name = 'InvalidVectors';
}

/** A number of neighbors that the set cannot give. */
export class InvalidK extends Error {
  override readonly name = 'InvalidK';
}

/** A similarity scale outside 0 to 100. */
export class InvalidScale extends Error {
  override readonly name = 'InvalidScale';
}

/** A set does not fit the GPU's memory; the message says what it needs, and what of it would fit. */
export class NotEnoughMemory extends Error {
  override readonly name = 'NotEnoughMemory';
}

/** An option outside what it may be. The message says which, and what it may be. */
export class InvalidOptions extends Error {
  override readonly name = 'InvalidOptions';
}
