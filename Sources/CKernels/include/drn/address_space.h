// How much address space a process needs.
#pragma once

/// Mebibytes of addresses (`ulimit -v`) below which an executable ends before its libraries are initialized: what libraries, their buffers, the
/// stacks of threads and a small training map, with a tenth to spare.
enum { drn_least_mebibytes = 768 };
