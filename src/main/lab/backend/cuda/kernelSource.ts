import { activationCode } from './activationCode.ts'
import { fusedParameters, fusedSource } from './fusedSource.ts'

/** Threads of a block of every kernel but those that say otherwise. */
export const blockThreads = 256
/** Entries whose products one block of `dotParts` adds. */
export const dotPart = 8192
/** The side of a diagonal block that `invertDiagonal` inverts, in 256 threads. */
export const diagonalBlock = 64
/** The side of a tile that `transposeTriangle` turns, in 32 × 8 threads. */
export const tileSide = 32

/** What `launch` lays down for each parameter of a kernel: p(ointer), i(nt), n (a length, 64 bits), d(ouble). */
export const kernelParameters = {
  fill: 'pnd',
  scale: 'pnd',
  axpby: 'dpdpn',
  addDiagonal: 'pid',
  activate: 'ippn',
  multiplyByDerivative: 'ippn',
  gatherRows: 'pippii',
  scatterRows: 'pppidpii',
  takeRows: 'pppii',
  dotParts: 'ppnp',
  addParts: 'pip',
  khatriRao: 'pppiii',
  multiplyBlocks: 'ppiii',
  addSubmatrix: 'ppipi',
  adamStep: 'ppppndddddddd',
  transposeTriangle: 'pipiiii',
  invertDiagonal: 'ppi',
  checkPivots: 'piip',
  noteFailure: 'pp',
  fusedSteps: fusedParameters,
} as const

export type KernelName = keyof typeof kernelParameters

/**
 * The kernels in CUDA C. Matrices are row-major without padding. Nothing adds atomically and every sum has a fixed order, so
 * that equal calls give equal bits; without contraction of products and sums (--fmad=false) entrywise operations have
 * those of the plain backend. SHARED is the dynamic memory of a block.
 */
export const kernelSource = `
#ifndef SHARED
#define SHARED(name) extern __shared__ double name[]
#endif
${activationCode}

#define EACH(at, length) size_t at = (size_t)blockIdx.x * blockDim.x + threadIdx.x; if (at >= (length)) return

extern "C" __global__ void fill(double* x, size_t length, double value) {
  EACH(at, length);
  x[at] = value;
}

extern "C" __global__ void scale(double* x, size_t length, double alpha) {
  EACH(at, length);
  x[at] *= alpha;
}

extern "C" __global__ void axpby(double alpha, const double* x, double beta, double* y, size_t length) {
  EACH(at, length);
  y[at] = beta == 0.0 ? alpha * x[at] : alpha * x[at] + beta * y[at];
}

extern "C" __global__ void addDiagonal(double* a, int order, double alpha) {
  EACH(at, (size_t)order);
  a[at * (order + 1)] += alpha;
}

extern "C" __global__ void activate(int activation, const double* z, double* h, size_t length) {
  EACH(at, length);
  h[at] = activationValue(activation, z[at]);
}

extern "C" __global__ void multiplyByDerivative(int activation, const double* z, double* a, size_t length) {
  EACH(at, length);
  a[at] *= activationDerivative(activation, z[at]);
}

// A block has a row in y and columns in x.
extern "C" __global__ void gatherRows(const int* indices, int perRow, const double* e, double* z, int rows, int columns) {
  int j = blockIdx.x * blockDim.x + threadIdx.x;
  if (j >= columns) return;
  for (size_t i = blockIdx.y; i < rows; i += gridDim.y) {
    double sum = 0.0;
    for (int s = 0; s < perRow; s++) sum += e[(size_t)indices[i * perRow + s] * columns + j];
    z[i * columns + j] = sum;
  }
}

// rowsOf[start[t]] … are the rows that hold the token t, ascending, each as often as it holds it; no row holds one from \`tokens\` on.
extern "C" __global__ void scatterRows(const int* start, const int* rowsOf, const double* a, int tokens, double beta, double* g,
                                       int rows, int columns) {
  int j = blockIdx.x * blockDim.x + threadIdx.x;
  if (j >= columns) return;
  for (int t = blockIdx.y; t < rows; t += gridDim.y) {
    size_t at = (size_t)t * columns + j;
    double sum = beta == 0.0 ? 0.0 : beta * g[at];
    int end = t < tokens ? start[t + 1] : 0;
    for (int q = t < tokens ? start[t] : 0; q < end; q++) sum += a[(size_t)rowsOf[q] * columns + j];
    g[at] = sum;
  }
}

extern "C" __global__ void takeRows(const int* places, const double* from, double* into, int rows, int columns) {
  int j = blockIdx.x * blockDim.x + threadIdx.x;
  if (j >= columns) return;
  for (size_t i = blockIdx.y; i < rows; i += gridDim.y) into[i * columns + j] = from[(size_t)places[i] * columns + j];
}

// The sum of \`mine\` over a block of 256 threads, by a tree; the same for all of them.
__device__ inline double sumOfBlock(double mine, double* shared) {
  shared[threadIdx.x] = mine;
  __syncthreads();
  for (int half = 128; half > 0; half >>= 1) {
    if (threadIdx.x < half) shared[threadIdx.x] += shared[threadIdx.x + half];
    __syncthreads();
  }
  return shared[0];
}

extern "C" __global__ void dotParts(const double* x, const double* y, size_t length, double* parts) {
  SHARED(shared);
  size_t start = (size_t)blockIdx.x * ${dotPart}, end = start + ${dotPart} < length ? start + ${dotPart} : length;
  double sum = 0.0;
  for (size_t at = start + threadIdx.x; at < end; at += 256) sum += x[at] * y[at];
  sum = sumOfBlock(sum, shared);
  if (threadIdx.x == 0) parts[blockIdx.x] = sum;
}

extern "C" __global__ void addParts(const double* parts, int count, double* sum) {
  SHARED(shared);
  double mine = 0.0;
  for (int at = threadIdx.x; at < count; at += 256) mine += parts[at];
  mine = sumOfBlock(mine, shared);
  if (threadIdx.x == 0) *sum = mine;
}

extern "C" __global__ void khatriRao(const double* a, const double* b, double* c, int rows, int outputs, int columns) {
  EACH(at, (size_t)rows * outputs * columns);
  size_t row = at / columns, u = at % columns;
  c[at] = a[row / outputs * columns + u] * b[u * outputs + row % outputs];
}

extern "C" __global__ void multiplyBlocks(const double* k, double* a, int side, int blocks, int order) {
  EACH(at, (size_t)order * order);
  size_t row = at / order, column = at % order;
  if (column <= row) a[at] *= k[row / side * blocks + column / side];
}

extern "C" __global__ void addSubmatrix(const double* p, const int* places, int count, double* a, int columns) {
  EACH(at, (size_t)count * count);
  size_t i = at / count, j = at % count;
  if (j <= i) a[(size_t)places[i] * columns + places[j]] += p[at];
}

extern "C" __global__ void adamStep(double* theta, const double* g, double* m, double* v, size_t length, double beta1, double beta2,
                                    double epsilon, double rate, double correction, double kept, double l2, double gradientScale) {
  EACH(at, length);
  double gradient = gradientScale * g[at] + (l2 == 0.0 ? 0.0 : l2 * theta[at]);
  double first = beta1 * m[at] + (1.0 - beta1) * gradient;
  double second = beta2 * v[at] + (1.0 - beta2) * gradient * gradient;
  m[at] = first;
  v[at] = second;
  theta[at] = kept * theta[at] - rate * first / (sqrt(second / correction) + epsilon);
}

// to[b, a] = from[a, b] where b ≤ a (lower) or a ≤ b (upper), both below \`order\`; up to \`size\` the unit matrix. Neighbors in memory are
// neighbors in a block of 32 × 8 threads on both sides.
extern "C" __global__ void transposeTriangle(const double* from, int fromStride, double* to, int toStride, int order, int size, int isLower) {
  SHARED(tile); // 32 × 33
  int x = threadIdx.x & 31, y = threadIdx.x >> 5;
  for (int k = y; k < 32; k += 8) {
    int a = blockIdx.y * 32 + k, b = blockIdx.x * 32 + x;
    bool isThere = a < order && b < order && (isLower ? b <= a : a <= b);
    tile[k * 33 + x] = isThere ? from[(size_t)a * fromStride + b] : a == b ? 1.0 : 0.0;
  }
  __syncthreads();
  for (int k = y; k < 32; k += 8) {
    int a = blockIdx.y * 32 + x, b = blockIdx.x * 32 + k;
    if (a < size && b < size && (isLower ? b <= a : a <= b)) to[(size_t)b * toStride + a] = tile[x * 33 + k];
  }
}

// Inverts the lower triangles of 64 × 64 on the diagonal of L (column-major, order a multiple of 64) into V, with zeros above:
// thread (j, q) of 64 × 4 has the rows i ≡ q (mod 4) of column j, x_i = (δ_ij − Σ_{k<i} L_ik x_k) / L_ii.
extern "C" __global__ void invertDiagonal(const double* l, double* v, int order) {
  SHARED(shared);
  double* block = shared;          // 64 × 65: block[k * 65 + i] = L(i, k)
  double* row = block + 64 * 65;   // 2 × 64
  double* reciprocal = row + 128;  // 64
  size_t base = (size_t)blockIdx.x * 64 * (order + 1);
  int j = threadIdx.x & 63, q = threadIdx.x >> 6;
  for (int k = q; k < 64; k += 4) block[k * 65 + j] = l[base + (size_t)k * order + j];
  __syncthreads();
  if (q == 0) reciprocal[j] = 1.0 / block[j * 65 + j];
  double x[16];
#pragma unroll
  for (int m = 0; m < 16; m++) x[m] = 4 * m + q == j ? 1.0 : 0.0;
  __syncthreads();
#pragma unroll
  for (int k = 0; k < 64; k++) {
    if (q == (k & 3)) {
      x[k >> 2] *= reciprocal[k];
      row[(k & 1) * 64 + j] = x[k >> 2];
    }
    __syncthreads();
    double known = row[(k & 1) * 64 + j];
#pragma unroll
    for (int m = k >> 2; m < 16; m++) if (4 * m + q > k) x[m] = fma(-block[k * 65 + 4 * m + q], known, x[m]);
  }
#pragma unroll
  for (int m = 0; m < 16; m++) {
    int i = 4 * m + q;
    v[base + (size_t)j * order + i] = i >= j ? x[m] : 0.0;
  }
}

// A factorization that went on through what is not finite failed at its first such pivot. One block of 256 threads.
extern "C" __global__ void checkPivots(const double* l, int stride, int order, int* info) {
  SHARED(shared);
  int* first = (int*)shared;
  int mine = order;
  for (int i = threadIdx.x; i < order; i += 256) {
    double pivot = l[(size_t)i * (stride + 1)];
    if (!(pivot > 0.0 && pivot < 1.7976931348623157e308) && i < mine) mine = i;
  }
  first[threadIdx.x] = mine;
  __syncthreads();
  for (int half = 128; half > 0; half >>= 1) {
    if (threadIdx.x < half && first[threadIdx.x + half] < first[threadIdx.x]) first[threadIdx.x] = first[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0 && *info == 0 && first[0] < order) *info = first[0] + 1;
}

extern "C" __global__ void noteFailure(const int* info, double* note) {
  if (threadIdx.x == 0 && *info != 0) *note = *info;
}
${fusedSource}`
