#define _GNU_SOURCE
#include "CKernels.h"
#include "openmp.h"
#include "signals.h"

#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int team_size;

static int available_processors(void) {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
#endif
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}

void drn_set_threads(int threads) { atomic_store(&team_size, threads > 1 ? threads : 1); }

int drn_threads(void) {
  int size = atomic_load(&team_size);
  if (size > 0) return size;
  size = available_processors();
  atomic_store(&team_size, size);
  return size;
}

/// What the threads of a region share; on cache lines of their own, since waiting threads read them all the time.
typedef struct {
  const drn_step *steps;
  long step_count;
  _Alignas(64) atomic_long next;       // the next index to claim in the current step
  _Alignas(64) atomic_int arrived;     // threads waiting at the barrier
  _Alignas(64) atomic_uint generation;  // barriers passed
  atomic_int sleepers;                 // threads the kernel must wake
  atomic_int left;                     // threads that have run their last task
} region;

/// libgomp orders what the threads of a region do with what stands before and after it, but in its own code, which the thread sanitizer
/// does not see. This counter and `left` say the same once more, in ours.
static atomic_uint entered;

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Spins this often before sleeping: tens of microseconds, long enough for an uneven task; on a loaded machine, where the other thread may
/// not be running at all, the processor is then free for it.
enum { spins_before_sleep = 2000 };

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>

static void sleep_until_changed(region *shared, unsigned generation) {
  atomic_fetch_add(&shared->sleepers, 1);
  if (atomic_load(&shared->generation) == generation) syscall(SYS_futex, &shared->generation, FUTEX_WAIT_PRIVATE, generation, NULL, NULL, 0);
  atomic_fetch_sub(&shared->sleepers, 1);
}
static void wake_sleepers(region *shared) {
  if (atomic_load(&shared->sleepers) > 0) syscall(SYS_futex, &shared->generation, FUTEX_WAKE_PRIVATE, 1 << 30, NULL, NULL, 0);
}
#else
static void sleep_until_changed(region *shared, unsigned generation) {
  (void)shared, (void)generation;
  sched_yield();
}
static void wake_sleepers(region *shared) { (void)shared; }
#endif

static void wait_at_barrier(region *shared, int threads) {
  unsigned generation = atomic_load_explicit(&shared->generation, memory_order_acquire);
  if (atomic_fetch_add_explicit(&shared->arrived, 1, memory_order_acq_rel) == threads - 1) {
    atomic_store_explicit(&shared->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&shared->next, threads, memory_order_relaxed);
    // Sequentially consistent, so that a thread about to sleep sees the new generation or is seen as a sleeper.
    atomic_store(&shared->generation, generation + 1);
    wake_sleepers(shared);
    return;
  }
  for (long spins = 0; atomic_load_explicit(&shared->generation, memory_order_acquire) == generation; spins++) {
    if (spins < spins_before_sleep) relax();
    else sleep_until_changed(shared, generation);
  }
}

/// Steps from `first` on that run between the same two barriers: one step, or a run of steps of at most one task each.
static long joined_steps(const region *shared, long first) {
  if (shared->steps[first].task_count > 1) return 1;
  long count = 1;
  while (first + count < shared->step_count && shared->steps[first + count].task_count <= 1) count++;
  return count;
}

static void run_serially(const drn_step *steps, long step_count) {
  for (long s = 0; s < step_count; s++) {
    for (long index = 0; index < steps[s].task_count; index++) steps[s].task(steps[s].context, index);
  }
}

/// Thread `thread` begins with the index of its own number, which keeps its data in its cache, and claims further ones.
static void claim_tasks(region *shared, const drn_step *step, int thread) {
  long index = thread;
  while (index < step->task_count) {
    step->task(step->context, index);
    index = atomic_fetch_add_explicit(&shared->next, 1, memory_order_relaxed);
  }
}

/// Threads of the team run kernels and nothing else.
static void hold_signals_for_good(void) {
  static _Thread_local int is_held;
  if (is_held) return;
  sigset_t before;
  hold_signals(&before);
  is_held = 1;
}

static void run_region(void *data) {
  (void)atomic_load_explicit(&entered, memory_order_acquire);
  region *shared = data;
  int thread = omp_get_thread_num(), threads = omp_get_num_threads();
  if (thread > 0) hold_signals_for_good();
  // The first step needs `next` to start behind the indices the threads begin with, and only here their number is known.
  wait_at_barrier(shared, threads);
  for (long s = 0; s < shared->step_count;) {
    long joined = joined_steps(shared, s);
    if (shared->steps[s].task_count > 1) claim_tasks(shared, &shared->steps[s], thread);
    else if (thread == 0) run_serially(shared->steps + s, joined);
    s += joined;
    if (s < shared->step_count) wait_at_barrier(shared, threads);
  }
  atomic_fetch_add_explicit(&shared->left, 1, memory_order_release);
}

void drn_program_run(const drn_step *steps, long step_count, int threads) {
  if (threads < 1) threads = drn_threads();
  sigset_t before;
  hold_signals(&before);
  if (threads == 1 || !openmp_present() || omp_in_parallel()) {
    run_serially(steps, step_count);
  } else {
    region shared = {.steps = steps, .step_count = step_count};
    atomic_fetch_add_explicit(&entered, 1, memory_order_release);
    GOMP_parallel(run_region, &shared, (unsigned)threads, 0);
    (void)atomic_load_explicit(&shared.left, memory_order_acquire);
  }
  release_signals(&before);
}

void drn_team_run(void (*task)(void *context, long index), void *context, long count, int threads) {
  drn_step step = {task, context, count};
  if (threads < 1) threads = drn_threads();
  if (threads > count) threads = (int)count;
  if (threads > 0) drn_program_run(&step, 1, threads);
}
