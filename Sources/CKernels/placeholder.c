#include "CKernels.h"
int drn_placeholder(void) { return 0; }
