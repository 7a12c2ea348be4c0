  // Pasted into a kernel: the sums of TILE_ROWS × TILE_COLUMNS pairs, in registers. The four invocations of a quad share
  // their rows: each reads a quarter of them from storage and the quad hands them round. On an adapter that emulates
  // vectors this halves the reads, which are what costs there. Joined with tile-quad-lane.wgsl; needs `subgroups`.
  // Takes   firstRow                the same for the whole workgroup, and so is the way here: no invocation may have returned
  //         lastRow, firstColumn, lastColumn   within their chunks; past the last, the last is read again
  //         local                   local_invocation_id; the workgroup is a multiple of four wide and one high
  //         job.lanes, rowLanes, columnLanes, load, accumulate
  // Leaves  sums                    array<f32, TILE_ROWS * TILE_COLUMNS>, row-major
  let quadLane = findQuadLane(local.x);
  //: repeat i ROW_QUADS
  let rowAt{i} = min(firstRow + {i}u * 4u + quadLane, lastRow) * job.lanes;
  //: end
  //: repeat j TILE_COLUMNS
  let columnAt{j} = min(firstColumn + {j}u, lastColumn) * job.lanes;
  //: end

  var sums: array<f32, TILE_ROWS * TILE_COLUMNS>;
  let blockLanes = lanesInBlock(job.lanes);
  for (var start = 0u; start < job.lanes; start += blockLanes) {
    //: repeat i TILE_ROWS
    //: repeat j TILE_COLUMNS
    var sum{i}_{j} = 0.0;
    //: end
    //: end
    let stop = min(start + blockLanes, job.lanes);
    for (var lane = start; lane < stop; lane++) {
      //: repeat j TILE_COLUMNS
      let b{j} = load(columnLanes[columnAt{j} + lane]);
      //: end
      //: repeat i ROW_QUADS
      let mine{i} = load(rowLanes[rowAt{i} + lane]);
      //: end
      //: repeat i TILE_ROWS
      let a{i} = quadBroadcast(mine{i/4}, {i%4}u);
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
