#include "threads.h"

Place threadIdx, blockIdx, blockDim, gridDim;

/// A block whose threads are fibers.
struct Block {
  Place index;
  std::vector<char> shared;
  unsigned alive, arrived, generation;
};

struct Fiber {
  void* stackPointer;
  Block* block;
  unsigned thread;
  bool isDone;
};

static const size_t stackBytes = 65536;
static std::vector<char*> stacks;
static Fiber* current;
static void* scheduler;
static const std::function<void()>* work;
extern "C" void switchStack(void** from, void* to);
asm(R"(
.globl switchStack
.hidden switchStack
switchStack:
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret
)");

void* sharedMemory() { return current->block->shared.data(); }

static void takePlace() {
  threadIdx = {current->thread, 0, 0};
  blockIdx = current->block->index;
}

void yieldThread() {
  switchStack(&current->stackPointer, scheduler);
  takePlace();
}

static void begin() {
  takePlace();
  (*work)();
  current->isDone = true;
  current->block->alive--;
  switchStack(&current->stackPointer, scheduler);
  abort();
}

void __syncthreads() {
  Block& block = *current->block;
  unsigned mine = block.generation;
  if (++block.arrived == block.alive) {
    block.arrived = 0;
    block.generation++;
    return;
  }
  while (block.generation == mine) yieldThread();
}

/// Threads take their turns backwards, so that nothing works by their order alone.
static void runFibers(std::vector<Block>& blocks, unsigned threads) {
  std::vector<Fiber> fibers(blocks.size() * threads);
  for (size_t at = 0; at < fibers.size(); at++) {
    if (stacks.size() == at) stacks.push_back((char*)malloc(stackBytes));
    void** top = (void**)(((uintptr_t)stacks[at] + stackBytes) & ~(uintptr_t)15);
    *--top = nullptr;
    *--top = (void*)begin;
    for (int saved = 0; saved < 6; saved++) *--top = nullptr;
    fibers[at] = {top, &blocks[blocks.size() - 1 - at / threads], (unsigned)(threads - 1 - at % threads), false};
  }
  for (bool isAny = true; isAny;) {
    isAny = false;
    for (Fiber& fiber : fibers) {
      if (fiber.isDone) continue;
      isAny = true;
      current = &fiber;
      switchStack(&scheduler, fiber.stackPointer);
    }
  }
}

void runGrid(Place grid, Place block, size_t sharedBytes, Running how, const std::function<void()>& body) {
  gridDim = grid;
  blockDim = block;
  work = &body;
  std::vector<Block> blocks;
  for (unsigned y = 0; y < grid.y; y++) {
    for (unsigned x = 0; x < grid.x; x++) {
      blockIdx = {x, y, 0};
      if (how == Running::loop) {
        for (unsigned t = 0; t < block.x; t++) {
          threadIdx = {t, 0, 0};
          body();
        }
        continue;
      }
      // What is in its memory at first is nobody's.
      blocks.push_back({blockIdx, std::vector<char>(sharedBytes, 0x7f), block.x, 0, 0});
      if (how == Running::together) continue;
      runFibers(blocks, block.x);
      blocks.clear();
    }
  }
  if (how == Running::together) runFibers(blocks, block.x);
}
