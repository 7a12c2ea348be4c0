import tileDirect from '../../shaders/lib/tile-direct.wgsl?raw';
import tileQuad from '../../shaders/lib/tile-quad.wgsl?raw';
import quadLane from '../../shaders/lib/tile-quad-lane.wgsl?raw';
import tileWorkgroup from '../../shaders/lib/tile-workgroup.wgsl?raw';
import workgroupMemory from '../../shaders/lib/tile-workgroup-memory.wgsl?raw';

/** `direct` reads rows from storage, `quad` shares them between four invocations, `workgroup` through workgroup memory. */
export type TileFamily = 'direct' | 'quad' | 'workgroup';

/** One way to measure many pairs at once: what a kernel joins, and which pairs an invocation then holds. */
export interface Tile {
  /** Such as "quad 16×4": how the tuner remembers it, and how a caller asks for it. */
  readonly name: string;
  readonly family: TileFamily;
  /**
   * For `composeShader`. The workgroup is GROUP_COLUMNS × GROUP_ROWS; an invocation at (x, y) of it holds TILE_ROWS ×
   * TILE_COLUMNS pairs: rows y · ROW_SPREAD + i · ROW_STEP and columns x · COLUMN_SPREAD + j · COLUMN_STEP after the
   * workgroup's first.
   */
  readonly constants: Readonly<Record<string, number>>;
  /** Joined to the kernel, before or after its own WGSL. */
  readonly pieces: readonly string[];
  /** Pasted as `tile`: its file says what it takes and leaves. */
  readonly snippet: string;
  /** Rows and columns of the rectangle that one workgroup measures. */
  readonly groupRows: number;
  readonly groupColumns: number;
  /** Of workgroup memory. */
  readonly workgroupBytes: number;
}

/** Every invocation reads its rows from storage; no invocation needs another. */
export function directTile(rows: number, columns: number, groupRows = 8, groupColumns = 8): Tile {
  return {
    name: `direct ${rows}×${columns}, ${groupRows * groupColumns} invocations`,
    family: 'direct',
    constants: {
      TILE_ROWS: rows,
      TILE_COLUMNS: columns,
      GROUP_ROWS: groupRows,
      GROUP_COLUMNS: groupColumns,
      ROW_SPREAD: rows,
      ROW_STEP: 1,
      COLUMN_SPREAD: columns,
      COLUMN_STEP: 1,
    },
    pieces: [],
    snippet: tileDirect,
    groupRows: rows * groupRows,
    groupColumns: columns * groupColumns,
    workgroupBytes: 0,
  };
}

/** @param rows a multiple of 4 */
export function quadTile(rows: number, columns: number): Tile {
  return {
    name: `quad ${rows}×${columns}`,
    family: 'quad',
    constants: {
      TILE_ROWS: rows,
      TILE_COLUMNS: columns,
      GROUP_ROWS: 1,
      GROUP_COLUMNS: 4,
      ROW_SPREAD: rows,
      ROW_STEP: 1,
      COLUMN_SPREAD: columns,
      COLUMN_STEP: 1,
      ROW_QUADS: rows / 4,
    },
    pieces: [quadLane],
    snippet: tileQuad,
    groupRows: rows,
    groupColumns: columns * 4,
    workgroupBytes: 0,
  };
}

const GROUP_SIDE = 16;
const LANE_BYTES = 16;

/**
 * 16 × 16 invocations share a tile of rows and columns.
 *
 * @param rows and columns of one invocation
 * @param lanes of 4 numbers in a shared tile: 2 or 4
 * @param buffers 2 to fill one tile while the other is read
 */
export function workgroupTile(rows: number, columns: number, lanes: 2 | 4, buffers: 1 | 2): Tile {
  const groupRows = rows * GROUP_SIDE;
  const groupColumns = columns * GROUP_SIDE;
  const invocations = GROUP_SIDE * GROUP_SIDE;
  const padding = 8 / lanes;
  return {
    name: `workgroup ${groupRows}×${groupColumns}, ${rows}×${columns} each, ${lanes} lanes${buffers === 2 ? ', two buffers' : ''}`,
    family: 'workgroup',
    constants: {
      TILE_ROWS: rows,
      TILE_COLUMNS: columns,
      GROUP_ROWS: GROUP_SIDE,
      GROUP_COLUMNS: GROUP_SIDE,
      ROW_SPREAD: 1,
      ROW_STEP: GROUP_SIDE,
      COLUMN_SPREAD: 1,
      COLUMN_STEP: GROUP_SIDE,
      TILE_LANES: lanes,
      TILE_BUFFERS: buffers,
      ROW_LOADS: Math.ceil((groupRows * lanes) / invocations),
      COLUMN_LOADS: Math.ceil((groupColumns * lanes) / invocations),
    },
    pieces: [workgroupMemory],
    snippet: tileWorkgroup,
    groupRows,
    groupColumns,
    workgroupBytes: buffers * lanes * (groupRows + groupColumns + 2 * padding) * LANE_BYTES,
  };
}
