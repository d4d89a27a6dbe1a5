// Signals are handled outside of kernels.
#pragma once

#include <pthread.h>
#include <signal.h>

/// Blocks on the calling thread every signal but those that tell of a fault of its own, and notes what was blocked before.
///
/// Products of oneDNN use the stack pointer as that of a work buffer on the heap (`mov rsp, ws` in its generated code): the frame of a signal would be
/// written over what lies below the buffer.
static inline void hold_signals(sigset_t *before) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
  sigset_t held;
  sigfillset(&held);
  for (unsigned index = 0; index < sizeof faults / sizeof *faults; index++) sigdelset(&held, faults[index]);
  pthread_sigmask(SIG_BLOCK, &held, before);
}

/// Lets through what `hold_signals` held; those that came meanwhile are handled now.
static inline void release_signals(const sigset_t *before) { pthread_sigmask(SIG_SETMASK, before, 0); }
