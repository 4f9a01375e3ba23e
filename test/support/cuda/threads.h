// CUDA's threads on a processor, as much of them as the kernels need: every thread of a block is a fiber, barriers yield.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

struct Place {
  unsigned x = 0, y = 0, z = 0;
};
extern Place threadIdx, blockIdx, blockDim, gridDim;

#define __global__
#define __device__
#define __launch_bounds__(...)
#define SHARED(name) double* name = (double*)sharedMemory()

// A processor that runs one thread at a time sees every write in its order.
#define WAIT() yieldThread()
#define ROOT_ESTIMATE(x) (1.000001 / sqrt(x))
inline void __threadfence() {}
inline unsigned atomicAdd(unsigned* at, unsigned value) {
  unsigned before = *at;
  *at += value;
  return before;
}

void* sharedMemory();
void __syncthreads();
/// Lets all other threads have their turn.
void yieldThread();

/// How the blocks of a grid are run: threads as turns of a loop, which meet no barrier; block by block; all blocks at once.
enum class Running { loop, blocks, together };

/// Runs a body in every thread of a grid.
void runGrid(Place grid, Place block, size_t sharedBytes, Running how, const std::function<void()>& body);
