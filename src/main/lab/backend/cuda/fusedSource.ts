/** Threads of a block of `fusedSteps`. */
export const fusedThreads = 128
/** The side of the tiles into which it cuts matrices. */
export const fusedTile = 32
/** Bytes of shared memory of a block of it: two rows of a tile, and two tiles with a column to spare. */
export const fusedShared = 8 * (2 * fusedTile + 2 * fusedTile * (fusedTile + 1))
/** Entries whose squares one block of it adds. */
export const fusedPart = 1024

/** What `launch` lays down for each parameter of `fusedSteps`: inputs, sizes, what it reads and writes, its own memory. */
export const fusedParameters = ['pippi', 'iiii', 'iiidd', 'pppppp', 'ppppppppppp', 'pp'].join('')

/**
 * Whole steps of Euler's method on the isolated first layer, many in one launch, without a library: as `isolatedField` has it in
 * its n × n form,
 *
 *   H = σ(XE),  A = HHᵀ + λI = LLᵀ,  Z = L⁻¹Y,  V = L⁻ᵀ,  B = VZ,  W = HᵀB,  v = Xᵀ((BWᵀ) ⊙ σ'(XE)) − E.
 *
 * Matrices are cut into tiles of 32 × 32, each in columns. Cholesky's factorization goes by panels of 32 columns, right-looking, and
 * takes the rows of Yᵀ and of the unit matrix along below A, which end as Zᵀ and as V: no substitution follows. Every block factors a
 * panel's diagonal tile for itself, so that a panel ends at one barrier of the grid. Blocks share out the tiles; each
 * entry is computed by one of them, always in the same order: no bit depends on how many there are, nor on how many steps
 * a launch takes. What products and sums contract says so (fma).
 *
 * All blocks must run at once. WAIT is what a thread does while it waits for other blocks, ROOT_ESTIMATE 1/√x roughly.
 */
export const fusedSource = `
#ifndef WAIT
#define WAIT()
#endif
#ifndef ROOT_ESTIMATE
__device__ inline double rootEstimate(double x) {
  double y;
  asm("rsqrt.approx.ftz.f64 %0, %1;" : "=d"(y) : "d"(x));
  return y;
}
#define ROOT_ESTIMATE(x) rootEstimate(x)
#endif

// h, g: σ(XE) and σ'(XE). yTiles, vTiles: Yᵀ and the unit matrix on their way to zDone and vDone. bRows, wColumns: B in rows and W in
// columns, with as many outputs as \`padded\` says.
struct Fused {
  const int* start; const int* rowsOf; int tokens, samples, hidden, outputs;
  double ridge; const double* y; double* factor; double* b; double* w;
  double* h; double* g; double* a; double* yTiles; double* zDone; double* vTiles; double* vDone; double* bRows; double* wColumns;
  double* parts; size_t entries; int tiles, padded, partCount;
};

__device__ inline void waitForGrid(unsigned* arrived, unsigned& target) {
  __syncthreads();
  if (threadIdx.x == 0) {
    target += gridDim.x;
    __threadfence();
    atomicAdd(arrived, 1u);
    while ((int)(*(volatile unsigned*)arrived - target) < 0) WAIT();
    __threadfence();
  }
  __syncthreads();
}

__device__ inline double* tileAt(double* base, int i, int j, int columns) { return base + ((size_t)i * columns + j) * 1024; }

// The row of a number in a triangle that is counted row by row.
__device__ inline int triangleRow(int at) {
  int row = (int)((sqrt(8.0 * at + 1.0) - 1.0) * 0.5);
  while ((row + 1) * (row + 2) / 2 <= at) row++;
  while (row * (row + 1) / 2 > at) row--;
  return row;
}

// 1/√x for a normal x > 0 without a branch: a step of third order from the estimate.
__device__ inline double reciprocalRoot(double x) {
  double y = ROOT_ESTIMATE(x);
  double error = fma(-x * y, y, 1.0);
  return fma(y * error, fma(error, 0.375, 0.5), y);
}

// The sum of squares of 1024 entries, or of those that are there, into its place among \`parts\`.
__device__ inline void squaresOf(const Fused& f, double* shared, const double* x, int which, int part) {
  size_t from = (size_t)part * ${fusedPart};
  double sum = 0.0;
  for (int k = 0; k < ${fusedPart / fusedThreads}; k++) {
    size_t at = from + k * ${fusedThreads} + threadIdx.x;
    if (at < f.entries) sum = fma(x[at], x[at], sum);
  }
  __syncthreads();
  shared[threadIdx.x] = sum;
  __syncthreads();
  for (int half = ${fusedThreads / 2}; half > 0; half >>= 1) {
    if (threadIdx.x < half) shared[threadIdx.x] += shared[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) f.parts[(size_t)which * f.partCount + part] = shared[0];
  __syncthreads();
}

// Tile (i, j) of A. Thread (tx, ty) of 8 × 16 has the rows ty and ty + 16 of the columns tx, tx + 8, …
__device__ inline void gramTile(const Fused& f, double* shared, int i, int j) {
  double* left = shared;          // [k * 33 + row]
  double* right = shared + 32 * 33;
  int tx = threadIdx.x & 7, ty = threadIdx.x >> 3, k = threadIdx.x & 31, first = threadIdx.x >> 5;
  double sum[2][4] = {{0.0, 0.0, 0.0, 0.0}, {0.0, 0.0, 0.0, 0.0}};
  double nextLeft[8], nextRight[8];
  auto fetch = [&](int from) {
#pragma unroll
    for (int q = 0; q < 8; q++) {
      int a = 32 * i + first + 4 * q, b = 32 * j + first + 4 * q;
      bool isThere = from + k < f.hidden;
      nextLeft[q] = isThere && a < f.samples ? f.h[(size_t)a * f.hidden + from + k] : 0.0;
      nextRight[q] = isThere && b < f.samples ? f.h[(size_t)b * f.hidden + from + k] : 0.0;
    }
  };
  fetch(0);
  for (int from = 0; from < f.hidden; from += 32) {
    __syncthreads();
#pragma unroll
    for (int q = 0; q < 8; q++) {
      left[k * 33 + first + 4 * q] = nextLeft[q];
      right[k * 33 + first + 4 * q] = nextRight[q];
    }
    __syncthreads();
    if (from + 32 < f.hidden) fetch(from + 32);
#pragma unroll 8
    for (int m = 0; m < 32; m++) {
      double x0 = left[m * 33 + ty], x1 = left[m * 33 + ty + 16];
#pragma unroll
      for (int c = 0; c < 4; c++) {
        double x = right[m * 33 + tx + 8 * c];
        sum[0][c] = fma(x0, x, sum[0][c]);
        sum[1][c] = fma(x1, x, sum[1][c]);
      }
    }
  }
  double* out = tileAt(f.a, i, j, f.tiles);
#pragma unroll
  for (int r = 0; r < 2; r++)
#pragma unroll
    for (int c = 0; c < 4; c++) {
      int row = ty + 16 * r, column = tx + 8 * c;
      double entry = sum[r][c];
      // Beyond the samples stands the unit matrix.
      if (i == j && row == column) entry = 32 * i + row < f.samples ? entry + f.ridge : 1.0;
      out[column * 32 + row] = entry;
    }
  __syncthreads();
}

// Column c of a tile of Yᵀ (outputs × samples), row r.
__device__ inline double targetAt(const Fused& f, int i, int j, int r, int c) {
  int output = 32 * i + r, sample = 32 * j + c;
  return output < f.outputs && sample < f.samples ? f.y[(size_t)sample * f.outputs + output] : 0.0;
}

// What panel k does to one tile: (i, j) of A (kind 0), of Yᵀ (1) or of the unit matrix (2); j = tiles where nothing is right of the panel.
// Warp 0 factors the diagonal tile, whose columns warps 1 and 2 subtract from the tiles (i, k) and (j, k), a row a thread.
__device__ inline void panelTile(const Fused& f, double* shared, int k, int kind, int i, int j, bool isLast, bool& failed) {
  double* column = shared;        // 2 × 32
  double* left = shared + 64;     // [c * 33 + r]
  double* right = left + 32 * 33;
  int warp = threadIdx.x >> 5, r = threadIdx.x & 31, tiles = f.tiles;
  double row[32];
  bool isTarget = warp == 1 && kind == 1 && k == 0;
  const double* from = 0;
  if (warp == 0) from = tileAt(f.a, k, k, tiles);
  else if (warp == 1 && kind == 0) from = tileAt(f.a, i, k, tiles);
  else if (warp == 1 && kind == 1 && k > 0) from = tileAt(f.yTiles, i, k, tiles);
  else if (warp == 1 && kind == 2 && i != k) from = tileAt(f.vTiles, i, k, tiles);
  else if (warp == 2 && j < tiles) from = tileAt(f.a, j, k, tiles);
#pragma unroll
  for (int c = 0; c < 32; c++) row[c] = from ? from[c * 32 + r] : isTarget ? targetAt(f, i, 0, r, c) : c == r && warp == 1 ? 1.0 : 0.0;
  // What the tile was, on its way while the panel is factored.
  int tx = threadIdx.x & 7, ty = threadIdx.x >> 3;
  double sum[2][4] = {{0.0, 0.0, 0.0, 0.0}, {0.0, 0.0, 0.0, 0.0}};
  double* target = 0;
  if (j < tiles) {
    target = tileAt(kind == 0 ? f.a : kind == 1 ? f.yTiles : f.vTiles, i, j, tiles);
#pragma unroll
    for (int q = 0; q < 2; q++)
#pragma unroll
      for (int c = 0; c < 4; c++) {
        if (kind == 1 && k == 0) sum[q][c] = targetAt(f, i, j, ty + 16 * q, tx * 4 + c);
        else if (kind != 2 || i != k) sum[q][c] = target[(tx * 4 + c) * 32 + ty + 16 * q];
      }
  }
  __syncthreads();
#pragma unroll
  for (int c = 0; c < 32; c++) {
    double* now = column + (c & 1) * 32;
    if (warp == 0) now[r] = row[c];
    __syncthreads();
    double pivot = now[c];
    failed = failed || !(pivot > 1e-300 && pivot < 1e300);
    double root = reciprocalRoot(pivot);
    double scaled = row[c] * (root * root);
#pragma unroll
    for (int q = c + 1; q < 32; q++) row[q] = fma(-scaled, now[q], row[q]);
    row[c] *= root;
  }
  if (warp == 1) {
#pragma unroll
    for (int c = 0; c < 32; c++) left[c * 33 + r] = row[c];
    if (kind != 0 && j == k + 1) {
      double* done = tileAt(kind == 1 ? f.zDone : f.vDone, i, k, tiles);
#pragma unroll
      for (int c = 0; c < 32; c++) done[c * 32 + r] = row[c];
    }
  } else if (warp == 2) {
#pragma unroll
    for (int c = 0; c < 32; c++) right[c * 33 + r] = row[c];
  }
  // L itself, which the steps need nowhere.
  bool isOfFactor = isLast && j == k + 1 && (kind == 0 ? warp == 1 : kind == 2 && i == k && warp == 0);
  if (isOfFactor && 32 * i + r < f.samples) {
#pragma unroll
    for (int c = 0; c < 32; c++)
      if (32 * k + c <= 32 * i + r) f.factor[(size_t)(32 * i + r) * f.samples + 32 * k + c] = row[c];
  }
  if (j < tiles) {
    __syncthreads();
#pragma unroll 8
    for (int c = 0; c < 32; c++) {
      double x0 = left[c * 33 + ty], x1 = left[c * 33 + ty + 16];
#pragma unroll
      for (int q = 0; q < 4; q++) {
        double x = right[c * 33 + tx * 4 + q];
        sum[0][q] = fma(-x0, x, sum[0][q]);
        sum[1][q] = fma(-x1, x, sum[1][q]);
      }
    }
#pragma unroll
    for (int q = 0; q < 2; q++)
#pragma unroll
      for (int c = 0; c < 4; c++) target[(tx * 4 + c) * 32 + ty + 16 * q] = sum[q][c];
  }
  __syncthreads();
}

// Four sums of each lane, one from every warp, in their order: thread (warp, lane) has the sum \`warp\` of its lane.
__device__ inline double sumOfWarps(double* shared, const double* sum) {
  int warp = threadIdx.x >> 5, lane = threadIdx.x & 31;
#pragma unroll
  for (int q = 0; q < 4; q++) shared[(warp * 4 + q) * 33 + lane] = sum[q];
  __syncthreads();
  double all = (shared[warp * 33 + lane] + shared[(4 + warp) * 33 + lane]) +
               (shared[(8 + warp) * 33 + lane] + shared[(12 + warp) * 33 + lane]);
  __syncthreads();
  return all;
}

// B = VZ for 32 samples and four outputs: a row a lane, columns by turns a warp.
__device__ inline void solutionPart(const Fused& f, double* shared, int i, int o, bool isLast) {
  int warp = threadIdx.x >> 5, lane = threadIdx.x & 31;
  double sum[4] = {0.0, 0.0, 0.0, 0.0};
  const double* z = tileAt(f.zDone, o >> 5, 0, f.tiles) + (o & 31);
  const double* v = tileAt(f.vDone, i, 0, f.tiles) + lane;
#pragma unroll 8
  for (int c = 32 * i + warp; c < 32 * f.tiles; c += 4) {
    double x = v[(size_t)c * 32];
#pragma unroll
    for (int q = 0; q < 4; q++) sum[q] = fma(x, z[(size_t)c * 32 + q], sum[q]);
  }
  double all = sumOfWarps(shared, sum);
  int row = 32 * i + lane, output = o + warp;
  f.bRows[(size_t)row * f.padded + output] = all;
  if (isLast && row < f.samples && output < f.outputs) f.b[(size_t)row * f.outputs + output] = all;
}

// W = HᵀB for 32 hidden units and four outputs: a unit a lane, samples by turns a warp.
__device__ inline void secondLayerPart(const Fused& f, double* shared, int from, int o, bool isLast) {
  int warp = threadIdx.x >> 5, unit = from + (threadIdx.x & 31);
  double sum[4] = {0.0, 0.0, 0.0, 0.0};
  if (unit < f.hidden) {
#pragma unroll 4
    for (int i = warp; i < f.samples; i += 4) {
      double x = f.h[(size_t)i * f.hidden + unit];
      const double* b = f.bRows + (size_t)i * f.padded + o;
#pragma unroll
      for (int q = 0; q < 4; q++) sum[q] = fma(x, b[q], sum[q]);
    }
  }
  double all = sumOfWarps(shared, sum);
  int output = o + warp;
  if (unit < f.hidden) f.wColumns[(size_t)output * f.hidden + unit] = all;
  if (isLast && unit < f.hidden && output < f.outputs) f.w[(size_t)unit * f.outputs + output] = all;
}

// Of Xᵀ((BWᵀ) ⊙ σ'(XE)) what outputs from o on add to a token and a unit, whose weights stay in registers.
template <int width>
__device__ inline double pulledBack(const Fused& f, int token, int unit, int o) {
  double weights[width];
#pragma unroll
  for (int q = 0; q < width; q++) weights[q] = f.wColumns[(size_t)(o + q) * f.hidden + unit];
  double sum = 0.0;
  int end = token < f.tokens ? f.start[token + 1] : 0;
  for (int at = token < f.tokens ? f.start[token] : 0; at < end; at++) {
    int i = f.rowsOf[at];
    const double* b = f.bRows + (size_t)i * f.padded + o;
    double x[4] = {0.0, 0.0, 0.0, 0.0};
#pragma unroll
    for (int q = 0; q < width; q++) x[q & 3] = fma(b[q], weights[q], x[q & 3]);
    sum = fma(f.g[(size_t)i * f.hidden + unit], (x[0] + x[1]) + (x[2] + x[3]), sum);
  }
  return sum;
}

// numbers: the evaluation that failed, from 1 on, or 0; then ‖E‖² at the start and at each evaluation; then ‖v less the v before‖² of each.
// Without \`moves\` the field is evaluated at E, and that is all. The last evaluation leaves L, B and W. A failure leaves E where it
// was met. numbers[0] and \`arrived\` are 0 before.
extern "C" __launch_bounds__(${fusedThreads}, 2)
__global__ void fusedSteps(const int* indices, int perRow, const int* start, const int* rowsOf, int tokens,
                           int samples, int inputs, int hidden, int outputs,
                           int evaluations, int moves, int activation, double ridge, double stepSize,
                           double* e, double* v, const double* y, double* factor, double* b, double* w,
                           double* h, double* g, double* a, double* yTiles, double* zDone, double* vTiles, double* vDone,
                           double* bRows, double* wColumns, double* change, double* parts, double* numbers, unsigned* arrived) {
  SHARED(shared);
  size_t entries = (size_t)inputs * hidden;
  int tiles = (samples + 31) / 32, outputTiles = (outputs + 31) / 32, padded = (outputs + 7) / 8 * 8, groups = (hidden + 31) / 32;
  int partCount = (int)((entries + ${fusedPart - 1}) / ${fusedPart});
  Fused f = {start, rowsOf, tokens, samples, hidden, outputs, ridge, y, factor, b, w, h, g, a, yTiles, zDone, vTiles, vDone, bRows, wColumns,
             parts, entries, tiles, padded, partCount};
  int warp = threadIdx.x >> 5, lane = threadIdx.x & 31;
  size_t first = (size_t)blockIdx.x * ${fusedThreads} + threadIdx.x, stride = (size_t)gridDim.x * ${fusedThreads};
  unsigned target = 0;
  bool failed = false;
  if (moves) {
    for (int part = blockIdx.x; part < partCount; part += gridDim.x) squaresOf(f, shared, e, 0, part);
    waitForGrid(arrived, target);
    for (size_t at = first; at < entries; at += stride) e[at] = stepSize * v[at] + e[at];
    waitForGrid(arrived, target);
  }
  for (int evaluation = 1; evaluation <= evaluations; evaluation++) {
    bool isLast = evaluation == evaluations;
    for (size_t at = first; at < (size_t)samples * hidden; at += stride) {
      size_t row = at / hidden, unit = at % hidden;
      double z = 0.0;
      for (int s = 0; s < perRow; s++) z += e[(size_t)indices[row * perRow + s] * hidden + unit];
      h[at] = activationValue(activation, z);
      g[at] = activationDerivative(activation, z);
    }
    waitForGrid(arrived, target);
    int inGram = tiles * (tiles + 1) / 2, sums = !moves ? 0 : evaluation == 1 ? partCount : 2 * partCount;
    for (int unit = blockIdx.x; unit < inGram + sums; unit += gridDim.x) {
      int part = unit - inGram;
      if (part < 0) {
        int i = triangleRow(unit);
        gramTile(f, shared, i, unit - i * (i + 1) / 2);
      } else if (part < partCount) squaresOf(f, shared, e, evaluation, part);
      else squaresOf(f, shared, change, evaluations + evaluation - 1, part - partCount);
    }
    waitForGrid(arrived, target);
    for (int k = 0; k < tiles; k++) {
      // Columns right of the panel; at the end none, and the panel itself is finished.
      int right = tiles - 1 - k, columns = right > 0 ? right : 1;
      int inA = right * (right + 1) / 2, inY = outputTiles * columns, all = inA + inY + (k + 1) * columns;
      for (int unit = blockIdx.x; unit < all; unit += gridDim.x) {
        int kind = unit < inA ? 0 : unit < inA + inY ? 1 : 2, i, j;
        if (kind == 0) {
          int row = triangleRow(unit);
          i = k + 1 + row;
          j = k + 1 + unit - row * (row + 1) / 2;
        } else {
          int beside = unit - inA - (kind == 2 ? inY : 0);
          i = beside / columns;
          j = k + 1 + beside % columns;
        }
        panelTile(f, shared, k, kind, i, j, isLast, failed);
      }
      waitForGrid(arrived, target);
    }
    // Block 0 has a tile in every panel.
    if (first == 0 && failed) numbers[0] = evaluation;
    for (int unit = blockIdx.x; unit < tiles * (padded / 4); unit += gridDim.x)
      solutionPart(f, shared, unit / (padded / 4), 4 * (unit % (padded / 4)), isLast);
    waitForGrid(arrived, target);
    if (*(volatile double*)numbers != 0.0) break;
    for (int unit = blockIdx.x; unit < groups * (padded / 4); unit += gridDim.x)
      secondLayerPart(f, shared, 32 * (unit / (padded / 4)), 4 * (unit % (padded / 4)), isLast);
    waitForGrid(arrived, target);
    for (int unit = blockIdx.x * 4 + warp; unit < inputs * groups; unit += gridDim.x * 4) {
      int token = unit / groups, column = 32 * (unit % groups) + lane, o = 0;
      if (column >= hidden) continue;
      double sum = 0.0;
      for (; o + 32 <= padded; o += 32) sum += pulledBack<32>(f, token, column, o);
      if (padded - o == 8) sum += pulledBack<8>(f, token, column, o);
      if (padded - o == 16) sum += pulledBack<16>(f, token, column, o);
      if (padded - o == 24) sum += pulledBack<24>(f, token, column, o);
      size_t at = (size_t)token * hidden + column;
      double velocity = sum - e[at];
      change[at] = velocity - v[at];
      v[at] = velocity;
      if (!isLast) e[at] = stepSize * velocity + e[at];
    }
    waitForGrid(arrived, target);
  }
  if (!moves) return;
  for (int part = blockIdx.x; part < partCount; part += gridDim.x) squaresOf(f, shared, change, 2 * evaluations, part);
  waitForGrid(arrived, target);
  for (int which = (int)first; which <= 2 * evaluations; which += (int)stride) {
    double sum = 0.0;
    for (int part = 0; part < partCount; part++) sum += parts[(size_t)which * partCount + part];
    numbers[1 + which] = sum;
  }
}
`
