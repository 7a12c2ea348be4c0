// What tile-workgroup.wgsl keeps in workgroup memory: a tile of TILE_LANES lanes of the workgroup's rows and columns,
// lane after lane, so that one lane of neighboring rows is contiguous. TILE_BUFFERS such tiles.
const GROUP_SIZE = GROUP_ROWS * GROUP_COLUMNS;
const ROWS_IN_GROUP = TILE_ROWS * GROUP_ROWS;
const COLUMNS_IN_GROUP = TILE_COLUMNS * GROUP_COLUMNS;
// Eight invocations write at once, to TILE_LANES lanes: with this padding to eight different groups of banks.
const TILE_PADDING = 8u / TILE_LANES;
const ROW_STRIDE = ROWS_IN_GROUP + TILE_PADDING;
const COLUMN_STRIDE = COLUMNS_IN_GROUP + TILE_PADDING;

var<workgroup> tileOfRows: array<Lane, TILE_BUFFERS * TILE_LANES * ROW_STRIDE>;
var<workgroup> tileOfColumns: array<Lane, TILE_BUFFERS * TILE_LANES * COLUMN_STRIDE>;
