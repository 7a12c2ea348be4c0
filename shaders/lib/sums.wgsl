// Sums are taken in blocks of this many lanes and the blocks then added up: rounding errors grow with the length of
// a chain of additions, and at 1,280 dimensions this makes the longest 84 instead of 1,280.
const LANES_IN_BLOCK = 16u;
