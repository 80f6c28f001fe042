#pragma once
// The C border of core.wasm: few coarse calls, text in, text (or bytes, for a sweep) out. Documented in docs/abi.md.
// Also compiled natively, for tests. Not thread-safe: one instance per page or worker.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  TB_LOAD_PRICES = 1,
  TB_DESCRIBE = 2,
  TB_ESTIMATE = 3,
  TB_COMPARE = 4,
  TB_EXPLAIN = 5,
  TB_CHECK_SCENARIO = 6,
  TB_CATALOG = 7,
  TB_SWEEP = 8,
  TB_SWEEP_SHADER = 9,
  TB_SET = 10,
  TB_FORECAST = 11,
  TB_LEVERS = 12,
  TB_SOLVE = 13,
  TB_TURNS = 14,
  TB_SERIES = 15,
  TB_LOAD_HARDWARE = 16,
  TB_DECIDE = 17,
  TB_EXPLAIN_OWN = 18,
  TB_RANGE = 19,
  TB_SWEEP_FINISH = 20,
  TB_USAGE = 21,
  TB_ADD_PRICES = 22
};

uint32_t tb_abi_version(void);
/// Memory for a request; free with tb_free. Null if there is none left.
void* tb_alloc(size_t size);
void tb_free(void* memory);
/// Runs an operation on a request of `size` bytes of UTF-8 JSON. Returns a handle, never 0.
uint32_t tb_call(uint32_t op, const char* request, size_t size);
/// The response of a handle; valid until tb_release. Null and 0 for a handle that does not exist.
const char* tb_result_ptr(uint32_t handle);
size_t tb_result_len(uint32_t handle);
void tb_release(uint32_t handle);
/// Starts a sweep, or the reading of records of usage, as a job; its response can be read once tb_job_step answers 0. A
/// request that is refused is done at once.
uint32_t tb_job_start(uint32_t op, const char* request, size_t size);
/// Works on about so many cells. 1 = there is more to do, 0 = done.
uint32_t tb_job_step(uint32_t handle, double cells);
/// Share done, 0 to 1.
double tb_job_progress(uint32_t handle);
/// Instead of steps: a job has items, which several workers with the same request share out between them. Each runs
/// some, and sends what it kept to one of them.
double tb_job_items(uint32_t handle);
/// Runs items [first, end); each item is run once, by one worker. Of usage: file number `first` begins.
void tb_job_run(uint32_t handle, double first, double end);
/// What this job's items gave since the last part, as a response of its own; the job goes on.
uint32_t tb_job_part(uint32_t handle);
/// The job's response as if it ended here, as a response of its own; the job goes on. Of a sweep: without cells.
uint32_t tb_job_so_far(uint32_t handle);
/// Takes a part over. 0 = these bytes are not a part of the same sweep. tb_job_cancel ends the job as usual. Of usage:
/// the next bytes of the file.
uint32_t tb_job_merge(uint32_t handle, const char* part, size_t size);
/// Ends the job; its response holds what is done, marked partial.
void tb_job_cancel(uint32_t handle);

#ifdef __cplusplus
}
#endif
