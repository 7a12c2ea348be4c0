  // Pasted into a kernel: the sums of TILE_ROWS × TILE_COLUMNS pairs in registers, of rows that the workgroup shares
  // through its memory. For GPUs whose memory is far and whose workgroup memory is near; joined with
  // tile-workgroup-memory.wgsl.
  // Takes   groupRow, groupColumn   within their chunks: where the workgroup's rectangle of pairs begins; the same for
  //                                 the whole workgroup, and so is the way here: no invocation may have returned
  //         lastRow, lastColumn     past the last, the last is read again
  //         local                   local_invocation_id; the workgroup is GROUP_COLUMNS × GROUP_ROWS
  //         job.lanes, rowLanes, columnLanes, load, accumulate
  // Leaves  sums                    array<f32, TILE_ROWS * TILE_COLUMNS>, row-major: pair i, j is of
  //                                 row groupRow + local.y + i * GROUP_ROWS and
  //                                 column groupColumn + local.x + j * GROUP_COLUMNS
  // Neighboring invocations own neighboring columns: they read neighboring words and write neighboring results.
  let thread = local.y * GROUP_COLUMNS + local.x;
  //: repeat i ROW_LOADS
  let rowItem{i} = thread + {i}u * GROUP_SIZE;
  let rowLane{i} = rowItem{i} % TILE_LANES;
  let rowTo{i} = rowLane{i} * ROW_STRIDE + rowItem{i} / TILE_LANES;
  let rowFrom{i} = min(groupRow + rowItem{i} / TILE_LANES, lastRow) * job.lanes + rowLane{i};
  var nextRow{i} = select(Lane(), load(rowLanes[rowFrom{i}]), rowLane{i} < job.lanes);
  //: end
  //: repeat j COLUMN_LOADS
  let columnItem{j} = thread + {j}u * GROUP_SIZE;
  let columnLane{j} = columnItem{j} % TILE_LANES;
  let columnTo{j} = columnLane{j} * COLUMN_STRIDE + columnItem{j} / TILE_LANES;
  let columnFrom{j} = min(groupColumn + columnItem{j} / TILE_LANES, lastColumn) * job.lanes + columnLane{j};
  var nextColumn{j} = select(Lane(), load(columnLanes[columnFrom{j}]), columnLane{j} < job.lanes);
  //: end

  var sums: array<f32, TILE_ROWS * TILE_COLUMNS>;
  var half = 0u;
  // Two tiles in turns need one barrier each: this one is for what the workgroup read before it came here.
  if (TILE_BUFFERS == 2u) { workgroupBarrier(); }
  let blockLanes = lanesInBlock(job.lanes);
  for (var start = 0u; start < job.lanes; start += blockLanes) {
    //: repeat i TILE_ROWS
    //: repeat j TILE_COLUMNS
    var sum{i}_{j} = 0.0;
    //: end
    //: end
    let stop = min(start + blockLanes, job.lanes);
    for (var first = start; first < stop; first += TILE_LANES) {
      if (TILE_BUFFERS == 1u) { workgroupBarrier(); }
      let rowTile = half * (TILE_LANES * ROW_STRIDE);
      let columnTile = half * (TILE_LANES * COLUMN_STRIDE);
      //: repeat i ROW_LOADS
      if (rowItem{i} < ROWS_IN_GROUP * TILE_LANES) { tileOfRows[rowTile + rowTo{i}] = nextRow{i}; }
      //: end
      //: repeat j COLUMN_LOADS
      if (columnItem{j} < COLUMNS_IN_GROUP * TILE_LANES) { tileOfColumns[columnTile + columnTo{j}] = nextColumn{j}; }
      //: end
      workgroupBarrier();
      // The next tile is on its way while this one is used. Zeros past the end of a row add nothing under any metric.
      let next = first + TILE_LANES;
      //: repeat i ROW_LOADS
      nextRow{i} = select(Lane(), load(rowLanes[rowFrom{i} + next]), next + rowLane{i} < job.lanes);
      //: end
      //: repeat j COLUMN_LOADS
      nextColumn{j} = select(Lane(), load(columnLanes[columnFrom{j} + next]), next + columnLane{j} < job.lanes);
      //: end
      for (var lane = 0u; lane < TILE_LANES; lane++) {
        let rowAt = rowTile + lane * ROW_STRIDE + local.y;
        let columnAt = columnTile + lane * COLUMN_STRIDE + local.x;
        //: repeat j TILE_COLUMNS
        let b{j} = tileOfColumns[columnAt + {j}u * GROUP_COLUMNS];
        //: end
        //: repeat i TILE_ROWS
        let a{i} = tileOfRows[rowAt + {i}u * GROUP_ROWS];
        //: repeat j TILE_COLUMNS
        sum{i}_{j} = accumulate(sum{i}_{j}, a{i}, b{j});
        //: end
        //: end
      }
      if (TILE_BUFFERS == 2u) { half = 1u - half; }
    }
    //: repeat i TILE_ROWS
    //: repeat j TILE_COLUMNS
    sums[{i}u * TILE_COLUMNS + {j}u] += sum{i}_{j};
    //: end
    //: end
  }
