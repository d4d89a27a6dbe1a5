// Only the thread control is declared here; CKernels declares the LAPACK entry points it calls.
void openblas_set_num_threads(int count);
