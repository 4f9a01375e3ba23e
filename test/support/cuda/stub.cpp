// A stand-in for NVIDIA's driver, cuBLAS and cuSOLVER that computes on the processor, by LAPACK and by the kernels' own source: what is
// called of them, and nothing else. Memory of the card is memory of the process, unless a call touches it too early.
#include "threads.h"
#include <cstdio>
#include <map>
#include <string>
#include <tuple>

// This is the source that NVRTC compiles.
#include "kernels.cu"

static std::map<std::string, int64_t> calls;

/// GROKSCOPE_STUB_FAIL=cuMemAlloc_v2:3:2 has the third call of that function return 2, and all after it.
static int counted(const char* name) {
  int64_t count = ++calls[name];
  const char* wish = getenv("GROKSCOPE_STUB_FAIL");
  if (!wish) return 0;
  char failing[64];
  long long from;
  int status;
  if (sscanf(wish, "%63[^:]:%lld:%d", failing, &from, &status) != 3) return 0;
  return std::string(failing) == name && count >= from ? status : 0;
}
#define COUNTED(...)                                   \
  do {                                                 \
    if (int failed = counted(__func__)) return failed; \
    __VA_ARGS__;                                       \
    return 0;                                          \
  } while (0)

static int numberFrom(const char* name, int otherwise) {
  const char* given = getenv(name);
  return given ? atoi(given) : otherwise;
}

/// Blocks that wait for one another take a processor long: they are run where a test asks for it.
static int startsTogether() { return numberFrom("GROKSCOPE_STUB_COOPERATIVE", 0); }

/// How a kernel is called with its parameters where cuLaunchKernel gets them.
struct Kernel {
  bool hasBarriers;
  std::function<std::function<void()>(void**)> bind;
};
template <class... Parameters, size_t... At>
static std::function<void()> bound(void (*kernel)(Parameters...), void** values, std::index_sequence<At...>) {
  auto copies = std::make_tuple(*(std::remove_const_t<Parameters>*)values[At]...);
  return [=] { std::apply(kernel, copies); };
}
template <class... Parameters>
static Kernel kernelOf(void (*kernel)(Parameters...), bool hasBarriers) {
  return {hasBarriers, [=](void** values) { return bound(kernel, values, std::index_sequence_for<Parameters...>{}); }};
}
static std::map<std::string, Kernel> kernels = {
#define KERNEL(name, hasBarriers) {#name, kernelOf(name, hasBarriers)},
#include "kernels.inc"
};

extern "C" {
typedef uint64_t Handle;

int64_t grokscopeStubCalls(const char* name) { return calls[name]; }

int cuInit(unsigned) { COUNTED(); }
int cuDriverGetVersion(int* version) { COUNTED(*version = numberFrom("GROKSCOPE_STUB_DRIVER", 12020)); }
int cuDeviceGetCount(int* count) { COUNTED(*count = numberFrom("GROKSCOPE_STUB_CARDS", 1)); }
int cuDeviceGet(int* device, int) { COUNTED(*device = 0); }
int cuDeviceGetName(char* name, int length, int) { COUNTED(snprintf(name, length, "no card")); }
int cuDeviceGetAttribute(int* value, int attribute, int) {
  int capability = numberFrom("GROKSCOPE_STUB_CAPABILITY", 90);
  std::map<int, int> known = {
      {16, numberFrom("GROKSCOPE_STUB_MULTIPROCESSORS", 2)}, {75, capability / 10}, {76, capability % 10}, {95, startsTogether()}};
  COUNTED(*value = known[attribute]);
}
int cuDevicePrimaryCtxRetain(Handle* context, int) { COUNTED(*context = 1); }
int cuDevicePrimaryCtxRelease_v2(int) { COUNTED(); }
int cuCtxSetCurrent(Handle) { COUNTED(); }
int cuMemAlloc_v2(Handle* address, size_t bytes) {
  COUNTED(*address = (Handle)aligned_alloc(256, (bytes + 255) & ~(size_t)255); memset((void*)*address, 0x7f, bytes));
}
int cuMemFree_v2(Handle address) { COUNTED(free((void*)address)); }
int cuMemcpyHtoD_v2(Handle to, const void* from, size_t bytes) { COUNTED(memcpy((void*)to, from, bytes)); }
int cuMemcpyDtoH_v2(void* to, Handle from, size_t bytes) { COUNTED(memcpy(to, (void*)from, bytes)); }
int cuMemcpyDtoD_v2(Handle to, Handle from, size_t bytes) { COUNTED(memcpy((void*)to, (void*)from, bytes)); }
int cuMemsetD8_v2(Handle address, unsigned char value, size_t bytes) { COUNTED(memset((void*)address, value, bytes)); }
int cuModuleLoadData(Handle* module, const void* image) { COUNTED(*module = (Handle)image); }
int cuModuleGetFunction(Handle* function, Handle, const char* name) {
  auto found = kernels.find(name);
  if (found == kernels.end()) return 500;
  COUNTED(*function = (Handle)&found->second);
}
/// The limits of every card from compute capability 6.0 on.
static bool isLaunchable(unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ, unsigned sharedBytes) {
  return gridX >= 1 && gridY >= 1 && gridY <= 65535 && gridZ == 1 && blockX <= 1024 && blockY == 1 && blockZ == 1 && sharedBytes <= 49152;
}
int cuLaunchKernel(Handle function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                   unsigned sharedBytes, Handle, void** values, void**) {
  if (!isLaunchable(gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes)) return 1;
  Kernel& kernel = *(Kernel*)function;
  Running how = kernel.hasBarriers ? Running::blocks : Running::loop;
  COUNTED(runGrid({gridX, gridY, 1}, {blockX, 1, 1}, sharedBytes, how, kernel.bind(values)));
}
int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, Handle, int, size_t) { COUNTED(*blocks = 2); }
int cuLaunchCooperativeKernel(Handle function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                              unsigned sharedBytes, Handle, void** values) {
  if (!startsTogether()) return 801;
  if (!isLaunchable(gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes)) return 1;
  if (gridX * gridY > 2 * (unsigned)numberFrom("GROKSCOPE_STUB_MULTIPROCESSORS", 2)) return 720;
  Kernel& kernel = *(Kernel*)function;
  COUNTED(runGrid({gridX, gridY, 1}, {blockX, 1, 1}, sharedBytes, Running::together, kernel.bind(values)));
}
int cuGetErrorName(int status, const char** name) {
  *name = status == 2 ? "CUDA_ERROR_OUT_OF_MEMORY" : status == 719 ? "CUDA_ERROR_LAUNCH_FAILED" : "CUDA_ERROR_OF_THE_STUB";
  return 0;
}

void openblas_set_num_threads(int);
void dgemm_(const char*, const char*, const int*, const int*, const int*, const double*, const double*, const int*, const double*,
            const int*, const double*, double*, const int*);
void dsyrk_(const char*, const char*, const int*, const int*, const double*, const double*, const int*, const double*, double*, const int*);
void dpotrf_(const char*, const int*, double*, const int*, int*);

static const char* operation(int transposes) { return transposes ? "T" : "N"; }
static const char* triangle(int isUpper) { return isUpper ? "U" : "L"; }

int cublasCreate_v2(Handle* handle) { COUNTED(*handle = 1; openblas_set_num_threads(1)); }
int cublasDestroy_v2(Handle) { COUNTED(); }
int cublasGetVersion_v2(Handle, int* version) { COUNTED(*version = 120103); }
int cublasSetWorkspace_v2(Handle, Handle, size_t) { COUNTED(); }
int cublasDgemm_v2(Handle, int ta, int tb, int m, int n, int k, const double* alpha, Handle a, int lda, Handle b, int ldb,
                   const double* beta, Handle c, int ldc) {
  COUNTED(dgemm_(operation(ta), operation(tb), &m, &n, &k, alpha, (double*)a, &lda, (double*)b, &ldb, beta, (double*)c, &ldc));
}
int cublasDgemmStridedBatched(Handle, int ta, int tb, int m, int n, int k, const double* alpha, Handle a, int lda, int64_t strideA, Handle b,
                              int ldb, int64_t strideB, const double* beta, Handle c, int ldc, int64_t strideC, int count) {
  COUNTED(for (int i = 0; i < count; i++) dgemm_(operation(ta), operation(tb), &m, &n, &k, alpha, (double*)a + i * strideA, &lda,
                                                 (double*)b + i * strideB, &ldb, beta, (double*)c + i * strideC, &ldc));
}
int cublasDsyrk_v2(Handle, int isUpper, int transposes, int n, int k, const double* alpha, Handle a, int lda, const double* beta, Handle c,
                   int ldc) {
  COUNTED(dsyrk_(triangle(isUpper), operation(transposes), &n, &k, alpha, (double*)a, &lda, beta, (double*)c, &ldc));
}
int cusolverDnCreate(Handle* handle) { COUNTED(*handle = 1); }
int cusolverDnDestroy(Handle) { COUNTED(); }
int cusolverDnDpotrf_bufferSize(Handle, int, int, Handle, int, int* length) { COUNTED(*length = 16); }
int cusolverDnDpotrf(Handle, int isUpper, int n, Handle a, int lda, Handle, int, Handle info) {
  COUNTED(dpotrf_(triangle(isUpper), &n, (double*)a, &lda, (int*)info));
}
}
