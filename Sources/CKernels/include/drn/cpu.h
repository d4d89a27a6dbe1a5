// Which instructions the kernels use, and what the machine is.
#pragma once

/// Instruction sets the kernels are compiled for.
typedef enum drn_isa {
  DRN_ISA_BASELINE = 0,  ///< What every processor of the architecture has (SSE2 on x86-64); 4 floats a vector.
  DRN_ISA_AVX2 = 1,      ///< AVX2 and FMA; 8 floats a vector.
  DRN_ISA_AVX512 = 2,    ///< AVX-512 F, VL, DQ and BW; 16 floats a vector.
} drn_isa;

/// The instruction set this thread uses: the best one the processor has, or the one the environment variable DRN_ISA names
/// (baseline, avx2, avx512) if the processor has it, or what `drn_set_isa` said.
drn_isa drn_isa_in_use(void);

/// Writes one line of text, with a terminating zero, naming the processor, the instruction set, the threads, and the versions and
/// kernels of oneDNN and OpenBLAS. Returns the length of the whole line without the zero, even if `capacity` bytes could not hold it.
long drn_cpu_description(char *buffer, long capacity);

/// Measures the peak rate of single precision multiply-adds in FLOP/s over `threads` threads (0: the default size), in about
/// 20 milliseconds, with the instruction set in use.
double drn_peak_flops_probe(int threads);
