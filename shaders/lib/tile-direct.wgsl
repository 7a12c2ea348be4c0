  // Pasted into a kernel: the sums of TILE_ROWS × TILE_COLUMNS pairs, in registers, rows read straight from storage.
  // Takes   firstRow, lastRow, firstColumn, lastColumn  within their chunks; past the last, the last is read again
  //         job.lanes, rowLanes, columnLanes, load, accumulate
  // Leaves  sums  array<f32, TILE_ROWS * TILE_COLUMNS>, row-major
  //: repeat i TILE_ROWS
  let rowAt{i} = min(firstRow + {i}u, lastRow) * job.lanes;
  //: end
  //: repeat j TILE_COLUMNS
  let columnAt{j} = min(firstColumn + {j}u, lastColumn) * job.lanes;
  //: end

  var sums: array<f32, TILE_ROWS * TILE_COLUMNS>;
  // Nothing to do where no pair of the tile is asked for.
  let lanes = select(0u, job.lanes, firstRow <= lastRow && firstColumn <= lastColumn);
  let blockLanes = lanesInBlock(job.lanes);
  for (var start = 0u; start < lanes; start += blockLanes) {
    //: repeat i TILE_ROWS
    //: repeat j TILE_COLUMNS
    var sum{i}_{j} = 0.0;
    //: end
    //: end
    let stop = min(start + blockLanes, lanes);
    for (var lane = start; lane < stop; lane++) {
      //: repeat j TILE_COLUMNS
      let b{j} = load(columnLanes[columnAt{j} + lane]);
      //: end
      //: repeat i TILE_ROWS
      let a{i} = load(rowLanes[rowAt{i} + lane]);
      //: repeat j TILE_COLUMNS
      sum{i}_{j} = accumulate(sum{i}_{j}, a{i}, b{j});
      //: end
      //: end
    }
    //: repeat i TILE_ROWS
    //: repeat j TILE_COLUMNS
    sums[{i}u * TILE_COLUMNS + {j}u] += sum{i}_{j};
    //: end
    //: end
  }
