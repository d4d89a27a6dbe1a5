// The thread team, shared with oneDNN through libgomp.
#pragma once

/// Sets the team's default size, used where `threads` below is 0; values under 1 count as 1. Initially the number of processors
/// the process may run on.
void drn_set_threads(int threads);

/// The team's default size.
int drn_threads(void);

/// Runs `task(context, index)` for every index in 0..<count, on up to `threads` threads (0: the default size).
///
/// Threads claim indices one at a time, in any order; tasks must write disjoint outputs. Called from inside a task, it runs serially.
void drn_team_run(void (*task)(void *context, long index), void *context, long count, int threads);

/// One step of a program: `task_count` independent tasks.
typedef struct drn_step {
  void (*task)(void *context, long index);
  void *context;
  long task_count;
} drn_step;

/// Runs the steps in order inside one parallel region; all tasks of a step end before the next step begins.
///
/// Between steps the threads meet at a spinning barrier (0.1 to 0.3 microseconds) instead of joining and forking again (0.7 and more).
/// Thread t begins with task t and claims further ones; consecutive steps of one task each run on the same thread without a barrier in
/// between. Signals that come meanwhile are handled when it returns.
void drn_program_run(const drn_step *steps, long step_count, int threads);
