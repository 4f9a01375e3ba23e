#include "threads.h"

Place threadIdx, blockIdx, blockDim, gridDim;

struct Fiber {
  void* stackPointer;
  unsigned thread;
  bool isDone;
};

static const size_t stackBytes = 65536;
static std::vector<char*> stacks;
static Fiber* current;
static void* scheduler;
static const std::function<void()>* work;
static std::vector<char> shared;
static unsigned arrived, generation, alive;

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

void* sharedMemory() { return shared.data(); }

static void yield() {
  switchStack(&current->stackPointer, scheduler);
  threadIdx = {current->thread, 0, 0};
}

static void begin() {
  threadIdx = {current->thread, 0, 0};
  (*work)();
  current->isDone = true;
  alive--;
  switchStack(&current->stackPointer, scheduler);
  abort();
}

void __syncthreads() {
  unsigned mine = generation;
  if (++arrived == alive) {
    arrived = 0;
    generation++;
    return;
  }
  while (generation == mine) yield();
}

/// Threads take their turns backwards, so that nothing works by their order alone.
static void runBlock(unsigned threads) {
  std::vector<Fiber> fibers(threads);
  arrived = 0;
  alive = threads;
  for (unsigned t = 0; t < threads; t++) {
    if (stacks.size() == t) stacks.push_back((char*)malloc(stackBytes));
    void** top = (void**)(((uintptr_t)stacks[t] + stackBytes) & ~(uintptr_t)15);
    *--top = nullptr;
    *--top = (void*)begin;
    for (int saved = 0; saved < 6; saved++) *--top = nullptr;
    fibers[t] = {top, threads - 1 - t, false};
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

void runGrid(Place grid, Place block, size_t sharedBytes, bool hasBarriers, const std::function<void()>& body) {
  gridDim = grid;
  blockDim = block;
  work = &body;
  for (unsigned y = 0; y < grid.y; y++) {
    for (unsigned x = 0; x < grid.x; x++) {
      blockIdx = {x, y, 0};
      // What is in it at first is nobody's.
      shared.assign(sharedBytes, 0x7f);
      if (hasBarriers) {
        runBlock(block.x);
        continue;
      }
      for (unsigned t = 0; t < block.x; t++) {
        threadIdx = {t, 0, 0};
        body();
      }
    }
  }
}
