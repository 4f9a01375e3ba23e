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
#define SHARED(name) double* name = (double*)sharedMemory()

void* sharedMemory();
void __syncthreads();

/// Runs a body in every thread of a grid; without barriers in it, threads are turns of a loop.
void runGrid(Place grid, Place block, size_t sharedBytes, bool hasBarriers, const std::function<void()>& body);
